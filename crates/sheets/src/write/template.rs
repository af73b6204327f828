//! The empty workbook to fill in (模板): header, a row of hints, and drop-downs for the closed lists.
//! Never holds a sample row that could be imported by mistake.

use rust_xlsxwriter::{DataValidation, Format};

use super::{new_workbook, start_table, write_header};
use crate::error::SheetError;
use crate::register::Register;

/// Rows that have drop-downs.
const ROWS: u32 = 5_000;

/// The template of a register. Imported as it is, it gives no row and no error.
///
/// # Errors
/// [`SheetError::Write`].
pub fn template<R: Register>() -> Result<Vec<u8>, SheetError> {
    let titles: Vec<String> = R::COLUMNS
        .iter()
        .map(|(_, column)| {
            if column.required {
                format!("{}*", column.title)
            } else {
                column.title.to_owned()
            }
        })
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut workbook = new_workbook()?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(R::TITLE)?;
    start_table(sheet, &titles, 0)?;
    write_header(sheet, 0, &titles)?;
    let hint = Format::new()
        .set_italic()
        .set_font_color("#7F7F7F")
        .set_text_wrap();
    for (at, (_, column)) in (0..).zip(R::COLUMNS) {
        sheet.write_string_with_format(1, at, column.hint, &hint)?;
        let Some(choices) = column.choices else { continue };
        let list = DataValidation::new()
            .allow_list_strings(&choices())?
            .set_error_title("请从列表中选择")?
            .set_error_message(format!("{}只能填：{}", column.title, choices().join("、")))?;
        sheet.add_data_validation(2, at, ROWS, at, &list)?;
    }
    Ok(workbook.save_to_buffer()?)
}
