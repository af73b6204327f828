//! Every field of every file of a sound draw, changed: whoever changes one is found, at the checks of [`crate::fields`].
//! Never a change that passes, but for the few that say nothing of the draw, and these are listed.

use draw::folder::{ELIG, Files, POOL, RESULT, STAFF, SUBS};
use draw::hash::Alg;
use draw::verify::{Check, Verdict, verify};

use crate::bundle::stages;
use crate::fields::{ROWS, Row};
use crate::forms::ill;
use crate::reseal::resealed;

/// The columns of a table; of a record, none.
fn columns(file: &str) -> &'static [&'static str] {
    match file {
        POOL => &["id", "stratum", "tier", "weight", "flag", "name", "salt"],
        STAFF => &["inspector", "teams", "cap"],
        ELIG => &["target", "inspectors"],
        RESULT => &["id", "ticket", "status", "inspectors", "salt"],
        SUBS => &[
            "n", "kind", "target", "old", "new", "team", "reason", "evidence", "salt",
        ],
        _ => &[],
    }
}

/// A value in a file: which key or column, and the bytes it takes.
struct Place {
    key: String,
    value: std::ops::Range<usize>,
}

/// All values of a file.
fn places(file: &str, text: &str) -> Vec<Place> {
    let (columns, mut places, mut start) = (columns(file), Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        if columns.is_empty() {
            places.extend(body.split_once('=').map(|(key, _)| Place {
                key: key.to_owned(),
                value: start + key.len() + 1..start + body.len(),
            }));
        } else {
            let mut from = start;
            for (column, name) in body.split('\t').zip(columns) {
                places.push(Place {
                    key: (*name).to_owned(),
                    value: from..from + column.len(),
                });
                from += column.len() + 1;
            }
        }
        start += line.len();
    }
    places
}

/// `a.` is the beginning of `a.1`, and `sub-` of `sub-1.txt`; else only the same is the same.
fn fits(pattern: &str, name: &str) -> bool {
    pattern == name || ((pattern.ends_with('.') || pattern == "sub-") && name.starts_with(pattern))
}

fn with(files: &Files, file: &str, text: &str, value: &std::ops::Range<usize>, new: &str) -> Files {
    let mut changed = files.clone();
    let text = format!("{}{new}{}", &text[..value.start], &text[value.end..]);
    changed.insert(file.to_owned(), text.into_bytes());
    changed
}

fn is_as_expected(files: &Files, expected: &[Check]) -> Result<(), String> {
    match verify(files).verdict {
        Verdict::Fails(check, _) if expected.contains(&check) => Ok(()),
        Verdict::Passes if expected.is_empty() => Ok(()),
        other @ (Verdict::Passes | Verdict::Open | Verdict::Fails(..) | Verdict::Beyond) => {
            Err(format!("{other:?} instead of {expected:?}"))
        }
    }
}

/// Calls `each` with every value of every file of the bundle.
fn each_value(files: &Files, mut each: impl FnMut(&str, &str, &Place)) {
    for (file, bytes) in files {
        let text = std::str::from_utf8(bytes).unwrap();
        places(file, text)
            .iter()
            .for_each(|place| each(file, text, place));
    }
}

#[test]
fn every_field_that_is_changed_is_found() {
    for alg in [Alg::Sha256, Alg::Sm3] {
        let files = stages(alg).revealed;
        assert_eq!(verify(&files).verdict, Verdict::Passes);
        let mut changes = 0;
        each_value(&files, |file, text, place| {
            let rows = ROWS
                .iter()
                .filter(|row| fits(row.0, file) && fits(row.1, &place.key));
            assert!(rows.clone().count() > 0, "{file} {} is in no row", place.key);
            for Row(_, _, to, found, _) in rows {
                for new in to.apply(&text[place.value.clone()]) {
                    let changed = with(&files, file, text, &place.value, &new);
                    let outcome = is_as_expected(&changed, found);
                    assert_eq!(
                        outcome,
                        Ok(()),
                        "{file} {}: {} → {new}",
                        place.key,
                        &text[place.value.clone()]
                    );
                    changes += 1;
                }
            }
        });
        assert!(changes > 400, "only {changes}");
    }
}

#[test]
fn whoever_makes_all_hashes_fit_again_still_cannot_change_the_list() {
    for alg in [Alg::Sha256, Alg::Sm3] {
        let files = stages(alg).revealed;
        assert_eq!(resealed(&files, false).as_ref(), Some(&files));
        let (mut found, mut undone) = (0, 0);
        each_value(&files, |file, text, place| {
            for Row(_, _, to, _, expected) in ROWS
                .iter()
                .filter(|row| fits(row.0, file) && fits(row.1, &place.key))
            {
                for new in to.apply(&text[place.value.clone()]) {
                    let changed = with(&files, file, text, &place.value, &new);
                    // What has not its form can't be resealed: it is found at once.
                    let Some(changed) = resealed(&changed, false) else {
                        continue;
                    };
                    let outcome = is_as_expected(&changed, expected);
                    assert_eq!(
                        outcome,
                        Ok(()),
                        "{file} {}: {} → {new}",
                        place.key,
                        &text[place.value.clone()]
                    );
                    found += 1;
                    undone += u32::from(changed == files);
                }
            }
        });
        assert!(found > 300 && undone > 8, "{found} {undone}");
    }
}

#[test]
fn every_field_that_has_not_its_form_is_found() {
    let files = stages(Alg::Sha256).revealed;
    each_value(&files, |file, text, place| {
        for new in ill(file, &place.key) {
            let changed = with(&files, file, text, &place.value, new);
            let outcome = is_as_expected(&changed, &[Check::Form]);
            assert_eq!(
                outcome,
                Ok(()),
                "{file} {}: {} → “{new}”",
                place.key,
                &text[place.value.clone()]
            );
        }
    });
}
