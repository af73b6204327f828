//! The codes by which enterprises, sites, permits, certificates and draws are known, with their check digits.
//! Never mends a code silently: parsing takes clean codes only, and cleaning says what it changed.

mod credit_code;
mod numbers;
mod organisation_code;
mod permit_code;
mod registration_number;
mod target;

pub use credit_code::CreditCode;
pub use numbers::{CertificateNumber, DrawNumber};
pub use organisation_code::OrganisationCode;
pub use permit_code::PermitCode;
pub use registration_number::RegistrationNumber;
pub use target::{Identity, SiteNumber, TargetId};

use crate::text::{Cleaned, Mend, half_width, is_blank, is_invisible};

/// A code that is refused: which code, what is wrong, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}{fault}")]
pub struct CodeError {
    /// The kind of code, in Chinese.
    pub code: &'static str,
    /// What is wrong.
    pub fault: Fault,
    /// The code that was meant, where that is certain or likely.
    pub suggestion: Option<Suggestion>,
}

/// What is wrong with a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing there.
    #[error("没有填写")]
    Empty,
    /// A spreadsheet took the code for a number and rounded it: its last digits are gone.
    #[error(
        "被电子表格当作数字四舍五入成了“{found}”，末尾几位已经丢失；请把单元格设为“文本”格式，再对照证照重新填写"
    )]
    Rounded {
        /// What is left of it.
        found: String,
    },
    /// Too long or too short.
    #[error("应为{expected}，现在是{found}位；请对照证照核对是否少填或多填")]
    Length {
        /// The length that is right, in words.
        expected: &'static str,
        /// Characters found.
        found: usize,
    },
    /// A character that this place of the code cannot have.
    #[error("第{position}位不能是“{found}”（{rule}）；请对照证照核对")]
    Character {
        /// Counted from 1.
        position: usize,
        /// The character.
        found: char,
        /// What may stand there, in words.
        rule: &'static str,
    },
    /// The check digit does not hold, so at least one character is wrong, not necessarily the last.
    #[error(
        "校验不通过，至少有一位填错了：若前面各位都对，末位应为“{expected}”而不是“{found}”；请对照证照逐位核对"
    )]
    CheckDigit {
        /// The last character.
        found: char,
        /// What it would be if all the others were right.
        expected: char,
    },
    /// The form as a whole is not that of the code.
    #[error("格式不对：{rule}")]
    Form {
        /// What the form is, in words.
        rule: &'static str,
    },
}

/// A code to put in the place of a wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The code, valid by itself.
    pub code: String,
    /// How sure that is.
    pub certainty: Certainty,
}

/// How sure a suggestion is; people confirm both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// One check digit speaks for it: a wrong code would pass once in about 31 (or 11) times.
    Likely,
    /// Two independent check digits speak for it.
    Certain,
}

/// Cleans a code as people type it: full-width to half-width, no blanks, nothing invisible, upper case.
#[must_use]
pub fn clean_code(raw: &str) -> Cleaned {
    let Cleaned { text, mut mends } = clean_code_keeping_case(raw);
    let upper = text.to_ascii_uppercase();
    if upper != text {
        mends.push(Mend::LowerCase);
    }
    Cleaned::new(upper, mends)
}

/// As [`clean_code`], for codes in which lower case means something (permit codes of the 2016 trial).
#[must_use]
pub fn clean_code_keeping_case(raw: &str) -> Cleaned {
    let mut mends = Vec::new();
    let mut text = String::with_capacity(raw.len());
    for c in raw.chars() {
        if is_blank(c) {
            mends.push(Mend::Blanks);
        } else if is_invisible(c) {
            mends.push(Mend::Invisible);
        } else {
            let half = half_width(c);
            if half != c {
                mends.push(Mend::FullWidth);
            }
            text.push(half);
        }
    }
    Cleaned::new(text, mends)
}

/// `9.14108E+17`: what a spreadsheet leaves of a long number.
#[must_use]
pub fn is_rounded_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    // An exponent of one digit or three can be part of a code such as 914108E2...; rounding gives two.
    let mantissa_ok = mantissa.split_once('.').map_or_else(
        || digits(mantissa) && mantissa.len() == 1,
        |(whole, part)| digits(whole) && whole.len() == 1 && digits(part),
    );
    mantissa_ok && digits(exponent) && exponent.len() == 2
}

/// Letters typed for the digit that they look like.
fn digit_for(c: char) -> char {
    match c {
        'O' | 'o' => '0',
        'I' | 'i' | 'L' | 'l' => '1',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        'B' => '8',
        other => other,
    }
}

/// The faults that every code shares: nothing there, and rounded by a spreadsheet.
fn common_fault(text: &str) -> Option<Fault> {
    if text.is_empty() {
        return Some(Fault::Empty);
    }
    is_rounded_number(text).then(|| Fault::Rounded {
        found: text.to_owned(),
    })
}

/// The first character that `allowed` refuses at its position (from 0), with its position from 1.
fn first_wrong(text: &str, allowed: impl Fn(usize, char) -> bool) -> Option<(usize, char)> {
    text.chars()
        .enumerate()
        .find(|&(at, c)| !allowed(at, c))
        .map(|(at, c)| (at + 1, c))
}

/// What every code type of this module has: text in, text out.
macro_rules! code_text {
    ($name:ident) => {
        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::identifiers::CodeError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        crate::written::as_text!($name);
    };
}
use code_text;

#[cfg(test)]
mod tests;
