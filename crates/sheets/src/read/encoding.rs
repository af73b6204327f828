//! Bytes to text: UTF-8, UTF-16 with its mark, GBK and GB18030 told apart by content.
//! Never lets a byte through that it cannot read: no replacement characters, no mojibake.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{SheetError, WrongEncoding};

const CHUNK_BYTES: usize = 64 << 10;
/// Bytes of a line that are looked at to tell its encoding.
const LINE_BYTES_MAX: usize = 64 << 10;

/// Tells the encoding of a whole file, and refuses it if there is not exactly one.
pub(super) fn detect(file: &mut (impl Read + Seek)) -> Result<&'static Encoding, SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut mark = Vec::new();
    file.by_ref().take(3).read_to_end(&mut mark)?;
    if let Some((encoding, _)) = Encoding::for_bom(&mark) {
        check(file, encoding)?;
        return Ok(encoding);
    }
    match check(file, UTF_8) {
        Err(SheetError::Encoding(WrongEncoding::Unknown { .. } | WrongEncoding::CutOff)) => {}
        other => return other.map(|()| UTF_8),
    }
    // Much that is UTF-8 can be read as GB18030 too, and gives mojibake: so each line is asked first.
    if let Some(line) = first_utf8_line(file)? {
        return Err(WrongEncoding::Mixed { line }.into());
    }
    check(file, GB18030)?;
    Ok(GB18030)
}

/// Refuses a file that is not UTF-8, as JSON has to be.
pub(super) fn only_utf8(file: &mut (impl Read + Seek)) -> Result<(), SheetError> {
    if detect(file)? == UTF_8 {
        return Ok(());
    }
    Err(SheetError::json("编码不是 UTF-8".to_owned()))
}

/// Bytes of the mark at the start of a file that is UTF-8.
pub(super) fn utf8_mark_bytes(file: &mut (impl Read + Seek)) -> Result<u64, SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut mark = Vec::new();
    file.by_ref().take(3).read_to_end(&mut mark)?;
    Ok(if mark == b"\xEF\xBB\xBF" { 3 } else { 0 })
}

/// Reads the text from the start in chunks; the mark, if any, is not part of it.
pub(super) fn decode(
    file: &mut (impl Read + Seek),
    encoding: &'static Encoding,
    mut visit: impl FnMut(&str) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut decoder = encoding.new_decoder();
    let (mut bytes, mut text) = (vec![0; CHUNK_BYTES], String::with_capacity(CHUNK_BYTES * 2));
    loop {
        let read = file.read(&mut bytes)?;
        let mut rest = bytes.get(..read).unwrap_or_default();
        loop {
            text.clear();
            let (result, taken, _) = decoder.decode_to_string(rest, &mut text, read == 0);
            rest = rest.get(taken..).unwrap_or_default();
            visit(&text)?;
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// Whether the whole file is in that encoding, and text.
fn check(file: &mut (impl Read + Seek), encoding: &'static Encoding) -> Result<(), SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut decoder = encoding.new_decoder();
    let (mut bytes, mut line) = (vec![0; CHUNK_BYTES], 1);
    loop {
        let read = file.read(&mut bytes)?;
        let chunk = bytes.get(..read).unwrap_or_default();
        check_chunk(&mut decoder, chunk, read == 0, &mut line)?;
        if read == 0 {
            return Ok(());
        }
    }
}

fn check_chunk(decoder: &mut Decoder, chunk: &[u8], last: bool, line: &mut u32) -> Result<(), SheetError> {
    let mut text = [0; 4 << 10];
    let mut rest = chunk;
    loop {
        let (result, taken, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, last);
        rest = rest.get(taken..).unwrap_or_default();
        for &byte in text.get(..written).unwrap_or_default() {
            if byte == 0 {
                return Err(WrongEncoding::Nul { line: *line }.into());
            }
            *line += u32::from(byte == b'\n');
        }
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) if last => return Err(WrongEncoding::CutOff.into()),
            DecoderResult::Malformed(..) => return Err(WrongEncoding::Unknown { line: *line }.into()),
        }
    }
}

/// The first line that is UTF-8 and holds a Chinese character as such: in a file of another encoding
/// that does not come about by chance, since three bytes would have to fit each time.
fn first_utf8_line(file: &mut (impl Read + Seek)) -> Result<Option<u32>, SheetError> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = vec![0; CHUNK_BYTES];
    let (mut start, mut number) = (Vec::new(), 1);
    loop {
        let read = file.read(&mut bytes)?;
        let chunk = bytes.get(..read).unwrap_or_default();
        for part in chunk.split_inclusive(|&byte| byte == b'\n') {
            let room = LINE_BYTES_MAX.saturating_sub(start.len());
            start.extend(part.iter().take(room));
            if part.ends_with(b"\n") {
                if is_utf8_with_chinese(&start) {
                    return Ok(Some(number));
                }
                number += 1;
                start.clear();
            }
        }
        if read == 0 {
            return Ok(is_utf8_with_chinese(&start).then_some(number));
        }
    }
}

fn is_utf8_with_chinese(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|text| text.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')))
}

/// The name by which people know the encoding.
pub(super) fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == UTF_8 {
        "UTF-8"
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        "UTF-16"
    } else {
        "GB18030（GBK）"
    }
}
