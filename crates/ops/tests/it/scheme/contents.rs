//! The eight contents (R5.1b), published items (R1), departments that join (R5.4).

use testkit::both;

use super::*;
use domain::plans::ImplementationPlan;
use ops::plans::scheme::{Team, check};

/// A content, and how it is emptied.
type Emptied = (&'static str, fn(Scheme) -> Scheme);

const CONTENTS: [Emptied; 8] = [
    ("抽查事项", |own| Scheme {
        items: Vec::new(),
        ..own
    }),
    ("实施时间", |own| Scheme {
        until: String::new(),
        ..own
    }),
    ("抽查目的", |own| Scheme {
        purpose: String::new(),
        ..own
    }),
    ("执法人员数量", |own| Scheme {
        slots: Vec::new(),
        ..own
    }),
    ("检查方式", |own| Scheme {
        methods: Vec::new(),
        ..own
    }),
    ("保密要求", |own| Scheme {
        secrecy: "待定".to_owned(),
        ..own
    }),
    ("检查结果应用", |own| Scheme {
        use_of_results: String::new(),
        ..own
    }),
    ("抽取范围", |own| Scheme {
        scope: String::new(),
        ..own
    }),
];

#[test]
fn r5_1b_a_plan_with_an_empty_content_can_neither_be_submitted_nor_approved() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        let (plan, _) = plan(kit, &people).await;
        let whole = Scheme::from_toml(&plan.body).unwrap();
        for (title, emptied) in CONTENTS {
            change(kit, &people, |_| emptied(whole.clone())).await.unwrap();
            let refused = told(act(kit, &people.planner.actor, Act::Submit).await.unwrap_err());
            assert!(refused.contains(title), "{title}: {refused}");
            assert!(refused.contains("没有内容"), "{refused}");
        }
        change(kit, &people, |_| whole.clone()).await.unwrap();
        act(kit, &people.planner.actor, Act::Submit).await.unwrap();
        act(kit, &people.leader.actor, Act::Approve).await.unwrap();
        act(kit, &people.planner.actor, Act::Publish).await.unwrap();
        let (plan, _) = newest(kit, &people.planner.actor).await;
        assert_eq!(plan.state.name(), "published");
        ImplementationPlan::parse(&plan.body).unwrap();
    });
}

#[test]
fn r5_1b_a_plan_is_begun_only_under_a_published_annual_plan() {
    both(async |kit: &Kit| {
        let planner = kit.person(Role::Planner).await;
        let refused = scheme::begin(&kit.office, &planner.actor, &begun())
            .await
            .unwrap_err();
        assert!(told(refused).contains("已公布的年度计划"));
        assert!(planner.get("/plans/new").await.says("现在没有已公布的年度计划"));
    });
}

#[test]
fn r1_an_item_retired_after_submission_stops_the_approval() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        let planner = &people.planner.actor;
        act(kit, planner, Act::Submit).await.unwrap();
        let item = ops::items::get(&kit.office, planner, "ZGZD-01", AsOf::Now)
            .await
            .unwrap();
        ops::items::retire(&kit.office, planner, "ZGZD-01", item.number, "不再检查")
            .await
            .unwrap();
        let refused = told(act(kit, &people.leader.actor, Act::Approve).await.unwrap_err());
        assert!(refused.contains("不在已公布的抽查事项清单里"), "{refused}");
    });
}

#[test]
fn r5_1b_the_plan_of_its_author_is_approved_by_somebody_else() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        act(kit, &people.planner.actor, Act::Submit).await.unwrap();
        assert!(act(kit, &people.planner.actor, Act::Approve).await.is_err());
        let edited = change(kit, &people, |own| own).await;
        assert!(edited.is_err(), "what is submitted does not change");
    });
}

#[test]
fn r5_1b_two_plans_of_a_year_do_not_share_a_draw_number() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        let choices = scheme::choices(&kit.office, &people.planner.actor).await.unwrap();
        assert_eq!(
            (choices.begun.number.as_str(), choices.begun.draw.as_str()),
            ("2027-Q2", "2027-002")
        );
        let other = Begun {
            number: "2027-Q2".to_owned(),
            ..begun()
        };
        scheme::begin(&kit.office, &people.planner.actor, &other)
            .await
            .unwrap();
        for number in [NUMBER, "2027-Q2"] {
            let standing = workflow::get(&kit.office, &people.planner.actor, Kind::Implementation, number)
                .await
                .unwrap();
            let checked = check(&kit.office, &people.planner.actor, &standing.newest.record)
                .await
                .unwrap();
            let taken: Vec<&str> = checked.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(taken, ["draw-taken"], "{number}");
        }
    });
}

/// Inspectors of another department, of every field.
fn of_market(count: usize) -> Vec<Inspector> {
    let text = |words: &str| domain::Text::parse(words).unwrap();
    let serving = inspectors()
        .into_iter()
        .filter(|person| person.post == domain::PostStatus::InPost);
    let moved = |(mut person, at): (Inspector, u32)| {
        person.certificate.number = domain::CertificateNumber::parse(&format!("88000000{at}0")).unwrap();
        person.certificate.valid_until = domain::Until::LongTerm;
        person.unit = Some(text("市场监督管理局"));
        person.fields = vec![text("综合")];
        person
    };
    serving.take(count).zip(0..).map(moved).collect()
}

/// Lets the department of market regulation join with one slot.
fn joined(mut own: Scheme) -> Scheme {
    own.slots.push("SAMR".to_owned());
    own.teams.push(Team {
        name: "SAMR".to_owned(),
        title: "市场监管人员".to_owned(),
        department: "市场监督管理局".to_owned(),
        units: vec!["市场监督管理局".to_owned()],
        ..Team::default()
    });
    own.cap = "60".to_owned();
    own
}

#[test]
fn r5_4_each_department_of_a_plan_has_slots_of_its_own() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        let planner = &people.planner.actor;
        plan(kit, &people).await;
        change(kit, &people, joined).await.unwrap();
        let plan = newest(kit, planner).await.0;
        let checked = check(&kit.office, planner, &plan).await.unwrap();
        let first = &checked.problems[0];
        assert_eq!(
            first.code, "no-team",
            "nobody of that department is in the register yet"
        );
        assert_eq!(first.place.as_deref(), Some("stratum.0"));
        fill(kit, Vec::new(), of_market(4)).await;
        let report = check(&kit.office, planner, &plan).await.unwrap().report.unwrap();
        let of_department = |team: &&domain::plans::TeamPlaces| team.team.as_str() == "SAMR";
        let team = report.places.teams.iter().find(of_department).unwrap();
        let most = 4 * report.tasks.min(60);
        assert_eq!((team.needed, team.people, team.there), (report.tasks, 4, most));
        let page = people.planner.get(&format!("/plans/{NUMBER}")).await;
        assert!(page.says("个部门联合抽查"), "{}", page.words());
        assert!(page.says("市场监督管理局（共 1 个岗位）"));
        assert!(people.planner.get("/plans").await.says("市场监督管理局"));
    });
}
