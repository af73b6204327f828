//! What the regulation asks of every draw (mcd1, sections 1 and 5), as properties of random draws under random keys.
//! Never about one draw only: each law is checked on whatever the strategies make, and says where it ends.

use std::collections::{BTreeMap, BTreeSet};

use draw::hash::Hash32;
use proptest::prelude::*;

use crate::cases::Case;
use crate::promises::{self, drawn};
use crate::seeds;
use crate::strategies::{case, times};

fn key() -> impl Strategy<Value = Hash32> {
    any::<u32>().prop_map(|n| seeds::key("law", n))
}

/// Ids of those of a stratum that are selected.
fn selected_of(case: &Case, key: &Hash32, stratum: &str) -> BTreeSet<String> {
    let rows = drawn(case, key).into_iter().zip(&case.pool);
    rows.filter(|(row, target)| row.status == "S" && target.stratum == stratum)
        .map(|(row, _)| row.id)
        .collect()
}

proptest! {
    #![proptest_config(times(500))]

    #[test]
    fn quotas_are_kept_exactly(case in case(), key in key()) {
        promises::quotas_are_kept(&case, &key);
    }

    #[test]
    fn a_ticket_depends_on_key_and_own_id_alone(case in case(), key in key(), at in any::<prop::sample::Index>()) {
        promises::a_ticket_is_independent(&case, &key);
        // Everybody else leaves the pool: the ticket of whoever stays is the same.
        let mut alone = case.clone();
        alone.pool = vec![case.pool[at.index(case.pool.len())].clone()];
        alone.pool[0].flag = "M".into();
        alone.pool[0].elig = (0..case.staff.len()).collect();
        alone.plan.quotas = BTreeMap::new();
        let id = &alone.pool[0].id;
        let before = drawn(&case, &key).into_iter().find(|row| &row.id == id && row.status != "X");
        let after = drawn(&alone, &key).remove(0);
        prop_assert!(before.is_none_or(|before| before.ticket == after.ticket));
    }

    #[test]
    fn names_salts_and_eligibility_do_not_matter_to_the_selection(case in case(), key in key()) {
        let mut other = case.clone();
        for target in &mut other.pool {
            target.name = format!("改名{}", target.name);
            target.salt = "0".repeat(32);
            if !target.elig.is_empty() {
                target.elig = (0..case.staff.len()).collect();
            }
        }
        let status = |case: &Case| drawn(case, &key).into_iter().map(|row| row.status).collect::<Vec<_>>();
        prop_assert_eq!(status(&case), status(&other));
    }

    #[test]
    fn other_strata_do_not_matter_to_a_stratum(case in case(), key in key()) {
        for stratum in case.plan.quotas.keys() {
            let mut alone = case.clone();
            alone.pool.retain(|target| &target.stratum == stratum);
            alone.plan.quotas.retain(|other, _| other == stratum);
            prop_assert_eq!(selected_of(&case, &key, stratum), selected_of(&alone, &key, stratum));
        }
    }

    #[test]
    fn who_is_mandatory_or_excluded_does_not_matter_to_the_selection(case in case(), key in key()) {
        let mut random_only = case.clone();
        random_only.pool.retain(|target| target.flag == "R");
        for stratum in case.plan.quotas.keys() {
            prop_assert_eq!(selected_of(&case, &key, stratum), selected_of(&random_only, &key, stratum));
        }
    }

    #[test]
    fn mandatory_in_excluded_out(case in case(), key in key()) {
        for (row, target) in drawn(&case, &key).iter().zip(&case.pool) {
            prop_assert_eq!(&row.id, &target.id);
            let fits = match target.flag.as_str() {
                "M" => row.status == "M",
                "R" => row.status == "S" || row.status == "N",
                _ => row.status == "X" && row.ticket == "-",
            };
            prop_assert!(fits, "{} is {} and became {}", row.id, target.flag, row.status);
            prop_assert_eq!(row.is_taken(), !row.team.is_empty());
        }
    }

    #[test]
    fn loads_never_above_caps(case in case(), key in key()) {
        let mut loads: BTreeMap<String, u32> = BTreeMap::new();
        for name in drawn(&case, &key).into_iter().flat_map(|row| row.team) {
            *loads.entry(name).or_default() += 1;
        }
        for person in &case.staff {
            prop_assert!(loads.remove(&person.name).unwrap_or(0) <= person.cap, "{}", person.name);
        }
        // Nobody who is not on the staff was assigned.
        loads.remove("?");
        prop_assert!(loads.is_empty());
    }

    #[test]
    fn two_different_inspectors_a_task(case in case(), key in key()) {
        for (row, target) in drawn(&case, &key).iter().zip(&case.pool).filter(|(row, _)| row.is_taken()) {
            prop_assert_eq!(row.team.len(), case.plan.slots.len());
            prop_assert!(row.team.len() >= 2);
            let named: Vec<&String> = row.team.iter().filter(|name| *name != "?").collect();
            prop_assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len(), "twice on {}", row.id);
            for (name, slot) in row.team.iter().zip(&case.plan.slots).filter(|(name, _)| *name != "?") {
                let on = target.elig.iter().find(|at| &case.staff[**at].name == name);
                let fits = on.is_some_and(|at| case.staff[*at].teams.contains(slot));
                prop_assert!(fits, "{name} on {} for {slot}", row.id);
            }
        }
    }

    /// A slot stays vacant only if caps leave no choice: with caps for everything, no slot is vacant.
    #[test]
    fn nobody_is_missing_where_caps_are_wide(mut case in case(), key in key()) {
        for person in &mut case.staff {
            person.cap = 999_999_999;
        }
        let missing = drawn(&case, &key).into_iter().flat_map(|row| row.team).filter(|name| name == "?").count();
        prop_assert_eq!(missing, 0);
    }

    #[test]
    fn a_larger_quota_extends_the_smaller(case in case(), key in key()) {
        promises::a_larger_quota_extends(&case, &key);
    }

    #[test]
    fn with_equal_weights_every_larger_quota_extends_the_smaller(mut case in case(), key in key(), weight in 1_u32..) {
        case.pool.iter_mut().for_each(|target| target.weight = weight);
        let whole = |case: &Case| case.plan.quotas.iter().all(|(stratum, quota)| {
            let lines = case.pool.iter().filter(|t| t.flag == "R" && &t.stratum == stratum).count();
            quota.number as usize == lines
        });
        prop_assert!(promises::a_larger_quota_extends(&case, &key) || whole(&case));
    }
}

/// Where the law of the larger quota ends: with unequal weights, two lines may at once become so heavy that they are
/// taken for certain. Of weights 3, 3, 1, 1, 1 nobody is certain for two (2·3 < 9), both heavy ones are for three
/// (3·3 ≥ 9, then 2·3 ≥ 6): who was drawn by ticket beside them must make room, if both heavy ones were not drawn.
/// At most one newly certain line never does that, and equal weights never make a line certain.
#[test]
fn a_larger_quota_may_displace_where_two_lines_become_certain_at_once() {
    let mut case = Case::new(&mut crate::choices::Choices::new(&[]), 1);
    let first = case.pool[0].clone();
    case.pool = [3, 3, 1, 1, 1]
        .iter()
        .zip(b'A'..)
        .map(|(weight, letter)| {
            let mut target = first.clone();
            (target.weight, target.id) = (*weight, char::from(letter).to_string());
            target
        })
        .collect();
    let stratum = first.stratum;
    let with_quota = |number: u32| {
        let mut case = case.clone();
        let quota = draw::plan::Quota { number, ratio: None };
        case.plan.quotas = BTreeMap::from([(stratum.clone(), quota)]);
        case
    };
    let (two, three) = (with_quota(2), with_quota(3));
    let (mut kept, mut displaced) = (0, 0);
    for n in 0..500 {
        let key = seeds::key("displaced", n);
        let (before, after) = (
            selected_of(&two, &key, &stratum),
            selected_of(&three, &key, &stratum),
        );
        assert!(after.contains("A") && after.contains("B"));
        if before.is_subset(&after) {
            kept += 1;
        } else {
            displaced += 1;
            assert!(
                !before.contains("A") && !before.contains("B"),
                "{before:?} {after:?}"
            );
        }
        assert!(!promises::a_larger_quota_extends(&two, &key));
    }
    // P(both heavy ones are passed over) can be computed: some, and not most.
    assert!(
        displaced > 10 && kept > displaced,
        "{kept} kept, {displaced} displaced"
    );
}
