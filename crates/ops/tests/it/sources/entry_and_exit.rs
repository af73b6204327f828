//! R2.1: 入库 and 退出, with date, ground and person; nothing is deleted.
//! Never tests what R2.2 forbids.

use domain::{Role, Source, Text};
use jiff::civil::date;
use ops::sources::{self, Filter, Presence};
use ops::{Actor, AsOf, At, PageRequest, Refusal};
use store::ledger::EntryFilter;
use testkit::{Kit, OTHER_BUREAU, both, ordinary_source, typed};

use super::{enter, fields, held, keeper};

fn renamed(source: &Source, name: &str) -> Source {
    Source {
        name: Text::parse(name).unwrap(),
        ..source.clone()
    }
}

/// Names of those in the register as of a moment, by code.
async fn names(kit: &Kit, actor: &Actor, as_of: AsOf, left: Presence) -> Vec<String> {
    let filter = Filter {
        left,
        ..Filter::default()
    };
    let page = sources::list(&kit.office, actor, &filter, as_of, PageRequest::new(1, 100))
        .await
        .unwrap();
    page.rows
        .iter()
        .map(|row| row.record.source.name.to_string())
        .collect()
}

/// What the ledger says happened to a source, the oldest first: act, ground, who, whether there was something before and
/// whether there is something after.
async fn recorded(kit: &Kit, id: &str) -> Vec<(String, String, String, bool, bool)> {
    let auditor = kit.person(Role::AuditAdministrator).await.actor;
    let filter = EntryFilter {
        subject: format!("source/{id}"),
        ..EntryFilter::default()
    };
    let page = ops::audit::list(&kit.office, &auditor, &filter, PageRequest::new(1, 100))
        .await
        .unwrap();
    let mut entries: Vec<_> = page.rows.into_iter().filter_map(|record| record.entry).collect();
    entries.sort_by_key(|entry| entry.at_micros);
    let told = entries.into_iter().map(|entry| {
        let (before, after) = (entry.before.is_some(), entry.after.is_some());
        (entry.act, entry.ground, entry.actor, before, after)
    });
    told.collect()
}

#[test]
fn r2_1_every_act_on_a_source_has_its_date_its_ground_and_its_person() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let (office, source) = (&kit.office, ordinary_source(1));
        let id = enter(kit, &brigade, &source).await;
        kit.clock.advance_days(1);
        let changed = typed(&renamed(&source, "示例新名厂"), "更名登记");
        sources::change(office, &brigade, &id, 1, &changed).await.unwrap();
        kit.clock.advance_days(1);
        sources::confirm(office, &brigade, &id, 2).await.unwrap();
        kit.clock.advance_days(1);
        sources::leave(office, &brigade, &id, 3, "关停文件1号")
            .await
            .unwrap();
        kit.clock.advance_days(1);
        sources::return_to(office, &brigade, &id, 4, "复产验收2号")
            .await
            .unwrap();
        let history = sources::history(office, &brigade, &id).await.unwrap();
        let told: Vec<(i64, String, &str, &str, bool)> = history
            .iter()
            .map(|own| {
                let stamp = &own.stamp;
                assert_eq!(stamp.author, brigade.login);
                let (act, ground) = (stamp.act.as_str(), stamp.ground.as_str());
                (
                    own.number,
                    stamp.at.day().to_string(),
                    act,
                    ground,
                    own.record.inside,
                )
            })
            .collect();
        let expected = [
            (5, "2027-01-08", "source.return", "复产验收2号", true),
            (4, "2027-01-07", "source.leave", "关停文件1号", false),
            (3, "2027-01-06", "source.confirm", "核实无误", true),
            (2, "2027-01-05", "source.change", "更名登记", true),
            (1, "2027-01-04", "source.enter", "审批〔2027〕1号", true),
        ];
        let expected =
            expected.map(|(number, day, act, ground, inside)| (number, day.to_owned(), act, ground, inside));
        assert_eq!(told, expected);
    });
}

#[test]
fn r2_1_each_act_is_in_the_ledger_with_what_it_changed() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let (office, source) = (&kit.office, ordinary_source(1));
        let id = enter(kit, &brigade, &source).await;
        kit.clock.advance_seconds(1);
        sources::leave(office, &brigade, &id, 1, "关停文件1号")
            .await
            .unwrap();
        let by = brigade.login.clone();
        let expected = [
            ("source.enter", "审批〔2027〕1号", false),
            ("source.leave", "关停文件1号", true),
        ];
        let expected = expected
            .map(|(act, ground, before)| (act.to_owned(), ground.to_owned(), by.clone(), before, true));
        assert_eq!(recorded(kit, &id).await, expected);
    });
}

#[test]
fn r2_1_who_left_is_not_in_the_list_but_is_never_gone() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let (stays, leaves) = (ordinary_source(1), ordinary_source(2));
        enter(kit, &brigade, &stays).await;
        let id = enter(kit, &brigade, &leaves).await;
        sources::leave(&kit.office, &brigade, &id, 1, "关停文件")
            .await
            .unwrap();
        let (stays, leaves) = (stays.name.to_string(), leaves.name.to_string());
        assert_eq!(
            names(kit, &brigade, AsOf::Now, Presence::Inside).await,
            [stays.as_str()]
        );
        assert_eq!(
            names(kit, &brigade, AsOf::Now, Presence::Left).await,
            [leaves.as_str()]
        );
        assert_eq!(
            names(kit, &brigade, AsOf::Now, Presence::Both).await,
            [stays, leaves]
        );
        let left = held(kit, &brigade, &id).await;
        assert!(!left.record.inside && left.number == 2);
        assert_eq!(
            sources::history(&kit.office, &brigade, &id).await.unwrap().len(),
            2
        );
    });
}

#[test]
fn r2_1_the_register_can_be_seen_as_of_any_past_day() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let source = ordinary_source(1);
        kit.clock.advance_days(1);
        let id = enter(kit, &brigade, &source).await;
        kit.clock.advance_days(2);
        let changed = typed(&renamed(&source, "示例新名厂"), "更名登记");
        sources::change(&kit.office, &brigade, &id, 1, &changed)
            .await
            .unwrap();
        kit.clock.advance_days(2);
        sources::leave(&kit.office, &brigade, &id, 2, "关停文件")
            .await
            .unwrap();
        let old = source.name.to_string();
        let days = [
            (4, vec![]),
            (5, vec![old.clone()]),
            (6, vec![old]),
            (7, vec!["示例新名厂".to_owned()]),
            (8, vec!["示例新名厂".to_owned()]),
            (9, vec![]),
        ];
        for (day, expected) in days {
            let as_of = AsOf::Past(At::end_of(date(2027, 1, day)));
            let found = names(kit, &brigade, as_of, Presence::Inside).await;
            assert_eq!(found, expected, "on the evening of {day} January");
        }
        let on_the_fifth = AsOf::Past(At::end_of(date(2027, 1, 5)));
        let before = sources::get(&kit.office, &brigade, &id, on_the_fifth)
            .await
            .unwrap();
        assert_eq!(before.record.source, source);
        let before_it_was_there = AsOf::Past(At::end_of(date(2027, 1, 4)));
        let refused = sources::get(&kit.office, &brigade, &id, before_it_was_there).await;
        assert!(matches!(refused, Err(Refusal::Missing(_))), "{refused:?}");
    });
}

#[test]
fn r2_1_nothing_enters_changes_or_leaves_without_a_ground() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let (office, source) = (&kit.office, ordinary_source(1));
        for blank in ["", "  ", "\u{3000}"] {
            let refused = sources::enter(office, &brigade, &typed(&source, blank))
                .await
                .unwrap_err();
            let told = fields(refused);
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].0, "ground");
            assert!(told[0].1.contains("请写明依据"), "{told:?}");
        }
        let id = enter(kit, &brigade, &source).await;
        let changed = typed(&renamed(&source, "示例新名厂"), "");
        let refused = sources::change(office, &brigade, &id, 1, &changed).await;
        assert_eq!(fields(refused.unwrap_err())[0].0, "ground");
        let refused = sources::leave(office, &brigade, &id, 1, " ").await;
        assert_eq!(fields(refused.unwrap_err())[0].0, "ground");
        sources::leave(office, &brigade, &id, 1, "关停文件")
            .await
            .unwrap();
        let refused = sources::return_to(office, &brigade, &id, 2, "").await;
        assert_eq!(fields(refused.unwrap_err())[0].0, "ground");
        assert_eq!(held(kit, &brigade, &id).await.number, 2);
    });
}

#[test]
fn r2_1_a_code_is_entered_once_even_after_it_left() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let source = ordinary_source(1);
        let id = enter(kit, &brigade, &source).await;
        for _ in 0..2 {
            let again = sources::enter(&kit.office, &brigade, &typed(&source, "审批")).await;
            let told = fields(again.unwrap_err());
            assert_eq!(told[0].0, "统一社会信用代码");
            assert!(told[0].1.contains("重新入库"), "{told:?}");
            let _the_second_time_there_is_nothing_to_leave =
                sources::leave(&kit.office, &brigade, &id, 1, "关停文件").await;
        }
    });
}

#[test]
fn r2_1_a_change_cannot_make_it_another_source_and_must_change_something() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        let other = typed(&ordinary_source(2), "更正");
        let told = fields(
            sources::change(&kit.office, &brigade, &id, 1, &other)
                .await
                .unwrap_err(),
        );
        assert_eq!(told[0].0, "统一社会信用代码");
        assert!(told[0].1.contains(&id), "{told:?}");
        let same = typed(&ordinary_source(1), "更正");
        let refused = sources::change(&kit.office, &brigade, &id, 1, &same)
            .await
            .unwrap_err();
        assert!(refused.to_string().starts_with("内容没有变化"), "{refused}");
        assert_eq!(held(kit, &brigade, &id).await.number, 1);
    });
}

#[test]
fn r2_1_leaving_twice_and_returning_twice_are_refused() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        let refused = sources::return_to(&kit.office, &brigade, &id, 1, "复产").await;
        assert!(refused.unwrap_err().to_string().contains("就在名录库里"));
        sources::leave(&kit.office, &brigade, &id, 1, "关停")
            .await
            .unwrap();
        let refused = sources::leave(&kit.office, &brigade, &id, 2, "关停").await;
        assert!(refused.unwrap_err().to_string().contains("已经退出"));
    });
}

#[test]
fn r2_1_only_the_brigade_changes_the_register_and_only_its_own() {
    both(async |kit: &Kit| {
        let brigade = keeper(kit).await;
        let id = enter(kit, &brigade, &ordinary_source(1)).await;
        for role in [
            Role::Planner,
            Role::Leader,
            Role::Inspector,
            Role::SystemAdministrator,
        ] {
            let actor = kit.person(role).await.actor;
            let refused = sources::leave(&kit.office, &actor, &id, 1, "关停").await;
            assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{role:?}");
            let refused = sources::enter(&kit.office, &actor, &typed(&ordinary_source(2), "审批")).await;
            assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{role:?}");
        }
        kit.other_bureau().await;
        let elsewhere = Actor {
            bureau: OTHER_BUREAU.to_owned(),
            ..brigade
        };
        let unseen = sources::get(&kit.office, &elsewhere, &id, AsOf::Now).await;
        assert!(matches!(unseen, Err(Refusal::Missing(_))), "{unseen:?}");
        let unseen = sources::leave(&kit.office, &elsewhere, &id, 1, "关停").await;
        assert!(matches!(unseen, Err(Refusal::Missing(_))), "{unseen:?}");
        assert!(names(kit, &elsewhere, AsOf::Now, Presence::Both).await.is_empty());
    });
}
