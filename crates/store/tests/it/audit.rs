//! What auditors, strangers and administrators ask beyond the lists.
//! Never tests signatures and hashes: the crate of the ledger does.

use store::{PageRequest, accounts, sessions};
use testkit::{BUREAU, Kit, OTHER_BUREAU, both};

#[test]
fn an_entry_is_found_by_its_id_in_its_own_bureau_alone() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let mut read = kit.db.read().await.unwrap();
        let first = store::ledger::pending(&mut read, 1).await.unwrap().remove(0);
        let found = store::ledger::find(&mut read, BUREAU, &first.0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.body, found.index, found.hash), (Some(first.1), None, None));
        assert!(
            store::ledger::find(&mut read, OTHER_BUREAU, &first.0)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            store::ledger::find(&mut read, BUREAU, "none")
                .await
                .unwrap()
                .is_none()
        );
        kit.office.order_ledger().await.unwrap();
        let placed = store::ledger::find(&mut read, BUREAU, &first.0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(placed.index, Some(0));
    });
}

#[test]
fn hashes_come_by_place_and_public_entries_newest_first_once_they_have_one() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let request = PageRequest::new(1, 20);
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(store::ledger::public(&mut read, request).await.unwrap().total, 0);
        kit.office.order_ledger().await.unwrap();
        // Filling the register is public, and so is setting up; signing in is not.
        kit.clock.advance_seconds(1);
        kit.fill_sources(1).await;
        kit.office.order_ledger().await.unwrap();
        let page = store::ledger::public(&mut read, request).await.unwrap();
        let places: Vec<u64> = page.rows.iter().filter_map(|leaf| leaf.index).collect();
        assert_eq!((page.total, places.len(), places[0]), (2, 2, 2));
        let hashes = store::ledger::hashes(&mut read, 1, 10).await.unwrap();
        let leaves = store::ledger::leaves(&mut read, 1, 10).await.unwrap();
        let same: Vec<_> = leaves
            .iter()
            .map(|leaf| (leaf.index.unwrap(), leaf.hash.unwrap()))
            .collect();
        assert_eq!((hashes.len(), hashes), (2, same));
        assert_eq!(store::ledger::hashes(&mut read, 0, 1).await.unwrap().len(), 1);
    });
}

#[test]
fn a_link_that_is_unused_and_not_over_is_known() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let now = kit.clock.now();
        let until = now.plus_seconds(60);
        let mut tx = kit.db.begin().await.unwrap();
        accounts::invite(&mut tx, "first", "security", now, until)
            .await
            .unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            accounts::link_until(&mut read, "security", now).await.unwrap(),
            Some(until)
        );
        assert_eq!(
            accounts::link_until(&mut read, "security", until).await.unwrap(),
            None
        );
        assert_eq!(
            accounts::link_until(&mut read, "nobody", now).await.unwrap(),
            None
        );
        let mut tx = kit.db.begin().await.unwrap();
        accounts::use_up(&mut tx, "first", now).await.unwrap();
        kit.commit(tx).await;
        assert_eq!(
            accounts::link_until(&mut read, "security", now).await.unwrap(),
            None
        );
    });
}

#[test]
fn the_last_sign_in_of_each_account_is_known() {
    both(async |kit: &Kit| {
        let first = kit.set_up().await;
        kit.clock.advance_seconds(60);
        first.sign_in().await;
        let mut read = kit.db.read().await.unwrap();
        let last = sessions::last_sign_ins(&mut read, BUREAU).await.unwrap();
        assert_eq!(
            last.into_iter().collect::<Vec<_>>(),
            [("security".to_owned(), kit.clock.now())]
        );
        assert!(
            sessions::last_sign_ins(&mut read, OTHER_BUREAU)
                .await
                .unwrap()
                .is_empty()
        );
    });
}
