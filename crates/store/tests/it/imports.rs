//! Uploaded files and what became of them.
//! Never tests what is in them: operations do.

use store::imports::{self, Counts, Import, Register, State};
use store::{At, PageRequest, StoreError};
use testkit::{BUREAU, Kit, OTHER_BUREAU, both};

fn waiting(kit: &Kit, id: &str) -> Import {
    Import {
        id: id.to_owned(),
        register: Register::Sources,
        file_name: "名录.xlsx".to_owned(),
        sha256: "00".repeat(32),
        author: "brigade".to_owned(),
        uploaded_at: kit.clock.now(),
        state: State::Waiting,
        settled_at: At::default(),
        settled_by: String::new(),
        counts: Counts {
            fresh: 5,
            wrong: 2,
            ..Counts::default()
        },
        objections: String::new(),
    }
}

fn applied(kit: &Kit, import: &Import) -> Import {
    Import {
        state: State::Applied,
        settled_at: kit.clock.now(),
        settled_by: "brigade".to_owned(),
        counts: Counts {
            changed: 1,
            unchanged: 2,
            joined: 3,
            skipped: 4,
            ..import.counts
        },
        objections: "第 3 行".to_owned(),
        ..import.clone()
    }
}

async fn added(kit: &Kit, import: &Import, file: &[u8]) {
    let mut tx = kit.db.begin().await.unwrap();
    imports::add(&mut tx, BUREAU, import, file.to_vec())
        .await
        .unwrap();
    kit.commit(tx).await;
}

#[test]
fn r3_1_a_file_comes_back_byte_by_byte_and_stays_when_it_is_settled() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let (import, bytes) = (
            waiting(kit, "a"),
            (0..=255).cycle().take(100_000).collect::<Vec<u8>>(),
        );
        added(kit, &import, &bytes).await;
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            imports::find(&mut read, BUREAU, "a").await.unwrap(),
            Some(import.clone())
        );
        assert_eq!(imports::find(&mut read, BUREAU, "b").await.unwrap(), None);
        assert_eq!(imports::find(&mut read, OTHER_BUREAU, "a").await.unwrap(), None);
        drop(read);
        kit.clock.advance_seconds(60);
        let settled = applied(kit, &import);
        let mut tx = kit.db.begin().await.unwrap();
        imports::settle(&mut tx, BUREAU, &settled).await.unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            imports::find(&mut read, BUREAU, "a").await.unwrap(),
            Some(settled)
        );
        assert_eq!(imports::file(&mut read, BUREAU, "a").await.unwrap(), Some(bytes));
        assert_eq!(imports::file(&mut read, OTHER_BUREAU, "a").await.unwrap(), None);
    });
}

#[test]
fn r3_1_of_two_who_settle_an_import_at_once_one_is_told() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let import = waiting(kit, "a");
        added(kit, &import, b"PK").await;
        let one = async || {
            let mut tx = kit.db.begin().await.unwrap();
            let done = imports::settle(&mut tx, BUREAU, &applied(kit, &import)).await;
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
fn imports_that_wait_are_counted_and_all_are_listed() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let begun = kit.clock.now();
        for id in ["a", "b", "c"] {
            kit.clock.advance_seconds(60);
            added(kit, &waiting(kit, id), b"PK").await;
        }
        let mut tx = kit.db.begin().await.unwrap();
        let b = imports::find(&mut tx, BUREAU, "b").await.unwrap().unwrap();
        imports::settle(&mut tx, BUREAU, &applied(kit, &b)).await.unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let until = begun.plus_seconds(60);
        assert_eq!(imports::waiting(&mut read, BUREAU, until).await.unwrap(), 1);
        assert_eq!(
            imports::waiting(&mut read, BUREAU, kit.clock.now())
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            imports::waiting(&mut read, OTHER_BUREAU, kit.clock.now())
                .await
                .unwrap(),
            0
        );
        let page = imports::list(&mut read, BUREAU, PageRequest::new(1, 2))
            .await
            .unwrap();
        let ids: Vec<&str> = page.rows.iter().map(|own| own.id.as_str()).collect();
        assert_eq!((page.total, ids), (3, vec!["c", "b"]), "the newest first");
    });
}
