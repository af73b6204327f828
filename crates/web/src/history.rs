//! Versions of a record as a timeline: who, when, on what ground, and what changed from one to the next.
//! Never hides a change that a version made.

use ops::{At, Version};

/// A field with what it says.
pub(crate) struct Fact {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What one act changed.
pub(crate) struct Change {
    pub(crate) title: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// An act of the timeline.
pub(crate) struct Act {
    pub(crate) number: i64,
    pub(crate) now: bool,
    pub(crate) at: String,
    pub(crate) author: String,
    pub(crate) word: &'static str,
    pub(crate) ground: String,
    pub(crate) changes: Vec<Change>,
}

/// Titles with their cells as facts.
pub(crate) fn facts(cells: &[(&'static str, String)]) -> Vec<Fact> {
    let fact = |(title, text): &(&'static str, String)| Fact {
        title: (*title).to_owned(),
        text: text.clone(),
    };
    cells.iter().map(fact).collect()
}

/// The timeline of versions that come newest first.
pub(crate) fn acts<T>(
    versions: &[Version<T>],
    cells: impl Fn(&T) -> Vec<(&'static str, String)>,
    inside: impl Fn(&T) -> bool,
) -> Vec<Act> {
    let act = |(at, version): (usize, &Version<T>)| {
        let before = versions
            .get(at + 1)
            .map(|before| cells(&before.record))
            .unwrap_or_default();
        let after = cells(&version.record);
        Act {
            number: version.number,
            now: version.until == At::FOREVER && inside(&version.record),
            at: version.stamp.at.to_string(),
            author: version.stamp.author.clone(),
            word: word(&version.stamp.act),
            ground: version.stamp.ground.clone(),
            changes: if before.is_empty() {
                Vec::new()
            } else {
                differences(&before, &after)
            },
        }
    };
    versions.iter().enumerate().map(act).collect()
}

/// Cells that differ.
pub(crate) fn differences(
    before: &[(&'static str, String)],
    after: &[(&'static str, String)],
) -> Vec<Change> {
    let changed = before
        .iter()
        .zip(after)
        .filter(|((_, before), (_, after))| before != after);
    let change = |((title, before), (_, after)): (&(&'static str, String), &(&'static str, String))| Change {
        title: (*title).to_owned(),
        before: before.clone(),
        after: after.clone(),
    };
    changed.map(change).collect()
}

/// The word of an act, by its name in the ledger.
pub(crate) fn word(act: &str) -> &'static str {
    ops::audit::verb(act).unwrap_or("办理")
}
