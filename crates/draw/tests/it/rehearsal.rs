//! Rehearsals before the commitment follow from their seed and find what is too tight.
//! Never a promise about the draw itself: they say how likely a vacancy is, and whose caps it comes from.

use draw::ceremony::Frozen;
use draw::hash::Hash32;
use draw::plan::Quota;

use crate::cases::{Case, Person, Target};
use crate::choices::Choices;
use crate::seeds;

#[test]
fn rehearsals_follow_from_their_seed_and_find_what_is_too_tight() {
    let mut case = Case::new(&mut Choices::new(&seeds::bytes("rehearsal", 400)), 12);
    case.pool
        .iter_mut()
        .filter(|t| t.flag == "R")
        .for_each(|target| target.flag = "M".into());
    case.plan.quotas.clear();
    let rehearse = |cap: u32, seed: u8| {
        let mut case = case.clone();
        case.staff.iter_mut().for_each(|person| person.cap = cap);
        let texts = case.texts();
        let frozen: Frozen<'_> = texts.parse().unwrap();
        draw::trial::rehearse(&frozen, 20, &Hash32([seed; 32])).unwrap()
    };
    let wide = rehearse(100, 1);
    assert_eq!(
        (
            wide.draws,
            wide.with_vacancies,
            wide.vacant_slots,
            wide.bottlenecks.len()
        ),
        (20, 0, 0, 0)
    );
    // Everybody may go once, and there are more slots than inspectors.
    let tasks = case.pool.iter().filter(|t| t.flag == "M").count();
    let places = tasks * case.plan.slots.len();
    assert!(places > case.staff.len());
    let tight = rehearse(1, 1);
    assert_eq!(tight.with_vacancies, 20);
    assert!(tight.vacant_slots >= 20 * (places - case.staff.len()) as u64);
    assert!(tight.bottlenecks.values().any(|times| *times > 0));
    assert_eq!(tight, rehearse(1, 1));
}

/// Two of four targets are drawn, and who may serve depends on which: some rehearsals fail, and not the same for
/// another seed.
#[test]
fn rehearsals_say_how_likely_a_vacancy_is() {
    let mut case = Case::new(&mut Choices::new(&[]), 1);
    let only = case.pool.remove(0);
    let person = case.staff[0].clone();
    case.staff = ["I0", "I1", "I2", "I3"]
        .map(|name| Person {
            name: name.into(),
            cap: 1,
            ..person.clone()
        })
        .into();
    case.pool = [("A", [0, 1]), ("B", [0, 1]), ("C", [2, 3]), ("D", [2, 3])]
        .map(|(id, elig)| Target {
            id: id.into(),
            elig: elig.into(),
            ..only.clone()
        })
        .into();
    case.plan.quotas.values_mut().for_each(|quota| {
        *quota = Quota {
            number: 2,
            ratio: None,
        }
    });
    let texts = case.texts();
    let frozen = texts.parse().unwrap();
    let seen = draw::trial::rehearse(&frozen, 600, &Hash32([9; 32])).unwrap();
    // A and B, or C and D: one of three ways, and two slots vacant then.
    assert!((150..250).contains(&seen.with_vacancies), "{seen:?}");
    assert_eq!(seen.vacant_slots, u64::from(seen.with_vacancies) * 2);
    let named: u32 = seen.bottlenecks.values().sum();
    assert_eq!((seen.bottlenecks.len(), named), (4, seen.with_vacancies * 2));
    assert_ne!(
        seen,
        draw::trial::rehearse(&frozen, 600, &Hash32([8; 32])).unwrap()
    );
}
