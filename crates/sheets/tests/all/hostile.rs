//! Hostile files: refused or streamed within 64 MiB of additional memory and one second of processor time.
//!
//! Each file is read by a child process (this test binary again, running only [`probe`]), whose peak memory the
//! kernel keeps (VmHWM in /proc/self/status), and whose processor time it keeps too (/proc/thread-self/schedstat),
//! so that other tests running at the same time do not count.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::process::{Command, Stdio};

use sheets::{SheetError, Sources, TooMuch, WrongKind};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::fixtures::{Parts, code, import_sources, inline_row};

const MEMORY_KIB_MAX: u64 = 64 << 10;
/// Twice the second: tests are built with debug assertions, and the machine may be busy with others of them.
const TIME_MS_MAX: u64 = 2_000;

/// Reads the file that is its standard input, and says what it took. Run by [`measured`], not by hand.
#[test]
#[ignore = "run by the other tests of this module, in a process of its own"]
fn probe() {
    let file = File::open("/proc/self/fd/0").unwrap();
    let (memory, time) = (status_kib("VmRSS:"), nanoseconds());
    let said = match sheets::import::<Sources>(file) {
        Ok(import) => format!("read {} rows", import.accepted.len() + import.refused.len()),
        Err(error) => format!("{error}"),
    };
    let (memory, time) = (status_kib("VmHWM:").saturating_sub(memory), nanoseconds() - time);
    println!("probe\t{memory}\t{}\t{said}", time / 1_000_000);
}

fn status_kib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Processor time of this thread.
fn nanoseconds() -> u64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split(' ').next().unwrap().parse().unwrap()
}

/// Reads a file in a child process; gives what it said.
fn measured(name: &str, file: &mut File) -> String {
    file.seek(SeekFrom::Start(0)).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "hostile::probe",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .stdin(Stdio::from(file.try_clone().unwrap()))
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout).into_owned();
    let line = output
        .lines()
        .find_map(|line| line.split_once("probe\t"))
        .unwrap_or_else(|| panic!("{name}: {child:?}"));
    let fields: Vec<&str> = line.1.split('\t').collect();
    let (memory, time): (u64, u64) = (fields[0].parse().unwrap(), fields[1].parse().unwrap());
    println!("{name}: {memory} KiB, {time} ms: {}", fields[2]);
    assert!(memory <= MEMORY_KIB_MAX, "{name}: {memory} KiB");
    assert!(time <= TIME_MS_MAX, "{name}: {time} ms");
    fields[2].to_owned()
}

fn on_disk(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn said(name: &str, bytes: &[u8]) -> String {
    measured(name, &mut on_disk(bytes))
}

fn sentence(refusal: TooMuch) -> String {
    SheetError::from(refusal).to_string()
}

/// A workbook with one part written piece by piece, and its declared size falsified if `honest` is not set.
fn workbook_with(name: &str, honest: bool, pieces: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(Parts::sheet("").without(name).zip())).unwrap();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    zip.start_file(name, options).unwrap();
    let mut size = 0_u64;
    for piece in pieces {
        size += piece.len() as u64;
        zip.write_all(&piece).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    if !honest {
        let declared = u32::try_from(size).unwrap().to_le_bytes();
        let places: Vec<usize> = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, w)| *w == declared)
            .map(|(at, _)| at)
            .collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    bytes
}

fn sheet_of(before: &str, piece: &str, count: usize, after: &str) -> impl Iterator<Item = Vec<u8>> {
    let many = 1.max((64 << 10) / piece.len());
    let block = piece.repeat(many).into_bytes();
    let start = format!("<worksheet><sheetData>{before}").into_bytes();
    let end = format!("{after}</sheetData></worksheet>").into_bytes();
    std::iter::once(start)
        .chain(std::iter::repeat_n(block, count / many))
        .chain(std::iter::once(end))
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn i1_a_text_of_400_megabytes_in_one_cell() {
    let text = |bytes, honest| {
        let cell = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>"#;
        workbook_with(SHEET, honest, sheet_of(cell, "A", bytes, "</t></is></c></row>"))
    };
    assert_eq!(
        said("400 MB text", &text(400 << 20, true)),
        sentence(TooMuch::Inflated)
    );
    assert!(said("400 MB text, declared as 1 kB", &text(400 << 20, false)).contains("已损坏"));
    assert_eq!(
        said("150 MB text", &text(150 << 20, true)),
        sentence(TooMuch::Run)
    );
}

#[test]
fn i1_an_attribute_without_end() {
    let bytes = workbook_with(
        SHEET,
        true,
        sheet_of(r#"<row r="1"><c r=""#, "A", 100 << 20, r#""/></row>"#),
    );
    assert_eq!(said("100 MB attribute", &bytes), sentence(TooMuch::Run));
}

#[test]
fn i1_a_bomb_of_small_elements() {
    let elements = |count, honest| workbook_with(SHEET, honest, sheet_of("", "<x/>", count, ""));
    assert_eq!(
        said("400 MB of <x/>", &elements(100 << 20, true)),
        sentence(TooMuch::Inflated)
    );
    assert!(said("400 MB of <x/>, declared as 1 kB", &elements(100 << 20, false)).contains("已损坏"));
    assert_eq!(
        said("188 MB of <x/>", &elements(47 << 20, true)),
        sentence(TooMuch::Inflated)
    );
}

#[test]
fn i1_nesting_without_end() {
    let bytes = workbook_with(SHEET, true, sheet_of("", "<a>", 10 << 20, ""));
    assert_eq!(said("10^7 elements nested", &bytes), sentence(TooMuch::Depth));
}

#[test]
fn i1_a_cell_at_the_far_corner() {
    let far = |value: &str| {
        Parts::table(&format!(
            r#"<row r="1048576"><c r="XFD1048576">{value}</c></row>"#
        ))
        .zip()
    };
    assert_eq!(said("XFD1048576, blank", &far("")), "read 1 rows");
    let place = "XFD1048576".to_owned();
    assert_eq!(
        said("XFD1048576", &far("<v>1</v>")),
        sentence(TooMuch::Columns { place })
    );
    let below = Parts::table(&inline_row(1_048_576, &["示例厂", &code(2)])).zip();
    assert_eq!(said("row 1048576", &below), "read 2 rows");
}

#[test]
fn i1_places_that_no_spreadsheet_has() {
    for place in ["ZZZZZZZZZZ1", "A99999999999", "", "1", "A", "AAAA1", "甲1"] {
        let bytes = Parts::table(&format!(r#"<row r="3"><c r="{place}"><v>1</v></c></row>"#)).zip();
        let error = import_sources(bytes).err();
        assert!(
            error.is_none_or(|error| matches!(error, SheetError::Damaged { .. })),
            "{place}"
        );
    }
    for row in ["0", "1", "99999999999", "-1", "x"] {
        let bytes = Parts::table(&format!(r#"<row r="{row}"><c><v>1</v></c></row>"#)).zip();
        assert!(
            matches!(import_sources(bytes), Err(SheetError::Damaged { .. })),
            "{row}"
        );
    }
}

fn rows_of(count: u32, cell: &str) -> impl Iterator<Item = Vec<u8>> {
    let header = inline_row(1, &["企业名称", "统一社会信用代码"]) + &inline_row(2, &["示例厂", &code(1)]);
    let row = move |number: u32| {
        format!(
            "<row r=\"{number}\">{}</row>",
            cell.replace('#', &number.to_string())
        )
    };
    let rows: Vec<u8> = (3..count).map(row).collect::<String>().into_bytes();
    let start = format!("<worksheet><sheetData>{header}").into_bytes();
    [start, rows, b"</sheetData></worksheet>".to_vec()].into_iter()
}

#[test]
fn i1_a_million_rows() {
    let blank = workbook_with(
        SHEET,
        true,
        rows_of(1_000_000, r##"<c r="A#" s="1"/><c r="B#" s="1"/>"##),
    );
    assert_eq!(said("10^6 blank rows", &blank), "read 1 rows");
    let filled = workbook_with(
        SHEET,
        true,
        rows_of(1_000_000, r##"<c r="A#" t="inlineStr"><is><t>a</t></is></c>"##),
    );
    assert_eq!(said("10^6 rows", &filled), sentence(TooMuch::Rows));
    let nothing = workbook_with(SHEET, true, sheet_of("", "<row/>", 1_000_000, ""));
    assert!(said("10^6 rows without a number", &nothing).contains("找不到"));
}

#[test]
fn i1_a_hundred_thousand_columns() {
    let cells = workbook_with(
        SHEET,
        true,
        sheet_of("<row>", "<c><v>1</v></c>", 100_000, "</row>"),
    );
    let place = "GS1".to_owned();
    assert_eq!(said("10^5 columns", &cells), sentence(TooMuch::Columns { place }));
    let blank = workbook_with(SHEET, true, sheet_of("<row>", "<c s=\"1\"/>", 100_000, "</row>"));
    assert!(said("10^5 blank columns", &blank).contains("找不到"));
    let text = format!("企业名称,统一社会信用代码\n{}\n", "a,".repeat(100_000));
    assert!(said("10^5 columns of text", text.as_bytes()).contains("列的上限"));
}

#[test]
fn i1_ten_thousand_sheets() {
    let sheets: String = (0..10_000).fold(String::new(), |mut all, number| {
        let _ = write!(all, r#"<sheet name="{number}" r:id="s1"/>"#);
        all
    });
    let listed = Parts::table("").with(
        "xl/workbook.xml",
        format!("<workbook><sheets>{sheets}</sheets></workbook>"),
    );
    assert_eq!(
        said("10^4 sheets listed", &listed.zip()),
        sentence(TooMuch::Sheets)
    );
    let parts = (0..10_000).fold(Parts::table(""), |parts, number| {
        parts.with(&format!("xl/worksheets/s{number}.xml"), "<a/>")
    });
    assert_eq!(said("10^4 parts", &parts.zip()), sentence(TooMuch::Parts));
}

#[test]
fn i1_a_directory_that_lies_about_its_size() {
    let mut bytes = Parts::table("").zip();
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0xFE, 0xFF, 0xFE, 0xFF]);
    assert_eq!(said("65,534 parts declared", &bytes), sentence(TooMuch::Parts));
    let mut twice = Parts::table("").zip();
    twice.extend_from_within(twice.len() - 22..);
    assert!(said("two end records", &twice).contains("已损坏"));
}

#[test]
fn i1_document_types_and_entities() {
    let bomb = r#"<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let outside = r#"<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>"#;
    for dtd in [bomb, outside] {
        for part in [
            SHEET,
            "xl/sharedStrings.xml",
            "xl/workbook.xml",
            "xl/styles.xml",
            "_rels/.rels",
        ] {
            let bytes = Parts::table("").with(part, format!("{dtd}<a>&b;</a>")).zip();
            assert!(
                matches!(import_sources(bytes), Err(SheetError::TooMuch(TooMuch::Dtd))),
                "{part}"
            );
        }
    }
    let unknown = Parts::table("<row r=\"3\"><c t=\"str\"><v>&b;</v></c></row>").zip();
    assert!(matches!(
        import_sources(unknown),
        Err(SheetError::TooMuch(TooMuch::Dtd))
    ));
}

#[test]
fn i1_shared_strings_without_end() {
    let announced = Parts::table("").with(
        "xl/sharedStrings.xml",
        r#"<sst uniqueCount="999999999999999999"><si><t>a</t></si></sst>"#,
    );
    assert_eq!(said("10^18 strings announced", &announced.zip()), "read 1 rows");
    let strings = |text: &str, count: usize| {
        let part = format!("<sst>{}</sst>", format!("<si><t>{text}</t></si>").repeat(count));
        Parts::table("").with("xl/sharedStrings.xml", part).zip()
    };
    assert_eq!(
        said("3·10^6 strings", &strings("a", 3_000_000)),
        sentence(TooMuch::Strings)
    );
    assert_eq!(
        said("1,500 strings of 30,000", &strings(&"a".repeat(30_000), 1_500)),
        sentence(TooMuch::Strings)
    );
}

#[test]
fn i1_styles_without_end() {
    let formats = format!(
        "<styleSheet><cellXfs>{}</cellXfs></styleSheet>",
        r#"<xf numFmtId="14"/>"#.repeat(200_000)
    );
    assert_eq!(
        said(
            "200,000 formats",
            &Parts::table("").with("xl/styles.xml", formats).zip()
        ),
        sentence(TooMuch::Formats)
    );
    let code = "y".repeat(300_000);
    let formats = format!(
        r#"<styleSheet><numFmts>{}</numFmts></styleSheet>"#,
        format!(r#"<numFmt numFmtId="1" formatCode="{code}"/>"#).repeat(100)
    );
    said(
        "100 format codes of 300,000",
        &Parts::table("").with("xl/styles.xml", formats).zip(),
    );
}

#[test]
fn i1_one_cell_longer_than_any_cell() {
    let bytes = Parts::table(&inline_row(3, &[&"长".repeat(32_768), "x"])).zip();
    assert_eq!(
        said("32,768 characters", &bytes),
        sentence(TooMuch::CellText { row: 3 })
    );
    let text = format!("企业名称,统一社会信用代码\n{},x\n", "a".repeat(60 << 20));
    assert_eq!(
        said("60 MB line of text", text.as_bytes()),
        sentence(TooMuch::CellText { row: 2 })
    );
}

#[test]
fn i2_a_line_of_a_gigabyte() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all("企业名称,统一社会信用代码\n".as_bytes()).unwrap();
    file.set_len(1 << 30).unwrap();
    assert_eq!(measured("1 GB line", &mut file), sentence(TooMuch::File));
}

#[test]
fn i2_a_million_rows_of_text() {
    let text = "企业名称,统一社会信用代码\n".to_owned() + &"a,b\n".repeat(1_000_000);
    assert_eq!(
        said("10^6 rows of text", text.as_bytes()),
        sentence(TooMuch::Rows)
    );
    let blank = "企业名称,统一社会信用代码\n".to_owned() + &"\n".repeat(10 << 20);
    assert_eq!(said("10^7 blank rows of text", blank.as_bytes()), "read 0 rows");
}

#[test]
fn i2_json_without_end() {
    let said = |name: &str, json: String| said(name, json.as_bytes());
    let long = said(
        "30 MB text in JSON",
        format!("[{{\"企业名称\": \"{}\"}}]", "a".repeat(30 << 20)),
    );
    assert!(long.contains("超过32767个字"), "{long}");
    let escaped = said(
        "30 MB of escapes",
        format!("[{{\"企业名称\": \"{}\"}}]", "\\u4e00".repeat(5 << 20)),
    );
    assert!(escaped.contains("超过32767个字"), "{escaped}");
    let key = said("30 MB key", format!("[{{\"{}\": 1}}]", "a".repeat(30 << 20)));
    assert!(key.contains("超过32767个字"), "{key}");
    let nested = said("5·10^6 arrays nested", "[".repeat(5 << 20));
    assert!(nested.contains("附近写得不对"), "{nested}");
    let number = said(
        "30 MB number",
        format!("[{{\"企业名称\": {}}}]", "1".repeat(30 << 20)),
    );
    assert!(number.contains("附近写得不对"), "{number}");
    let keys: Vec<String> = (0..1_000_000).map(|number| format!("\"k{number}\": 1")).collect();
    let keys = said("10^6 keys", format!("[{{{}}}]", keys.join(",")));
    assert!(keys.contains("列的上限"), "{keys}");
    let other: Vec<String> = (0..1_000_000)
        .map(|number| format!("{{\"k{number}\": 1}}"))
        .collect();
    let other = said(
        "10^6 objects with keys of their own",
        format!("[{}]", other.join(",")),
    );
    assert!(other.contains("列的上限"), "{other}");
    let rows = r#"{"企业名称":"a","统一社会信用代码":"b"},"#.repeat(1_000_000);
    let rows = said("10^6 objects", format!("[{}]", rows.trim_end_matches(',')));
    assert_eq!(rows, sentence(TooMuch::Rows));
    let wide: Vec<String> = (0..200)
        .map(|number| format!("\"k{number}\":\"{}\"", "a".repeat(32_767)))
        .collect();
    let wide = said(
        "objects of 6 MB",
        format!("[{}]", vec![format!("{{{}}}", wide.join(",")); 9].join(",")),
    );
    assert!(wide.contains("找不到"), "{wide}");
    let blank = said("60 MB of blanks", format!("[{}]", " ".repeat(60 << 20)));
    assert!(blank.contains("找不到"), "{blank}");
}

#[test]
fn rows_that_all_bear_one_code_take_no_longer_than_others() {
    let header = "企业名称,统一社会信用代码,许可证编号\n";
    let rows = |name: fn(u32) -> String, permit: fn(u32) -> String| {
        let row = |number| format!("{},{},{}\n", name(number), code(1), permit(number));
        header.to_owned() + &(0..20_000).map(row).collect::<String>()
    };
    let same = |_: u32| "示例厂".to_owned();
    let other = |number: u32| format!("示例第{number}厂");
    let nothing = |_: u32| String::new();
    let licence = |number: u32| format!("示环字{number}号");
    let refused = SheetError::TooManyFindings.to_string();
    assert_eq!(
        said("20,000 enterprises of one code", rows(other, nothing).as_bytes()),
        refused
    );
    assert_eq!(
        said(
            "20,000 licences of one enterprise",
            rows(same, licence).as_bytes()
        ),
        refused
    );
    assert_eq!(said("20,000 equal rows", rows(same, nothing).as_bytes()), refused);
}

#[test]
fn i1_other_office_files() {
    let ole = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            vec![0; 70_000],
            name,
            vec![0; 1_000],
        ]
        .concat()
    };
    let kinds = [
        (ole("EncryptedPackage"), WrongKind::Encrypted),
        (ole("Workbook"), WrongKind::OldXls),
        (ole("WordDocument"), WrongKind::OldOffice),
        (
            Parts::table("").with("xl/workbook.bin", "x").zip(),
            WrongKind::Xlsb,
        ),
        (
            Parts::table("").with("word/document.xml", "x").zip(),
            WrongKind::Document,
        ),
        (
            Parts::table("")
                .without("_rels/.rels")
                .with("content.xml", "x")
                .with("mimetype", "x")
                .zip(),
            WrongKind::Ods,
        ),
        (
            Parts::table("")
                .without("_rels/.rels")
                .with("内层.xlsx", Parts::table("").zip())
                .zip(),
            WrongKind::Archive,
        ),
    ];
    for (bytes, kind) in kinds {
        let error = import_sources(bytes).unwrap_err();
        assert!(
            matches!(error, SheetError::Kind(found) if found == kind),
            "{kind:?}: {error}"
        );
    }
}

#[test]
fn i1_a_workbook_cut_off_anywhere_is_refused() {
    let bytes = Parts::table("").zip();
    for length in (8..bytes.len() - 1).step_by(7) {
        assert!(import_sources(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn i1_what_a_sheet_does_not_need_is_never_read() {
    let hostile = [0xFF; 1000];
    let parts = Parts::table("")
        .with("xl/vbaProject.bin", hostile)
        .with("xl/media/image1.png", hostile)
        .with("xl/embeddings/inner.xlsx", Parts::table("").zip())
        .with("docProps/app.xml", "<!DOCTYPE a [<!ENTITY b \"b\">]><a>&b;</a>");
    assert_eq!(import_sources(parts.zip()).unwrap().accepted.len(), 1);
}
