//! The register of inspectors.
//! Never tests who may change it: operations do.

use domain::{Certificate, Inspector, PostStatus, Until};
use jiff::civil::date;
use store::inspectors::{self, Entry, Filter};
use store::sources::Presence;
use store::versions::AsOf;
use store::{PageRequest, StoreError};
use testkit::{BUREAU, Kit, both, inspector};

fn inside(inspector: Inspector) -> Entry {
    Entry {
        inspector,
        department: "环境监察大队".to_owned(),
        inside: true,
        joined_on: Some(date(2027, 1, 4)),
        left_on: None,
    }
}

fn id(number: u32) -> String {
    inspector(number).certificate.number.to_string()
}

async fn added(kit: &Kit, entries: &[Entry]) {
    kit.set_up().await;
    let entries: Vec<(i64, Entry)> = entries.iter().map(|entry| (1, entry.clone())).collect();
    let mut tx = kit.db.begin().await.unwrap();
    inspectors::add(&mut tx, BUREAU, &entries, &kit.stamp("inspector.enter"))
        .await
        .unwrap();
    kit.commit(tx).await;
}

async fn found(kit: &Kit, filter: &Filter) -> Vec<String> {
    let mut read = kit.db.read().await.unwrap();
    let page = inspectors::list(&mut read, BUREAU, filter, AsOf::Now, PageRequest::new(1, 100))
        .await
        .unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows
        .iter()
        .map(|row| row.record.inspector.certificate.number.to_string())
        .collect()
}

#[test]
fn a_person_is_found_as_added() {
    both(async |kit: &Kit| {
        let entry = inside(inspector(1));
        added(kit, std::slice::from_ref(&entry)).await;
        let mut read = kit.db.read().await.unwrap();
        let version = inspectors::find(&mut read, BUREAU, &id(1), AsOf::Now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((version.number, &version.record), (1, &entry));
        let those = inspectors::those(&mut read, BUREAU, &[id(1), id(2)])
            .await
            .unwrap();
        assert_eq!(those.keys().collect::<Vec<_>>(), [&id(1)]);
        assert!(
            inspectors::find(&mut read, "410898-EEB", &id(1), AsOf::Now)
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn r4_2_who_left_keeps_all_versions_and_a_version_is_replaced_once() {
    both(async |kit: &Kit| {
        added(kit, &[inside(inspector(1))]).await;
        let left = Entry {
            inside: false,
            left_on: Some(date(2027, 1, 4)),
            ..inside(inspector(1))
        };
        let stamp = kit.stamp("inspector.leave");
        let mut tx = kit.db.begin().await.unwrap();
        inspectors::replace(&mut tx, BUREAU, &[(1, left.clone())], &stamp)
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut tx = kit.db.begin().await.unwrap();
        let late = inspectors::replace(&mut tx, BUREAU, &[(1, left.clone())], &stamp).await;
        assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
        drop(tx);
        let history = inspectors::history(&mut kit.db.read().await.unwrap(), BUREAU, &id(1))
            .await
            .unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(history[0].record, left);
        assert!(history[1].record.inside);
    });
}

fn until(number: u32, valid_until: Until) -> Inspector {
    let inspector = inspector(number);
    Inspector {
        certificate: Certificate {
            valid_until,
            ..inspector.certificate
        },
        ..inspector
    }
}

/// People each of whom differs in something that a filter asks for.
fn different() -> [Entry; 6] {
    [
        inside(until(1, Until::Date(date(2027, 2, 1)))),
        inside(until(2, Until::LongTerm)),
        inside(until(4, Until::Unknown)),
        inside(Inspector {
            post: PostStatus::Seconded,
            ..inspector(5)
        }),
        Entry {
            department: "市场监督管理局".to_owned(),
            ..inside(inspector(7))
        },
        Entry {
            inside: false,
            ..inside(inspector(8))
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
        let cases: [(Filter, &[u32]); 9] = [
            (by(|f| f.text.push_str("示例4")), &[4]),
            (by(|f| f.text = id(2)), &[2]),
            (by(|f| f.text.push('%')), &[]),
            (by(|f| f.department.push_str("市场监督管理局")), &[7]),
            (by(|f| f.post.push_str("借调")), &[5]),
            (by(|f| f.valid_until = Some(date(2027, 2, 1))), &[1, 4]),
            (by(|f| f.valid_until = Some(date(2027, 1, 31))), &[4]),
            (by(|f| f.left = Presence::Left), &[8]),
            (by(|f| f.left = Presence::Both), &[1, 2, 4, 5, 7, 8]),
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
        kit.fill_inspectors(25).await;
        let mut read = kit.db.read().await.unwrap();
        let filter = Filter::default();
        let second = inspectors::list(&mut read, BUREAU, &filter, AsOf::Now, PageRequest::new(2, 20))
            .await
            .unwrap();
        assert_eq!((second.total, second.rows.len()), (25, 5));
        let rest = inspectors::after(&mut read, BUREAU, &filter, AsOf::Now, &id(20), 100)
            .await
            .unwrap();
        let ids: Vec<String> = rest
            .iter()
            .map(|row| row.record.inspector.certificate.number.to_string())
            .collect();
        assert_eq!(ids, (21..=25).map(id).collect::<Vec<String>>());
        let count = inspectors::count(&mut read, BUREAU, &filter, AsOf::Now).await;
        assert_eq!(count.unwrap(), 25);
    });
}

#[test]
fn what_an_act_began_is_found_by_its_moment_with_what_it_replaced() {
    both(async |kit: &Kit| {
        added(kit, &[inside(inspector(1)), inside(inspector(2))]).await;
        kit.clock.advance_seconds(60);
        let act = (kit.clock.now(), "inspector.import");
        let moved = Entry {
            department: "办公室".to_owned(),
            ..inside(inspector(2))
        };
        let mut tx = kit.db.begin().await.unwrap();
        inspectors::add(&mut tx, BUREAU, &[(1, inside(inspector(3)))], &kit.stamp(act.1))
            .await
            .unwrap();
        inspectors::replace(&mut tx, BUREAU, &[(1, moved.clone())], &kit.stamp(act.1))
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let request = PageRequest::new(1, 50);
        let first = inspectors::begun(&mut read, BUREAU, act, true, request)
            .await
            .unwrap();
        let next = inspectors::begun(&mut read, BUREAU, act, false, request)
            .await
            .unwrap();
        assert_eq!((first.total, &first.rows[0].0.record), (1, &inside(inspector(3))));
        assert!(first.rows[0].1.is_none());
        let (now, before) = &next.rows[0];
        assert_eq!((&now.record, next.total), (&moved, 1));
        assert_eq!(before.as_ref().unwrap().record, inside(inspector(2)));
    });
}
