//! An array of JSON objects to rows: each key is a column, each object a row.
//! Never takes a value that lies in another, and never holds more than one object.

use std::fmt;
use std::io::{BufReader, Read, Seek, SeekFrom};

use serde_json::Deserializer;
use serde_json::de::IoRead;
use serde_json::error::Category;

use super::encoding;
use crate::error::{SheetError, TooMuch};
use crate::grid::{Kind, RowBuilder, RowSink, column_letters, number_text};
use crate::limits::{CELL_CHARS_MAX, COLUMNS_MAX};

use visit::Objects;

mod visit;

const BUFFER_BYTES: usize = 64 << 10;
/// Bytes of a text between its quotes: each character may be two escapes of six bytes.
const TEXT_BYTES_MAX: usize = CELL_CHARS_MAX * 12;

/// A value of an object; null is none.
pub(super) struct Value {
    kind: Kind,
    text: String,
}

/// Reads the objects, the first as row 1; row 0 is the header: the keys in the order in which they first come.
pub(crate) fn read(mut file: impl Read + Seek, sink: &mut impl RowSink) -> Result<(), SheetError> {
    encoding::only_utf8(&mut file)?;
    let mut keys: Vec<String> = Vec::new();
    objects(&mut file, |row, cells| {
        for (key, _) in cells {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        within_columns(row, keys.len())
    })?;
    let mut header = RowBuilder::new(0);
    for (column, key) in (0..).zip(&keys) {
        header.push(column, Kind::Text, key)?;
    }
    header.finish(sink)?;
    objects(&mut file, |row, cells| {
        let place = |key: &String| keys.iter().position(|own| own == key);
        let mut cells: Vec<(Option<usize>, Value)> = cells
            .into_iter()
            .filter_map(|(key, value)| Some((place(&key), value?)))
            .collect();
        cells.sort_by_key(|(column, _)| *column);
        let mut builder = RowBuilder::new(row);
        for (column, Value { kind, text }) in cells {
            let column = column.and_then(|column| u32::try_from(column).ok());
            builder.push(column.unwrap_or(u32::MAX - 1), kind, &text)?;
        }
        builder.finish(sink)
    })
}

fn within_columns(row: u32, columns: usize) -> Result<(), SheetError> {
    if columns <= COLUMNS_MAX.into() {
        return Ok(());
    }
    let place = format!("{}{row}", column_letters(COLUMNS_MAX.into()));
    Err(TooMuch::Columns { place }.into())
}

/// Goes through the objects once.
fn objects(
    file: &mut (impl Read + Seek),
    each: impl FnMut(u32, Vec<(String, Option<Value>)>) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    let start = encoding::utf8_mark_bytes(file)?;
    file.seek(SeekFrom::Start(start))?;
    let bounded = Bounded {
        file,
        text: None,
        escaped: false,
    };
    let mut json = Deserializer::from_reader(BufReader::with_capacity(BUFFER_BYTES, bounded));
    let mut refusal = None;
    let read = walk(&mut json, &mut refusal, each);
    match (refusal, read) {
        (Some(refusal), _) => Err(refusal),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(said(error)),
    }
}

fn walk<R: Read>(
    json: &mut Deserializer<IoRead<R>>,
    refusal: &mut Option<SheetError>,
    each: impl FnMut(u32, Vec<(String, Option<Value>)>) -> Result<(), SheetError>,
) -> Result<(), serde_json::Error> {
    serde::de::DeserializeSeed::deserialize(Objects { each, refusal }, &mut *json)?;
    json.end()
}

fn said(error: serde_json::Error) -> SheetError {
    let place = format!("第{}行第{}个字节", error.line(), error.column());
    match error.classify() {
        // A text that has no end, refused by `Bounded`; or the file itself.
        Category::Io => {
            let error = std::io::Error::from(error);
            match error.downcast::<SheetError>() {
                Ok(refusal) => refusal,
                Err(error) => error.into(),
            }
        }
        Category::Eof => SheetError::json(format!("到{place}就结束了，没有写完")),
        Category::Syntax | Category::Data => SheetError::json(format!("{place}附近写得不对")),
    }
}

/// A reader that refuses a text longer than a cell may be, before anybody holds it.
struct Bounded<R> {
    file: R,
    /// Bytes since the opening quote.
    text: Option<usize>,
    escaped: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(bytes)?;
        for byte in bytes.get(..read).unwrap_or_default() {
            match (&mut self.text, byte) {
                (None, b'"') => self.text = Some(0),
                (None, _) => {}
                (Some(length), _) if self.escaped || *byte != b'"' => {
                    self.escaped = !self.escaped && *byte == b'\\';
                    *length += 1;
                    if *length > TEXT_BYTES_MAX {
                        let detail = format!("有一段文字超过{CELL_CHARS_MAX}个字");
                        return Err(std::io::Error::other(SheetError::json(detail)));
                    }
                }
                (Some(_), _) => self.text = None,
            }
        }
        Ok(read)
    }
}

impl Value {
    fn text(text: &str) -> Self {
        let text = text.to_owned();
        Self {
            kind: Kind::Text,
            text,
        }
    }

    /// A whole number, which JSON writes in full.
    fn whole(number: impl fmt::Display) -> Self {
        Self {
            kind: Kind::Number,
            text: number.to_string(),
        }
    }

    fn fraction(number: f64) -> Self {
        Self {
            kind: Kind::Number,
            text: number_text(number),
        }
    }

    fn truth(truth: bool) -> Self {
        Self::text(if truth { "是" } else { "否" })
    }
}
