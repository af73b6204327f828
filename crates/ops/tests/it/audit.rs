//! The ledger: every act is in it, whoever goes round the program shows, and strangers see no more than they may.

use std::ops::Range;

use ops::audit::{self, EntryFilter, Verification};
use ops::{Actor, At, PageRequest, Refusal, accounts, organisation, sessions};
use testkit::{Kit, PASSWORD, account, both};

async fn verify(kit: &Kit, external: &[String]) -> Verification {
    audit::verify(kit.database.address(), external, None)
        .await
        .unwrap()
}

/// An office in which ten and more things were done, with a checkpoint for each.
async fn busy(kit: &Kit) -> Actor {
    kit.clock.run();
    kit.set_up().await;
    kit.office.order_ledger().await.unwrap();
    kit.add(&account("auditor", &["审计管理员"])).await;
    kit.office.order_ledger().await.unwrap();
    kit.add(&account("operator", &["系统管理员"])).await;
    kit.office.order_ledger().await.unwrap();
    let operator = kit.sign_in("operator", PASSWORD).await.unwrap().actor;
    for number in 0..6 {
        organisation::add(&kit.office, &operator, &format!("股室{number}"), "股室")
            .await
            .unwrap();
        kit.office.order_ledger().await.unwrap();
    }
    let auditor = kit.sign_in("auditor", PASSWORD).await.unwrap().actor;
    kit.office.order_ledger().await.unwrap();
    auditor
}

async fn list(kit: &Kit, actor: &Actor, filter: EntryFilter) -> Vec<(String, String)> {
    let page = audit::list(&kit.office, actor, &filter, PageRequest::new(1, 100))
        .await
        .unwrap();
    let row = |row: audit::Record| row.entry.map(|entry| (entry.act, entry.subject)).unwrap();
    page.rows.into_iter().map(row).collect()
}

/// Administers: departments, accounts and wrong passwords.
async fn administer(kit: &Kit, security: &Actor) {
    let office = &kit.office;
    let operator = kit.sign_in("operator", PASSWORD).await.unwrap().actor;
    organisation::add(office, &operator, "法规股", "股室")
        .await
        .unwrap();
    organisation::close(office, &operator, "法规股", true)
        .await
        .unwrap();
    organisation::close(office, &operator, "法规股", false)
        .await
        .unwrap();
    organisation::add(office, &operator, "法规股", "股室")
        .await
        .unwrap_err();
    sessions::sign_out(office, &operator).await.unwrap();
    accounts::change(office, security, &account("operator", &["计划员"]))
        .await
        .unwrap();
    accounts::close(office, security, "operator", true).await.unwrap();
    accounts::close(office, security, "operator", false)
        .await
        .unwrap();
    accounts::invite(office, security, "operator").await.unwrap();
    for _ in 0..5 {
        kit.sign_in("operator", "wrong-horse-77").await.unwrap_err();
    }
}

#[test]
fn every_committed_act_is_in_the_ledger() {
    both(async |kit: &Kit| {
        kit.clock.run();
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("auditor", &["审计管理员"])).await;
        kit.add(&account("operator", &["系统管理员"])).await;
        administer(kit, &security).await;
        let auditor = kit.sign_in("auditor", PASSWORD).await.unwrap().actor;
        let mut acts = list(kit, &auditor, EntryFilter::default()).await;
        acts.reverse();
        let acts: Vec<&str> = acts.iter().map(|(act, _)| act.as_str()).collect();
        let expected = [
            "office.setup",
            "account.sign-in",
            "account.add",
            "account.password",
            "account.add",
            "account.password",
            "account.sign-in",
            "department.add",
            "department.close",
            "department.open",
            "account.sign-out",
            "account.change",
            "account.close",
            "account.open",
            "account.invite",
            "account.failed",
            "account.failed",
            "account.failed",
            "account.failed",
            "account.locked",
            "account.sign-in",
        ];
        assert_eq!(acts, expected);
        assert_eq!(office.order_ledger().await.unwrap(), expected.len() as u64);
        let verification = verify(kit, &kit.kept_checkpoints()).await;
        assert!(verification.holds(), "{verification:?}");
        assert_eq!(verification.report.size, expected.len() as u64);
        assert_eq!(verification.report.signed_size, expected.len() as u64);
        let own = audit::verify_own(office, &auditor, &kit.kept_checkpoints())
            .await
            .unwrap();
        assert_eq!(own.report, verification.report);
        let forbidden = audit::verify_own(office, &security, &[]).await;
        assert!(matches!(forbidden, Err(Refusal::Forbidden(_))));
    });
}

#[test]
fn entries_are_found_by_person_act_subject_and_time() {
    both(async |kit: &Kit| {
        let auditor = busy(kit).await;
        let found = async |filter: EntryFilter| list(kit, &auditor, filter).await.len();
        let all = EntryFilter::default();
        let everything = found(all.clone()).await;
        let with = |change: &dyn Fn(&mut EntryFilter)| {
            let mut filter = all.clone();
            change(&mut filter);
            filter
        };
        assert_eq!(found(with(&|f| f.who = "operator".into())).await, 8);
        assert_eq!(
            found(with(&|f| f.who = "operato".into())).await,
            8,
            "part of the name"
        );
        assert_eq!(found(with(&|f| f.area = "department".into())).await, 6);
        assert_eq!(found(with(&|f| f.verbs = vec!["add".into()])).await, 8);
        assert_eq!(
            found(with(&|f| f.verbs = vec!["add".into(), "setup".into()])).await,
            9
        );
        assert_eq!(found(with(&|f| f.area = "depart".into())).await, 0);
        assert_eq!(found(with(&|f| f.verbs = vec!["%".into()])).await, 0);
        assert_eq!(found(with(&|f| f.subject = "股室3".into())).await, 1);
        assert_eq!(found(with(&|f| f.subject = "_".into())).await, 0);
        let page = audit::list(&kit.office, &auditor, &all, PageRequest::new(1, 100))
            .await
            .unwrap();
        let at = |row: &audit::Record| At(row.entry.as_ref().unwrap().at_micros);
        let (newest, oldest) = (at(&page.rows[0]), at(page.rows.last().unwrap()));
        assert_eq!(found(with(&|f| f.from = Some(newest))).await, 1);
        assert_eq!(found(with(&|f| f.until = Some(oldest))).await, 1);
        let both = with(&|f| (f.from, f.until) = (Some(oldest), Some(newest)));
        assert_eq!(found(both).await, everything);
    });
}

#[test]
fn each_entry_has_a_proof_against_the_newest_checkpoint() {
    both(async |kit: &Kit| {
        let auditor = busy(kit).await;
        let (office, all) = (&kit.office, EntryFilter::default());
        organisation::departments(office, &auditor).await.unwrap();
        let page = audit::list(office, &auditor, &all, PageRequest::new(1, 100))
            .await
            .unwrap();
        for row in &page.rows {
            let detail = audit::get(office, &auditor, &row.id).await.unwrap();
            let proof = detail.proof.unwrap();
            assert!(proof.holds && proof.size == page.total);
        }
        // One that waits has none yet.
        kit.sign_in("operator", PASSWORD).await.unwrap();
        let newest = audit::list(office, &auditor, &all, PageRequest::new(1, 1))
            .await
            .unwrap();
        let waiting = audit::get(office, &auditor, &newest.rows[0].id).await.unwrap();
        assert!(waiting.proof.is_none() && waiting.record.index.is_none());
        assert!(matches!(
            audit::get(office, &auditor, "f00f").await,
            Err(Refusal::Missing(_))
        ));
        // One that was edited has none that holds.
        kit.database.unguard("ledger_entries").await;
        let id = &page.rows[3].id;
        let sql = format!(
            "UPDATE ledger_entries SET body = REPLACE(body, 'department', 'xepartment') WHERE id = '{id}'"
        );
        kit.database.tamper(&sql).await.unwrap();
        assert!(
            !audit::get(office, &auditor, id)
                .await
                .unwrap()
                .proof
                .unwrap()
                .holds
        );
    });
}

#[test]
fn strangers_see_hashes_of_what_is_private_and_can_compute_the_root() {
    both(async |kit: &Kit| {
        busy(kit).await;
        let leaves = audit::public_leaves(&kit.office, 0).await.unwrap();
        let shown: Vec<u64> = leaves
            .iter()
            .filter(|leaf| leaf.text.is_some())
            .filter_map(|leaf| leaf.index)
            .collect();
        assert_eq!(shown, [0], "setting up is public, the rest is not");
        assert!(
            leaves
                .iter()
                .skip(1)
                .all(|leaf| leaf.id.is_empty() && leaf.entry.is_none())
        );
        let (note, key) = audit::checkpoint(&kit.office).await.unwrap();
        let signed = ledger::Verifier::parse(&key)
            .unwrap()
            .open(&note.unwrap())
            .unwrap();
        let hashes: Vec<ledger::Hash> = leaves.iter().map(|leaf| leaf.hash.unwrap()).collect();
        assert_eq!(ledger::tree::root(&hashes), signed.root);
        assert_eq!(hashes.len() as u64, signed.size);
        let from = audit::public_leaves(&kit.office, 5).await.unwrap();
        assert_eq!(from[0].index, Some(5));
        let public = audit::public_entries(&kit.office, PageRequest::new(1, 20))
            .await
            .unwrap();
        assert_eq!((public.total, public.rows[0].index), (1, Some(0)));
        let last = audit::public_page(&kit.office, PageRequest::new(signed.size.div_ceil(4), 4))
            .await
            .unwrap();
        assert_eq!(last.rows.last().unwrap().index, Some(0));
        let beyond = audit::public_page(&kit.office, PageRequest::new(1000, 4))
            .await
            .unwrap();
        assert!(beyond.rows.is_empty());
    });
}

/// Whether a finding is about exactly these positions.
fn finds(verification: &Verification, positions: Range<u64>) -> bool {
    let found = |finding: &ledger::audit::Finding| finding.positions() == Some(positions.clone());
    !verification.holds() && verification.report.findings.iter().any(found)
}

async fn id_at(kit: &Kit, leaf: u64) -> String {
    let id = format!("SELECT id FROM ledger_leaves WHERE leaf = {leaf}");
    kit.database.texts(&id).await.remove(0)
}

/// Takes the guards off and does that.
async fn tampered(kit: &Kit, sql: &[&str]) {
    busy(kit).await;
    assert!(verify(kit, &kit.kept_checkpoints()).await.holds());
    for table in ["ledger_entries", "ledger_leaves", "ledger_checkpoints"] {
        kit.database.unguard(table).await;
    }
    for sql in sql {
        kit.database.tamper(sql).await.unwrap();
    }
}

#[test]
fn an_edited_text_is_found() {
    both(async |kit: &Kit| {
        let edit = "UPDATE ledger_entries SET body = REPLACE(body, '\"from\":\"-\"', '\"from\":\"x\"') \
                    WHERE id = (SELECT id FROM ledger_leaves WHERE leaf = 3)";
        tampered(kit, &[edit]).await;
        assert!(finds(&verify(kit, &[]).await, 3..4));
    });
}

#[test]
fn an_edited_text_with_its_hash_is_found() {
    both(async |kit: &Kit| {
        tampered(kit, &[]).await;
        let id = id_at(kit, 9).await;
        let text = format!("SELECT body FROM ledger_entries WHERE id = '{id}'");
        let body = kit.database.texts(&text).await.remove(0);
        let forged = body.replace("股室", "科室");
        assert_ne!(forged, body);
        let hash = ledger::tree::leaf(forged.as_bytes());
        for sql in [
            format!("UPDATE ledger_entries SET body = '{forged}' WHERE id = '{id}'"),
            format!("UPDATE ledger_leaves SET hash = '{hash}' WHERE leaf = 9"),
        ] {
            kit.database.tamper(&sql).await.unwrap();
        }
        assert!(finds(&verify(kit, &[]).await, 9..10));
    });
}

#[test]
fn an_edited_column_is_found() {
    for column in [
        "at = at + 1",
        "actor = 'x'",
        "act = 'x'",
        "subject = 'x'",
        "bureau = 'x'",
        "public = 1",
    ] {
        let edit = &format!(
            "UPDATE ledger_entries SET {column} WHERE id = (SELECT id FROM ledger_leaves WHERE leaf = 4)"
        );
        both(async |kit: &Kit| {
            tampered(kit, &[edit]).await;
            let verification = verify(kit, &[]).await;
            assert_eq!(verification.altered, Some(id_at(kit, 4).await), "{column}");
            assert!(!verification.holds());
            assert!(verification.beyond_the_tree()[0].contains("有人改过"));
        });
    }
}

#[test]
fn what_is_deleted_is_found() {
    both(async |kit: &Kit| {
        tampered(kit, &["DELETE FROM ledger_leaves WHERE leaf = 3"]).await;
        let verification = verify(kit, &[]).await;
        assert!(finds(&verification, 3..4));
        assert!(verification.stray.is_some(), "its entry is left without a place");
    });
    both(async |kit: &Kit| {
        let entry = "DELETE FROM ledger_entries WHERE id = (SELECT id FROM ledger_leaves WHERE leaf = 5)";
        tampered(kit, &[entry]).await;
        assert!(finds(&verify(kit, &[]).await, 5..6));
    });
}

#[test]
fn swapped_leaves_are_found() {
    both(async |kit: &Kit| {
        let swap = [
            "UPDATE ledger_leaves SET leaf = -1 WHERE leaf = 9",
            "UPDATE ledger_leaves SET leaf = 9 WHERE leaf = 8",
            "UPDATE ledger_leaves SET leaf = 8 WHERE leaf = -1",
        ];
        tampered(kit, &swap).await;
        assert!(finds(&verify(kit, &[]).await, 8..9));
    });
}

#[test]
fn a_ledger_cut_short_is_found_by_who_kept_a_checkpoint() {
    both(async |kit: &Kit| {
        let cut = [
            "DELETE FROM ledger_entries WHERE id IN (SELECT id FROM ledger_leaves WHERE leaf >= 9)",
            "DELETE FROM ledger_leaves WHERE leaf >= 9",
            "DELETE FROM ledger_checkpoints WHERE size > 9",
        ];
        tampered(kit, &cut).await;
        let kept = kit.kept_checkpoints();
        assert!(
            verify(kit, &[]).await.holds(),
            "nothing inside the database tells"
        );
        let size = kept.len() as u64;
        assert!(size > 3);
        let verification = verify(kit, &kept[kept.len() - 1..]).await;
        let truncated = |finding: &ledger::audit::Finding| matches!(finding, ledger::audit::Finding::Truncated { have: 9, signed, .. } if *signed > 9);
        assert!(
            verification.report.findings.iter().any(truncated),
            "{verification:?}"
        );
    });
}

#[test]
fn what_nobody_signed_is_found() {
    // An entry without a place.
    let copy = |id: &str| {
        format!(
            "INSERT INTO ledger_entries (id, at, bureau, actor, act, subject, public, body) \
             SELECT '{id}', at, bureau, actor, act, subject, public, body FROM ledger_entries \
             WHERE id = (SELECT id FROM ledger_leaves WHERE leaf = 0)"
        )
    };
    both(async |kit: &Kit| {
        tampered(kit, &[&copy("stray")]).await;
        let verification = verify(kit, &[]).await;
        assert_eq!(verification.stray.as_deref(), Some("stray"));
        assert!(!verification.holds());
    });
    // One with a place after the last that was signed.
    both(async |kit: &Kit| {
        let leaf = "INSERT INTO ledger_leaves (leaf, id, hash) \
                    SELECT (SELECT MAX(leaf) + 1 FROM ledger_leaves), 'extra', hash FROM ledger_leaves WHERE leaf = 0";
        tampered(kit, &[&copy("extra"), leaf]).await;
        let verification = verify(kit, &[]).await;
        let size = verification.report.size;
        assert_eq!(verification.unsigned, Some(size - 1..size));
        assert!(!verification.holds());
        // The office does not go on as if nothing were there.
        kit.sign_in("operator", PASSWORD).await.unwrap();
        assert!(kit.office.order_ledger().await.is_err());
    });
    // A checkpoint taken away leaves its leaves unsigned.
    both(async |kit: &Kit| {
        let last = "DELETE FROM ledger_checkpoints WHERE size = (SELECT MAX(size) FROM ledger_checkpoints)";
        tampered(kit, &[last]).await;
        assert!(verify(kit, &[]).await.unsigned.is_some());
    });
}

#[test]
fn an_edited_frontier_stops_the_signing() {
    both(async |kit: &Kit| {
        let edit = "UPDATE ledger_checkpoints SET frontier = REPLACE(REPLACE(frontier, 'a', 'b'), '3', '4')";
        tampered(kit, &[edit]).await;
        kit.sign_in("operator", PASSWORD).await.unwrap();
        assert!(
            kit.office.order_ledger().await.is_err(),
            "the log would be forked"
        );
    });
}

#[test]
fn two_offices_order_one_ledger_at_the_same_time_without_forking_it() {
    both(async |kit: &Kit| {
        kit.clock.run();
        kit.add(&account("operator", &["系统管理员"])).await;
        let operator = kit.sign_in("operator", PASSWORD).await.unwrap().actor;
        let other = kit.another_office().await;
        let work = |office: ops::Office, name: &'static str, actor: Actor| {
            tokio::spawn(async move {
                for number in 0..20 {
                    organisation::add(&office, &actor, &format!("{name}{number}"), "股室")
                        .await
                        .unwrap();
                    office.order_ledger().await.unwrap();
                }
            })
        };
        let offices = [
            work(kit.office.clone(), "甲", operator.clone()),
            work(other.clone(), "乙", operator.clone()),
            work(kit.office.clone(), "丙", operator.clone()),
            work(other, "丁", operator),
        ];
        for office in offices {
            office.await.unwrap();
        }
        let kept = kit.kept_checkpoints();
        let verification = verify(kit, &kept).await;
        assert!(verification.holds(), "{:?}", verification.report.findings);
        let own = 5;
        assert_eq!(verification.report.size, own + 4 * 20);
        assert_eq!(verification.report.external_checkpoints, kept.len() as u64);
        assert_eq!(verification.waiting, 0);
        assert!(kit.sign_in("operator", PASSWORD).await.is_ok());
    });
}

#[test]
fn a_database_older_than_the_checkpoint_kept_outside_does_not_open() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        kit.office.order_ledger().await.unwrap();
        kit.opened_again().await.unwrap();
        kit.database.unguard("ledger_checkpoints").await;
        kit.database
            .tamper("DELETE FROM ledger_checkpoints")
            .await
            .unwrap();
        let refused = kit.opened_again().await.err().unwrap();
        assert!(
            refused.to_string().contains("接不上库外保存的校验点"),
            "{refused}"
        );
    });
}
