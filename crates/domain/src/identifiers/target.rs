//! What is drawn: a site of an enterprise, the enterprise known by the best code it has.
//! Never names one site in two ways: the id follows from code and site number alone.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    CodeError, CreditCode, Fault, OrganisationCode, RegistrationNumber, code_text, common_fault, first_wrong,
};

/// Longest id of a target, in characters (mcd1 section 2).
const TARGET_CHARS_MAX: usize = 36;

/// The code by which an enterprise is known: R3.2 names the registration number and the organisation code,
/// for which the credit code stands since 2015.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// 统一社会信用代码
    Credit(CreditCode),
    /// 组织机构代码, of an enterprise without a credit code.
    Organisation(OrganisationCode),
    /// 工商注册号, of an enterprise with neither.
    Registration(RegistrationNumber),
}

impl Identity {
    /// Takes a clean code of any of the three kinds, told apart by length. A registration number of 13 digits
    /// is not taken here: it could be any other code cut short.
    ///
    /// # Errors
    /// [`CodeError`], that of the credit code unless the length is that of another.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        match text.chars().filter(|&c| c != '-').count() {
            9 => OrganisationCode::parse(text).map(Self::Organisation),
            15 => RegistrationNumber::parse(text).map(Self::Registration),
            _ => CreditCode::parse(text).map(Self::Credit),
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Credit(code) => code.as_str(),
            Self::Organisation(code) => code.as_str(),
            Self::Registration(number) => number.as_str(),
        }
    }

    /// The credit code, if it is one.
    #[must_use]
    pub fn credit_code(&self) -> Option<&CreditCode> {
        match self {
            Self::Credit(code) => Some(code),
            Self::Organisation(_) | Self::Registration(_) => None,
        }
    }
}

impl std::str::FromStr for Identity {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

crate::written::as_text!(Identity);

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Number of a site within its enterprise, 1 to 999 (HJ 608-2017, places 19 to 21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct SiteNumber(u16);

impl From<SiteNumber> for u16 {
    fn from(number: SiteNumber) -> Self {
        number.0
    }
}

impl TryFrom<u16> for SiteNumber {
    type Error = &'static str;

    fn try_from(number: u16) -> Result<Self, Self::Error> {
        Self::new(number).ok_or("not a site number")
    }
}

impl SiteNumber {
    /// The first site, which most enterprises have alone.
    pub const FIRST: Self = Self(1);

    /// A number from 1 to 999.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (1..=999).contains(&number).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

/// 检查对象编号: the id of a site that may be drawn, `[0-9A-Z][0-9A-Z.-]{0,35}` (mcd1 section 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(String);
code_text!(TargetId);

impl TargetId {
    /// Takes an id by its form alone.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let refused = |fault| {
            Err(CodeError {
                code: "检查对象编号",
                fault,
                suggestion: None,
            })
        };
        if let Some(fault) = common_fault(text) {
            return refused(fault);
        }
        let length = text.chars().count();
        if length > TARGET_CHARS_MAX {
            return refused(Fault::Length {
                expected: "不超过36位",
                found: length,
            });
        }
        let allowed = |at: usize, c: char| {
            c.is_ascii_digit() || c.is_ascii_uppercase() || at > 0 && matches!(c, '.' | '-')
        };
        if let Some((position, found)) = first_wrong(text, allowed) {
            return refused(Fault::Character {
                position,
                found,
                rule: "只能是数字、大写字母、点和连字符",
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The id of a site of an enterprise: the enterprise's code, and `-02` and so on for sites after the first.
    #[must_use]
    pub fn of(enterprise: &Identity, site: SiteNumber) -> Self {
        let code = enterprise.as_str();
        if site == SiteNumber::FIRST {
            return Self(code.to_owned());
        }
        Self(format!("{code}-{:02}", site.get()))
    }

    /// The credit code that the id begins with, if it is one.
    #[must_use]
    pub fn credit_code(&self) -> Option<CreditCode> {
        let code = self.0.split_once('-').map_or(self.0.as_str(), |(code, _)| code);
        CreditCode::parse(code).ok()
    }
}
