//! Uploaded files.
//! Never tests what becomes of their rows: operations do.

use domain::Term as _;
use store::imports::{self, Counts, Import, Register, State};
use store::{At, PageRequest, StoreError};
use testkit::{BUREAU, Kit, OTHER_BUREAU, both};

fn import(kit: &Kit, id: &str, register: Register) -> Import {
    Import {
        id: id.to_owned(),
        register,
        file_name: format!("{id}.xlsx"),
        sha256: "00".to_owned(),
        author: "security".to_owned(),
        uploaded_at: kit.clock.now(),
        state: State::Waiting,
        settled_at: At::default(),
        settled_by: String::new(),
        counts: Counts {
            fresh: 1,
            changed: 2,
            unchanged: 3,
            wrong: 4,
            joined: 5,
            skipped: 6,
        },
        objections: String::new(),
    }
}

async fn add(kit: &Kit, import: &Import, file: Vec<u8>) {
    let mut tx = kit.db.begin().await.unwrap();
    imports::add(&mut tx, BUREAU, import, file).await.unwrap();
    kit.commit(tx).await;
}

async fn settle(kit: &Kit, import: &Import) {
    let mut tx = kit.db.begin().await.unwrap();
    imports::settle(&mut tx, BUREAU, import).await.unwrap();
    kit.commit(tx).await;
}

#[test]
fn a_file_is_kept_as_it_was_uploaded_and_found_by_its_bureau_alone() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let import = import(kit, "a", Register::Inspectors);
        add(kit, &import, bytes.clone()).await;
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            imports::find(&mut read, BUREAU, "a").await.unwrap(),
            Some(import.clone())
        );
        assert_eq!(imports::file(&mut read, BUREAU, "a").await.unwrap(), Some(bytes));
        assert_eq!(imports::find(&mut read, OTHER_BUREAU, "a").await.unwrap(), None);
        assert_eq!(imports::file(&mut read, OTHER_BUREAU, "a").await.unwrap(), None);
        drop(read);
        let mut tx = kit.db.begin().await.unwrap();
        let again = imports::add(&mut tx, BUREAU, &import, Vec::new()).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
        assert_eq!(import.counts.rows(), 21);
    });
}

#[test]
fn an_import_leaves_its_waiting_once() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let first = import(kit, "a", Register::Sources);
        add(kit, &first, vec![1]).await;
        kit.clock.advance_seconds(60);
        add(kit, &import(kit, "b", Register::Sources), vec![2]).await;
        let settled = Import {
            state: State::Applied,
            settled_at: kit.clock.now(),
            settled_by: "brigade".to_owned(),
            counts: Counts {
                fresh: 7,
                ..Counts::default()
            },
            objections: "[]".to_owned(),
            ..first.clone()
        };
        settle(kit, &settled).await;
        let given_up = Import {
            state: State::GivenUp,
            ..settled.clone()
        };
        let mut tx = kit.db.begin().await.unwrap();
        let again = imports::settle(&mut tx, BUREAU, &given_up).await;
        assert!(matches!(again, Err(StoreError::Busy)), "{again:?}");
        drop(tx);
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            imports::find(&mut read, BUREAU, "a").await.unwrap(),
            Some(settled)
        );
        assert_eq!(
            imports::file(&mut read, BUREAU, "a").await.unwrap(),
            Some(vec![1])
        );
        let page = imports::list(&mut read, BUREAU, PageRequest::new(1, 20))
            .await
            .unwrap();
        let ids: Vec<&str> = page.rows.iter().map(|import| import.id.as_str()).collect();
        assert_eq!((ids, page.total), (vec!["b", "a"], 2));
        let waiting = imports::waiting(&mut read, BUREAU, At::FOREVER).await.unwrap();
        let long = imports::waiting(&mut read, BUREAU, first.uploaded_at)
            .await
            .unwrap();
        assert_eq!((waiting, long), (1, 0));
    });
}

#[test]
fn registers_and_states_have_words_and_addresses_of_their_own() {
    for register in [Register::Sources, Register::Inspectors] {
        assert_eq!(Register::parse(register.key()), Ok(register));
        assert_eq!(Register::parse(register.word()), Ok(register));
    }
    assert_eq!(State::parse("已导入"), Ok(State::Applied));
}

#[test]
fn of_two_who_settle_an_import_at_once_one_is_told() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let waiting = import(kit, "a", Register::Sources);
        add(kit, &waiting, vec![1]).await;
        let one = async |state: State| {
            let settled = Import {
                state,
                ..waiting.clone()
            };
            let mut tx = kit.db.begin().await.unwrap();
            let done = imports::settle(&mut tx, BUREAU, &settled).await;
            if done.is_ok() {
                kit.commit(tx).await;
            }
            done
        };
        let (first, second) = tokio::join!(one(State::Applied), one(State::GivenUp));
        assert!(first.is_ok() ^ second.is_ok(), "{first:?} {second:?}");
        let busy = first.and(second).unwrap_err();
        assert!(matches!(busy, StoreError::Busy), "{busy:?}");
    });
}
