//! The receipt: mended in place, it is imported again.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rstest::rstest;
use sheets::FindingKind::Refused;

use crate::fixtures::{HEADER, code, column, import_sources, row, rows, set, workbook};

/// The rows of a workbook as a second reader sees them.
fn cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect()
}

fn with_mistakes() -> Vec<Vec<String>> {
    let mut rows = rows(12);
    set(&mut rows, 2, "企业名称", "<i>示例县第2机械厂</i>");
    set(&mut rows, 4, "统一社会信用代码", &code(4).replacen('0', "O", 1));
    set(&mut rows, 6, "统一社会信用代码", &code(9));
    set(&mut rows, 7, "控制级别", "市控");
    set(&mut rows, 7, "是否重点排污单位", "否");
    set(&mut rows, 11, "统一社会信用代码", "9.14109E+17");
    rows
}

#[test]
fn r3_1_a_receipt_holds_the_refused_rows_in_the_columns_of_the_file() {
    let rows = with_mistakes();
    let import = import_sources(workbook(&rows)).unwrap();
    let receipt = cells(sheets::receipt(&import).unwrap());
    assert_eq!(receipt[0][..19], HEADER);
    assert_eq!(receipt[0][19..], ["行号", "问题", "建议"]);
    let numbers: Vec<&str> = receipt[1..].iter().map(|row| row[19].as_str()).collect();
    assert_eq!(numbers, ["4", "6", "8", "9", "13"]);
    assert_eq!(receipt[1][..19], rows[1]);
    assert!(receipt[3][20].contains("重复") && receipt[3][21].contains(&code(6)));
}

#[test]
fn r3_1_a_receipt_mended_by_its_suggestions_is_imported_without_a_refusal() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    let mut mended = import.clone();
    for finding in import.of_kind(Refused) {
        let row = mended
            .refused
            .iter_mut()
            .find(|refused| refused.row == finding.row)
            .unwrap();
        let column = import
            .summary
            .columns
            .iter()
            .position(|column| column.letter == finding.column.letter)
            .unwrap();
        row.cells[column] = finding.suggestion.clone().unwrap();
    }
    let again = import_sources(sheets::receipt(&mended).unwrap()).unwrap();
    assert_eq!(again.of_kind(Refused).count(), 0, "{:?}", again.findings);
    assert_eq!(again.accepted.len(), import.refused.len());
    assert!(again.accepted.iter().all(|accepted| accepted.extra.is_empty()));
    // A receipt of a receipt has the added columns once.
    assert_eq!(cells(sheets::receipt(&again).unwrap())[0].len(), 22);
}

#[test]
fn a_receipt_as_it_is_refuses_the_same_rows_again() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    let again = import_sources(sheets::receipt(&import).unwrap()).unwrap();
    // The duplicate stands alone in the receipt, so it is only noted there.
    assert_eq!(
        again.of_kind(Refused).count(),
        import.of_kind(Refused).count() - 1
    );
}

#[test]
fn r3_1_no_row_is_lost_a_row_of_a_receipt_names_its_row_of_the_original() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    assert!(!import.summary.is_receipt);
    assert!(import.accepted.iter().all(|row| row.answers.is_none()));
    assert!(import.refused.iter().all(|row| row.answers.is_none()));
    let again = import_sources(sheets::receipt(&import).unwrap()).unwrap();
    assert!(again.summary.is_receipt);
    let numbers = |answers: Vec<Option<u32>>| answers.into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(
        numbers(again.accepted.iter().map(|row| row.answers).collect()),
        [8]
    );
    let refused = |import: &sheets::Import<domain::Source>| {
        numbers(import.refused.iter().map(|row| row.answers).collect())
    };
    assert_eq!(refused(&again), [4, 6, 9, 13]);
    // The receipt of a receipt still names the rows of the first file.
    let third = import_sources(sheets::receipt(&again).unwrap()).unwrap();
    assert_eq!(refused(&third), [4, 6, 9, 13]);
}

#[test]
fn r3_1_no_row_is_lost_a_second_licence_in_a_receipt_names_its_row_too() {
    let mut other = row(3);
    other[column("许可证编号")] = "示环许可危废字0001号".to_owned();
    let added = |cells: Vec<String>, number: &str| [cells, vec![number.to_owned()]].concat();
    let header = [&HEADER[..], &["行号", "问题"]].concat();
    let cells = [added(row(3), "7"), added(other, "8")];
    let receipt = sheets::workbook("未导入的行", None, &header, cells.into_iter()).unwrap();
    let import = import_sources(receipt).unwrap();
    assert_eq!(
        (import.accepted[0].answers, import.joined[0].answers),
        (Some(7), Some(8))
    );
}

#[rstest]
#[case("12", Some(12))]
#[case(" 12 ", Some(12))]
#[case("", None)]
#[case("+12", None)]
#[case("12.5", None)]
#[case("第12行", None)]
#[case("99999999999", None)]
fn only_a_plain_number_names_a_row(#[case] number: &str, #[case] answers: Option<u32>) {
    let text = format!("企业名称,统一社会信用代码,行号\n示例厂,{},{number}\n", code(1));
    let import = import_sources(text).unwrap();
    assert_eq!(import.accepted[0].answers, answers);
    // A register may number its own rows: without a problem or an advice it is no receipt.
    assert!(!import.summary.is_receipt);
}

#[test]
fn a_receipt_is_text_only() {
    let mut rows = rows(2);
    set(&mut rows, 1, "企业名称", "=cmd|' /C calc'!A0");
    let import = import_sources(workbook(&rows)).unwrap();
    let receipt = sheets::receipt(&import).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(receipt.clone())).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(
        &mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(),
        &mut sheet,
    )
    .unwrap();
    assert!(!sheet.contains("<f>") && sheet.contains("=cmd|"));
    assert_eq!(cells(receipt)[1][1], "=cmd|' /C calc'!A0");
}

#[test]
fn r3_1_a_row_that_the_register_objects_to_is_in_the_receipt_with_the_rows_joined_to_it() {
    let mut rows = rows(6);
    rows[2] = row(2);
    set(&mut rows, 3, "许可证名称", "危险废物经营许可证");
    set(&mut rows, 3, "许可证编号", "示环许可危废字0001号");
    let file = workbook(&rows);
    let objection = sheets::Objection {
        row: 4,
        column: "统一社会信用代码".to_owned(),
        reason: "名录库里是另一个单位".to_owned(),
    };
    let import = sheets::import_against::<sheets::Sources>(Cursor::new(&file), &[objection]).unwrap();
    let refused: Vec<u32> = import.refused.iter().map(|refused| refused.row).collect();
    assert_eq!(
        (refused, import.accepted.len(), import.joined.len()),
        (vec![4, 5], 4, 0)
    );
    let receipt = cells(sheets::receipt(&import).unwrap());
    assert_eq!(
        (&receipt[1][..19], &receipt[2][..19]),
        (&rows[1][..], &rows[2][..])
    );
    assert!(receipt[2][20].contains("统一社会信用代码：名录库里是另一个单位"));
}
