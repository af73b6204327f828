//! Registers of several files: which rows are still missing after the last of them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sheets::{Accepted, Register, Sources};
use tempfile::TempDir;

use crate::bureau::{mingcha, repository};

type Row = Accepted<domain::Source>;

fn sample(name: &str) -> PathBuf {
    repository().join("samples").join(name)
}

fn register() -> PathBuf {
    sample("污染源名录库.xlsx")
}

/// The rows of the mended receipt that is shipped.
fn mended() -> Vec<Row> {
    let file = File::open(sample("污染源名录库-回执-已改正.xlsx")).unwrap();
    sheets::import::<Sources>(file).unwrap().accepted
}

/// Sources in a file of their own, with more columns.
fn write(home: &TempDir, name: &str, more: &[&str], rows: &[(&Row, Vec<String>)]) -> PathBuf {
    let titles = Sources::COLUMNS.iter().map(|(_, column)| column.title);
    let header: Vec<&str> = titles.chain(more.iter().copied()).collect();
    let cells = rows.iter().flat_map(|(row, more)| {
        let lines = Sources::write(&row.record).into_iter();
        lines.map(|line| [line, more.clone()].concat())
    });
    let path = home.path().join(name);
    fs::write(&path, sheets::workbook("名录", None, &header, cells).unwrap()).unwrap();
    path
}

/// A receipt with these rows, each under a number.
fn receipt(home: &TempDir, name: &str, rows: &[(&Row, u32)]) -> PathBuf {
    let rows: Vec<_> = rows
        .iter()
        .map(|(row, number)| (*row, vec![number.to_string()]))
        .collect();
    write(home, name, &["行号", "问题", "建议"], &rows)
}

/// Imports sources; status and log.
fn import(files: &[&Path], more: &[&str]) -> (i32, String) {
    let mut arguments = vec!["import", "sources"];
    arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
    arguments.extend(more);
    let said = mingcha(&arguments);
    assert_eq!(said.stderr, "");
    (said.status, said.stdout)
}

#[test]
fn r3_1_no_row_is_lost_when_an_empty_template_follows() {
    let home = TempDir::new().unwrap();
    let template = home.path().join("模板.xlsx");
    mingcha(&["template", "sources", "--out", template.to_str().unwrap()]).ok();
    let (status, log) = import(&[&register(), &template], &[]);
    assert_eq!(status, 1);
    assert!(
        log.ends_with("污染源名录库.xlsx 第14、55、107、136、163、218行仍未导入\n"),
        "{log}"
    );
}

#[test]
fn r3_1_no_row_is_lost_when_another_register_numbers_its_rows() {
    let home = TempDir::new().unwrap();
    let rows = mended();
    let numbered: Vec<_> = rows
        .iter()
        .map(|row| (row, vec![row.answers.unwrap().to_string()]))
        .collect();
    let other = write(&home, "另一份.xlsx", &["行号"], &numbered);
    let (status, log) = import(&[&register(), &other], &[]);
    assert_eq!(status, 1);
    assert!(log.contains("不当作回执"), "{log}");
}

#[test]
fn r3_1_no_row_is_lost_when_it_is_deleted_from_the_receipt() {
    let home = TempDir::new().unwrap();
    let rows = mended();
    let kept: Vec<_> = rows
        .iter()
        .map(|row| (row, row.answers.unwrap()))
        .filter(|(_, number)| ![55, 218].contains(number))
        .collect();
    let short = receipt(&home, "回执.xlsx", &kept);
    let next = home.path().join("回执2.xlsx");
    let (status, log) = import(&[&register(), &short], &["--receipt", next.to_str().unwrap()]);
    assert_eq!(status, 1);
    assert!(
        log.contains("补上 污染源名录库.xlsx 第14、107、136、163行"),
        "{log}"
    );
    assert!(log.contains("\n污染源名录库.xlsx 第55、218行仍未导入\n"), "{log}");
    // They are in the next receipt, as they were.
    let again = sheets::import::<Sources>(File::open(next).unwrap()).unwrap();
    let numbers: Vec<_> = again.refused.iter().map(|row| row.answers).collect();
    assert_eq!(numbers, [Some(55), Some(218)]);
}

#[test]
fn r3_1_no_row_is_lost_and_the_mended_receipt_of_the_samples_settles_all() {
    let (status, log) = import(&[&register(), &sample("污染源名录库-回执-已改正.xlsx")], &[]);
    assert_eq!(status, 0, "{log}");
    assert!(
        log.contains("补上 污染源名录库.xlsx 第14、55、107、136、163、218行"),
        "{log}"
    );
    assert!(!log.contains("仍未导入") && !log.contains("改变"), "{log}");
}

#[test]
fn r3_1_no_row_is_lost_over_a_receipt_of_a_receipt() {
    let home = TempDir::new().unwrap();
    let at = |name: &str| home.path().join(name);
    let (first, second) = (at("回执.xlsx"), at("回执2.xlsx"));
    import(&[&register()], &["--receipt", first.to_str().unwrap()]);
    // Sent back as it is, it still lacks most of its rows; they are not counted twice.
    let files = [&register(), &first];
    let (status, log) = import(
        &files.map(PathBuf::as_path),
        &["--receipt", second.to_str().unwrap()],
    );
    assert_eq!(status, 1, "{log}");
    let left = sheets::import::<Sources>(File::open(&second).unwrap()).unwrap();
    let left: Vec<u32> = left.refused.iter().filter_map(|row| row.answers).collect();
    assert!(left.contains(&14) && left.len() < 6, "{left:?}");
    // One row looks right when it stands alone, but its code is another's: it is missing in the second receipt,
    // named in the log, and settled by its number like the others.
    assert!(log.contains("第163行仍未导入"), "{log}");
    let rows = mended();
    let all: Vec<_> = rows.iter().map(|row| (row, row.answers.unwrap())).collect();
    let third = receipt(&home, "回执2-已改正.xlsx", &all);
    let (status, log) = import(&[&register(), &first, &third], &[]);
    assert_eq!(status, 0, "{log}");
}

#[test]
fn r3_1_no_row_is_lost_when_the_first_of_two_registers_has_refused_rows() {
    let home = TempDir::new().unwrap();
    let rows = mended();
    let other = write(&home, "补充.xlsx", &[], &[(&rows[0], Vec::new())]);
    let (status, log) = import(&[&register(), &other], &[]);
    assert_eq!(status, 1);
    assert!(log.contains("第14、55、107、136、163、218行仍未导入"), "{log}");
    assert_eq!(import(&[&other, &register()], &[]).0, 1);
}

#[test]
fn r3_1_no_row_is_lost_by_a_number_that_nobody_misses_or_twice_the_same() {
    let home = TempDir::new().unwrap();
    let rows = mended();
    let wrong = receipt(
        &home,
        "回执.xlsx",
        &[(&rows[0], 14), (&rows[1], 14), (&rows[2], 15)],
    );
    let (status, log) = import(&[&register(), &wrong], &[]);
    assert_eq!(status, 1);
    assert!(log.contains("第3、4行已收下，但其行号不是"), "{log}");
    assert!(log.contains("第55、107、136、163、218行仍未导入"), "{log}");
}

#[test]
fn r3_1_no_row_is_lost_silently_when_a_later_file_changes_a_record() {
    let home = TempDir::new().unwrap();
    let mut rows = mended();
    let file = |name: &str, rows: &[Row]| {
        let rows: Vec<_> = rows.iter().map(|row| (row, Vec::new())).collect();
        write(&home, name, &[], &rows)
    };
    let before = file("前.xlsx", &rows);
    rows[1].record.address = None;
    let after = file("后.xlsx", &rows);
    let (status, log) = import(&[&before, &after], &[]);
    assert_eq!(status, 0);
    let name = &rows[1].record.name;
    assert!(
        log.contains(&format!("1 条记录被后一个文件改变：{name} ")),
        "{log}"
    );
    let (_, log) = import(&[&before, &before], &[]);
    assert!(!log.contains("改变"), "{log}");
}

#[test]
fn r3_1_no_row_is_lost_of_two_inspections_on_one_day() {
    let home = TempDir::new().unwrap();
    let target = mended()[0].record.id();
    let line = |inspector: &str| format!("2026-03-04,{target},{inspector}\n");
    let text = format!(
        "检查日期,检查对象编号,执法证编号\n{}{}",
        line("9908001"),
        line("9908002")
    );
    let (history, out) = (home.path().join("历史.csv"), home.path().join("历史.xlsx"));
    fs::write(&history, text).unwrap();
    let (history, out) = (history.to_str().unwrap(), out.to_str().unwrap());
    let said = mingcha(&["import", "history", history, "--out", out]).ok();
    assert!(said.contains("2 条记录已写入"), "{said}");
}

#[test]
fn r3_2_a_licence_that_a_later_file_brings_is_added_to_its_site() {
    let home = TempDir::new().unwrap();
    let site = mended().remove(0);
    let mut other = site.clone();
    other.record.licences[0].name = Some(domain::Text::parse("危险废物经营许可证").unwrap());
    other.record.licences[0].number = Some(domain::LicenceNumber::Other(
        domain::Text::parse("示危废001").unwrap(),
    ));
    let first = write(&home, "一.xlsx", &[], &[(&site, vec![])]);
    let second = write(&home, "二.xlsx", &[], &[(&other, vec![])]);
    let out = home.path().join("合.xlsx");
    let (status, log) = import(&[&first, &second, &first], &["--out", out.to_str().unwrap()]);
    assert_eq!((status, log.contains("被后一个文件改变")), (0, false), "{log}");
    let all = sheets::import::<Sources>(File::open(out).unwrap())
        .unwrap()
        .accepted;
    let numbers: Vec<&str> = all[0]
        .record
        .licences
        .iter()
        .map(domain::Licence::number_text)
        .collect();
    assert_eq!(numbers, [site.record.licences[0].number_text(), "示危废001"]);
}

#[test]
fn r3_1_no_row_is_lost_to_a_receipt_that_was_not_mended() {
    let home = TempDir::new().unwrap();
    let receipt = home.path().join("回执.xlsx");
    let (_, _) = import(&[&register()], &["--receipt", receipt.to_str().unwrap()]);
    let out = home.path().join("全.xlsx");
    let (status, log) = import(&[&register(), &receipt], &["--out", out.to_str().unwrap()]);
    assert_eq!(status, 1, "{log}");
    assert!(log.contains("代码已属于名录中另一单位"), "{log}");
    let before = sheets::import::<Sources>(File::open(register()).unwrap())
        .unwrap()
        .accepted;
    let after = sheets::import::<Sources>(File::open(out).unwrap())
        .unwrap()
        .accepted;
    for row in &before {
        assert!(
            after.iter().any(|other| other.record.name == row.record.name),
            "{}",
            row.record.name
        );
    }
}
