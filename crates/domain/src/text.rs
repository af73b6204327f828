//! Names and other free text as people type it, mended where that is certain.
//! Never holds what a line of mcd1 could not carry (control, invisible or direction-turning characters).

use std::fmt;

/// Longest free text, in characters: an address or a list of violations, not a document.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// Free text of one line: not empty, no blank at either end, nothing invisible (mcd1 section 2, "value").
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(String);

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("没有填写")]
    Empty,
    /// Longer than [`TEXT_CHARS_MAX`].
    #[error("有{found}个字，超过{TEXT_CHARS_MAX}个字的上限，请缩短")]
    TooLong {
        /// Characters found.
        found: usize,
    },
    /// A control or invisible character that cleaning did not take away.
    #[error("含有看不见的字符（U+{code:04X}），请删除后重新填写")]
    Invisible {
        /// The code point.
        code: u32,
    },
    /// The text was damaged before it came here: replacement or private characters.
    #[error("含有乱码“{found}”，原来的文字已经损坏，请对照原件重新填写")]
    Garbled {
        /// What shows the damage.
        found: String,
    },
    /// Tags or a formula where a name is expected.
    #[error("含有网页标记或公式，名称只能是文字；请只保留文字")]
    NotPlain {
        /// The text without them, if any is left.
        plain: Option<String>,
    },
}

impl Text {
    /// Takes free text that is already clean; [`clean_text`] makes it so.
    ///
    /// # Errors
    /// [`TextError`], except `NotPlain`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        let found = text.chars().count();
        if found > TEXT_CHARS_MAX {
            return Err(TextError::TooLong { found });
        }
        if let Some(found) = garbled(text) {
            return Err(TextError::Garbled { found });
        }
        if let Some(invisible) = text.chars().find(|&c| is_invisible(c)) {
            return Err(TextError::Invisible {
                code: u32::from(invisible),
            });
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// As [`Text::parse`], for a name (名称、姓名): tags and formulas are refused too,
    /// because no enterprise is called so and a spreadsheet or a page would act on them.
    ///
    /// # Errors
    /// [`TextError`].
    pub fn parse_name(text: &str) -> Result<Self, TextError> {
        let name = Self::parse(text)?;
        if !has_tag(&name.0) && !has_formula(&name.0) {
            return Ok(name);
        }
        let plain = plain_part(&name.0);
        Err(TextError::NotPlain { plain })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Text {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }
}

crate::written::as_text!(Text);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// What cleaning changed in a text or code; the order is that in which it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mend {
    /// Blanks at the ends, doubled, or inside a code.
    Blanks,
    /// Characters that do not show.
    Invisible,
    /// Full-width letters, digits or signs (全角) made half-width.
    FullWidth,
    /// Lower case made upper case.
    LowerCase,
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blanks => "去掉了多余的空格",
            Self::Invisible => "去掉了看不见的字符",
            Self::FullWidth => "全角字符已改为半角",
            Self::LowerCase => "小写字母已改为大写",
        })
    }
}

/// A text after cleaning, and what was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The clean text; may be empty.
    pub text: String,
    /// What was changed, in the order of [`Mend`], each once.
    pub mends: Vec<Mend>,
}

impl Cleaned {
    pub(crate) fn new(text: String, mut mends: Vec<Mend>) -> Self {
        mends.sort_unstable();
        mends.dedup();
        Self { text, mends }
    }
}

/// Cleans free text: invisible characters go, every run of blanks or line breaks becomes one space.
#[must_use]
pub fn clean_text(raw: &str) -> Cleaned {
    let mut mends = Vec::new();
    let mut text = String::with_capacity(raw.len());
    for c in raw.chars() {
        if is_blank(c) {
            if c != ' ' || text.is_empty() || text.ends_with(' ') {
                mends.push(Mend::Blanks);
            }
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        } else if is_invisible(c) {
            mends.push(Mend::Invisible);
        } else {
            text.push(c);
        }
    }
    if text.ends_with(' ') {
        text.pop();
        mends.push(Mend::Blanks);
    }
    Cleaned::new(text, mends)
}

/// As [`clean_text`], and blanks between two Chinese characters go:
/// names of two characters are often typed with blanks to line up with those of three.
#[must_use]
pub fn clean_name(raw: &str) -> Cleaned {
    let Cleaned { text, mut mends } = clean_text(raw);
    let chars: Vec<char> = text.chars().collect();
    let mut name = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let joined = c == ' '
            && at
                .checked_sub(1)
                .and_then(|before| chars.get(before))
                .copied()
                .is_some_and(is_chinese)
            && chars.get(at + 1).copied().is_some_and(is_chinese);
        if joined {
            mends.push(Mend::Blanks);
        } else {
            name.push(c);
        }
    }
    Cleaned::new(name, mends)
}

/// Full-width forms (全角) to half-width, the ideographic space to a space; other characters stay.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{00A0}' || c == '\u{3000}'
}

/// What mcd1 section 2 forbids in a value.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        u32::from(c),
        0x00..=0x1F
            | 0x7F..=0x9F
            | 0xAD
            | 0x061C
            | 0x180E
            | 0x200B..=0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x2069
            | 0xFEFF
            | 0xFFF9..=0xFFFB
            | 0xE0000..=0xE007F
    )
}

fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x20000..=0x3134F)
}

/// What is left of a text that was read in a wrong encoding, if it shows.
fn garbled(text: &str) -> Option<String> {
    // "锟斤拷" is the replacement character, written as UTF-8 and read as GBK.
    if text.contains("锟斤拷") {
        return Some("锟斤拷".to_owned());
    }
    let damaged = |c: char| c == '\u{FFFD}' || matches!(u32::from(c), 0xE000..=0xF8FF);
    text.chars().find(|&c| damaged(c)).map(String::from)
}

/// `<b>`, `</td>`, `<!--`: a sign for "less than" that a letter, `/`, `!` or `?` follows, and a `>` after it.
fn has_tag(text: &str) -> bool {
    tag_range(text).is_some()
}

fn tag_range(text: &str) -> Option<(usize, usize)> {
    text.match_indices('<').find_map(|(start, _)| {
        let rest = text.get(start + 1..)?;
        let opens = rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let end = rest.find('>')?;
        opens.then_some((start, start + 1 + end + 1))
    })
}

/// A spreadsheet takes a text for a formula if it begins with one of these signs;
/// `=NAME(` is one anywhere. A `+` or `-` inside a name is only a name (中外合资A+B公司).
fn has_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@']) || formula_start(text).is_some()
}

fn formula_start(text: &str) -> Option<usize> {
    text.match_indices('=').find_map(|(start, _)| {
        let rest = text.get(start + 1..)?;
        let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
        (name.len() < rest.len() && name.starts_with('(')).then_some(start)
    })
}

/// The name without tags and formula, if that is a name.
fn plain_part(text: &str) -> Option<String> {
    let mut plain = text.to_owned();
    while let Some((start, end)) = tag_range(&plain) {
        plain.replace_range(start..end, "");
    }
    if let Some(start) = formula_start(&plain) {
        plain.truncate(start);
    }
    let plain = plain.trim_start_matches(['=', '+', '-', '@']).trim();
    Text::parse(plain).ok().map(|text| text.0)
}

#[cfg(test)]
mod tests;
