//! Each step of the ceremony refuses what is out of order, and leaves folder and secrets as they were.
//! Never a step that a verifier would refuse: what is written passes, what is refused says at which check.

use std::collections::BTreeMap;

use draw::ceremony::{self, Ground, Refused, Secrets, Terms, Texts};
use draw::folder::COMMIT;
use draw::hash::Hash32;
use draw::public::Rule;
use draw::record::Time;
use draw::share::{Share, committed};
use draw::verify::{Check, Verdict, verify};
use proptest::prelude::*;

use crate::cases::Case;
use crate::choices::Choices;
use crate::rounds::{Round, time};
use crate::seeds;
use crate::strategies::{bytes, times};

pub(crate) const GROUND: Ground<'_> = Ground {
    reason: "企业已关闭",
    evidence: None,
};
pub(crate) const DICE: &str = "dice:01234567890123456789";

/// A small draw with vacant slots nowhere, all in one stratum, and dice for the public value.
pub(crate) fn committed_round() -> Round {
    let mut case = Case::new(&mut Choices::new(&[0, 9, 1, 9]), 12);
    case.staff.iter_mut().for_each(|person| person.cap = 100);
    commit(&case)
}

/// Commits a case with two holders and dice for the public value.
pub(crate) fn commit(case: &Case) -> Round {
    let mut round = Round::committed(&mut Choices::new(&[]), case).unwrap();
    let (texts, salt) = (case.texts(), round.secrets.elig_salt);
    round.files = ceremony::commit(&texts, &salt, terms(&round.secrets.shares, case)).unwrap();
    round.value = DICE.into();
    round
}

fn terms(shares: &[Share], case: &Case) -> Terms {
    let committed =
        |(j, share): (usize, &Share)| committed(case.alg, &case.plan.draw, j, &share.secret(case.alg));
    Terms {
        origin: "mingcha.example/410823".into(),
        alg: case.alg,
        holders: (1..)
            .zip(shares)
            .map(|share| (format!("持有人{}", share.0), committed(share)))
            .collect(),
        public: Rule::Dice(20),
        open_by: at(8),
        reveal_by: at(20),
        at: at(0),
    }
}

pub(crate) fn at(day: u32) -> Time {
    time(day, "+08:00")
}

pub(crate) fn opened_round() -> Round {
    let mut round = committed_round();
    round.files = ceremony::open(&round.files, &mut round.secrets, DICE, at(2)).unwrap();
    round
}

pub(crate) fn a_target(round: &Round) -> (String, Vec<String>) {
    ceremony::present_tasks(&round.files, &round.secrets)
        .unwrap()
        .pop_first()
        .unwrap()
}

pub(crate) fn check_of<T>(outcome: Result<T, Refused>) -> Option<Check> {
    match outcome {
        Err(Refused::Fails { check, .. }) => Some(check),
        Ok(_) | Err(Refused::OutOfOrder(_) | Refused::Beyond(_)) => None,
    }
}

pub(crate) fn is_out_of_order<T>(outcome: &Result<T, Refused>) -> bool {
    matches!(outcome, Err(Refused::OutOfOrder(_)))
}

pub(crate) fn is_unchanged(before: &Secrets, after: &Secrets) -> bool {
    (&before.texts, &before.result, &before.subs) == (&after.texts, &after.result, &after.subs)
        && before.shares == after.shares
        && before.elig_salt == after.elig_salt
}

/// Opens with other secrets, value or time, which must be refused at a check and change nothing.
fn refuses_to_open(check: Check, change: impl FnOnce(&mut Secrets), value: &str, day: u32) {
    let mut round = committed_round();
    change(&mut round.secrets);
    let before = round.secrets.clone();
    let outcome = ceremony::open(&round.files, &mut round.secrets, value, at(day));
    assert_eq!(check_of(outcome), Some(check), "{value} on day {day}");
    assert!(is_unchanged(&before, &round.secrets));
}

#[test]
fn a_commitment_needs_two_shares_and_times_in_order() {
    let case = Case::new(&mut Choices::new(&[]), 3);
    let salt = Hash32([7; 32]);
    let share = |n: u8| Share {
        machine: Hash32([n; 32]),
        input: vec![],
    };
    let shares: Vec<Share> = (1..18).map(share).collect();
    let commit = |count: usize, change: fn(&mut Terms)| {
        let mut terms = terms(&shares[..count], &case);
        change(&mut terms);
        check_of(ceremony::commit(&case.texts(), &salt, terms))
    };
    assert_eq!(commit(2, |_| ()), None);
    assert_eq!(commit(16, |_| ()), None);
    assert_eq!(commit(0, |_| ()), Some(Check::Shares));
    assert_eq!(commit(1, |_| ()), Some(Check::Shares));
    assert_eq!(commit(17, |_| ()), Some(Check::Form));
    assert_eq!(commit(2, |terms| terms.at = at(8)), Some(Check::Chain));
    assert_eq!(commit(2, |terms| terms.open_by = at(20)), Some(Check::Chain));
    assert_eq!(
        commit(2, |terms| terms.origin = "a\nb=c".into()),
        Some(Check::Form)
    );
    assert_eq!(
        commit(2, |terms| terms.holders[1].0 = " ".into()),
        Some(Check::Form)
    );
}

#[test]
fn what_is_frozen_is_checked_before_the_commitment() {
    let case = Case::new(&mut Choices::new(&[]), 1);
    let refused = |change: fn(&mut Case, &mut Texts)| {
        let (mut case, mut texts) = (case.clone(), case.texts());
        change(&mut case, &mut texts);
        let terms = terms(
            &[
                Share {
                    machine: Hash32([1; 32]),
                    input: vec![],
                },
                Share {
                    machine: Hash32([2; 32]),
                    input: vec![],
                },
            ],
            &case,
        );
        check_of(ceremony::commit(&texts, &Hash32([7; 32]), terms))
    };
    assert_eq!(refused(|_, _| ()), None);
    assert_eq!(refused(|_, texts| texts.pool.push('\n')), Some(Check::Form));
    assert_eq!(
        refused(|_, texts| texts.plan = texts.plan.replace("quota.key=1\nratio.key=1/1", "quota.key=2")),
        Some(Check::Plan)
    );
    assert_eq!(
        refused(|_, texts| texts.plan = texts.plan.replace("slots=EP,EP", "slots=EP")),
        Some(Check::Plan)
    );
    assert_eq!(
        refused(|_, texts| texts.elig = texts.elig.replace(",I001", "")),
        Some(Check::Eligibility)
    );
    assert_eq!(
        refused(|_, texts| texts.staff = texts.staff.replace("EP", "other")),
        Some(Check::Form)
    );
}

#[test]
fn an_opening_needs_every_share_as_committed() {
    refuses_to_open(Check::Shares, |s| s.shares.truncate(1), DICE, 2);
    refuses_to_open(Check::Shares, |s| s.shares.clear(), DICE, 2);
    refuses_to_open(Check::Shares, |s| s.shares[0].input.push(1), DICE, 2);
    refuses_to_open(Check::Shares, |s| s.shares[1].machine = Hash32([0; 32]), DICE, 2);
    refuses_to_open(Check::Shares, |s| s.shares.swap(0, 1), DICE, 2);
    refuses_to_open(Check::Shares, |s| s.shares.push(s.shares[0].clone()), DICE, 2);
}

#[test]
fn two_alike_shares_are_refused_at_the_opening() {
    let case = Case::new(&mut Choices::new(&[]), 1);
    let alike = [(); 2].map(|()| Share {
        machine: Hash32([1; 32]),
        input: vec![],
    });
    let mut round = committed_round();
    round.secrets.texts = case.texts();
    round.secrets.shares = alike.to_vec();
    round.files = ceremony::commit(&case.texts(), &round.secrets.elig_salt, terms(&alike, &case)).unwrap();
    let outcome = ceremony::open(&round.files, &mut round.secrets, DICE, at(2));
    assert_eq!(check_of(outcome), Some(Check::Shares));
}

#[test]
fn an_opening_needs_a_value_of_the_rule_in_time() {
    for wrong in [
        "dice:0123456789012345678",
        "dice:012345678901234567890",
        "kl8:2026123:01",
        "none",
        "dice:٠",
    ] {
        refuses_to_open(Check::Public, |_| (), wrong, 2);
    }
    for wrong in ["", "-\n", "dice:01234567890123456789 "] {
        refuses_to_open(Check::Form, |_| (), wrong, 2);
    }
    refuses_to_open(Check::Chain, |_| (), DICE, 0);
    refuses_to_open(Check::Chain, |_| (), DICE, 9);
    let mut round = committed_round();
    assert!(ceremony::open(&round.files, &mut round.secrets, DICE, at(8)).is_ok());
}

#[test]
fn an_opening_needs_what_was_frozen() {
    refuses_to_open(Check::Eligibility, |s| s.elig_salt = Hash32([0; 32]), DICE, 2);
    refuses_to_open(
        Check::Eligibility,
        |s| s.texts.staff = s.texts.staff.replace("\t100\n", "\t99\n"),
        DICE,
        2,
    );
    let other_plan = |s: &mut Secrets| s.texts.plan = s.texts.plan.replace("slots=EP,EP", "slots=EP");
    refuses_to_open(Check::Plan, other_plan, DICE, 2);
}

#[test]
fn a_draw_is_opened_once() {
    let mut round = opened_round();
    let before = round.secrets.clone();
    assert!(is_out_of_order(&ceremony::open(
        &round.files,
        &mut round.secrets,
        DICE,
        at(3)
    )));
    assert!(is_unchanged(&before, &round.secrets));
    for known in [None, Some(DICE)] {
        let mut round = committed_round();
        let void = ceremony::void(&round.files, known, "停电", "王局长", at(1)).unwrap();
        assert!(is_out_of_order(&ceremony::open(
            &void,
            &mut round.secrets,
            DICE,
            at(2)
        )));
    }
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(3)).unwrap();
    assert!(is_out_of_order(&ceremony::open(
        &revealed,
        &mut round.secrets,
        DICE,
        at(4)
    )));
}

proptest! {
    #![proptest_config(times(300))]
    /// Whatever way a draw takes, it ends in a folder that passes or is open, and never in a refusal.
    #[test]
    fn every_way_through_the_ceremony_verifies(bytes in bytes()) {
        let round = Round::play(&mut Choices::new(&bytes), 16).unwrap();
        let report = verify(&round.files);
        prop_assert!(matches!(report.verdict, Verdict::Passes | Verdict::Open), "{report}");
    }
}

/// The ways that the other tests and the other verifiers are led along do reach what matters.
#[test]
fn the_ways_through_the_ceremony_reach_everything() {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let mut seen = |what| *kinds.entry(what).or_default() += 1;
    for seed in 0..300 {
        let bytes = seeds::bytes(&format!("way {seed}"), 500);
        let round = Round::play(&mut Choices::new(&bytes), 16).unwrap();
        let facts = verify(&round.files).facts.unwrap();
        seen(facts.kind.name());
        let commit = String::from_utf8(round.files[COMMIT].clone()).unwrap();
        for what in [
            "alg=sm3",
            "public=kl8",
            "public=drand",
            "public=dice",
            "public=none",
        ] {
            if commit.contains(what) {
                seen(what);
            }
        }
        let is_vacant = facts.vacancies.is_some_and(|vacant| vacant > 0);
        let happened = [
            ("late", facts.late),
            ("vacant", is_vacant),
            ("substituted", round.files.contains_key("sub-1.txt")),
            ("given up", round.secrets.subs.contains("\t-\t-\t")),
            ("recomputed", facts.recomputed.is_some()),
        ];
        happened
            .into_iter()
            .filter(|(_, is)| *is)
            .for_each(|(what, _)| seen(what));
    }
    assert_eq!(kinds.len(), 14, "{kinds:?}");
    assert!(kinds.values().all(|times| *times >= 8), "{kinds:?}");
}
