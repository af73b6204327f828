//! Files to rows: tells by content what a file is, and reads it row by row within the limits.
//! Never looks at a file's name, and never holds more of a file than the row being read.

mod cells;
mod csv;
mod encoding;
mod json;
mod package;
mod strings;
mod workbook;
mod xml;

use std::io::{Read, Seek, SeekFrom};

use crate::error::{SheetError, TooMuch, WrongKind};
use crate::limits::FILE_BYTES_MAX;

pub(crate) use csv::read as read_text;
pub(crate) use json::read as read_json;
pub(crate) use workbook::{Sheet, Workbook};

/// Bytes at the start of a file that tell its kind.
const HEAD_BYTES: u64 = 512;
/// Stream in which Office keeps an encrypted workbook; names in the old container are UTF-16.
const ENCRYPTED_NAME: &str = "EncryptedPackage";
const OLD_WORKBOOK_NAMES: [&str; 2] = ["Workbook", "Book"];

/// What a file is.
pub(crate) enum File<R: Read + Seek> {
    /// A workbook (.xlsx).
    Workbook(Workbook<R>),
    /// Delimited text (.csv), rows to be read by [`read_text`].
    Text(R),
    /// An array of JSON objects, rows to be read by [`read_json`].
    Json(R),
}

/// Tells what a file is.
pub(crate) fn open<R: Read + Seek>(mut file: R) -> Result<File<R>, SheetError> {
    let bytes = file.seek(SeekFrom::End(0))?;
    if bytes > FILE_BYTES_MAX {
        return Err(TooMuch::File.into());
    }
    let head = head_of(&mut file)?;
    if head.is_empty() {
        return Err(WrongKind::Empty.into());
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Workbook::open(file, bytes).map(File::Workbook);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(old_office_kind(&mut file)?.into());
    }
    if let Some(kind) = other_kind(&head) {
        return Err(kind.into());
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(if is_json(&head) {
        File::Json(file)
    } else {
        File::Text(file)
    })
}

fn head_of(file: &mut (impl Read + Seek)) -> Result<Vec<u8>, SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// What is inside the container of .xls, .doc and encrypted workbooks: told by the names of its streams.
fn old_office_kind(file: &mut (impl Read + Seek)) -> Result<WrongKind, SheetError> {
    let encrypted = utf16(ENCRYPTED_NAME);
    let workbooks = OLD_WORKBOOK_NAMES.map(utf16);
    let mut kind = WrongKind::OldOffice;
    let mut window = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    loop {
        let read = file.by_ref().take(64 << 10).read_to_end(&mut window)?;
        if memchr::memmem::find(&window, &encrypted).is_some() {
            return Ok(WrongKind::Encrypted);
        }
        if workbooks
            .iter()
            .any(|name| memchr::memmem::find(&window, name).is_some())
        {
            kind = WrongKind::OldXls;
        }
        if read == 0 {
            return Ok(kind);
        }
        // A name may lie across two windows.
        window.drain(..window.len().saturating_sub(encrypted.len()));
    }
}

fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn other_kind(head: &[u8]) -> Option<WrongKind> {
    const MAGIC: [&[u8]; 8] = [
        b"%PDF",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x1F\x8B",
        b"{\\rtf",
    ];
    if MAGIC.iter().any(|magic| head.starts_with(magic)) {
        return Some(WrongKind::Other);
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start()
        .to_ascii_lowercase();
    let html = [
        &b"<html"[..],
        b"<!doctype",
        b"<table",
        b"<?xml",
        b"<head",
        b"<meta",
        b"<style",
        b"mime-version:",
    ];
    html.iter()
        .any(|start| text.starts_with(start))
        .then_some(WrongKind::Html)
}

/// Whether a text begins as an array of objects does, or as an object alone. A table whose title stands in brackets
/// begins in another way.
fn is_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut bytes = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (bytes.next(), bytes.next()),
        (Some(b'['), None | Some(b'{' | b'[' | b']')) | (Some(b'{'), None | Some(b'"' | b'}'))
    )
}

#[cfg(test)]
mod tests;
