//! Damage to a folder: bytes, columns, keys, lines and files changed at random.
//! Never decides what a verifier should say of it: that is for the tables of the tests, or for other verifiers.

use draw::folder::{COMMIT, DRAW, ELIG, Files, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS, VOID};

use crate::choices::Choices;

/// Values that have some form of mcd1, or nearly.
const ODD: [&str; 48] = [
    "",
    "-",
    "0",
    "00",
    "1",
    "01",
    "2",
    "3",
    "9",
    "10",
    "16",
    "17",
    "1e3",
    "+1",
    "999999999",
    "1000000000",
    "4294967295",
    "4294967296",
    "R",
    "M",
    "X:cap",
    "X:closed",
    "X:",
    "X:other",
    "?",
    "?,?",
    "A",
    "a",
    "EP",
    "EP,EP",
    "SAMR",
    "I000,I001",
    "2026-001",
    "2026-000",
    "2026-04-03T09:00:00+08:00",
    "2026-04-03T24:00:00+08:00",
    "1/2",
    "2/1",
    "0/1",
    " x",
    "x\u{3000}",
    "x\u{200b}y",
    "１",
    "none",
    "dice:20",
    "kl8:2026123",
    "target",
    "sm3",
];
const BYTES: [u8; 12] = [
    0, b'\t', b'\n', b'\r', b' ', b',', b'-', b'0', b'1', b'=', b'A', 0xff,
];
/// Names that files of a draw have.
pub(crate) const NAMES: [&str; 12] = [
    PLAN,
    POOL,
    STAFF,
    ELIG,
    COMMIT,
    DRAW,
    RESULT,
    SUBS,
    VOID,
    REVEAL,
    "sub-1.txt",
    "sub-2.txt",
];

/// One change, anywhere in the folder.
pub(crate) fn damage(files: &mut Files, choices: &mut Choices<'_>) {
    let names: Vec<String> = files.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = choices.one_of(&names);
    let bytes = files[&name].clone();
    let damaged = match choices.below(32) {
        0 => {
            files.remove(&name);
            return;
        }
        1 => {
            files.insert(choices.one_of(&NAMES).into(), bytes);
            return;
        }
        2 => change_bytes(bytes, choices),
        3 => change_ends(bytes, choices),
        4..7 => change_lines(&bytes, choices),
        _ => change_value(&bytes, choices),
    };
    files.insert(name, damaged);
}

fn change_bytes(mut bytes: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    let at = choices.below(bytes.len().clamp(1, 65_536));
    match (choices.below(3), bytes.get_mut(at)) {
        (0, Some(byte)) => *byte = choices.one_of(&BYTES),
        (1, _) => bytes.truncate(at),
        _ => bytes.insert(at, choices.one_of(&BYTES)),
    }
    bytes
}

fn change_ends(mut bytes: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    match choices.below(5) {
        0 => {
            bytes.pop();
        }
        1 => bytes.push(b'\n'),
        2 => bytes.insert(0, b'\n'),
        3 => bytes.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        _ => {
            let lf = bytes.iter().position(|byte| *byte == b'\n');
            bytes.insert(lf.unwrap_or(0), b'\r');
        }
    }
    bytes
}

fn change_lines(bytes: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (at, other) = (choices.below(lines.len()), choices.below(lines.len()));
    match (choices.below(4), lines.get(at).copied()) {
        (0, Some(line)) => lines.insert(other, line),
        (1, Some(_)) => {
            lines.remove(at);
        }
        (2, Some(_)) => lines.truncate(at),
        (_, Some(_)) => lines.swap(at, other),
        (_, None) => {}
    }
    lines.concat()
}

/// Another value in a column or behind a key: an odd one, or that of another line or key.
fn change_value(bytes: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let separator = if text.contains('\t') { '\t' } else { '=' };
    let mut lines: Vec<Vec<String>> = text
        .lines()
        .map(|line| line.split(separator).map(str::to_owned).collect())
        .collect();
    let (at, other) = (choices.below(lines.len()), choices.below(lines.len()));
    // Keys and ids seldom: another one has hardly ever its form.
    let columns = lines.get(at).map_or(1, Vec::len);
    let column = if choices.once_in(8) {
        0
    } else {
        1 + choices.below(columns.max(2) - 1)
    };
    let from = if choices.once_in(8) {
        choices.below(9)
    } else {
        column
    };
    let old = lines
        .get(at)
        .and_then(|line| line.get(column))
        .cloned()
        .unwrap_or_default();
    let taken = lines
        .get(other)
        .and_then(|line| line.get(from))
        .cloned()
        .unwrap_or_default();
    let value = match choices.below(8) {
        0 => choices.one_of(&ODD).to_owned(),
        1..=3 if separator == '\t' => taken,
        _ => nudged(&old, choices),
    };
    if let Some(old) = lines.get_mut(at).and_then(|line| line.get_mut(column)) {
        *old = value;
    }
    let joined = lines
        .into_iter()
        .map(|line| line.join(&separator.to_string()) + "\n");
    joined.collect::<String>().into_bytes()
}

/// A value next to another: one more or less, one name less, another order, another digit.
fn nudged(old: &str, choices: &mut Choices<'_>) -> String {
    let mut parts: Vec<String> = old.split(',').map(str::to_owned).collect();
    let at = choices.below(parts.len());
    match (old.parse::<u64>(), parts.len(), choices.below(2)) {
        (Ok(number), _, 0) => (number + 1).to_string(),
        (Ok(number), ..) => number.saturating_sub(1).to_string(),
        (Err(_), 2.., 0) => {
            parts.remove(at);
            parts.join(",")
        }
        (Err(_), 2.., _) => {
            parts.swap(0, at);
            parts.join(",")
        }
        _ => match old.char_indices().nth(choices.below(old.chars().count())) {
            Some((byte, c)) => {
                let digit = if c == '1' { "2" } else { "1" };
                format!("{}{digit}{}", &old[..byte], &old[byte + c.len_utf8()..])
            }
            None => "1".into(),
        },
    }
}
