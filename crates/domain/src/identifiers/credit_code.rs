//! 统一社会信用代码, GB 32100-2015: 18 characters, the last a check modulo 31.
//! Never accepts a code whose check digit does not hold.

use super::{
    Certainty, CodeError, Fault, OrganisationCode, Suggestion, code_text, common_fault, digit_for,
    first_wrong,
};

/// The 31 characters of the code in the order of their values: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 places: powers of 3 modulo 31.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const NAME: &str = "统一社会信用代码";

/// 统一社会信用代码 (GB 32100-2015). Ordered by bytes, as mcd1 orders ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode(String);
code_text!(CreditCode);

impl CreditCode {
    /// Takes a clean code of 18 characters.
    ///
    /// # Errors
    /// [`CodeError`]; it suggests a code if letters were typed for the digits they look like.
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

    /// Completes 17 characters by their check character.
    ///
    /// # Errors
    /// [`CodeError`] if they are not the first 17 of a code.
    pub fn from_body(body: &str) -> Result<Self, CodeError> {
        let check = check_character(body).map(String::from).unwrap_or_default();
        Self::parse(&format!("{body}{check}"))
    }

    /// The organisation code inside (places 9 to 17), if its own check digit holds.
    #[must_use]
    pub fn organisation(&self) -> Option<OrganisationCode> {
        self.0
            .get(8..17)
            .and_then(|part| OrganisationCode::parse(part).ok())
    }
}

/// The check character of the first 17 characters of `text`, if they are of the alphabet.
fn check_character(text: &str) -> Option<char> {
    let values = text
        .bytes()
        .take(17)
        .map(value_of)
        .collect::<Option<Vec<u32>>>()?;
    if values.len() != 17 {
        return None;
    }
    let sum: u32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let check = usize::try_from((31 - sum % 31) % 31).ok()?;
    ALPHABET.get(check).copied().map(char::from)
}

fn value_of(byte: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|&c| c == byte)
        .and_then(|at| u32::try_from(at).ok())
}

fn fault_of(text: &str) -> Option<Fault> {
    if let Some(fault) = common_fault(text) {
        return Some(fault);
    }
    let length = text.chars().count();
    if length != 18 {
        return Some(Fault::Length {
            expected: "18位",
            found: length,
        });
    }
    if let Some((position, found)) =
        first_wrong(text, |_, c| u8::try_from(c).is_ok_and(|b| value_of(b).is_some()))
    {
        let rule = "只能是数字和大写字母，不用I、O、S、V、Z";
        return Some(Fault::Character {
            position,
            found,
            rule,
        });
    }
    // Places 3 to 8 are the region code of GB/T 2260.
    if let Some((position, found)) = first_wrong(text, |at, c| !(2..8).contains(&at) || c.is_ascii_digit()) {
        return Some(Fault::Character {
            position,
            found,
            rule: "第3至8位是登记机关的行政区划代码，只能是数字",
        });
    }
    let (found, expected) = (text.chars().last()?, check_character(text)?);
    (found != expected).then_some(Fault::CheckDigit { found, expected })
}

fn suggestion_for(text: &str, fault: &Fault) -> Option<Suggestion> {
    let code = match fault {
        // The permit code begins with the credit code.
        Fault::Length { found: 22, .. } => text.get(..18).map(str::to_owned)?,
        Fault::Character { .. } => text.chars().enumerate().map(|(at, c)| meant_at(at, c)).collect(),
        Fault::Empty
        | Fault::Rounded { .. }
        | Fault::Length { .. }
        | Fault::CheckDigit { .. }
        | Fault::Form { .. } => {
            return None;
        }
    };
    // Not by parsing, which would come back here for a suggestion.
    let code = fault_of(&code).is_none().then_some(CreditCode(code))?;
    let certainty = if code.organisation().is_some() {
        Certainty::Certain
    } else {
        Certainty::Likely
    };
    Some(Suggestion {
        code: code.0,
        certainty,
    })
}

/// The character that was probably meant: look-alikes where the place or the alphabet refuses the one typed.
fn meant_at(at: usize, c: char) -> char {
    let refused = (2..8).contains(&at) && !c.is_ascii_digit() || matches!(c, 'I' | 'O' | 'S' | 'Z');
    if refused { digit_for(c) } else { c }
}
