//! The files of a draw, and which kind of folder they make (section 3).
//! Never reads a disk: a folder is a map from names to bytes.

use std::collections::BTreeMap;

use crate::form::Wrong;
use crate::plan::Plan;
use crate::record::{Commit, Draw, Reveal, Sub, Void};
use crate::table::{Elig, PoolLine, Staff, SubLine, check_result_form, parse_pool, parse_subs};

/// `plan.txt`.
pub const PLAN: &str = "plan.txt";
/// `pool.tsv`.
pub const POOL: &str = "pool.tsv";
/// `staff.tsv`.
pub const STAFF: &str = "staff.tsv";
/// `elig.tsv`.
pub const ELIG: &str = "elig.tsv";
/// `1-commit.txt`.
pub const COMMIT: &str = "1-commit.txt";
/// `2-draw.txt`.
pub const DRAW: &str = "2-draw.txt";
/// `result.tsv`.
pub const RESULT: &str = "result.tsv";
/// `subs.tsv`.
pub const SUBS: &str = "subs.tsv";
/// `void.txt`.
pub const VOID: &str = "void.txt";
/// `3-reveal.txt`.
pub const REVEAL: &str = "3-reveal.txt";

/// The name of the n-th substitution's record.
#[must_use]
pub fn sub_name(n: usize) -> String {
    format!("sub-{n}.txt")
}

/// Whether a file belongs to a draw; all others are ignored.
#[must_use]
pub fn is_named(name: &str) -> bool {
    let fixed = [PLAN, POOL, STAFF, ELIG, COMMIT, DRAW, RESULT, SUBS, VOID, REVEAL].contains(&name);
    let number = name
        .strip_prefix("sub-")
        .and_then(|rest| rest.strip_suffix(".txt"));
    fixed || number.is_some_and(|n| crate::form::integer(n).is_some_and(|n| n > 0))
}

/// The files of a folder by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a folder is, decided from the files that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Drawn and unsealed.
    Revealed,
    /// Given up before the public value was known.
    VoidBefore,
    /// Given up after the public value was known, and unsealed all the same.
    VoidAfter,
    /// Not yet unsealed.
    Open,
}

impl Kind {
    /// The name that verifiers print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revealed => "revealed",
            Self::VoidBefore => "void before",
            Self::VoidAfter => "void after",
            Self::Open => "open",
        }
    }

    /// Whether everything is disclosed, so that all can be recomputed.
    #[must_use]
    pub const fn is_unsealed(self) -> bool {
        matches!(self, Self::Revealed | Self::VoidAfter)
    }
}

/// What only an unsealed folder has.
pub struct Unsealed<'a> {
    /// `staff.tsv`.
    pub staff: Staff<'a>,
    /// `elig.tsv`.
    pub elig: Elig,
    /// `result.tsv`, if the draw came so far.
    pub result: Option<&'a [u8]>,
    /// `subs.tsv`, if there were substitutions.
    pub subs: Vec<SubLine<'a>>,
    /// `3-reveal.txt`.
    pub reveal: Reveal,
}

/// A folder whose files all have their form.
pub struct Folder<'a> {
    files: &'a Files,
    /// What it is.
    pub kind: Kind,
    /// `plan.txt`.
    pub plan: Plan,
    /// `pool.tsv`.
    pub pool: Vec<PoolLine<'a>>,
    /// `1-commit.txt`.
    pub commit: Commit,
    /// `2-draw.txt`.
    pub draw: Option<Draw>,
    /// `sub-1.txt` … without gaps.
    pub subs: Vec<Sub>,
    /// `void.txt`.
    pub void: Option<Void>,
    /// The rest of an unsealed folder.
    pub unsealed: Option<Unsealed<'a>>,
}

/// Parses a file that must be there.
fn need<'a, T>(
    files: &'a Files,
    name: &str,
    parse: impl FnOnce(&'a [u8]) -> Result<T, Wrong>,
) -> Result<T, Wrong> {
    let bytes = files.get(name).ok_or_else(|| format!("缺少 {name}"))?;
    parse(bytes).map_err(|wrong| format!("{name}：{wrong}"))
}

/// Parses a file if it is there.
fn some<'a, T>(
    files: &'a Files,
    name: &str,
    parse: impl FnOnce(&'a [u8]) -> Result<T, Wrong>,
) -> Result<Option<T>, Wrong> {
    files
        .contains_key(name)
        .then(|| need(files, name, parse))
        .transpose()
}

impl<'a> Folder<'a> {
    /// Check `form`: each file that the kind needs is there, and is of its form.
    ///
    /// # Errors
    /// A sentence that names the file, and line or key.
    pub fn parse(files: &'a Files) -> Result<Self, Wrong> {
        let void = some(files, VOID, Void::parse)?;
        let kind = kind(files, void.as_ref())?;
        let plan = need(files, PLAN, Plan::parse)?;
        let pool = need(files, POOL, parse_pool)?;
        let commit = need(files, COMMIT, Commit::parse)?;
        let draw = some(files, DRAW, Draw::parse)?;
        let names = (1..).map(sub_name).take_while(|name| files.contains_key(name));
        let subs = names
            .map(|name| need(files, &name, Sub::parse))
            .collect::<Result<Vec<_>, _>>()?;
        let unsealed = if kind.is_unsealed() {
            Some(Unsealed::parse(files, &plan, &pool, &commit)?)
        } else {
            None
        };
        Ok(Self {
            files,
            kind,
            plan,
            pool,
            commit,
            draw,
            subs,
            void,
            unsealed,
        })
    }

    /// The bytes of a file, which is what is hashed; of none, nothing.
    #[must_use]
    pub fn bytes(&self, name: &str) -> &'a [u8] {
        self.files.get(name).map_or(&[], Vec::as_slice)
    }
}

fn kind(files: &Files, void: Option<&Void>) -> Result<Kind, Wrong> {
    let has = |name: &str| files.contains_key(name);
    let after_the_draw = [RESULT, SUBS, "sub-1.txt"];
    if let Some(Void { public: None, .. }) = void {
        let excess = [DRAW, REVEAL]
            .into_iter()
            .chain(after_the_draw)
            .find(|name| has(name));
        return excess.map_or(Ok(Kind::VoidBefore), |name| {
            Err(format!("公共值未知时作废，不应有 {name}"))
        });
    }
    if let Some(name) = after_the_draw.into_iter().find(|name| has(name) && !has(DRAW)) {
        return Err(format!("有 {name} 而没有 {DRAW}"));
    }
    match (has(REVEAL), void.is_some()) {
        (false, _) => Ok(Kind::Open),
        (true, true) => Ok(Kind::VoidAfter),
        (true, false) if has(DRAW) => Ok(Kind::Revealed),
        (true, false) => Err(format!("有 {REVEAL} 而没有 {DRAW} 或 {VOID}")),
    }
}

impl<'a> Unsealed<'a> {
    fn parse(files: &'a Files, plan: &Plan, pool: &[PoolLine<'_>], commit: &Commit) -> Result<Self, Wrong> {
        let reveal = need(files, REVEAL, |bytes| Reveal::parse(bytes, commit.shares.len()))?;
        if reveal.subs.is_some() != files.contains_key(SUBS) {
            return Err(format!("{SUBS} 在且仅在 {REVEAL} 的 subs 不是“-”时存在"));
        }
        let staff = need(files, STAFF, |bytes| Staff::parse(bytes, plan))?;
        let elig = need(files, ELIG, |bytes| Elig::parse(bytes, pool, &staff))?;
        let result = |bytes: &'a [u8]| check_result_form(bytes).map(|()| bytes);
        let result = files
            .contains_key(DRAW)
            .then(|| need(files, RESULT, result))
            .transpose()?;
        let subs = some(files, SUBS, parse_subs)?.unwrap_or_default();
        Ok(Self {
            staff,
            elig,
            result,
            subs,
            reveal,
        })
    }
}
