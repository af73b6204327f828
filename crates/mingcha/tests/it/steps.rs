//! The steps of a draw: each refuses what is wrong with a sentence, and changes nothing then.

use std::fs;

use crate::bureau::{Bureau, DICE, mingcha};

#[test]
fn r5_1d_a_draw_is_held_verified_and_revealed() {
    let mut bureau = Bureau::opened();
    let public = bureau.text("public");
    let open = mingcha(&["draw", "verify", &public]);
    assert_eq!(open.status, 3, "{}", open.stdout);
    bureau.reveal();
    let verified = mingcha(&["draw", "verify", &public]).ok();
    assert_eq!(verified.matches("PASS ").count(), 9, "{verified}");
}

#[test]
fn r5_1e_supervisors_and_holders_sign_the_minutes() {
    let bureau = Bureau::opened();
    let minutes = String::from_utf8(bureau.files("public")["minutes.txt"].clone()).unwrap();
    for text in ["监督员", "第 3 份", DICE, "B 乙"] {
        assert!(minutes.contains(text), "{text}: {minutes}");
    }
    let slip = String::from_utf8(bureau.files("public")["slip.txt"].clone()).unwrap();
    assert!(slip.contains("承诺的摘要") && slip.contains('█'), "{slip}");
}

#[test]
fn r5_1c_one_holder_alone_can_not_start_a_draw() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    let times = [
        "--open-by",
        "9000-01-01T00:00:00+08:00",
        "--reveal-by",
        "9000-02-01T00:00:00+08:00",
    ];
    bureau.verb("commit", &times).refused("还没有任何份额");
    bureau.share("1").ok();
    bureau.verb("commit", &times).refused("份额少于两份");
    assert!(!bureau.path("public/1-commit.txt").exists());
    bureau.share("1").refused("已经做过");
}

#[test]
fn two_people_must_type_the_same_public_value() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    bureau.commit();
    let before = bureau.state();
    bureau
        .open_with(DICE, "dice:01234567890123456780")
        .refused("两人录入的公共值不同");
    bureau.open_with("dice:1", "dice:1").refused("不符合承诺的规则");
    assert_eq!(before, bureau.state());
    bureau.open();
    let opened = bureau.state();
    let other = "dice:99999999999999999999";
    assert!(bureau.open_with(other, other).ok().contains("什么也没有改变"));
    assert_eq!(opened[1], bureau.state()[1]);
    assert_eq!(opened[0]["2-draw.txt"], bureau.state()[0]["2-draw.txt"]);
}

#[test]
fn r5_1f_the_list_changes_only_by_a_substitution_that_a_second_person_approved() {
    let mut bureau = Bureau::opened();
    let tasks = bureau.tasks("first.txt");
    let (closed, _) = &tasks[0];
    let (target, team) = &tasks[1];
    bureau
        .substitute(closed, &["--approved-by", "甲"])
        .refused("不能重复");
    // Each must be given, and a blank or a wide letter makes nobody a second person.
    for [reason, asked_by, approved_by, sentence] in [
        ["", "甲", "乙", "替换理由"],
        ["x", " ", "乙", "提出人"],
        ["x", "甲", "", "批准人"],
        ["x", "甲A", "甲 Ａ", "批准人不能是提出人"],
    ] {
        let given = [
            "--reason",
            reason,
            "--asked-by",
            asked_by,
            "--approved-by",
            approved_by,
        ];
        bureau
            .verb("substitute", &[&["--target", closed], &given[..]].concat())
            .refused(sentence);
    }
    bureau.substitute("NOBODY", &[]).refused("替换未被接受");
    bureau.substitute(closed, &[]).ok();
    bureau.substitute(target, &["--inspector", &team[0]]).ok();
    let after = bureau.tasks("second.txt");
    assert!(after.iter().all(|(id, _)| id != closed));
    let changed = after.iter().find(|(id, _)| id == target).unwrap();
    assert!(!changed.1.contains(&team[0]));
    bureau.reveal();
    bureau.substitute(target, &[]).refused("未启封");
}

#[test]
fn a_void_draw_stays_visible_and_its_known_value_must_be_revealed() {
    let mut bureau = Bureau::new();
    bureau.freeze();
    bureau.commit();
    let public = bureau.text("public");
    let why = [
        "--reason",
        "骰子被碰动",
        "--approved-by",
        "局长",
        "--public",
        DICE,
    ];
    assert!(bureau.verb("void", &why).ok().contains("仍须启封"));
    bureau.open_with(DICE, DICE).refused("已经作废，不能再开");
    let keys: Vec<String> = (1..=3)
        .map(|n| format!("{n}={}", bureau.text(&format!("{n}.key"))))
        .collect();
    let more: Vec<&str> = keys.iter().flat_map(|key| ["--share-key", key]).collect();
    bureau.done("reveal", &more);
    let verified = mingcha(&["draw", "verify", &public]).ok();
    assert!(
        verified.contains("kind: void after") && verified.contains("重算的名单"),
        "{verified}"
    );
}

/// A crash between the two writes of a step, or somebody who deletes a record: what was sealed has happened.
#[test]
fn what_was_sealed_is_recorded_by_whatever_comes_next() {
    let mut bureau = Bureau::opened();
    let (target, _) = bureau.tasks("first.txt").remove(0);
    bureau.substitute(&target, &[]).ok();
    let recorded = bureau.state();
    fs::remove_file(bureau.path("public/2-draw.txt")).unwrap();
    bureau.substitute(&target, &[]).refused("已补写：2-draw.txt。");
    assert_eq!(recorded, bureau.state());
    for name in ["2-draw.txt", "sub-1.txt"] {
        fs::remove_file(bureau.path("public").join(name)).unwrap();
    }
    bureau
        .substitute(&target, &[])
        .refused("已补写：2-draw.txt、sub-1.txt");
    assert_eq!(recorded, bureau.state());
    assert!(bureau.tasks("second.txt").iter().all(|(id, _)| *id != target));
    // An opened draw can't be passed off as one that never was.
    fs::remove_file(bureau.path("public/2-draw.txt")).unwrap();
    fs::remove_file(bureau.path("public/sub-1.txt")).unwrap();
    let why = ["--reason", "重来", "--approved-by", "局长"];
    assert!(bureau.verb("void", &why).ok().contains("仍须启封"));
    bureau.reveal();
}

#[test]
fn a_register_with_missing_rows_is_not_frozen_unawares() {
    let bureau = Bureau::new();
    let samples = crate::bureau::repository().join("samples");
    let sample = |name: &str| samples.join(name).to_str().unwrap().to_owned();
    let (plan, sources, inspectors) = (
        sample("plan.toml"),
        sample("污染源名录库.xlsx"),
        sample("执法检查人员名录库.xlsx"),
    );
    let more = [
        "--plan",
        &plan,
        "--sources",
        &sources,
        "--inspectors",
        &inspectors,
    ];
    bureau.verb("freeze", &more).refused("没有导入");
    assert!(!bureau.path("public").exists() && !bureau.path("secrets").exists());
}

#[test]
fn a_key_file_is_made_once_and_for_its_owner() {
    let bureau = Bureau::new();
    let key = bureau.text("new.key");
    mingcha(&["key", "--out", &key]).ok();
    assert_eq!(fs::read_to_string(&key).unwrap().trim_end().len(), 64);
    mingcha(&["key", "--out", &key]).refused("已经存在");
}
