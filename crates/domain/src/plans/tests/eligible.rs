//! R4.1, R4.2, R5.1d, R5.4: who can be drawn, and for whom.

use rstest::rstest;

use super::fixtures::*;
use crate::dates::Until;
use crate::identifiers::SiteNumber;
use crate::inspectors::{Inspector, PostStatus};
use crate::plans::{Code, Out, WarningCode};
use crate::sources::Source;

fn valid_until(until: Until, n: u32) -> Inspector {
    let mut one = inspector(n);
    one.certificate.valid_until = until;
    one
}

fn of_unit(unit: &str, n: u32) -> Inspector {
    Inspector {
        unit: Some(text(unit)),
        ..inspector(n)
    }
}

fn of_fields(fields: &[&str], n: u32) -> Inspector {
    Inspector {
        fields: fields.iter().map(|field| text(field)).collect(),
        ..inspector(n)
    }
}

fn names(staff: &str) -> Vec<&str> {
    staff.lines().filter_map(|line| line.split('\t').next()).collect()
}

#[rstest]
#[case::to_the_last_day(Until::Date(day("2027-03-31")), None)]
#[case::for_ever(Until::LongTerm, None)]
#[case::to_the_day_before(Until::Date(day("2027-03-30")), Some(Out::CertificateEnds { until: day("2027-03-30") }))]
#[case::over_before(Until::Date(day("2026-12-31")), Some(Out::CertificateEnds { until: day("2026-12-31") }))]
#[case::unknown(Until::Unknown, Some(Out::CertificateWithoutTerm))]
fn r4_1_a_certificate_must_hold_on_every_day_of_the_window(#[case] until: Until, #[case] out: Option<Out>) {
    let staff = [valid_until(until, 1), inspector(2), inspector(3)];
    let compiled = compiled(&read(PLAN), &sources(4), &staff, &[]).unwrap();
    assert_eq!(names(&compiled.texts.staff).contains(&"I001"), out.is_none());
    let reasons: Vec<Out> = compiled.out.iter().flat_map(|out| out.reasons.clone()).collect();
    assert_eq!(reasons, out.into_iter().collect::<Vec<_>>());
}

#[rstest]
#[case(PostStatus::OnLeave)]
#[case(PostStatus::Seconded)]
#[case(PostStatus::Suspended)]
#[case(PostStatus::Transferred)]
#[case(PostStatus::Resigned)]
#[case(PostStatus::Retired)]
fn r4_2_who_is_not_in_post_is_not_drawn(#[case] post: PostStatus) {
    let staff = [inspector(1), inspector(2), Inspector { post, ..inspector(3) }];
    let compiled = compiled(&read(PLAN), &sources(4), &staff, &[]).unwrap();
    assert_eq!(names(&compiled.texts.staff), ["I001", "I002"]);
    assert_eq!(compiled.out[0].reasons, [Out::NotInPost { post }]);
    assert_eq!(compiled.out[0].certificate, certificate(3));
}

#[test]
fn r4_1_all_reasons_are_told_at_once() {
    let mut one = Inspector {
        post: PostStatus::OnLeave,
        ..of_unit("法规股", 1)
    };
    one.certificate.valid_until = Until::Unknown;
    let plan = read(&edited(
        "name = \"EP\"",
        "name = \"EP\"\nwhere = { unit = \"环境监察大队\" }",
    ));
    let compiled = compiled(&plan, &sources(4), &[one, inspector(2), inspector(3)], &[]).unwrap();
    let expected = [
        Out::NotInPost {
            post: PostStatus::OnLeave,
        },
        Out::CertificateWithoutTerm,
        Out::NoTeam,
    ];
    assert_eq!(compiled.out[0].reasons, expected);
    assert!(warning_codes(&compiled.warnings).contains(&WarningCode::InspectorsOut));
}

#[test]
fn r5_4_each_department_has_its_own_team() {
    let text = edited("slots = [\"EP\", \"EP\"]", "slots = [\"EP\", \"EP\", \"SAMR\"]").replace(
        "[[team]]\nname = \"EP\"",
        "[[team]]\nname = \"EP\"\nwhere = { unit = \"环境监察大队\" }\n\
         [[team]]\nname = \"SAMR\"\ndepartment = \"市场监督管理局\"\nwhere = { unit = \"市场监督管理局\" }",
    );
    let staff = [inspector(1), inspector(2), of_unit("市场监督管理局", 3)];
    let compiled = compiled(&read(&text), &sources(4), &staff, &[]).unwrap();
    assert_eq!(
        compiled.texts.staff,
        "I001\tEP\t50\nI002\tEP\t50\nI003\tSAMR\t50\n"
    );
    assert!(compiled.texts.plan.contains("slots=EP,EP,SAMR"));
}

#[test]
fn a_persons_own_cap_comes_before_the_least_of_the_teams_and_that_before_the_plans() {
    let text = edited("slots = [\"EP\", \"EP\"]", "slots = [\"LEAD\", \"EP\"]").replace(
        "[[team]]\nname = \"EP\"",
        "[[team]]\nname = \"EP\"\ncap = 20\n\
         [[team]]\nname = \"LEAD\"\ncap = 10\nwhere = { certificate = [\"99080001\", \"99080002\"] }\n\
         [[person]]\ncertificate = \"99080002\"\ncap = 30",
    );
    let compiled = compiled(&read(&text), &sources(4), &inspectors(3), &[]).unwrap();
    assert_eq!(
        compiled.texts.staff,
        "I001\tLEAD,EP\t10\nI002\tLEAD,EP\t30\nI003\tEP\t20\n"
    );
}

#[rstest]
#[case::of_the_field(&["水", "噪声"], true)]
#[case::generalist(&["综合"], true)]
#[case::of_another(&["大气"], false)]
#[case::of_none(&[], false)]
fn r5_1d_an_inspector_serves_in_his_field(#[case] fields: &[&str], #[case] serves: bool) {
    let plan = read(&edited("ratio = \"25%\"", "ratio = \"25%\"\nfields = [\"水\"]"));
    let staff = [of_fields(fields, 1), inspector(2), inspector(3)];
    let compiled = compiled(&plan, &sources(4), &staff, &[]).unwrap();
    assert_eq!(eligible(&compiled, &id(1)).contains(&"I001".to_owned()), serves);
    let out: Vec<Out> = compiled.out.iter().flat_map(|out| out.reasons.clone()).collect();
    assert_eq!(out, if serves { vec![] } else { vec![Out::NoTarget] });
}

#[test]
fn r5_1d_the_field_of_an_item_holds_where_the_stratum_names_none() {
    let text = edited(
        "published = 2026-12-18",
        "published = 2026-12-18\nfields = \"大气\"",
    );
    let staff = [
        of_fields(&["大气"], 1),
        of_fields(&["综合"], 2),
        of_fields(&["水"], 3),
    ];
    let of_item = compiled(&read(&text), &sources(4), &staff, &[]).unwrap();
    assert_eq!(eligible(&of_item, &id(1)), ["I001", "I002"]);
    let own = text.replace("ratio = \"25%\"", "ratio = \"25%\"\nfields = \"水\"");
    let of_stratum = compiled(&read(&own), &sources(4), &staff, &[]).unwrap();
    assert_eq!(eligible(&of_stratum, &id(1)), ["I002", "I003"]);
}

#[test]
fn a_stratum_can_be_left_to_some_units() {
    let plan = read(&edited("ratio = \"25%\"", "ratio = \"25%\"\nunits = \"一所\""));
    let staff = [of_unit("一所", 1), of_unit("二所", 2), of_unit("一所", 3)];
    let compiled = compiled(&plan, &sources(4), &staff, &[]).unwrap();
    assert_eq!(eligible(&compiled, &id(1)), ["I001", "I003"]);
}

fn recusal(source: &str) -> String {
    format!("[[recusal]]\ncertificate = \"99080001\"\nsource = \"{source}\"\nground = \"配偶任职\"\n")
}

#[test]
fn r5_1d_a_recused_inspector_does_not_go_there_and_goes_elsewhere() {
    let plan = with(&recusal(id(2).as_str()));
    let compiled = compiled(&plan, &sources(3), &inspectors(3), &[]).unwrap();
    assert_eq!(eligible(&compiled, &id(2)), ["I002", "I003"]);
    assert_eq!(eligible(&compiled, &id(1)), ["I001", "I002", "I003"]);
}

#[test]
fn r5_1d_a_recusal_by_code_is_of_all_sites_and_one_by_suffix_of_that_site() {
    let second = Source {
        site: SiteNumber::new(2).unwrap(),
        ..source(1)
    };
    let all = [source(1), second.clone()];
    let by_code = compiled(&with(&recusal(id(1).as_str())), &all, &inspectors(3), &[]).unwrap();
    assert_eq!(eligible(&by_code, &id(1)), ["I002", "I003"]);
    assert_eq!(eligible(&by_code, &second.id()), ["I002", "I003"]);
    let by_site = compiled(&with(&recusal(second.id().as_str())), &all, &inspectors(3), &[]).unwrap();
    assert_eq!(eligible(&by_site, &id(1)), ["I001", "I002", "I003"]);
    assert_eq!(eligible(&by_site, &second.id()), ["I002", "I003"]);
}

#[rstest]
#[case::source(&recusal(id(99).as_str()), Code::UnknownTarget)]
#[case::inspector(
    "[[recusal]]\ncertificate = \"99089999\"\nsource = \"{id}\"\nground = \"配偶任职\"",
    Code::UnknownCertificate
)]
#[case::cap("[[person]]\ncertificate = \"99089999\"\ncap = 3", Code::UnknownCertificate)]
fn r5_1d_a_slip_in_a_recusal_or_cap_is_refused(#[case] tables: &str, #[case] code: Code) {
    let tables = tables.replace("{id}", id(1).as_str());
    let findings = compiled(&with(&tables), &sources(3), &inspectors(3), &[]).unwrap_err();
    assert_eq!(codes(&findings), [code]);
}

#[test]
fn r5_1d_rotation_keeps_an_inspector_from_the_sources_of_the_last_draws() {
    let plan = with("[rotation]\ndraws = 2");
    let history = [
        past("2026-02-01", 1, &[1], Some("2026-001")),
        past("2026-05-01", 2, &[1], Some("2026-002")),
        past("2026-11-01", 3, &[1], Some("2026-004")),
        past("2026-12-01", 4, &[1], None),
        past("2027-06-01", 5, &[1], Some("2027-002")),
    ];
    let compiled = compiled(&plan, &sources(5), &inspectors(3), &history).unwrap();
    let goes = |n| eligible(&compiled, &id(n)).contains(&"I001".to_owned());
    // The last two draws before this one are 2026-002 and 2026-004.
    assert_eq!(
        [goes(1), goes(2), goes(3), goes(4), goes(5)],
        [true, false, false, true, true]
    );
}

#[test]
fn pseudonyms_follow_the_certificate_numbers_of_the_whole_register() {
    let staff = [inspector(3), valid_until(Until::Unknown, 1), inspector(2)];
    let compiled = compiled(&read(PLAN), &sources(4), &staff, &[]).unwrap();
    assert_eq!(names(&compiled.texts.staff), ["I002", "I003"]);
    assert_eq!(
        compiled.roster.resolve("I003").unwrap().certificate,
        certificate(3)
    );
    assert_eq!(compiled.roster.resolve("I001"), None);
    assert_eq!(compiled.out[0].pseudonym, "I001");
}

#[test]
fn a_certificate_that_the_register_has_twice_is_refused() {
    let findings = compiled(&read(PLAN), &sources(4), &[inspector(1), inspector(1)], &[]).unwrap_err();
    assert!(codes(&findings).contains(&Code::DuplicateCertificate));
}

#[test]
fn a_source_for_which_no_team_can_be_formed_is_refused_with_the_reasons() {
    let tables = format!("[rotation]\ndraws = 1\n{}", recusal(id(2).as_str()));
    let history = [past("2026-11-01", 2, &[2], Some("2026-004"))];
    let staff = [
        inspector(1),
        inspector(2),
        inspector(3),
        Inspector {
            post: PostStatus::OnLeave,
            ..inspector(4)
        },
        valid_until(Until::Date(day("2027-01-31")), 5),
    ];
    let findings = compiled(&with(&tables), &sources(3), &staff, &history).unwrap_err();
    assert_eq!(codes(&findings), [Code::NoTeam]);
    insta::assert_snapshot!(findings[0].text);
}

#[test]
fn a_stratum_for_which_no_team_can_be_formed_is_told_once() {
    let plan = read(&edited("ratio = \"25%\"", "ratio = \"25%\"\nfields = [\"固废\"]"));
    let staff = [inspector(1), inspector(2), of_fields(&["固废"], 3)];
    let findings = compiled(&plan, &sources(9), &staff, &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::NoTeam]);
    insta::assert_snapshot!(findings[0].text);
}

#[test]
fn too_few_places_are_refused_by_team_with_the_numbers() {
    let text = edited("slots = [\"EP\", \"EP\"]", "slots = [\"LEAD\", \"EP\"]")
        .replace("ratio = \"25%\"", "number = 12")
        .replace(
            "[[team]]\nname = \"EP\"",
            "[[team]]\nname = \"EP\"\n[[team]]\nname = \"LEAD\"\ncap = 5\nwhere = { certificate = [\"99080001\", \"99080002\"] }",
        );
    let findings = compiled(&read(&text), &sources(20), &inspectors(6), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::TooFewPlaces]);
    insta::assert_snapshot!(findings[0].text);
}

#[test]
fn an_inspector_fills_one_slot_of_a_task_whatever_the_cap() {
    // Two people have 100 places, but of one task each can take only one slot: two people, two slots, it fits.
    assert!(compiled(&read(PLAN), &sources(4), &inspectors(2), &[]).is_ok());
    let three = edited("slots = [\"EP\", \"EP\"]", "slots = [\"EP\", \"EP\", \"EP\"]");
    let findings = compiled(&read(&three), &sources(4), &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::NoTeam]);
}

#[test]
fn too_few_places_within_a_stratum_are_refused_although_the_whole_has_enough() {
    let strata = "[[stratum]]\nname = \"solid\"\ntitle = \"固废\"\nwhere = { violations = true }\nnumber = 9\nfields = \"固废\"\n\
                  [[stratum]]\nname = \"rest\"\ntitle = \"其他\"\nnumber = 1";
    let staff: Vec<Inspector> = (1..=9)
        .map(|n| {
            if n < 4 {
                of_fields(&["固废"], n)
            } else {
                inspector(n)
            }
        })
        .collect();
    let all: Vec<Source> = (1..=20)
        .map(|n| Source {
            violations: (n < 12).then(|| text("有")),
            ..source(n)
        })
        .collect();
    assert!(compiled(&with_strata(strata), &all, &staff, &[]).is_ok());
    let capped = read(&edited("cap = 50", "cap = 5").replace(
        "[[stratum]]\nname = \"all\"\ntitle = \"全部\"\nratio = \"25%\"",
        strata,
    ));
    let findings = compiled(&capped, &all, &staff, &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::TooFewPlaces]);
    assert!(
        findings[0].text.contains("分层“固废”") && findings[0].text.contains("缺 3 人次"),
        "{}",
        findings[0]
    );
}

#[rstest]
#[case::unit("where = { unit = [\"环境监察大队\", \"监查大队\"] }", "监查大队")]
#[case::certificate(
    "where = { certificate = [\"99080001\", \"99080002\", \"99081111\"] }",
    "99081111"
)]
#[case::field("where = { field = [\"水\", \"放射\"] }", "放射")]
fn a_condition_that_fits_nobody_is_a_warning(#[case] condition: &str, #[case] word: &str) {
    let plan = read(&edited("name = \"EP\"", &format!("name = \"EP\"\n{condition}")));
    let compiled = compiled(&plan, &sources(4), &inspectors(3), &[]).unwrap();
    let warned = compiled
        .warnings
        .iter()
        .find(|warning| warning.code == WarningCode::MatchesNobody)
        .unwrap();
    assert!(warned.text.contains(word), "{warned}");
}

#[test]
fn a_team_without_a_slot_and_an_item_without_a_stratum_are_warnings() {
    let text = format!(
        "{}\n[[team]]\nname = \"SAMR\"\n[[item]]\ncode = \"X\"\nname = \"乙\"\nbasis = \"丙\"\npublished = true",
        edited("ratio = \"25%\"", "ratio = \"25%\"\nitems = [\"ZDJK-01\"]")
    );
    let compiled = compiled(&read(&text), &sources(4), &inspectors(2), &[]).unwrap();
    let codes = warning_codes(&compiled.warnings);
    assert!(codes.contains(&WarningCode::TeamUnused) && codes.contains(&WarningCode::ItemUnused));
}
