//! Names and amounts of a plan, in the forms that clerks write and mcd1 keeps.
//! Never a float: a quota is the same whole number on every computer.

use std::fmt;
use std::num::NonZeroU32;

use draw::form::is_name;
use draw::plan::Quota;

use crate::text::half_width;

/// Largest integer of mcd1 besides weights (section 2): nine digits.
pub(super) const INTEGER_MAX: u32 = 999_999_999;

/// A name of mcd1 (section 2), `[0-9A-Za-z][0-9A-Za-z._-]{0,39}`: of a stratum, team, item, bureau, plan or reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Takes a name of that form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text).then(|| Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 抽查比例: a part of a stratum's random lines, more than none and at most all, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: u32,
    den: u32,
}

impl Ratio {
    /// Takes `25%`, `12.5%` or `1/4`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain(text);
        let (num, den) = match (text.strip_suffix('%'), text.split_once('/')) {
            (Some(percent), None) => {
                let (num, scale) = decimal(percent)?;
                (num, scale.checked_mul(100)?)
            }
            (None, Some((num, den))) => (whole(num)?, whole(den)?),
            _ => return None,
        };
        let (num, den) = lowest_terms(num, den)?;
        (num <= den).then_some(Self { num, den })
    }

    /// Numerator and denominator, as in `ratio.<stratum>` of mcd1.
    #[must_use]
    pub fn parts(self) -> (u32, u32) {
        (self.num, self.den)
    }
}

impl fmt::Display for Ratio {
    /// `25%`, or `1/3` where a percentage would not be exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = u64::from(self.num) * 1000;
        let den = u64::from(self.den);
        match (permille.is_multiple_of(den), permille / den) {
            (true, permille) if permille.is_multiple_of(10) => write!(f, "{}%", permille / 10),
            (true, permille) => write!(f, "{}.{}%", permille / 10, permille % 10),
            (false, _) => write!(f, "{}/{}", self.num, self.den),
        }
    }
}

/// 执法人员与检查对象之比, e.g. 1:5: so many units for so many inspectors in post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StaffRatio {
    inspectors: u32,
    units: u32,
}

impl StaffRatio {
    /// Takes `1:5`, `1:2.5` or `2:1`; the colon may be full-width.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain(text);
        let (inspectors, units) = text.split_once(':')?;
        let ((inspectors, by), (units, of)) = (decimal(inspectors)?, decimal(units)?);
        let (inspectors, units) = lowest_terms(inspectors.checked_mul(of)?, units.checked_mul(by)?)?;
        Some(Self { inspectors, units })
    }

    /// The units for that many inspectors in post, rounded up.
    #[must_use]
    pub fn units_for(self, in_post: u64) -> u64 {
        (in_post * u64::from(self.units)).div_ceil(u64::from(self.inspectors))
    }
}

impl fmt::Display for StaffRatio {
    /// `1:5` or `1:2.5`; `2:1` or `3:10` where that would be less than one, or not exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inspectors, tenths) = (u64::from(self.inspectors), u64::from(self.units) * 10);
        let each = tenths / inspectors;
        match (
            tenths.is_multiple_of(inspectors) && self.units >= self.inspectors,
            each % 10,
        ) {
            (true, 0) => write!(f, "1:{}", each / 10),
            (true, part) => write!(f, "1:{}.{part}", each / 10),
            (false, _) => write!(f, "{}:{}", self.inspectors, self.units),
        }
    }
}

/// 抽取数量 of a stratum, as the plan fixes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// A part of the random lines, rounded up.
    Ratio(Ratio),
    /// A number of units.
    Number(NonZeroU32),
    /// Units per inspector in post, at most the whole stratum.
    PerInspector(StaffRatio),
}

impl Amount {
    /// How many to draw of that many random lines, with that many inspectors in post; may exceed the lines.
    #[must_use]
    pub(crate) fn of(self, lines: u64, in_post: u64) -> u64 {
        match self {
            Self::Ratio(ratio) => Quota::of_ratio(lines, ratio.parts()),
            Self::Number(number) => u64::from(number.get()),
            Self::PerInspector(ratio) => ratio.units_for(in_post),
        }
    }

    /// The ratio that mcd1 writes beside the quota.
    pub(super) fn ratio(self) -> Option<(u32, u32)> {
        match self {
            Self::Ratio(ratio) => Some(ratio.parts()),
            Self::Number(_) | Self::PerInspector(_) => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::Number(number) => write!(f, "{number}家"),
            Self::PerInspector(ratio) => write!(f, "人员 {ratio}"),
        }
    }
}

/// Half-width, without blanks.
fn plain(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn whole(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// A decimal number as numerator and power of ten: `12.5` is (125, 10).
fn decimal(text: &str) -> Option<(u64, u64)> {
    let Some((integer, fraction)) = text.split_once('.') else {
        return Some((whole(text)?, 1));
    };
    let (integer, part) = (whole(integer)?, whole(fraction)?);
    let scale = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some((integer.checked_mul(scale)?.checked_add(part)?, scale))
}

/// Both parts without their common divisor; none if one is zero or too long for mcd1.
fn lowest_terms(num: u64, den: u64) -> Option<(u32, u32)> {
    let (mut a, mut b) = (num, den);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let part = |n: u64| {
        u32::try_from(n.checked_div(a)?)
            .ok()
            .filter(|n| (1..=INTEGER_MAX).contains(n))
    };
    Some((part(num)?, part(den)?))
}
