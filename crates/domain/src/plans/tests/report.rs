//! What people read before they approve a plan.

use super::fixtures::*;
use crate::dates::Until;
use crate::inspectors::{Inspector, PostStatus};
use crate::plans::Compiled;
use crate::sources::{Administration, ControlLevel, CreditClass, Source, Status};

const STRATA: &str = r#"
[[stratum]]
name = "key"
title = "直管重点污染源"
where = { key_discharger = true }
ratio = "25%"

[[stratum]]
name = "general"
title = "一般排污单位"
where = { address = "一甲镇" }
inspectors_to_units = "1:2"

[tiers]
cycle_from = 2026-01-01

[[weight]]
where = { credit_class = "D" }
weight = 3

[exclude]
yearly_cap = 2
recent_days = 60
"#;

fn county() -> Compiled {
    let of = |n: u32| match n {
        1..=12 => Source {
            supervision: level(ControlLevel::Municipal),
            administration: Some(Administration::Direct),
            credit_class: Some(if n < 3 { CreditClass::D } else { CreditClass::A }),
            ..source(n)
        },
        13..=15 => Source {
            status: Status::Closed,
            ..source(n)
        },
        16..=19 => Source {
            address: None,
            ..source(n)
        },
        _ => source(n),
    };
    let all: Vec<Source> = (1..=60).map(of).collect();
    let mut staff = inspectors(9);
    staff[1].certificate.valid_until = Until::Date(day("2027-02-15"));
    staff[4] = Inspector {
        post: PostStatus::OnLeave,
        unit: None,
        ..inspector(5)
    };
    staff[7].certificate.valid_until = Until::Unknown;
    let mut history: Vec<_> = (20..=24)
        .map(|n| past("2026-03-05", n, &[], Some("2026-001")))
        .collect();
    history.push(past("2026-12-20", 30, &[], None));
    history.push(past("2026-12-20", 99, &[], None));
    let mandatory = format!("[[mandatory]]\ntarget = \"{}\"\nground = \"挂牌督办\"\n", id(40));
    compiled(
        &with_strata(&format!("{STRATA}{mandatory}")),
        &all,
        &staff,
        &history,
    )
    .unwrap()
}

#[test]
fn the_report_says_what_will_be_drawn_from_what_with_whom() {
    insta::assert_snapshot!(county().report());
}

#[test]
fn the_committed_plan_says_what_the_report_says() {
    insta::assert_snapshot!(county().texts.plan);
}

#[test]
fn the_report_has_no_name_of_a_source() {
    assert!(!county().report().to_string().contains("示例企业"));
}

#[test]
fn columns_stand_below_each_other_where_chinese_characters_are_two_wide() {
    let report = county().report().to_string();
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    let column = |line: &str, word: &str| {
        line.find(word)
            .map(|at| line[..at].chars().map(wide).sum::<usize>())
    };
    let lines: Vec<&str> = report.lines().collect();
    let head = lines.iter().find(|line| line.contains("抽中概率")).unwrap();
    let row = lines.iter().find(|line| line.contains("直管重点污染源")).unwrap();
    assert_eq!(column(head, "名称"), column(row, "直管重点污染源"));
}
