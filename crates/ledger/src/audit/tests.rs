//! Logs that somebody tampered with: it is found, and where it is found includes where it was.
//! Never a tampering that is checked only for being found somewhere.

use proptest::prelude::*;

use super::*;
use crate::checkpoint::{NoteError, SEED_BYTES, Signer};
use crate::entry::{EntryError, Visibility};

const ORIGIN: &str = "example.gov.cn/ledger";

/// A database: leaves with hash and text, and checkpoints, both in order.
#[derive(Clone)]
struct Log {
    leaves: Vec<(u64, Hash, Option<String>)>,
    checkpoints: Vec<(u64, String)>,
}

fn signer() -> Signer {
    Signer::new(ORIGIN, [7; SEED_BYTES]).unwrap()
}

fn text(n: u64, ground: &str) -> String {
    Entry {
        at_micros: 1_784_509_200_000_000 + i64::try_from(n).unwrap(),
        bureau: "示例市生态环境局".into(),
        actor: "zhang.san".into(),
        from: "-".into(),
        act: "source.change".into(),
        subject: format!("source/{n}"),
        ground: ground.into(),
        before: None,
        after: Some(tree::leaf(&n.to_be_bytes())),
        visibility: match n % 2 {
            0 => Visibility::Public,
            _ => Visibility::Private { salt: [1; 16] },
        },
    }
    .to_text()
}

impl Log {
    /// A log of so many entries, with a checkpoint after every few of them and after the last.
    fn new(count: u64, every: usize) -> Self {
        let leaves = (0..count)
            .map(|n| {
                let text = text(n, "例行");
                (n, tree::leaf(text.as_bytes()), Some(text))
            })
            .collect();
        let checkpoints = (0..=count)
            .step_by(every)
            .chain([count])
            .map(|size| (size, String::new()))
            .collect();
        let mut log = Self { leaves, checkpoints };
        log.checkpoints.dedup();
        log.sign();
        log
    }

    fn note(&self, size: u64) -> String {
        let mut frontier = Frontier::default();
        let size = usize::try_from(size).unwrap();
        self.leaves[..size]
            .iter()
            .for_each(|(_, hash, _)| frontier.push(*hash));
        signer().sign(frontier.size(), frontier.root())
    }

    /// Signs all checkpoints anew, as somebody who has the key could.
    fn sign(&mut self) {
        for place in 0..self.checkpoints.len() {
            let size = self.checkpoints[place].0;
            self.checkpoints[place].1 = self.note(size);
        }
    }

    fn edit_text(&mut self, n: usize) {
        self.leaves[n].2 = Some(text(n as u64, "另有原因"));
    }

    fn edit_text_and_hash(&mut self, n: usize) {
        self.edit_text(n);
        self.leaves[n].1 = tree::leaf(text(n as u64, "另有原因").as_bytes());
    }

    fn audit(&self, external: &[String]) -> Report {
        let mut audit = Audit::new(Verifier::parse(&signer().verifier_key()).unwrap());
        external.iter().for_each(|note| audit.external(note));
        let mut checkpoints = self.checkpoints.iter().peekable();
        for (index, hash, body) in &self.leaves {
            while let Some((size, note)) = checkpoints.next_if(|(size, _)| size <= index) {
                audit.checkpoint(*size, note);
            }
            audit.leaf(*index, *hash, body.as_deref());
        }
        checkpoints.for_each(|(size, note)| audit.checkpoint(*size, note));
        audit.finish()
    }
}

fn names(report: &Report, index: usize) -> bool {
    let names = |finding: &Finding| {
        finding
            .positions()
            .is_some_and(|positions| positions.contains(&(index as u64)))
    };
    report.findings.iter().any(names)
}

fn sentences(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

#[derive(Clone, Copy, Debug)]
enum Tampering {
    EditText,
    EditTextAndHash,
    EditAllAndSignAnew,
    DropLeaf,
    DropLeafAndCloseUp,
    DropText,
    SwapContents,
    SwapOrder,
    Repeat,
    Truncate,
    TruncateAll,
    EditCheckpoint,
    MoveCheckpoint,
}

fn any_tampering() -> impl Strategy<Value = Tampering> {
    use Tampering::*;
    prop::sample::select(vec![
        EditText,
        EditTextAndHash,
        EditAllAndSignAnew,
        DropLeaf,
        DropLeafAndCloseUp,
        DropText,
        SwapContents,
        SwapOrder,
        Repeat,
        Truncate,
        TruncateAll,
        EditCheckpoint,
        MoveCheckpoint,
    ])
}

/// Tampers with a log at an entry. `Swap…` is with another one.
fn tamper(log: &mut Log, how: Tampering, at: usize, other: usize) {
    match how {
        Tampering::EditText => log.edit_text(at),
        Tampering::EditTextAndHash => log.edit_text_and_hash(at),
        Tampering::EditAllAndSignAnew => {
            log.edit_text_and_hash(at);
            log.sign();
        }
        Tampering::DropLeaf => {
            log.leaves.remove(at);
        }
        Tampering::DropLeafAndCloseUp => {
            log.leaves.remove(at);
            (0..).zip(&mut log.leaves).for_each(|(n, leaf)| leaf.0 = n);
        }
        Tampering::DropText => log.leaves[at].2 = None,
        Tampering::SwapContents => {
            log.leaves.swap(at, other);
            (0..).zip(&mut log.leaves).for_each(|(n, leaf)| leaf.0 = n);
        }
        Tampering::SwapOrder => log.leaves.swap(at, other),
        Tampering::Repeat => log.leaves.insert(at, log.leaves[at].clone()),
        Tampering::Truncate => log.leaves.truncate(at),
        Tampering::TruncateAll => {
            log.leaves.truncate(at);
            log.checkpoints.retain(|(size, _)| *size <= at as u64);
        }
        Tampering::EditCheckpoint => {
            let place = at % log.checkpoints.len();
            let (_, note) = &mut log.checkpoints[place];
            *note = note.replacen('A', "B", 1).replacen('\n', "\n1", 1);
        }
        Tampering::MoveCheckpoint => {
            let place = at % log.checkpoints.len();
            log.checkpoints[place].1 = log.checkpoints[(place + 1) % log.checkpoints.len()].1.clone();
        }
    }
}

/// Whether the report names what was done.
fn is_found(how: Tampering, at: usize, other: usize, place: u64, report: &Report) -> bool {
    match how {
        Tampering::EditText
        | Tampering::EditTextAndHash
        | Tampering::EditAllAndSignAnew
        | Tampering::DropLeaf
        | Tampering::DropLeafAndCloseUp
        | Tampering::DropText
        | Tampering::Repeat
        | Tampering::Truncate
        | Tampering::TruncateAll => names(report, at),
        Tampering::SwapContents => names(report, at.min(other)),
        Tampering::SwapOrder => names(report, at) || names(report, other),
        Tampering::EditCheckpoint => matches!(
            report.findings[..],
            [Finding::Note { holder: Holder::Database, number, .. }] if number == place
        ),
        Tampering::MoveCheckpoint => {
            matches!(report.findings[..], [Finding::Misfiled { filed, .. }] if filed == place)
        }
    }
}

proptest! {
    #[test]
    fn a_log_that_nobody_touched_has_no_findings(count in 0_u64..60, every in 1_usize..9, held in 0_u64..60) {
        let log = Log::new(count, every);
        let report = log.audit(&[log.note(held.min(count)), log.note(count)]);
        prop_assert_eq!(sentences(&report), Vec::<String>::new());
        prop_assert_eq!(report.size, count);
        prop_assert_eq!(report.signed_size, count);
        prop_assert_eq!(report.unchecked, 0);
        prop_assert_eq!(report.checkpoints, log.checkpoints.len() as u64);
        prop_assert_eq!(report.external_checkpoints, 2);
        let hashes: Vec<Hash> = log.leaves.iter().map(|(_, hash, _)| *hash).collect();
        prop_assert_eq!(report.root, Some(tree::root(&hashes)));
    }

    #[test]
    fn a_tampering_is_found_where_it_was(
        how in any_tampering(), count in 2_u64..60, every in 1_usize..9, at in any::<prop::sample::Index>(), step in any::<prop::sample::Index>(),
    ) {
        let mut log = Log::new(count, every);
        let size = log.leaves.len();
        let at = at.index(size);
        let other = (at + 1 + step.index(size - 1)) % size;
        // Whoever has the key and the database is found by what outsiders hold, and only by that.
        let is_signed_anew = matches!(how, Tampering::EditAllAndSignAnew | Tampering::TruncateAll);
        let external: Vec<String> = is_signed_anew.then(|| log.note(count)).into_iter().collect();
        let place = log.checkpoints[at % log.checkpoints.len()].0;
        tamper(&mut log, how, at, other);
        let report = log.audit(&external);
        prop_assert!(is_found(how, at, other, place, &report), "{how:?} at {at}, {other}: {:#?}", sentences(&report));
        prop_assert!(sentences(&report).iter().all(|sentence| !sentence.is_empty()));
    }

    #[test]
    fn the_change_is_between_the_last_checkpoint_that_agrees_and_the_first_that_differs(
        count in 1_u64..60, every in 1_usize..9, at in any::<prop::sample::Index>(),
    ) {
        let mut log = Log::new(count, every);
        let at = at.index(log.leaves.len());
        tamper(&mut log, Tampering::EditTextAndHash, at, at);
        let report = log.audit(&[]);
        let until = log.checkpoints.iter().position(|(size, _)| *size > at as u64).unwrap();
        let positions = log.checkpoints[until - 1].0..log.checkpoints[until].0;
        let later = (log.checkpoints.len() - until - 1) as u64;
        prop_assert_eq!(report.signed_size, positions.start);
        prop_assert_eq!(report.findings, vec![Finding::OtherRoot { holder: Holder::Database, positions, later }]);
    }

    #[test]
    fn what_is_fed_in_any_order_and_shape_does_no_harm(
        leaves in prop::collection::vec((prop_oneof![0_u64..9, Just(u64::MAX), any::<u64>()], any::<bool>()), 0..20),
        checkpoints in prop::collection::vec((prop_oneof![0_u64..9, Just(u64::MAX)], 0_u64..9), 0..9),
    ) {
        let whole = Log::new(9, 1);
        let leaves = leaves.into_iter().map(|(index, there)| (index, whole.leaves[0].1, there.then(|| text(0, "例行")))).collect();
        let checkpoints = checkpoints.into_iter().map(|(size, signed)| (size, whole.note(signed))).collect();
        let report = Log { leaves, checkpoints }.audit(&[whole.note(5)]);
        prop_assert!(report.unchecked == 0 || !report.findings.is_empty());
        prop_assert!(sentences(&report).iter().all(|sentence| !sentence.is_empty()));
    }
}

/// The sentences of a log of 12 entries with checkpoints at 0, 5, 10 and 12, of which outsiders hold some.
#[track_caller]
fn check(tamper: impl FnOnce(&mut Log), held: &[u64], expected: &[&str]) -> Report {
    let mut log = Log::new(12, 5);
    let external: Vec<String> = held.iter().map(|size| log.note(*size)).collect();
    tamper(&mut log);
    let report = log.audit(&external);
    assert_eq!(sentences(&report), expected);
    report
}

#[test]
fn an_entry_that_was_edited_is_named() {
    check(
        |log| log.edit_text(7),
        &[],
        &["序号 7 的存证内容被改动，与记入账本时的哈希不符。请从备份中找出原内容比对"],
    );
}

#[test]
fn entries_edited_together_with_their_hashes_are_enclosed_by_checkpoints() {
    let edit = |log: &mut Log| log.edit_text_and_hash(7);
    check(
        edit,
        &[],
        &[
            "序号 5 至 9 的存证有改动、增删或调换：库中保存的 10 条时的校验点与现有内容不符，而 5 条时的相符，其后另有 1 个也不符。请用备份逐条比对",
        ],
    );
    let report = check(
        edit,
        &[8],
        &[
            "序号 0 至 7 的存证有改动、增删或调换：外部持有的 8 条时的校验点与现有内容不符。请用备份逐条比对",
            "序号 5 至 9 的存证有改动、增删或调换：库中保存的 10 条时的校验点与现有内容不符，而 5 条时的相符，其后另有 1 个也不符。请用备份逐条比对",
        ],
    );
    assert_eq!(
        (
            report.checkpoints,
            report.external_checkpoints,
            report.signed_size
        ),
        (2, 0, 5)
    );
    check(
        edit,
        &[7],
        &[
            "序号 7 至 9 的存证有改动、增删或调换：库中保存的 10 条时的校验点与现有内容不符，而 7 条时的相符，其后另有 1 个也不符。请用备份逐条比对",
        ],
    );
}

#[test]
fn a_database_that_was_signed_anew_differs_from_what_outsiders_hold() {
    let rewrite = |log: &mut Log| tamper(log, Tampering::EditAllAndSignAnew, 3, 3);
    let report = check(
        rewrite,
        &[2, 11],
        &[
            "序号 2 至 10 的存证有改动、增删或调换：外部持有的 11 条时的校验点与现有内容不符，而 2 条时的相符。请用备份逐条比对",
        ],
    );
    assert_eq!((report.checkpoints, report.external_checkpoints), (4, 1));
    // Nobody outside holds one: nothing can tell.
    check(rewrite, &[], &[]);
}

#[test]
fn entries_that_are_gone_are_named_as_a_range() {
    let report = check(
        |log| drop(log.leaves.drain(3..7)),
        &[],
        &["序号 3 至 6 的存证整条缺失，此后的校验点都无法核对。请从备份中找回后再核对一遍"],
    );
    assert_eq!(
        (report.root, report.size, report.unchecked, report.signed_size),
        (None, 12, 3, 0)
    );
    let forget = |log: &mut Log| log.leaves[3..7].iter_mut().for_each(|leaf| leaf.2 = None);
    let report = check(
        forget,
        &[],
        &["序号 3 至 6 的存证内容缺失，只剩哈希。请从备份中找回"],
    );
    assert_eq!((report.unchecked, report.signed_size), (0, 12));
}

#[test]
fn a_log_that_was_cut_is_shorter_than_what_was_signed() {
    let report = check(
        |log| log.leaves.truncate(7),
        &[],
        &[
            "账本短少：库中保存的校验点证明曾有 12 条，现在只有 7 条，缺的在序号 5 至 11 之中，而 5 条时的校验点相符。请从备份中找回",
        ],
    );
    assert_eq!((report.size, report.unchecked, report.signed_size), (7, 2, 5));
    let report = check(
        |log| tamper(log, Tampering::TruncateAll, 11, 11),
        &[12, 9, 12],
        &[
            "账本短少：外部持有的校验点证明曾有 12 条，现在只有 11 条，缺的在序号 9 至 11 之中，而 9 条时的校验点相符。请从备份中找回",
        ],
    );
    assert_eq!(
        (report.external_checkpoints, report.unchecked, report.signed_size),
        (1, 2, 10)
    );
}

/// What is gone may be anywhere after the last checkpoint that is right, not only at the end.
#[test]
fn later_entries_that_moved_up_do_not_hide_where_one_is_gone() {
    let close_up = |log: &mut Log| tamper(log, Tampering::DropLeafAndCloseUp, 10, 10);
    check(
        close_up,
        &[],
        &[
            "账本短少：库中保存的校验点证明曾有 12 条，现在只有 11 条，缺的在序号 10 至 11 之中，而 10 条时的校验点相符。请从备份中找回",
        ],
    );
}

#[test]
fn leaves_in_another_order_are_named() {
    check(
        |log| log.leaves.insert(8, log.leaves[7].clone()),
        &[],
        &["序号 7 的存证重复出现或次序颠倒，此处应为序号 8。请与备份比对"],
    );
}

#[test]
fn a_leaf_after_a_checkpoint_that_should_contain_it_is_refused() {
    let log = Log::new(2, 1);
    let mut audit = Audit::new(Verifier::parse(&signer().verifier_key()).unwrap());
    audit.checkpoint(2, &log.note(2));
    audit.leaf(0, log.leaves[0].1, log.leaves[0].2.as_deref());
    audit.leaf(1, log.leaves[1].1, log.leaves[1].2.as_deref());
    audit.checkpoint(1, &log.note(1));
    audit.external(&log.note(1));
    let report = audit.finish();
    assert_eq!(report.unchecked, 3);
    let late = |holder| Finding::Late {
        holder,
        size: 1,
        fed: 2,
    };
    assert_eq!(
        report.findings,
        [
            Finding::OutOfOrder {
                index: 0,
                expected: 2
            },
            Finding::OutOfOrder {
                index: 1,
                expected: 2
            },
            late(Holder::Database),
            late(Holder::Outsider),
        ]
    );
}

#[test]
fn a_leaf_that_is_no_entry_is_named() {
    let smuggle = |log: &mut Log| {
        log.leaves[11].1 = tree::leaf(b"{}");
        log.leaves[11].2 = Some("{}".into());
        log.sign();
    };
    let report = check(
        smuggle,
        &[],
        &["序号 11 的存证不是本程序写入的样子：内容不是存证的格式。请查明它是怎样写入的"],
    );
    assert_eq!(
        report.findings,
        [Finding::NotCanonical {
            index: 11,
            why: EntryError::NotAnEntry
        }]
    );
}

#[test]
fn a_checkpoint_that_proves_nothing_is_named_with_its_reason() {
    let with = |note: String| move |log: &mut Log| log.checkpoints[2].1 = note;
    let root = tree::leaf(b"");
    let forged = Log::new(12, 5).note(10).replace("\n10\n", "\n11\n");
    check(
        with(forged),
        &[],
        &["库中 10 条处的校验点不能采信：签名不对，内容或签名被改动。请用外部持有的校验点或备份核对"],
    );
    let other_log = Signer::new("example.gov.cn/other", [7; SEED_BYTES])
        .unwrap()
        .sign(10, root);
    check(
        with(other_log),
        &[],
        &["库中 10 条处的校验点不能采信：它属于另一个账本。请用外部持有的校验点或备份核对"],
    );
    let other_key = Signer::new(ORIGIN, [8; SEED_BYTES]).unwrap().sign(10, root);
    check(
        with(other_key.clone()),
        &[],
        &["库中 10 条处的校验点不能采信：没有本账本密钥的签名。请用外部持有的校验点或备份核对"],
    );
    check(
        with(String::new()),
        &[],
        &["库中 10 条处的校验点不能采信：不是校验点的格式，可能残缺或被改动。请用外部持有的校验点或备份核对"],
    );
    check(
        with(Log::new(12, 5).note(9)),
        &[],
        &["库中 10 条处的校验点，签名的却是 9 条时的账本，没有用它核对。请与备份比对"],
    );
    check(
        with(signer().sign(10, root)),
        &[],
        &[
            "序号 5 至 9 的存证有改动、增删或调换：库中保存的 10 条时的校验点与现有内容不符，而 5 条时的相符。请用备份逐条比对",
        ],
    );
    let report = Log::new(12, 5).audit(&[Log::new(12, 5).note(3), other_key]);
    assert_eq!(
        report.findings,
        [Finding::Note {
            holder: Holder::Outsider,
            number: 2,
            why: NoteError::Unsigned
        }]
    );
    assert_eq!(
        sentences(&report),
        ["外部提供的第 2 个校验点不能采信：没有本账本密钥的签名。请对照原件重新录入"]
    );
}

#[test]
fn a_checkpoint_that_is_later_than_is_stored_still_proves_its_size() {
    let report = Log::new(7, 5).audit(&[]);
    assert!(report.findings.is_empty());
    check(
        |log| {
            log.leaves.truncate(5);
            log.checkpoints.truncate(2);
            log.checkpoints[1].1 = Log::new(12, 5).note(12);
        },
        &[],
        &[
            "库中 5 条处的校验点，签名的却是 12 条时的账本，没有用它核对。请与备份比对",
            "账本短少：库中保存的校验点证明曾有 12 条，现在只有 5 条，缺的在序号 0 至 11 之中。请从备份中找回",
        ],
    );
}

#[test]
fn two_roots_of_the_same_size_are_told() {
    let fork = |log: &mut Log| {
        log.checkpoints
            .insert(3, (10, signer().sign(10, tree::leaf(b""))))
    };
    check(
        fork,
        &[],
        &["10 条时的账本签过两个互不相同的校验点，库中保存的这一个与现有内容不符。请查明签名密钥的使用情况"],
    );
}

#[test]
fn findings_have_a_limit_and_truncation_is_told_beyond_it() {
    let mut log = Log::new(MAX_FINDINGS as u64 + 12, 5);
    (0..MAX_FINDINGS + 7).for_each(|n| log.edit_text(n));
    log.leaves.truncate(MAX_FINDINGS + 7);
    let report = log.audit(&[]);
    assert_eq!(report.findings.len(), MAX_FINDINGS + 2);
    assert_eq!(
        sentences(&report)[MAX_FINDINGS..],
        [
            "账本短少：库中保存的校验点证明曾有 112 条，现在只有 107 条，缺的在序号 105 至 111 之中，而 105 条时的校验点相符。请从备份中找回",
            "另有 7 处问题没有逐一列出。请先处理以上各处，再核对一遍",
        ]
    );
}
