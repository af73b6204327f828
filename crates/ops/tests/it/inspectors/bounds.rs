//! Who has the right for one department sees and changes its people alone.

use jiff::civil::date;
use ops::inspectors::{
    self, Absence, AbsenceFilter, Filter, LeaveTyped, Leaving, Presence, RecusalTyped, Typed,
};
use ops::{AsOf, At, PageRequest, Refusal};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use testkit::{Engine, Kit, both, on};

use super::{against, brigade, of_department, person, source};

const DEPARTMENTS: [&str; 3] = ["环境监察大队", "办公室", "市场监管局"];
const PLANT: &str = "91410899MA0500474K";
const PEOPLE: usize = 12;
/// Questions that are asked on each engine.
const QUESTIONS: usize = 48;

fn certificate(number: usize) -> String {
    format!("99080010{number:02}")
}

/// Twelve people of three departments, a third of whom moved on a later day; each has a leave and a recusal.
async fn population(kit: &Kit) {
    let office = &kit.office;
    let administrator = testkit::actor(domain::Role::SystemAdministrator);
    ops::organisation::add(office, &administrator, "市场监管局", "联合部门")
        .await
        .unwrap();
    source(kit, "示例县水泥有限公司", PLANT, 1).await;
    let belonging = |number: usize, shift: usize| Typed {
        department: DEPARTMENTS[(number + shift) % DEPARTMENTS.len()].to_owned(),
        ..person(&certificate(number), "2029-10-15", "在岗")
    };
    for number in 0..PEOPLE {
        inspectors::enter(office, &brigade(), &belonging(number, 0))
            .await
            .unwrap();
        let leave = LeaveTyped {
            certificate: certificate(number),
            kind: "病假".to_owned(),
            from: "2027-01-04".to_owned(),
            until: "2027-01-20".to_owned(),
            ground: "医院证明".to_owned(),
        };
        inspectors::record_leave(office, &brigade(), &leave)
            .await
            .unwrap();
        let recusal = against(&certificate(number), PLANT);
        inspectors::record_recusal(office, &brigade(), &recusal)
            .await
            .unwrap();
    }
    kit.clock.advance_days(5);
    for number in (0..PEOPLE).step_by(3) {
        let moved = belonging(number, 1);
        inspectors::change(office, &brigade(), &certificate(number), 1, &moved)
            .await
            .unwrap();
    }
    kit.clock.advance_days(5);
}

#[derive(Debug, Clone)]
struct Question {
    department: &'static str,
    filter: Filter,
    day: Option<i8>,
    number: usize,
}

fn question() -> impl Strategy<Value = Question> {
    let filter = (
        select(vec!["", "示例", "9908", "水"]),
        select(vec!["", "环境监察大队", "办公室", "市场监管局", "没有这个股"]),
        select(vec!["", "在岗", "退休"]),
        select(vec![Presence::Inside, Presence::Left, Presence::Both]),
    );
    let filter = filter.prop_map(|(text, department, post, left)| Filter {
        text: text.to_owned(),
        department: department.to_owned(),
        post: post.to_owned(),
        valid_until: None,
        left,
    });
    let day = prop::option::of(1_i8..20);
    (select(DEPARTMENTS.to_vec()), filter, day, 0..PEOPLE).prop_map(|(department, filter, day, number)| {
        Question {
            department,
            filter,
            day,
            number,
        }
    })
}

/// Nothing that is asked in this way gives a row of another department.
async fn asked(kit: &Kit, question: &Question) -> usize {
    let (office, actor) = (&kit.office, of_department(question.department));
    let as_of = question
        .day
        .map_or(AsOf::Now, |day| AsOf::Past(At::end_of(date(2027, 1, day))));
    let certificate = certificate(question.number);
    let page = PageRequest::new(1, 100);
    let mut departments = Vec::new();
    let list = inspectors::list(office, &actor, &question.filter, as_of, page)
        .await
        .unwrap();
    assert_eq!(list.total, list.rows.len() as u64);
    departments.extend(list.rows.into_iter().map(|row| row.version.record.department));
    let all = inspectors::all(office, &actor, &question.filter, as_of)
        .await
        .unwrap();
    assert_eq!(all.len() as u64, list.total);
    if let Ok(person) = inspectors::get(office, &actor, &certificate, as_of).await {
        departments.push(person.version.record.department);
    }
    let history = inspectors::history(office, &actor, &certificate).await.unwrap();
    departments.extend(history.into_iter().map(|version| version.record.department));
    let absences = AbsenceFilter {
        department: question.filter.department.clone(),
        text: question.filter.text.clone(),
        withdrawn: true,
        as_of,
        ..AbsenceFilter::default()
    };
    let leaves = inspectors::leaves(office, &actor, &absences, page).await.unwrap();
    departments.extend(leaves.rows.into_iter().map(|row| row.department));
    let recusals = inspectors::recusals(office, &actor, &absences, page)
        .await
        .unwrap();
    departments.extend(recusals.rows.into_iter().map(|row| row.department));
    let own = inspectors::absences_of(office, &actor, &certificate, as_of)
        .await
        .unwrap();
    departments.extend(own.leaves.into_iter().map(|row| row.department));
    departments.extend(own.recusals.into_iter().map(|row| row.department));
    let over = inspectors::leaves_over(office, &actor, date(2027, 1, 1), date(2027, 2, 1)).await;
    departments.extend(over.unwrap().into_iter().map(|row| row.department));
    assert!(
        departments.iter().all(|own| own == question.department),
        "{question:?}"
    );
    departments.len()
}

#[test]
fn r4_2_nobody_of_one_department_reads_a_person_of_another() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        population(kit).await;
        let mut runner = TestRunner::deterministic();
        let mut rows = 0;
        for _ in 0..QUESTIONS {
            let question = question().new_tree(&mut runner).unwrap().current();
            rows += asked(kit, &question).await;
        }
        assert!(rows > 0, "the questions found nobody at all");
    });
}

#[test]
fn r4_2_nobody_of_one_department_changes_a_person_of_another() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        population(kit).await;
        let office = &kit.office;
        // Number 1 is of 办公室, number 2 of 市场监管局.
        let (theirs, own, actor) = (certificate(1), certificate(2), of_department("市场监管局"));
        let typed = |certificate: &str, department: &str| Typed {
            department: department.to_owned(),
            ..person(certificate, "2030-01-01", "在岗")
        };
        let change = inspectors::change(office, &actor, &theirs, 1, &typed(&theirs, "市场监管局")).await;
        assert!(matches!(change, Err(Refusal::Missing(_))));
        let away = inspectors::change(office, &actor, &own, 1, &typed(&own, "办公室")).await;
        assert!(matches!(away, Err(Refusal::Fields(_))));
        let enter = inspectors::enter(office, &actor, &typed("9908001099", "办公室")).await;
        assert!(matches!(enter, Err(Refusal::Fields(_))));
        let leaving = Leaving {
            reason: "退休".to_owned(),
            on: "2027-01-10".to_owned(),
            ground: "通知".to_owned(),
        };
        let leave = inspectors::leave(office, &actor, &theirs, 1, &leaving).await;
        assert!(matches!(leave, Err(Refusal::Missing(_))));
        let recusal = RecusalTyped {
            certificate: theirs.clone(),
            ..against(&theirs, PLANT)
        };
        let recused = inspectors::record_recusal(office, &actor, &recusal).await;
        assert!(matches!(recused, Err(Refusal::Fields(_))));
        let (all, page) = (AbsenceFilter::default(), PageRequest::new(1, 100));
        let rows = inspectors::leaves(office, &brigade(), &all, page)
            .await
            .unwrap()
            .rows;
        let id = &rows
            .iter()
            .find(|row| row.record.certificate == theirs)
            .unwrap()
            .record
            .id;
        let withdrawn = inspectors::withdraw(office, &actor, Absence::Leave, id, "销假").await;
        assert!(matches!(withdrawn, Err(Refusal::Missing(_))));

        inspectors::change(office, &actor, &own, 1, &typed(&own, "市场监管局"))
            .await
            .unwrap();
        inspectors::enter(office, &actor, &typed("9908001099", "市场监管局"))
            .await
            .unwrap();
    });
}

#[test]
fn r4_2_an_account_of_no_department_sees_nobody() {
    on(Engine::Sqlite, async |kit: &Kit| {
        kit.set_up().await;
        population(kit).await;
        let (nobody, all, page) = (of_department(""), Filter::default(), PageRequest::new(1, 20));
        let list = inspectors::list(&kit.office, &nobody, &all, AsOf::Now, page).await;
        assert!(matches!(list, Err(Refusal::Rule(_))));
    });
}
