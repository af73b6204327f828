//! 账号: the forms of login names, new passwords and bureaus' codes, and how long wrong passwords lock an account.
//! Never shows, copies or keeps a password: what is checked here stays where it was typed.

use std::fmt;

use crate::identifiers::{CodeError, Fault};
use crate::plans::Name;

/// 登录名: 3 to 32 of `a-z 0-9 . _ -`, a letter first; small letters only, so that no two names differ by case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoginName(String);

impl LoginName {
    /// Shortest name, in characters.
    pub const CHARS_MIN: usize = 3;
    /// Longest name, in characters.
    pub const CHARS_MAX: usize = 32;

    /// Takes a name of that form.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
        let fits = (Self::CHARS_MIN..=Self::CHARS_MAX).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(allowed);
        let rule = "应为3至32位小写英文字母、数字、点、下划线或连字符，以字母开头，例如 zhang.san";
        fits.then(|| Self(text.to_owned()))
            .ok_or_else(|| refused("登录名", text, rule))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for LoginName {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

crate::written::as_text!(LoginName);

/// 新口令 that keeps the rules. Borrows what was typed, so that there is no second copy to forget;
/// has no `Debug` and no `Display` on purpose.
#[derive(Clone, Copy)]
pub struct NewPassword<'a>(&'a str);

/// Why a new password is refused; says nothing of the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`NewPassword::CHARS_MIN`] characters.
    #[error(
        "口令太短，容易被猜中：至少要{}位，现在是{found}位；请加长，几个词连起来就好记",
        NewPassword::CHARS_MIN
    )]
    TooShort {
        /// Characters found.
        found: usize,
    },
    /// More than [`NewPassword::CHARS_MAX`] characters.
    #[error("口令太长：最多{}位，现在是{found}位；请缩短", NewPassword::CHARS_MAX)]
    TooLong {
        /// Characters found.
        found: usize,
    },
    /// The login name, which everybody knows.
    #[error("口令与登录名相同，谁都能想到；请换一个")]
    LoginName,
    /// One character again and again.
    #[error("口令只是同一个字符的重复，容易被猜中；请换一个")]
    Repeated,
    /// Letters alone, digits alone, or signs alone.
    #[error(
        "口令只有一类字符：字母、数字、其他字符中至少要有两类（GB/T 22239-2019要求口令有复杂度）；请加上另一类"
    )]
    OneKind,
    /// On the list of those that are tried first.
    #[error("口令是最常见的口令之一，猜口令的人总是先试它们；请换一个")]
    Common,
}

/// Passwords of [`NewPassword::CHARS_MIN`] characters or more, and of two kinds, that are tried first.
const COMMON: [&str; 32] = [
    "password1234",
    "password12345",
    "password123456",
    "password@123",
    "password@1234",
    "passw0rd1234",
    "p@ssw0rd1234",
    "p@ssword1234",
    "admin1234567",
    "admin12345678",
    "admin123456789",
    "admin@123456",
    "admin@12345678",
    "administrator1",
    "administrator123",
    "root12345678",
    "root@1234567",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "1234567890qwerty",
    "1q2w3e4r5t6y",
    "q1w2e3r4t5y6",
    "1qaz2wsx3edc",
    "zaq12wsxcde3",
    "qazwsxedc123",
    "1qaz@wsx3edc",
    "abc123456789",
    "abcd12345678",
    "a12345678910",
    "woaini123456",
    "woaini1314520",
];

impl<'a> NewPassword<'a> {
    /// Shortest password, in characters.
    pub const CHARS_MIN: usize = 12;
    /// Longest password, in characters: its hash is computed for whoever asks, so that there has to be a limit.
    pub const CHARS_MAX: usize = 128;

    /// Takes a password for the account of that name. Length is what counts; of complexity no more is asked than
    /// GB/T 22239-2019 (8.1.4.1 a) wants to see.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn parse(typed: &'a str, login: &LoginName) -> Result<Self, PasswordError> {
        let found = typed.chars().count();
        if found < Self::CHARS_MIN {
            return Err(PasswordError::TooShort { found });
        }
        if found > Self::CHARS_MAX {
            return Err(PasswordError::TooLong { found });
        }
        if typed.eq_ignore_ascii_case(login.as_str()) {
            return Err(PasswordError::LoginName);
        }
        let mut chars = typed.chars();
        let first = chars.next();
        if chars.all(|c| Some(c) == first) {
            return Err(PasswordError::Repeated);
        }
        if kinds(typed) < 2 {
            return Err(PasswordError::OneKind);
        }
        if COMMON.iter().any(|common| typed.eq_ignore_ascii_case(common)) {
            return Err(PasswordError::Common);
        }
        Ok(Self(typed))
    }

    /// The password, for whoever hashes it.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

/// How many there are of letters, digits and others.
fn kinds(text: &str) -> usize {
    let kinds: [fn(char) -> bool; 3] = [char::is_alphabetic, char::is_numeric, |c| !c.is_alphanumeric()];
    kinds.into_iter().filter(|kind| text.contains(*kind)).count()
}

/// 行政区划代码 (GB/T 2260): six digits, province, city, county. The table itself is not at hand,
/// so a code that does not exist is not noticed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionCode(String);

impl RegionCode {
    /// Takes six digits that begin with a part of the country (1 to 8).
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let fits = text.len() == 6
            && text.starts_with(|c: char| ('1'..='8').contains(&c))
            && text.bytes().all(|b| b.is_ascii_digit());
        let rule = "应为6位数字（GB/T 2260），以1至8开头，例如 410899";
        fits.then(|| Self(text.to_owned()))
            .ok_or_else(|| refused("行政区划代码", text, rule))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 机关代号, such as `410899-EEB`: the region, and the department there; what `bureau` of a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BureauCode {
    region: RegionCode,
    name: Name,
}

impl BureauCode {
    /// Longest code of a department, in characters.
    pub const DEPARTMENT_CHARS_MAX: usize = 16;

    /// Takes a region's code, a hyphen, and 1 to 16 capital letters or digits.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let rule = "应为6位行政区划代码、连字符、1至16位大写英文字母或数字的部门代号，例如 410899-EEB";
        let wrong = || refused("机关代号", text, rule);
        let (region, department) = text.split_once('-').ok_or_else(wrong)?;
        let fits = (1..=Self::DEPARTMENT_CHARS_MAX).contains(&department.len())
            && department
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let region = RegionCode::parse(region)
            .ok()
            .filter(|_| fits)
            .ok_or_else(wrong)?;
        let name = Name::parse(text).ok_or_else(wrong)?;
        Ok(Self { region, name })
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &RegionCode {
        &self.region
    }

    /// The whole code as a name of mcd1.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The whole code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.name.as_str()
    }
}

impl fmt::Display for BureauCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn refused(code: &'static str, text: &str, rule: &'static str) -> CodeError {
    let fault = if text.is_empty() {
        Fault::Empty
    } else {
        Fault::Form { rule }
    };
    CodeError {
        code,
        fault,
        suggestion: None,
    }
}

/// 登录失败锁定: how long an account is locked when its password was wrong several times in a row
/// (GB/T 22239-2019, 8.1.4.1 b: 登录失败处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LockOut;

impl LockOut {
    /// Failures in a row that lock an account, and again that double the time.
    pub const FAILURES: u32 = 5;
    /// The first lock, in seconds: 15 minutes.
    pub const SECONDS_MIN: u32 = 15 * 60;
    /// The longest lock, in seconds: a day, so that nobody can lock a colleague out for good.
    pub const SECONDS_MAX: u32 = 24 * 60 * 60;

    /// Seconds from the last failure for which the account stays locked, after so many failures in a row; 0 if not at all.
    /// More failures never make it shorter, so that a try during the lock does not end it.
    #[must_use]
    pub fn after(failures: u32) -> u32 {
        let Some(doublings) = (failures / Self::FAILURES).checked_sub(1) else {
            return 0;
        };
        let seconds = 1_u32
            .checked_shl(doublings)
            .and_then(|factor| Self::SECONDS_MIN.checked_mul(factor));
        seconds.unwrap_or(Self::SECONDS_MAX).min(Self::SECONDS_MAX)
    }
}

#[cfg(test)]
mod tests;
