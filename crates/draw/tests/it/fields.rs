//! The table of all fields of all files: how each is changed, and which checks notice it, with the reason.
//! Never a field without a row: the test that uses the table counts on it.
//!
//! The last column is about somebody who holds all shares and rewrites all records, so that every hash fits again.
//! Such a one can't change who was drawn: the commitment's hash goes into the key, so another commitment draws
//! another list. What is left free (times and grounds after the draw) only a log can hold.

use draw::folder::{COMMIT, DRAW, ELIG, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS};
use draw::verify::Check::{
    self, Chain, Commitment, Draw, Eligibility, Form, Plan, Public, Shares, Substitutions,
};

/// How a value is changed into another one that has its form.
#[derive(Clone, Copy)]
pub(crate) enum To {
    /// Into each of these, where it is another.
    These(&'static [&'static str]),
    /// With this behind it.
    Longer(&'static str),
    /// One more.
    More,
    /// The first hexadecimal digit changed.
    OtherHash,
    /// The first of a list at its end.
    Rotated,
    /// One of a list left out.
    Fewer,
    /// A second later.
    Later,
    /// A year earlier.
    Earlier,
}

impl To {
    pub(crate) fn apply(self, old: &str) -> Vec<String> {
        let parts: Vec<&str> = old.split(',').collect();
        let changed = match self {
            Self::These(values) => values.iter().map(|value| (*value).to_owned()).collect(),
            Self::Longer(tail) => vec![format!("{old}{tail}")],
            Self::More => old
                .parse::<u64>()
                .map(|n| (n + 1).to_string())
                .into_iter()
                .collect(),
            Self::OtherHash if old == "-" => vec!["a".repeat(64)],
            Self::OtherHash => vec![format!(
                "{}{}",
                if old.starts_with('0') { '1' } else { '0' },
                &old[1..]
            )],
            Self::Rotated => vec![[&parts[1..], &parts[..1]].concat().join(",")],
            Self::Fewer if parts.len() < 2 => Vec::new(),
            Self::Fewer => vec![parts[1..].join(",")],
            Self::Later => vec![old.replace(":00:00+", ":00:01+")],
            Self::Earlier => vec![old.replace("2026-", "2025-")],
        };
        changed.into_iter().filter(|new| new != old).collect()
    }
}

/// File, field, a change, the checks that may notice it, and those that may notice it when all hashes are made to fit again.
/// No check: it passes. [`UNDONE`]: the field is such a hash.
pub(crate) struct Row(
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) To,
    pub(crate) &'static [Check],
    pub(crate) &'static [Check],
);

/// Making hashes fit again takes the change back.
const UNDONE: &[Check] = &[];
const PASSES: &[Check] = &[];

const DRAW_NUMBER: To = To::These(&["2027-001"]);
const TEXT: To = To::Longer("（改）");

/// By file and field.
pub(crate) const ROWS: &[Row] = &[
    // The plan is committed to by its hash; the draw number is compared before that.
    Row(PLAN, "bureau", To::Longer("9"), &[Commitment], &[Draw]),
    Row(PLAN, "plan", To::Longer("9"), &[Commitment], &[Draw]),
    Row(PLAN, "draw", DRAW_NUMBER, &[Chain], &[Chain]),
    Row(PLAN, "title", TEXT, &[Commitment], &[Draw]),
    Row(PLAN, "items", To::Longer(",ZDJK-02"), &[Commitment], &[Draw]),
    Row(
        PLAN,
        "window",
        To::These(&["2026-04-01..2026-04-01"]),
        &[Commitment],
        &[Draw],
    ),
    Row(PLAN, "exclusions", To::Rotated, &[Commitment], &[Draw]),
    Row(
        PLAN,
        "exclusions",
        To::These(&["cap", "-"]),
        &[Commitment],
        &[Plan],
    ),
    Row(
        PLAN,
        "slots",
        To::These(&["EP,EP-lead", "EP-lead,EP,EP"]),
        &[Commitment],
        &[Draw],
    ),
    Row(PLAN, "slots", To::These(&["EP,EP"]), &[Form], UNDONE),
    Row(PLAN, "quota.", To::More, &[Commitment], &[Plan, Draw]),
    Row(
        PLAN,
        "quota.",
        To::These(&["0", "99"]),
        &[Commitment],
        &[Plan, Draw],
    ),
    Row(
        PLAN,
        "ratio.",
        To::These(&["1/3", "4/10", "5/5"]),
        &[Commitment],
        &[Plan, Draw],
    ),
    // The pool: an id of the draw is also in elig.tsv, one that is excluded is not; so with the flag.
    Row(POOL, "id", To::Longer("9"), &[Form, Commitment], &[Draw]),
    Row(
        POOL,
        "stratum",
        To::These(&["general", "key"]),
        &[Commitment],
        &[Plan, Draw],
    ),
    Row(
        POOL,
        "stratum",
        To::These(&["other"]),
        &[Commitment],
        &[Plan, Draw],
    ),
    Row(POOL, "tier", To::These(&["0", "3", "9"]), &[Commitment], &[Draw]),
    Row(POOL, "weight", To::More, &[Commitment], &[Draw]),
    Row(
        POOL,
        "weight",
        To::These(&["1", "4294967295"]),
        &[Commitment],
        &[Draw],
    ),
    Row(
        POOL,
        "flag",
        To::These(&["R", "M", "X:cap", "X:closed"]),
        &[Form, Commitment],
        &[Plan, Draw],
    ),
    Row(
        POOL,
        "flag",
        To::These(&["X:other"]),
        &[Form, Commitment],
        &[Plan],
    ),
    Row(POOL, "name", TEXT, &[Commitment], &[Draw]),
    Row(POOL, "salt", To::OtherHash, &[Commitment], &[Draw]),
    // Staff and eligibility are committed to together; each line must be able to fill a task.
    Row(STAFF, "inspector", To::Longer("9"), &[Form], UNDONE),
    Row(STAFF, "teams", To::Rotated, &[Eligibility], &[Draw]),
    Row(
        STAFF,
        "teams",
        To::These(&["EP", "EP-lead"]),
        &[Eligibility],
        &[Eligibility, Draw],
    ),
    Row(STAFF, "cap", To::More, &[Eligibility], &[Draw]),
    Row(
        STAFF,
        "cap",
        To::These(&["1", "999999999"]),
        &[Eligibility],
        &[Draw],
    ),
    Row(ELIG, "target", To::Longer("9"), &[Form], UNDONE),
    Row(
        ELIG,
        "inspectors",
        To::Fewer,
        &[Eligibility],
        &[Eligibility, Draw],
    ),
    Row(
        ELIG,
        "inspectors",
        To::These(&["I1,I2,I3,I4,I5,I6", "I1"]),
        &[Eligibility],
        &[Eligibility, Draw],
    ),
    // Whatever the commitment says, the draw's `prev` is its hash.
    Row(COMMIT, "origin", TEXT, &[Chain], &[Draw]),
    Row(COMMIT, "draw", DRAW_NUMBER, &[Chain], &[Chain]),
    Row(COMMIT, "alg", To::These(&["sha256", "sm3"]), &[Chain], &[Draw]),
    Row(COMMIT, "plan", To::OtherHash, &[Chain], UNDONE),
    Row(COMMIT, "pool", To::OtherHash, &[Chain], UNDONE),
    Row(COMMIT, "elig", To::OtherHash, &[Chain], UNDONE),
    Row(COMMIT, "share.", To::OtherHash, &[Chain], UNDONE),
    Row(COMMIT, "holder.", TEXT, &[Chain], &[Draw]),
    Row(
        COMMIT,
        "public",
        To::These(&["dice:21", "none", "kl8:2026123"]),
        &[Chain],
        &[Public],
    ),
    Row(COMMIT, "open-by", To::Later, &[Chain], &[Draw]),
    Row(COMMIT, "reveal-by", To::Later, &[Chain], &[Draw]),
    Row(COMMIT, "at", To::Later, &[Chain], &[Draw]),
    Row(COMMIT, "open-by", To::Earlier, &[Chain], &[Chain]),
    Row(COMMIT, "reveal-by", To::Earlier, &[Chain], &[Chain]),
    // Records are each the `prev` of the next one.
    Row(DRAW, "draw", DRAW_NUMBER, &[Chain], &[Chain]),
    Row(DRAW, "prev", To::OtherHash, &[Chain], UNDONE),
    Row(
        DRAW,
        "public",
        To::These(&["dice:11234567890123456789"]),
        &[Chain],
        &[Draw],
    ),
    Row(
        DRAW,
        "public",
        To::These(&["none", "dice:1"]),
        &[Chain],
        &[Public],
    ),
    Row(DRAW, "result", To::OtherHash, &[Chain], UNDONE),
    Row(DRAW, "at", To::Later, &[Chain], PASSES),
    Row(DRAW, "at", To::Earlier, &[Chain], &[Chain]),
    Row("sub-", "draw", DRAW_NUMBER, &[Chain], &[Chain]),
    Row("sub-", "prev", To::OtherHash, &[Chain], UNDONE),
    Row("sub-", "n", To::More, &[Chain], &[Chain]),
    Row("sub-", "sub", To::OtherHash, &[Chain], UNDONE),
    Row("sub-", "at", To::Later, &[Chain], PASSES),
    Row("sub-", "at", To::Earlier, &[Chain], &[Chain]),
    // Nothing follows the reveal, so that its time is free as long as it is the last.
    Row(REVEAL, "draw", DRAW_NUMBER, &[Chain], &[Chain]),
    Row(REVEAL, "prev", To::OtherHash, &[Chain], UNDONE),
    Row(REVEAL, "machine.", To::OtherHash, &[Shares], &[Draw]),
    Row(REVEAL, "input.", To::Longer("00"), &[Shares], &[Draw]),
    Row(REVEAL, "elig-salt", To::OtherHash, &[Eligibility], &[Draw]),
    Row(REVEAL, "subs", To::OtherHash, &[Substitutions], UNDONE),
    Row(REVEAL, "subs", To::These(&["-"]), &[Form], UNDONE),
    Row(REVEAL, "at", To::Later, PASSES, PASSES),
    Row(REVEAL, "at", To::Earlier, &[Chain], &[Chain]),
    // The result is recomputed; what no list could look like has not its form.
    Row(RESULT, "id", To::Longer("9"), &[Draw], &[Draw]),
    Row(RESULT, "ticket", To::OtherHash, &[Draw, Form], &[Draw]),
    Row(RESULT, "ticket", To::These(&["-"]), &[Form], UNDONE),
    Row(
        RESULT,
        "status",
        To::These(&["M", "S", "N", "X"]),
        &[Draw, Form],
        &[Draw],
    ),
    Row(RESULT, "inspectors", To::Rotated, &[Draw], &[Draw]),
    Row(
        RESULT,
        "inspectors",
        To::These(&["I1,?", "?,?", "I1", "-"]),
        &[Draw, Form],
        &[Draw],
    ),
    Row(RESULT, "salt", To::OtherHash, &[Draw], &[Draw]),
    // Substitutions are sealed row by row; only who comes next is fixed by the draw, not why.
    Row(SUBS, "n", To::More, &[Form], UNDONE),
    Row(
        SUBS,
        "kind",
        To::These(&["target", "inspector"]),
        &[Substitutions, Form],
        &[Substitutions],
    ),
    Row(
        SUBS,
        "target",
        To::These(&["C1", "D3", "ZZ"]),
        &[Substitutions],
        &[Substitutions],
    ),
    Row(
        SUBS,
        "old",
        To::These(&["A1", "B2", "I1"]),
        &[Substitutions],
        &[Substitutions],
    ),
    Row(
        SUBS,
        "old",
        To::These(&["?"]),
        &[Substitutions, Form],
        &[Substitutions],
    ),
    Row(
        SUBS,
        "new",
        To::These(&["A1", "I1", "D3"]),
        &[Substitutions, Form],
        &[Substitutions],
    ),
    Row(
        SUBS,
        "new",
        To::These(&["?", "-"]),
        &[Substitutions, Form],
        &[Substitutions],
    ),
    Row(SUBS, "team", To::Rotated, &[Substitutions], &[Substitutions]),
    Row(
        SUBS,
        "team",
        To::These(&["?,?", "I1", "-"]),
        &[Substitutions, Form],
        &[Substitutions],
    ),
    Row(SUBS, "reason", TEXT, &[Substitutions], PASSES),
    Row(SUBS, "evidence", To::OtherHash, &[Substitutions], PASSES),
    Row(SUBS, "salt", To::OtherHash, &[Substitutions], PASSES),
];
