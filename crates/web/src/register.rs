//! Forms that have the columns of a register: the same titles, hints and words as its template.
//! Never judges a cell: the importer does.

use sheets::Column;

use crate::form::{Choice, Errors, Fields};

/// How parts of hints begin that say how to format the cells of a workbook, which a form has none of.
const OF_CELLS: &str = "单元格";

/// A field of the form.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) options: Option<Vec<Choice>>,
    pub(crate) error: Option<String>,
}

/// The cells of one line of what a record has several of.
pub(crate) struct Line {
    pub(crate) fields: Vec<Field>,
}

fn field(column: &Column, value: &str, error: Option<&str>) -> Field {
    let options = column
        .choices
        .map(|choices| Choice::with_blank("未填写", choices(), value));
    Field {
        name: column.title,
        hint: of_form(column.hint),
        required: column.required,
        value: value.to_owned(),
        options,
        error: error.map(str::to_owned),
    }
}

/// A hint without its part on the format of cells.
fn of_form(hint: &'static str) -> &'static str {
    hint.split('；')
        .find(|part| !part.starts_with(OF_CELLS))
        .unwrap_or_default()
}

/// The fields that a record has one of, with what was typed and what is wrong.
pub(crate) fn form(
    columns: &[Column],
    several: &[&str],
    row: Option<&Vec<String>>,
    errors: &Errors,
) -> Vec<Field> {
    let cell = |at: usize| row.and_then(|row| row.get(at)).map_or("", String::as_str);
    let own = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !several.contains(&column.title));
    own.map(|(at, column)| field(column, cell(at), errors.of(column.title)))
        .collect()
}

/// The lines of what a record has several of; one blank line if there are none. What is wrong stands in the first line,
/// since an error names a column and no line.
pub(crate) fn lines(
    columns: &[Column],
    several: &[&str],
    rows: &[Vec<String>],
    errors: &Errors,
) -> Vec<Line> {
    let none = Errors::default();
    let of = |line: usize, row: &[String]| {
        let errors = if line == 0 { errors } else { &none };
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let own = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| several.contains(&column.title));
        Line {
            fields: own
                .map(|(at, column)| field(column, cell(at), errors.of(column.title)))
                .collect(),
        }
    };
    if rows.is_empty() {
        return vec![of(0, &[])];
    }
    rows.iter().enumerate().map(|(line, row)| of(line, row)).collect()
}

/// The rows that a form sends: what a record has one of is repeated in each; blank lines are left out but for one.
pub(crate) fn typed(columns: &[Column], several: &[&str], fields: &Fields) -> Vec<Vec<String>> {
    let count = several
        .iter()
        .map(|title| fields.all(title).count())
        .max()
        .unwrap_or(0)
        .max(1);
    let row = |line: usize| -> Vec<String> {
        let cell = |column: &Column| {
            let at = if several.contains(&column.title) { line } else { 0 };
            fields.all(column.title).nth(at).unwrap_or_default().to_owned()
        };
        columns.iter().map(cell).collect()
    };
    let is_blank = |row: &Vec<String>| {
        let cells = columns
            .iter()
            .zip(row)
            .filter(|(column, _)| several.contains(&column.title));
        cells.into_iter().all(|(_, cell)| cell.trim().is_empty())
    };
    let rows: Vec<Vec<String>> = (0..count).map(row).collect();
    let (blank, filled): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| !several.is_empty() && is_blank(row));
    if filled.is_empty() {
        blank.into_iter().take(1).collect()
    } else {
        filled
    }
}
