//! A table in a worksheet or text file: finds the header, keeps the rows below it.
//! Never reads on in a file whose first rows hold no header.

use domain::text::half_width;

use crate::columns::{Column, Header, Role};
use crate::error::{SheetError, TooMuch};
use crate::grid::{Kind, Row, RowSink};
use crate::limits::{CELLS_MAX, HEADER_ROWS_MAX, ROWS_MAX, TABLE_BYTES_MAX};
use crate::register::Register;

/// Fields that a row must name to be taken for a header.
const HEADER_FIELDS_MIN: usize = 2;
/// Words that stand alone before a sum under the table.
const SUMS: [&str; 3] = ["合计", "总计", "小计"];
/// First words of the notes that stand under tables.
const NOTES: [&str; 11] = [
    "制表人",
    "制表单位",
    "制表日期",
    "填表人",
    "填表单位",
    "填表日期",
    "审核人",
    "审核:",
    "注:",
    "备注:",
    "说明:",
];
/// Cells that a note under a table fills at most.
const FOOTNOTE_CELLS_MAX: usize = 4;

/// A table being read.
pub(crate) struct TableBuilder<R: Register> {
    /// Rows from the top until the header is known.
    top: Vec<Row>,
    header: Option<Header<R::Field>>,
    rows: Vec<Row>,
    /// Blank rows since the last one that was not.
    blank_at_end: u32,
    cells: usize,
    bytes: usize,
}

/// A table that was read.
pub(crate) struct Table<F> {
    pub(crate) header: Header<F>,
    /// The rows below the header that hold records.
    pub(crate) rows: Vec<Row>,
    /// Rows below the header in all.
    pub(crate) total: u32,
    pub(crate) blank_rows: u32,
    /// Whether the first row below the header was that of the template's hints.
    pub(crate) has_hints: bool,
    pub(crate) footnotes: Vec<u32>,
}

impl<R: Register> TableBuilder<R> {
    pub(crate) fn new() -> Self {
        Self {
            top: Vec::new(),
            header: None,
            rows: Vec::new(),
            blank_at_end: 0,
            cells: 0,
            bytes: 0,
        }
    }

    /// The table, once all rows are read.
    pub(crate) fn finish(mut self) -> Result<Table<R::Field>, SheetError> {
        self.find_header()?;
        let Some(header) = self.header else {
            return Err(no_header::<R>());
        };
        let mut rows = self.rows;
        // Rows between the header and the last one that the file does not even mention are blank too.
        let first = header.row + 1;
        let last = rows.last().map_or(header.row, |row| row.number);
        let present = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let blank_rows = (last + 1).saturating_sub(first).saturating_sub(present) + self.blank_at_end;
        let total = present.saturating_add(blank_rows);
        let has_hints = rows.first().is_some_and(|row| header.is_hints(row, R::COLUMNS));
        if has_hints {
            rows.remove(0);
        }
        let mut footnotes = Vec::new();
        let (mut kept, mut blank) = (Vec::with_capacity(rows.len()), 0);
        for row in rows {
            if !has_content(&row, &header) {
                blank += 1;
            } else if is_footnote(&row) {
                footnotes.push(row.number);
            } else {
                kept.push(row);
            }
        }
        Ok(Table {
            header,
            rows: kept,
            total,
            blank_rows: blank_rows + blank,
            has_hints,
            footnotes,
        })
    }

    /// Takes the row that names most fields for the header, the first of those that name equally many.
    fn find_header(&mut self) -> Result<(), SheetError> {
        if self.header.is_some() {
            return Ok(());
        }
        let headers = self.top.iter().map(|row| Header::of(row, R::COLUMNS));
        let best = headers
            .enumerate()
            .max_by_key(|(at, header)| (header.fields(), std::cmp::Reverse(*at)));
        let Some((at, header)) = best.filter(|(_, header)| header.fields() >= HEADER_FIELDS_MIN) else {
            return Err(no_header::<R>());
        };
        let missing = header.missing(R::COLUMNS);
        // With none of the columns that must be there, it is another table.
        if missing.len() == R::COLUMNS.iter().filter(|(_, column)| column.required).count() {
            return Err(no_header::<R>());
        }
        if !missing.is_empty() {
            return Err(SheetError::MissingColumns {
                row: header.row,
                missing,
            });
        }
        self.rows = self.top.split_off(at + 1);
        self.header = Some(header);
        self.top.clear();
        Ok(())
    }
}

impl<R: Register> RowSink for TableBuilder<R> {
    fn blank(&mut self) {
        self.blank_at_end += 1;
    }

    fn row(&mut self, row: Row) -> Result<(), SheetError> {
        self.blank_at_end = 0;
        self.cells += row.cells().count();
        self.bytes += row.bytes();
        if self.cells > CELLS_MAX as usize || self.bytes > TABLE_BYTES_MAX {
            return Err(TooMuch::Cells.into());
        }
        if self.header.is_none() {
            self.top.push(row);
            return if self.top.len() < HEADER_ROWS_MAX {
                Ok(())
            } else {
                self.find_header()
            };
        }
        if self.rows.len() >= ROWS_MAX as usize {
            return Err(TooMuch::Rows.into());
        }
        self.rows.push(row);
        Ok(())
    }
}

fn no_header<R: Register>() -> SheetError {
    let required = R::COLUMNS
        .iter()
        .filter(|(_, column)| column.required)
        .map(|(_, column): &(_, Column)| column.title);
    SheetError::NoHeader {
        register: R::TITLE,
        required: required.collect(),
    }
}

/// Whether a row holds more than its own number.
fn has_content<F: Copy + PartialEq>(row: &Row, header: &Header<F>) -> bool {
    let ignored = |column: u16| {
        let own = header.columns.iter().find(|own| own.column == column);
        own.is_some_and(|own| own.role == Role::Ignored)
    };
    row.cells().any(|(column, cell)| {
        !ignored(column) && !cell.text.trim().is_empty() || cell.kind == Kind::Uncomputed
    })
}

/// Whether a row is a note under the table: few cells, the first of them a word that begins such notes.
fn is_footnote(row: &Row) -> bool {
    let first = row.cells().next().map(|(_, cell)| cell.text).unwrap_or_default();
    let first: String = first
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    let begins =
        SUMS.contains(&first.trim_end_matches(':')) || NOTES.iter().any(|word| first.starts_with(word));
    begins && row.cells().count() <= FOOTNOTE_CELLS_MAX
}
