//! 年度计划 (R5.1a): drafted, reviewed, approved by another, published, amended only as a new version.
//! Never tests how many sources match: `domain::annual` does.

mod pages;

use std::collections::BTreeSet;

use domain::items::ItemDraft;
use domain::rights::Role;
use domain::{AnnualPlan, PlanState};
use ops::items;
use ops::plans::annual::{self, AmountKind, Line, Typed};
use ops::plans::scope::Scope;
use ops::plans::{Act, Filter, Kind, Standing, workflow};
use ops::{Actor, AsOf, Office, PageRequest, Refusal};
use testkit::{BUREAU, Kit, Person, both};

/// Publishes items: those that ship, and others like them.
async fn publish_items(kit: &Kit, codes: &[&str]) {
    let planner = kit.person(Role::Planner).await.actor;
    for code in codes {
        if items::get(&kit.office, &planner, code, AsOf::Now).await.is_err() {
            let like = items::get(&kit.office, &planner, "ZDJK-01", AsOf::Now)
                .await
                .unwrap();
            let draft = ItemDraft {
                code: (*code).to_owned(),
                ..like.record.item.draft()
            };
            items::draft(&kit.office, &planner, &draft).await.unwrap();
        }
        items::publish(&kit.office, &planner, code, 1).await.unwrap();
    }
}

fn line() -> Line {
    Line {
        items: vec!["ZDJK-01".to_owned()],
        scope: "重点排污单位".to_owned(),
        filter: Scope {
            key: "是".to_owned(),
            stations: "1".to_owned(),
            levels: vec!["国控".to_owned(), "省控".to_owned()],
            names: "化工；造纸".to_owned(),
            ..Scope::default()
        },
        amount_kind: AmountKind::Ratio,
        amount: "25%".to_owned(),
        period: "每季度".to_owned(),
        quarters: vec!["一季度".to_owned(), "三季度".to_owned()],
        departments: vec!["环境监察大队".to_owned()],
    }
}

fn plan() -> Typed {
    Typed {
        year: "2027".to_owned(),
        title: "示例县2027年度随机抽查工作计划".to_owned(),
        purpose: "落实日常监管\n随机抽查".to_owned(),
        yearly_cap: "4".to_owned(),
        cover_months: String::new(),
        lines: vec![line()],
    }
}

struct People {
    planner: Person,
    leader: Person,
}

async fn people(kit: &Kit) -> People {
    kit.set_up().await;
    publish_items(kit, &["ZDJK-01"]).await;
    People {
        planner: kit.person(Role::Planner).await,
        leader: kit.person(Role::Leader).await,
    }
}

async fn standing(office: &Office, actor: &Actor) -> Standing {
    workflow::get(office, actor, Kind::Annual, "2027").await.unwrap()
}

/// Does an act on the version that holds.
async fn act(office: &Office, actor: &Actor, act: Act) -> Result<(), Refusal> {
    let seen = standing(office, actor).await.newest.number;
    workflow::act(office, actor, Kind::Annual, ("2027", seen), act, "依据某文件").await
}

async fn through(kit: &Kit, people: &People, acts: &[Act]) {
    for one in acts {
        let actor = match one {
            Act::Approve | Act::SendBack => &people.leader.actor,
            Act::Edit | Act::Submit | Act::Withdraw | Act::Publish | Act::Amend => &people.planner.actor,
        };
        kit.clock.advance_seconds(1);
        act(&kit.office, actor, *one).await.unwrap();
    }
}

fn sentences(refusal: Refusal) -> Vec<String> {
    if let Refusal::Fields(errors) = refusal {
        return errors.into_iter().map(|error| error.text).collect();
    }
    vec![refusal.to_string()]
}

#[test]
fn r5_1a_a_plan_is_drafted_submitted_approved_by_another_and_published() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        assert_eq!(annual::create(office, planner, &plan()).await.unwrap(), "2027");
        assert!(annual::published(office).await.unwrap().is_empty());
        through(kit, &people, &[Act::Submit, Act::Approve]).await;
        assert!(annual::published(office).await.unwrap().is_empty());
        through(kit, &people, &[Act::Publish]).await;
        let public = annual::published_one(office, BUREAU, "2027").await.unwrap();
        let read = AnnualPlan::parse(&public.plan.body).unwrap();
        assert_eq!((read.year(), read.lines().len()), (2027, 1));
        assert_eq!(read.purpose().as_str(), "落实日常监管 随机抽查");
        assert_eq!(public.published_on.to_string(), "2027-01-04");
        let acts: Vec<String> = workflow::history(office, planner, Kind::Annual, "2027")
            .await
            .unwrap()
            .into_iter()
            .map(|version| version.stamp.act)
            .collect();
        assert_eq!(
            acts,
            ["plan.publish", "plan.approve", "plan.submit", "plan.create"]
        );
    });
}

#[test]
fn r5_1a_who_wrote_or_submitted_a_plan_does_not_approve_it() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let office = &kit.office;
        // One account with both roles, so that the right alone does not stop it.
        let both_roles = |login: &str| Actor {
            login: login.to_owned(),
            roles: domain::Roles::new([Role::Planner, Role::Leader]).unwrap(),
            ..people.planner.actor.clone()
        };
        let (writer, helper, other) = (both_roles("writer"), both_roles("helper"), both_roles("other"));
        annual::create(office, &writer, &plan()).await.unwrap();
        act(office, &helper, Act::Submit).await.unwrap();
        for own in [&writer, &helper] {
            let refused = act(office, own, Act::Approve).await.unwrap_err().to_string();
            assert!(refused.contains("由他人批准"), "{refused}");
            assert!(!standing(office, own).await.acts(own).contains(&Act::Approve));
        }
        assert!(
            standing(office, &other)
                .await
                .acts(&other)
                .contains(&Act::Approve)
        );
        act(office, &other, Act::Approve).await.unwrap();
    });
}

#[test]
fn r5_1a_each_act_needs_its_own_right() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let office = &kit.office;
        annual::create(office, &people.planner.actor, &plan())
            .await
            .unwrap();
        let brigade = kit.person(Role::Brigade).await;
        let refused = annual::create(office, &brigade.actor, &plan()).await;
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        for one in Act::ALL.into_iter().filter(|act| *act != Act::Edit) {
            let refused = act(office, &brigade.actor, one).await;
            assert!(
                matches!(refused, Err(Refusal::Forbidden(_))),
                "{one:?} {refused:?}"
            );
        }
        let refused = act(office, &people.leader.actor, Act::Submit).await;
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        act(office, &people.planner.actor, Act::Submit).await.unwrap();
        let refused = act(office, &people.planner.actor, Act::Approve).await;
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
        let security = kit.set_up().await;
        let refused = workflow::get(office, &security.actor, Kind::Annual, "2027").await;
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
    });
}

#[test]
fn r5_1a_a_published_plan_changes_only_as_a_new_version_and_stays_in_force_until_then() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        annual::create(office, planner, &plan()).await.unwrap();
        through(kit, &people, &[Act::Submit, Act::Approve, Act::Publish]).await;
        let seen = standing(office, planner).await.newest.number;
        let changed = Typed {
            purpose: "另一个目的".to_owned(),
            ..plan()
        };
        let refused = annual::edit(office, planner, "2027", seen, &changed)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("公布后的内容不能改动"), "{refused}");
        let bare = workflow::act(office, planner, Kind::Annual, ("2027", seen), Act::Amend, " ").await;
        assert!(matches!(bare, Err(Refusal::Fields(_))), "{bare:?}");
        through(kit, &people, &[Act::Amend]).await;
        let again = act(office, planner, Act::Amend).await.unwrap_err();
        assert!(again.to_string().contains("还没有公布"), "{again}");
        let seen = standing(office, planner).await.newest.number;
        annual::edit(office, planner, "2027", seen, &changed)
            .await
            .unwrap();
        through(kit, &people, &[Act::Submit, Act::Approve]).await;
        let public = annual::published_one(office, BUREAU, "2027").await.unwrap();
        assert_eq!(public.plan.edition, 1);
        assert!(public.plan.body.contains("落实日常监管"));
        through(kit, &people, &[Act::Publish]).await;
        let public = annual::published_one(office, BUREAU, "2027").await.unwrap();
        assert_eq!(public.plan.edition, 2);
        assert!(public.plan.body.contains("另一个目的"));
        let versions = workflow::history(office, planner, Kind::Annual, "2027")
            .await
            .unwrap();
        let superseded = versions
            .iter()
            .filter(|own| own.record.state.name() == "superseded");
        assert_eq!(superseded.map(|own| own.record.edition).collect::<Vec<_>>(), [1]);
        let published: Vec<i64> = versions
            .iter()
            .filter(|own| own.record.state.name() == "published")
            .map(|own| own.record.edition)
            .collect();
        assert_eq!(published, [2, 1]);
    });
}

#[test]
fn r1_r5_1a_a_plan_with_an_item_that_is_not_published_goes_no_further() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        let mut unpublished = plan();
        unpublished.lines[0].items.push("YBPW-01".to_owned());
        annual::create(office, planner, &unpublished).await.unwrap();
        let refused = act(office, planner, Act::Submit).await.unwrap_err();
        assert_eq!(
            sentences(refused),
            ["第 1 行的事项 YBPW-01 没有公布，不能列入计划；请先公布这个事项，或者从计划里去掉它"]
        );
        publish_items(kit, &["YBPW-01"]).await;
        act(office, planner, Act::Submit).await.unwrap();
        items::retire(office, planner, "YBPW-01", 2, "不再检查")
            .await
            .unwrap();
        let refused = act(office, &people.leader.actor, Act::Approve).await.unwrap_err();
        assert!(sentences(refused)[0].contains("YBPW-01 没有公布"));
        assert_eq!(
            standing(office, planner).await.newest.record.state.name(),
            "submitted"
        );
    });
}

#[test]
fn r5_1a_a_draft_may_be_incomplete_but_is_not_submitted_so() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        let bare = Typed {
            year: "2027".to_owned(),
            title: plan().title,
            lines: vec![Line::default()],
            ..Typed::default()
        };
        annual::create(office, planner, &bare).await.unwrap();
        let standing = standing(office, planner).await;
        let faults = workflow::faults(office, planner, &standing.newest.record)
            .await
            .unwrap();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "purpose",
                "line-0-items",
                "line-0-scope",
                "line-0-amount",
                "line-0-period",
                "line-0-quarters",
                "line-0-departments"
            ]
        );
        let refused = act(office, planner, Act::Submit).await.unwrap_err();
        assert_eq!(sentences(refused).len(), fields.len());
        annual::edit(office, planner, "2027", standing.newest.number, &plan())
            .await
            .unwrap();
        act(office, planner, Act::Submit).await.unwrap();
    });
}

#[test]
fn what_cannot_be_right_is_said_beside_its_field() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let mut wrong = plan();
        wrong.year = "二〇二七".to_owned();
        wrong.yearly_cap = "四".to_owned();
        wrong.cover_months = "121".to_owned();
        wrong.lines[0].amount = "125%".to_owned();
        wrong.lines[0].filter.stations = "一".to_owned();
        wrong.lines[0].filter.industry_codes = "30X".to_owned();
        let refused = annual::create(&kit.office, &people.planner.actor, &wrong).await;
        let Err(Refusal::Fields(errors)) = refused else {
            panic!("{refused:?}")
        };
        let fields: BTreeSet<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let wanted = [
            "year",
            "yearly_cap",
            "cover_months",
            "line-0-amount",
            "line-0-stations",
            "line-0-industry_codes",
        ];
        assert_eq!(fields, BTreeSet::from(wanted));
        let again = annual::create(&kit.office, &people.planner.actor, &plan()).await;
        assert!(again.is_ok());
        let again = annual::create(&kit.office, &people.planner.actor, &plan()).await;
        let Err(Refusal::Fields(errors)) = again else {
            panic!("{again:?}")
        };
        assert_eq!(errors[0].field, "year");
    });
}

#[test]
fn what_was_typed_comes_back_from_the_stored_text() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        let mut typed = plan();
        typed.lines.push(Line {
            amount_kind: AmountKind::Number,
            amount: "12".to_owned(),
            filter: Scope {
                violations: "否".to_owned(),
                statuses: vec!["正常".to_owned()],
                ..Scope::default()
            },
            ..line()
        });
        typed.lines.push(Line {
            amount_kind: AmountKind::PerInspector,
            amount: "1:2.5".to_owned(),
            filter: Scope::default(),
            ..line()
        });
        annual::create(office, planner, &typed).await.unwrap();
        let body = standing(office, planner).await.newest.record.body;
        let expected = Typed {
            purpose: "落实日常监管 随机抽查".to_owned(),
            ..typed
        };
        assert_eq!(Typed::of(&body), expected);
        assert!(AnnualPlan::parse(&body).is_ok(), "{body}");
        assert_eq!(
            expected.lines[0].filter.to_string(),
            "重点排污单位；控制级别：国控、省控；自动监控基站 1 个以上；名称含：化工、造纸"
        );
    });
}

#[test]
fn r5_1a_of_two_who_approve_at_once_exactly_one_does() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let office = &kit.office;
        annual::create(office, &people.planner.actor, &plan())
            .await
            .unwrap();
        act(office, &people.planner.actor, Act::Submit).await.unwrap();
        let other = kit.person(Role::Leader).await;
        let seen = standing(office, &other.actor).await.newest.number;
        let approve = |actor: &Actor| {
            let (office, actor) = (office.clone(), actor.clone());
            tokio::spawn(async move {
                workflow::act(&office, &actor, Kind::Annual, ("2027", seen), Act::Approve, "").await
            })
        };
        let (one, two) = (approve(&people.leader.actor), approve(&other.actor));
        let results = [one.await.unwrap(), two.await.unwrap()];
        assert_eq!(
            results.iter().filter(|result| result.is_ok()).count(),
            1,
            "{results:?}"
        );
        assert!(
            results
                .iter()
                .any(|result| matches!(result, Err(Refusal::Overtaken))),
            "{results:?}"
        );
    });
}

/// A generator that is the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

#[test]
fn r5_1a_no_way_to_publication_goes_around_somebody_else() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let office = &kit.office;
        let roles = |roles: &[Role], login: &str| Actor {
            login: login.to_owned(),
            roles: domain::Roles::new(roles.iter().copied()).unwrap(),
            ..people.planner.actor.clone()
        };
        let actors = [
            roles(&[Role::Planner], "pla"),
            roles(&[Role::Planner, Role::Leader], "both-1"),
            roles(&[Role::Planner, Role::Leader], "both-2"),
            roles(&[Role::Leader], "lea"),
            roles(&[Role::Brigade], "bri"),
        ];
        annual::create(office, &actors[0], &plan()).await.unwrap();
        let mut dice = Dice(7);
        for step in 0..300 {
            kit.clock.advance_seconds(1);
            let actor = &actors[dice.below(actors.len())];
            let before = standing(office, actor).await;
            let possible = before.acts(actor);
            // Mostly what the person may do, so that plans come far; sometimes anything.
            let one = match dice.below(4) {
                0 => Act::ALL[dice.below(Act::ALL.len())],
                _ if possible.is_empty() => continue,
                _ => possible[dice.below(possible.len())],
            };
            let allowed = possible.contains(&one);
            let result = if one == Act::Edit {
                let purpose = format!("第{step}稿");
                let changed = Typed { purpose, ..plan() };
                annual::edit(office, actor, "2027", before.newest.number, &changed).await
            } else {
                act(office, actor, one).await
            };
            assert_eq!(result.is_ok(), allowed, "{step}: {one:?} {result:?}");
        }
        check_editions(office, &actors[0]).await;
    });
}

/// Every published edition was approved by who had no part in writing or submitting it since its draft began.
async fn check_editions(office: &Office, actor: &Actor) {
    let mut versions = workflow::history(office, actor, Kind::Annual, "2027")
        .await
        .unwrap();
    versions.reverse();
    let published = versions
        .iter()
        .filter(|own| own.stamp.act == "plan.publish")
        .count();
    assert!(published > 2, "only {published} editions came to publication");
    for version in versions.iter().filter(|own| own.stamp.act == "plan.publish") {
        let own: Vec<_> = versions
            .iter()
            .filter(|own| own.record.edition == version.record.edition && own.number < version.number)
            .collect();
        let wrote = |act: &str| matches!(act, "plan.create" | "plan.amend" | "plan.edit" | "plan.submit");
        let authors: BTreeSet<&str> = own
            .iter()
            .filter(|own| wrote(&own.stamp.act))
            .map(|own| own.stamp.author.as_str())
            .collect();
        let approved = own.iter().rfind(|own| own.stamp.act == "plan.approve").unwrap();
        let by = &approved.stamp.author;
        assert!(!authors.contains(by.as_str()), "{authors:?} {by}");
        assert_eq!(approved.record.body, version.record.body);
        let is_so = matches!(
            &version.record.state,
            PlanState::Published { approved_by, .. } if approved_by.as_str() == by
        );
        assert!(is_so, "{:?}", version.record.state);
    }
}

#[test]
fn another_bureau_sees_nothing_of_a_plan() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        annual::create(&kit.office, &people.planner.actor, &plan())
            .await
            .unwrap();
        let stranger = Actor {
            bureau: kit.other_bureau().await.to_owned(),
            ..people.planner.actor.clone()
        };
        let refused = workflow::get(&kit.office, &stranger, Kind::Annual, "2027").await;
        assert!(matches!(refused, Err(Refusal::Missing(_))), "{refused:?}");
        let (filter, request) = (Filter::default(), PageRequest::new(1, 20));
        let list = workflow::list(&kit.office, &stranger, &filter, request).await;
        assert_eq!(list.unwrap().total, 0);
        annual::create(&kit.office, &stranger, &plan()).await.unwrap();
    });
}

#[test]
fn r6_each_sees_the_plans_that_wait_for_them() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (planner, leader) = (&people.planner.actor, &people.leader.actor);
        let waits = async |actor: &Actor| -> Vec<(&'static str, u64, u64)> {
            let duties = ops::duties::of(&kit.office, actor).await.unwrap();
            let plans = duties.into_iter().filter(|duty| duty.menu == "/annual-plans");
            plans.map(|duty| (duty.what, duty.count, duty.late)).collect()
        };
        assert_eq!(waits(planner).await, [("今年的年度计划还没有公布", 1, 0)]);
        assert_eq!(waits(leader).await, []);
        annual::create(&kit.office, planner, &plan()).await.unwrap();
        through(kit, &people, &[Act::Submit]).await;
        assert_eq!(waits(leader).await, [("年度计划等你批准", 1, 0)]);
        through(kit, &people, &[Act::SendBack]).await;
        assert_eq!(waits(leader).await, []);
        assert_eq!(waits(planner).await[0], ("年度计划被退回", 1, 0));
        kit.clock.advance_days(90);
        assert!(waits(planner).await.contains(&("今年的年度计划还没有公布", 1, 1)));
        let seen = standing(&kit.office, planner).await.newest.number;
        annual::edit(&kit.office, planner, "2027", seen, &plan())
            .await
            .unwrap();
        through(kit, &people, &[Act::Submit, Act::Approve]).await;
        assert!(waits(planner).await.contains(&("年度计划等待公布", 1, 0)));
        through(kit, &people, &[Act::Publish]).await;
        assert_eq!(waits(planner).await, []);
        kit.clock.advance_days(250);
        assert_eq!(waits(planner).await, [("明年的年度计划还没有公布", 1, 0)]);
    });
}

#[test]
fn r5_1a_a_plan_comes_with_what_it_would_come_to() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        kit.fill_sources(40).await;
        kit.fill_inspectors(6).await;
        let (office, planner) = (&kit.office, &people.planner.actor);
        let mut typed = plan();
        typed.lines[0].filter = Scope::default();
        annual::create(office, planner, &typed).await.unwrap();
        let plan = standing(office, planner).await.newest.record;
        let forecast = annual::foresee(office, planner, &plan).await.unwrap().unwrap();
        let line = &forecast.lines[0];
        assert!(line.matched > 30, "{line:?}");
        assert_eq!(line.per_year, line.per_period * 2);
        assert_eq!(forecast.workload.inspectors, 6);
        let supervisor = kit.person(Role::Supervisor).await;
        let hidden = annual::foresee(office, &supervisor.actor, &plan).await.unwrap();
        assert!(hidden.is_none());
    });
}

#[test]
fn r5_1a_what_is_published_is_in_the_ledger_for_anybody_with_its_hash() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        annual::create(&kit.office, &people.planner.actor, &plan())
            .await
            .unwrap();
        through(kit, &people, &[Act::Submit, Act::Approve, Act::Publish]).await;
        let filter = store::ledger::EntryFilter {
            area: "plan".to_owned(),
            ..Default::default()
        };
        let mut read = kit.db.read().await.unwrap();
        let page = store::ledger::list(&mut read, BUREAU, &filter, PageRequest::new(1, 20))
            .await
            .unwrap();
        let entries: Vec<ledger::Entry> = page
            .rows
            .iter()
            .map(|leaf| ledger::Entry::parse(leaf.body.as_deref().unwrap()).unwrap())
            .collect();
        let acts: Vec<&str> = entries.iter().map(|entry| entry.act.as_str()).collect();
        assert_eq!(
            acts,
            ["plan.publish", "plan.approve", "plan.submit", "plan.create"]
        );
        let body = annual::published_one(&kit.office, BUREAU, "2027")
            .await
            .unwrap()
            .plan
            .body;
        let hash = ledger::tree::leaf(body.as_bytes());
        assert!(entries.iter().all(|entry| entry.after == Some(hash)));
        assert_eq!(entries[0].visibility, ledger::entry::Visibility::Public);
        assert_eq!(entries[0].subject, "plan/2027");
        assert!(
            entries[1..]
                .iter()
                .all(|entry| entry.visibility != ledger::entry::Visibility::Public)
        );
    });
}
