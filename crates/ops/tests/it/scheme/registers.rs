//! What a check says is what the compiler of the draw says (R5.1b, R5.1d, R4.2).

use domain::plans::{ImplementationPlan, Registers, compile};
use ops::inspectors::{LeaveTyped, RecusalTyped};
use ops::plans::scheme::check;
use testkit::{Engine, both, on};

use super::*;

/// The sample plan in the office: begun, then edited as text.
async fn sample(kit: &Kit, people: &People) -> Plan {
    let (_, seen) = plan(kit, people).await;
    let planner = &people.planner.actor;
    scheme::save_text(&kit.office, planner, NUMBER, seen, SAMPLE)
        .await
        .unwrap();
    newest(kit, planner).await.0
}

#[test]
fn r5_1b_counts_of_the_check_are_those_of_the_compiler() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        let plan = sample(kit, &people).await;
        let checked = check(&kit.office, &people.planner.actor, &plan).await.unwrap();
        let (sources, inspectors) = (sources(), inspectors());
        let registers = Registers {
            sources: &sources,
            inspectors: &inspectors,
            history: &[],
        };
        let parsed = ImplementationPlan::parse(SAMPLE).unwrap();
        let compiled = compile(&parsed, &registers, &mut || [0; 16]).unwrap();
        assert_eq!(checked.strata, compiled.strata);
        let report = checked.report.unwrap_or_else(|| panic!("{:?}", checked.problems));
        assert_eq!(report.tasks, compiled.tasks());
        assert_eq!(report.places, compiled.places);
        assert_eq!(report.out, compiled.out);
        assert_eq!(report.outside, compiled.outside);
        assert_eq!(
            (checked.sources, checked.inspectors),
            (sources.len(), inspectors.len())
        );
        let warnings: Vec<String> = compiled.warnings.iter().map(ToString::to_string).collect();
        let notices: Vec<String> = report.notices.iter().map(|own| own.text.clone()).collect();
        assert_eq!(notices, warnings);
        shows(kit, &people, &compiled).await;
    });
}

/// The page shows each stratum with the same numbers.
async fn shows(kit: &Kit, people: &People, compiled: &domain::plans::Compiled) {
    let page = people.planner.get(&format!("/plans/{NUMBER}")).await;
    let cells = |row: testkit::Element| -> Vec<String> {
        let cells = row
            .all("td")
            .into_iter()
            .filter(|cell| cell.attribute("data-label").is_some());
        cells.map(|cell| cell.text()).collect()
    };
    for stratum in &compiled.strata {
        let row = page
            .all("tr")
            .into_iter()
            .find(|row| row.text().starts_with(stratum.title.as_str()))
            .unwrap();
        let cells = cells(row);
        assert_eq!(cells[3], stratum.lines().to_string());
        assert_eq!(cells[4], stratum.random.to_string());
        assert_eq!(cells[5], stratum.mandatory.to_string());
        assert!(cells[6].starts_with(&stratum.left_out().to_string()));
        assert_eq!(cells[7], stratum.quota.to_string());
    }
    let seen = people.leader.get(&format!("/plans/{NUMBER}")).await;
    assert!(
        seen.says(&format!("{}个任务", compiled.tasks())),
        "{}",
        seen.words()
    );
    let _same_office = kit;
}

#[test]
fn r4_2_who_is_on_leave_within_the_window_is_not_in_the_draw() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        let plan = sample(kit, &people).await;
        let planner = &people.planner.actor;
        let before = check(&kit.office, planner, &plan).await.unwrap().report.unwrap();
        let out = |certificate: &str| {
            let own = before
                .out
                .iter()
                .find(|out| out.certificate.as_str() == certificate);
            own.is_none()
        };
        let person = inspectors()
            .into_iter()
            .find(|person| out(person.certificate.number.as_str()))
            .unwrap();
        let brigade = kit.person(Role::Brigade).await;
        let leave = |from: &str, until: &str| LeaveTyped {
            certificate: person.certificate.number.to_string(),
            kind: ops::inspectors::KINDS[0].to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
            ground: "休假".to_owned(),
        };
        let later = leave("2027-04-01", "2027-04-09");
        ops::inspectors::record_leave(&kit.office, &brigade.actor, &later)
            .await
            .unwrap();
        let same = check(&kit.office, planner, &plan).await.unwrap().report.unwrap();
        assert_eq!(same.out, before.out, "a leave after the window");
        let within = leave("2027-03-31", "2027-03-31");
        ops::inspectors::record_leave(&kit.office, &brigade.actor, &within)
            .await
            .unwrap();
        let after = check(&kit.office, planner, &plan).await.unwrap().report.unwrap();
        assert_eq!(after.staff + 1, before.staff);
        let page = people.planner.get(&format!("/plans/{NUMBER}")).await;
        assert!(page.says("请假：2027-03-31 至 2027-03-31"), "{}", page.words());
    });
}

#[test]
fn r5_1d_recusals_on_record_bind_the_draw_without_being_in_the_plan() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        // A plan whose leaders are two people: with both of them recused from one source it has no team.
        let leaders: Vec<Inspector> = inspectors()
            .into_iter()
            .filter(|person| {
                person
                    .unit
                    .as_ref()
                    .is_some_and(|unit| unit.as_str() == "环境监察大队")
            })
            .filter(|person| person.may_serve_on(jiff::civil::date(2027, 3, 31)).is_ok())
            .take(2)
            .collect();
        let numbers: Vec<String> = leaders
            .iter()
            .map(|person| person.certificate.number.to_string())
            .collect();
        let two = |mut own: Scheme| {
            own.teams[0].certificates = numbers.clone();
            own.cap = "200".to_owned();
            own
        };
        change(kit, &people, two).await.unwrap();
        let planner = &people.planner.actor;
        let (plan, _) = newest(kit, planner).await;
        assert!(check(&kit.office, planner, &plan).await.unwrap().passes());
        let brigade = kit.person(Role::Brigade).await;
        let source = sources()
            .into_iter()
            .find(|own| own.status == domain::Status::InOperation)
            .unwrap();
        for certificate in &numbers {
            let recusal = RecusalTyped {
                certificate: certificate.clone(),
                source: source.id().to_string(),
                asked_by: ops::inspectors::ASKED_BY[0].to_owned(),
                ground: "亲属在该企业任职".to_owned(),
            };
            ops::inspectors::record_recusal(&kit.office, &brigade.actor, &recusal)
                .await
                .unwrap();
        }
        let checked = check(&kit.office, planner, &plan).await.unwrap();
        let told: Vec<&str> = checked.problems.iter().map(|own| own.text.as_str()).collect();
        assert!(
            told.iter()
                .any(|text| text.contains(source.name.as_str()) && text.contains("回避 2 人")),
            "{told:?}"
        );
    });
}

#[test]
fn r5_1b_strata_are_counted_while_there_are_too_few_people() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let people = office(kit).await;
        sample(kit, &people).await;
        let planner = &people.planner.actor;
        let whole = check(&kit.office, planner, &newest(kit, planner).await.0)
            .await
            .unwrap();
        let too_few = |own| Scheme {
            cap: "1".to_owned(),
            ..own
        };
        change(kit, &people, too_few).await.unwrap();
        let checked = check(&kit.office, planner, &newest(kit, planner).await.0)
            .await
            .unwrap();
        assert_eq!(checked.problems[0].code, "too-few-places");
        assert_eq!(checked.strata, whole.strata);
        assert!(checked.report.is_none());
    });
}
