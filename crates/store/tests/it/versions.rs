//! A register as of any moment, against a model that keeps every version in memory.
//! Never relies on one register alone: sources and inspectors are read by the same conditions.

use std::collections::BTreeMap;

use domain::{Inspector, Source, Text};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::bureaus::{self, Bureau};
use store::sources::Presence;
use store::versions::{AsOf, Stamp};
use store::{At, PageRequest, inspectors, sources};
use testkit::{Kit, both, inspector, ordinary_source};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

/// Cases of a property on one engine.
const CASES: u32 = 24;

/// An act: microseconds after the one before, on which record, what it is called afterwards, whether it is inside.
type Act = (i64, u32, u32, bool);

/// What a register shows: versions by number of the record, with name and presence.
type Shown = BTreeMap<u32, (i64, String, bool)>;

/// Every act with its moment, in order.
struct Model(Vec<(i64, Act)>);

impl Model {
    fn new(acts: &[Act]) -> Self {
        let mut at = 1_000;
        let timed = acts.iter().map(|act| {
            at += act.0;
            (at, *act)
        });
        Self(timed.collect())
    }

    /// What the register shows as of a moment.
    fn at(&self, moment: i64) -> Shown {
        let mut shown = Shown::new();
        for (_, (_, record, name, inside)) in self.0.iter().filter(|(at, _)| *at <= moment) {
            let number = shown.get(record).map_or(1, |(number, _, _)| number + 1);
            shown.insert(*record, (number, format!("示例{name}"), *inside));
        }
        shown
    }

    /// Moments at which something changes, just before and just after.
    fn moments(&self) -> Vec<i64> {
        self.0.iter().flat_map(|(at, _)| [at - 1, *at, at + 1]).collect()
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec((0..4_i64, 1..5_u32, 0..9_u32, any::<bool>()), 1..10)
}

/// Runs a property in a test that runs on both engines; each case has a bureau of its own.
async fn holds(kit: &Kit, property: impl AsyncFn(&Kit, &str, &Model)) {
    kit.set_up().await;
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let bureau = std::cell::Cell::new(0);
    let case = |acts: Vec<Act>| {
        bureau.set(bureau.get() + 1);
        let code = format!("case-{}", bureau.get());
        block_in_place(|| {
            Handle::current().block_on(async {
                let mut tx = kit.db.begin().await.unwrap();
                let own = Bureau {
                    code: code.clone(),
                    name: "示例".to_owned(),
                    superior: String::new(),
                };
                bureaus::add_bureau(&mut tx, &own, At(0)).await.unwrap();
                kit.commit(tx).await;
                property(kit, &code, &Model::new(&acts)).await;
            });
        });
        Ok(())
    };
    TestRunner::new(config).run(&acts(), case).unwrap();
}

fn stamp(at: i64, kit: &Kit) -> Stamp {
    Stamp {
        at: At(at),
        ..kit.stamp("made.up")
    }
}

async fn write_source(kit: &Kit, bureau: &str, at: i64, number: i64, (_, record, name, inside): Act) {
    let entry = sources::Entry {
        source: Source {
            name: Text::parse(&format!("示例{name}")).unwrap(),
            ..ordinary_source(record)
        },
        inside,
        confirmed_on: None,
    };
    let mut tx = kit.db.begin().await.unwrap();
    let stamp = stamp(at, kit);
    let done = match number {
        1 => sources::add(&mut tx, bureau, &[(1, entry)], &stamp).await,
        _ => sources::replace(&mut tx, bureau, &[(number - 1, entry)], &stamp).await,
    };
    done.unwrap();
    kit.commit(tx).await;
}

async fn shown_sources(kit: &Kit, bureau: &str, as_of: AsOf, left: Presence) -> Shown {
    let filter = sources::Filter {
        left,
        ..sources::Filter::default()
    };
    let mut read = kit.db.read().await.unwrap();
    let page = sources::list(&mut read, bureau, &filter, as_of, PageRequest::new(1, 100))
        .await
        .unwrap();
    let by_id: BTreeMap<String, u32> = (1..5)
        .map(|record| (ordinary_source(record).id().to_string(), record))
        .collect();
    let rows = page.rows.into_iter().map(|row| {
        let record = by_id[row.record.source.id().as_str()];
        let name = row.record.source.name.to_string();
        (record, (row.number, name, row.record.inside))
    });
    rows.collect()
}

#[test]
fn r2_1_the_register_of_sources_as_of_any_moment_is_what_it_was() {
    both(async |kit: &Kit| {
        holds(kit, async |kit: &Kit, bureau: &str, model: &Model| {
            for (at, act) in &model.0 {
                let now = shown_sources(kit, bureau, AsOf::Now, Presence::Both).await;
                let number = now.get(&act.1).map_or(1, |(number, _, _)| number + 1);
                write_source(kit, bureau, *at, number, *act).await;
            }
            for moment in model.moments() {
                let as_of = AsOf::Past(At(moment));
                let mut expected = model.at(moment);
                assert_eq!(
                    shown_sources(kit, bureau, as_of, Presence::Both).await,
                    expected,
                    "as of {moment}"
                );
                expected.retain(|_, (_, _, inside)| *inside);
                assert_eq!(
                    shown_sources(kit, bureau, as_of, Presence::Inside).await,
                    expected
                );
            }
            assert_eq!(
                shown_sources(kit, bureau, AsOf::Now, Presence::Both).await,
                model.at(i64::MAX)
            );
        })
        .await;
    });
}

async fn write_inspector(kit: &Kit, bureau: &str, at: i64, number: i64, (_, record, name, inside): Act) {
    let entry = inspectors::Entry {
        inspector: Inspector {
            name: Text::parse(&format!("示例{name}")).unwrap(),
            ..inspector(record)
        },
        department: String::new(),
        inside,
        joined_on: None,
        left_on: None,
    };
    let mut tx = kit.db.begin().await.unwrap();
    let stamp = stamp(at, kit);
    let done = match number {
        1 => inspectors::add(&mut tx, bureau, &[(1, entry)], &stamp).await,
        _ => inspectors::replace(&mut tx, bureau, &[(number - 1, entry)], &stamp).await,
    };
    done.unwrap();
    kit.commit(tx).await;
}

async fn shown_inspectors(kit: &Kit, bureau: &str, as_of: AsOf) -> Shown {
    let mut read = kit.db.read().await.unwrap();
    let mut shown = Shown::new();
    for record in 1..5 {
        let id = inspector(record).certificate.number.to_string();
        let found = inspectors::find(&mut read, bureau, &id, as_of).await.unwrap();
        shown.extend(found.map(|row| {
            let name = row.record.inspector.name.to_string();
            (record, (row.number, name, row.record.inside))
        }));
    }
    shown
}

#[test]
fn r4_2_a_person_as_of_any_moment_is_what_the_register_said() {
    both(async |kit: &Kit| {
        holds(kit, async |kit: &Kit, bureau: &str, model: &Model| {
            for (at, act) in &model.0 {
                let now = shown_inspectors(kit, bureau, AsOf::Now).await;
                let number = now.get(&act.1).map_or(1, |(number, _, _)| number + 1);
                write_inspector(kit, bureau, *at, number, *act).await;
            }
            for moment in model.moments() {
                let shown = shown_inspectors(kit, bureau, AsOf::Past(At(moment))).await;
                assert_eq!(shown, model.at(moment), "as of {moment}");
            }
        })
        .await;
    });
}
