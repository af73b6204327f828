//! Sessions.
//! Never tests how long one lasts: operations decide that.

use std::collections::BTreeMap;

use store::At;
use store::sessions::{self, Session};
use testkit::{BUREAU, BUREAU_NAME, Kit, both};

fn session(token: &str, now: At) -> Session {
    Session {
        token: token.to_owned(),
        id: format!("id-{token}"),
        login: "security".to_owned(),
        address: "192.0.2.1".to_owned(),
        agent: "示例浏览器".to_owned(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(60),
        ended_at: At::default(),
    }
}

/// The office with its first account and these sessions of it, each a second later than the one before.
async fn begun(kit: &Kit, tokens: &[&str]) {
    kit.set_up().await;
    for token in tokens {
        kit.clock.advance_seconds(1);
        let mut tx = kit.db.begin().await.unwrap();
        sessions::begin(&mut tx, &session(token, kit.clock.now()))
            .await
            .unwrap();
        kit.commit(tx).await;
    }
}

#[test]
fn a_session_is_found_by_its_hash_with_account_and_bureau() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let now = kit.clock.now();
        let mut tx = kit.db.begin().await.unwrap();
        sessions::begin(&mut tx, &session("a", now)).await.unwrap();
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(
            sessions::find(&mut read, "a").await.unwrap(),
            Some(session("a", now))
        );
        assert_eq!(sessions::find(&mut read, "b").await.unwrap(), None);
        let (found, account, bureau) = sessions::who(&mut read, "a").await.unwrap().unwrap();
        assert_eq!(found, session("a", now));
        assert_eq!(
            (account.login.as_str(), bureau.as_str()),
            ("security", BUREAU_NAME)
        );
        assert!(sessions::who(&mut read, "b").await.unwrap().is_none());
    });
}

#[test]
fn sessions_that_ended_or_are_over_are_not_listed() {
    both(async |kit: &Kit| {
        begun(kit, &["a", "b", "c"]).await;
        let now = kit.clock.now();
        let mut tx = kit.db.begin().await.unwrap();
        assert!(sessions::end(&mut tx, "security", "id-b", now).await.unwrap());
        assert!(
            !sessions::end(&mut tx, "security", "id-b", now).await.unwrap(),
            "it had ended"
        );
        assert!(
            !sessions::end(&mut tx, "somebody", "id-c", now).await.unwrap(),
            "not theirs"
        );
        kit.commit(tx).await;
        let mut read = kit.db.read().await.unwrap();
        let ids = async |conn: &mut store::Conn, now: At| -> Vec<String> {
            let list = sessions::of(conn, "security", now).await.unwrap();
            list.into_iter()
                .map(|session| session.id)
                .filter(|id| id.starts_with("id-"))
                .collect()
        };
        assert_eq!(ids(&mut read, now).await, ["id-c", "id-a"], "the newest first");
        let last = sessions::last_sign_ins(&mut read, BUREAU).await.unwrap();
        assert_eq!(last, BTreeMap::from([("security".to_owned(), now)]));
        assert!(
            sessions::last_sign_ins(&mut read, "410898-EEB")
                .await
                .unwrap()
                .is_empty()
        );
        assert!(ids(&mut read, now.plus_seconds(60)).await.is_empty());
        let listed = sessions::of(&mut read, "security", now.plus_seconds(60)).await;
        assert_eq!(
            listed.unwrap().len(),
            1,
            "only that of the first sign-in lasts so long"
        );
    });
}

#[test]
fn all_sessions_end_but_the_one_that_asks() {
    both(async |kit: &Kit| {
        begun(kit, &["a", "b", "c"]).await;
        let now = kit.clock.now();
        let mut tx = kit.db.begin().await.unwrap();
        let ended = sessions::end_all(&mut tx, "security", "id-b", now).await.unwrap();
        assert_eq!(ended, 3, "two of these, and that of the first sign-in");
        kit.commit(tx).await;
        let left = sessions::of(&mut kit.db.read().await.unwrap(), "security", now)
            .await
            .unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].id, "id-b");
    });
}

#[test]
fn it_is_written_down_that_a_session_is_in_use() {
    both(async |kit: &Kit| {
        begun(kit, &["a"]).await;
        kit.clock.advance_seconds(30);
        let mut upkeep = kit.db.upkeep().await.unwrap();
        sessions::seen(&mut upkeep, "a", kit.clock.now()).await.unwrap();
        upkeep.commit().await.unwrap();
        let found = sessions::find(&mut kit.db.read().await.unwrap(), "a")
            .await
            .unwrap();
        assert_eq!(found.unwrap().seen_at, kit.clock.now());
    });
}
