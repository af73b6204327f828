//! The public value (section 4): what makes the draw impossible to steer, since nobody knew it at the commitment.
//! Never judges whether a value is the true one: that is for the eye, against its source.

use std::fmt;

use crate::hash::is_hex;

/// The rule that a commitment fixes, before anybody can know the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// 中国福利彩票快乐8, an issue named beforehand by its seven digits.
    Kl8(String),
    /// A round of a drand beacon: chain hash of 64 hex digits, and the round.
    Drand(String, String),
    /// That many ten-sided dice, thrown in front of everybody.
    Dice(usize),
    /// No public value: only secret shares.
    None,
}

/// How much a draw withstands, which follows from its rule (section 1). Printed on every record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// 甲: holds even if everybody in the bureau colludes.
    A,
    /// 乙: holds unless all collude but one share holder or one who throws fair dice.
    B,
    /// 丙: holds unless all but one share holder collude.
    C,
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A 甲",
            Self::B => "B 乙",
            Self::C => "C 丙",
        })
    }
}

impl Rule {
    /// Reads the rule of a commitment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        match kind {
            "kl8" => digits(rest, 7..=7).then(|| Self::Kl8(rest.into())),
            "drand" => {
                let (chain, round) = rest.split_once(':')?;
                let formed = is_hex(chain, 64) && digits(round, 1..=15) && !round.starts_with('0');
                formed.then(|| Self::Drand(chain.into(), round.into()))
            }
            "dice" => {
                let count = rest.parse().ok().filter(|n| (20..=99).contains(n))?;
                digits(rest, 2..=2).then_some(Self::Dice(count))
            }
            "none" if text == "none" => Some(Self::None),
            _ => None,
        }
    }

    /// Whether a value has the form that this rule asks for.
    #[must_use]
    pub fn fits(&self, value: &str) -> bool {
        match self {
            Self::Kl8(_) => self.rest(value).is_some_and(is_kl8_numbers),
            Self::Drand(..) => self.rest(value).is_some_and(|hex| is_hex(hex, 64)),
            Self::Dice(count) => value
                .strip_prefix("dice:")
                .is_some_and(|thrown| digits(thrown, *count..=*count)),
            Self::None => value == "none",
        }
    }

    fn rest<'v>(&self, value: &'v str) -> Option<&'v str> {
        value.strip_prefix(&self.to_string())?.strip_prefix(':')
    }

    /// The label that follows from the rule. A 甲 is only claimed where the commitment came less than an hour before.
    #[must_use]
    pub const fn assurance(&self) -> Assurance {
        match self {
            Self::Kl8(_) | Self::Drand(..) => Assurance::A,
            Self::Dice(_) => Assurance::B,
            Self::None => Assurance::C,
        }
    }

    /// What to type, for the two who type it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Kl8(issue) => {
                format!("{self}: 后接快乐8第 {issue} 期的 20 个号码，两位数、由小到大、以“.”连接")
            }
            Self::Drand(_, round) => format!("{self}: 后接第 {round} 轮的 64 位十六进制随机数"),
            Self::Dice(count) => format!("dice: 后接依次掷出的 {count} 个数字"),
            Self::None => "none".into(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kl8(issue) => write!(f, "kl8:{issue}"),
            Self::Drand(chain, round) => write!(f, "drand:{chain}:{round}"),
            Self::Dice(count) => write!(f, "dice:{count}"),
            Self::None => f.write_str("none"),
        }
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_kl8_numbers(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 20
        && numbers
            .iter()
            .all(|n| digits(n, 2..=2) && (1..=80).contains(&n.parse().unwrap_or(0)))
        && numbers.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(rule: &str, value: &str) -> bool {
        Rule::parse(rule).unwrap().fits(value)
    }

    #[test]
    fn a_value_has_the_form_of_its_rule() {
        let numbers = (1..=20).map(|n| format!("{n:02}")).collect::<Vec<_>>().join(".");
        assert!(fits("kl8:2026123", &format!("kl8:2026123:{numbers}")));
        assert!(!fits("kl8:2026123", &format!("kl8:2026124:{numbers}")));
        assert!(!fits(
            "kl8:2026123",
            &format!("kl8:2026123:{}", numbers.replace("20", "81"))
        ));
        assert!(!fits(
            "kl8:2026123",
            &format!("kl8:2026123:{}", numbers.replace("02", "01"))
        ));
        assert!(fits("dice:20", "dice:01234567890123456789") && !fits("dice:20", "dice:0123456789012345678"));
        assert!(fits("none", "none") && !fits("none", "-"));
        let chain = "ab".repeat(32);
        assert!(fits(
            &format!("drand:{chain}:7"),
            &format!("drand:{chain}:7:{chain}")
        ));
    }

    #[test]
    fn a_rule_has_one_spelling() {
        let chain = "ab".repeat(32);
        for wrong in [
            "kl8:123",
            "dice:19",
            "dice:100",
            "dice:+20",
            "none:",
            "dice",
            "drand:ab:1",
            "",
            "None",
        ] {
            assert_eq!(Rule::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Rule::parse(&format!("drand:{chain}:07")), None);
        for right in [
            "kl8:2026123",
            "dice:20",
            "dice:99",
            "none",
            &format!("drand:{chain}:7"),
        ] {
            assert_eq!(Rule::parse(right).unwrap().to_string(), right);
        }
    }
}
