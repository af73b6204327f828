//! Where the table is, and what its columns are called.

use rstest::rstest;
use sheets::{FileKind, Inspectors, ReadAs, SheetError, Sources, WrongKind};

use crate::fixtures::{HEADER, Parts, brief, code, import_inspectors, import_sources, inline_row, rows};

#[rstest]
#[case("企业名称", "统一社会信用代码")]
#[case("单位名称（全称）", "社会信用代码/组织机构代码")]
#[case(" 企 业 名 称 ", "信用代码：")]
#[case("企业名称*", "统一社会信用代码（必填）")]
#[case("污染源名称", "统一社会信用代码/组织机构代码")]
fn the_header_is_found_by_synonyms_and_below_titles(#[case] name: &str, #[case] code_title: &str) {
    let text = format!(
        "示例县名录,\n制表单位：示例分局,2026年\n\n{name},{code_title}\n示例厂,{}\n",
        code(1)
    );
    let import = import_sources(text).unwrap();
    assert_eq!((import.summary.header_row, import.accepted.len()), (4, 1));
}

#[test]
fn columns_that_are_missing_are_named_with_the_words_accepted() {
    let error = import_sources("企业名称,法人代表,详细地址\n示例厂,示例一,示例路\n").unwrap_err();
    assert!(matches!(&error, SheetError::MissingColumns { row: 1, missing } if missing.len() == 1));
    assert!(
        error.to_string().contains("“统一社会信用代码”（也可写作"),
        "{error}"
    );
}

#[rstest]
#[case("甲,乙,丙\n1,2,3\n")]
#[case("姓名,性别,执法证编号,联系电话,状态,有效期至\n李例,女,9908001,1,在岗,长期\n")]
fn another_table_is_refused(#[case] text: &str) {
    assert!(matches!(
        import_sources(text).unwrap_err(),
        SheetError::NoHeader { .. }
    ));
}

#[test]
fn a_column_that_is_not_known_is_kept_and_reported() {
    let text = format!(
        "企业名称,统一社会信用代码,网格员,备注,违法违规情况\n示例厂,{},示例二,甲,乙\n",
        code(1)
    );
    let import = import_sources(text).unwrap();
    let kept = [
        ("网格员".to_owned(), "示例二".to_owned()),
        ("备注".to_owned(), "甲".to_owned()),
    ];
    assert_eq!(import.accepted[0].extra, kept);
    assert_eq!(
        import.accepted[0].record.violations.as_ref().unwrap().as_str(),
        "乙"
    );
    let unknown = import
        .summary
        .columns
        .iter()
        .filter(|column| column.read_as == ReadAs::Unknown);
    assert_eq!(
        unknown.map(|column| column.title.as_str()).collect::<Vec<_>>(),
        ["网格员", "备注"]
    );
    assert!(
        import
            .summary
            .lines()
            .contains(&"名录库没有的列，原样保留：网格员、备注".to_owned())
    );
}

#[test]
fn blank_and_numbered_rows_and_notes_under_the_table_are_no_records() {
    let mut text = format!(
        "序号,企业名称,统一社会信用代码\n1,示例厂,{}\n2,,\n,,\n\n",
        code(1)
    );
    text.push_str("合计,1,\n填表人：示例一,,审核人：示例二\n");
    let import = import_sources(text).unwrap();
    assert_eq!((import.accepted.len(), import.refused.len()), (1, 0));
    assert_eq!(import.summary.blank_rows, 3);
    assert_eq!(import.summary.footnotes, [6, 7]);
}

#[test]
fn an_empty_template_gives_no_row_and_no_error() {
    let sources = import_sources(sheets::template::<Sources>().unwrap()).unwrap();
    assert_eq!(
        (
            sources.accepted.len(),
            sources.findings.len(),
            sources.refused.len()
        ),
        (0, 0, 0)
    );
    let inspectors = import_inspectors(sheets::template::<Inspectors>().unwrap()).unwrap();
    assert_eq!(
        (
            inspectors.accepted.len(),
            inspectors.findings.len(),
            inspectors.refused.len()
        ),
        (0, 0, 0)
    );
}

#[test]
fn the_first_sheet_with_the_register_is_read_and_the_others_are_named() {
    let other = "<worksheet><sheetData>".to_owned() + &inline_row(1, &["说明"]) + "</sheetData></worksheet>";
    let listed = r#"<workbook><sheets><sheet name="说明" r:id="a"/><sheet name="名录" r:id="s1"/><sheet name="空" r:id="b"/><sheet name="列表" state="hidden" r:id="a"/></sheets></workbook>"#;
    let relations = r#"<Relationships><Relationship Id="s1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="a" Type="x/worksheet" Target="worksheets\sheet2.xml"/><Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet3.xml"/></Relationships>"#;
    let parts = Parts::table("")
        .with("xl/workbook.xml", listed)
        .with("xl/_rels/workbook.xml.rels", relations)
        .with("xl/worksheets/Sheet2.xml", other)
        .with("xl/worksheets/sheet3.xml", "<worksheet><sheetData/></worksheet>");
    let import = import_sources(parts.zip()).unwrap();
    assert_eq!(
        import.summary.source,
        FileKind::Workbook {
            sheet: "名录".to_owned()
        }
    );
    assert_eq!(import.summary.unread_sheets, ["说明"]);
}

#[test]
fn cells_of_every_kind_are_read_as_they_look() {
    let more =
        r#"<row r="3"><c r="A3" t="str"><f>B1</f><v>示例&amp;公司</v></c><c r="B3" t="s"><v>0</v></c></row>"#;
    let strings = format!(
        "<sst><si><r><t>{}</t></r><rPh><t>注音</t></rPh><r><t>{}</t></r></si></sst>",
        &code(2)[..9],
        &code(2)[9..]
    );
    let import = import_sources(Parts::table(more).with("xl/sharedStrings.xml", strings).zip()).unwrap();
    assert_eq!(import.accepted[1].record.name.as_str(), "示例&公司");
    assert_eq!(import.accepted[1].record.id().as_str(), code(2));
}

#[test]
fn errors_and_formulas_without_a_result_are_refused() {
    let more = r##"<row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3"><f>C1</f></c></row>"##;
    let import = import_sources(Parts::table(more).zip()).unwrap();
    assert_eq!(
        brief(&import.findings)
            .iter()
            .map(|finding| finding.1)
            .collect::<Vec<_>>(),
        ["A", "B"]
    );
    assert!(import.findings[0].reason.contains("#N/A"));
}

#[test]
fn dates_that_a_spreadsheet_holds_as_days_are_dates() {
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>"#;
    let sheet = inline_row(1, &["企业名称", "统一社会信用代码", "批设时间"])
        + &format!(
            r#"<row r="2"><c t="inlineStr"><is><t>示例厂</t></is></c><c t="inlineStr"><is><t>{}</t></is></c><c s="1"><v>43531.5</v></c></row>"#,
            code(1)
        );
    let import = import_sources(Parts::sheet(&sheet).with("xl/styles.xml", styles).zip()).unwrap();
    assert_eq!(
        import.accepted[0].record.licences[0].approved_on,
        Some(jiff::civil::date(2019, 3, 7))
    );
    assert_eq!(import.findings, []);
}

#[test]
fn a_code_that_the_spreadsheet_holds_as_a_number_has_lost_digits() {
    let sheet = inline_row(1, &["企业名称", "统一社会信用代码"])
        + r#"<row r="2"><c t="inlineStr"><is><t>示例厂</t></is></c><c><v>914108992856467791</v></c></row>"#;
    let import = import_sources(Parts::sheet(&sheet).zip()).unwrap();
    assert!(
        import.findings[0].reason.contains("四舍五入"),
        "{}",
        import.findings[0].reason
    );
}

#[test]
fn text_is_told_from_workbooks_by_content() {
    let text = crate::fixtures::delimited(&rows(3), ",", "\n");
    assert!(matches!(
        import_sources(text).unwrap().summary.source,
        FileKind::Text { .. }
    ));
    let workbook = crate::fixtures::workbook(&rows(3));
    assert!(matches!(
        import_sources(workbook).unwrap().summary.source,
        FileKind::Workbook { .. }
    ));
    assert_eq!(HEADER.len(), 19);
}

#[rstest]
#[case(b"", WrongKind::Empty)]
#[case(b" \r\n ", WrongKind::Empty)]
#[case(b"<html><table><tr><td>1</td></tr></table>", WrongKind::Html)]
#[case(b"\xEF\xBB\xBF<?xml version=\"1.0\"?><Workbook/>", WrongKind::Html)]
#[case(b"%PDF-1.7", WrongKind::Other)]
fn other_files_are_refused_by_kind(#[case] bytes: &[u8], #[case] kind: WrongKind) {
    let error = import_sources(bytes).unwrap_err();
    assert!(
        matches!(error, SheetError::Kind(found) if found == kind),
        "{error}"
    );
}

#[test]
fn the_handbook_names_every_column_and_its_words() {
    let page = sheets::guide::<Sources>();
    assert_eq!(page.lines().count(), 24);
    assert!(page.contains("| 控制级别 |") && page.contains("可填：国控、省控、市控、县控、一般"));
}
