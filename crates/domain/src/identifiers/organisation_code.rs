//! 组织机构代码, GB 11714-1997: eight characters and a check modulo 11, printed with a hyphen.
//! Never accepts a code whose check digit does not hold.

use super::{CodeError, Fault, code_text, common_fault, first_wrong};

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const NAME: &str = "组织机构代码";

/// 组织机构代码 (GB 11714-1997), kept without the hyphen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationCode(String);
code_text!(OrganisationCode);

impl OrganisationCode {
    /// Takes a clean code with or without the hyphen before its last character.
    ///
    /// # Errors
    /// [`CodeError`], without a suggestion: every letter is allowed, so none is a sure slip.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let bare = match text.split_once('-') {
            Some((body, check)) if body.len() == 8 && check.len() == 1 => format!("{body}{check}"),
            Some(_) | None => text.to_owned(),
        };
        match fault_of(&bare) {
            None => Ok(Self(bare)),
            Some(fault) => Err(CodeError {
                code: NAME,
                fault,
                suggestion: None,
            }),
        }
    }

    /// Completes eight characters by their check character.
    ///
    /// # Errors
    /// [`CodeError`] if they are not digits and capital letters.
    pub fn from_body(body: &str) -> Result<Self, CodeError> {
        let check = check_character(body).map(String::from).unwrap_or_default();
        Self::parse(&format!("{body}{check}"))
    }
}

/// The check character of the first eight characters: 11 less the weighted sum modulo 11, 10 written X, 11 written 0.
fn check_character(text: &str) -> Option<char> {
    let values = text
        .chars()
        .take(8)
        .map(|c| c.to_digit(36))
        .collect::<Option<Vec<u32>>>()?;
    if values.len() != 8 {
        return None;
    }
    let sum: u32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

fn fault_of(text: &str) -> Option<Fault> {
    if let Some(fault) = common_fault(text) {
        return Some(fault);
    }
    let length = text.chars().count();
    if length != 9 {
        return Some(Fault::Length {
            expected: "9位（不算连字符）",
            found: length,
        });
    }
    let allowed = |at: usize, c: char| match at {
        8 => c.is_ascii_digit() || c == 'X',
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    };
    if let Some((position, found)) = first_wrong(text, allowed) {
        let rule = "前8位是数字或大写字母，末位是数字或X";
        return Some(Fault::Character {
            position,
            found,
            rule,
        });
    }
    let (found, expected) = (text.chars().last()?, check_character(text)?);
    (found != expected).then_some(Fault::CheckDigit { found, expected })
}
