//! What is handed out with the program: the sample plan and the reference for clerks.

use super::fixtures::*;
use crate::plans::{Code, ImplementationPlan, Slots};

const SAMPLE: &str = include_str!("../../../../../samples/plan.toml");
const REFERENCE: &str = include_str!("../../../../../docs/plan.md");

#[test]
fn the_sample_plan_is_a_plan() {
    let plan = read(SAMPLE);
    assert_eq!(plan.window().to_string(), "2027-01-04..2027-03-31");
    assert!(plan.slots().teams().len() >= Slots::MIN);
}

#[test]
fn g1_the_sample_plan_has_the_three_items_of_the_guide() {
    let names: Vec<String> = read(SAMPLE)
        .items()
        .iter()
        .map(|item| item.name.to_string())
        .collect();
    for item in [
        "自动监控基站监督检查",
        "直管重点污染源检查",
        "非直管重点污染源检查",
    ] {
        assert!(names.iter().any(|name| name == item), "{item}");
    }
}

/// The keys that can stand in a place, as the refusal of a key that cannot names them.
fn keys(place: &str) -> Vec<String> {
    let findings = ImplementationPlan::parse(&place.replace("{}", "no_such_key = 1")).unwrap_err();
    assert_eq!(codes(&findings), [Code::Syntax], "{place}");
    let (_, keys) = findings[0].text.split_once("这里可以写：").unwrap();
    keys.split('、').map(str::to_owned).collect()
}

#[test]
fn every_key_is_in_the_reference() {
    let places = [
        "{}",
        "[time]\n{}",
        "[inspectors]\n{}",
        "[[item]]\n{}",
        "[[stratum]]\n{}",
        "[[stratum]]\nwhere = { {} }",
        "[[team]]\n{}",
        "[[team]]\nwhere = { {} }",
        "[[person]]\n{}",
        "[tiers]\n{}",
        "[[weight]]\n{}",
        "[[mandatory]]\n{}",
        "[exclude]\n{}",
        "[[exclude.listed]]\n{}",
        "[rotation]\n{}",
        "[[recusal]]\n{}",
        "[ceremony]\n{}",
    ];
    for place in places {
        for key in keys(place) {
            let written = [
                format!("`{key}`"),
                format!("`[{key}]`"),
                format!("`[[{key}]]`"),
                format!("`[[exclude.{key}]]`"),
            ];
            assert!(
                written.iter().any(|key| REFERENCE.contains(key)),
                "{key} of {place}"
            );
        }
    }
}

#[test]
fn the_example_of_a_joint_inspection_in_the_reference_can_be_read() {
    let (_, after) = REFERENCE.split_once("```toml\n").unwrap();
    let (joint, _) = after.split_once("```").unwrap();
    let (before, rest) = PLAN.split_once("[inspectors]").unwrap();
    let (_, item) = rest.split_once("[[item]]").unwrap();
    let item = item.replace("[[team]]\nname = \"EP\"\n", "");
    assert_eq!(
        read(&format!("{before}{joint}[[item]]{item}"))
            .slots()
            .teams()
            .len(),
        3
    );
}
