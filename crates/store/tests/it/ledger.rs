//! The ledger's entries, places and checkpoints, and what the database refuses.
//! Never tests signatures and hashes: the crate of the ledger does.

use ledger::entry::Visibility;
use ledger::{Entry, Hash};
use store::ledger::{EntryFilter, StoredCheckpoint};
use store::{At, PageRequest, StoreError};
use testkit::{BUREAU, Engine, Kit, both};

fn entry(act: &str, subject: &str, actor: &str) -> Entry {
    Entry {
        at_micros: 1,
        bureau: BUREAU.to_owned(),
        actor: actor.to_owned(),
        from: "-".to_owned(),
        act: act.to_owned(),
        subject: subject.to_owned(),
        ground: String::new(),
        before: None,
        after: None,
        visibility: Visibility::Public,
    }
}

async fn recorded(kit: &Kit, id: &str, entry: &Entry) {
    let tx = kit.db.begin().await.unwrap();
    tx.record(id, entry).await.unwrap().commit().await.unwrap();
}

fn hash(text: &str) -> Hash {
    ledger::tree::leaf(text.as_bytes())
}

fn checkpoint(size: u64) -> StoredCheckpoint {
    StoredCheckpoint {
        size,
        note: format!("note {size}"),
        frontier: format!("frontier {size}"),
        at: At(5),
    }
}

#[test]
fn entries_wait_in_their_order_until_they_have_a_place() {
    both(async |kit: &Kit| {
        for id in ["c", "a", "b"] {
            recorded(kit, id, &entry("source.enter", id, "jia")).await;
        }
        let mut read = kit.db.read().await.unwrap();
        assert_eq!(store::ledger::waiting(&mut read).await.unwrap(), 3);
        let pending = store::ledger::pending(&mut read, 2).await.unwrap();
        let ids: Vec<&str> = pending.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(pending[0].1, entry("source.enter", "a", "jia").to_text());
        let mut upkeep = kit.db.upkeep().await.unwrap();
        let places = [("a".to_owned(), hash("a")), ("b".to_owned(), hash("b"))];
        store::ledger::place(&mut upkeep, 0, &places).await.unwrap();
        upkeep.commit().await.unwrap();
        assert_eq!(store::ledger::waiting(&mut read).await.unwrap(), 1);
        assert_eq!(store::ledger::stray(&mut read).await.unwrap(), None);
        let leaves = store::ledger::leaves(&mut read, 1, 9).await.unwrap();
        assert_eq!(leaves.len(), 1);
        assert_eq!(
            (leaves[0].index, leaves[0].hash, leaves[0].id.as_str()),
            (Some(1), Some(hash("b")), "b")
        );
        assert!(leaves[0].agrees && leaves[0].body.is_some());
    });
}

#[test]
fn a_place_is_given_once_and_so_is_the_size_of_a_checkpoint() {
    both(async |kit: &Kit| {
        recorded(kit, "a", &entry("source.enter", "a", "jia")).await;
        recorded(kit, "b", &entry("source.enter", "b", "jia")).await;
        let mut upkeep = kit.db.upkeep().await.unwrap();
        store::ledger::place(&mut upkeep, 0, &[("a".to_owned(), hash("a"))])
            .await
            .unwrap();
        store::ledger::put_checkpoint(&mut upkeep, &checkpoint(1))
            .await
            .unwrap();
        upkeep.commit().await.unwrap();
        let mut upkeep = kit.db.upkeep().await.unwrap();
        let forked = store::ledger::place(&mut upkeep, 0, &[("b".to_owned(), hash("b"))]).await;
        assert!(matches!(forked, Err(StoreError::Exists(_))), "{forked:?}");
        drop(upkeep);
        let mut upkeep = kit.db.upkeep().await.unwrap();
        let forked = store::ledger::put_checkpoint(&mut upkeep, &checkpoint(1)).await;
        assert!(matches!(forked, Err(StoreError::Exists(_))), "{forked:?}");
        drop(upkeep);
        assert_eq!(
            store::ledger::waiting(&mut kit.db.read().await.unwrap())
                .await
                .unwrap(),
            1
        );
    });
}

#[test]
fn checkpoints_come_by_size_and_the_newest_is_the_largest() {
    both(async |kit: &Kit| {
        let mut read = kit.db.read().await.unwrap();
        assert!(store::ledger::latest(&mut read).await.unwrap().is_none());
        let mut upkeep = kit.db.upkeep().await.unwrap();
        for size in [9, 2, 100] {
            store::ledger::put_checkpoint(&mut upkeep, &checkpoint(size))
                .await
                .unwrap();
        }
        upkeep.commit().await.unwrap();
        let sizes = |list: Vec<StoredCheckpoint>| list.iter().map(|own| own.size).collect::<Vec<u64>>();
        let all = store::ledger::checkpoints(&mut read, 0, 10).await.unwrap();
        assert_eq!(sizes(all), [2, 9, 100]);
        let some = store::ledger::checkpoints(&mut read, 2, 1).await.unwrap();
        assert_eq!(sizes(some), [9]);
        let latest = store::ledger::latest(&mut read).await.unwrap().unwrap();
        assert_eq!(
            (latest.size, latest.note.as_str(), latest.at),
            (100, "note 100", At(5))
        );
    });
}

fn by(condition: impl FnOnce(&mut EntryFilter)) -> EntryFilter {
    let mut filter = EntryFilter::default();
    condition(&mut filter);
    filter
}

#[test]
fn an_audit_finds_entries_by_who_what_whereof_and_when() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let mut entries = [
            ("1", entry("source.enter", "source/AB_C", "jia")),
            ("2", entry("source.leave", "source/ABXC", "security")),
            ("3", entry("item.leave", "item/jia", "security")),
        ];
        for (number, (id, entry)) in (1_000..).zip(&mut entries) {
            entry.at_micros = number;
            recorded(kit, id, entry).await;
        }
        let cases: [(EntryFilter, &[&str]); 9] = [
            (by(|f| f.who.push_str("jia")), &["1"]),
            (by(|f| f.who.push_str("示例安")), &["3", "2"]),
            (by(|f| f.who.push('%')), &[]),
            (by(|f| f.area.push_str("source")), &["2", "1"]),
            (by(|f| f.area.push_str("ource")), &[]),
            (by(|f| f.verb.push_str("leave")), &["3", "2"]),
            (by(|f| f.subject.push_str("b_c")), &["1"]),
            (by(|f| f.from = Some(At(1_001))), &["3", "2"]),
            (by(|f| f.until = Some(At(1_001))), &["2", "1"]),
        ];
        let mut read = kit.db.read().await.unwrap();
        for (filter, expected) in cases {
            let page = store::ledger::list(&mut read, BUREAU, &filter, PageRequest::new(1, 50))
                .await
                .unwrap();
            let ids = page.rows.iter().map(|leaf| leaf.id.as_str());
            let made_here: Vec<&str> = ids.filter(|id| id.len() == 1).collect();
            assert_eq!(made_here, expected, "{filter:?}");
        }
    });
}

#[test]
fn an_entry_is_found_by_its_id_in_its_bureau_alone() {
    both(async |kit: &Kit| {
        let made = entry("source.enter", "source/A", "jia");
        recorded(kit, "1", &made).await;
        let mut read = kit.db.read().await.unwrap();
        let found = store::ledger::find(&mut read, BUREAU, "1")
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.index, found.body), (None, Some(made.to_text())));
        assert!(
            store::ledger::find(&mut read, "410898-EEB", "1")
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            store::ledger::find(&mut read, BUREAU, "2")
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn anybody_reads_what_is_public_and_has_its_place_and_nothing_else() {
    both(async |kit: &Kit| {
        let secret = Entry {
            visibility: Visibility::Private { salt: [1; 16] },
            ..entry("source.enter", "source/B", "jia")
        };
        recorded(kit, "1", &entry("item.publish", "item/A", "jia")).await;
        recorded(kit, "2", &secret).await;
        kit.office.order_ledger().await.unwrap();
        recorded(kit, "3", &entry("item.publish", "item/C", "jia")).await;
        let mut read = kit.db.read().await.unwrap();
        let page = store::ledger::public(&mut read, PageRequest::new(1, 20))
            .await
            .unwrap();
        let ids: Vec<&str> = page.rows.iter().map(|leaf| leaf.id.as_str()).collect();
        assert_eq!((page.total, ids), (1, vec!["1"]));
        let hashes = store::ledger::hashes(&mut read, 1, 9).await.unwrap();
        assert_eq!(hashes, [(1, hash(&secret.to_text()))]);
    });
}

#[test]
fn entries_of_another_bureau_are_not_found() {
    both(async |kit: &Kit| {
        recorded(kit, "1", &entry("source.enter", "source/A", "jia")).await;
        let mut read = kit.db.read().await.unwrap();
        let filter = EntryFilter::default();
        let list = store::ledger::list(&mut read, "410898-EEB", &filter, PageRequest::new(1, 20)).await;
        assert_eq!(list.unwrap().total, 0);
    });
}

#[test]
fn the_database_itself_refuses_to_change_or_delete_what_is_recorded() {
    both(async |kit: &Kit| {
        kit.fill_sources(1).await;
        kit.office.order_ledger().await.unwrap();
        for table in ["ledger_entries", "ledger_leaves", "ledger_checkpoints"] {
            let column = if table == "ledger_checkpoints" {
                "note"
            } else {
                "id"
            };
            for statement in [
                format!("DELETE FROM {table}"),
                format!("UPDATE {table} SET {column} = 'x'"),
            ] {
                let refused = kit.database.tamper(&statement).await.unwrap_err();
                assert!(refused.contains("只能追加，不能改动或删除"), "{refused}");
            }
        }
        let refused = kit
            .database
            .tamper("DELETE FROM source_versions")
            .await
            .unwrap_err();
        assert!(refused.contains("只能追加，不能改动或删除"), "{refused}");
        let ended = "UPDATE source_versions SET until_at = 5";
        assert_eq!(
            kit.database.tamper(ended).await,
            Ok(1),
            "the end of a version is set"
        );
        let refused = kit.database.tamper(ended).await.unwrap_err();
        assert!(refused.contains("只能追加，不能改动或删除"), "{refused}");
    });
}

#[test]
fn what_somebody_wrote_past_the_program_is_found() {
    both(async |kit: &Kit| {
        recorded(kit, "1", &entry("source.enter", "source/A", "jia")).await;
        kit.office.order_ledger().await.unwrap();
        let smuggled = "INSERT INTO ledger_entries (id, at, bureau, actor, act, subject, public, body) \
                        VALUES ('2', 1, 'b', 'a', 'x', 's', 1, 'text')";
        kit.database.tamper(smuggled).await.unwrap();
        let mut read = kit.db.read().await.unwrap();
        let stray = store::ledger::stray(&mut read).await.unwrap();
        assert_eq!(stray.as_deref(), Some("2"));
        let guard = match kit.engine {
            Engine::Sqlite => "DROP TRIGGER ledger_entries_no_update",
            Engine::Postgres => "DROP TRIGGER ledger_entries_no_update ON ledger_entries",
        };
        kit.database.tamper(guard).await.unwrap();
        let altered = "UPDATE ledger_entries SET actor = 'somebody else' WHERE id = '1'";
        assert_eq!(kit.database.tamper(altered).await, Ok(1));
        let leaves = store::ledger::leaves(&mut read, 0, 9).await.unwrap();
        assert!(!leaves[0].agrees);
    });
}
