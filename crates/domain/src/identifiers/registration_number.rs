//! 工商注册号, GS 15-2006: 15 digits, the last a check by ISO 7064 MOD 11,10; before 2007, 13 digits without one.
//! Never takes a number without a check for a verified one.

use super::{Certainty, CodeError, Fault, Suggestion, code_text, common_fault, digit_for, first_wrong};

const NAME: &str = "工商注册号";

/// 工商注册号 (GS 15-2006, and the older 13 digits).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistrationNumber(String);
code_text!(RegistrationNumber);

impl RegistrationNumber {
    /// Takes a clean number of 15 digits, or of 13 as licences before 2007 had.
    ///
    /// # Errors
    /// [`CodeError`]; it suggests a number if letters were typed for the digits they look like.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let Some(fault) = fault_of(text) else {
            return Ok(Self(text.to_owned()));
        };
        Err(CodeError {
            code: NAME,
            suggestion: suggestion_for(text, &fault),
            fault,
        })
    }

    /// Completes 14 digits by their check digit.
    ///
    /// # Errors
    /// [`CodeError`] if they are not 14 digits.
    pub fn from_body(body: &str) -> Result<Self, CodeError> {
        let check = check_digit(body).map(String::from).unwrap_or_default();
        Self::parse(&format!("{body}{check}"))
    }

    /// Whether a check digit speaks for the number; false for the 13 digits of before 2007.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.0.len() == 15
    }
}

/// ISO 7064 MOD 11,10 over the first 14 digits.
fn check_digit(text: &str) -> Option<char> {
    let digits = text
        .chars()
        .take(14)
        .map(|c| c.to_digit(10))
        .collect::<Option<Vec<u32>>>()?;
    if digits.len() != 14 {
        return None;
    }
    let product = digits
        .iter()
        .fold(10, |product, digit| match (product + digit) % 10 {
            0 => 10 * 2 % 11,
            sum => sum * 2 % 11,
        });
    char::from_digit((11 - product) % 10, 10)
}

fn fault_of(text: &str) -> Option<Fault> {
    if let Some(fault) = common_fault(text) {
        return Some(fault);
    }
    let length = text.chars().count();
    if length != 15 && length != 13 {
        return Some(Fault::Length {
            expected: "15位（2007年以前的执照为13位）",
            found: length,
        });
    }
    if let Some((position, found)) = first_wrong(text, |_, c| c.is_ascii_digit()) {
        return Some(Fault::Character {
            position,
            found,
            rule: "只能是数字",
        });
    }
    if length == 13 {
        return None;
    }
    let (found, expected) = (text.chars().last()?, check_digit(text)?);
    (found != expected).then_some(Fault::CheckDigit { found, expected })
}

fn suggestion_for(text: &str, fault: &Fault) -> Option<Suggestion> {
    if !matches!(fault, Fault::Character { .. }) {
        return None;
    }
    let meant: String = text.chars().map(digit_for).collect();
    // Not by parsing, which would come back here for a suggestion. 13 digits have no check that speaks for them.
    let is_right = meant.len() == 15 && fault_of(&meant).is_none();
    is_right.then_some(Suggestion {
        code: meant,
        certainty: Certainty::Likely,
    })
}
