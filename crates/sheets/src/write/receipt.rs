//! The receipt of an import (回执): the rows not taken, as they were, with what is wrong and what to write instead.
//! Never changes a cell: it is mended by hand and imported again as it is.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet};

use super::{new_workbook, start_table, text_format, write_header};
use crate::columns::{ADVICE, PROBLEM, ROW_NUMBER};
use crate::error::SheetError;
use crate::finding::{Finding, FindingKind, Import, RefusedRow};

/// Columns that a receipt adds; of these the importer reads only the row number.
const ADDED: [&str; 3] = [ROW_NUMBER, PROBLEM, ADVICE];
const REASON_WIDTH: f64 = 60.0;

/// The receipt of an import as a workbook: each refused row in the file's own columns and order, the cells that
/// refuse it coloured, then its row number, what is wrong, and what to write instead. A row that answers a row of an
/// earlier file keeps that number: it is still that row.
///
/// # Errors
/// [`SheetError::Write`].
pub fn receipt<T>(import: &Import<T>) -> Result<Vec<u8>, SheetError> {
    let mut header: Vec<&str> = import
        .summary
        .columns
        .iter()
        .map(|column| column.title.as_str())
        .collect();
    header.retain(|title| !ADDED.contains(title));
    header.extend(ADDED);
    let mut workbook = new_workbook()?;
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("未导入的行")?;
    start_table(sheet, &header, 0)?;
    for (column, _) in (0..)
        .zip(&header)
        .filter(|(_, title)| matches!(**title, PROBLEM | ADVICE))
    {
        sheet.set_column_width(column, REASON_WIDTH)?;
    }
    write_header(sheet, 0, &header)?;
    for (row, refused) in (1..).zip(&import.refused) {
        let findings = import
            .of_kind(FindingKind::Refused)
            .filter(|finding| finding.row == refused.row);
        write_row(sheet, row, import, refused, &findings.collect::<Vec<_>>())?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_row<T>(
    sheet: &mut Worksheet,
    row: u32,
    import: &Import<T>,
    refused: &RefusedRow,
    findings: &[&Finding],
) -> Result<(), SheetError> {
    let (text, wrong) = (
        text_format(),
        text_format().set_background_color(Color::RGB(0x00FF_E699)),
    );
    let mut column = 0;
    for (own, cell) in import.summary.columns.iter().zip(&refused.cells) {
        if ADDED.contains(&own.title.as_str()) {
            continue;
        }
        let is_wrong = findings.iter().any(|finding| finding.column.letter == own.letter);
        if is_wrong && cell.is_empty() {
            sheet.write_blank(row, column, &wrong)?;
        } else if !cell.is_empty() {
            sheet.write_string_with_format(row, column, cell, if is_wrong { &wrong } else { &text })?;
        }
        column += 1;
    }
    let wrapped: Format = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let number = refused.answers.unwrap_or(refused.row);
    sheet.write_string_with_format(row, column, number.to_string(), &text)?;
    sheet.write_string_with_format(row, column + 1, reasons(findings), &wrapped)?;
    sheet.write_string_with_format(row, column + 2, suggestions(findings), &wrapped)?;
    Ok(())
}

fn reasons(findings: &[&Finding]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}：{}", finding.column.title, finding.reason))
        .collect();
    lines.join("\n")
}

fn suggestions(findings: &[&Finding]) -> String {
    let line = |finding: &&Finding| {
        let suggestion = finding.suggestion.as_ref()?;
        Some(format!("{}改为 {suggestion}", finding.column.title))
    };
    findings
        .iter()
        .filter_map(line)
        .collect::<Vec<String>>()
        .join("\n")
}
