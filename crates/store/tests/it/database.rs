//! Opening, migrating, crashing.
//! Never tests an area's queries.

use std::fs;

use ledger::Entry;
use ledger::entry::Visibility;
use store::bureaus::{self, Bureau};
use store::{Db, NEWEST, StoreError, Tx};
use testkit::{BUREAU, Database, Engine, Kit, both, on};

async fn opened(kit: &Kit) -> (Database, Db) {
    let fresh = Database::fresh(kit.engine).await;
    let db = Db::open(fresh.address(), kit.clock.now()).await.unwrap();
    (fresh, db)
}

fn bureau(code: &str) -> Bureau {
    Bureau {
        code: code.to_owned(),
        name: "示例县生态环境局".to_owned(),
        superior: String::new(),
    }
}

fn entry(subject: &str) -> Entry {
    Entry {
        at_micros: 1,
        bureau: BUREAU.to_owned(),
        actor: "-".to_owned(),
        from: "-".to_owned(),
        act: "test.made-up".to_owned(),
        subject: subject.to_owned(),
        ground: String::new(),
        before: None,
        after: None,
        visibility: Visibility::Public,
    }
}

async fn begun(kit: &Kit, db: &Db, code: &str) -> Tx {
    let mut tx = db.begin().await.unwrap();
    bureaus::add_bureau(&mut tx, &bureau(code), kit.clock.now())
        .await
        .unwrap();
    tx
}

async fn is_there(db: &Db, code: &str) -> bool {
    let found = bureaus::bureau(&mut db.read().await.unwrap(), code).await;
    found.unwrap().is_some()
}

#[test]
fn both_engines_have_the_same_tables_with_the_same_columns() {
    let tables = std::sync::Mutex::new(Vec::new());
    both(async |kit: &Kit| {
        let mut read = kit.db.read().await.unwrap();
        let found = store::tables(kit.db.engine(), &mut read).await.unwrap();
        tables.lock().unwrap().push(found);
    });
    let tables = tables.into_inner().unwrap();
    assert!(tables[0].len() > 10);
    assert_eq!(tables[0], tables[1]);
    let nullable = tables[0]
        .iter()
        .flat_map(|(table, columns)| columns.iter().map(move |column| (table, column)))
        .find(|(_, (_, _, required))| !required);
    assert_eq!(nullable, None, "what is not known is '', never NULL");
}

#[test]
fn opening_again_changes_nothing() {
    both(async |kit: &Kit| {
        let (fresh, db) = opened(kit).await;
        let tx = begun(kit, &db, BUREAU).await;
        tx.record("1", &entry("a")).await.unwrap().commit().await.unwrap();
        db.close().await;
        let again = Db::open(fresh.address(), kit.clock.now()).await.unwrap();
        assert!(is_there(&again, BUREAU).await);
        assert_eq!(again.engine(), kit.engine);
        let existing = Db::existing(fresh.address()).await.unwrap();
        assert!(is_there(&existing, BUREAU).await);
        existing.close().await;
        again.close().await;
    });
}

#[test]
fn a_newer_database_is_refused_with_a_sentence_and_left_alone() {
    both(async |kit: &Kit| {
        let (fresh, db) = opened(kit).await;
        db.close().await;
        let newer = "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'later', 0)";
        fresh.tamper(newer).await.unwrap();
        for refused in [
            Db::open(fresh.address(), kit.clock.now()).await,
            Db::existing(fresh.address()).await,
        ] {
            let error = refused.unwrap_err();
            assert!(matches!(error, StoreError::Newer { found: 999, known } if known == NEWEST));
            let sentence = error.to_string();
            assert!(
                sentence.starts_with("数据库的版本是999，本程序只认识到"),
                "{sentence}"
            );
            assert!(sentence.contains("请换用不低于该版本的程序"), "{sentence}");
        }
        let left = fresh
            .tamper("DELETE FROM schema_migrations WHERE version = 999")
            .await;
        assert_eq!(left, Ok(1));
    });
}

#[test]
fn what_is_dropped_before_its_entry_has_not_happened() {
    both(async |kit: &Kit| {
        let (_fresh, db) = opened(kit).await;
        drop(begun(kit, &db, BUREAU).await);
        assert!(!is_there(&db, BUREAU).await);
        let recorded = begun(kit, &db, BUREAU)
            .await
            .record("1", &entry("a"))
            .await
            .unwrap();
        drop(recorded);
        assert!(!is_there(&db, BUREAU).await, "recorded, but not committed");
        assert_eq!(
            store::ledger::waiting(&mut db.read().await.unwrap())
                .await
                .unwrap(),
            0
        );
        let mut upkeep = db.upkeep().await.unwrap();
        store::accounts::invite(&mut upkeep, "t", "", kit.clock.now(), kit.clock.now())
            .await
            .unwrap();
        drop(upkeep);
        let link = store::accounts::invitation(&mut db.read().await.unwrap(), "t").await;
        assert_eq!(link.unwrap(), None);
        db.close().await;
    });
}

#[test]
fn a_change_of_several_acts_has_all_of_their_entries() {
    both(async |kit: &Kit| {
        let (_fresh, db) = opened(kit).await;
        let tx = begun(kit, &db, BUREAU).await;
        let recorded = tx.record("1", &entry("a")).await.unwrap();
        let recorded = recorded.record("2", &entry("b")).await.unwrap();
        recorded.commit().await.unwrap();
        assert!(is_there(&db, BUREAU).await);
        assert_eq!(
            store::ledger::waiting(&mut db.read().await.unwrap())
                .await
                .unwrap(),
            2
        );
        db.close().await;
    });
}

#[test]
fn a_closed_database_says_that_it_cannot_be_reached() {
    both(async |kit: &Kit| {
        let (_fresh, db) = opened(kit).await;
        db.close().await;
        let refused = db.read().await.unwrap_err();
        assert!(refused.to_string().starts_with("连接不上数据库"), "{refused}");
        let upkeep = db.upkeep().await.unwrap_err();
        assert!(matches!(upkeep, StoreError::Lost(_)));
    });
}

#[test]
fn after_a_power_cut_what_was_committed_is_there_and_nothing_else() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let (fresh, db) = opened(kit).await;
        let tx = begun(kit, &db, BUREAU).await;
        tx.record("1", &entry("a")).await.unwrap().commit().await.unwrap();
        let open = begun(kit, &db, "410898-EEB").await;
        // What the disk holds at this moment is what a machine finds that lost its power now.
        let after = Database::fresh(Engine::Sqlite).await;
        for file in ["mingcha.db", "mingcha.db-wal"] {
            let (from, to) = (fresh.folder().unwrap(), after.folder().unwrap());
            fs::copy(from.join(file), to.join(file)).unwrap();
        }
        let found = Db::existing(after.address()).await.unwrap();
        assert!(is_there(&found, BUREAU).await, "it stood in the journal alone");
        assert!(!is_there(&found, "410898-EEB").await);
        drop(open);
        found.close().await;
        db.close().await;
    });
}

#[test]
fn readers_do_not_wait_for_a_writer() {
    both(async |kit: &Kit| {
        let (_fresh, db) = opened(kit).await;
        let open = begun(kit, &db, BUREAU).await;
        assert!(!is_there(&db, BUREAU).await);
        drop(open);
        db.close().await;
    });
}

#[test]
fn an_address_that_is_none_or_leads_nowhere_is_told_without_its_password() {
    on(Engine::Postgres, async |kit: &Kit| {
        let now = kit.clock.now();
        let unknown = Db::open("mysql://root@localhost/x", now).await.unwrap_err();
        assert!(unknown.to_string().contains("应为 sqlite:文件路径"), "{unknown}");
        let secret = kit.database.address().replace("@", ":secret@");
        let nowhere = Db::open(&format!("{secret}_x"), now).await.unwrap_err();
        assert!(matches!(nowhere, StoreError::Lost(_)), "{nowhere:?}");
        let broken = Db::open("postgres://jia:secret@:::/x", now).await.unwrap_err();
        for error in [nowhere, broken] {
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        let folder = Db::open("sqlite:/nowhere/at/all/mingcha.db", now)
            .await
            .unwrap_err();
        assert!(
            folder.to_string().contains("请确认文件夹存在并且可写"),
            "{folder}"
        );
    });
}
