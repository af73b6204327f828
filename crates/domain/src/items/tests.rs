//! What an item has to say, and what ships with the program.

use rstest::rstest;

use super::guide::guide_items;
use super::*;

fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

fn draft() -> ItemDraft {
    ItemDraft {
        code: "YBPW-01".to_owned(),
        name: "一般排污单位检查".to_owned(),
        basis: "《中华人民共和国环境保护法》第二十四条".to_owned(),
        object: "一般排污单位".to_owned(),
        content: "污染防治设施运行".to_owned(),
        methods: vec!["现场检查".to_owned(), "监测".to_owned()],
        department: "环境监察大队".to_owned(),
        kind: "一般".to_owned(),
        checklist: vec![LineDraft {
            content: "设施与生产同步运行".to_owned(),
            ..LineDraft::default()
        }],
    }
}

fn told(draft: &ItemDraft) -> Vec<String> {
    draft
        .check()
        .unwrap_err()
        .iter()
        .map(DraftFault::to_string)
        .collect()
}

#[test]
fn r1_an_item_names_basis_object_content_method_department_and_kind() {
    let item = draft().check().unwrap();
    assert_eq!(item.code.as_str(), "YBPW-01");
    assert_eq!(item.basis, text("《中华人民共和国环境保护法》第二十四条"));
    assert_eq!(item.object, text("一般排污单位"));
    assert_eq!(item.content, text("污染防治设施运行"));
    assert_eq!(item.methods.as_slice(), [Method::OnSite, Method::Monitoring]);
    assert_eq!(item.department, text("环境监察大队"));
    assert_eq!(item.kind, CheckKind::General);
    assert_eq!(item.checklist.lines()[0].how, None);
}

#[test]
fn r1_all_that_an_item_lacks_is_told_at_once() {
    assert_eq!(
        told(&ItemDraft::default()),
        [
            "没有填写 事项编号，请补上",
            "没有填写 事项名称，请补上",
            "没有填写 检查依据，请补上",
            "没有填写 检查对象类别，请补上",
            "没有填写 检查内容，请补上",
            "没有填写 检查方式，请补上",
            "没有填写 责任部门，请补上",
            "没有填写 事项类别，请补上",
            "检查表是空的，到了现场就不知道查什么；请至少写一行",
        ]
    );
}

#[rstest]
#[case::code(ItemDraft { code: "一般".to_owned(), ..draft() }, "事项编号“一般”不合规定：只能用英文字母、数字、点、下划线和连字符，以字母或数字开头，不超过 40 位")]
#[case::method(ItemDraft { methods: vec!["抽签".to_owned()], ..draft() }, "检查方式：“抽签”不是可以填写的检查方式，请改为：现场、书面、非现场、监测、委托")]
#[case::method_twice(ItemDraft { methods: vec!["现场".to_owned(), "实地".to_owned()], ..draft() }, "检查方式“现场”写了两次，请只保留一处")]
#[case::kind(ItemDraft { kind: "特殊".to_owned(), ..draft() }, "事项类别：“特殊”不是可以填写的事项类别，请改为：一般、重点")]
#[case::line(ItemDraft { checklist: vec![LineDraft { how: "看".to_owned(), ..LineDraft::default() }], ..draft() }, "没有填写 检查表第 1 行的检查内容，请补上")]
fn a_field_of_an_item_has_its_form(#[case] draft: ItemDraft, #[case] sentence: &str) {
    assert_eq!(told(&draft), [sentence]);
}

#[test]
fn an_empty_line_of_a_form_is_no_line() {
    let mut typed = draft();
    typed.checklist.push(LineDraft::default());
    assert_eq!(typed.check().unwrap().checklist.lines().len(), 1);
}

#[test]
fn a_checklist_has_a_longest_length() {
    let mut typed = draft();
    let line = typed.checklist[0].clone();
    typed.checklist = vec![line.clone(); Checklist::LINES_MAX];
    assert!(typed.check().is_ok());
    typed.checklist.push(line);
    assert_eq!(told(&typed), ["检查表有 201 行，最多 200 行；请合并或删减"]);
}

#[test]
fn a_change_begins_with_the_item_as_it_is() {
    for item in guide_items(&text("环境监察大队")) {
        assert_eq!(item.draft().check(), Ok(item));
    }
}

#[test]
fn g1_the_three_items_of_the_guide_ship_ready() {
    let items = guide_items(&text("环境监察大队"));
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "自动监控基站监督检查",
            "直管重点污染源检查",
            "非直管重点污染源检查"
        ]
    );
    for item in &items {
        assert_eq!(item.department, text("环境监察大队"));
        assert_eq!(item.kind, CheckKind::Key);
        assert!(item.basis.as_str().contains('《'), "{item:?}");
    }
}

#[rstest]
#[case::stations(0, &["自动监测设备日常运行"], 8..=12)]
#[case::direct(1, &["污染防治设施运行", "污染物排放", "环评和“三同时”执行情况", "排污许可等环境管理制度落实情况"], 3..=6)]
#[case::indirect(2, &["污染防治设施运行", "污染物排放", "环评和“三同时”执行情况", "排污许可等环境管理制度落实情况"], 3..=6)]
fn g2_their_checklists_ship_ready(
    #[case] at: usize,
    #[case] contents: &[&str],
    #[case] lines_each: std::ops::RangeInclusive<usize>,
) {
    let item = &guide_items(&text("环境监察大队"))[at];
    assert_eq!(item.content, text(&contents.join("、")));
    let lines = item.checklist.lines();
    for content in contents {
        let heading = format!("{content}：");
        let own = lines
            .iter()
            .filter(|line| line.content.as_str().starts_with(&heading))
            .count();
        assert!(lines_each.contains(&own), "{content}: {own}");
    }
    let headed = |line: &ChecklistLine| {
        contents
            .iter()
            .any(|content| line.content.as_str().starts_with(content))
    };
    assert!(lines.iter().all(headed));
    assert!(
        lines
            .iter()
            .all(|line| line.how.is_some() && line.basis.is_some())
    );
}
