//! Rows of a worksheet, one at a time, each cell as the text that a person would see.
//! Never computes a formula: what the spreadsheet program stored is the value.

use std::io::BufRead;

use domain::dates::from_serial;
use quick_xml::events::BytesStart;

use super::strings::{Gathered, SharedStrings, unescape};
use super::workbook::Formats;
use super::xml::{Node, Xml, attribute};
use crate::error::SheetError;
use crate::grid::{Kind, RowBuilder, RowSink, number_text};

/// Days between the two beginnings of time of spreadsheets.
const DAYS_1900_TO_1904: i64 = 1_462;
/// The last row and column of any spreadsheet, from 1.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// Reads a worksheet.
pub(super) fn read<B: BufRead>(
    xml: &mut Xml<'_, B>,
    strings: &SharedStrings,
    formats: &Formats,
    sink: &mut impl RowSink,
) -> Result<(), SheetError> {
    let mut reader = Rows {
        strings,
        formats,
        row: RowBuilder::new(0),
        number: 0,
        column: 0,
    };
    loop {
        match xml.next()? {
            (Node::Start(element), depth) => match element.local_name().as_ref() {
                "row" => reader.start_row(&element, sink)?,
                "c" => {
                    let cell = reader.start_cell(&element)?;
                    reader.read_cell(xml, cell, depth)?;
                }
                _ => {}
            },
            (Node::Eof, _) => return reader.finish_row(sink),
            (Node::End | Node::Text(_), _) => {}
        }
    }
}

struct Rows<'a> {
    strings: &'a SharedStrings,
    formats: &'a Formats,
    row: RowBuilder,
    /// Row being read, from 1; 0 before the first.
    number: u32,
    /// Column of the next cell that does not say where it is, from 0.
    column: u32,
}

/// What the element of a cell says about it.
struct Head {
    column: u32,
    kind: CellType,
    is_date: bool,
}

/// The attribute `t` of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellType {
    Number,
    Shared,
    Text,
    Inline,
    Bool,
    Error,
    IsoDate,
}

impl Rows<'_> {
    fn start_row(&mut self, element: &BytesStart<'_>, sink: &mut impl RowSink) -> Result<(), SheetError> {
        self.finish_row(sink)?;
        let number = match attribute(element, "r")? {
            Some(number) => number.parse().map_err(|_| SheetError::damaged("行号不是数字"))?,
            None => self.number + 1,
        };
        if number <= self.number || number > LAST_ROW {
            return Err(SheetError::damaged(format!("第{number}行的顺序混乱")));
        }
        self.number = number;
        self.column = 0;
        self.row = RowBuilder::new(number);
        Ok(())
    }

    fn finish_row(&mut self, sink: &mut impl RowSink) -> Result<(), SheetError> {
        let row = std::mem::replace(&mut self.row, RowBuilder::new(self.number));
        if self.number == 0 {
            Ok(())
        } else {
            row.finish(sink)
        }
    }

    fn start_cell(&mut self, element: &BytesStart<'_>) -> Result<Head, SheetError> {
        let (mut column, mut kind, mut style) = (self.column, CellType::Number, 0);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| SheetError::damaged("单元格的写法不合规范"))?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => column = column_of(value).ok_or_else(|| SheetError::damaged("单元格的位置不对"))?,
                "t" => kind = cell_type(value)?,
                "s" => style = value.parse().unwrap_or(0),
                _ => {}
            }
        }
        self.column = column + 1;
        let is_date = self.formats.dates.get::<usize>(style).copied().unwrap_or(false);
        Ok(Head {
            column,
            kind,
            is_date,
        })
    }

    fn read_cell<B: BufRead>(
        &mut self,
        xml: &mut Xml<'_, B>,
        head: Head,
        depth: usize,
    ) -> Result<(), SheetError> {
        let mut gathered = Gathered::default();
        let mut has_formula = false;
        // A value beside inline text says nothing that the text does not.
        let named = if head.kind == CellType::Inline { "t" } else { "v" };
        loop {
            let (node, open) = xml.next()?;
            if let Node::Start(element) = &node {
                has_formula = has_formula || element.local_name().as_ref() == "f";
            }
            gathered.node(node, open, named)?;
            if open < depth {
                break;
            }
        }
        let text = gathered.text;
        if text.is_empty() {
            let unknown = if has_formula && head.kind == CellType::Number {
                Kind::Uncomputed
            } else {
                Kind::Text
            };
            return self.row.push(head.column, unknown, "");
        }
        self.push_value(&head, &text)
    }

    fn push_value(&mut self, head: &Head, text: &str) -> Result<(), SheetError> {
        match head.kind {
            CellType::Number => {
                let (kind, text) = self.number(text, head.is_date);
                self.row.push(head.column, kind, &text)
            }
            CellType::Shared => {
                let shared = text.trim().parse().ok().and_then(|at| self.strings.get(at));
                let shared = shared.ok_or_else(|| SheetError::damaged("单元格引用的文字不存在"))?;
                self.row.push(head.column, Kind::Text, shared)
            }
            CellType::Text | CellType::Inline => self.row.push(head.column, Kind::Text, &unescape(text)),
            CellType::Bool => self.row.push(
                head.column,
                Kind::Text,
                if text.trim() == "1" { "是" } else { "否" },
            ),
            CellType::Error => self.row.push(head.column, Kind::Error, text),
            CellType::IsoDate => self.row.push(head.column, Kind::Date, text),
        }
    }

    /// A number as text, and whether it is a date.
    fn number(&self, text: &str, is_date: bool) -> (Kind, String) {
        let Ok(number) = text.trim().parse::<f64>() else {
            return (Kind::Text, text.to_owned());
        };
        let offset = if self.formats.from_1904 {
            DAYS_1900_TO_1904
        } else {
            0
        };
        let date = whole_days(number)
            .filter(|_| is_date)
            .and_then(|days| from_serial(days + offset));
        match date {
            Some(date) => (Kind::Date, date.to_string()),
            None => (Kind::Number, number_text(number)),
        }
    }
}

/// Days without the time of day.
fn whole_days(number: f64) -> Option<i64> {
    let days = number.floor();
    // Beyond these bounds there is no date, and the text of a number within them is exact.
    (0.0..3_000_000.0)
        .contains(&days)
        .then(|| format!("{days}").parse().ok())
        .flatten()
}

fn cell_type(name: &str) -> Result<CellType, SheetError> {
    match name {
        "n" => Ok(CellType::Number),
        "s" => Ok(CellType::Shared),
        "str" => Ok(CellType::Text),
        "inlineStr" => Ok(CellType::Inline),
        "b" => Ok(CellType::Bool),
        "e" => Ok(CellType::Error),
        "d" => Ok(CellType::IsoDate),
        _ => Err(SheetError::damaged("单元格的类型不对")),
    }
}

/// Column from 0 of a place such as `AB12`; the row is that of its element.
fn column_of(place: &str) -> Option<u32> {
    let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 || letters.len() == place.len() {
        return None;
    }
    let column = letters.chars().try_fold(0, |column, letter| {
        let value = letter
            .to_ascii_uppercase()
            .to_digit(36)
            .filter(|_| letter.is_ascii_alphabetic())?;
        Some(column * 26 + value - 9)
    })?;
    (column <= LAST_COLUMN).then(|| column - 1)
}
