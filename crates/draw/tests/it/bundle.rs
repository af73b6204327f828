//! One sound draw with everything in it, at each of its stages, for tests that damage it line by line.
//! Never random: strata with and without ratio, tiers, weights, all flags, two teams, three substitutions.

use std::collections::BTreeMap;

use draw::ceremony::{self, Ground};
use draw::folder::Files;
use draw::hash::{Alg, Hash32};
use draw::plan::Quota;
use draw::substitute::Request;

use crate::cases::{Case, Person, Target};
use crate::ceremony::{DICE, at, commit};
use crate::choices::Choices;
use crate::rounds::Round;

/// The folders of one draw: as it was published step by step, and where it could have ended otherwise.
pub(crate) struct Stages {
    pub(crate) committed: Files,
    pub(crate) substituted: Files,
    pub(crate) revealed: Files,
    pub(crate) void_before: Files,
    pub(crate) void_after: Files,
}

/// Lines of the pool: id, stratum, tier, weight, flag. The last one is excluded.
const POOL: [(&str, &str, u8, u32, &str); 12] = [
    ("A1", "general", 0, 1, "R"),
    ("A2", "general", 1, 4, "R"),
    ("A3", "key", 0, 3_000_000_000, "R"),
    ("B1-02", "general", 1, 2, "R"),
    ("B2", "key", 2, 1, "M"),
    ("B3", "general", 1, 1, "R"),
    ("C1", "key", 0, 5, "X:cap"),
    ("C2", "key", 0, 7, "R"),
    ("C3", "general", 0, 1, "R"),
    ("D1", "key", 1, 9, "R"),
    ("D2", "key", 0, 2, "R"),
    ("D3", "general", 0, 1, "X:closed"),
];
/// Inspectors and teams. Who is in both may serve everywhere.
const STAFF: [(&str, &str, u32); 6] = [
    ("I1", "EP-lead", 3),
    ("I2", "EP", 4),
    ("I3", "EP,EP-lead", 2),
    ("I4", "EP", 2),
    ("I5", "EP-lead", 4),
    ("I6", "EP,EP-lead", 3),
];

fn case(alg: Alg) -> Case {
    let mut case = Case::new(&mut Choices::new(&[]), 1);
    case.alg = alg;
    case.plan.slots = vec!["EP-lead".into(), "EP".into()];
    let ratio = Some((2, 5));
    case.plan.quotas = BTreeMap::from([
        ("general".to_owned(), Quota { number: 2, ratio }),
        (
            "key".to_owned(),
            Quota {
                number: 2,
                ratio: None,
            },
        ),
    ]);
    let line = |&(id, stratum, tier, weight, flag): &(&str, &str, u8, u32, &str)| Target {
        id: id.into(),
        stratum: stratum.into(),
        tier,
        weight,
        flag: flag.into(),
        name: format!("示例企业{id}"),
        salt: "5a".repeat(16),
        // All but one, another one each time.
        elig: (0..6)
            .filter(|inspector| inspector % 6 != id.len() + usize::from(tier))
            .collect(),
    };
    case.pool = POOL.iter().map(line).collect();
    for target in case.pool.iter_mut().filter(|target| target.flag.starts_with('X')) {
        target.elig.clear();
    }
    let person = |&(name, teams, cap): &(&str, &str, u32)| Person {
        name: name.into(),
        teams: teams.split(',').map(str::to_owned).collect(),
        cap,
    };
    case.staff = STAFF.iter().map(person).collect();
    case
}

fn substitute(round: &mut Round, request: Request<'_>, day: u32) {
    let ground = Ground {
        reason: "企业已关闭",
        evidence: (day == 5).then_some(Hash32([0xee; 32])),
    };
    let salt = Hash32([u8::try_from(day).unwrap(); 32]);
    let step = ceremony::substitute(&round.files, &mut round.secrets, request, &ground, salt, at(day));
    round.files = step.unwrap().0;
}

/// Plays the draw.
pub(crate) fn stages(alg: Alg) -> Stages {
    let mut round = commit(&case(alg));
    let committed = round.files.clone();
    let void_before = ceremony::void(&committed, None, "停电", "王局长", at(2)).unwrap();
    round.files = ceremony::open(&committed, &mut round.secrets, DICE, at(2)).unwrap();
    let tasks = ceremony::present_tasks(&round.files, &round.secrets).unwrap();
    let drawn = tasks.keys().find(|id| *id != "B2").unwrap();
    substitute(&mut round, Request::Target(drawn), 4);
    let tasks = ceremony::present_tasks(&round.files, &round.secrets).unwrap();
    let (target, team) = tasks.iter().find(|(id, _)| *id != "B2").unwrap();
    let request = Request::Inspector {
        target,
        old: &team[1],
    };
    substitute(&mut round, request, 5);
    substitute(&mut round, Request::Target("B2"), 6);
    let revealed = ceremony::reveal(&round.files, &round.secrets, at(10)).unwrap();
    let void = ceremony::void(&round.files, None, "公共值录入有误", "王局长", at(9)).unwrap();
    let void_after = ceremony::reveal(&void, &round.secrets, at(10)).unwrap();
    Stages {
        committed,
        substituted: round.files,
        revealed,
        void_before,
        void_after,
    }
}
