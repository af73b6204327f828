//! 固定污染源代码 (number of a discharge permit or registration), HJ 608-2017: credit code, site number, letter.
//! Never takes a code of the 2016 trial, which has no check that is known, for a verified one.

use super::{
    CodeError, CreditCode, Fault, SiteNumber, Suggestion, clean_code, clean_code_keeping_case, code_text,
    common_fault, first_wrong,
};
use crate::text::Cleaned;

const NAME: &str = "排污许可证编号";

/// 固定污染源代码 (HJ 608-2017), 22 characters, or one of the 2016 trial, which begins with H9.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PermitCode(String);
code_text!(PermitCode);

impl PermitCode {
    /// Takes a clean code of 22 characters. The last letter (P, or W to Z for registrations) is not
    /// checked further, since no source seen says which letters there are.
    ///
    /// # Errors
    /// [`CodeError`]; the suggestion is that of the credit code inside.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let refused = |fault, suggestion| CodeError {
            code: NAME,
            fault,
            suggestion,
        };
        if let Some(fault) = fault_of_form(text) {
            return Err(refused(fault, None));
        }
        let code = Self(text.to_owned());
        if code.is_trial() {
            return Ok(code);
        }
        let (prefix, rest) = text.split_at_checked(18).unwrap_or((text, ""));
        if let Some((position, found)) = first_wrong(rest, |at, c| match at {
            3 => c.is_ascii_uppercase(),
            _ => c.is_ascii_digit(),
        }) {
            let rule = "第19至21位是数字，第22位是大写字母";
            return Err(refused(
                Fault::Character {
                    position: position + 18,
                    found,
                    rule,
                },
                None,
            ));
        }
        match CreditCode::parse(prefix) {
            Ok(_) => Ok(code),
            Err(error) => Err(refused(
                inside(error.fault, rest),
                error.suggestion.map(|s| with_rest(s, rest)),
            )),
        }
    }

    /// Puts a permit code together from its parts.
    #[must_use]
    pub fn of(code: &CreditCode, site: SiteNumber, letter: char) -> Option<Self> {
        Self::parse(&format!("{code}{:03}{letter}", site.get())).ok()
    }

    /// Cleans a permit code: as [`clean_code`], but a code of the 2016 trial keeps its lower case.
    #[must_use]
    pub fn clean(raw: &str) -> Cleaned {
        let kept = clean_code_keeping_case(raw);
        if is_trial(&kept.text) {
            kept
        } else {
            clean_code(raw)
        }
    }

    /// Whether it is a code of the 2016 trial rule (begins with H9), which cannot be verified.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        is_trial(&self.0)
    }

    /// The enterprise's credit code; none in a trial code.
    #[must_use]
    pub fn credit_code(&self) -> Option<CreditCode> {
        self.0.get(..18).and_then(|prefix| CreditCode::parse(prefix).ok())
    }

    /// The number of the site within the enterprise; none if it is not a number from 001.
    #[must_use]
    pub fn site(&self) -> Option<SiteNumber> {
        self.0
            .get(18..21)
            .and_then(|digits| digits.parse().ok())
            .and_then(SiteNumber::new)
    }
}

fn is_trial(text: &str) -> bool {
    text.starts_with("H9")
}

fn fault_of_form(text: &str) -> Option<Fault> {
    if let Some(fault) = common_fault(text) {
        return Some(fault);
    }
    let length = text.chars().count();
    if length != 22 {
        return Some(Fault::Length {
            expected: "22位（18位信用代码、3位序号、1位字母）",
            found: length,
        });
    }
    let (position, found) = first_wrong(text, |_, c| c.is_ascii_alphanumeric())?;
    Some(Fault::Character {
        position,
        found,
        rule: "只能是数字和字母",
    })
}

/// A wrong check digit of the credit code inside is not "the last" of the permit code.
fn inside(fault: Fault, rest: &str) -> Fault {
    match fault {
        Fault::CheckDigit { .. } if !rest.is_empty() => Fault::Form {
            rule: "前18位不是有效的统一社会信用代码；请对照许可证核对",
        },
        Fault::Empty
        | Fault::Rounded { .. }
        | Fault::Length { .. }
        | Fault::Character { .. }
        | Fault::CheckDigit { .. }
        | Fault::Form { .. } => fault,
    }
}

fn with_rest(suggestion: Suggestion, rest: &str) -> Suggestion {
    Suggestion {
        code: format!("{}{rest}", suggestion.code),
        certainty: suggestion.certainty,
    }
}
