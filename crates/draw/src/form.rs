//! The forms that texts, values, numbers, names and times must have (section 2 of mcd1).
//! Never mends anything: what breaks a form is refused, whatever it says.

use std::collections::BTreeSet;

/// The largest file that is looked at, in bytes.
pub const MAX_FILE_BYTES: usize = 256 << 20;
/// The largest number of shares.
pub const MAX_SHARES: usize = 16;
/// The largest number of slots of a task.
pub const MAX_SLOTS: usize = 8;
/// The longest input of a share, in bytes.
pub const MAX_INPUT_BYTES: usize = 1024;

/// What is wrong with a form, in a sentence for the user.
pub type Wrong = String;

/// The lines of a text file without their LF.
///
/// # Errors
/// Not UTF-8, too large, an empty line, no line, or a last line without LF.
pub fn lines(bytes: &[u8]) -> Result<Vec<&str>, Wrong> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err("文件超过 256 MiB".into());
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| format!("第 {} 字节起不是 UTF-8 文字", e.valid_up_to() + 1))?;
    let body = text.strip_suffix('\n').ok_or("最后一行没有以换行（LF）结束")?;
    let lines: Vec<&str> = body.split('\n').collect();
    match lines.iter().position(|line| line.is_empty()) {
        Some(at) => Err(format!("第 {} 行是空行", at + 1)),
        None => Ok(lines),
    }
}

/// The columns of a line of a table, exactly `N` of them, each a value.
///
/// # Errors
/// Another number of columns, or a column that is no value.
pub fn columns<const N: usize>(line: &str) -> Result<[&str; N], Wrong> {
    let mut found = [""; N];
    let mut rest = line.split('\t');
    for (at, column) in found.iter_mut().enumerate() {
        *column = value(rest.next().ok_or_else(|| format!("只有 {at} 列，应有 {N} 列"))?)?;
    }
    if rest.next().is_some() {
        return Err(format!("多于 {N} 列"));
    }
    Ok(found)
}

/// A value: not empty, no control or invisible characters, no blank at either end.
///
/// # Errors
/// Says which of these it breaks.
pub fn value(text: &str) -> Result<&str, Wrong> {
    if text.is_empty() {
        return Err("有空的值".into());
    }
    if let Some(c) = text.chars().find(|&c| is_forbidden(c)) {
        return Err(format!("含有不可见或控制字符 U+{:04X}", u32::from(c)));
    }
    if text.starts_with(is_blank) || text.ends_with(is_blank) {
        return Err(format!("“{text}”的首尾有空格"));
    }
    Ok(text)
}

const fn is_blank(c: char) -> bool {
    matches!(c, '\u{20}' | '\u{a0}' | '\u{3000}')
}

const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// An integer of at most nine digits, without sign or leading zero.
#[must_use]
pub fn integer(text: &str) -> Option<u32> {
    (text.len() <= 9)
        .then(|| number(text))?
        .and_then(|n| u32::try_from(n).ok())
}

/// A weight: 1 to 4294967295.
#[must_use]
pub fn weight(text: &str) -> Option<u32> {
    (text.len() <= 10)
        .then(|| number(text))?
        .and_then(|n| u32::try_from(n).ok())
        .filter(|&n| n > 0)
}

fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let plain = text == "0" || !text.starts_with('0');
    (digits && plain).then(|| text.parse().ok())?
}

/// A name of a stratum, team, inspector, reason code, item, plan or bureau: `[0-9A-Za-z][0-9A-Za-z._-]{0,39}`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    matches_form(text, 40, |b| b.is_ascii_alphanumeric(), |b| b".-_".contains(&b))
}

/// An id of a target: `[0-9A-Z][0-9A-Z.-]{0,35}`.
#[must_use]
pub fn is_target_id(text: &str) -> bool {
    matches_form(
        text,
        36,
        |b| b.is_ascii_digit() || b.is_ascii_uppercase(),
        |b| b".-".contains(&b),
    )
}

fn matches_form(text: &str, longest: usize, first: impl Fn(u8) -> bool, later: impl Fn(u8) -> bool) -> bool {
    text.len() <= longest
        && text.bytes().next().is_some_and(&first)
        && text.bytes().skip(1).all(|b| first(b) || later(b))
}

/// A list joined by `,` without repeats, each part of a form.
#[must_use]
pub fn list(text: &str, each: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let parts: Vec<&str> = text.split(',').collect();
    let different: BTreeSet<&str> = parts.iter().copied().collect();
    (different.len() == parts.len() && parts.iter().all(|part| each(part))).then_some(parts)
}

/// A draw number `YYYY-NNN`, from 001 each year.
#[must_use]
pub fn is_draw_number(text: &str) -> bool {
    let Some((year, count)) = text.split_once('-') else {
        return false;
    };
    let digits = |t: &str, n| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(count, 3) && count != "000"
}

/// A window of days `YYYY-MM-DD..YYYY-MM-DD`, not reversed, as days since 0000-03-01.
#[must_use]
pub fn window(text: &str) -> Option<(i64, i64)> {
    let (from, until) = text.split_once("..")?;
    let (from, until) = (day(from)?, day(until)?);
    (from <= until).then_some((from, until))
}

/// A point in time, in seconds; only differences and order mean anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// Whole seconds from `earlier` to this.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

/// A time `YYYY-MM-DDThh:mm:ss±hh:mm` that exists.
#[must_use]
pub fn time(text: &str) -> Option<Instant> {
    let (date, rest) = text.split_once('T')?;
    let sign = match rest.as_bytes().get(8)? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let seconds = clock(rest.get(..8)?, &[24, 60, 60])?;
    let offset = clock(rest.get(9..)?, &[24, 60])? * 60;
    Some(Instant(day(date)? * 86_400 + seconds - sign * offset))
}

/// Two-digit fields joined by `:`, each below its limit, read as one number in the last field's unit.
fn clock(text: &str, limits: &[i64]) -> Option<i64> {
    let fields: Vec<&str> = text.split(':').collect();
    if fields.len() != limits.len() {
        return None;
    }
    fields.iter().zip(limits).try_fold(0, |sum, (field, limit)| {
        let n = digits(field, 2)?;
        (n < *limit).then_some(sum * 60 + n)
    })
}

fn day(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let &[year, month, day] = parts.as_slice() else {
        return None;
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=length).contains(&day) {
        return None;
    }
    // Years from March, so that the leap day is the last (the usual civil-to-days formula).
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    Some(y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_real_and_compared_as_instants() {
        let at = |text| time(text).unwrap();
        assert_eq!(at("2026-04-01T09:00:00+08:00"), at("2026-04-01T01:00:00+00:00"));
        assert_eq!(
            at("2024-03-01T00:00:00+00:00").seconds_since(at("2024-02-28T00:00:00+00:00")),
            2 * 86_400
        );
        assert!(at("2026-04-01T09:00:00-23:59") > at("2026-04-01T09:00:00+23:59"));
        for wrong in [
            "0000-01-01T00:00:00+00:00",
            "2026-02-29T00:00:00+00:00",
            "2026-13-01T00:00:00+00:00",
            "2026-04-01T24:00:00+00:00",
            "2026-04-01T00:00:60+00:00",
            "2026-04-01T00:00:00+24:00",
            "2026-04-01T00:00:00Z",
            "2026-04-01 00:00:00+00:00",
            "2026-04-01T00:00:00.0+00:00",
            "2026-4-01T00:00:00+00:00",
            "2026-04-01T00:00:00+0000",
            "",
        ] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn integers_names_and_values_have_one_spelling() {
        assert_eq!((integer("0"), integer("999999999")), (Some(0), Some(999_999_999)));
        assert!(
            ["", "01", "+1", "-1", "１", "1 ", "1000000000"]
                .iter()
                .all(|t| integer(t).is_none())
        );
        assert_eq!(
            (weight("4294967295"), weight("4294967296"), weight("0")),
            (Some(u32::MAX), None, None)
        );
        assert!(is_name("EP-lead") && !is_name("-x") && !is_name("") && !is_name(&"a".repeat(41)));
        assert!(is_target_id("91410823TA9EDJ085W-02") && !is_target_id("9141a") && !is_target_id("-1"));
        assert!(
            ["", " a", "a\u{3000}", "a\u{200b}b", "a\u{e0001}", "a\rb"]
                .iter()
                .all(|t| value(t).is_err())
        );
        assert_eq!(list("a,b,a", is_name), None);
        assert!(is_draw_number("2026-001") && !is_draw_number("2026-000") && !is_draw_number("2026-1000"));
        assert!(window("2026-04-01..2026-04-01").is_some() && window("2026-04-02..2026-04-01").is_none());
    }

    #[test]
    fn a_text_file_ends_every_line_with_one_lf() {
        assert_eq!(lines(b"a\nb\n"), Ok(vec!["a", "b"]));
        for wrong in [&b""[..], b"\n", b"a", b"a\n\nb\n", b"a\n\n", b"\xff\n"] {
            assert!(lines(wrong).is_err());
        }
    }
}
