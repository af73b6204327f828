//! Bureaus and departments.
//! Never tests who may change them: operations do.

use store::bureaus::{self, Bureau, Department};
use store::{At, StoreError};
use testkit::{BUREAU, Kit, both};

#[test]
fn a_bureau_is_added_once() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let bureau = Bureau {
            code: "410897-EEB".to_owned(),
            name: "第三县生态环境局".to_owned(),
            superior: BUREAU.to_owned(),
        };
        let mut tx = kit.db.begin().await.unwrap();
        bureaus::add_bureau(&mut tx, &bureau, kit.clock.now())
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let found = bureaus::bureau(&mut read, "410897-EEB").await.unwrap();
        assert_eq!(found.as_ref(), Some(&bureau));
        assert_eq!(bureaus::bureau(&mut read, "410896-EEB").await.unwrap(), None);
        drop(read);
        let mut tx = kit.db.begin().await.unwrap();
        let again = bureaus::add_bureau(&mut tx, &bureau, kit.clock.now()).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    });
}

#[test]
fn a_department_is_closed_and_opened_and_never_gone() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let now = kit.clock.now();
        let mut tx = kit.db.begin().await.unwrap();
        bureaus::add_department(&mut tx, BUREAU, "执法二站", "直属单位", now)
            .await
            .unwrap();
        assert!(
            bureaus::close_department(&mut tx, BUREAU, "办公室", now)
                .await
                .unwrap()
        );
        assert!(
            !bureaus::close_department(&mut tx, BUREAU, "没有的", now)
                .await
                .unwrap()
        );
        kit.commit(tx).await;
        let departments = bureaus::departments(&mut kit.db.read().await.unwrap(), BUREAU)
            .await
            .unwrap();
        let names: Vec<&str> = departments.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(names.len(), 3);
        assert!(names.contains(&"执法二站"));
        let closed = Department {
            name: "办公室".to_owned(),
            kind: "股室".to_owned(),
            closed_at: now,
        };
        assert_eq!(departments.last(), Some(&closed), "closed ones are last");
        let mut tx = kit.db.begin().await.unwrap();
        assert!(
            bureaus::close_department(&mut tx, BUREAU, "办公室", At::default())
                .await
                .unwrap()
        );
        let again = bureaus::add_department(&mut tx, BUREAU, "办公室", "股室", now).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    });
}

#[test]
fn departments_of_another_bureau_are_not_seen() {
    both(async |kit: &Kit| {
        let other = kit.other_bureau().await;
        let mut read = kit.db.read().await.unwrap();
        let all = bureaus::bureaus(&mut read).await.unwrap();
        let codes: Vec<&str> = all.iter().map(|own| own.code.as_str()).collect();
        assert_eq!(codes, [other, BUREAU]);
        assert!(bureaus::departments(&mut read, other).await.unwrap().is_empty());
    });
}

#[test]
fn whoever_holds_a_bureau_changes_nothing_of_it() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let mut tx = kit.db.begin().await.unwrap();
        store::bureaus::hold(&mut tx, BUREAU).await.unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        assert!(store::bureaus::bureau(&mut read, BUREAU).await.unwrap().is_some());
    });
}
