//! The register of sources, clause by clause.

use domain::{ControlLevel, Status, Term, Until};
use jiff::civil::date;
use rstest::rstest;
use sheets::FindingKind::{Mended, Noted, Refused};

use crate::fixtures::{brief, code, import_sources, permit, row, rows, set, workbook};

fn one(changes: &[(&str, &str)]) -> sheets::Import<domain::Source> {
    let mut rows = rows(1);
    for (title, value) in changes {
        set(&mut rows, 1, title, value);
    }
    import_sources(workbook(&rows)).unwrap()
}

#[test]
fn r2_2_municipal_and_above_said_not_to_be_key_is_refused_with_the_clause() {
    let import = one(&[("控制级别", "市控"), ("是否重点排污单位", "否")]);
    assert_eq!(brief(&import.findings), [(3, "P", Refused, Some("是"))]);
    assert!(
        import.findings[0]
            .reason
            .contains("市控及以上重点企业必须作为重点排污企业纳入")
    );
}

#[test]
fn r2_2_municipal_and_above_left_blank_is_set_and_said() {
    let import = one(&[("控制级别", "省控"), ("是否重点排污单位", "")]);
    assert_eq!(brief(&import.findings), [(3, "P", Mended, Some("是"))]);
    assert!(import.accepted[0].record.supervision.is_key());
}

#[test]
fn r2_2_without_the_column_the_software_sets_it() {
    let text = format!(
        "单位名称,信用代码,监管级别\n示例县第1机械厂,{},市控\n示例县第2机械厂,{},\n",
        code(1),
        code(2)
    );
    let import = import_sources(text).unwrap();
    let key: Vec<bool> = import
        .accepted
        .iter()
        .map(|accepted| accepted.record.supervision.is_key())
        .collect();
    assert_eq!((key, import.findings), (vec![true, false], vec![]));
}

#[test]
fn r3_2_every_field_is_read() {
    let import = import_sources(workbook(&vec![row(12)])).unwrap();
    let source = &import.accepted[0].record;
    let licence = &source.licences[0];
    assert_eq!(source.name.as_str(), "示例县第12机械厂");
    assert_eq!(source.id().as_str(), code(12));
    assert_eq!(source.registration_number.as_ref().unwrap().as_str().len(), 15);
    assert_eq!(licence.name.as_ref().unwrap().as_str(), "排污许可证");
    assert_eq!(licence.number_text(), permit(12, 1));
    assert_eq!(licence.approved_on, Some(date(2022, 1, 13)));
    assert_eq!(licence.validity.until(), Until::Date(date(2027, 6, 30)));
    assert_eq!(
        source.violations.as_ref().unwrap().as_str(),
        "2026年未按证排放，已责令改正"
    );
    assert_eq!(source.industry.code.as_ref().unwrap().as_str(), "3482");
    assert_eq!(source.supervision.level(), ControlLevel::National);
    assert_eq!(source.administration.unwrap().word(), "直管");
    assert_eq!(
        (source.monitoring_stations, source.status),
        (Some(0), Status::InOperation)
    );
    assert_eq!(source.missing(), Vec::<&str>::new());
}

#[test]
fn r3_2_a_range_gives_both_ends() {
    let text = format!(
        "单位名称（全称）,社会信用代码/组织机构代码,有效期限\n示例厂,{},2017.3.16至2022.3.16\n",
        code(1)
    );
    let import = import_sources(text).unwrap();
    let validity = import.accepted[0].record.licences[0].validity;
    assert_eq!(
        (validity.from(), validity.until()),
        (Some(date(2017, 3, 16)), Until::Date(date(2022, 3, 16)))
    );
}

#[test]
fn r3_2_several_licences_of_one_site_are_joined() {
    let mut rows = rows(3);
    let mut second = rows[1].clone();
    second[4] = "危险废物经营许可证".to_owned();
    second[5] = "示环许可危废字0001号".to_owned();
    rows.push(second);
    let import = import_sources(workbook(&rows)).unwrap();
    assert_eq!(
        (
            import.findings.len(),
            import.accepted.len(),
            import.summary.joined_rows
        ),
        (0, 3, 1)
    );
    assert_eq!(import.accepted[1].record.licences.len(), 2);
}

#[test]
fn nothing_of_a_joined_row_is_lost() {
    let (code, permit) = (code(1), permit(1, 1));
    let text = format!(
        "企业名称,统一社会信用代码,许可证编号,网格员\n示例厂,{code},{permit},甲\n示例厂,{code},示环字1号,乙\n"
    );
    let import = import_sources(text).unwrap();
    let extra: Vec<&str> = import.accepted[0]
        .extra
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!((import.accepted.len(), extra), (1, vec!["甲", "乙"]));
}

#[test]
fn r3_2_rows_of_one_site_that_contradict_each_other_are_refused() {
    let mut rows = rows(3);
    let mut second = rows[1].clone();
    second[5] = "示环许可危废字0001号".to_owned();
    second[4] = "危险废物经营许可证".to_owned();
    second[10] = "0000-8099999".to_owned();
    rows.push(second);
    let import = import_sources(workbook(&rows)).unwrap();
    assert_eq!(
        brief(&import.findings),
        [(4, "K", Refused, None), (6, "K", Refused, None)]
    );
    assert!(
        import.findings[0]
            .reason
            .contains("与第6行是同一单位，联系电话却不一致")
    );
}

#[test]
fn the_thing_drawn_is_a_site() {
    let mut rows = rows(2);
    let mut second = rows[0].clone();
    second[5] = permit(1, 2);
    rows.push(second);
    let import = import_sources(workbook(&rows)).unwrap();
    let ids: Vec<String> = import
        .accepted
        .iter()
        .map(|accepted| accepted.record.id().to_string())
        .collect();
    assert_eq!(ids, [code(1), code(2), format!("{}-02", code(1))]);
    assert_eq!(import.findings, []);
}

#[test]
fn r3_2_an_enterprise_without_a_credit_code_is_known_by_its_alias_and_noted() {
    let text = "单位名称,社会信用代码/组织机构代码,工商注册号\n示例厂一,69922961-7,\n示例厂二,,100000000044760\n示例厂三,,\n";
    let import = import_sources(text).unwrap();
    let ids: Vec<String> = import
        .accepted
        .iter()
        .map(|accepted| accepted.record.id().to_string())
        .collect();
    assert_eq!(ids, ["699229617", "100000000044760"]);
    assert_eq!(
        brief(&import.findings),
        [
            (2, "B", Noted, None),
            (3, "B", Noted, None),
            (4, "B", Refused, None)
        ]
    );
}

#[rstest]
#[case("工商注册号", "4108232000123", Noted)]
#[case("工商注册号", "410899000000123", Refused)]
#[case("许可证编号", "H9410823ab00123xyz001a", Noted)]
#[case("许可证编号", "豫环许可字0001号", Noted)]
#[case("许可证编号", "9.14108E+21", Refused)]
#[case("许可证编号", "91410899MA00000X001P", Refused)]
#[case("控制级别", "部控", Refused)]
#[case("自动监控基站数", "两个", Refused)]
#[case("行业代码", "机械", Refused)]
#[case("信用等级", "E", Refused)]
#[case("有效期至", "2020年1月1日", Refused)]
#[case("机构地址", "锟斤拷路", Refused)]
fn r3_2_a_cell_that_cannot_be_right(
    #[case] title: &str,
    #[case] value: &str,
    #[case] kind: sheets::FindingKind,
) {
    let import = one(&[(title, value)]);
    let found: Vec<_> = import
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.column.title.as_str()))
        .collect();
    assert_eq!(found, [(kind, title)]);
}

#[rstest]
#[case("自动监控基站数", "2套")]
#[case("联系电话", "/")]
#[case("违法违规情况", "无")]
#[case("控制级别", "—")]
#[case("有效期至", "9999-09-09")]
#[case("企业名称", "中外合资A+B公司")]
fn r3_2_a_cell_that_is_all_right(#[case] title: &str, #[case] value: &str) {
    assert_eq!(one(&[("控制级别", "县控"), (title, value)]).findings, []);
}

#[test]
fn nothing_found_at_once_is_kept_for_the_next_time() {
    let import = one(&[
        ("企业名称", ""),
        ("批设时间", "2026年2月30日"),
        ("控制级别", "部控"),
    ]);
    let letters: Vec<&str> = import
        .findings
        .iter()
        .map(|finding| finding.column.letter.as_str())
        .collect();
    assert_eq!(letters, ["B", "G", "O"]);
}

#[test]
fn an_industry_code_that_lost_its_zero_is_noted() {
    let sheet = format!(
        r#"<row r="1">{}</row><row r="2">{}<c r="C2"><v>313</v></c></row>"#,
        ["企业名称", "统一社会信用代码", "行业代码"]
            .map(|t| format!("<c t=\"inlineStr\"><is><t>{t}</t></is></c>"))
            .concat(),
        ["示例厂", &code(1)]
            .map(|t| format!("<c t=\"inlineStr\"><is><t>{t}</t></is></c>"))
            .concat(),
    );
    let import = import_sources(crate::fixtures::Parts::sheet(&sheet).zip()).unwrap();
    assert_eq!(brief(&import.findings), [(2, "C", Noted, Some("0313"))]);
}
