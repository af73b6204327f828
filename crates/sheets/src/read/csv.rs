//! Delimited text to rows: comma, semicolon or TAB, quotes, and any of the three line endings.
//! Never holds more than one row, and never guesses where a quoted cell without its closing quote ends.

use std::io::{Read, Seek};

use super::encoding;
use crate::error::{SheetError, TooMuch, WrongKind};
use crate::grid::{Kind, RowBuilder, RowSink};
use crate::limits::CELL_CHARS_MAX;
use crate::write::FORMULA_SIGNS;

/// Separators, the likelier first.
const SEPARATORS: [char; 3] = [',', '\t', ';'];
/// Characters from the start that tell the separator.
const SAMPLE_CHARS: usize = 32 << 10;

/// What was noticed about a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// Its encoding, as people call it.
    pub(crate) encoding: &'static str,
    /// What separates its cells.
    pub(crate) separator: char,
}

/// Reads a text file.
pub(crate) fn read<R: Read + Seek>(mut file: R, sink: &mut impl RowSink) -> Result<TextFile, SheetError> {
    let encoding = encoding::detect(&mut file)?;
    let mut sample = Separators::default();
    encoding::decode(&mut file, encoding, |text| {
        sample.look_at(text);
        Ok(())
    })?;
    if sample.blank {
        return Err(WrongKind::Empty.into());
    }
    let separator = sample.likeliest();
    let mut table = Parser::new(separator);
    encoding::decode(&mut file, encoding, |text| {
        text.chars().try_for_each(|c| table.take(c, sink))
    })?;
    table.finish(sink)?;
    Ok(TextFile {
        encoding: encoding::name(encoding),
        separator,
    })
}

/// Counts separators outside of quotes at the start of a text.
struct Separators {
    counts: [u32; SEPARATORS.len()],
    chars: usize,
    quoted: bool,
    blank: bool,
}

impl Default for Separators {
    fn default() -> Self {
        Self {
            counts: [0; SEPARATORS.len()],
            chars: 0,
            quoted: false,
            blank: true,
        }
    }
}

impl Separators {
    fn look_at(&mut self, text: &str) {
        self.blank = self.blank && text.trim().is_empty();
        for c in text.chars().take(SAMPLE_CHARS.saturating_sub(self.chars)) {
            self.chars += 1;
            if c == '"' {
                self.quoted = !self.quoted;
            }
            let at = SEPARATORS
                .iter()
                .position(|&separator| separator == c && !self.quoted);
            if let Some(count) = at.and_then(|at| self.counts.get_mut(at)) {
                *count += 1;
            }
        }
    }

    /// The separator that occurs most; the first of those that occur equally often.
    fn likeliest(&self) -> char {
        let most = self.counts.iter().max().copied().unwrap_or_default();
        let at = self
            .counts
            .iter()
            .position(|&count| count == most)
            .unwrap_or_default();
        SEPARATORS.get(at).copied().unwrap_or(',')
    }
}

/// Where in a cell the parser is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before its first character.
    Start,
    /// In a cell without quotes.
    Bare,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the end of the cell, or the first half of a doubled quote.
    QuoteSeen,
}

struct Parser {
    separator: char,
    state: State,
    cell: String,
    chars: usize,
    column: u32,
    number: u32,
    row: RowBuilder,
    after_return: bool,
}

impl Parser {
    fn new(separator: char) -> Self {
        let row = RowBuilder::new(1);
        let state = State::Start;
        Self {
            separator,
            state,
            cell: String::new(),
            chars: 0,
            column: 0,
            number: 1,
            row,
            after_return: false,
        }
    }

    fn take(&mut self, c: char, sink: &mut impl RowSink) -> Result<(), SheetError> {
        let second_half = std::mem::take(&mut self.after_return) && c == '\n';
        match (self.state, c) {
            (State::Quoted, '"') => self.state = State::QuoteSeen,
            (State::Quoted, c) => self.push(c)?,
            (State::Start, '"') => self.state = State::Quoted,
            (State::QuoteSeen, '"') => {
                self.push('"')?;
                self.state = State::Quoted;
            }
            (_, '\n') if second_half => {}
            (_, '\n' | '\r') => {
                self.after_return = c == '\r';
                self.end_row(sink)?;
            }
            (_, c) if c == self.separator => self.end_cell()?,
            (_, c) => {
                self.push(c)?;
                self.state = State::Bare;
            }
        }
        Ok(())
    }

    fn push(&mut self, c: char) -> Result<(), SheetError> {
        self.chars += 1;
        if self.chars > CELL_CHARS_MAX {
            return Err(TooMuch::CellText { row: self.number }.into());
        }
        self.cell.push(c);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        // An apostrophe before a sign is how a formula-safe export writes the sign.
        let bare = self
            .cell
            .strip_prefix('\'')
            .filter(|bare| bare.starts_with(FORMULA_SIGNS));
        self.row
            .push(self.column, Kind::Text, bare.unwrap_or(&self.cell))?;
        self.cell.clear();
        self.chars = 0;
        self.column += 1;
        self.state = State::Start;
        Ok(())
    }

    fn end_row(&mut self, sink: &mut impl RowSink) -> Result<(), SheetError> {
        self.end_cell()?;
        self.column = 0;
        self.number += 1;
        let row = std::mem::replace(&mut self.row, RowBuilder::new(self.number));
        row.finish(sink)
    }

    fn finish(mut self, sink: &mut impl RowSink) -> Result<(), SheetError> {
        if self.state == State::Quoted {
            return Err(SheetError::Quote { row: self.number });
        }
        // After the last line ending there is no row.
        if self.state == State::Start && self.column == 0 {
            Ok(())
        } else {
            self.end_row(sink)
        }
    }
}
