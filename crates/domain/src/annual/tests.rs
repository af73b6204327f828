//! R5.1a: what an annual plan says, and what it would come to.

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::inspectors::{Inspector, PostStatus};
use crate::plans::Code;
use crate::plans::fixtures::{inspector, inspectors, level, source, sources, text};
use crate::sources::{ControlLevel, Source, Status};

const DOCUMENT: &str = include_str!("../../../../docs/annual-plan.md");

const PLAN: &str = r#"
year = 2027
title = "示例县2027年度随机抽查工作计划"
purpose = "落实日常监管随机抽查"

[[line]]
items = ["ZGZD-01", "FZGZD-01"]
scope = "重点排污单位"
where = { key_discharger = true }
ratio = "25%"
period = "每季度"
quarters = ["一季度", "二季度", "三季度", "四季度"]
departments = ["环境监察大队", "环境监测站"]
"#;

fn read(text: &str) -> AnnualPlan {
    AnnualPlan::parse(text).unwrap()
}

/// The plan with a part replaced; the part must be there.
fn edited(from: &str, to: &str) -> String {
    assert!(PLAN.contains(from), "{from}");
    PLAN.replacen(from, to, 1)
}

fn told(text: &str) -> Vec<String> {
    AnnualPlan::parse(text)
        .unwrap_err()
        .iter()
        .map(Finding::to_string)
        .collect()
}

/// The first so many of the county's sources are key dischargers.
fn county(key: u32, general: u32) -> Vec<Source> {
    let mut all = sources(key + general);
    for source in all.iter_mut().take(key as usize) {
        source.supervision = level(ControlLevel::Municipal);
    }
    all
}

fn foresee(plan: &str, sources: &[Source], inspectors: &[Inspector]) -> Forecast {
    read(plan).foresee(sources, inspectors, date(2026, 12, 1))
}

#[test]
fn r5_1a_an_annual_plan_names_items_scope_amount_frequency_quarter_and_departments() {
    let plan = read(PLAN);
    assert_eq!(plan.year(), 2027);
    assert_eq!(plan.purpose(), &text("落实日常监管随机抽查"));
    let [line] = plan.lines() else { panic!("one line") };
    assert_eq!(
        line.items.iter().map(Name::as_str).collect::<Vec<_>>(),
        ["ZGZD-01", "FZGZD-01"]
    );
    assert_eq!(line.scope_title, text("重点排污单位"));
    assert_eq!(line.filter.key_discharger, Some(true));
    assert_eq!(line.amount.to_string(), "25%");
    assert_eq!(line.period, Period::Quarter);
    assert_eq!(line.quarters.len(), 4);
    assert_eq!(line.departments, [text("环境监察大队"), text("环境监测站")]);
}

#[rstest]
#[case::year("year = 2027\n", "没有填写 year（年度），请补上")]
#[case::title(
    "title = \"示例县2027年度随机抽查工作计划\"\n",
    "没有填写 title（计划名称），请补上"
)]
#[case::purpose(
    "purpose = \"落实日常监管随机抽查\"\n",
    "没有填写 purpose（工作目的），请补上"
)]
#[case::items(
    "items = [\"ZGZD-01\", \"FZGZD-01\"]\n",
    "没有填写 第 1 行“重点排污单位”的 items（事项编号），请补上"
)]
#[case::scope(
    "scope = \"重点排污单位\"\n",
    "没有填写 第 1 行（[[line]]）的 scope（抽取范围），请补上"
)]
#[case::amount(
    "ratio = \"25%\"\n",
    "第 1 行“重点排污单位”要抽多少家，应在 ratio（比例）、number（数量）、inspectors_to_units（人员与单位之比）中写一项，并且只写一项"
)]
#[case::frequency(
    "period = \"每季度\"\n",
    "没有填写 第 1 行“重点排污单位”的 period（频次），请补上"
)]
#[case::quarters(
    "quarters = [\"一季度\", \"二季度\", \"三季度\", \"四季度\"]\n",
    "没有填写 第 1 行“重点排污单位”的 quarters（季度），请补上"
)]
#[case::departments(
    "departments = [\"环境监察大队\", \"环境监测站\"]\n",
    "没有填写 第 1 行“重点排污单位”的 departments（部门），请补上"
)]
fn r5_1a_nothing_of_an_annual_plan_may_be_missing(#[case] left_out: &str, #[case] sentence: &str) {
    assert_eq!(told(&edited(left_out, "")), [sentence]);
}

#[rstest]
#[case::year(
    "year = 2027",
    "year = 20270",
    "year（年度）为 20270，应在 2015 至 2099 之间，请改正"
)]
#[case::cap(
    "year = 2027",
    "year = 2027\nyearly_cap = 0",
    "yearly_cap（年度频次上限）为 0，应在 1 至 999999999 之间"
)]
#[case::cover(
    "year = 2027",
    "year = 2027\ncover_everyone_within_months = 240",
    "cover_everyone_within_months（全覆盖期限，月）为 240，最长 120 个月，请改正"
)]
#[case::no_items(
    "[\"ZGZD-01\", \"FZGZD-01\"]",
    "[]",
    "第 1 行“重点排污单位”的 items（事项编号）是空的列表，请填写，或删去这一项"
)]
#[case::item_twice(
    "\"FZGZD-01\"",
    "\"ZGZD-01\"",
    "第 1 行“重点排污单位”的 items（事项编号）“ZGZD-01”写了两次，请只保留一处"
)]
#[case::period(
    "\"每季度\"",
    "\"每周\"",
    "第 1 行“重点排污单位”的 period（频次）：“每周”不是可以填写的频次，请改为：每月、每季度、每半年、每年"
)]
#[case::quarter_twice(
    "\"二季度\"",
    "\"第一季度\"",
    "第 1 行“重点排污单位”的 quarters（季度）“一季度”写了两次，请只保留一处"
)]
#[case::no_departments(
    "[\"环境监察大队\", \"环境监测站\"]",
    "[]",
    "第 1 行“重点排污单位”的 departments（部门）是空的列表，请填写，或删去这一项"
)]
#[case::unknown_key(
    "purpose",
    "purpos",
    "第 4 行（purpos = \"落实日常监管随机抽查\"）：没有“purpos”这一项，请改正拼写或删去；这里可以写：year、title、purpose、yearly_cap、cover_everyone_within_months、line"
)]
#[case::unknown_condition(
    "key_discharger",
    "key",
    "第 9 行（where = { key = true }）：没有“key”这一项，请改正拼写或删去；这里可以写：control_level、key_discharger、administration、credit_class、industry、industry_code、monitoring_stations_min、address、name、status、violations、target"
)]
#[case::chinese_key(
    "purpose =",
    "目的 =",
    "第 4 行（目的 = \"落实日常监管随机抽查\"）：等号左边的名称要用说明（docs/annual-plan.md）里的英文名，等号右边的文字要加英文双引号"
)]
fn what_is_wrong_with_an_annual_plan_is_told(#[case] from: &str, #[case] to: &str, #[case] sentence: &str) {
    assert_eq!(told(&edited(from, to)), [sentence]);
}

#[test]
fn an_annual_plan_has_a_line() {
    let (before, _) = PLAN.split_once("[[line]]").unwrap();
    let findings = AnnualPlan::parse(before).unwrap_err();
    assert_eq!(findings[0].code, Code::Missing);
    assert_eq!(
        findings[0].text,
        "[[line]]（计划的各行）有 0 个，应有 1 至 64 个；请增加或合并"
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    assert_eq!(told("[[line]]\n[[line]]").len(), 3 + 2 * 6);
}

#[test]
fn the_example_of_the_document_is_a_plan() {
    let (_, after) = DOCUMENT.split_once("```toml\n").unwrap();
    let (example, _) = after.split_once("```").unwrap();
    let plan = read(example);
    assert_eq!(plan.lines().len(), 3);
    let items: Vec<&str> = plan.items().into_iter().map(Name::as_str).collect();
    assert_eq!(items, ["FZGZD-01", "YBPW-01", "ZDJK-01", "ZGZD-01"]);
}

#[rstest]
#[case::months("每月", &["一季度", "三季度"], 6)]
#[case::quarters("每季度", &["一季度", "三季度"], 2)]
#[case::halves("每半年", &["一季度", "二季度"], 1)]
#[case::both_halves("每半年", &["二季度", "三季度"], 2)]
#[case::year("每年", &["一季度", "二季度", "三季度", "四季度"], 1)]
fn draws_of_a_year_are_counted(#[case] period: &str, #[case] quarters: &[&str], #[case] draws: u64) {
    let plan = edited("\"每季度\"", &format!("\"{period}\""));
    let plan = plan.replacen(
        r#"["一季度", "二季度", "三季度", "四季度"]"#,
        &format!("{quarters:?}"),
        1,
    );
    assert_eq!(read(&plan).lines()[0].draws_per_year(), draws);
}

#[test]
fn a_plan_that_fits_has_no_findings() {
    let plan = edited(
        "year = 2027",
        "year = 2027\nyearly_cap = 4\ncover_everyone_within_months = 12",
    );
    let forecast = foresee(&plan, &county(37, 0), &inspectors(8));
    let [line] = &forecast.lines[..] else {
        panic!("one line")
    };
    assert_eq!((line.matched, line.per_period, line.per_year), (37, 10, 40));
    assert_eq!(line.findings, []);
    assert_eq!(forecast.findings, []);
    assert_eq!(
        forecast.workload.to_string(),
        "全年最多 40 次检查，每次至少 2 人；可派的执法检查人员 8 名，平均每人每年 10 次"
    );
}

#[test]
fn a_line_that_matches_no_source_is_told() {
    let mut all = county(2, 3);
    all[0].status = Status::Closed;
    all[1].status = Status::MovedAway;
    let forecast = foresee(PLAN, &all, &inspectors(8));
    assert_eq!((forecast.lines[0].matched, forecast.lines[0].per_year), (0, 0));
    assert_eq!(
        findings_of(&forecast.lines[0]),
        ["名录库里没有一家存续的污染源符合条件，抽不出检查对象；请核对条件，或先更新污染源名录库"]
    );
}

#[test]
fn a_number_above_the_sources_is_told() {
    let forecast = foresee(
        &edited("ratio = \"25%\"", "number = 12"),
        &county(8, 0),
        &inspectors(8),
    );
    assert_eq!(
        findings_of(&forecast.lines[0]),
        ["每次要抽 12 家，符合条件的只有 8 家；请减少数量，或放宽条件"]
    );
}

#[test]
fn a_quota_above_the_yearly_cap_is_told() {
    let plan = edited("ratio = \"25%\"", "ratio = \"60%\"").replacen(
        "year = 2027",
        "year = 2027\nyearly_cap = 2",
        1,
    );
    let forecast = foresee(&plan, &county(10, 0), &inspectors(8));
    assert_eq!(
        findings_of(&forecast.lines[0]),
        [
            "全年要抽 24 家次，而符合条件的 10 家每家全年最多查 2 次，最多 20 家次；请降低比例、数量或频次，或提高年度频次上限"
        ]
    );
    let enough = plan.replacen("\"60%\"", "\"50%\"", 1);
    assert_eq!(
        foresee(&enough, &county(10, 0), &inspectors(8)).lines[0].findings,
        []
    );
}

#[test]
fn a_coverage_that_the_ratio_cannot_reach_is_told() {
    let plan = edited("ratio = \"25%\"", "ratio = \"10%\"");
    let plan = plan.replacen("year = 2027", "year = 2027\ncover_everyone_within_months = 24", 1);
    let forecast = foresee(&plan, &county(100, 0), &inspectors(8));
    assert_eq!(
        findings_of(&forecast.lines[0]),
        [
            "24 个月里一共抽 80 家次，少于符合条件的 100 家，做不到每家至少查一次；请提高比例、数量或频次，或延长全覆盖期限"
        ]
    );
    let longer = plan.replacen("= 24", "= 30", 1);
    assert_eq!(
        foresee(&longer, &county(100, 0), &inspectors(8)).lines[0].findings,
        []
    );
}

#[test]
fn sources_outside_of_every_line_are_told_where_everybody_is_to_be_covered() {
    let plan = edited("year = 2027", "year = 2027\ncover_everyone_within_months = 12");
    let forecast = foresee(&plan, &county(4, 3), &inspectors(8));
    let told: Vec<String> = forecast.findings.iter().map(Shortfall::to_string).collect();
    assert_eq!(
        told,
        [
            "计划要求 12 个月里每家至少查一次，但有 3 家存续的污染源不在任何一行的抽取范围内；请增加一行，或放宽条件"
        ]
    );
    assert_eq!(foresee(PLAN, &county(4, 3), &inspectors(8)).findings, []);
}

#[test]
fn g_s1_a_plan_without_two_inspectors_is_told() {
    let mut people = inspectors(3);
    people[1].post = PostStatus::OnLeave;
    people[2].certificate.valid_until = crate::dates::Until::Date(date(2026, 11, 30));
    let forecast = foresee(PLAN, &county(8, 0), &people);
    let told: Vec<String> = forecast.findings.iter().map(Shortfall::to_string).collect();
    assert_eq!(
        told,
        [
            "可派的执法检查人员只有 1 名，而每次检查不得少于两人（《指引》二），一次检查也做不了；请先更新执法检查人员名录库"
        ]
    );
}

#[test]
fn nobody_has_no_visits_each() {
    let forecast = foresee(PLAN, &county(8, 0), &[]);
    assert_eq!(forecast.workload.visits_each(), None);
    assert_eq!(
        forecast.workload.to_string(),
        "全年最多 8 次检查，每次至少 2 人；可派的执法检查人员 0 名"
    );
}

#[test]
fn units_for_inspectors_in_post_are_at_most_all() {
    let plan = edited("ratio = \"25%\"", "inspectors_to_units = \"1:5\"");
    let mut people = inspectors(4);
    people.push(Inspector {
        post: PostStatus::Retired,
        ..inspector(5)
    });
    let per_period = |key| foresee(&plan, &county(key, 0), &people).lines[0].per_period;
    assert_eq!((per_period(30), per_period(12)), (20, 12));
}

fn findings_of(line: &LineForecast) -> Vec<String> {
    line.findings.iter().map(Shortfall::to_string).collect()
}

proptest! {
    #[test]
    fn a_ratio_never_asks_for_more_than_there_are(key in 0_u32..60, percent in 1_u32..=100) {
        let plan = edited("\"25%\"", &format!("\"{percent}%\""));
        let forecast = foresee(&plan, &county(key, 2), &inspectors(3));
        let line = &forecast.lines[0];
        prop_assert_eq!(line.matched, key as usize);
        prop_assert!(line.per_period <= u64::from(key));
        prop_assert_eq!(line.per_year, line.per_period * 4);
        prop_assert_eq!(line.findings.is_empty(), key > 0);
    }

    #[test]
    fn a_plan_is_read_or_refused(text in "(year = 2027\n|title = \"甲\"\n|\\[\\[line\\]\\]\n|items = \\[\"A\"\\]\n|period = \"每年\"\n|.{0,12}\n){0,8}") {
        if let Err(findings) = AnnualPlan::parse(&text) {
            prop_assert!(!findings.is_empty());
        }
    }
}

#[test]
fn what_is_closed_is_not_counted() {
    let mut all = county(4, 0);
    all.push(Source {
        status: Status::Revoked,
        supervision: level(ControlLevel::National),
        ..source(9)
    });
    assert_eq!(foresee(PLAN, &all, &inspectors(2)).lines[0].matched, 4);
}
