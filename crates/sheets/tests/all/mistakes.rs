//! One register with the mistakes that real ones have: the findings are exactly those a careful clerk would list.

use sheets::FindingKind::{Mended, Refused};

use crate::fixtures::{brief, code, get, import_sources, permit, rows, set, workbook};

/// Each mistake in the row of that number.
fn with_mistakes() -> Vec<Vec<String>> {
    let mut rows = rows(40);
    set(&mut rows, 2, "企业名称", "");
    set(&mut rows, 5, "批设时间", "2026-02-30");
    let spaced = format!(" {} {}\u{3000}", &code(8)[..8], &code(8)[8..]);
    set(&mut rows, 8, "统一社会信用代码", &spaced);
    let wrong = if code(11).ends_with('F') { 'G' } else { 'F' };
    set(
        &mut rows,
        11,
        "统一社会信用代码",
        &format!("{}{wrong}", &code(11)[..17]),
    );
    rows[13] = vec![String::new(); rows[13].len()];
    set(
        &mut rows,
        17,
        "企业名称",
        "<b>示例县第17机械厂</b>=HYPERLINK(\"x\")",
    );
    set(&mut rows, 20, "统一社会信用代码", &code(20).to_lowercase());
    let full: String = code(23)
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
        .collect();
    set(&mut rows, 23, "统一社会信用代码", &full);
    set(&mut rows, 26, "统一社会信用代码", &code(26).replacen('0', "O", 1));
    set(&mut rows, 29, "统一社会信用代码", "9.14109E+17");
    set(&mut rows, 32, "统一社会信用代码", &code(35));
    set(&mut rows, 38, "批设时间", "2019/3/7");
    rows
}

#[test]
fn r3_2_the_findings_are_exactly_those_of_a_careful_clerk() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    let (c8, c11, c20, c23, c26, c29, c32) = (
        code(8),
        code(11),
        code(20),
        code(23),
        code(26),
        code(29),
        code(32),
    );
    assert_eq!(
        brief(&import.findings),
        [
            (4, "B", Refused, None),
            (7, "G", Refused, None),
            (10, "C", Mended, Some(c8.as_str())),
            (13, "C", Refused, Some(c11.as_str())),
            (19, "B", Refused, Some("示例县第17机械厂")),
            (22, "C", Mended, Some(c20.as_str())),
            (25, "C", Mended, Some(c23.as_str())),
            (28, "C", Refused, Some(c26.as_str())),
            (31, "C", Refused, Some(c29.as_str())),
            (34, "C", Refused, Some(c32.as_str())),
            (40, "G", Mended, Some("2019年3月7日")),
        ]
    );
    assert_eq!(import.summary.blank_rows, 1);
    assert_eq!((import.accepted.len(), import.refused.len()), (32, 7));
    let accepted: Vec<u32> = import.accepted.iter().map(|accepted| accepted.row).collect();
    assert!(
        import
            .refused
            .iter()
            .all(|refused| !accepted.contains(&refused.row))
    );
}

#[test]
fn r3_2_what_is_said_to_the_clerk() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    let lines: Vec<String> = import
        .summary
        .lines()
        .into_iter()
        .chain(import.findings.iter().map(|f| f.to_string()))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn r3_2_a_register_without_mistakes_has_no_findings() {
    let import = import_sources(workbook(&rows(60))).unwrap();
    assert_eq!(import.findings, []);
    assert_eq!(import.accepted.len(), 60);
}

#[test]
fn a_duplicate_names_the_other_row() {
    let import = import_sources(workbook(&with_mistakes())).unwrap();
    let finding = import.findings.iter().find(|finding| finding.row == 34).unwrap();
    assert!(
        finding.reason.contains("第37行“示例县第35机械厂”"),
        "{}",
        finding.reason
    );
    assert!(finding.reason.contains(&code(32)), "{}", finding.reason);
}

#[test]
fn a_duplicate_without_a_permit_to_tell_them_apart_refuses_both() {
    let mut rows = rows(6);
    set(&mut rows, 2, "统一社会信用代码", &code(5));
    set(&mut rows, 2, "许可证编号", &permit(5, 1));
    let import = import_sources(workbook(&rows)).unwrap();
    assert_eq!(
        brief(&import.findings),
        [(4, "C", Refused, None), (7, "C", Refused, None)]
    );
}

#[test]
fn a_row_written_twice_is_taken_once() {
    let mut rows = rows(4);
    rows.push(rows[1].clone());
    let import = import_sources(workbook(&rows)).unwrap();
    assert_eq!(brief(&import.findings), [(7, "C", Refused, None)]);
    assert!(import.findings[0].reason.contains("与第4行完全相同"));
    assert_eq!(import.accepted.len(), 4);
}

#[test]
fn a_code_that_is_not_the_permits_is_noted_even_if_no_other_row_has_it() {
    let mut rows = rows(4);
    set(&mut rows, 3, "统一社会信用代码", &code(99));
    let import = import_sources(workbook(&rows)).unwrap();
    let own = code(3);
    assert_eq!(
        brief(&import.findings),
        [(5, "C", sheets::FindingKind::Noted, Some(own.as_str()))]
    );
    assert_eq!(import.accepted.len(), 4);
    assert_eq!(get(&rows, 3, "许可证编号"), permit(3, 1));
}
