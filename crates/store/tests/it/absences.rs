//! Leave and recusal (R4.2).
//! Never tests who may record them: operations do.

use jiff::civil::{Date, date};
use store::absences::{self, Filter, Leave, Listed, Recusal, Withdrawal};
use store::versions::AsOf;
use store::{PageRequest, StoreError};
use testkit::{BUREAU, Kit, OTHER_BUREAU, both, inspector, source};

fn certificate(number: u32) -> String {
    inspector(number).certificate.number.to_string()
}

fn leave(kit: &Kit, id: &str, number: u32, (from, until): (Date, Date)) -> Leave {
    Leave {
        id: id.to_owned(),
        certificate: certificate(number),
        kind: "年休假".to_owned(),
        from,
        until,
        ground: "年度安排".to_owned(),
        author: "brigade".to_owned(),
        recorded_at: kit.clock.now(),
        withdrawn: None,
    }
}

fn recusal(kit: &Kit, id: &str, number: u32, source: &str) -> Recusal {
    Recusal {
        id: id.to_owned(),
        certificate: certificate(number),
        source: source.to_owned(),
        asked_by: "本人申报".to_owned(),
        ground: "近亲属任职".to_owned(),
        author: "brigade".to_owned(),
        recorded_at: kit.clock.now(),
        withdrawn: None,
    }
}

fn withdrawal(kit: &Kit) -> Withdrawal {
    Withdrawal {
        at: kit.clock.now(),
        by: "leader".to_owned(),
        ground: "提前返岗".to_owned(),
    }
}

fn days(from: i8, until: i8) -> (Date, Date) {
    (date(2027, 2, from), date(2027, 2, until))
}

/// Two people, each with a leave in February.
async fn two_leaves(kit: &Kit) {
    kit.fill_inspectors(2).await;
    let mut tx = kit.db.begin().await.unwrap();
    for leave in [leave(kit, "a", 1, days(1, 5)), leave(kit, "b", 2, days(4, 9))] {
        absences::add_leave(&mut tx, BUREAU, &leave).await.unwrap();
    }
    kit.commit(tx).await;
}

fn by(condition: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    condition(&mut filter);
    filter
}

fn ids<T>(found: &[Listed<T>], id: impl Fn(&T) -> &str) -> Vec<String> {
    found.iter().map(|own| id(&own.record).to_owned()).collect()
}

#[test]
fn r4_2_each_condition_finds_the_leaves_that_it_names() {
    both(async |kit: &Kit| {
        two_leaves(kit).await;
        let cases: [(Filter, &[&str]); 8] = [
            (by(|_| {}), &["b", "a"]),
            (by(|f| f.id.push('a')), &["a"]),
            (by(|f| f.certificate = certificate(2)), &["b"]),
            (by(|f| f.text.push_str("示例1")), &["a"]),
            (by(|f| f.department.push_str("办公室")), &[]),
            (by(|f| f.ends_from = Some(date(2027, 2, 5))), &["a", "b"]),
            (by(|f| f.ends_from = Some(date(2027, 2, 6))), &["b"]),
            (by(|f| f.begins_until = Some(date(2027, 2, 3))), &["a"]),
        ];
        let mut read = kit.db.read().await.unwrap();
        for (filter, expected) in cases {
            let all = absences::all_leaves(&mut read, BUREAU, &filter).await.unwrap();
            assert_eq!(ids(&all, |own| &own.id), expected, "{filter:?}");
            let page = absences::leaves(&mut read, BUREAU, &filter, PageRequest::new(1, 1))
                .await
                .unwrap();
            assert_eq!(page.total, expected.len() as u64);
            assert_eq!(page.rows.len(), expected.len().min(1));
        }
        let elsewhere = absences::all_leaves(&mut read, OTHER_BUREAU, &Filter::default()).await;
        assert!(elsewhere.unwrap().is_empty());
    });
}

#[test]
fn r4_2_a_leave_is_withdrawn_once_and_stays_to_be_seen() {
    both(async |kit: &Kit| {
        two_leaves(kit).await;
        let before = kit.clock.now();
        kit.clock.advance_days(1);
        let withdrawn = withdrawal(kit);
        let mut tx = kit.db.begin().await.unwrap();
        absences::withdraw_leave(&mut tx, BUREAU, "a", &withdrawn)
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut tx = kit.db.begin().await.unwrap();
        let again = absences::withdraw_leave(&mut tx, BUREAU, "a", &withdrawn).await;
        assert!(matches!(again, Err(StoreError::Busy)), "{again:?}");
        drop(tx);
        let mut read = kit.db.read().await.unwrap();
        let mut found = async |filter: Filter| {
            let all = absences::all_leaves(&mut read, BUREAU, &filter).await.unwrap();
            ids(&all, |own| &own.id)
        };
        assert_eq!(found(Filter::default()).await, ["b"]);
        assert_eq!(found(by(|f| f.withdrawn = true)).await, ["b", "a"]);
        assert_eq!(found(by(|f| f.as_of = AsOf::Past(before))).await, ["b", "a"]);
        let as_of = AsOf::Past(kit.clock.now());
        assert_eq!(found(by(|f| f.as_of = as_of)).await, ["b"]);
        let kept = absences::all_leaves(&mut read, BUREAU, &by(|f| f.withdrawn = true)).await;
        assert_eq!(kept.unwrap()[1].record.withdrawn, Some(withdrawn));
    });
}

#[test]
fn r4_2_a_recusal_names_a_site_or_all_sites_and_bears_while_they_are_there() {
    both(async |kit: &Kit| {
        kit.fill_inspectors(2).await;
        kit.fill_sources(2).await;
        let site = source(1).id().to_string();
        let gone = source(9).id().to_string();
        let mut tx = kit.db.begin().await.unwrap();
        for recusal in [recusal(kit, "a", 1, &site), recusal(kit, "b", 2, &gone)] {
            absences::add_recusal(&mut tx, BUREAU, &recusal).await.unwrap();
        }
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let all = absences::all_recusals(&mut read, BUREAU, &Filter::default())
            .await
            .unwrap();
        let told: Vec<(String, String, bool)> = all
            .into_iter()
            .map(|own| (own.record.id, own.source_name, own.bears))
            .collect();
        let name = source(1).name.to_string();
        assert_eq!(
            told,
            [
                ("a".to_owned(), name.clone(), true),
                ("b".to_owned(), String::new(), false)
            ]
        );
        for (text, expected) in [(name.as_str(), 1), (gone.as_str(), 1), ("示例2", 1), ("%", 0)] {
            let filter = by(|f| f.text.push_str(text));
            let page = absences::recusals(&mut read, BUREAU, &filter, PageRequest::new(1, 20))
                .await
                .unwrap();
            assert_eq!(page.total, expected, "{text}");
        }
    });
}

#[test]
fn r4_2_a_recusal_is_withdrawn_once() {
    both(async |kit: &Kit| {
        kit.fill_inspectors(1).await;
        let mut tx = kit.db.begin().await.unwrap();
        absences::add_recusal(&mut tx, BUREAU, &recusal(kit, "a", 1, "X"))
            .await
            .unwrap();
        absences::withdraw_recusal(&mut tx, BUREAU, "a", &withdrawal(kit))
            .await
            .unwrap();
        let again = absences::withdraw_recusal(&mut tx, BUREAU, "a", &withdrawal(kit)).await;
        assert!(matches!(again, Err(StoreError::Busy)), "{again:?}");
        let unknown = absences::withdraw_recusal(&mut tx, BUREAU, "b", &withdrawal(kit)).await;
        assert!(matches!(unknown, Err(StoreError::Busy)), "{unknown:?}");
    });
}
