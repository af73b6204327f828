//! The reader against a second opinion: calamine, on workbooks that a spreadsheet library wrote.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};

use super::{File, open};
use crate::error::SheetError;
use crate::grid::{Row, RowSink, column_letters};

/// Every cell by place and text.
#[derive(Default)]
struct Cells(Vec<(String, String)>);

impl RowSink for Cells {
    fn row(&mut self, row: Row) -> Result<(), SheetError> {
        let place = |column: u16| format!("{}{}", column_letters(column.into()), row.number);
        self.0.extend(
            row.cells()
                .map(|(column, cell)| (place(column), cell.text.to_owned())),
        );
        Ok(())
    }
}

fn ours(bytes: &[u8]) -> Vec<(String, String)> {
    let File::Workbook(mut workbook) = open(Cursor::new(bytes)).unwrap() else {
        panic!("not a workbook")
    };
    let sheet = workbook.sheets()[0].clone();
    let mut cells = Cells::default();
    workbook.rows(&sheet, &mut cells).unwrap();
    cells.0
}

fn theirs(bytes: &[u8]) -> Vec<(String, String)> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = workbook.sheet_names()[0].clone();
    let mut reader = workbook.worksheet_cells_reader(&name).unwrap();
    let mut cells = Vec::new();
    while let Some(cell) = reader.next_cell().unwrap() {
        let (row, column) = cell.get_position();
        let text = match Data::from(cell.get_value().clone()) {
            Data::Bool(true) => "是".to_owned(),
            Data::Bool(false) => "否".to_owned(),
            Data::DateTime(date) => {
                let (year, month, day, ..) = date.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02}")
            }
            other @ (Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::DateTimeIso(_)
            | Data::DurationIso(_)
            | Data::Error(_)
            | Data::Empty) => other.to_string(),
        };
        if !text.trim().is_empty() {
            cells.push((format!("{}{}", column_letters(column), row + 1), text));
        }
    }
    cells
}

fn workbook_of_every_kind() -> Vec<u8> {
    let mut workbook = Writer::new();
    let sheet = workbook.add_worksheet();
    let (bold, date) = (
        Format::new().set_bold(),
        Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""),
    );
    sheet.write_string(0, 0, "示例<厂>&“甲” ").unwrap();
    sheet.write_string(0, 30, "  前后有空格  ").unwrap();
    sheet.write_string(0, 2, "_x000D_ 与 _x0041_ 与 _xZZZZ_").unwrap();
    sheet
        .write_rich_string(1, 0, &[(&bold, "粗"), (&Format::default(), "细 ")])
        .unwrap();
    for (row, number) in (2..).zip([
        0.0,
        -1.5,
        43531.0,
        2007.1,
        15_971_186_965.0,
        1e-7,
        410_899_000_000_123.0,
    ]) {
        sheet.write_number(row, 1, number).unwrap();
    }
    sheet.write_boolean(10, 0, true).unwrap();
    sheet.write_boolean(10, 1, false).unwrap();
    sheet
        .write_datetime_with_format(11, 0, ExcelDateTime::from_ymd(2019, 3, 7).unwrap(), &date)
        .unwrap();
    sheet
        .write_formula(12, 0, Formula::new("=1+1").set_result("2"))
        .unwrap();
    sheet
        .write_formula(12, 1, Formula::new("=A1&B1").set_result("示例"))
        .unwrap();
    sheet.write_blank(13, 0, &bold).unwrap();
    sheet.merge_range(14, 0, 15, 3, "合并", &bold).unwrap();
    sheet.write_string(1_048_575, 199, "远").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn cells_are_read_as_calamine_reads_them() {
    let bytes = workbook_of_every_kind();
    assert_eq!(ours(&bytes), theirs(&bytes));
}

#[test]
fn registers_are_read_as_calamine_reads_them() {
    let header = ["企业名称", "统一社会信用代码"];
    let rows = (0..500).map(|row| vec![format!("示例第{row}厂"), format!("{row:018}")]);
    let bytes = crate::workbook("表", Some("题目"), &header, rows).unwrap();
    assert_eq!(ours(&bytes), theirs(&bytes));
}
