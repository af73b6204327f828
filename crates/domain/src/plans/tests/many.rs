//! Large registers: instantly, and within the limits of mcd1 instead of out of memory.

use super::fixtures::*;
use crate::plans::Code;

#[test]
fn a_city_of_12_000_sources_and_60_inspectors_is_compiled() {
    let plan = read(&edited("cap = 50", "cap = 200"));
    let compiled = compiled(&plan, &sources(12_000), &inspectors(60), &[]).unwrap();
    assert_eq!(
        (compiled.strata[0].quota, compiled.texts.elig.lines().count()),
        (3_000, 12_000)
    );
}

#[test]
fn an_eligibility_that_mcd1_does_not_allow_is_refused_before_it_is_written() {
    // 8,000 sources × 6,000 inspectors × 6 bytes = 288 MB.
    let findings = compiled(&read(PLAN), &sources(8_000), &inspectors(6_000), &[]).unwrap_err();
    assert_eq!(codes(&findings), [Code::TooLarge]);
}

#[test]
fn pseudonyms_keep_their_order_beyond_a_thousand() {
    let compiled = compiled(&read(PLAN), &sources(4), &inspectors(1_000), &[]).unwrap();
    assert!(compiled.texts.staff.starts_with("I0001\t") && compiled.texts.staff.contains("\nI1000\t"));
}
