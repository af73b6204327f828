//! The pages of annual plans, as people use them.
//! Never calls an operation for what a page does.

use domain::rights::Role;
use testkit::{BUREAU, Kit, Person, both};

use super::people;

const NEW: &str = "/annual-plans/new";
const PLAN: &str = "/annual-plans/2027";

/// The form of a plan with one line.
fn form(amount: &str) -> Vec<(&str, &str)> {
    vec![
        ("year", "2027"),
        ("title", "示例县2027年度随机抽查工作计划"),
        ("purpose", "落实日常监管随机抽查"),
        ("yearly_cap", "4"),
        ("line-0-here", "1"),
        ("line-0-items", "ZDJK-01"),
        ("line-0-scope", "重点排污单位"),
        ("line-0-key", "是"),
        ("line-0-amount_kind", "按比例"),
        ("line-0-amount", amount),
        ("line-0-period", "每季度"),
        ("line-0-quarters", "一季度"),
        ("line-0-quarters", "三季度"),
        ("line-0-departments", "环境监察大队"),
        ("line-0-departments", "办公室"),
    ]
}

/// Does an act by its page: looks at what it asks, then sends it.
async fn by_page(person: &Person, act: &str, ground: &str) {
    let path = format!("{PLAN}/{act}");
    let asked = person.get(&path).await;
    assert_eq!(asked.status, 200, "{act}: {}", asked.words());
    let version = asked.value_of("version");
    let sent = person
        .post(&path, &[("version", version.as_str()), ("ground", ground)])
        .await;
    assert_eq!(sent.location.as_deref(), Some(PLAN), "{act}: {}", sent.words());
}

#[test]
fn r5_1a_a_plan_goes_from_the_form_to_the_public_page() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let (planner, leader) = (&people.planner, &people.leader);
        let public = format!("/public/annual-plans/{BUREAU}/2027");
        let saved = planner.post(NEW, &form("25%")).await;
        assert_eq!(saved.location.as_deref(), Some(PLAN), "{}", saved.words());
        by_page(planner, "submit", "").await;
        let page = leader.get(PLAN).await;
        assert!(page.says("等你批准"), "{}", page.words());
        by_page(leader, "send-back", "比例与文件不符").await;
        let page = planner.get(PLAN).await;
        assert!(page.says("理由：比例与文件不符"), "{}", page.words());
        let edit = planner.get(&format!("{PLAN}/edit")).await;
        assert_eq!(edit.value_of("line-0-amount"), "25%");
        let version = edit.value_of("version");
        let mut changed = form("30%");
        changed.push(("version", version.as_str()));
        planner.post(&format!("{PLAN}/edit"), &changed).await;
        by_page(planner, "submit", "").await;
        by_page(leader, "approve", "").await;
        assert_eq!(kit.visitor().get(&public).await.status, 404);
        by_page(planner, "publish", "").await;
        let page = kit.visitor().get(&public).await;
        assert_eq!(page.status, 200);
        for said in [
            "示例县2027年度随机抽查工作计划",
            "每次抽 30%",
            "一、三季度",
            "环境监察大队、办公室",
        ] {
            assert!(page.says(said), "{said}: {}", page.words());
        }
        let list = kit.visitor().get("/public/annual-plans").await;
        assert!(list.says("示例县2027年度随机抽查工作计划"));
        by_page(planner, "amend", "增加一行").await;
        assert!(planner.get(PLAN).await.says("现行的是第 1 版"));
        assert!(kit.visitor().get(&public).await.says("第 1 版"));
    });
}

#[test]
fn another_line_loses_nothing_and_one_less_takes_that_one() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let mut two = form("25%");
        two.push(("more", "1"));
        let page = people.planner.post(NEW, &two).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.value_of("line-0-scope"), "重点排污单位");
        assert_eq!(page.value_of("line-1-scope"), "");
        let mut less = form("25%");
        less.extend([
            ("line-7-here", "1"),
            ("line-7-scope", "一般排污单位"),
            ("drop", "0"),
        ]);
        let page = people.planner.post(NEW, &less).await;
        assert_eq!(page.value_of("line-0-scope"), "一般排污单位");
        assert!(page.find("[name=line-1-scope]").is_none());
    });
}

#[test]
fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let page = people.planner.post(NEW, &form("125%")).await;
        assert_eq!(page.status, 422);
        let error = page.error_of("line-0-amount").unwrap_or_default();
        assert!(error.contains("不超过 100%"), "{error}");
        assert_eq!(page.value_of("line-0-amount"), "125%");
        assert_eq!(page.value_of("purpose"), "落实日常监管随机抽查");
    });
}

#[test]
fn r5_1a_an_incomplete_draft_tells_what_is_missing_and_is_not_submitted() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        let bare = [("year", "2027"), ("title", "示例县计划"), ("line-0-here", "1")];
        people.planner.post(NEW, &bare).await;
        let page = people.planner.get(PLAN).await;
        assert!(page.says("提交和批准前还要补齐 7 处"), "{}", page.words());
        let path = format!("{PLAN}/submit");
        let version = people.planner.get(&path).await.value_of("version");
        let refused = people.planner.post(&path, &[("version", version.as_str())]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says("第 1 行还没有责任部门"), "{}", refused.words());
    });
}

#[test]
fn pages_of_acts_are_for_those_who_may() {
    both(async |kit: &Kit| {
        let people = people(kit).await;
        people.planner.post(NEW, &form("25%")).await;
        let inspector = kit.person(Role::Inspector).await;
        assert_eq!(inspector.get(PLAN).await.status, 200);
        for path in [NEW, "/annual-plans/2027/edit", "/annual-plans/2027/submit"] {
            assert_eq!(inspector.get(path).await.status, 403, "{path}");
            assert_eq!(people.leader.get(path).await.status, 403, "{path}");
        }
        let early = people.leader.get("/annual-plans/2027/approve").await;
        assert_eq!(early.status, 422);
        assert!(early.says("还是草稿"), "{}", early.words());
        let security = kit.set_up().await;
        assert_eq!(security.get("/annual-plans").await.status, 403);
        let out = kit.visitor().get(PLAN).await;
        assert!(out.location.is_some());
    });
}
