//! Chances are what the regulation asks for: frequencies over thousands of keys pass Pearson's chi-square test.
//! Never a test that fails by chance: keys follow from fixed series, so that each statistic is one fixed number.
//!
//! A fair draw would exceed a critical value used here once in a million series. Whole outcomes are counted (which
//! lines together, who on which slot), since a draw can give each line its chance and still favour pairs; the last
//! test shows such a one, which passes line by line and is found by its pairs.

use std::collections::BTreeMap;

use draw::hash::{Alg, Hash32};
use draw::list::List;
use draw::plan::Quota;

use crate::cases::{Case, Person, Target};
use crate::choices::Choices;
use crate::seeds;

const KEYS: u32 = 20_000;

/// The value that a chi-square statistic of so many degrees of freedom exceeds with a probability of 10⁻⁶.
fn critical(degrees: usize) -> f64 {
    let table = [
        (1, 23.928),
        (2, 27.631),
        (5, 35.888),
        (8, 42.701),
        (11, 48.866),
        (19, 63.677),
        (23, 70.550),
    ];
    table.iter().find(|(df, _)| *df == degrees).unwrap().1
}

type Counts = BTreeMap<String, u32>;

/// Pearson's statistic of outcomes against their chances, which sum to one.
fn statistic(counts: &Counts, chances: &[(String, f64)]) -> f64 {
    let sum = chances.iter().map(|(_, chance)| chance).sum::<f64>();
    assert!((sum - 1.0).abs() < 1e-9, "the chances sum to {sum}");
    let known = chances
        .iter()
        .map(|(outcome, _)| counts.get(outcome).copied().unwrap_or(0));
    let all: u32 = counts.values().sum();
    assert_eq!(known.sum::<u32>(), all, "an outcome without a chance: {counts:?}");
    let square = |(outcome, chance): &(String, f64)| {
        let expected = chance * f64::from(all);
        // Pearson's approximation needs some of each.
        assert!(expected > 5.0);
        let observed = f64::from(counts.get(outcome).copied().unwrap_or(0));
        (observed - expected).powi(2) / expected
    };
    chances.iter().map(square).sum()
}

fn passes(counts: &Counts, chances: &[(String, f64)]) -> bool {
    statistic(counts, chances) < critical(chances.len() - 1)
}

fn evenly<S: ToString>(outcomes: impl IntoIterator<Item = S>) -> Vec<(String, f64)> {
    let outcomes: Vec<String> = outcomes.into_iter().map(|outcome| outcome.to_string()).collect();
    let count = u32::try_from(outcomes.len()).unwrap();
    outcomes
        .into_iter()
        .map(|outcome| (outcome, 1.0 / f64::from(count)))
        .collect()
}

/// All ways to put `left` in a row of `length`, in every order if `ordered`, else ascending.
fn rows(left: &str, length: usize, ordered: bool) -> Vec<String> {
    if length == 0 {
        return vec![String::new()];
    }
    let from = |(at, first): (usize, char)| {
        let rest: String = if ordered {
            left.replace(first, "")
        } else {
            left[at + 1..].to_owned()
        };
        rows(&rest, length - 1, ordered)
            .into_iter()
            .map(move |row| format!("{first}{row}"))
    };
    left.char_indices().flat_map(from).collect()
}

/// Counts an outcome of the list over all keys of a series.
fn counts(case: &Case, series: &str, outcome: impl Fn(&List<'_>) -> String) -> Counts {
    let texts = case.texts();
    let frozen = texts.parse().unwrap();
    let mut counts = Counts::new();
    for n in 0..KEYS {
        let list = List::draw(frozen.inputs(), case.alg, &seeds::key(series, n)).unwrap();
        *counts.entry(outcome(&list)).or_default() += 1;
    }
    counts
}

/// Ids of a stratum that are taken, one letter each, ascending.
fn taken(list: &List<'_>) -> String {
    let lines = list.pool().iter().zip(list.status());
    lines
        .filter(|(_, status)| status.is_taken())
        .map(|(line, _)| line.id)
        .collect()
}

/// Lines A, B, … of tier and weight, and how many of them to draw.
fn case_of(alg: Alg, lines: &[(u8, u32)], quota: u32) -> Case {
    let mut case = Case::new(&mut Choices::new(&[]), 1);
    case.alg = alg;
    case.staff.iter_mut().for_each(|person| person.cap = 999);
    let only = case.pool.remove(0);
    let line = |(&(tier, weight), letter): (&(u8, u32), u8)| Target {
        id: char::from(letter).to_string(),
        tier,
        weight,
        ..only.clone()
    };
    case.pool = lines.iter().zip(b'A'..).map(line).collect();
    let quota = Quota {
        number: quota,
        ratio: None,
    };
    case.plan.quotas = BTreeMap::from([(only.stratum, quota)]);
    case
}

#[test]
fn every_three_of_six_are_as_likely() {
    for alg in [Alg::Sha256, Alg::Sm3] {
        let case = case_of(alg, &[(0, 7); 6], 3);
        let counts = counts(&case, "three of six", taken);
        assert!(passes(&counts, &evenly(rows("ABCDEF", 3, false))), "{counts:?}");
    }
}

#[test]
fn a_tier_comes_before_the_next_and_within_it_all_are_as_likely() {
    let case = case_of(Alg::Sha256, &[(1, 1), (0, 1), (1, 1), (0, 1), (1, 1), (1, 1)], 4);
    let counts = counts(&case, "tiers", taken);
    assert!(
        passes(&counts, &evenly(["ABCD", "ABDE", "ABDF", "BCDE", "BCDF", "BDEF"])),
        "{counts:?}"
    );
}

#[test]
fn strata_are_drawn_independently() {
    let mut case = case_of(Alg::Sha256, &[(0, 1); 6], 1);
    let (stratum, quota) = case.plan.quotas.pop_first().unwrap();
    for target in &mut case.pool[3..] {
        target.stratum = "other".into();
    }
    case.plan.quotas = BTreeMap::from([(stratum, quota), ("other".into(), quota)]);
    let counts = counts(&case, "strata", taken);
    assert!(
        passes(
            &counts,
            &evenly(["AD", "AE", "AF", "BD", "BE", "BF", "CD", "CE", "CF"])
        ),
        "{counts:?}"
    );
}

#[test]
fn the_reserve_is_in_random_order() {
    let case = case_of(Alg::Sm3, &[(0, 1); 4], 1);
    let stratum = case.plan.quotas.keys().next().unwrap();
    let counts = counts(&case, "reserve", |list| {
        let next = list.reserve(stratum)[0];
        format!("{}{}", taken(list), list.pool()[next as usize].id)
    });
    assert!(passes(&counts, &evenly(rows("ABCD", 2, true))), "{counts:?}");
}

/// The order compares `T/weight`, which is even on [0, 1/weight]. Of two, the lighter one (1) comes before the
/// heavier one (w) with the probability ∫ w·x dx over [0, 1/w], which is 1/(2w).
#[test]
fn the_heavier_of_two_comes_first_as_often_as_its_weight_says() {
    for (weight, lighter) in [(3, 1.0 / 6.0), (2, 1.0 / 4.0), (50, 1.0 / 100.0)] {
        let case = case_of(Alg::Sha256, &[(0, 1), (0, weight)], 1);
        let counts = counts(&case, "two weights", taken);
        let chances = [("A".to_owned(), lighter), ("B".to_owned(), 1.0 - lighter)];
        assert!(passes(&counts, &chances), "{weight}: {counts:?}");
    }
    // Near 2^32 a ratio of weights is what counts, not their size.
    let case = case_of(Alg::Sm3, &[(0, 1_431_655_765), (0, u32::MAX)], 1);
    let counts = counts(&case, "large weights", taken);
    assert!(
        passes(&counts, &[("A".into(), 1.0 / 6.0), ("B".into(), 5.0 / 6.0)]),
        "{counts:?}"
    );
}

/// Of weights 1, 2, 3 line i comes first with the probability ∫ wᵢ·Π(1 − wⱼx) dx over [0, 1/3], j ≠ i.
#[test]
fn the_first_of_three_weights_is_as_likely_as_the_integral_says() {
    let case = case_of(Alg::Sha256, &[(0, 1), (0, 2), (0, 3)], 1);
    let counts = counts(&case, "three weights", taken);
    let chances = [("A", 7.0), ("B", 16.0), ("C", 31.0)].map(|(id, of_54)| (id.to_owned(), of_54 / 54.0));
    assert!(passes(&counts, &chances), "{counts:?}");
}

/// The two heavy lines are certain; who comes beside them is even again.
#[test]
fn beside_certain_lines_the_rest_is_as_likely() {
    let case = case_of(Alg::Sha256, &[(0, 3), (0, 3), (0, 1), (0, 1), (0, 1)], 3);
    let counts = counts(&case, "certain", taken);
    assert!(passes(&counts, &evenly(["ABC", "ABD", "ABE"])), "{counts:?}");
}

/// Inspectors P, Q, … with these teams, all of them eligible for all of so many mandatory targets.
fn assignment_of(teams: &[&str], slots: &[&str], targets: usize, cap: u32) -> Case {
    let mut case = case_of(Alg::Sha256, &[(0, 1); 4][..targets], 0);
    let inspector = |(team, letter): (&&str, u8)| Person {
        name: char::from(letter).to_string(),
        teams: vec![(*team).into()],
        cap,
    };
    case.staff = teams.iter().zip(b'P'..).map(inspector).collect();
    case.plan.slots = slots.iter().map(|slot| (*slot).into()).collect();
    case.plan.quotas.clear();
    for target in &mut case.pool {
        (target.flag, target.elig) = ("M".into(), (0..teams.len()).collect());
    }
    case
}

/// Who is on the slots, target by target in the order of their ids.
fn assigned(list: &List<'_>) -> String {
    let teams = list.teams_by_place();
    teams
        .values()
        .map(|team| list.staff().write_team(team).replace(',', ""))
        .collect()
}

#[test]
fn every_pair_of_inspectors_is_as_likely() {
    let case = assignment_of(&["EP"; 4], &["EP", "EP"], 1, 9);
    let counts = counts(&case, "pairs", assigned);
    assert!(passes(&counts, &evenly(rows("PQRS", 2, true))), "{counts:?}");
}

#[test]
fn every_lead_meets_every_inspector_as_often() {
    let case = assignment_of(
        &["EP-lead", "EP-lead", "EP", "EP", "EP"],
        &["EP-lead", "EP"],
        1,
        9,
    );
    let counts = counts(&case, "leads", assigned);
    assert!(
        passes(&counts, &evenly(["PR", "PS", "PT", "QR", "QS", "QT"])),
        "{counts:?}"
    );
}

/// Four slots for four inspectors, who go once each: because of their caps, or because loads are evened out.
#[test]
fn every_way_to_send_four_inspectors_is_as_likely() {
    for cap in [1, 9] {
        let case = assignment_of(&["EP"; 4], &["EP", "EP"], 2, cap);
        let counts = counts(&case, "four inspectors", assigned);
        assert!(
            passes(&counts, &evenly(rows("PQRS", 4, true))),
            "cap {cap}: {counts:?}"
        );
    }
}

/// A fixed-step sampler, as they are in use: a random start, then every second line.
fn every_second(key: &Hash32) -> String {
    let start = usize::from(key.0[0] & 1);
    "ABCDEF".chars().skip(start).step_by(2).collect()
}

#[test]
fn a_fixed_step_sampler_passes_line_by_line_and_fails_by_pairs() {
    let mut sampled = Counts::new();
    for n in 0..KEYS {
        *sampled
            .entry(every_second(&seeds::key("fixed step", n)))
            .or_default() += 1;
    }
    for line in "ABCDEF".chars() {
        let with = sampled.iter().filter(|(lines, _)| lines.contains(line));
        let with: u32 = with.map(|(_, count)| count).sum();
        let alone = Counts::from([("in".into(), with), ("out".into(), KEYS - with)]);
        assert!(passes(&alone, &evenly(["in", "out"])), "{line}: {alone:?}");
    }
    assert!(!passes(&sampled, &evenly(rows("ABCDEF", 3, false))));
}
