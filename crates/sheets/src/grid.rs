//! Rows of cells as they come out of a file, packed: one text a row, and where each cell ends in it.
//! Never interprets a cell; it only remembers what the file said the cell is.

use crate::error::{SheetError, TooMuch};
use crate::limits::{CELL_CHARS_MAX, COLUMNS_MAX};

/// What the file says a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, from a workbook or a .csv file.
    Text,
    /// A number; its text is as short as it can be, or like 9.14108E+17 where digits are lost.
    Number,
    /// A date, as `2019-03-07`.
    Date,
    /// An error such as `#N/A`.
    Error,
    /// A formula that no spreadsheet program has computed.
    Uncomputed,
}

/// A cell that is not blank.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// A row that has at least one cell that is not blank.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// As spreadsheets count, from 1.
    pub(crate) number: u32,
    text: Box<str>,
    cells: Box<[Packed]>,
}

#[derive(Debug, Clone, Copy)]
struct Packed {
    column: u16,
    kind: Kind,
    end: u32,
}

impl Row {
    /// The cell of a column, from 0.
    pub(crate) fn cell(&self, column: u16) -> Option<Cell<'_>> {
        let at = self
            .cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()?;
        self.nth(at).map(|(_, cell)| cell)
    }

    /// All cells by column.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (u16, Cell<'_>)> {
        (0..self.cells.len()).filter_map(|at| self.nth(at))
    }

    /// Bytes of text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    fn nth(&self, at: usize) -> Option<(u16, Cell<'_>)> {
        let packed = self.cells.get(at)?;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.cells.get(before))
            .map_or(0, |before| before.end);
        let text = self
            .text
            .get(usize::try_from(start).ok()?..usize::try_from(packed.end).ok()?)?;
        Some((
            packed.column,
            Cell {
                kind: packed.kind,
                text,
            },
        ))
    }
}

/// A row being read; cells come in ascending order of column.
#[derive(Debug)]
pub(crate) struct RowBuilder {
    number: u32,
    text: String,
    cells: Vec<Packed>,
}

impl RowBuilder {
    pub(crate) fn new(number: u32) -> Self {
        Self {
            number,
            text: String::new(),
            cells: Vec::new(),
        }
    }

    /// Adds a cell; a blank one leaves no trace, wherever it is.
    pub(crate) fn push(&mut self, column: u32, kind: Kind, text: &str) -> Result<(), SheetError> {
        if kind == Kind::Text && text.trim().is_empty() {
            return Ok(());
        }
        let place = || format!("{}{}", column_letters(column), self.number);
        let Some(column) = u16::try_from(column).ok().filter(|&column| column < COLUMNS_MAX) else {
            return Err(TooMuch::Columns { place: place() }.into());
        };
        // Characters are fewer than bytes, so counting them is seldom needed.
        if text.len() > CELL_CHARS_MAX && text.chars().count() > CELL_CHARS_MAX {
            return Err(TooMuch::CellText { row: self.number }.into());
        }
        if self.cells.last().is_some_and(|last| last.column >= column) {
            return Err(SheetError::damaged(format!(
                "第{}行的单元格顺序混乱",
                self.number
            )));
        }
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).map_err(|_| TooMuch::Cells)?;
        self.cells.push(Packed { column, kind, end });
        Ok(())
    }

    /// Hands the row over, or only says that it was blank.
    pub(crate) fn finish(self, sink: &mut impl RowSink) -> Result<(), SheetError> {
        let Self { number, text, cells } = self;
        if cells.is_empty() {
            sink.blank();
            return Ok(());
        }
        sink.row(Row {
            number,
            text: text.into(),
            cells: cells.into(),
        })
    }
}

/// Takes rows in ascending order as they are read.
pub(crate) trait RowSink {
    /// Takes the next row.
    fn row(&mut self, row: Row) -> Result<(), SheetError>;

    /// Is told of a row that is there and holds nothing.
    fn blank(&mut self) {}
}

/// A column from 0 as spreadsheets call it: A, B … Z, AA …
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A number as a cell shows it if it is exact, else like 9.14108E+17: a spreadsheet keeps 15 digits.
pub(crate) fn number_text(number: f64) -> String {
    if number.abs() < 1e15 {
        return format!("{number}");
    }
    format!("{number:E}").replace('E', "E+")
}
