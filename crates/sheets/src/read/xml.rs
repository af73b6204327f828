//! Elements and text of one part of a workbook, one at a time.
//! Never follows a document type, an entity of its own making, or nesting without end.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use crate::error::{SheetError, TooMuch};
use crate::limits::XML_DEPTH_MAX;

/// What a part consists of, as far as a workbook matters.
pub(super) enum Node<'a> {
    /// `<name …>`; an empty element gives this and then its end.
    Start(BytesStart<'a>),
    /// `</name>`
    End,
    /// Text, entities resolved.
    Text(std::borrow::Cow<'a, str>),
    /// The end of the part.
    Eof,
}

/// A part being read.
pub(super) struct Xml<'a, B> {
    reader: quick_xml::Reader<B>,
    buffer: Vec<u8>,
    /// Elements open around the place being read.
    depth: usize,
    /// Nodes that may still be read, here and in the parts after.
    left: &'a mut u64,
}

impl<'a, B: BufRead> Xml<'a, B> {
    pub(super) fn new(bytes: B, left: &'a mut u64) -> Self {
        let mut reader = quick_xml::Reader::from_reader(bytes);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
            left,
        }
    }

    /// The next node, and how many elements are open after it (its own included if it is a start).
    pub(super) fn next(&mut self) -> Result<(Node<'_>, usize), SheetError> {
        self.buffer.clear();
        *self.left = self.left.checked_sub(1).ok_or(TooMuch::Inflated)?;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(refused)?;
        let node = match event {
            Event::Start(start) | Event::Empty(start) => {
                self.depth += 1;
                if self.depth > XML_DEPTH_MAX {
                    return Err(TooMuch::Depth.into());
                }
                Node::Start(start)
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Node::End
            }
            Event::Text(text) => Node::Text(text.xml10_content()),
            Event::CData(text) => Node::Text(text.xml10_content()),
            Event::GeneralRef(entity) => Node::Text(resolve(&entity)?.to_string().into()),
            Event::DocType(_) => return Err(TooMuch::Dtd.into()),
            Event::Eof if self.depth > 0 => return Err(SheetError::damaged("部件不完整")),
            Event::Eof => Node::Eof,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Node::Text("".into()),
        };
        Ok((node, self.depth))
    }
}

/// The value of an attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| ill_formed())?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|_| ill_formed())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// The five entities of XML and characters by number; there are no others without a DTD.
fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Result<char, SheetError> {
    if let Some(c) = entity.resolve_char_ref().map_err(|_| ill_formed())? {
        return Ok(c);
    }
    match entity.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(TooMuch::Dtd.into()),
    }
}

/// A limit met by the reader underneath comes up through the XML reader as an I/O error.
fn refused(error: quick_xml::Error) -> SheetError {
    let quick_xml::Error::Io(io) = error else {
        return ill_formed();
    };
    match io.get_ref().and_then(|inner| inner.downcast_ref::<TooMuch>()) {
        Some(limit) => limit.clone().into(),
        None => SheetError::damaged("压缩的内容损坏，可能没有传完"),
    }
}

fn ill_formed() -> SheetError {
    SheetError::damaged("部件的内容不合规范")
}
