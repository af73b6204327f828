//! Accounts, links and the installation.
//! Never tests passwords: the store sees only what it is given as their hash.

use store::accounts::{self, Account, Installation};
use store::{At, Db, StoreError};
use testkit::{BUREAU, Database, Kit, both};

fn account(login: &str) -> Account {
    Account {
        login: login.to_owned(),
        bureau: BUREAU.to_owned(),
        person: "示例甲".to_owned(),
        department: "办公室".to_owned(),
        certificate: String::new(),
        roles: "计划员".to_owned(),
        password: String::new(),
        closed_at: At::default(),
        failures: 0,
        locked_until: At::default(),
    }
}

async fn added(kit: &Kit, account: &Account) {
    kit.set_up().await;
    let mut tx = kit.db.begin().await.unwrap();
    accounts::add(&mut tx, account, kit.clock.now()).await.unwrap();
    kit.commit(tx).await;
}

#[test]
fn an_account_is_found_as_it_was_added_and_its_name_is_taken() {
    both(async |kit: &Kit| {
        let mut read = kit.db.read().await.unwrap();
        assert!(!accounts::any(&mut read).await.unwrap());
        added(kit, &account("jia")).await;
        assert!(accounts::any(&mut read).await.unwrap());
        let found = accounts::find(&mut read, "jia").await.unwrap();
        assert_eq!(found, Some(account("jia")));
        assert_eq!(accounts::find(&mut read, "JIA").await.unwrap(), None);
        drop(read);
        let mut tx = kit.db.begin().await.unwrap();
        let again = accounts::add(&mut tx, &account("jia"), kit.clock.now()).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    });
}

#[test]
fn a_change_keeps_password_and_failures_and_closed_ones_are_last() {
    both(async |kit: &Kit| {
        added(kit, &account("jia")).await;
        let mut tx = kit.db.begin().await.unwrap();
        accounts::set_password(&mut tx, "jia", "a hash").await.unwrap();
        let changed = Account {
            person: "示例乙".to_owned(),
            roles: "局领导".to_owned(),
            closed_at: kit.clock.now(),
            ..account("jia")
        };
        accounts::change(&mut tx, &changed).await.unwrap();
        kit.commit(tx).await;
        let list = accounts::list(&mut kit.db.read().await.unwrap(), BUREAU)
            .await
            .unwrap();
        let logins: Vec<&str> = list.iter().map(|own| own.login.as_str()).collect();
        assert_eq!(logins, ["security", "jia"]);
        let kept = Account {
            password: "a hash".to_owned(),
            ..changed
        };
        assert_eq!(list[1], kept);
    });
}

#[test]
fn two_wrong_passwords_at_once_are_two() {
    both(async |kit: &Kit| {
        added(kit, &account("jia")).await;
        let one = async || {
            let mut tx = kit.db.begin().await.unwrap();
            let failures = accounts::count_failure(&mut tx, "jia").await.unwrap();
            kit.commit(tx).await;
            failures
        };
        let counted = tokio::join!(one(), one(), one(), one());
        let mut counted = [counted.0, counted.1, counted.2, counted.3];
        counted.sort_unstable();
        assert_eq!(counted, [1, 2, 3, 4]);
        let until = kit.clock.now().plus_seconds(900);
        let mut tx = kit.db.begin().await.unwrap();
        accounts::lock(&mut tx, "jia", 5, until).await.unwrap();
        assert_eq!(accounts::count_failure(&mut tx, "nobody").await.unwrap(), 0);
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let locked = accounts::find(&mut read, "jia").await.unwrap().unwrap();
        assert_eq!((locked.failures, locked.locked_until), (5, until));
        drop(read);
        let mut tx = kit.db.begin().await.unwrap();
        accounts::set_password(&mut tx, "jia", "a hash").await.unwrap();
        let free = accounts::find(&mut tx, "jia").await.unwrap().unwrap();
        assert_eq!((free.failures, free.locked_until), (0, At::default()));
    });
}

#[test]
fn a_link_works_once_and_a_new_one_ends_the_old() {
    both(async |kit: &Kit| {
        added(kit, &account("jia")).await;
        let now = kit.clock.now();
        let until = now.plus_seconds(60);
        let mut tx = kit.db.begin().await.unwrap();
        accounts::invite(&mut tx, "old", "jia", now, until).await.unwrap();
        accounts::invite(&mut tx, "new", "jia", now, until).await.unwrap();
        let works = accounts::link_until(&mut tx, "jia", now).await.unwrap();
        assert_eq!(works, Some(until));
        assert_eq!(accounts::link_until(&mut tx, "jia", until).await.unwrap(), None);
        assert_eq!(accounts::link_until(&mut tx, "yi", now).await.unwrap(), None);
        let found = accounts::invitation(&mut tx, "new").await.unwrap().unwrap();
        assert_eq!((found.login.as_str(), found.expires_at), ("jia", until));
        assert!(accounts::invitation(&mut tx, "unknown").await.unwrap().is_none());
        assert!(!accounts::use_up(&mut tx, "old", now).await.unwrap());
        assert!(accounts::use_up(&mut tx, "new", now).await.unwrap());
        assert!(!accounts::use_up(&mut tx, "new", now).await.unwrap());
        assert!(!accounts::use_up(&mut tx, "unknown", now).await.unwrap());
    });
}

#[test]
fn a_link_used_by_two_at_once_is_used_by_one() {
    both(async |kit: &Kit| {
        added(kit, &account("jia")).await;
        let now = kit.clock.now();
        let mut tx = kit.db.begin().await.unwrap();
        accounts::invite(&mut tx, "link", "jia", now, now.plus_seconds(60))
            .await
            .unwrap();
        kit.commit(tx).await;
        let one = async || {
            let mut tx = kit.db.begin().await.unwrap();
            let used = accounts::use_up(&mut tx, "link", now).await.unwrap();
            kit.commit(tx).await;
            used
        };
        let (first, second) = tokio::join!(one(), one());
        assert!(first ^ second, "{first} {second}");
    });
}

#[test]
fn the_installation_is_remembered_once() {
    both(async |kit: &Kit| {
        let fresh = Database::fresh(kit.engine).await;
        let db = Db::open(fresh.address(), kit.clock.now()).await.unwrap();
        assert_eq!(
            accounts::installation(&mut db.read().await.unwrap())
                .await
                .unwrap(),
            None
        );
        let installation = Installation {
            origin: "mingcha/test".to_owned(),
            verifier: "key".to_owned(),
        };
        let mut upkeep = db.upkeep().await.unwrap();
        accounts::install(&mut upkeep, &installation, kit.clock.now())
            .await
            .unwrap();
        upkeep.commit().await.unwrap();
        let mut upkeep = db.upkeep().await.unwrap();
        let again = accounts::install(&mut upkeep, &installation, kit.clock.now()).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
        drop(upkeep);
        let known = accounts::installation(&mut db.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(known, Some(installation));
        db.close().await;
    });
}
