//! Delimited text: encodings, separators, quotes, line endings.

use encoding_rs::GB18030;
use rstest::rstest;
use sheets::{FileKind, SheetError, WrongEncoding};

use crate::fixtures::{code, delimited, import_sources, rows};

fn text() -> String {
    let mut rows = rows(5);
    // Characters of GBK, and of the four bytes of GB18030.
    crate::fixtures::set(&mut rows, 1, "法定代表人", "喆堃");
    crate::fixtures::set(&mut rows, 2, "法定代表人", "㐂𬭎");
    delimited(&rows, ",", "\r\n")
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once('\u{FEFF}')
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(to_bytes)
        .collect()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let text = text();
    let expected = import_sources(&text).unwrap();
    let gb = GB18030.encode(&text).0.into_owned();
    let encoded = [
        ("UTF-8", format!("\u{FEFF}{text}").into_bytes()),
        ("GB18030（GBK）", gb),
        ("UTF-16", utf16(&text, u16::to_le_bytes)),
        ("UTF-16", utf16(&text, u16::to_be_bytes)),
    ];
    assert_eq!(expected.findings, []);
    for (name, bytes) in encoded {
        let import = import_sources(bytes).unwrap();
        assert_eq!(
            import.summary.source,
            FileKind::Text {
                encoding: name,
                separator: ','
            }
        );
        assert_eq!(import.accepted, expected.accepted);
    }
}

#[rstest]
#[case(",", "\n")]
#[case(";", "\r\n")]
#[case("\t", "\r")]
fn separators_and_line_endings_are_told_by_content(#[case] separator: &str, #[case] ending: &str) {
    let import = import_sources(delimited(&rows(5), separator, ending)).unwrap();
    assert_eq!((import.accepted.len(), import.findings.len()), (5, 0));
    let rows: Vec<u32> = import.accepted.iter().map(|accepted| accepted.row).collect();
    assert_eq!(rows, [2, 3, 4, 5, 6]);
}

#[test]
fn quotes_hold_separators_quotes_and_line_endings() {
    let code = code(1);
    let text = format!(
        "企业名称,统一社会信用代码,机构地址\n\"示例\"\"甲\"\"厂\",\"{code}\",\"示例路1号,\r\n二楼\"\n示例厂,{},\"\"",
        crate::fixtures::code(2)
    );
    let import = import_sources(text).unwrap();
    assert_eq!(import.accepted[0].record.name.as_str(), "示例\"甲\"厂");
    assert_eq!(
        import.accepted[0].record.address.as_ref().unwrap().as_str(),
        "示例路1号, 二楼"
    );
    assert_eq!(
        (import.accepted[1].row, &import.accepted[1].record.address),
        (3, &None)
    );
}

#[test]
fn a_quote_that_is_never_closed_is_refused() {
    let error = import_sources(format!("企业名称,统一社会信用代码\n\"示例厂,{}\n", code(1))).unwrap_err();
    assert!(matches!(error, SheetError::Quote { row: 2 }), "{error}");
}

fn encoding_error(bytes: Vec<u8>) -> WrongEncoding {
    let error = import_sources(bytes).unwrap_err();
    let SheetError::Encoding(error) = error else {
        panic!("{error}")
    };
    error
}

#[test]
fn mixed_encodings_are_refused_with_the_line() {
    let text = text();
    let (first, second) = text.split_at(text.find("示例县第3").unwrap());
    let mixed = [first.as_bytes(), &GB18030.encode(second).0].concat();
    assert!(matches!(encoding_error(mixed), WrongEncoding::Mixed { line: 1 }));
    let other = [&GB18030.encode(first).0, second.as_bytes()].concat();
    assert!(matches!(encoding_error(other), WrongEncoding::Mixed { .. }));
}

#[test]
fn what_is_no_text_is_refused() {
    assert!(matches!(
        encoding_error(b"a,b\n\xFF\xFF\xFFx,1\n".to_vec()),
        WrongEncoding::Unknown { .. }
    ));
    let utf16_without_mark: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(encoding_error(utf16_without_mark), WrongEncoding::Nul { line: 1 });
    assert_eq!(
        encoding_error(b"a,b\n1,\x002\n".to_vec()),
        WrongEncoding::Nul { line: 2 }
    );
}

#[test]
fn a_file_that_ends_in_half_a_character_is_refused() {
    let gb = GB18030.encode(&text()).0.into_owned();
    let cut = gb.iter().rposition(|&byte| byte >= 0x81).unwrap();
    assert!(matches!(
        encoding_error(gb[..cut].to_vec()),
        WrongEncoding::CutOff | WrongEncoding::Unknown { .. }
    ));
}

#[test]
fn mojibake_of_before_is_refused_by_the_cell() {
    let text = format!(
        "企业名称,统一社会信用代码\n锟斤拷厂,{}\n示例\u{FFFD}厂,{}\n",
        code(1),
        code(2)
    );
    let import = import_sources(text).unwrap();
    assert_eq!((import.accepted.len(), import.findings.len()), (0, 2));
    assert!(
        import
            .findings
            .iter()
            .all(|finding| finding.reason.contains("乱码"))
    );
}

#[test]
fn what_is_written_safe_from_formulas_is_read_back() {
    let row = vec![
        "示例厂".to_owned(),
        code(1),
        "-3号楼".to_owned(),
        "+86 0000-8000001".to_owned(),
    ];
    let header = ["企业名称", "统一社会信用代码", "机构地址", "联系电话"];
    let bytes = sheets::delimited(&header, std::iter::once(row));
    assert!(GB18030.decode(&bytes).0.contains(",'-3号楼,'+86"));
    let import = import_sources(bytes).unwrap();
    assert_eq!(
        import.accepted[0].record.address.as_ref().unwrap().as_str(),
        "-3号楼"
    );
    assert_eq!(
        import.accepted[0].record.telephone.as_ref().unwrap().as_str(),
        "+86 0000-8000001"
    );
}
