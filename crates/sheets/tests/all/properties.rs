//! What holds for every register.

use std::collections::BTreeSet;
use std::io::Cursor;

use proptest::prelude::*;
use sheets::{Sources, export};

use crate::fixtures::{Parts, Rows, code, delimited, import_sources, inline_row, permit, rows, set};

/// A slip in the row of that number.
fn slip(rows: &mut Rows, number: usize, kind: usize, other: usize) {
    match kind {
        0 => set(rows, number, "企业名称", ""),
        1 => set(rows, number, "批设时间", "2026年2月30日"),
        2 => set(rows, number, "统一社会信用代码", &code(other)),
        3 => {
            set(rows, number, "统一社会信用代码", &code(other));
            set(rows, number, "许可证编号", &permit(other, 1));
        }
        4 => set(rows, number, "批设时间", "2019/3/7"),
        5 => set(rows, number, "统一社会信用代码", &code(number).to_lowercase()),
        6 => {
            let copy = rows[other - 1].clone();
            rows[number - 1] = copy;
        }
        7 => {
            let mut copy = rows[other - 1].clone();
            copy[5] = "示环许可危废字0001号".to_owned();
            copy[4] = "危险废物经营许可证".to_owned();
            rows[number - 1] = copy;
        }
        _ => {}
    }
}

/// What an import says, apart from where: records and findings as sorted text.
fn said(rows: &Rows) -> (BTreeSet<String>, Vec<String>) {
    let import = import_sources(delimited(rows, ";", "\n")).unwrap();
    let accepted = import
        .accepted
        .iter()
        .map(|accepted| format!("{:?}", accepted.record))
        .collect();
    let without_numbers = |reason: &str| reason.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let mut findings: Vec<String> = import
        .findings
        .iter()
        .map(|f| {
            format!(
                "{:?} {} {} {:?}",
                f.kind,
                f.column.title,
                without_numbers(&f.reason),
                f.suggestion
            )
        })
        .collect();
    findings.sort();
    (accepted, findings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_the_rows_does_not_matter(
        slips in proptest::collection::vec((1..13_usize, 0..9_usize, 1..13_usize), 0..6),
        order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let mut rows = rows(12);
        for (number, kind, other) in slips {
            slip(&mut rows, number, kind, other);
        }
        let shuffled: Rows = order.iter().map(|&at| rows[at].clone()).collect();
        prop_assert_eq!(said(&rows), said(&shuffled));
    }

    #[test]
    fn importing_what_was_written_gives_the_same(numbers in proptest::collection::btree_set(1..5000_usize, 0..20)) {
        let rows: Rows = numbers.into_iter().map(crate::fixtures::row).collect();
        let first = import_sources(delimited(&rows, ",", "\n")).unwrap();
        let records: Vec<domain::Source> = first.accepted.into_iter().map(|accepted| accepted.record).collect();
        let again = import_sources(export::<Sources>(&records).unwrap()).unwrap();
        prop_assert!(again.findings.is_empty());
        let read: Vec<domain::Source> = again.accepted.into_iter().map(|accepted| accepted.record).collect();
        prop_assert_eq!(read, records);
    }

    #[test]
    fn no_cell_makes_it_panic(cells in proptest::collection::vec("\\PC{0,30}", 20), row in 1..20_usize) {
        let mut rows = rows(20);
        rows[row - 1] = cells[..19].to_vec();
        let header: Vec<&str> = crate::fixtures::HEADER.to_vec();
        let bytes = sheets::workbook("表", None, &header, rows.into_iter()).unwrap();
        let import = import_sources(bytes).unwrap();
        // A row is taken, joined, refused, blank, or a note under the table; none is lost.
        let counted = import.accepted.len() + import.joined.len() + import.refused.len() + import.summary.footnotes.len();
        let blank = usize::try_from(import.summary.blank_rows).unwrap();
        prop_assert_eq!((counted + blank, import.summary.rows), (20, 20));
        sheets::receipt(&import).unwrap();
    }

    #[test]
    fn no_text_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let header = "企业名称,统一社会信用代码,批设时间\n".as_bytes();
        let _ = import_sources(&bytes);
        let _ = import_sources([header, &bytes].concat());
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(
        part in 0..5_usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let sheet = format!(
            "<worksheet><dimension ref=\"A1:B3\"/><sheetData>{}{}</sheetData></worksheet>",
            inline_row(1, &["企业名称", "统一社会信用代码"]),
            r#"<row r="2"><c r="A2" s="1"><v>43531</v></c><c r="B2" t="s"><v>0</v></c></row>"#
        );
        let relations = r#"<Relationships><Relationship Id="s1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
        let (name, text) = [
            ("xl/worksheets/sheet1.xml", sheet.as_str()),
            ("xl/sharedStrings.xml", "<sst uniqueCount=\"1\"><si><t>示例&#x4E00;</t></si></sst>"),
            ("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"9\" formatCode=\"yyyy\"/></numFmts><cellXfs><xf numFmtId=\"9\"/></cellXfs></styleSheet>"),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/workbook.xml", "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" r:id=\"s1\"/></sheets></workbook>"),
        ][part];
        let mut bytes = text.as_bytes().to_vec();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let mut zip = Parts::table("").with(name, bytes).zip();
        let _ = sheets::import::<Sources>(Cursor::new(&zip));
        if let Some(cut) = cut {
            let at = cut.index(zip.len());
            zip[at] ^= 0x55;
            let _ = sheets::import::<Sources>(Cursor::new(&zip));
            zip.truncate(at);
            let _ = sheets::import::<Sources>(Cursor::new(&zip));
        }
    }
}
