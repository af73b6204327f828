//! Values that have not the form of a field, field by field (mcd1, sections 2 and 3).
//! Never a value that another field's form would take for granted: each breaks the form where it stands.

use draw::folder::{COMMIT, DRAW, ELIG, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS};

const TEXT: &[&str] = &[
    "",
    " a",
    "a ",
    "\u{3000}a",
    "a\u{a0}",
    "a\u{200b}b",
    "a\u{7f}",
    "a\u{202e}b",
    "\u{feff}a",
    "a\rb",
];
const NAME: &[&str] = &[
    "",
    "-a",
    ".a",
    "a b",
    "a/b",
    "é",
    "a123456789a123456789a123456789a123456789a",
];
const ID: &[&str] = &[
    "",
    "a",
    "-A",
    "A_B",
    "A B",
    "Ａ",
    "A123456789A123456789A123456789A123456",
];
const HASH: &[&str] = &[
    "",
    "0",
    "x",
    "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",
];
const NUMBER: &[&str] = &["", "-1", "+1", "01", "1.0", "１", "1000000000", "1e2"];
const TIME: &[&str] = &[
    "",
    "2026-04-01",
    "2026-02-29T09:00:00+08:00",
    "2026-04-01T24:00:00+08:00",
    "2026-04-01T09:00:00Z",
];

/// Ill-formed values of a key of a record or a column of a table.
pub(crate) fn ill(file: &str, key: &str) -> &'static [&'static str] {
    match file {
        POOL | STAFF | ELIG | RESULT | SUBS => ill_column(file, key),
        _ => ill_key(file, key),
    }
}

fn ill_key(file: &str, key: &str) -> &'static [&'static str] {
    match (file, key) {
        (DRAW, "public") | (PLAN, "title") | (COMMIT, "origin") => TEXT,
        (PLAN, "bureau" | "plan") => NAME,
        (PLAN, "window") => &[
            "",
            "2026-04-02..2026-04-01",
            "2026-04-01",
            "2026-04-01..2026-04-31",
        ],
        (PLAN, "items" | "exclusions" | "slots") => &["", "a,,b", "a,", ",", "a b"],
        (_, "draw") => &["", "2026-000", "2026-1", "26-001", "2026-1000", "２０２６-001"],
        (_, "at" | "open-by" | "reveal-by") => TIME,
        (COMMIT, "alg") => &["", "SHA256", "sha1", "md5"],
        (COMMIT, "public") => &["", "dice:19", "dice:100", "kl8:1", "none:", "drand:0:1", "coin"],
        (REVEAL, key) if key.starts_with("input.") => &["0", "zz", "AB", "-"],
        (_, key) if key.starts_with("holder.") => TEXT,
        (_, key) if key.starts_with("ratio.") => &["", "0/1", "2/1", "1/0", "1", "1/2/3", "01/2"],
        (_, key) if key == "n" || key.starts_with("quota.") => NUMBER,
        _ => HASH,
    }
}

fn ill_column(file: &str, column: &str) -> &'static [&'static str] {
    match (file, column) {
        (POOL, "name") | (SUBS, "reason") => TEXT,
        (POOL, "stratum") | (STAFF, "inspector") => NAME,
        (POOL | RESULT, "id") | (ELIG | SUBS, "target") => ID,
        (POOL, "tier") => &["", "10", "-1", "00", "a", "٣"],
        (POOL, "weight") => &["", "0", "01", "4294967296", "-1", "1 "],
        (POOL, "flag") => &["", "r", "X", "X:", "X:a b", "R,M"],
        (STAFF, "teams") => &["", "SAMR", "EP,EP", "EP,"],
        (STAFF, "cap") => &["", "0", "01", "-1", "1000000000"],
        (ELIG, "inspectors") => &["", "I2,I1", "I1,I1", "I1,I9", "I1,", "?"],
        (RESULT, "status") => &["", "s", "Y", "S,M"],
        (RESULT | SUBS, "inspectors" | "team") => &["", "I1,I1", "I1,", "-,-", "I 1"],
        (SUBS, "n") => NUMBER,
        (SUBS, "kind") => &["", "Target", "both"],
        (SUBS, "old" | "new") => &["", "é", "a b", "I1,I2"],
        _ => HASH,
    }
}
