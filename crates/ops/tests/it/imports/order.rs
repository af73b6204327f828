//! What holds for every file: an export imported again changes nothing, and the order of its rows does not matter.
//! Never looks at one kind of register alone where the rule is for all.

use domain::Source;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use testkit::{Kit, both, source};

use super::{brigade, import, preview, register, text, upload, workbook};

/// Registers that are tried on each engine.
const TRIED: usize = 4;

/// A register of so many sources, some with several licences, and a file that changes some of them.
fn registers() -> impl Strategy<Value = (Vec<Source>, Vec<Source>)> {
    let numbers = proptest::collection::btree_set(1..500_u32, 1..40);
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), 0..5_usize), 0..20);
    (numbers, changes).prop_map(|(numbers, changes)| {
        let before: Vec<Source> = numbers.into_iter().map(source).map(with_licences).collect();
        let mut after = before.clone();
        for (index, kind) in changes {
            let at = index.index(after.len());
            change(&mut after[at], kind);
        }
        (before, after)
    })
}

fn with_licences(mut source: Source) -> Source {
    if source.name.as_str().contains('3') {
        let mut other = source.licences[0].clone();
        other.name = text("危险废物经营许可证");
        other.number = text("示危废001").map(domain::LicenceNumber::Other);
        source.licences.push(other);
    }
    source
}

fn change(source: &mut Source, kind: usize) {
    match kind {
        0 => source.address = text("示例县新路9号"),
        1 => source.telephone = None,
        2 => source.licences.truncate(1),
        3 => source.licences[0].approved_on = Some(date(2026, 2, 3)),
        _ => source.legal_representative = text("示例新人"),
    }
}

#[test]
fn r3_1_an_export_imported_again_changes_nothing() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut runner = TestRunner::deterministic();
        for _ in 0..TRIED {
            let (before, after) = registers().new_tree(&mut runner).unwrap().current();
            for sources in [before, after] {
                let file = upload(kit, &brigade, workbook(&sources)).await;
                let shown = preview(kit, &brigade, &file, None).await;
                if shown.counts.fresh + shown.counts.changed > 0 {
                    ops::imports::apply(&kit.office, &brigade, &file, &shown.outcome)
                        .await
                        .unwrap();
                } else {
                    ops::imports::give_up(&kit.office, &brigade, &file).await.unwrap();
                }
                let held = register(kit, &brigade).await;
                let again = upload(kit, &brigade, workbook(&held)).await;
                let counts = preview(kit, &brigade, &again, None).await.counts;
                assert_eq!(counts.unchanged, held.len() as u64);
                assert_eq!(counts.rows(), counts.unchanged + counts.joined);
                ops::imports::give_up(&kit.office, &brigade, &again)
                    .await
                    .unwrap();
                kit.clock.advance_seconds(1);
            }
        }
    });
}

#[test]
fn r3_1_the_order_of_the_rows_does_not_matter() {
    both(async |kit: &Kit| {
        let mut runner = TestRunner::deterministic();
        let mut said: Vec<Vec<Source>> = Vec::new();
        let (before, after) = registers().new_tree(&mut runner).unwrap().current();
        for _ in 0..TRIED {
            let other = Kit::new(kit.engine).await;
            let brigade = brigade(&other).await;
            for sources in [&before, &after] {
                let shuffled = Just(sources.clone())
                    .prop_shuffle()
                    .new_tree(&mut runner)
                    .unwrap()
                    .current();
                import(&other, &brigade, workbook(&shuffled)).await;
                other.clock.advance_seconds(1);
            }
            said.push(register(&other, &brigade).await);
            other.close().await;
        }
        assert!(said.iter().all(|register| *register == said[0]));
    });
}
