//! Lines and files of a sound draw dropped, doubled, moved, cut short, ended otherwise: each is found.
//! Never a folder that passes without a file, a line or a byte that it needs; what needs nothing is listed.

use draw::folder::{COMMIT, DRAW, ELIG, Files, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS, VOID};
use draw::hash::Alg;
use draw::verify::Check::{self, Chain, Commitment, Draw, Form, Substitutions};
use draw::verify::{Verdict, verify};

use crate::bundle::stages;

fn changed(files: &Files, file: &str, bytes: Vec<u8>) -> Files {
    let mut changed = files.clone();
    changed.insert(file.to_owned(), bytes);
    changed
}

/// The check that fails, if one does; not that the folder is open.
fn check_of(files: &Files) -> Option<Check> {
    let verdict = verify(files).verdict;
    assert_ne!(verdict, Verdict::Open);
    failed(verdict)
}

fn failed(verdict: Verdict) -> Option<Check> {
    match verdict {
        Verdict::Fails(check, _) => Some(check),
        Verdict::Passes | Verdict::Open | Verdict::Beyond => None,
    }
}

/// Calls `each` with every file of a sound draw under either hash, as lines with their LF.
fn each_file(mut each: impl FnMut(&Files, &str, &[&str])) {
    for alg in [Alg::Sha256, Alg::Sm3] {
        let files = stages(alg).revealed;
        for (file, bytes) in &files {
            let text = std::str::from_utf8(bytes).unwrap();
            each(&files, file, &text.split_inclusive('\n').collect::<Vec<_>>());
        }
    }
}

/// Lines without which a plan has its form: what quotas say is for later checks.
fn is_quota(line: &str) -> bool {
    line.starts_with("quota.") || line.starts_with("ratio.")
}

fn is_excluded(line: &str) -> bool {
    line.contains("\tX:")
}

#[test]
fn a_line_that_is_dropped_is_found() {
    each_file(|files, file, lines| {
        for (at, line) in lines.iter().enumerate() {
            let left = [&lines[..at], &lines[at + 1..]].concat();
            let expected = match file {
                // A ratio needs its quota, and `general` has one.
                PLAN if is_quota(line) && !line.starts_with("quota.general") => Commitment,
                POOL if is_excluded(line) => Commitment,
                RESULT => Draw,
                // Without the last row the others still count from 1.
                SUBS if at + 1 == lines.len() => Substitutions,
                _ => Form,
            };
            let found = check_of(&changed(files, file, left.concat().into_bytes()));
            assert_eq!(found, Some(expected), "{file} without {line}");
        }
    });
}

#[test]
fn a_line_that_is_doubled_is_found() {
    each_file(|files, file, lines| {
        for at in 0..lines.len() {
            let doubled = [&lines[..=at], &lines[at..]].concat().concat();
            let expected = if file == RESULT { Draw } else { Form };
            let found = check_of(&changed(files, file, doubled.into_bytes()));
            assert_eq!(found, Some(expected), "{file} line {at}");
        }
    });
}

/// The order of keys is free, but it is hashed: only that of the last record, which nothing follows, is free indeed.
#[test]
fn a_line_that_is_moved_is_found_but_in_the_last_record() {
    each_file(|files, file, lines| {
        for at in 1..lines.len() {
            let mut moved = lines.to_vec();
            moved.swap(at - 1, at);
            let moves_the_type = at == 1 && file.ends_with(".txt");
            let expected = match file {
                _ if moves_the_type => Some(Form),
                PLAN => Some(Commitment),
                POOL | STAFF | ELIG | SUBS => Some(Form),
                RESULT => Some(Draw),
                REVEAL => None,
                _ => Some(Chain),
            };
            let found = check_of(&changed(files, file, moved.concat().into_bytes()));
            assert_eq!(found, expected, "{file} line {at}");
        }
    });
}

#[test]
fn a_file_that_is_cut_short_is_found() {
    each_file(|files, file, lines| {
        for kept in 0..lines.len() {
            let (kept, lost) = lines.split_at(kept);
            let expected = match file {
                _ if kept.is_empty() => Form,
                PLAN if lost.iter().all(|line| is_quota(line)) => Commitment,
                POOL if lost.iter().all(|line| is_excluded(line)) => Commitment,
                RESULT => Draw,
                SUBS => Substitutions,
                _ => Form,
            };
            let found = check_of(&changed(files, file, kept.concat().into_bytes()));
            assert_eq!(found, Some(expected), "{file} of {} lines", kept.len());
            // And in the middle of a line.
            let mut cut = [kept.concat(), lost[0].to_owned()].concat().into_bytes();
            cut.truncate(cut.len() - 2);
            assert_eq!(check_of(&changed(files, file, cut)), Some(Form));
        }
    });
}

#[test]
fn a_key_that_mcd1_does_not_have_is_found() {
    each_file(|files, file, lines| {
        if !file.ends_with(".txt") {
            return;
        }
        for (at, line) in lines.iter().enumerate().skip(1) {
            let (key, value) = line.split_once('=').unwrap();
            for renamed in [
                format!("{key}x={value}"),
                format!(" {line}"),
                format!("{key}:{value}"),
            ] {
                let mut with = lines.to_vec();
                with[at] = &renamed;
                let found = check_of(&changed(files, file, with.concat().into_bytes()));
                // Another stratum's quota has its form; that of `general` has a ratio, which must not lose it.
                let expected = if renamed.starts_with("quota.keyx") {
                    Commitment
                } else {
                    Form
                };
                assert_eq!(found, Some(expected), "{file}: {renamed}");
            }
        }
        let more = [&lines.concat(), "extra=1\n"].concat();
        assert_eq!(
            check_of(&changed(files, file, more.into_bytes())),
            Some(Form),
            "{file}"
        );
    });
}

/// What is done to all of a file, and what becomes of the text; all of it breaks the form of a text file.
const ENDS: [fn(&str) -> String; 16] = [
    |_| String::new(),
    |_| "\n".into(),
    |text| text.replace('\n', "\r\n"),
    |text| text.replacen('\n', "\r\n", 1),
    |text| text.replace('\n', "\r"),
    |text| text.replace('\n', "\u{2028}"),
    |text| text.replacen('\n', "\u{85}", 1),
    |text| text.replacen('\n', "\0\n", 1),
    |text| text.replacen('\n', " \n", 1),
    |text| text.replacen('\n', "\t\n", 1),
    |text| text.replacen('\n', "\n\n", 1),
    |text| text.trim_end().to_owned(),
    |text| format!("{text}\n"),
    |text| format!("\n{text}"),
    |text| format!("\u{feff}{text}"),
    |text| format!("{text}#\n"),
];

#[test]
fn lines_that_end_otherwise_are_found() {
    each_file(|files, file, lines| {
        for (n, ends) in ENDS.iter().enumerate() {
            let found = check_of(&changed(files, file, ends(&lines.concat()).into_bytes()));
            assert_eq!(found, Some(Form), "{file}, way {n}");
        }
        for bytes in [&b"\xff\xfe"[..], b"\xc0\x80\n", b"\xed\xa0\x80\n", b"\0\n"] {
            assert_eq!(check_of(&changed(files, file, bytes.to_vec())), Some(Form));
            let behind = [lines.concat().as_bytes(), bytes].concat();
            assert_eq!(check_of(&changed(files, file, behind)), Some(Form));
        }
    });
}

#[test]
fn a_file_that_is_missing_is_found() {
    each_file(|files, file, _| {
        let mut left = files.clone();
        left.remove(file);
        match file {
            // Not yet unsealed: that is no verdict on the draw.
            REVEAL => assert_eq!(verify(&left).verdict, Verdict::Open),
            _ if file.starts_with("sub-") => assert_eq!(check_of(&left), Some(Chain), "without {file}"),
            _ => assert_eq!(check_of(&left), Some(Form), "without {file}"),
        }
    });
}

#[test]
fn a_file_that_should_not_be_there_is_found() {
    for alg in [Alg::Sha256, Alg::Sm3] {
        let stages = stages(alg);
        let (revealed, void_after) = (&stages.revealed, &stages.void_after);
        let with = |files: &Files, name: &str, from: &Files, of: &str| {
            check_of(&changed(files, name, from[of].clone()))
        };
        // One substitution more than the reveal follows; a void that the reveal does not follow.
        assert_eq!(with(revealed, "sub-4.txt", revealed, "sub-3.txt"), Some(Chain));
        assert_eq!(with(revealed, VOID, void_after, VOID), Some(Chain));
        assert_eq!(with(revealed, VOID, revealed, DRAW), Some(Form));
        assert_eq!(with(revealed, VOID, &stages.void_before, VOID), Some(Form));
        assert_eq!(with(revealed, "sub-4.txt", revealed, POOL), Some(Form));
        // Given up before the value was known: neither a draw nor a reveal nor anything that comes of them.
        for name in [DRAW, RESULT, SUBS, REVEAL, "sub-1.txt"] {
            assert_eq!(
                with(&stages.void_before, name, revealed, name),
                Some(Form),
                "{name}"
            );
        }
        // Names that are none of mcd1's are ignored, whatever they hold.
        for name in [
            "README.md",
            "sub-0.txt",
            "sub-01.txt",
            "sub-5.txt",
            "sub-.txt",
            "plan.txt~",
            "PLAN.TXT",
        ] {
            assert_eq!(with(revealed, name, revealed, POOL), None, "{name}");
        }
        // So are staff and eligibility of a draw that was given up before the value was known.
        for name in [STAFF, ELIG] {
            assert_eq!(with(&stages.void_before, name, revealed, POOL), None, "{name}");
        }
    }
}

/// The verdict when every `from` in a file is a `to`.
fn edited(files: &Files, file: &str, from: &str, to: &str) -> Verdict {
    let text = std::str::from_utf8(&files[file]).unwrap();
    assert!(text.contains(from), "{file}: {from}");
    verify(&changed(files, file, text.replace(from, to).into_bytes())).verdict
}

const LATER: (&str, &str) = (":00:00+", ":00:09+");

/// In the last record of a folder only what another record or rule says too is held; the rest only a log can hold.
#[test]
fn what_nothing_follows_can_be_changed_without_a_log() {
    let stages = stages(Alg::Sha256);
    for (files, file, (from, to)) in [
        (&stages.void_before, VOID, ("reason=停电", "reason=another")),
        (
            &stages.void_before,
            VOID,
            ("approved-by=王局长", "approved-by=another"),
        ),
        (&stages.void_before, VOID, LATER),
        (&stages.void_after, REVEAL, LATER),
        (&stages.revealed, REVEAL, LATER),
    ] {
        assert_eq!(edited(files, file, from, to), Verdict::Passes, "{file} {from}");
    }
    for (files, file, (from, to)) in [
        (&stages.committed, COMMIT, ("origin=", "origin=x")),
        (&stages.committed, COMMIT, ("holder.1=", "holder.1=x")),
        (&stages.substituted, "sub-3.txt", LATER),
        // The value was known after all: then it must be unsealed.
        (
            &stages.void_before,
            VOID,
            ("public=-", "public=dice:01234567890123456789"),
        ),
    ] {
        assert_eq!(edited(files, file, from, to), Verdict::Open, "{file} {from}");
    }
}

#[test]
fn folders_that_are_not_revealed_are_held_by_what_they_have() {
    let stages = stages(Alg::Sha256);
    for (files, file, (from, to), check) in [
        (&stages.void_before, VOID, ("2026-04-03T", "2026-03-03T"), Chain),
        (&stages.void_before, VOID, ("draw=2026-", "draw=2027-"), Chain),
        (
            &stages.void_before,
            VOID,
            ("public=-", "public=dice:0"),
            Check::Public,
        ),
        (
            &stages.void_after,
            VOID,
            ("reason=公共值录入有误", "reason=another"),
            Chain,
        ),
        (
            &stages.void_after,
            VOID,
            ("public=dice:0", "public=dice:1"),
            Chain,
        ),
        (&stages.committed, COMMIT, ("plan=", "plan=0"), Form),
        (&stages.committed, PLAN, ("bureau=4", "bureau=5"), Commitment),
        (&stages.substituted, "sub-1.txt", LATER, Chain),
        (
            &stages.substituted,
            DRAW,
            ("public=dice:0", "public=dice:1"),
            Chain,
        ),
    ] {
        assert_eq!(
            failed(edited(files, file, from, to)),
            Some(check),
            "{file} {from}"
        );
    }
}
