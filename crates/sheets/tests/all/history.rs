//! The register of past inspections.

use std::io::Cursor;

use domain::DrawNumber;
use jiff::civil::date;
use rstest::rstest;
use sheets::{FindingKind, History};

use crate::fixtures::{code, permit};

fn import(text: &str) -> sheets::Import<domain::PastInspection> {
    sheets::import::<History>(Cursor::new(text)).unwrap()
}

#[test]
fn every_field_is_read() {
    let code = code(7);
    let import = import(&format!(
        "检查日期,统一社会信用代码,企业名称,执法证编号,抽查编号\n2026-03-07,{code}-02,示例厂,9908001、9908002,2026-001\n"
    ));
    let inspection = &import.accepted[0].record;
    assert_eq!(inspection.on, date(2026, 3, 7));
    assert_eq!(inspection.target.as_str(), format!("{code}-02"));
    let inspectors: Vec<&str> = inspection
        .inspectors
        .iter()
        .map(domain::CertificateNumber::as_str)
        .collect();
    assert_eq!(inspectors, ["9908001", "9908002"]);
    assert_eq!(inspection.draw, DrawNumber::new(2026, 1));
    assert_eq!(import.findings, []);
}

#[test]
fn a_permit_number_names_the_site() {
    let import = import(&format!("检查日期,检查对象编号\n2026-03-07,{}\n", permit(7, 3)));
    assert_eq!(
        import.accepted[0].record.target.as_str(),
        format!("{}-03", code(7))
    );
}

#[rstest]
#[case("2026-02-30", &code(1), "A")]
#[case("", &code(1), "A")]
#[case("2026-03-07", "", "B")]
#[case("2026-03-07", "91410899MA0000011X", "B")]
#[case("2026-03-07", "示例厂", "B")]
fn what_is_wrong_is_refused(#[case] on: &str, #[case] target: &str, #[case] letter: &str) {
    let import = import(&format!("检查日期,检查对象编号,企业名称\n{on},{target},示例厂\n"));
    let found: Vec<_> = import
        .findings
        .iter()
        .map(|f| (f.kind, f.column.letter.as_str()))
        .collect();
    assert_eq!(found, [(FindingKind::Refused, letter)]);
}

#[test]
fn two_inspections_of_one_day_are_two_and_the_same_row_twice_is_one() {
    let (code, other) = (code(1), "9908003");
    let line = format!("2026-03-07,{code},9908001、9908002,\n");
    let import = import(&format!(
        "检查日期,检查对象编号,执法证编号,抽查编号\n{line}{line}2026-03-07,{code},{other},\n"
    ));
    assert_eq!((import.accepted.len(), import.refused.len()), (2, 1));
    assert!(import.findings[0].reason.contains("与第2行完全相同"));
}
