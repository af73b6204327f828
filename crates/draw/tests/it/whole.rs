//! A whole draw by the definition (mcd1, section 5): `result.tsv` from the case alone, and every substitution after it.
//! Never asks the crate for anything but its hash.

use std::collections::{BTreeMap, BTreeSet};

use draw::hash::{Hash32, Keyed, encode};
use draw::list::List;
use draw::substitute::{Request, Tasks};
use proptest::prelude::*;

use crate::cases::{Case, Target};
use crate::choices::Choices;
use crate::naive::{self, Given, Line, Problem};
use crate::seeds;
use crate::strategies::{bytes, times};

/// A draw, recomputed.
struct Whole<'c> {
    case: &'c Case,
    key: Keyed,
    status: Vec<&'static str>,
    /// Places of the targets in the order (T, id), and their teams.
    targets: Vec<usize>,
    given: Given,
}

impl<'c> Whole<'c> {
    fn new(case: &'c Case, key: &Hash32) -> Self {
        let mut whole = Self {
            case,
            key: case.alg.keyed(key),
            status: case
                .pool
                .iter()
                .map(|t| if t.flag == "M" { "M" } else { "X" })
                .collect(),
            targets: Vec::new(),
            given: Vec::new(),
        };
        for (stratum, quota) in &case.plan.quotas {
            let (places, lines) = whole.lines(stratum);
            let taken = naive::select(&lines, quota.number as usize);
            for (at, place) in places.into_iter().enumerate() {
                whole.status[place] = if taken.contains(&at) { "S" } else { "N" };
            }
        }
        let is_taken = |at: &usize| ["M", "S"].contains(&whole.status[*at]);
        let mut targets: Vec<usize> = (0..case.pool.len()).filter(is_taken).collect();
        targets.sort_by_key(|at| (whole.ticket(*at), &case.pool[*at].id));
        whole.given = whole
            .problem(&targets)
            .assign(|at, inspector| whole.lot(targets[at], inspector as usize));
        whole.targets = targets;
        whole
    }

    fn tag(&self, tag: &str, parts: &[&str]) -> Hash32 {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        self.key.tag(&encode(tag, &parts))
    }

    fn ticket(&self, place: usize) -> Hash32 {
        self.tag("ticket", &[&self.case.pool[place].id])
    }

    fn lot(&self, place: usize, inspector: usize) -> Hash32 {
        let (target, inspector) = (&self.case.pool[place].id, &self.case.staff[inspector].name);
        self.tag("assign", &[target, inspector])
    }

    /// The lines of a stratum that take part in the random selection, with their places in the pool.
    fn lines(&self, stratum: &str) -> (Vec<usize>, Vec<Line>) {
        let of_stratum = |(_, target): &(usize, &Target)| target.flag == "R" && target.stratum == stratum;
        let line = |(place, target): (usize, &Target)| {
            let ticket = self.ticket(place);
            let (tier, weight) = (target.tier, target.weight);
            (place, Line { tier, weight, ticket })
        };
        self.case
            .pool
            .iter()
            .enumerate()
            .filter(of_stratum)
            .map(line)
            .unzip()
    }

    fn problem(&self, targets: &[usize]) -> Problem {
        let slots = &self.case.plan.slots;
        let bit = |team: &String| 1_u8 << slots.iter().position(|slot| slot == team).unwrap();
        let index = |at: &usize| u32::try_from(*at).unwrap();
        let line = |at: &usize| self.case.pool[*at].elig.iter().map(index).collect();
        let staff = &self.case.staff;
        Problem {
            caps: staff.iter().map(|person| person.cap).collect(),
            teams: staff
                .iter()
                .map(|person| person.teams.iter().map(bit).sum())
                .collect(),
            slots: slots.iter().map(bit).collect(),
            elig: targets.iter().map(line).collect(),
        }
    }

    fn name(&self, inspector: Option<usize>) -> &str {
        inspector.map_or("?", |at| &self.case.staff[at].name)
    }

    fn write(&self, team: &[Option<usize>]) -> String {
        team.iter().map(|on| self.name(*on)).collect::<Vec<_>>().join(",")
    }

    /// The teams by the places of their targets.
    fn teams(&self) -> BTreeMap<usize, Vec<Option<usize>>> {
        let team = |team: &Vec<Option<u32>>| team.iter().map(|on| on.map(|at| at as usize)).collect();
        self.targets
            .iter()
            .copied()
            .zip(self.given.iter().map(team))
            .collect()
    }

    fn to_text(&self) -> String {
        let teams = self.teams();
        let line = |(place, target): (usize, &Target)| {
            let (id, status) = (&target.id, self.status[place]);
            let team = teams
                .get(&place)
                .map_or_else(|| "-".into(), |team| self.write(team));
            let ticket = if status == "X" {
                "-".into()
            } else {
                self.ticket(place).to_string()
            };
            format!("{id}\t{ticket}\t{status}\t{team}\t{}\n", self.tag("salt", &[id]))
        };
        self.case.pool.iter().enumerate().map(line).collect()
    }
}

/// The tasks after some substitutions, as section 5 tells them.
struct Present<'w> {
    whole: &'w Whole<'w>,
    teams: BTreeMap<usize, Vec<Option<usize>>>,
    /// Places that some row has used as successors.
    used: BTreeSet<usize>,
    /// Targets and inspectors: who was replaced where.
    replaced: BTreeSet<(usize, usize)>,
}

impl Present<'_> {
    /// The first in the order of the lots who may serve there, has the team, is not on it and was not replaced there.
    fn next(&self, place: usize, slot: usize, team: &[Option<usize>]) -> Option<usize> {
        let case = self.whole.case;
        let fits = |at: &&usize| {
            case.staff[**at].teams.contains(&case.plan.slots[slot])
                && !team.contains(&Some(**at))
                && !self.replaced.contains(&(place, **at))
        };
        let fitting = case.pool[place].elig.iter().filter(fits).copied();
        fitting.min_by_key(|at| self.whole.lot(place, *at))
    }

    /// `new` and `team` of the row, and the task that there is after it.
    fn replace_target(&mut self, place: usize) -> (String, String) {
        let old_team = self.teams.remove(&place).unwrap();
        let target = &self.whole.case.pool[place];
        let (places, lines) = self.whole.lines(&target.stratum);
        let taken = (0..places.len())
            .filter(|at| self.whole.status[places[*at]] == "S")
            .collect();
        let reserve = naive::reserve(&lines, &taken).into_iter().map(|at| places[at]);
        let successor = reserve
            .filter(|_| target.flag != "M")
            .find(|next| !self.used.contains(next));
        let Some(next) = successor else {
            return ("-".into(), "-".into());
        };
        self.used.insert(next);
        let may_stay = |on: &Option<usize>| on.filter(|at| self.whole.case.pool[next].elig.contains(at));
        let mut team: Vec<Option<usize>> = old_team.iter().map(may_stay).collect();
        for slot in 0..team.len() {
            if team[slot].is_none() {
                team[slot] = self.next(next, slot, &team);
            }
        }
        let written = self.whole.write(&team);
        self.teams.insert(next, team);
        (self.whole.case.pool[next].id.clone(), written)
    }

    fn replace_inspector(&mut self, place: usize, slot: usize) -> (String, String) {
        let mut team = self.teams[&place].clone();
        let new = self.next(place, slot, &team);
        self.replaced.extend(team[slot].map(|old| (place, old)));
        team[slot] = new;
        let row = (self.whole.name(new).to_owned(), self.whole.write(&team));
        self.teams.insert(place, team);
        row
    }
}

proptest! {
    #![proptest_config(times(400))]
    #[test]
    fn the_list_and_its_substitutions_equal_the_definition(bytes in bytes(), n in any::<u32>()) {
        let mut choices = Choices::new(&bytes);
        let (case, key) = (Case::new(&mut choices, 20), seeds::key("whole", n));
        let texts = case.texts();
        let frozen = texts.parse().unwrap();
        let list = List::draw(frozen.inputs(), case.alg, &key).unwrap();
        let whole = Whole::new(&case, &key);
        prop_assert_eq!(list.to_text(), whole.to_text());

        let mut tasks = Tasks::drawn(&list);
        let (used, replaced) = (BTreeSet::new(), BTreeSet::new());
        let mut present = Present { whole: &whole, teams: whole.teams(), used, replaced };
        for _ in 0..12 {
            let places: Vec<usize> = present.teams.keys().copied().collect();
            if places.is_empty() {
                break;
            }
            let place = choices.one_of(&places);
            let target = case.pool[place].id.as_str();
            let (found, expected) = if choices.once_in(3) {
                (tasks.substitute(Request::Target(target)), present.replace_target(place))
            } else {
                // Of several vacancies the first one is meant.
                let team = &present.teams[&place];
                let old = choices.one_of(team);
                let slot = team.iter().position(|on| *on == old).unwrap();
                let request = Request::Inspector { target, old: whole.name(old) };
                (tasks.substitute(request), present.replace_inspector(place, slot))
            };
            let found = found.unwrap();
            prop_assert_eq!((found.new, found.team), expected);
        }
        let vacant = present.teams.values().flatten().filter(|on| on.is_none()).count();
        prop_assert_eq!(tasks.vacancies(), vacant);
    }
}
