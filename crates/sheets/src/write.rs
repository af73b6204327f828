//! Registers out to files: workbooks and delimited text that open in Excel and WPS as they are meant.
//! Never lets a text become a formula or a code a number, and never asks a clock: the same input gives the same bytes.

mod receipt;
mod template;

use encoding_rs::GB18030;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

use crate::error::SheetError;
use crate::register::Register;

pub use receipt::receipt;
pub use template::template;

/// Every workbook says that it was made at this moment (year, month, day), since nobody here knows the real one.
const MADE_ON: (u16, u8, u8) = (2021, 1, 10);
/// Narrowest and widest column, in characters of the default font.
const COLUMN_WIDTHS: (f64, f64) = (8.0, 40.0);
/// First characters by which a spreadsheet takes a text for a formula.
pub(crate) const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A register as a workbook that [`crate::import`] reads back as it was.
///
/// # Errors
/// [`SheetError::Write`].
pub fn export<R: Register>(records: &[R::Record]) -> Result<Vec<u8>, SheetError> {
    let titles: Vec<&str> = R::COLUMNS.iter().map(|(_, column)| column.title).collect();
    workbook(R::TITLE, None, &titles, records.iter().flat_map(R::write))
}

/// A table as a workbook: an optional title over it, the header, the rows, all cells as text.
///
/// # Errors
/// [`SheetError::Write`].
pub fn workbook(
    name: &str,
    title: Option<&str>,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, SheetError> {
    let mut workbook = new_workbook()?;
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(name)?;
    let header_row = u32::from(title.is_some());
    start_table(sheet, header, header_row)?;
    if let Some(title) = title {
        sheet.write_string_with_format(0, 0, title, &Format::new().set_bold())?;
    }
    write_header(sheet, header_row, header)?;
    let text = text_format();
    for (row, cells) in (header_row + 1..).zip(rows) {
        for (column, cell) in (0..).zip(&cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(row, column, cell, &text)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A table as delimited text in GB18030, which Excel and WPS in China open without asking.
#[must_use]
pub fn delimited(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    GB18030.encode(&delimited_text(header, rows)).0.into_owned()
}

/// A table as delimited text in UTF-8 with its mark: open data, which programs read and spreadsheets still open.
#[must_use]
pub fn open_data(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    format!("\u{feff}{}", delimited_text(header, rows)).into_bytes()
}

fn delimited_text(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    let header = header.iter().map(|title| (*title).to_owned()).collect();
    for cells in std::iter::once(header).chain(rows) {
        let cells: Vec<String> = cells.iter().map(|cell| delimited_cell(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell of delimited text: a sign that would begin a formula is put behind an apostrophe, which the importer
/// takes away again.
fn delimited_cell(cell: &str) -> String {
    let safe = if cell.starts_with(FORMULA_SIGNS) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if safe.contains([',', '"', '\n', '\r', '\t']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

fn new_workbook() -> Result<Workbook, SheetError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = MADE_ON;
    let made = ExcelDateTime::from_ymd(year, month, day)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

/// Widths and text format of the columns, and the header kept in sight; before any row, as constant memory demands.
fn start_table(sheet: &mut Worksheet, header: &[&str], header_row: u32) -> Result<(), SheetError> {
    let text = text_format();
    for (column, title) in (0..).zip(header) {
        let (least, most) = COLUMN_WIDTHS;
        // A Chinese character is two wide.
        let width = title.chars().fold(4.0, |width, _| width + 2.0);
        sheet.set_column_width(column, f64::clamp(width, least, most))?;
        sheet.set_column_format(column, &text)?;
    }
    sheet.set_freeze_panes(header_row + 1, 0)?;
    Ok(())
}

fn write_header(sheet: &mut Worksheet, row: u32, header: &[&str]) -> Result<(), SheetError> {
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00D9_E1F2))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center);
    for (column, title) in (0..).zip(header) {
        sheet.write_string_with_format(row, column, *title, &format)?;
    }
    Ok(())
}

/// Text that stays text, also when the cell is edited.
fn text_format() -> Format {
    Format::new().set_num_format("@").set_quote_prefix()
}
