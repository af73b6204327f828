//! Numbers without a check digit: of enforcement certificates and of draws.
//! Never claims that such a number is right, only that it has the form.

use std::fmt;

use super::{CodeError, Fault, code_text, common_fault, first_wrong};

/// Longest number of an enforcement certificate, in characters.
const CERTIFICATE_CHARS_MAX: usize = 40;

/// 执法证编号. No rule for its form is known, so only what could not be a number is refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertificateNumber(String);
code_text!(CertificateNumber);

impl CertificateNumber {
    /// Takes a clean number: letters (Chinese ones too), digits, hyphens, brackets and dots.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let refused = |fault| {
            Err(CodeError {
                code: "执法证编号",
                fault,
                suggestion: None,
            })
        };
        if let Some(fault) = common_fault(text) {
            return refused(fault);
        }
        let length = text.chars().count();
        if length > CERTIFICATE_CHARS_MAX {
            return refused(Fault::Length {
                expected: "不超过40位",
                found: length,
            });
        }
        let allowed =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '(' | ')' | '[' | ']' | '〔' | '〕');
        if let Some((position, found)) = first_wrong(text, |_, c| allowed(c)) {
            let rule = "只能是文字、数字、连字符、点和括号";
            return refused(Fault::Character {
                position,
                found,
                rule,
            });
        }
        if !text.chars().any(|c| c.is_ascii_digit()) {
            return refused(Fault::Form {
                rule: "编号里应当有数字；请对照执法证核对",
            });
        }
        Ok(Self(text.to_owned()))
    }
}

/// 抽查编号: number of a draw, `YYYY-NNN`, from 001 each year (mcd1 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DrawNumber {
    year: u16,
    number: u16,
}

impl DrawNumber {
    /// A number from 1 to 999 within a year from 1 to 9999.
    #[must_use]
    pub fn new(year: u16, number: u16) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=999).contains(&number)).then_some(Self { year, number })
    }

    /// Takes `2027-001`.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let wrong = CodeError {
            code: "抽查编号",
            fault: Fault::Form {
                rule: "应为四位年份、连字符和三位序号，例如 2027-001",
            },
            suggestion: None,
        };
        let (year, number) = text.split_once('-').ok_or_else(|| wrong.clone())?;
        let digits =
            |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(number, 3) {
            return Err(wrong);
        }
        let parts = year.parse().ok().zip(number.parse().ok());
        parts
            .and_then(|(year, number)| Self::new(year, number))
            .ok_or(wrong)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The number within the year.
    #[must_use]
    pub fn number(self) -> u16 {
        self.number
    }
}

impl fmt::Display for DrawNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:03}", self.year, self.number)
    }
}
