//! R5.1d, what is drawn from: strata, quotas, tiers, weights, chances.

use draw::hash::{Alg, Hash32};
use draw::list::List;
use rstest::rstest;

use super::fixtures::*;
use crate::plans::{Code, Compiled, WarningCode};
use crate::sources::{Administration, ControlLevel, CreditClass, Industry, IndustryCode, Source, Status};

const GUIDE: &str = r#"
[[stratum]]
name = "station"
title = "自动监控基站"
where = { monitoring_stations_min = 1 }
ratio = "100%"

[[stratum]]
name = "direct"
title = "直管重点"
where = { key_discharger = true, administration = "直管" }
ratio = "1/2"

[[stratum]]
name = "rest"
title = "一般"
number = 1
"#;

fn direct(n: u32) -> Source {
    Source {
        supervision: level(ControlLevel::Municipal),
        administration: Some(Administration::Direct),
        ..source(n)
    }
}

fn stations(n: u32) -> Source {
    Source {
        monitoring_stations: Some(2),
        ..direct(n)
    }
}

#[test]
fn g1_a_source_is_in_the_first_stratum_that_it_matches() {
    let compiled = compiled(
        &with_strata(GUIDE),
        &[stations(1), direct(2), source(3)],
        &inspectors(2),
        &[],
    )
    .unwrap();
    let stratum = |n| line(&compiled, &id(n)).unwrap()[0].clone();
    assert_eq!(
        [stratum(1), stratum(2), stratum(3)],
        ["station", "direct", "rest"]
    );
}

#[test]
fn a_source_in_no_stratum_is_outside_the_draw_and_counted() {
    let strata =
        "[[stratum]]\nname = \"key\"\ntitle = \"重点\"\nwhere = { key_discharger = true }\nnumber = 1";
    let compiled = compiled(
        &with_strata(strata),
        &[direct(1), source(2), source(3)],
        &inspectors(2),
        &[],
    )
    .unwrap();
    assert_eq!(compiled.outside, 2);
    assert_eq!(line(&compiled, &id(2)), None);
    assert!(warning_codes(&compiled.warnings).contains(&WarningCode::OutsideStrata));
}

#[rstest]
#[case("control_level = [\"国控\", \"市控\"]", true)]
#[case("control_level = \"一般\"", false)]
#[case("key_discharger = true", true)]
#[case("key_discharger = false", false)]
#[case("administration = \"直管\"", true)]
#[case("administration = \"非直管\"", false)]
#[case("credit_class = [\"C\", \"D\"]", true)]
#[case("credit_class = \"A\"", false)]
#[case("industry = \"水泥\"", true)]
#[case("industry = \"造纸\"", false)]
#[case("industry_code = [\"30\"]", true)]
#[case("industry_code = [\"C302\"]", true)]
#[case("industry_code = [\"3022\", \"27\"]", false)]
#[case("monitoring_stations_min = 0", false)]
#[case("address = [\"二甲镇\", \"一甲镇\"]", true)]
#[case("address = \"二甲镇\"", false)]
#[case("name = \"示例企业\"", true)]
#[case("status = [\"停产\", \"正常\"]", true)]
#[case("status = \"停产\"", false)]
#[case("violations = true", true)]
#[case("violations = false", false)]
#[case("key_discharger = true, credit_class = \"A\"", false)]
fn a_condition_holds_only_for_what_the_register_says(#[case] condition: &str, #[case] holds: bool) {
    let one = Source {
        credit_class: Some(CreditClass::C),
        industry: Industry {
            name: Some(text("水泥制品")),
            code: IndustryCode::parse("3021").ok(),
        },
        violations: Some(text("2026年未批先建")),
        ..direct(1)
    };
    let strata = format!(
        "[[stratum]]\nname = \"a\"\ntitle = \"甲\"\nwhere = {{ {condition} }}\nratio = \"1/9\"\n\
         [[stratum]]\nname = \"b\"\ntitle = \"乙\"\nnumber = 1"
    );
    let plan = with_strata(&strata);
    assert_eq!(plan.strata()[0].filter.matches(&one, &one.id()), holds);
}

#[test]
fn a_site_can_be_named_in_a_condition() {
    let target = id(2);
    let strata = format!(
        "[[stratum]]\nname = \"a\"\ntitle = \"甲\"\nwhere = {{ target = \"{target}\" }}\nnumber = 1\n\
         [[stratum]]\nname = \"b\"\ntitle = \"乙\"\nnumber = 1"
    );
    let compiled = compiled(&with_strata(&strata), &sources(3), &inspectors(2), &[]).unwrap();
    assert_eq!(line(&compiled, &target).unwrap()[0], "a");
    assert_eq!(line(&compiled, &id(1)).unwrap()[0], "b");
}

#[rstest]
#[case("ratio = \"25%\"", 9, 3, Some("ratio.all=1/4"))]
#[case("ratio = \"1/3\"", 9, 3, Some("ratio.all=1/3"))]
#[case("ratio = \"100%\"", 9, 9, Some("ratio.all=1/1"))]
#[case("number = 4", 9, 4, None)]
#[case("inspectors_to_units = \"1:2\"", 9, 4, None)]
#[case("inspectors_to_units = \"1:5\"", 9, 9, None)]
fn r5_1d_a_quota_follows_from_ratio_number_or_inspectors_in_post(
    #[case] amount: &str,
    #[case] lines: u32,
    #[case] quota: u32,
    #[case] ratio: Option<&str>,
) {
    let plan = read(&edited("ratio = \"25%\"", amount));
    let compiled = compiled(&plan, &sources(lines), &inspectors(2), &[]).unwrap();
    let has = |line: &str| compiled.texts.plan.lines().any(|own| own == line);
    assert!(has(&format!("quota.all={quota}")), "{}", compiled.texts.plan);
    assert_eq!(
        compiled
            .texts
            .plan
            .lines()
            .find(|line| line.starts_with("ratio.")),
        ratio
    );
    assert_eq!(
        (compiled.strata[0].quota, compiled.tasks()),
        (quota, u64::from(quota))
    );
}

#[test]
fn more_units_per_inspector_than_there_are_draws_all_and_says_so() {
    let plan = read(&edited("ratio = \"25%\"", "inspectors_to_units = \"1:5\""));
    let compiled = compiled(&plan, &sources(9), &inspectors(2), &[]).unwrap();
    assert!(warning_codes(&compiled.warnings).contains(&WarningCode::QuotaCapped));
}

#[test]
fn r5_1d_a_quota_above_the_stratum_is_refused() {
    let plan = read(&edited("ratio = \"25%\"", "number = 4"));
    let findings = compiled(&plan, &sources(3), &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::QuotaAboveStratum]);
    assert!(findings[0].text.contains("要抽 4 家") && findings[0].text.contains("只有 3 家"));
}

#[test]
fn an_empty_stratum_is_refused() {
    let findings = compiled(&with_strata(GUIDE), &[direct(1), source(2)], &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::EmptyStratum]);
    assert!(findings[0].text.contains("自动监控基站"));
}

#[test]
fn a_stratum_of_which_all_are_excluded_is_refused_with_the_reasons() {
    let closed = Source {
        status: Status::Closed,
        ..source(1)
    };
    let findings = compiled(&read(PLAN), &[closed], &inspectors(2), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::EmptyStratum]);
    assert!(findings[0].text.contains("closed 1"));
}

#[test]
fn those_not_inspected_in_the_cycle_come_first() {
    let plan = with("[tiers]\ncycle_from = 2026-01-01");
    let mut history = vec![past("2025-12-31", 1, &[], None), past("2026-01-01", 2, &[], None)];
    history.extend((1..=11).map(|n| past(&format!("2026-03-{n:02}"), 3, &[], None)));
    let compiled = compiled(&plan, &sources(8), &inspectors(2), &history).unwrap();
    let tier = |n| line(&compiled, &id(n)).unwrap()[1].clone();
    assert_eq!([tier(1), tier(2), tier(3)], ["0", "1", "9"]);
    let chances: Vec<String> = compiled.strata[0]
        .tiers
        .iter()
        .map(|tier| tier.max.to_string())
        .collect();
    assert_eq!(chances, ["2/6=33.3%", "0", "0"]);
}

#[test]
fn without_a_cycle_all_are_of_one_tier() {
    let compiled = compiled(
        &read(PLAN),
        &sources(8),
        &inspectors(2),
        &[past("2026-03-01", 1, &[], None)],
    )
    .unwrap();
    assert_eq!(line(&compiled, &id(1)).unwrap()[1], "0");
}

#[test]
fn the_first_weight_that_matches_counts_and_one_is_the_default() {
    let plan = with(
        "[[weight]]\nwhere = { credit_class = \"D\" }\nweight = 3\n[[weight]]\nwhere = { violations = true }\nweight = 2",
    );
    let bad = Source {
        credit_class: Some(CreditClass::D),
        violations: Some(text("有")),
        ..source(1)
    };
    let fined = Source {
        violations: Some(text("有")),
        ..source(2)
    };
    let compiled = compiled(&plan, &[bad, fined, source(3)], &inspectors(2), &[]).unwrap();
    let weight = |n| line(&compiled, &id(n)).unwrap()[2].clone();
    assert_eq!([weight(1), weight(2), weight(3)], ["3", "2", "1"]);
}

fn with_weights(amount: &str, heavy: u32) -> Compiled {
    let edited = edited("ratio = \"25%\"", amount);
    let plan = read(&format!(
        "{edited}\n[[weight]]\nwhere = {{ violations = true }}\nweight = {heavy}"
    ));
    let fined = Source {
        violations: Some(text("有")),
        ..source(1)
    };
    let all: Vec<Source> = std::iter::once(fined).chain((2..=5).map(source)).collect();
    compiled(&plan, &all, &inspectors(2), &[]).unwrap()
}

#[rstest]
#[case::equal("number = 2", 1, "2/5=40.0%", "2/5=40.0%")]
#[case::unequal("number = 1", 2, "约16.7%", "约33.3%")]
#[case::one_certain("number = 2", 4, "1/4=25.0%", "必中")]
#[case::certain_alone("number = 1", 9, "约7.7%", "约69.2%")]
#[case::all("number = 5", 2, "必中", "必中")]
fn r5_1d_the_chance_of_being_drawn_is_shown(
    #[case] amount: &str,
    #[case] heavy: u32,
    #[case] min: &str,
    #[case] max: &str,
) {
    let compiled = with_weights(amount, heavy);
    let (least, greatest) = compiled.strata[0].chances().unwrap();
    assert_eq!(
        (least.to_string(), greatest.to_string()),
        (min.to_owned(), max.to_owned())
    );
}

#[test]
fn r5_1d_who_is_predictable_is_a_warning_by_stratum_and_tier() {
    let plan = with("[tiers]\ncycle_from = 2026-01-01");
    let history = [past("2026-03-01", 1, &[], None), past("2026-03-01", 2, &[], None)];
    let all = compiled(&plan, &sources(3), &inspectors(2), &history).unwrap();
    let predictable: Vec<&str> = all
        .warnings
        .iter()
        .filter(|warning| matches!(warning.code, WarningCode::Certain | WarningCode::Impossible))
        .map(|warning| warning.text.as_str())
        .collect();
    assert_eq!(
        predictable,
        [
            "分层“全部”第 0 档的 1 家中有 1 家必定抽中，可以预知",
            "分层“全部”第 1 档的 2 家中有 2 家不可能抽中，可以预知",
        ]
    );
}

/// What two keys draw: targets with their teams.
fn lists(compiled: &Compiled) -> [String; 2] {
    let frozen = compiled.texts.parse().unwrap();
    [1, 2].map(|key| {
        List::draw(frozen.inputs(), Alg::Sha256, &Hash32([key; 32]))
            .unwrap()
            .to_text()
    })
}

fn column(list: &str, at: usize) -> Vec<&str> {
    list.lines().filter_map(|line| line.split('\t').nth(at)).collect()
}

#[test]
fn r5_1d_targets_and_inspectors_are_both_drawn_by_chance() {
    let compiled = compiled(&read(PLAN), &sources(40), &inspectors(8), &[]).unwrap();
    let [one, other] = lists(&compiled);
    assert_ne!(column(&one, 2), column(&other, 2));
    assert_ne!(column(&one, 3), column(&other, 3));
    assert_eq!(
        column(&one, 2).iter().filter(|status| **status == "S").count(),
        10
    );
}
