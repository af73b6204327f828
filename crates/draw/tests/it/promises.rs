//! What every draw promises, each as a function that panics where it is broken: for properties and fuzz targets alike.
//! Never looks inside the crate: it reads `result.tsv` like anyone who was handed the folder.

use std::collections::{BTreeMap, BTreeSet};

use draw::assign::{Network, assign};
use draw::hash::{Hash32, encode};
use draw::list::List;
use draw::table::{Elig, Staff};

use crate::cases::Case;
use crate::choices::Choices;
use crate::naive::{Given, Line, Problem, certain};

/// A line of `result.tsv` beside its line of the pool.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) ticket: String,
    pub(crate) status: String,
    /// Empty if the target was not taken.
    pub(crate) team: Vec<String>,
}

impl Row {
    pub(crate) fn is_taken(&self) -> bool {
        self.status == "M" || self.status == "S"
    }
}

/// The list that a key draws.
pub(crate) fn drawn(case: &Case, key: &Hash32) -> Vec<Row> {
    let texts = case.texts();
    let frozen = texts.parse().unwrap();
    let result = List::draw(frozen.inputs(), case.alg, key).unwrap().to_text();
    let row = |line: &str| {
        let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [id, ticket, status, team, _salt] = columns.try_into().unwrap();
        let team = if team == "-" {
            Vec::new()
        } else {
            team.split(',').map(str::to_owned).collect()
        };
        Row {
            id,
            ticket,
            status,
            team,
        }
    };
    result.lines().map(row).collect()
}

/// In each stratum exactly its quota is drawn, and nobody of a tier while somebody of an earlier one is left.
pub(crate) fn quotas_are_kept(case: &Case, key: &Hash32) {
    let rows = drawn(case, key);
    let mut selected: BTreeMap<&str, u32> = BTreeMap::new();
    for (row, target) in rows.iter().zip(&case.pool) {
        *selected.entry(&target.stratum).or_default() += u32::from(row.status == "S");
        let is_passed_over = |(other, at): &(&Row, &crate::cases::Target)| {
            other.status == "N" && at.stratum == target.stratum && at.tier < target.tier
        };
        let passed_over = rows.iter().zip(&case.pool).find(is_passed_over);
        assert!(
            row.status != "S" || passed_over.is_none(),
            "{} before its tier",
            row.id
        );
    }
    for (stratum, quota) in &case.plan.quotas {
        assert_eq!(
            selected.remove(stratum.as_str()).unwrap_or(0),
            quota.number,
            "{stratum}"
        );
    }
    assert!(selected.values().all(|others| *others == 0));
}

/// A ticket is `HMAC(K, E("ticket", id))`, whoever else is in the pool and whatever else is said of the target.
pub(crate) fn a_ticket_is_independent(case: &Case, key: &Hash32) {
    let keyed = case.alg.keyed(key);
    for row in drawn(case, key).iter().filter(|row| row.status != "X") {
        let alone = keyed.tag(&encode("ticket", &[row.id.as_bytes()]));
        assert_eq!(row.ticket, alone.to_string());
    }
}

fn selected(case: &Case, key: &Hash32) -> BTreeSet<String> {
    let rows = drawn(case, key).into_iter();
    rows.filter(|row| row.status == "S").map(|row| row.id).collect()
}

/// How many lines of a stratum are taken whatever the tickets are, for being so heavy, in the tier where `k` ends.
fn certain_of(case: &Case, stratum: &str, mut k: usize) -> usize {
    let lines = case.pool.iter().filter(|t| t.flag == "R" && t.stratum == stratum);
    let line = |t: &crate::cases::Target| Line {
        tier: t.tier,
        weight: t.weight,
        ticket: Hash32([0; 32]),
    };
    let lines: Vec<Line> = lines.map(line).collect();
    for tier in 0..=9 {
        let of_tier: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].tier == tier).collect();
        if of_tier.len() > k {
            return certain(&lines, of_tier, k as u128).0.len();
        }
        k -= of_tier.len();
    }
    0
}

/// A quota raised by one keeps everybody who was drawn and adds one more; `false` where mcd1 does not promise it:
/// two or more lines become heavy enough at once to be taken for certain (see `law.rs`).
pub(crate) fn a_larger_quota_extends(case: &Case, key: &Hash32) -> bool {
    let mut promised = false;
    let before = selected(case, key);
    for (stratum, quota) in &case.plan.quotas {
        let lines = case
            .pool
            .iter()
            .filter(|t| t.flag == "R" && &t.stratum == stratum)
            .count();
        let k = quota.number as usize;
        let (heavy, heavier) = (certain_of(case, stratum, k), certain_of(case, stratum, k + 1));
        if k == lines || heavier > heavy + 1 {
            continue;
        }
        let mut larger = case.clone();
        if let Some(raised) = larger.plan.quotas.get_mut(stratum) {
            (raised.number, raised.ratio) = (quota.number + 1, None);
        }
        let after = selected(&larger, key);
        assert!(
            before.is_subset(&after),
            "{stratum}: {before:?} is not in {after:?}"
        );
        assert_eq!(after.len(), before.len() + 1);
        promised = true;
    }
    promised
}

/// Hands a problem to the crate as its network.
pub(crate) fn with_network<T>(problem: &Problem, ask: impl FnOnce(&Network<'_>) -> T) -> T {
    let staff = Staff {
        names: vec![""; problem.caps.len()],
        teams: problem.teams.clone(),
        caps: problem.caps.clone(),
    };
    let targets: Vec<u32> = (0..).take(problem.elig.len()).collect();
    ask(&Network {
        staff: &staff,
        elig: &Elig::from_lists(&problem.elig),
        slots: &problem.slots,
        targets: &targets,
    })
}

/// The assignment is the one that section 5 defines, also where lots are equal wholly or in their leading bytes.
pub(crate) fn assignment_equals_definition(problem: &Problem, choices: &mut Choices<'_>) -> Given {
    let staff = problem.caps.len();
    let (leading, trailing) = (1 + choices.below(255), 1 + choices.below(4));
    let lots: Vec<Hash32> = (0..problem.elig.len() * staff)
        .map(|_| {
            let mut lot = Hash32([0; 32]);
            (lot.0[7], lot.0[31]) = (
                u8::try_from(choices.below(leading)).unwrap(),
                u8::try_from(choices.below(trailing)).unwrap(),
            );
            lot
        })
        .collect();
    let expected = problem.assign(|target, inspector| lots[target * staff + inspector as usize]);
    let found = with_network(problem, |network| {
        assign(network, |place, inspector| {
            lots[place as usize * staff + inspector as usize]
        })
        .unwrap()
    });
    let found: Given = (0..problem.elig.len()).map(|at| found.of(at).to_vec()).collect();
    assert_eq!(found, expected, "{problem:?} with {lots:?}");
    found
}
