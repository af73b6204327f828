//! 抽中概率: how likely a source of a stratum and tier is drawn, as mcd1 section 5 selects.
//! Never a float, and never exact where it is not: with unequal weights the chance is an approximation and says so.

use std::fmt;

/// A chance as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    num: u64,
    den: u64,
    exact: bool,
}

impl Chance {
    /// Cannot be drawn.
    pub const NEVER: Self = Self {
        num: 0,
        den: 1,
        exact: true,
    };
    /// Will certainly be drawn.
    pub const CERTAIN: Self = Self {
        num: 1,
        den: 1,
        exact: true,
    };

    /// Numerator and denominator.
    #[must_use]
    pub fn parts(self) -> (u64, u64) {
        (self.num, self.den)
    }

    /// Whether it is exact; with unequal weights it is `k·w/W`.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.exact
    }

    /// Percent with one decimal, rounded.
    fn percent(self) -> String {
        let permille = (u128::from(self.num) * 2000 + u128::from(self.den)) / (u128::from(self.den) * 2);
        match permille {
            0 => "<0.1%".to_owned(),
            n if n >= 1000 => ">99.9%".to_owned(),
            n => format!("{}.{}%", n / 10, n % 10),
        }
    }
}

impl fmt::Display for Chance {
    /// `0`, `必中`, `9/36=25.0%` or `约12.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.num, self.exact) {
            (0, _) => f.write_str("0"),
            (num, true) if num == self.den => f.write_str("必中"),
            (num, true) => write!(f, "{num}/{}={}", self.den, self.percent()),
            (_, false) => write!(f, "约{}", self.percent()),
        }
    }
}

/// The chances within a tier of a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierReport {
    /// 0 to 9; all of a tier come before the next.
    pub tier: u8,
    /// Random lines.
    pub lines: usize,
    /// Those that will certainly be drawn.
    pub certain: usize,
    /// Those that cannot be drawn.
    pub impossible: usize,
    /// The least chance.
    pub min: Chance,
    /// The greatest chance.
    pub max: Chance,
}

/// The tiers of a stratum in order, each with the weights of its lines, when `k` lines are drawn.
pub(super) fn of_tiers<'a>(tiers: impl Iterator<Item = (u8, &'a [u32])>, k: u32) -> Vec<TierReport> {
    let mut left = u64::from(k);
    let mut reports = Vec::new();
    for (tier, weights) in tiers {
        let report = of_tier(tier, weights, left);
        left = left.saturating_sub(weights.len() as u64);
        reports.push(report);
    }
    reports
}

fn of_tier(tier: u8, weights: &[u32], k: u64) -> TierReport {
    let lines = weights.len();
    let all = |chance, certain, impossible| TierReport {
        tier,
        lines,
        certain,
        impossible,
        min: chance,
        max: chance,
    };
    if lines as u64 <= k {
        return all(Chance::CERTAIN, lines, 0);
    }
    if k == 0 {
        return all(Chance::NEVER, 0, lines);
    }
    let mut sorted = weights.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let (certain, k, total) = certain(&sorted, k);
    let rest = &sorted[certain..];
    let equal = rest.first() == rest.last();
    let chance = |weight: Option<&u32>| match (weight, equal) {
        (None, _) => Chance::CERTAIN,
        _ if k == 0 => Chance::NEVER,
        (Some(_), true) => Chance {
            num: k,
            den: rest.len() as u64,
            exact: true,
        },
        (Some(weight), false) => Chance {
            num: k * u64::from(*weight),
            den: total,
            exact: false,
        },
    };
    let max = if certain > 0 {
        Chance::CERTAIN
    } else {
        chance(rest.first())
    };
    let impossible = if k == 0 { rest.len() } else { 0 };
    TierReport {
        tier,
        lines,
        certain,
        impossible,
        min: chance(rest.last()),
        max,
    }
}

/// How many of the heaviest are taken without chance, and what is left to draw of which sum of weights (mcd1 section 5).
fn certain(heaviest_first: &[u32], k: u64) -> (usize, u64, u64) {
    let (mut k, mut total) = (k, heaviest_first.iter().copied().map(u64::from).sum::<u64>());
    let mut taken = 0;
    for &weight in heaviest_first {
        if k == 0 || k * u64::from(weight) < total {
            break;
        }
        (k, total, taken) = (k - 1, total - u64::from(weight), taken + 1);
    }
    (taken, k, total)
}
