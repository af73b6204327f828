//! The zip container of a workbook: its directory is measured before it is read, its parts while they inflate.
//! Never trusts a size that the container declares, and never inflates a part that is not asked for.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;

use super::xml::Xml;
use crate::error::{SheetError, TooMuch, WrongKind};
use crate::limits::{DIRECTORY_BYTES_MAX, INFLATED_BYTES_MAX, PARTS_MAX, XML_NODES_MAX, XML_RUN_BYTES_MAX};

/// Longest end record with its comment, and the locator of the 64-bit end record before it.
const TAIL_BYTES_MAX: u64 = 22 + 65_535 + 20;
const END: &[u8] = b"PK\x05\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const END_64: &[u8] = b"PK\x06\x06";

/// An open container.
pub(super) struct Package<R> {
    zip: ZipArchive<R>,
    /// Position of a part by its path, in lower case and with `/`: some programs write neither as they should.
    parts: HashMap<String, usize>,
    /// Bytes that may still be inflated.
    bytes_left: u64,
    /// Nodes of XML that may still be read.
    nodes_left: u64,
}

/// A part of the workbook, to be read as XML.
pub(super) type Part<'a, R> = Xml<'a, BufReader<Guard<'a, zip::read::ZipFile<'a, R>>>>;

impl<R: Read + Seek> Package<R> {
    pub(super) fn open(mut file: R, bytes: u64) -> Result<Self, SheetError> {
        check_directory(&mut file, bytes)?;
        let config = Config {
            archive_offset: ArchiveOffset::Known(0),
        };
        let zip = ZipArchive::with_config(config, file).map_err(damaged)?;
        let mut parts = HashMap::new();
        for at in 0..zip.len() {
            let Some(name) = zip.name_for_index(at) else {
                continue;
            };
            let name = name.map_err(damaged)?;
            if parts.insert(part_key(&name), at).is_some() {
                return Err(SheetError::damaged("有同名的部件"));
            }
        }
        let package = Self {
            zip,
            parts,
            bytes_left: INFLATED_BYTES_MAX,
            nodes_left: XML_NODES_MAX,
        };
        package.check_kind()?;
        Ok(package)
    }

    /// Opens a part by its path from the root of the container; none if there is no such part.
    pub(super) fn part(&mut self, path: &str) -> Result<Option<Part<'_, R>>, SheetError> {
        let Some(&at) = self.parts.get(&part_key(path)) else {
            return Ok(None);
        };
        let entry = self.zip.by_index(at).map_err(damaged)?;
        // An honest bomb can be refused before the first byte.
        if entry.size() > self.bytes_left {
            return Err(TooMuch::Inflated.into());
        }
        let guard = Guard {
            inner: entry,
            left: &mut self.bytes_left,
            run: 0,
        };
        Ok(Some(Xml::new(
            BufReader::with_capacity(GUARD_CHUNK, guard),
            &mut self.nodes_left,
        )))
    }

    /// Tells a workbook from the other things that come in zip containers.
    fn check_kind(&self) -> Result<(), SheetError> {
        let has = |part: &str| self.parts.contains_key(part);
        if has("_rels/.rels")
            && !has("xl/workbook.bin")
            && !has("word/document.xml")
            && !has("ppt/presentation.xml")
        {
            return Ok(());
        }
        let kind = if has("xl/workbook.bin") {
            WrongKind::Xlsb
        } else if has("content.xml") && has("mimetype") {
            WrongKind::Ods
        } else if has("_rels/.rels") {
            WrongKind::Document
        } else {
            WrongKind::Archive
        };
        Err(kind.into())
    }
}

fn part_key(path: &str) -> String {
    path.trim_start_matches('/')
        .replace('\\', "/")
        .to_ascii_lowercase()
}

/// Measures the directory before the zip reader makes room for it.
fn check_directory(file: &mut (impl Read + Seek), bytes: u64) -> Result<(), SheetError> {
    let tail_start = bytes.saturating_sub(TAIL_BYTES_MAX);
    let tail = bytes_at(file, tail_start, TAIL_BYTES_MAX)?;
    let ends: Vec<usize> = memchr::memmem::find_iter(&tail, END).collect();
    // Readers disagree about which of two end records holds; real workbooks have one.
    let &[end] = ends.as_slice() else {
        return Err(SheetError::damaged("压缩包没有完整的结尾，可能没有传完"));
    };
    let wide = end
        .checked_sub(20)
        .filter(|&at| tail.get(at..).is_some_and(|from| from.starts_with(LOCATOR_64)));
    let short = |at: usize| {
        Some(u64::from(u16::from_le_bytes(
            tail.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let word = |at: usize| {
        Some(u64::from(u32::from_le_bytes(
            tail.get(at..at + 4)?.try_into().ok()?,
        )))
    };
    let cut = || SheetError::damaged("压缩包的结尾不完整");
    let Some(locator) = wide else {
        let (parts, size) = (short(end + 10).ok_or_else(cut)?, word(end + 12).ok_or_else(cut)?);
        return check_size(parts, size);
    };
    let offset = tail
        .get(locator + 8..locator + 16)
        .and_then(|b| b.try_into().ok())
        .map(u64::from_le_bytes);
    let record = bytes_at(file, offset.ok_or_else(cut)?, 56)?;
    let long = |at: usize| {
        record
            .get(at..at + 8)
            .and_then(|b| b.try_into().ok())
            .map(u64::from_le_bytes)
    };
    if !record.starts_with(END_64) {
        return Err(cut());
    }
    check_size(long(32).ok_or_else(cut)?, long(40).ok_or_else(cut)?)
}

fn check_size(parts: u64, directory_bytes: u64) -> Result<(), SheetError> {
    if parts > PARTS_MAX || directory_bytes > DIRECTORY_BYTES_MAX {
        return Err(TooMuch::Parts.into());
    }
    Ok(())
}

fn bytes_at(file: &mut (impl Read + Seek), start: u64, most: u64) -> Result<Vec<u8>, SheetError> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn damaged(error: ZipError) -> SheetError {
    if matches!(
        error,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)
    ) {
        return SheetError::damaged("压缩或加密的方式不支持");
    }
    if matches!(error, ZipError::Io(_)) {
        return SheetError::damaged("压缩的内容损坏，可能没有传完");
    }
    SheetError::damaged("压缩包的目录与内容不符")
}

/// Bytes read at a time; less than a run may be long, so that only the ends of a chunk need counting.
const GUARD_CHUNK: usize = 64 << 10;
const _: () = assert!(GUARD_CHUNK < XML_RUN_BYTES_MAX);

/// Counts what comes out of a part: bytes in all, and bytes between two `<`, which the XML reader buffers.
pub(super) struct Guard<'a, R> {
    inner: R,
    left: &'a mut u64,
    run: usize,
}

impl<R: Read> Read for Guard<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(GUARD_CHUNK);
        let Some(room) = buffer.get_mut(..most) else {
            return Ok(0);
        };
        let read = self.inner.read(room)?;
        let chunk = room.get(..read).unwrap_or_default();
        *self.left = self
            .left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| io::Error::other(TooMuch::Inflated))?;
        match (memchr::memchr(b'<', chunk), memchr::memrchr(b'<', chunk)) {
            (Some(first), Some(last)) => {
                check_run(self.run + first)?;
                self.run = chunk.len() - last;
            }
            _ => self.run += chunk.len(),
        }
        check_run(self.run)?;
        Ok(read)
    }
}

fn check_run(run: usize) -> io::Result<()> {
    if run > XML_RUN_BYTES_MAX {
        Err(io::Error::other(TooMuch::Run))
    } else {
        Ok(())
    }
}
