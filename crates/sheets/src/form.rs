//! A record typed into a form, judged exactly as a row of a file is: the same mends, findings and suggestions.
//! Never a second set of rules for the same fields.

use std::io::Cursor;

use crate::error::SheetError;
use crate::finding::Import;
use crate::import::import;
use crate::register::Register;

/// Reads rows whose cells are in the order of [`Register::COLUMNS`]; several rows where a record takes several.
///
/// # Errors
/// [`SheetError`], as [`import`].
pub fn form<R: Register>(rows: &[Vec<String>]) -> Result<Import<R::Record>, SheetError> {
    let header = R::COLUMNS.iter().map(|(_, column)| column.title.to_owned());
    // The mark says that it is UTF-8, so that nothing is guessed about a few characters.
    let mut text = String::from('\u{feff}');
    for cells in std::iter::once(header.collect::<Vec<_>>()).chain(rows.iter().cloned()) {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    import::<R>(Cursor::new(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FindingKind, Sources};

    fn row(cells: &[(&str, &str)]) -> Vec<String> {
        let of = |title: &str| {
            cells
                .iter()
                .find(|(own, _)| *own == title)
                .map_or("", |(_, cell)| cell)
        };
        Sources::COLUMNS
            .iter()
            .map(|(_, column)| of(column.title).to_owned())
            .collect()
    }

    #[test]
    fn a_form_is_judged_as_a_row_of_a_file_is() {
        let good = row(&[
            ("企业名称", "示例县\"引号\"，水泥有限公司"),
            ("统一社会信用代码", "91410899MA0500474K"),
        ]);
        let read = form::<Sources>(&[good]).unwrap();
        assert_eq!(
            read.accepted[0].record.name.as_str(),
            "示例县\"引号\"，水泥有限公司"
        );
        let wrong = row(&[
            ("企业名称", "示例县水泥有限公司"),
            ("统一社会信用代码", "91410899MA0500474X"),
        ]);
        let read = form::<Sources>(&[wrong]).unwrap();
        assert!(read.accepted.is_empty());
        let finding = read.of_kind(FindingKind::Refused).next().unwrap();
        assert_eq!(finding.column.title, "统一社会信用代码");
    }
}
