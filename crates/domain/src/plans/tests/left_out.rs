//! Mandatory targets and exclusions: who is in or out without chance, and for what ground.

use rstest::rstest;

use super::fixtures::*;
use crate::identifiers::{OrganisationCode, RegistrationNumber, SiteNumber};
use crate::plans::{Code, WarningCode};
use crate::sources::{Source, Status};

fn mandatory(n: u32) -> String {
    format!("[[mandatory]]\ntarget = \"{}\"\nground = \"挂牌督办\"\n", id(n))
}

#[test]
fn a_mandatory_target_is_in_and_counts_beside_the_quota() {
    let compiled = compiled(&with(&mandatory(2)), &sources(8), &inspectors(4), &[]).unwrap();
    assert_eq!(flag(&compiled, 2), "M");
    let stratum = &compiled.strata[0];
    assert_eq!(
        (stratum.random, stratum.mandatory, stratum.quota, compiled.tasks()),
        (7, 1, 2, 3)
    );
}

#[test]
fn a_stratum_of_mandatory_targets_alone_has_no_quota() {
    let strata = format!(
        "[[stratum]]\nname = \"a\"\ntitle = \"甲\"\nwhere = {{ target = \"{}\" }}\nratio = \"100%\"\n\
         [[stratum]]\nname = \"b\"\ntitle = \"乙\"\nnumber = 1\n{}",
        id(1),
        mandatory(1)
    );
    let compiled = compiled(&with_strata(&strata), &sources(3), &inspectors(2), &[]).unwrap();
    assert!(!compiled.texts.plan.contains("quota.a"));
    assert_eq!(compiled.strata[0].chances(), None);
}

#[test]
fn a_mandatory_target_that_nobody_knows_is_refused() {
    let findings = compiled(&with(&mandatory(99)), &sources(8), &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::UnknownTarget]);
}

#[test]
fn a_mandatory_target_in_no_stratum_is_refused() {
    let stratum = "[[stratum]]\nname = \"a\"\ntitle = \"甲\"\nwhere = { name = \"企业1\" }\nnumber = 1\n";
    let plan = with_strata(&format!("{stratum}{}", mandatory(2)));
    let findings = compiled(&plan, &sources(2), &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::MandatoryOutside]);
}

#[rstest]
#[case::closed("", Status::Closed, &[], "关闭")]
#[case::cap("[exclude]\nyearly_cap = 1", Status::InOperation, &["2027-01-02"], "上限")]
#[case::recent("[exclude]\nrecent_days = 10", Status::InOperation, &["2027-01-02"], "刚检查过")]
fn a_mandatory_target_must_not_be_excluded(
    #[case] tables: &str,
    #[case] status: Status,
    #[case] inspected: &[&str],
    #[case] why: &str,
) {
    let plan = with(&format!("{}\n{tables}", mandatory(1)));
    let all = [Source { status, ..source(1) }, source(2)];
    let history: Vec<_> = inspected.iter().map(|on| past(on, 1, &[], None)).collect();
    let findings = compiled(&plan, &all, &inspectors(2), &history).unwrap_err();
    assert_eq!(codes(&findings), [Code::MandatoryExcluded]);
    assert!(findings[0].text.contains(why), "{}", findings[0]);
}

#[rstest]
#[case(Status::InOperation, "R")]
#[case(Status::Suspended, "R")]
#[case(Status::Closed, "X:closed")]
#[case(Status::MovedAway, "X:closed")]
#[case(Status::Deregistered, "X:closed")]
#[case(Status::Revoked, "X:closed")]
fn r2_1_who_is_no_longer_there_is_excluded(#[case] status: Status, #[case] expected: &str) {
    let all = [Source { status, ..source(1) }, source(2)];
    let compiled = compiled(&read(PLAN), &all, &inspectors(2), &[]).unwrap();
    assert_eq!(flag(&compiled, 1), expected);
    assert_eq!(line_of_plan(&compiled.texts.plan, "exclusions"), "closed");
}

fn line_of_plan<'a>(plan: &'a str, key: &str) -> &'a str {
    plan.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
        .unwrap()
}

#[rstest]
#[case::below(&["2027-01-02"], "R")]
#[case::reached(&["2027-01-02", "2027-12-31"], "X:cap")]
#[case::other_years(&["2026-12-31", "2026-01-01", "2028-01-01"], "R")]
fn the_yearly_cap_counts_inspections_of_the_calendar_year(
    #[case] inspected: &[&str],
    #[case] expected: &str,
) {
    let plan = with("[exclude]\nyearly_cap = 2");
    let history: Vec<_> = inspected.iter().map(|on| past(on, 1, &[], None)).collect();
    let compiled = compiled(&plan, &sources(4), &inspectors(2), &history).unwrap();
    assert_eq!(flag(&compiled, 1), expected);
}

#[test]
fn the_yearly_cap_can_count_drawn_inspections_only() {
    let plan = with("[exclude]\nyearly_cap = 1\nyearly_cap_drawn_only = true");
    let history = [
        past("2027-01-02", 1, &[], None),
        past("2027-01-02", 2, &[], Some("2026-009")),
    ];
    let compiled = compiled(&plan, &sources(4), &inspectors(2), &history).unwrap();
    assert_eq!([flag(&compiled, 1), flag(&compiled, 2)], ["R", "X:cap"]);
}

#[test]
fn the_yearly_cap_is_of_the_enterprise_with_all_its_sites() {
    let second = Source {
        site: SiteNumber::new(2).unwrap(),
        ..source(1)
    };
    let plan = with("[exclude]\nyearly_cap = 1");
    let all = [source(1), second.clone(), source(2)];
    let compiled = compiled(&plan, &all, &inspectors(2), &[past("2027-01-02", 1, &[], None)]).unwrap();
    assert_eq!(line(&compiled, &second.id()).unwrap()[3], "X:cap");
    assert_eq!(flag(&compiled, 2), "R");
}

#[test]
fn sites_that_together_could_exceed_the_cap_are_a_warning() {
    let second = Source {
        site: SiteNumber::new(2).unwrap(),
        ..source(1)
    };
    let all = [source(1), second, source(2)];
    let compiled = compiled(&with("[exclude]\nyearly_cap = 1"), &all, &inspectors(2), &[]).unwrap();
    assert!(warning_codes(&compiled.warnings).contains(&WarningCode::CapWithinDraw));
}

#[test]
fn r3_2_an_inspection_under_an_older_code_counts_for_the_enterprise() {
    let registration = RegistrationNumber::from_body("41089900000001").unwrap();
    let organisation = OrganisationCode::from_body("MA000001").unwrap();
    let one = Source {
        registration_number: Some(registration.clone()),
        ..source(1)
    };
    let two = Source {
        organisation_code: Some(organisation.clone()),
        ..source(2)
    };
    let mut history = [past("2027-01-02", 1, &[], None), past("2027-01-02", 2, &[], None)];
    history[0].target = registration.as_str().parse().unwrap();
    history[1].target = organisation.as_str().parse().unwrap();
    let plan = with("[exclude]\nrecent_days = 30\nyearly_cap = 9");
    let compiled = compiled(&plan, &[one, two, source(3)], &inspectors(2), &history).unwrap();
    assert_eq!([flag(&compiled, 1), flag(&compiled, 2)], ["X:recent", "X:recent"]);
    assert!(!warning_codes(&compiled.warnings).contains(&WarningCode::HistoryUnknown));
}

#[test]
fn a_code_that_two_enterprises_claim_stands_for_neither() {
    let registration = RegistrationNumber::from_body("41089900000001").unwrap();
    let claimed = |n| Source {
        registration_number: Some(registration.clone()),
        ..source(n)
    };
    let mut history = [past("2027-01-02", 1, &[], None)];
    history[0].target = registration.as_str().parse().unwrap();
    let plan = with("[exclude]\nrecent_days = 30");
    let compiled = compiled(&plan, &[claimed(1), claimed(2)], &inspectors(2), &history).unwrap();
    assert_eq!([flag(&compiled, 1), flag(&compiled, 2)], ["R", "R"]);
    assert!(warning_codes(&compiled.warnings).contains(&WarningCode::HistoryUnknown));
}

#[rstest]
#[case::the_first_of_the_days("2026-12-05", "X:recent")]
#[case::the_day_before_it("2026-12-04", "R")]
#[case::within_the_window("2027-01-10", "X:recent")]
fn who_was_inspected_lately_is_excluded(#[case] on: &str, #[case] expected: &str) {
    let plan = with("[exclude]\nrecent_days = 30");
    let compiled = compiled(&plan, &sources(4), &inspectors(2), &[past(on, 1, &[], None)]).unwrap();
    assert_eq!(flag(&compiled, 1), expected);
}

#[test]
fn any_number_of_days_can_be_written() {
    let plan = with("[exclude]\nrecent_days = 999999999");
    let compiled = compiled(
        &plan,
        &sources(4),
        &inspectors(2),
        &[past("1990-01-01", 1, &[], None)],
    )
    .unwrap();
    assert_eq!(flag(&compiled, 1), "X:recent");
}

fn listed_exclusion(reason: &str, n: u32) -> String {
    format!(
        "[[exclude.listed]]\nreason = \"{reason}\"\ntargets = \"{}\"\nground = \"正在搬迁\"\n",
        id(n)
    )
}

#[test]
fn a_site_can_be_excluded_by_name_with_a_ground() {
    let compiled = compiled(
        &with(&listed_exclusion("moving", 1)),
        &sources(4),
        &inspectors(2),
        &[],
    )
    .unwrap();
    assert_eq!(flag(&compiled, 1), "X:moving");
    assert_eq!(line_of_plan(&compiled.texts.plan, "exclusions"), "closed,moving");
}

#[rstest]
#[case::unknown_site(&listed_exclusion("moving", 99), Code::UnknownTarget)]
#[case::mandatory_too(&format!("{}{}", mandatory(1), listed_exclusion("moving", 1)), Code::MandatoryExcluded)]
fn an_exclusion_by_name_is_checked(#[case] tables: &str, #[case] code: Code) {
    let findings = compiled(&with(tables), &sources(4), &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [code]);
}

#[rstest]
#[case::own_reason(&listed_exclusion("cap", 1), Code::WrongForm)]
#[case::twice(&format!("{}{}", listed_exclusion("a", 1), listed_exclusion("b", 1)), Code::Repeated)]
#[case::no_ground(
    "[[exclude.listed]]\nreason = \"a\"\ntargets = \"914108990000000015\"",
    Code::Missing
)]
#[case::no_ground_to_inspect("[[mandatory]]\ntarget = \"914108990000000015\"", Code::Missing)]
fn an_exclusion_or_target_has_a_reason_and_a_ground(#[case] tables: &str, #[case] code: Code) {
    assert_eq!(codes(&refused(&format!("{PLAN}\n{tables}"))), [code]);
}

#[test]
fn a_site_that_the_register_has_twice_is_refused() {
    let findings = compiled(
        &read(PLAN),
        &[source(1), source(1), source(2)],
        &inspectors(2),
        &[],
    )
    .unwrap_err();
    assert_eq!(codes(&findings), [Code::DuplicateTarget]);
}

#[test]
fn less_of_a_stratum_than_its_ratio_is_a_warning() {
    let history: Vec<_> = (1..=4).map(|n| past("2026-12-20", n, &[], None)).collect();
    let closed = Source {
        status: Status::Closed,
        ..source(9)
    };
    let all: Vec<Source> = sources(8).into_iter().chain([closed]).collect();
    let warned = |plan: &str| {
        let compiled = compiled(&read(plan), &all, &inspectors(2), &history).unwrap();
        warning_codes(&compiled.warnings).contains(&WarningCode::BelowRatio)
    };
    assert!(!warned(PLAN), "2 of 8 are 25 %, and who is closed does not count");
    assert!(
        warned(&format!("{PLAN}\n[exclude]\nrecent_days = 30")),
        "1 of 4 drawn, 8 there"
    );
}
