//! R5.1a, R5.1b, R1, G-S1: what a plan has to say.

use rstest::rstest;

use super::fixtures::*;
use crate::plans::{Code, ImplementationPlan, Method};

#[test]
fn r5_1b_a_plan_holds_its_eight_contents() {
    let plan = read(PLAN);
    assert_eq!(plan.items()[0].name.as_str(), "自动监控基站监督检查");
    assert_eq!(plan.window().to_string(), "2027-01-04..2027-03-31");
    assert_eq!(plan.purpose().as_str(), "检查排污许可制度落实情况");
    assert_eq!(plan.slots().teams().len(), 2);
    assert_eq!(plan.methods(), [Method::OnSite, Method::Monitoring]);
    assert_eq!(plan.secrecy().as_str(), "检查前名单不得告知被抽查单位");
    assert_eq!(plan.use_of_results().as_str(), "结果公示，问题移送立案");
    assert_eq!(plan.scope().as_str(), "全县排污单位");
}

#[rstest]
#[case::time("[time]\nfrom = 2027-01-04\nuntil = 2027-03-31", "")]
#[case::time_without_end("until = 2027-03-31", "")]
#[case::purpose("purpose = \"检查排污许可制度落实情况\"", "")]
#[case::purpose_blank("\"检查排污许可制度落实情况\"", "\" 　 \"")]
#[case::purpose_placeholder("\"检查排污许可制度落实情况\"", "\"略\"")]
#[case::inspectors("slots = [\"EP\", \"EP\"]", "slots = []")]
#[case::inspectors_missing("slots = [\"EP\", \"EP\"]", "")]
#[case::method("method = [\"现场\", \"监测\"]", "method = []")]
#[case::method_missing("method = [\"现场\", \"监测\"]", "")]
#[case::secrecy("\"检查前名单不得告知被抽查单位\"", "\"无\"")]
#[case::use_of_results("use_of_results = \"结果公示，问题移送立案\"", "")]
#[case::scope("scope = \"全县排污单位\"", "scope = \"\"")]
fn r5_1b_none_of_the_eight_contents_may_be_empty(#[case] from: &str, #[case] to: &str) {
    assert_eq!(codes(&refused(&edited(from, to))), [Code::EmptyContent]);
}

#[test]
fn r5_1b_a_plan_without_items_is_refused() {
    let (before, after) = PLAN.split_once("[[item]]").unwrap();
    let (_, team) = after.split_once("[[team]]").unwrap();
    assert_eq!(
        codes(&refused(&format!("{before}[[team]]{team}"))),
        [Code::EmptyContent]
    );
}

#[test]
fn r5_1a_a_plan_names_the_annual_plan_it_is_under() {
    let findings = refused(&edited("annual_plan = \"示环〔2026〕58号\"", ""));
    assert_eq!(
        listed(&findings),
        "missing: 没有填写 annual_plan（所依据的年度计划），请补上"
    );
}

#[rstest]
#[case::said_not_to_be("false")]
#[case::after_the_first_day("2027-01-05")]
fn r1_only_a_published_item_can_be_planned(#[case] published: &str) {
    let findings = refused(&edited(
        "published = 2026-12-18",
        &format!("published = {published}"),
    ));
    assert_eq!(codes(&findings), [Code::Unpublished]);
    assert!(findings[0].text.contains("自动监控基站监督检查"));
}

#[test]
fn r1_an_item_that_does_not_say_whether_it_is_published_is_not() {
    assert_eq!(
        codes(&refused(&edited("published = 2026-12-18", ""))),
        [Code::Unpublished]
    );
}

#[rstest]
#[case::yes("true")]
#[case::a_day("2026-12-18")]
#[case::a_day_in_words("\"2026年12月18日\"")]
#[case::the_first_day_itself("2027-01-04")]
fn r1_a_published_item_can_be_planned(#[case] published: &str) {
    read(&edited(
        "published = 2026-12-18",
        &format!("published = {published}"),
    ));
}

#[test]
fn r1_an_item_needs_its_legal_basis() {
    let findings = refused(&edited("basis = \"《排污许可管理条例》第二十五条\"", ""));
    assert_eq!(codes(&findings), [Code::Missing]);
}

#[test]
fn g_s1_fewer_than_two_inspectors_is_refused() {
    let findings = refused(&edited("slots = [\"EP\", \"EP\"]", "slots = \"EP\""));
    assert_eq!(codes(&findings), [Code::TooFewInspectors]);
    assert!(findings[0].text.contains("不得少于两人"));
}

#[test]
fn g_s1_a_task_has_at_most_eight_slots() {
    let slots = "slots = [\"EP\", \"EP\", \"EP\", \"EP\", \"EP\", \"EP\", \"EP\", \"EP\", \"EP\"]";
    assert_eq!(
        codes(&refused(&edited("slots = [\"EP\", \"EP\"]", slots))),
        [Code::WrongForm]
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let text = edited("purpose = \"检查排污许可制度落实情况\"", "purpose = \"\"")
        .replace("ratio = \"25%\"", "ratio = \"125%\"")
        .replace("slots = [\"EP\", \"EP\"]", "slots = [\"EP\"]")
        .replace("published = 2026-12-18", "published = false")
        .replace("public = \"dice:20\"", "public = \"dice:6\"")
        .replace("bureau = \"410899-EEB\"", "bureau = \"示例县\"");
    insta::assert_snapshot!(listed(&refused(&text)));
}

#[rstest]
#[case("time", "until = 2027-03-31", "until = 2027-01-03", Code::WrongForm)]
#[case("time too long", "until = 2027-03-31", "until = 2028-01-05", Code::WrongForm)]
#[case("method", "[\"现场\", \"监测\"]", "[\"现场\", \"飞检\"]", Code::WrongForm)]
#[case(
    "method twice",
    "[\"现场\", \"监测\"]",
    "[\"现场\", \"实地\"]",
    Code::Repeated
)]
#[case("draw", "draw = \"2027-001\"", "draw = \"2027-1\"", Code::WrongForm)]
#[case(
    "team",
    "slots = [\"EP\", \"EP\"]",
    "slots = [\"EP\", \"SAMR\"]",
    Code::Undefined
)]
#[case(
    "item",
    "ratio = \"25%\"",
    "ratio = \"25%\"\nitems = [\"ZDJK-02\"]",
    Code::Undefined
)]
#[case("no amount", "ratio = \"25%\"", "", Code::WrongForm)]
#[case(
    "two amounts",
    "ratio = \"25%\"",
    "ratio = \"25%\"\nnumber = 3",
    Code::WrongForm
)]
#[case("none to draw", "ratio = \"25%\"", "number = 0", Code::WrongForm)]
#[case("cap", "cap = 50", "cap = 0", Code::WrongForm)]
#[case("cap missing", "cap = 50", "", Code::Missing)]
#[case("rule", "\"dice:20\"", "\"dice:19\"", Code::WrongForm)]
#[case("disclosure", "\"承诺时\"", "\"随时\"", Code::WrongForm)]
#[case(
    "empty list",
    "ratio = \"25%\"",
    "ratio = \"25%\"\nwhere = { status = [] }",
    Code::WrongForm
)]
#[case(
    "level",
    "ratio = \"25%\"",
    "ratio = \"25%\"\nwhere = { control_level = \"省级控制\" }",
    Code::WrongForm
)]
fn a_value_without_its_form_is_refused(
    #[case] _what: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] code: Code,
) {
    assert_eq!(codes(&refused(&edited(from, to))), [code]);
}

#[rstest]
#[case("[[team]]\nname = \"EP\"")]
#[case("[[stratum]]\nname = \"all\"\ntitle = \"又一层\"\nnumber = 1")]
#[case("[[item]]\ncode = \"ZDJK-01\"\nname = \"甲\"\nbasis = \"乙\"\npublished = true")]
#[case("[[person]]\ncertificate = \"99080001\"\ncap = 1\n[[person]]\ncertificate = \"99080001\"\ncap = 2")]
fn what_is_named_twice_is_refused(#[case] tables: &str) {
    assert_eq!(codes(&refused(&format!("{PLAN}\n{tables}"))), [Code::Repeated]);
}

/// A part of the plan, and what a clerk might have written instead.
const SLIPS: [(&str, &str); 19] = [
    (
        "scope = \"全县排污单位\"",
        "scope = \"全县排污单位\"\nscop = \"\"",
    ),
    ("ratio = \"25%\"", "ratio = \"25%\"\nwhere = { 级别 = \"国控\" }"),
    ("cap = 50", "cap = 50\npurpose = \"\""),
    ("cap = 50", "cap = \"五十\""),
    ("cap = 50", "cap = -1"),
    ("method = [\"现场\", \"监测\"]", "method = [1]"),
    ("title = \"示例县2027年第一季度随机抽查\"", "title = 2027"),
    ("until = 2027-03-31", "until = 2027-02-30"),
    ("until = 2027-03-31", "until = \"2027-02-30\""),
    (
        "title = \"示例县2027年第一季度随机抽查\"",
        "title = 示例县随机抽查",
    ),
    (
        "annual_plan = \"示环〔2026〕58号\"",
        "annual_plan = \"示环〔2026〕58号",
    ),
    (
        "annual_plan = \"示环〔2026〕58号\"",
        "annual_plan = “示环〔2026〕58号”",
    ),
    ("cap = 50", "cap ＝ 50"),
    ("ratio = \"25%\"", "ratio = 25%"),
    ("slots = [\"EP\", \"EP\"]", "slots = [\"EP\", \"EP\""),
    ("slots = [\"EP\", \"EP\"]", "slots = [\"EP\" \"EP\"]"),
    (
        "scope = \"全县排污单位\"",
        "scope = \"全县排污单位\"\nscope = \"全县\"",
    ),
    (
        "[time]\nfrom = 2027-01-04\nuntil = 2027-03-31",
        "time = \"一季度\"",
    ),
    ("draw = \"2027-001\"", "抽取编号 = \"2027-001\""),
];

#[test]
fn what_is_no_toml_is_told_in_chinese_by_line() {
    let told = SLIPS.map(|(from, to)| {
        let findings = refused(&edited(from, to));
        assert_eq!(codes(&findings), [Code::Syntax], "{to}");
        findings[0].text.clone()
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_mark_before_the_text_and_line_ends_of_windows_are_no_difference() {
    let windows = format!("\u{feff}{}", PLAN.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(PLAN));
}

#[test]
fn a_text_over_several_lines_is_one_text() {
    let plan = read(&edited(
        "\"全县排污单位\"",
        "\"\"\"\n全县排污单位，\n含乡镇\n\"\"\"",
    ));
    assert_eq!(plan.scope().as_str(), "全县排污单位， 含乡镇");
}

#[test]
fn a_plan_that_is_too_long_is_not_read() {
    let long = format!("{PLAN}#{}", "x".repeat(4 << 20));
    assert_eq!(
        codes(&ImplementationPlan::parse(&long).unwrap_err()),
        [Code::Syntax]
    );
}
