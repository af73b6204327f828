//! A bottleneck that a rehearsal names is a real one: raising those caps helps, raising any other does not.
//! Never names anybody where everything can be filled.

use std::collections::BTreeSet;

use draw::assign::{Bottleneck, bottleneck};
use proptest::prelude::*;

use crate::choices::Choices;
use crate::naive::{Place, Problem};
use crate::promises::with_network;
use crate::seeds;
use crate::strategies::{bytes, times};

fn vacancies(problem: &Problem) -> usize {
    let places = problem.places();
    places.len() - problem.most(&places, &problem.nothing_given())
}

/// Vacancies if an inspector could take one task more.
fn vacancies_with_more(problem: &Problem, inspector: usize) -> usize {
    let mut raised = problem.clone();
    raised.caps[inspector] += 1;
    vacancies(&raised)
}

/// Slots of which the vacant ones can be among, by which moving everybody around the vacancy ends up:
/// those that some greatest assignment leaves vacant.
fn slots_that_can_be_vacant(problem: &Problem) -> Vec<Place> {
    let places = problem.places();
    let greatest = problem.most(&places, &problem.nothing_given());
    let without = |place: &Place| {
        let rest: Vec<Place> = places.iter().copied().filter(|other| other != place).collect();
        problem.most(&rest, &problem.nothing_given()) == greatest
    };
    places.iter().copied().filter(without).collect()
}

fn is_real(problem: &Problem, found: Option<Bottleneck>) -> bool {
    let vacant = vacancies(problem);
    let Some(found) = found else {
        assert_eq!(vacant, 0, "no bottleneck named: {problem:?}");
        return false;
    };
    assert_ne!(vacant, 0, "everything can be filled: {problem:?}");
    assert_eq!(found.slots - found.capacity, vacant, "{found:?} {problem:?}");
    let helps = |at: &usize| vacancies_with_more(problem, *at) < vacant;
    let helpful: BTreeSet<usize> = (0..problem.caps.len()).filter(helps).collect();
    let named: BTreeSet<usize> = found.inspectors.iter().map(|at| *at as usize).collect();
    assert_eq!(named, helpful, "{found:?} {problem:?}");
    let slots = slots_that_can_be_vacant(problem);
    assert_eq!(found.slots, slots.len(), "{found:?} {problem:?}");
    assert_eq!(
        found.capacity,
        problem.most(&slots, &problem.nothing_given()),
        "{found:?} {problem:?}"
    );
    true
}

proptest! {
    #![proptest_config(times(3000))]
    #[test]
    fn a_named_bottleneck_is_a_real_one(bytes in bytes()) {
        let problem = Problem::new(&mut Choices::new(&bytes));
        let found = with_network(&problem, |network| bottleneck(network).unwrap());
        is_real(&problem, found);
    }
}

#[test]
fn bottlenecks_of_fixed_seeds_are_real_ones() {
    let mut named = 0;
    for seed in 0..2000 {
        let problem = Problem::new(&mut Choices::new(&seeds::bytes(
            &format!("bottleneck {seed}"),
            100,
        )));
        let found = with_network(&problem, |network| bottleneck(network).unwrap());
        named += u32::from(is_real(&problem, found));
    }
    assert!(named > 400, "only {named}");
}

/// Inspectors 0 and 1 hold one slot each, which was found without them: they belong to the bottleneck all the same.
#[test]
fn who_holds_only_slots_that_were_known_is_named() {
    let problem = Problem {
        caps: vec![1, 1, 1],
        teams: vec![0b01, 0b10, 0b10],
        slots: vec![0b10, 0b01, 0b10, 0b01],
        elig: vec![vec![0], vec![1], vec![0, 1, 2]],
    };
    let found = with_network(&problem, |network| bottleneck(network).unwrap());
    assert_eq!(found.as_ref().unwrap().inspectors, [0, 1]);
    assert!(is_real(&problem, found));
}
