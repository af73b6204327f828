//! Selection and assignment equal their definition (mcd1, section 5), held against [`crate::naive`] case by case.
//! Never trusts an argument for an algorithm where the definition itself can be computed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use draw::assign::assign;
use draw::hash::Hash32;
use draw::plan::Quota;
use draw::select::{Entry, First, Selection, Ticket, select};
use draw::table::{PoolLine, Status, parse_pool};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases::Case;
use crate::choices::Choices;
use crate::naive::{self, Line, Problem};
use crate::promises;
use crate::seeds;
use crate::strategies::{bytes, times};

proptest! {
    #![proptest_config(times(8000))]
    #[test]
    fn the_assignment_equals_the_definition(bytes in bytes()) {
        let mut choices = Choices::new(&bytes);
        let problem = Problem::new(&mut choices);
        promises::assignment_equals_definition(&problem, &mut choices);
    }
}

/// The same for fixed seeds, and these reach what matters: vacancies, no slack at all, one team for two slots.
#[test]
fn the_assignment_equals_the_definition_where_it_is_tight() {
    let (mut vacant, mut without_slack, mut several_teams) = (0, 0, 0);
    for seed in 0..8000 {
        let bytes = seeds::bytes(&format!("tight {seed}"), 200);
        let mut choices = Choices::new(&bytes);
        let problem = Problem::new(&mut choices);
        let teams = promises::assignment_equals_definition(&problem, &mut choices);
        let (caps, slots) = (problem.caps.iter().sum::<u32>(), teams.iter().flatten().count());
        let is_vacant = teams.iter().flatten().any(Option::is_none);
        vacant += u32::from(is_vacant);
        without_slack += u32::from(!is_vacant && caps as usize == slots);
        several_teams += u32::from(problem.teams.iter().any(|bits| bits.count_ones() > 1));
    }
    assert!(
        vacant > 1000 && without_slack > 50 && several_teams > 1000,
        "{vacant} {without_slack} {several_teams}"
    );
}

/// Two slots of four can be filled, whoever goes where: so whoever is first by lot goes first, even if a slot that a
/// greatest plan fills becomes vacant for it, and another one, vacant in that plan, does not.
#[test]
fn nobody_is_passed_over_for_a_vacancy_that_can_move() {
    let problem = Problem {
        caps: vec![1, 1],
        teams: vec![0b01, 0b11],
        slots: vec![0b01, 0b10],
        elig: vec![vec![0, 1], vec![0, 1]],
    };
    // At the first target inspector 1 comes first.
    let lot = |target: usize, inspector: u32| {
        Hash32([[[7; 32], [0; 32]], [[4; 32], [7; 32]]][target][inspector as usize])
    };
    let found = promises::with_network(&problem, |network| {
        assign(network, |place, inspector| lot(place as usize, inspector)).unwrap()
    });
    assert_eq!(problem.assign(lot), [[Some(1), None], [Some(0), None]]);
    assert_eq!([found.of(0), found.of(1)], [[Some(1), None], [Some(0), None]]);
}

/// `a / b`, long division to the base 256.
fn quotient(dividend: [u8; 36], divisor: u32) -> Option<Hash32> {
    let mut remainder = 0;
    let digits = dividend.map(|digit| {
        let all = remainder * 256 + u64::from(digit);
        remainder = all % u64::from(divisor);
        u8::try_from(all / u64::from(divisor)).unwrap()
    });
    let (high, low) = digits.split_first_chunk::<4>()?;
    (*high == [0; 4]).then(|| Hash32(low.try_into().unwrap()))
}

fn nudged(ticket: Hash32, by: i8) -> Hash32 {
    let mut digits = ticket.0;
    let last = digits[31];
    digits[31] = last.saturating_add_signed(by);
    Hash32(digits)
}

fn weight() -> impl Strategy<Value = u32> {
    prop_oneof![
        1_u32..5,
        u32::MAX - 4..=u32::MAX,
        any::<u32>().prop_map(|w| w.max(1)),
        Just(3_000_000_000)
    ]
}

fn ticket() -> impl Strategy<Value = Hash32> {
    let repeated = (any::<u8>(), any::<u8>()).prop_map(|(most, last)| {
        let mut digits = [most; 32];
        digits[31] = last;
        Hash32(digits)
    });
    prop_oneof![any::<[u8; 32]>().prop_map(Hash32), repeated]
}

proptest! {
    #![proptest_config(times(20_000))]
    /// Also where the products differ in their last bits only, or not at all.
    #[test]
    fn the_order_is_that_of_the_exact_products(
        a in ticket(), (wa, wb) in (weight(), weight()), other in ticket(), by in -2_i8..=2, close in any::<bool>(),
    ) {
        // T(b) next to T(a)·weight(b)/weight(a), where that is a ticket.
        let near = quotient(naive::product(&a, wb), wa).map(|b| nudged(b, by));
        let b = near.filter(|_| close).unwrap_or(other);
        let line = |ticket, weight| Line { tier: 0, weight, ticket };
        let expected = line(a, wa).compare(&line(b, wb));
        prop_assert_eq!(Ticket::from(a).compare(wa, Ticket::from(b), wb), expected);
        prop_assert_eq!(Ticket::from(b).compare(wb, Ticket::from(a), wa), expected.reverse());
    }
}

#[test]
fn close_products_do_occur_on_all_sides() {
    let (a, wa, wb) = (seeds::key("close", 1), 3_000_000_000, 4);
    let b = quotient(naive::product(&a, wb), wa).unwrap();
    let orders = [-1, 0, 1].map(|by| Ticket::from(a).compare(wa, Ticket::from(nudged(b, by)), wb));
    assert_eq!((orders[0], orders[2]), (Ordering::Greater, Ordering::Less));
    let (one, two) = (Ticket::from(Hash32([1; 32])), Ticket::from(Hash32([2; 32])));
    assert_eq!(one.compare(u32::MAX / 2, two, u32::MAX - 1), Ordering::Equal);
}

/// Pools of one stratum whose tickets are few, so that many are equal.
fn lines() -> impl Strategy<Value = (Vec<Line>, usize)> {
    let few = prop_oneof![Just(1), Just(2), Just(255)].prop_map(|b| Hash32([b; 32]));
    let ticket = prop_oneof![few, ticket()];
    let line = (0_u8..2, weight(), ticket);
    let line = line.prop_map(|(tier, weight, ticket)| Line { tier, weight, ticket });
    (vec(line, 1..14), any::<prop::sample::Index>()).prop_map(|(lines, k)| {
        let quota = k.index(lines.len() + 1);
        (lines, quota)
    })
}

fn pool_text(lines: &[Line]) -> String {
    let line = |(at, l): (usize, &Line)| {
        format!(
            "A{at:02}\tkey\t{}\t{}\tR\tx\t{}\n",
            l.tier,
            l.weight,
            "0".repeat(32)
        )
    };
    lines.iter().enumerate().map(line).collect::<String>()
}

fn selection(case: &Case, pool: &[PoolLine<'_>], lines: &[Line], quota: usize) -> Selection {
    let mut plan = case.plan.clone();
    let number = u32::try_from(quota).unwrap();
    plan.quotas = BTreeMap::from([("key".to_owned(), Quota { number, ratio: None })]);
    let tickets: Vec<Ticket> = lines.iter().map(|line| line.ticket.into()).collect();
    select(&plan, pool, &tickets)
}

proptest! {
    #![proptest_config(times(8000))]
    #[test]
    fn the_selection_equals_the_definition((lines, quota) in lines()) {
        let text = pool_text(&lines);
        let pool = parse_pool(text.as_bytes()).unwrap();
        let tickets: Vec<Ticket> = lines.iter().map(|line| line.ticket.into()).collect();
        let found = selection(&Case::new(&mut Choices::new(&[]), 1), &pool, &lines, quota);
        let expected = naive::select(&lines, quota);
        let taken: BTreeSet<usize> = (0..lines.len()).filter(|at| found.status[*at] == Status::Selected).collect();
        prop_assert_eq!(&taken, &expected);
        let reserve: Vec<usize> =
            found.reserve("key", &pool, &tickets).into_iter().map(|place| place as usize).collect();
        prop_assert_eq!(reserve, naive::reserve(&lines, &expected));
    }

    /// [`First`] keeps what sorting would put first, in one stream or merged from two.
    #[test]
    fn first_keeps_the_first((lines, k) in lines(), split in any::<prop::sample::Index>()) {
        let entries: Vec<Entry> = lines
            .iter()
            .zip(0..)
            .map(|(line, place)| Entry { ticket: line.ticket.into(), weight: line.weight, place })
            .collect();
        let (left, right) = entries.split_at(split.index(entries.len()));
        let kept = |part: &[Entry]| {
            let mut first = First::new(k);
            for entry in part {
                first.offer(*entry);
            }
            first
        };
        let mut merged = kept(left);
        merged.merge(kept(right));
        let mut places: Vec<usize> = (0..lines.len()).collect();
        places.sort_by(|&a, &b| lines[a].compare(&lines[b]).then(a.cmp(&b)));
        places.truncate(k);
        let order = |first: First| first.finish().iter().map(|entry| entry.place as usize).collect::<Vec<_>>();
        prop_assert_eq!(&order(merged), &places);
        prop_assert_eq!(&order(kept(&entries)), &places);
    }
}
