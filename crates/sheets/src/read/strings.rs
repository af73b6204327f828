//! Texts of a workbook: shared strings, rich text, and the escapes that spreadsheets put in them.
//! Never holds more than the limits, whatever number of strings the part announces.

use std::io::BufRead;

use super::xml::{Node, Xml, attribute};
use crate::error::{SheetError, TooMuch};
use crate::limits::{CELL_CHARS_MAX, SHARED_STRING_BYTES_MAX, SHARED_STRINGS_MAX};

/// Texts that cells refer to by number, all in one.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    pub(super) fn read<B: BufRead>(xml: &mut Xml<'_, B>) -> Result<Self, SheetError> {
        let mut strings = Self::default();
        loop {
            match xml.next()? {
                (Node::Start(element), depth) if element.local_name().as_ref() == "si" => {
                    let text = read_text(xml, depth)?;
                    strings.push(&text)?;
                }
                (Node::Eof, _) => return Ok(strings),
                (Node::Start(_) | Node::End | Node::Text(_), _) => {}
            }
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let start = at
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text
            .get(usize::try_from(start).ok()?..usize::try_from(*self.ends.get(at)?).ok()?)
    }

    fn push(&mut self, text: &str) -> Result<(), SheetError> {
        self.text.push_str(text);
        if self.text.len() > SHARED_STRING_BYTES_MAX || self.ends.len() >= SHARED_STRINGS_MAX {
            return Err(TooMuch::Strings.into());
        }
        self.ends
            .push(u32::try_from(self.text.len()).map_err(|_| TooMuch::Strings)?);
        Ok(())
    }
}

/// Text of a cell as it is gathered from its elements.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) text: String,
    /// Depth of the `<t>` or `<v>` being read, and whether its blanks count.
    open: Option<(usize, bool)>,
    /// Depth of `<rPh>`, the reading aid for Japanese, whose text is not part of the cell.
    aid: Option<usize>,
    start: usize,
}

impl Gathered {
    /// Takes the next node at its depth; `named` is the element whose text counts.
    pub(super) fn node(&mut self, node: Node<'_>, depth: usize, named: &str) -> Result<(), SheetError> {
        match node {
            Node::Start(element) => {
                let name = element.local_name();
                if name.as_ref() == "rPh" {
                    self.aid = Some(depth);
                } else if self.aid.is_none() && name.as_ref() == named {
                    let kept = attribute(&element, "space")?.is_some_and(|space| space == "preserve");
                    self.open = Some((depth, kept));
                    self.start = self.text.len();
                }
            }
            Node::End => self.end(depth),
            Node::Text(text) if self.open.is_some() => {
                self.text.push_str(&text);
                // Four bytes a character at most; the exact count is the row's business.
                if self.text.len() > CELL_CHARS_MAX * 4 {
                    return Err(TooMuch::Run.into());
                }
            }
            Node::Text(_) | Node::Eof => {}
        }
        Ok(())
    }

    /// An element has ended, and `depth` are those still open.
    fn end(&mut self, depth: usize) {
        if self.aid.is_some_and(|aid| depth < aid) {
            self.aid = None;
        }
        let Some((_, kept)) = self.open.filter(|&(opened, _)| depth < opened) else {
            return;
        };
        self.open = None;
        if !kept {
            let part = self.text.split_off(self.start);
            self.text.push_str(part.trim_matches([' ', '\t', '\r', '\n']));
        }
    }
}

/// Reads the text of an `<si>` that stands at `depth` and was started last.
fn read_text<B: BufRead>(xml: &mut Xml<'_, B>, depth: usize) -> Result<String, SheetError> {
    let mut gathered = Gathered::default();
    loop {
        let (node, open) = xml.next()?;
        gathered.node(node, open, "t")?;
        if open < depth {
            return Ok(unescape(&gathered.text));
        }
    }
}

/// `_x000D_` stands for the character of that number, `_x005F_` for an underscore before such a text.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let escaped = from.get(2..7).filter(|code| code.ends_with('_'));
        let number = escaped.and_then(|code| u32::from_str_radix(code.trim_end_matches('_'), 16).ok());
        let skip = match number.and_then(char::from_u32) {
            Some(c) => {
                plain.push(c);
                7
            }
            None => {
                plain.push_str("_x");
                2
            }
        };
        rest = from.get(skip..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}
