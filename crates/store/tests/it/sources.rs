//! The register of sources.
//! Never tests who may change it: operations do.

use domain::{Administration, ControlLevel, CreditClass, Source, Status, Supervision, Text};
use jiff::civil::date;
use store::sources::{self, Entry, Filter, Presence};
use store::versions::AsOf;
use store::{PageRequest, StoreError};
use testkit::{BUREAU, Kit, both, ordinary_source};

fn inside(source: Source) -> Entry {
    Entry {
        source,
        inside: true,
        confirmed_on: Some(date(2027, 1, 4)),
    }
}

fn id(number: u32) -> String {
    ordinary_source(number).id().to_string()
}

async fn added(kit: &Kit, entries: &[Entry]) {
    kit.set_up().await;
    let entries: Vec<(i64, Entry)> = entries.iter().map(|entry| (1, entry.clone())).collect();
    let mut tx = kit.db.begin().await.unwrap();
    sources::add(&mut tx, BUREAU, &entries, &kit.stamp("source.enter"))
        .await
        .unwrap();
    kit.commit(tx).await;
}

/// Ids that the filter finds.
async fn found(kit: &Kit, filter: &Filter) -> Vec<String> {
    let mut read = kit.db.read().await.unwrap();
    let page = sources::list(&mut read, BUREAU, filter, AsOf::Now, PageRequest::new(1, 100))
        .await
        .unwrap();
    let count = sources::count(&mut read, BUREAU, filter, AsOf::Now)
        .await
        .unwrap();
    assert_eq!((page.total, page.rows.len() as u64), (count, count));
    page.rows
        .iter()
        .map(|row| row.record.source.id().to_string())
        .collect()
}

async fn searched(kit: &Kit, text: &str) -> Vec<String> {
    let text = text.to_owned();
    found(
        kit,
        &Filter {
            text,
            ..Filter::default()
        },
    )
    .await
}

fn named(number: u32, name: &str) -> Entry {
    inside(Source {
        name: Text::parse(name).unwrap(),
        ..ordinary_source(number)
    })
}

#[test]
fn a_source_is_found_as_it_was_added() {
    both(async |kit: &Kit| {
        let entry = inside(testkit::source(10));
        added(kit, std::slice::from_ref(&entry)).await;
        let mut read = kit.db.read().await.unwrap();
        let version = sources::find(&mut read, BUREAU, &id(10), AsOf::Now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((version.number, &version.record), (1, &entry));
        assert_eq!(version.stamp, kit.stamp("source.enter"));
        assert!(
            sources::find(&mut read, "410898-EEB", &id(10), AsOf::Now)
                .await
                .unwrap()
                .is_none()
        );
        let those = sources::those(&mut read, BUREAU, &[id(10), id(11)])
            .await
            .unwrap();
        assert_eq!(those.keys().collect::<Vec<_>>(), [&id(10)]);
    });
}

#[test]
fn r2_1_a_version_that_somebody_else_replaced_is_not_replaced_again() {
    both(async |kit: &Kit| {
        added(kit, &[inside(ordinary_source(1))]).await;
        let left = Entry {
            inside: false,
            ..inside(ordinary_source(1))
        };
        let mut tx = kit.db.begin().await.unwrap();
        let stamp = kit.stamp("source.leave");
        sources::replace(&mut tx, BUREAU, &[(1, left.clone())], &stamp)
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut tx = kit.db.begin().await.unwrap();
        let late = sources::replace(&mut tx, BUREAU, &[(1, left.clone())], &stamp).await;
        assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
        drop(tx);
        let mut tx = kit.db.begin().await.unwrap();
        let again = sources::add(&mut tx, BUREAU, &[(1, left)], &stamp).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
        drop(tx);
        let history = sources::history(&mut kit.db.read().await.unwrap(), BUREAU, &id(1))
            .await
            .unwrap();
        let numbers: Vec<(i64, bool)> = history
            .iter()
            .map(|own| (own.number, own.record.inside))
            .collect();
        assert_eq!(numbers, [(2, false), (1, true)]);
    });
}

#[test]
fn of_two_who_replace_the_same_version_at_once_one_is_told() {
    both(async |kit: &Kit| {
        added(kit, &[inside(ordinary_source(1))]).await;
        let one = async || {
            let mut tx = kit.db.begin().await.unwrap();
            let entries = [(1, inside(ordinary_source(1)))];
            let done = sources::replace(&mut tx, BUREAU, &entries, &kit.stamp("source.confirm")).await;
            if done.is_ok() {
                kit.commit(tx).await;
            }
            done
        };
        let (first, second) = tokio::join!(one(), one());
        assert!(first.is_ok() ^ second.is_ok(), "{first:?} {second:?}");
        let busy = first.and(second).unwrap_err();
        assert!(matches!(busy, StoreError::Busy), "{busy:?}");
    });
}

#[test]
fn signs_of_patterns_are_looked_for_as_they_are() {
    both(async |kit: &Kit| {
        let names = ["示例100%厂", "示例100厂", "示例A_B厂", "示例AXB厂", "示例\\厂"];
        let entries: Vec<Entry> = (1..)
            .zip(names)
            .map(|(number, name)| named(number, name))
            .collect();
        added(kit, &entries).await;
        assert_eq!(searched(kit, "100%").await, [id(1)]);
        assert_eq!(searched(kit, "%").await, [id(1)]);
        assert_eq!(searched(kit, "A_B").await, [id(3)]);
        assert_eq!(searched(kit, "\\").await, [id(5)]);
        assert_eq!(searched(kit, "'").await, [""; 0]);
    });
}

#[test]
fn a_search_asks_for_all_its_words_in_any_case() {
    both(async |kit: &Kit| {
        let entries = [
            named(1, "示例Acme化工厂"),
            named(2, "示例acme电镀厂"),
            named(3, "示例造纸厂"),
        ];
        added(kit, &entries).await;
        assert_eq!(searched(kit, "ACME").await, [id(1), id(2)]);
        assert_eq!(searched(kit, "  acme   化工 ").await, [id(1)]);
        assert_eq!(searched(kit, "电镀").await, [id(2)], "two characters are enough");
        assert_eq!(searched(kit, &id(3).to_lowercase()).await, [id(3)], "by code");
        let (permit, address) = (format!("{}001P", id(2)), "示例路3号");
        assert_eq!(searched(kit, &permit).await, [id(2)], "by licence");
        assert_eq!(searched(kit, address).await, [id(3)], "by address");
    });
}

/// Sources 1 to 5, each of which differs from the first in something that a filter asks for.
fn different() -> [Entry; 5] {
    [
        inside(ordinary_source(1)),
        inside(Source {
            supervision: Supervision::new(ControlLevel::National, None).unwrap(),
            monitoring_stations: Some(2),
            ..ordinary_source(2)
        }),
        inside(Source {
            status: Status::Suspended,
            credit_class: Some(CreditClass::D),
            administration: Some(Administration::Indirect),
            ..ordinary_source(3)
        }),
        Entry {
            inside: false,
            ..inside(ordinary_source(4))
        },
        Entry {
            confirmed_on: Some(date(2026, 1, 1)),
            ..inside(Source {
                licences: Vec::new(),
                ..ordinary_source(5)
            })
        },
    ]
}

fn by(condition: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    condition(&mut filter);
    filter
}

#[test]
fn each_condition_of_a_filter_holds_alone() {
    both(async |kit: &Kit| {
        added(kit, &different()).await;
        let day = date(2029, 12, 31);
        let cases: [(Filter, &[u32]); 13] = [
            (by(|f| f.level.push_str("国控")), &[2]),
            (by(|f| f.key = Some(true)), &[2]),
            (by(|f| f.key = Some(false)), &[1, 3, 5]),
            (by(|f| f.stations = true), &[2]),
            (by(|f| f.status.push_str("停产")), &[3]),
            (by(|f| f.credit.push('D')), &[3]),
            (by(|f| f.administration.push_str("非直管")), &[3]),
            (by(|f| f.left = Presence::Left), &[4]),
            (by(|f| f.left = Presence::Both), &[1, 2, 3, 4, 5]),
            (by(|f| f.unconfirmed_since = Some(date(2026, 6, 1))), &[5]),
            (by(|f| f.incomplete = true), &[5]),
            (by(|f| f.licence_until = Some(day)), &[1, 2, 3]),
            (by(|f| f.licence_until = day.yesterday().ok()), &[]),
        ];
        for (filter, numbers) in cases {
            let ids: Vec<String> = numbers.iter().copied().map(id).collect();
            assert_eq!(found(kit, &filter).await, ids, "{filter:?}");
        }
    });
}

#[test]
fn pages_and_batches_together_are_the_whole_register() {
    both(async |kit: &Kit| {
        kit.fill_sources(45).await;
        let mut read = kit.db.read().await.unwrap();
        let (mut paged, mut batched): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for page in 1..=3 {
            let request = PageRequest::new(page, 20);
            let some = sources::list(&mut read, BUREAU, &Filter::default(), AsOf::Now, request)
                .await
                .unwrap();
            assert_eq!(some.total, 45);
            paged.extend(some.rows.iter().map(|row| row.record.source.id().to_string()));
        }
        loop {
            let last = batched.last().cloned().unwrap_or_default();
            let some = sources::after(&mut read, BUREAU, &Filter::default(), AsOf::Now, &last, 7)
                .await
                .unwrap();
            if some.is_empty() {
                break;
            }
            batched.extend(some.iter().map(|row| row.record.source.id().to_string()));
        }
        let all: Vec<String> = (1..=45).map(id).collect();
        assert_eq!(paged, all);
        assert_eq!(batched, all);
        assert_eq!(
            sources::count(&mut read, "410898-EEB", &Filter::default(), AsOf::Now)
                .await
                .unwrap(),
            0
        );
    });
}

#[test]
fn a_register_of_twelve_thousand_is_added_and_asked_for_at_once() {
    both(async |kit: &Kit| {
        kit.fill_sources(12_000).await;
        let mut read = kit.db.read().await.unwrap();
        let request = PageRequest::new(600, 20);
        let last = sources::list(&mut read, BUREAU, &Filter::default(), AsOf::Now, request).await;
        let last = last.unwrap();
        assert_eq!((last.total, last.rows.len()), (12_000, 20));
        let ids: Vec<String> = (1..=12_000).map(id).collect();
        let those = sources::those(&mut read, BUREAU, &ids).await.unwrap();
        assert_eq!(those.len(), 12_000);
    });
}

#[test]
fn what_an_act_began_is_found_by_its_moment_each_with_what_it_replaced() {
    both(async |kit: &Kit| {
        added(kit, &[inside(ordinary_source(1)), inside(ordinary_source(2))]).await;
        kit.clock.advance_seconds(60);
        let (act, now) = ("source.import", kit.clock.now());
        let renamed = Source {
            name: Text::parse("示例新厂").unwrap(),
            ..ordinary_source(1)
        };
        let mut tx = kit.db.begin().await.unwrap();
        let stamp = kit.stamp(act);
        sources::add(&mut tx, BUREAU, &[(1, inside(ordinary_source(3)))], &stamp)
            .await
            .unwrap();
        sources::replace(&mut tx, BUREAU, &[(1, inside(renamed.clone()))], &stamp)
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let mut begun = async |at, first| {
            let request = PageRequest::new(1, 50);
            let page = sources::begun(&mut read, BUREAU, (at, act), first, request)
                .await
                .unwrap();
            page.rows
                .into_iter()
                .map(|(version, before)| (version.record.source, before.map(|before| before.record.source)))
                .collect::<Vec<_>>()
        };
        assert_eq!(begun(now, true).await, [(ordinary_source(3), None)]);
        assert_eq!(begun(now, false).await, [(renamed, Some(ordinary_source(1)))]);
        assert_eq!(begun(now.plus_seconds(1), true).await, []);
    });
}

#[test]
fn many_versions_end_together_or_not_at_all() {
    both(async |kit: &Kit| {
        let all: Vec<Entry> = (1..=1_000)
            .map(|number| inside(ordinary_source(number)))
            .collect();
        added(kit, &all).await;
        let next: Vec<(i64, Entry)> = all.iter().map(|entry| (1, entry.clone())).collect();
        let mut overtaken = next.clone();
        overtaken[700].0 = 2;
        kit.clock.advance_seconds(60);
        let mut tx = kit.db.begin().await.unwrap();
        let refused = sources::replace(&mut tx, BUREAU, &overtaken, &kit.stamp("source.change")).await;
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
        drop(tx);
        let mut tx = kit.db.begin().await.unwrap();
        sources::replace(&mut tx, BUREAU, &next, &kit.stamp("source.change"))
            .await
            .unwrap();
        kit.commit(tx).await;
        let ids: Vec<String> = (1..=1_000).map(id).collect();
        let mut read = kit.db.read().await.unwrap();
        let those = sources::those(&mut read, BUREAU, &ids).await.unwrap();
        assert_eq!(those.len(), 1_000);
        assert!(those.values().all(|version| version.number == 2));
    });
}

#[test]
fn sources_are_found_by_their_older_codes() {
    both(async |kit: &Kit| {
        let number = domain::RegistrationNumber::from_body("41089900000012").unwrap();
        let organisation = |number: u32| {
            let code = ordinary_source(number).credit_code().unwrap().organisation();
            code.unwrap()
        };
        let with_number = Source {
            registration_number: Some(number.clone()),
            ..ordinary_source(1)
        };
        let without_code = Source {
            identity: domain::Identity::Organisation(organisation(3)),
            licences: Vec::new(),
            ..ordinary_source(3)
        };
        let older = without_code.id().to_string();
        added(
            kit,
            &[
                inside(with_number),
                inside(ordinary_source(2)),
                inside(without_code),
            ],
        )
        .await;
        let mut read = kit.db.read().await.unwrap();
        let held = sources::without_credit_code(&mut read, BUREAU).await.unwrap();
        assert_eq!(held.into_iter().collect::<Vec<_>>(), [older]);
        let aliases = [
            number.to_string(),
            organisation(2).to_string(),
            "123456789".to_owned(),
        ];
        let found = sources::of_aliases(&mut read, BUREAU, &aliases.clone().into())
            .await
            .unwrap();
        let [number, code, _] = aliases;
        assert_eq!(found.into_iter().collect::<Vec<_>>(), {
            let mut expected = vec![(number, id(1)), (code, id(2))];
            expected.sort();
            expected
        });
    });
}
