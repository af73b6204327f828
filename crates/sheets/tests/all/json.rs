//! JSON: an array of objects, told apart by content, judged as any other table.

use rstest::rstest;
use serde_json::json;
use sheets::{FileKind, SheetError};

use crate::fixtures::{HEADER, Rows, code, delimited, import_sources, rows, set};

fn as_json(rows: &Rows) -> String {
    let object = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
        HEADER
            .iter()
            .zip(row)
            .map(|(title, cell)| ((*title).to_owned(), json!(cell)))
            .collect()
    };
    serde_json::to_string_pretty(&rows.iter().map(object).collect::<Vec<_>>()).unwrap()
}

#[test]
fn r3_1_json_gives_the_same_records_as_other_files() {
    let mut rows = rows(12);
    set(&mut rows, 3, "统一社会信用代码", "9.14109E+17");
    let text = import_sources(delimited(&rows, ",", "\n")).unwrap();
    for bytes in [as_json(&rows), format!("\u{feff}{}", as_json(&rows))] {
        let json = import_sources(bytes).unwrap();
        assert_eq!(json.summary.source, FileKind::Json);
        let records = |import: &sheets::Import<domain::Source>| {
            let records = import.accepted.iter().map(|accepted| accepted.record.clone());
            records.collect::<Vec<_>>()
        };
        assert_eq!(records(&json), records(&text));
        // The first object is row 1: there is no header.
        assert_eq!((json.refused[0].row, text.refused[0].row), (3, 4));
        assert_eq!((json.summary.rows, json.summary.blank_rows), (12, 0));
    }
}

#[test]
fn values_that_are_no_texts_are_read_as_people_mean_them() {
    let object = format!(
        r#"[ {{}}, {{"企业名称": "示例厂", "统一社会信用代码": "{}", "工商注册号": 410800000000121, "自动监控基站数": 2,
            "是否重点排污单位": true, "联系电话": null, "批设时间": "2019-03-07"}}]"#,
        code(1)
    );
    let import = import_sources(object).unwrap();
    assert_eq!(import.summary.blank_rows, 1);
    let found: Vec<&str> = import
        .findings
        .iter()
        .map(|finding| finding.column.title.as_str())
        .collect();
    assert!(
        found.iter().all(|title| *title == "工商注册号"),
        "{:?}",
        import.findings
    );
    let exact = import
        .findings
        .iter()
        .any(|finding| finding.value == "410800000000121");
    assert!(exact || import.findings.is_empty());
    let text = format!(
        r#"[{{"名称":"示例厂","信用代码":"{}","联系电话":13800000000.5,"自动监控数":2.0,"是否重点":true}}]"#,
        code(1)
    );
    let record = import_sources(text).unwrap().accepted.remove(0).record;
    assert_eq!(
        (record.monitoring_stations, record.supervision.is_key()),
        (Some(2), true)
    );
}

#[rstest]
#[case::an_object(r#"{"企业名称": "示例厂"}"#, "不是数组")]
#[case::nested(r#"[{"企业名称": {"全称": "示例厂"}}]"#, "第1个对象的“企业名称”里还有一层")]
#[case::a_list(
    r#"[{"企业名称": "甲"}, {"企业名称": ["示例厂"]}]"#,
    "第2个对象的“企业名称”里还有一层"
)]
#[case::twice(r#"[{"企业名称": "甲", "企业名称": "乙"}]"#, "“企业名称”出现了两次")]
#[case::no_objects("[[1, 2]]", "附近写得不对")]
#[case::cut_off(r#"[{"企业名称": "示例"#, "没有写完")]
#[case::more_behind(r#"[{"企业名称": "示例厂"}] x"#, "附近写得不对")]
#[case::a_comma_too_many(r#"[{"企业名称": "示例厂"},]"#, "附近写得不对")]
#[case::a_number_beyond_numbers(r#"[{"企业名称": 1e999}]"#, "附近写得不对")]
fn what_is_no_array_of_objects_is_refused_in_chinese(#[case] text: &str, #[case] detail: &str) {
    let error = import_sources(text).unwrap_err();
    assert!(matches!(error, SheetError::Json { .. }), "{error:?}");
    let said = error.to_string();
    assert!(
        said.contains(detail) && said.contains("[{\"企业名称\": \"…\"}]"),
        "{said}"
    );
}

#[test]
fn an_empty_array_has_no_header() {
    assert!(matches!(
        import_sources("[]").unwrap_err(),
        SheetError::NoHeader { .. }
    ));
    assert!(matches!(
        import_sources("[{}, {}]").unwrap_err(),
        SheetError::NoHeader { .. }
    ));
}

#[test]
fn json_has_to_be_utf8() {
    let (bytes, _, _) = encoding_rs::GB18030.encode(r#"[{"企业名称": "示例厂"}]"#);
    let error = import_sources(bytes).unwrap_err();
    assert!(error.to_string().contains("编码不是 UTF-8"), "{error}");
}

#[test]
fn a_table_whose_title_stands_in_brackets_is_no_json() {
    let text = format!("[内部资料],\n企业名称,统一社会信用代码\n示例厂,{}\n", code(1));
    let import = import_sources(text).unwrap();
    assert!(matches!(import.summary.source, FileKind::Text { .. }));
}
