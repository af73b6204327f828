//! Several people at once, and what happens when something breaks in the middle (R2.1).
//! Never waits for luck: both sides of each race are awaited.

use domain::{Role, Source, Text};
use ops::sources;
use ops::{AsOf, PageRequest, Refusal};
use store::ledger::EntryFilter;
use testkit::{BUREAU, Kit, both, ordinary_source, typed};

use super::{enter, held, keeper};

fn renamed(name: &str) -> Source {
    Source {
        name: Text::parse(name).unwrap(),
        ..ordinary_source(1)
    }
}

/// Entries of the ledger about sources.
async fn entries(kit: &Kit) -> u64 {
    let filter = EntryFilter {
        area: "source".to_owned(),
        ..EntryFilter::default()
    };
    let mut read = kit.db.read().await.unwrap();
    let page = store::ledger::list(&mut read, BUREAU, &filter, PageRequest::new(1, 1)).await;
    page.unwrap().total
}

#[test]
fn r2_1_a_version_that_was_overtaken_is_refused_whatever_the_act() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let office = &kit.office;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        sources::confirm(office, &brigade, &id, 1).await.unwrap();
        let change = typed(&renamed("示例新名厂"), "更名");
        let late = [
            sources::change(office, &brigade, &id, 1, &change).await,
            sources::leave(office, &brigade, &id, 1, "关停").await,
            sources::return_to(office, &brigade, &id, 1, "复产").await,
            sources::confirm(office, &brigade, &id, 1).await,
        ];
        for refused in late {
            assert!(matches!(refused, Err(Refusal::Overtaken)), "{refused:?}");
        }
        assert_eq!(held(kit, &brigade, &id).await.number, 2);
        assert_eq!(entries(kit).await, 2);
    });
}

#[test]
fn r2_1_of_two_who_change_the_same_version_at_once_exactly_one_wins() {
    both(async |kit: &Kit| {
        let first = keeper(kit).await;
        let second = keeper(kit).await;
        let id = enter(kit, &first, &ordinary_source(1)).await;
        for seen in 1..=10 {
            let (one, two) = (
                typed(&renamed(&format!("示例甲{seen}厂")), "更名"),
                typed(&renamed(&format!("示例乙{seen}厂")), "更名"),
            );
            let (a, b) = tokio::join!(
                sources::change(&kit.office, &first, &id, seen, &one),
                sources::change(&kit.office, &second, &id, seen, &two),
            );
            let now = held(kit, &first, &id).await;
            assert_eq!(now.number, seen + 1);
            let (winner, name) = match (a, b) {
                (Ok(()), Err(Refusal::Overtaken)) => (&first, format!("示例甲{seen}厂")),
                (Err(Refusal::Overtaken), Ok(())) => (&second, format!("示例乙{seen}厂")),
                (a, b) => unreachable!("{a:?} {b:?}"),
            };
            assert_eq!(now.stamp.author, winner.login);
            assert_eq!(now.record.source.name.as_str(), name);
        }
        assert_eq!(entries(kit).await, 11, "nobody who lost is in the ledger");
    });
}

#[test]
fn r2_1_of_two_who_enter_the_same_source_at_once_exactly_one_wins() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let typed = typed(&ordinary_source(1), "审批");
        let (a, b) = tokio::join!(
            sources::enter(&kit.office, &brigade, &typed),
            sources::enter(&kit.office, &brigade, &typed),
        );
        assert!(a.is_ok() ^ b.is_ok(), "{a:?} {b:?}");
        let refused = a.and(b).unwrap_err();
        assert!(matches!(refused, Refusal::Fields(_)), "{refused:?}");
        assert_eq!(entries(kit).await, 1);
    });
}

#[test]
fn r2_1_a_change_and_its_entry_are_lasting_together_or_not_at_all() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let office = &kit.office;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        kit.database
            .tamper("ALTER TABLE ledger_pending RENAME TO gone")
            .await
            .unwrap();
        let broken = sources::leave(office, &brigade, &id, 1, "关停").await;
        assert!(matches!(broken, Err(Refusal::Store(_))), "{broken:?}");
        let now = held(kit, &brigade, &id).await;
        assert!(now.record.inside && now.number == 1, "no entry, no change");
        assert_eq!(
            entries(kit).await,
            1,
            "the first half of the entry is not there either"
        );
        kit.database
            .tamper("ALTER TABLE gone RENAME TO ledger_pending")
            .await
            .unwrap();
        sources::leave(office, &brigade, &id, 1, "关停").await.unwrap();
        assert_eq!(entries(kit).await, 2);
        kit.database
            .tamper("ALTER TABLE source_versions RENAME TO gone")
            .await
            .unwrap();
        let broken = sources::return_to(office, &brigade, &id, 2, "复产").await;
        assert!(matches!(broken, Err(Refusal::Store(_))), "{broken:?}");
        assert_eq!(entries(kit).await, 2, "no change, no entry");
    });
}

#[test]
fn r2_1_every_act_of_many_at_once_gets_its_place_in_the_ledger() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let many: Vec<_> = (1..=20)
            .map(|number| {
                let (office, actor) = (kit.office.clone(), brigade.clone());
                tokio::spawn(async move {
                    let typed = typed(&ordinary_source(number), "审批");
                    sources::enter(&office, &actor, &typed).await.unwrap();
                    office.order_ledger().await.unwrap();
                })
            })
            .collect();
        for one in many {
            one.await.unwrap();
        }
        kit.office.order_ledger().await.unwrap();
        let verified = ops::audit::verify(kit.database.address(), &[], None)
            .await
            .unwrap();
        assert!(verified.holds(), "{verified:?}");
        assert_eq!((entries(kit).await, verified.waiting), (20, 0));
        let auditor = kit.person(Role::AuditAdministrator).await.actor;
        assert!(matches!(
            sources::get(&kit.office, &auditor, "x", AsOf::Now).await,
            Err(Refusal::Forbidden(_))
        ));
    });
}
