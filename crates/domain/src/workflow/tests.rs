//! Who may take a plan or an item from which state to which.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::terms::Term;
use crate::text::Text;

const DOCUMENT: &str = include_str!("../../../../docs/state-machines.md");

fn who(name: &str) -> LoginName {
    LoginName::parse(name).unwrap()
}

fn ground() -> Text {
    Text::parse("抽取范围与年度计划不符").unwrap()
}

fn plan_after(state: &PlanState, act: PlanAct, by: &LoginName) -> Result<PlanState, Refusal> {
    match act {
        PlanAct::Edit => state.edit(by),
        PlanAct::Submit => state.submit(by),
        PlanAct::Withdraw => state.withdraw(),
        PlanAct::Return => state.return_with(by, ground()),
        PlanAct::Approve => state.approve(by),
        PlanAct::Publish => state.publish(by),
        PlanAct::Supersede => state.supersede(by),
    }
}

fn item_after(state: ItemState, act: ItemAct) -> Result<ItemState, Refusal> {
    match act {
        ItemAct::Amend => state.amend(),
        ItemAct::Publish => state.publish(),
        ItemAct::Retire => state.retire(),
        ItemAct::Discard => state.discard(),
    }
}

/// A mermaid diagram of all states that are reached from `first`, by all acts.
fn diagram<S: Clone, A: Term>(
    first: S,
    after: impl Fn(&S, A) -> Option<S>,
    name: impl Fn(&S) -> (&'static str, &'static str),
) -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned()];
    let mut arrows = vec![format!("    [*] --> {}", name(&first).0)];
    let (mut seen, mut todo) = (BTreeSet::new(), vec![first]);
    while let Some(state) = todo.pop() {
        let (from, title) = name(&state);
        if !seen.insert(from) {
            continue;
        }
        lines.push(format!("    {from} : {title}"));
        let mut next: Vec<S> = Vec::new();
        for (act, _) in A::WORDS {
            if let Some(to) = after(&state, *act) {
                arrows.push(format!("    {from} --> {} : {}", name(&to).0, act.word()));
                next.push(to);
            }
        }
        next.reverse();
        todo.extend(next);
    }
    lines.extend(arrows);
    format!("```mermaid\n{}\n```\n", lines.join("\n"))
}

#[test]
fn the_diagrams_are_those_of_the_machines() {
    let (author, other) = (who("author"), who("other"));
    let plans = diagram(
        PlanState::drafted(&author),
        |state, act| {
            plan_after(
                state,
                act,
                if act == PlanAct::Approve || act == PlanAct::Return {
                    &other
                } else {
                    &author
                },
            )
            .ok()
        },
        |state| (state.name(), state.title()),
    );
    let items = diagram(
        ItemState::drafted(),
        |state, act| item_after(*state, act).ok(),
        |state| (state.name(), state.word()),
    );
    assert!(
        DOCUMENT.contains(&plans),
        "docs/state-machines.md should have:\n{plans}"
    );
    assert!(
        DOCUMENT.contains(&items),
        "docs/state-machines.md should have:\n{items}"
    );
}

#[test]
fn r5_1a_a_plan_is_approved_by_another_account() {
    let (writer, clerk, leader) = (who("writer"), who("clerk"), who("leader"));
    let draft = PlanState::drafted(&writer);
    let submitted = draft.submit(&clerk).unwrap();
    for author in [&writer, &clerk] {
        assert_eq!(
            submitted.approve(author),
            Err(Refusal::OwnWork { by: author.clone() })
        );
    }
    let refused = submitted.approve(&writer).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "不能批准：writer拟订、修改或提交过这一版本，而计划和方案要由他人批准。请另一位有批准权限的人办理"
    );
    let published = submitted.approve(&leader).unwrap().publish(&writer).unwrap();
    assert_eq!(
        published,
        PlanState::Published {
            approved_by: leader,
            by: writer
        }
    );
}

#[test]
fn r5_1a_a_plan_that_nobody_approved_is_not_published() {
    let writer = who("writer");
    let draft = PlanState::drafted(&writer);
    let submitted = draft.submit(&writer).unwrap();
    let returned = submitted.return_with(&who("leader"), ground()).unwrap();
    for state in [draft, submitted, returned] {
        assert!(state.publish(&writer).is_err(), "{state:?}");
    }
}

#[test]
fn r5_1a_a_published_plan_changes_only_as_a_new_version() {
    let (writer, leader) = (who("writer"), who("leader"));
    let published = PlanState::drafted(&writer)
        .submit(&writer)
        .and_then(|state| state.approve(&leader))
        .and_then(|state| state.publish(&writer))
        .unwrap();
    for (act, _) in PlanAct::WORDS
        .iter()
        .filter(|(act, _)| *act != PlanAct::Supersede)
    {
        assert!(plan_after(&published, *act, &who("anybody")).is_err(), "{act:?}");
    }
    assert_eq!(
        published.edit(&writer).unwrap_err().to_string(),
        "不能修改：这一版本已经公布，公布后的内容不能改动。要改变内容，请另拟新版本，经他人批准后公布"
    );
    let superseded = published.supersede(&writer).unwrap();
    for (act, _) in PlanAct::WORDS {
        assert!(plan_after(&superseded, *act, &who("anybody")).is_err(), "{act:?}");
    }
}

#[test]
fn whoever_submitted_once_stays_an_author() {
    let (writer, clerk) = (who("writer"), who("clerk"));
    let again = PlanState::drafted(&writer)
        .submit(&clerk)
        .and_then(|state| state.withdraw())
        .and_then(|state| state.submit(&writer))
        .unwrap();
    assert_eq!(again.approve(&clerk), Err(Refusal::OwnWork { by: clerk }));
}

#[test]
fn a_returned_plan_tells_the_ground_and_is_changed_before_it_comes_again() {
    let (writer, leader) = (who("writer"), who("leader"));
    let submitted = PlanState::drafted(&writer).submit(&writer).unwrap();
    let returned = submitted.return_with(&leader, ground()).unwrap();
    assert!(matches!(&returned, PlanState::Returned { ground: told, .. } if *told == ground()));
    assert_eq!(
        returned.submit(&writer).unwrap_err().to_string(),
        "不能提交：这一版本已被退回。请按退回理由修改，再重新提交"
    );
    assert!(returned.edit(&writer).unwrap().submit(&writer).is_ok());
}

#[test]
fn an_approved_plan_can_be_returned_until_it_is_published() {
    let (writer, leader) = (who("writer"), who("leader"));
    let approved = PlanState::drafted(&writer)
        .submit(&writer)
        .and_then(|state| state.approve(&leader))
        .unwrap();
    assert!(approved.edit(&writer).is_err());
    assert!(approved.return_with(&leader, ground()).is_ok());
}

#[test]
fn r1_an_item_is_published_before_it_is_planned() {
    let draft = ItemState::drafted();
    let published = draft.publish().unwrap();
    let retired = published.retire().unwrap();
    let discarded = draft.discard().unwrap();
    assert_eq!(
        [draft, published, retired, discarded].map(ItemState::is_published),
        [false, true, false, false]
    );
}

#[test]
fn r1_a_published_item_changes_only_as_a_new_version() {
    let published = ItemState::drafted().publish().unwrap();
    assert_eq!(published.amend(), Ok(ItemState::Draft));
    assert_eq!(
        published.publish().unwrap_err().to_string(),
        "不能公布：这个抽查事项已经公布。要改变内容，请修改为新版本；不再检查的，请停用"
    );
}

#[test]
fn a_retired_item_is_for_reading_alone() {
    for (act, _) in ItemAct::WORDS {
        assert!(item_after(ItemState::Retired, *act).is_err(), "{act:?}");
    }
}

fn an_act() -> impl Strategy<Value = PlanAct> {
    prop::sample::select(PlanAct::WORDS.iter().map(|(act, _)| *act).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn r5_1a_no_way_to_publication_goes_around_somebody_else(
        steps in prop::collection::vec((an_act(), 0_usize..3), 0..40),
    ) {
        let people = ["writer", "clerk", "leader"].map(who);
        let mut state = PlanState::drafted(&people[0]);
        let mut authors = BTreeSet::from([people[0].clone()]);
        let mut approved_by = None;
        for (act, person) in steps {
            let by = &people[person];
            let Ok(next) = plan_after(&state, act, by) else { continue };
            match act {
                PlanAct::Edit | PlanAct::Submit => {
                    authors.insert(by.clone());
                    approved_by = None;
                }
                PlanAct::Withdraw | PlanAct::Return => approved_by = None,
                PlanAct::Approve => approved_by = Some(by.clone()),
                PlanAct::Publish => prop_assert!(
                    approved_by.as_ref().is_some_and(|by| !authors.contains(by)),
                    "{authors:?} {approved_by:?}"
                ),
                PlanAct::Supersede => prop_assert_eq!(state.name(), "published"),
            }
            state = next;
        }
    }
}
