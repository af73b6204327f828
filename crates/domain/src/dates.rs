//! Calendar dates and terms of validity in the forms that registers write them.
//! Never guesses a date: what is not a day of the calendar is refused with a sentence.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::{half_width, is_blank};

/// First and last year of a date that a register may hold; others are slips of the keyboard.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// Days since 1899-12-30 that a spreadsheet may mean by a bare number: 1954-10-03 to 2099-12-31.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=73_050;
/// "For ever" as national platforms write it.
const LONG_TERM_DATES: [(i16, i8, i8); 2] = [(9999, 9, 9), (9999, 12, 31)];
const LONG_TERM_WORDS: [&str; 6] = ["长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"];
/// Signs between the two dates of a range, longest first.
const RANGE_SIGNS: [&str; 8] = ["至", "到", "~", "--", "—", "–", "―", "－"];

/// How a date was written. A column has one form; a cell that departs from it is worth a second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateForm {
    /// `2019-03-07`, `2019-3-7`
    Dashes,
    /// `2019年3月7日`
    Chinese,
    /// `2019.3.7`
    Dots,
    /// `2019/3/7`
    Slashes,
    /// `20190307`
    Compact,
    /// A cell that a spreadsheet holds as a date.
    Cell,
    /// `43531`: days as a spreadsheet counts them.
    Serial,
}

impl DateForm {
    /// The form by an example, for a sentence.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Dashes => "2019-03-07",
            Self::Chinese => "2019年3月7日",
            Self::Dots => "2019.3.7",
            Self::Slashes => "2019/3/7",
            Self::Compact => "20190307",
            Self::Cell => "日期格式的单元格",
            Self::Serial => "43531（电子表格的日期序号）",
        }
    }

    /// Writes a date in this form; what only a spreadsheet can hold is written as `2019-03-07`.
    #[must_use]
    pub fn write(self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        match self {
            Self::Dashes | Self::Cell | Self::Serial => date.to_string(),
            Self::Chinese => format!("{year}年{month}月{day}日"),
            Self::Dots => format!("{year}.{month}.{day}"),
            Self::Slashes => format!("{year}/{month}/{day}"),
            Self::Compact => format!("{year:04}{month:02}{day:02}"),
        }
    }
}

/// Why a date is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing there.
    #[error("没有填写日期")]
    Empty,
    /// The form is known, the day does not exist.
    #[error("“{found}”不是真实的日期：{year}年{month}月没有{day}日，请核对后改正")]
    NoSuchDay {
        /// What was written.
        found: String,
        /// Its year.
        year: i16,
        /// Its month, which exists.
        month: i8,
        /// Its day, which does not.
        day: i8,
    },
    /// The form is known, the month does not exist.
    #[error("“{found}”不是真实的日期：没有{month}月，请核对后改正")]
    NoSuchMonth {
        /// What was written.
        found: String,
        /// The month.
        month: i8,
    },
    /// The year is outside 1900 to 2199.
    #[error("“{found}”的年份{year}不合理，请核对后改正")]
    YearOutOfRange {
        /// What was written.
        found: String,
        /// The year.
        year: i16,
    },
    /// Year only, or year and month only.
    #[error("“{found}”没有写到日，请补全年、月、日，例如 2019-03-07")]
    Incomplete {
        /// What was written.
        found: String,
    },
    /// Not a date in any form known.
    #[error("“{found}”看不出是哪一天，请写成 2019-03-07 或 2019年3月7日 的样子")]
    Unknown {
        /// What was written.
        found: String,
    },
    /// A term that ends before it begins.
    #[error("有效期的截止日期{until}早于开始日期{from}，请核对后改正")]
    Reversed {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
}

/// Until when: the last day (有效期至), without end (长期), or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    /// The last day, itself included.
    Date(Date),
    /// 长期
    LongTerm,
    /// The register does not say.
    Unknown,
}

impl Until {
    /// Whether the term is over on that day; not known is not over.
    #[must_use]
    pub fn is_over_on(self, day: Date) -> bool {
        match self {
            Self::Date(last) => last < day,
            Self::LongTerm | Self::Unknown => false,
        }
    }

    /// Whether the term certainly reaches that day; not known does not.
    #[must_use]
    pub fn reaches(self, day: Date) -> bool {
        match self {
            Self::Date(last) => day <= last,
            Self::LongTerm => true,
            Self::Unknown => false,
        }
    }
}

impl fmt::Display for Until {
    /// As registers write it; nothing if it is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(last) => write!(f, "{last}"),
            Self::LongTerm => f.write_str("长期"),
            Self::Unknown => Ok(()),
        }
    }
}

impl std::str::FromStr for Until {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        if text.is_empty() {
            return Ok(Self::Unknown);
        }
        parse_until(text).map(|(until, _)| until)
    }
}

crate::written::as_text!(Until);

/// 有效期: a term of validity, its days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(Option<Date>, Until)", into = "(Option<Date>, Until)")]
pub struct Validity {
    from: Option<Date>,
    until: Until,
}

impl Validity {
    /// Nothing known.
    pub const UNKNOWN: Self = Self {
        from: None,
        until: Until::Unknown,
    };

    /// A term that does not end before it begins.
    ///
    /// # Errors
    /// [`DateError::Reversed`].
    pub fn new(from: Option<Date>, until: Until) -> Result<Self, DateError> {
        match (from, until) {
            (Some(from), Until::Date(until)) if until < from => Err(DateError::Reversed { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// First day, if known.
    #[must_use]
    pub fn from(self) -> Option<Date> {
        self.from
    }

    /// Last day.
    #[must_use]
    pub fn until(self) -> Until {
        self.until
    }
}

impl TryFrom<(Option<Date>, Until)> for Validity {
    type Error = DateError;

    fn try_from((from, until): (Option<Date>, Until)) -> Result<Self, DateError> {
        Self::new(from, until)
    }
}

impl From<Validity> for (Option<Date>, Until) {
    fn from(validity: Validity) -> Self {
        (validity.from, validity.until)
    }
}

/// Reads a date in any of the forms of [`DateForm`] but `Cell`; a time of day after it is dropped.
///
/// # Errors
/// [`DateError`], with the text as it was written.
pub fn parse_date(text: &str) -> Result<(Date, DateForm), DateError> {
    let (numbers, form) = parts_of(text)?;
    let found = || text.trim().to_owned();
    let [year, month, day] = numbers;
    day_of(year, month, day, found).map(|date| (date, form))
}

/// Reads 有效期: a date (the last day), a range `…至…`, or 长期; the form is that of the last date.
///
/// # Errors
/// [`DateError`].
pub fn parse_validity(text: &str) -> Result<(Validity, Option<DateForm>), DateError> {
    if text.chars().all(is_blank) {
        return Ok((Validity::UNKNOWN, None));
    }
    let (from, until) = split_range(text);
    let from = from.map(parse_date).transpose()?.map(|(date, _)| date);
    let (until, form) = parse_until(until)?;
    Validity::new(from, until).map(|validity| (validity, form))
}

/// Reads the end of a term: a date or 长期.
///
/// # Errors
/// [`DateError`].
pub fn parse_until(text: &str) -> Result<(Until, Option<DateForm>), DateError> {
    let word: String = text.chars().filter(|&c| !is_blank(c)).collect();
    if word.is_empty() {
        return Ok((Until::Unknown, None));
    }
    if LONG_TERM_WORDS.contains(&word.as_str()) || is_long_term_date(&word) {
        return Ok((Until::LongTerm, None));
    }
    parse_date(text).map(|(date, form)| (Until::Date(date), Some(form)))
}

/// The day that a spreadsheet means by a number of days since 1899-12-30, between 1954 and 2099.
#[must_use]
pub fn from_serial(days: i64) -> Option<Date> {
    if !SERIALS.contains(&days) {
        return None;
    }
    Date::new(1899, 12, 30)
        .ok()?
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

fn is_long_term_date(text: &str) -> bool {
    let Ok((numbers, _)) = parts_of(text) else {
        return false;
    };
    LONG_TERM_DATES
        .iter()
        .any(|&(year, month, day)| numbers == [year.into(), month.into(), day.into()])
}

/// `A至B` into its two dates; a text without the sign is the end alone. 起/止 words are dropped.
fn split_range(text: &str) -> (Option<&str>, &str) {
    let text = text.trim();
    for sign in RANGE_SIGNS {
        if let Some((from, until)) = text.split_once(sign) {
            let from = from.trim().trim_start_matches('自').trim_end_matches('起').trim();
            let until = until.trim().trim_end_matches('止').trim();
            return ((!from.is_empty()).then_some(from), until);
        }
    }
    // A hyphen is a range only where the dates themselves are not written with hyphens.
    match text.split_once('-') {
        Some((from, until)) if !until.contains('-') && parse_date(from).is_ok() => (Some(from), until.trim()),
        _ => (None, text),
    }
}

/// Year, month and day as written, and the form.
fn parts_of(text: &str) -> Result<([i64; 3], DateForm), DateError> {
    let found = || text.trim().to_owned();
    let clean: String = text.trim().chars().map(half_width).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return Err(DateError::Empty);
    }
    let day = without_time(clean);
    let day: String = day.chars().filter(|&c| !is_blank(c)).collect();
    if day.bytes().all(|b| b.is_ascii_digit()) {
        return bare_number(&day).ok_or_else(|| {
            if day.len() == 4 || day.len() == 6 {
                DateError::Incomplete { found: found() }
            } else {
                DateError::Unknown { found: found() }
            }
        });
    }
    let (form, pieces): (DateForm, Vec<&str>) = if day.contains('年') {
        (
            DateForm::Chinese,
            day.trim_end_matches(['日', '号'])
                .split(['年', '月'])
                .filter(|p| !p.is_empty())
                .collect(),
        )
    } else if day.contains('-') {
        (DateForm::Dashes, day.split('-').collect())
    } else if day.contains('/') {
        (DateForm::Slashes, day.split('/').collect())
    } else {
        (DateForm::Dots, day.split('.').collect())
    };
    match numbers_of(&pieces).as_deref() {
        Some(&[year, month, date]) if pieces.first().is_some_and(|year| year.len() == 4) => {
            Ok(([year, month, date], form))
        }
        Some([year] | [year, _]) if (1900..=9999).contains(year) => {
            Err(DateError::Incomplete { found: found() })
        }
        _ => Err(DateError::Unknown { found: found() }),
    }
}

/// `20190307`, or days as a spreadsheet counts them.
fn bare_number(digits: &str) -> Option<([i64; 3], DateForm)> {
    if digits.len() == 8 {
        let numbers = numbers_of(&[digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?])?;
        return Some((numbers.try_into().ok()?, DateForm::Compact));
    }
    let date = from_serial(digits.parse().ok().filter(|_| digits.len() == 5)?)?;
    Some((
        [date.year().into(), date.month().into(), date.day().into()],
        DateForm::Serial,
    ))
}

/// Drops `00:00:00`, `T08:30:00+08:00` and the like.
fn without_time(text: &str) -> &str {
    let cut = text
        .find(['T', ' '])
        .filter(|&at| text.get(at..).is_some_and(|rest| rest.contains(':')));
    cut.and_then(|at| text.get(..at)).unwrap_or(text)
}

fn numbers_of(pieces: &[&str]) -> Option<Vec<i64>> {
    let number = |piece: &&str| {
        (1..=4)
            .contains(&piece.len())
            .then(|| piece.parse().ok())
            .flatten()
            .filter(|&n: &i64| n >= 0)
    };
    pieces.iter().map(number).collect()
}

fn day_of(year: i64, month: i64, day: i64, found: impl Fn() -> String) -> Result<Date, DateError> {
    let unknown = || DateError::Unknown { found: found() };
    let year = i16::try_from(year).map_err(|_| unknown())?;
    let month = i8::try_from(month).map_err(|_| unknown())?;
    let day = i8::try_from(day).map_err(|_| unknown())?;
    if !YEARS.contains(&year) {
        return Err(DateError::YearOutOfRange { found: found(), year });
    }
    if !(1..=12).contains(&month) {
        return Err(DateError::NoSuchMonth {
            found: found(),
            month,
        });
    }
    Date::new(year, month, day).map_err(|_| DateError::NoSuchDay {
        found: found(),
        year,
        month,
        day,
    })
}

#[cfg(test)]
mod tests;
