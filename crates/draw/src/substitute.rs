//! Substitution (section 5): the only change of a drawn list, and the draw itself says who comes next (R5.1f).
//! Never chooses: whoever asks for a substitution gets the next in the draw's own order, or nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::Wrong;
use crate::list::List;
use crate::share::lot;
use crate::table::{Flag, SubKind};

/// A substitution asked for: what is given up.
#[derive(Clone, Copy, Debug)]
pub enum Request<'r> {
    /// The whole task of a target.
    Target(&'r str),
    /// An inspector on a target, or `?` for its first vacant slot.
    Inspector {
        /// The task.
        target: &'r str,
        /// Who can't go.
        old: &'r str,
    },
}

/// What a substitution leads to; the columns `old`, `new` and `team` of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is replaced.
    pub kind: SubKind,
    /// The task.
    pub target: String,
    /// Who or what is given up.
    pub old: String,
    /// Who or what comes instead.
    pub new: String,
    /// The team after the row, or `-`.
    pub team: String,
}

/// The tasks as they are after some rows of `subs.tsv`.
pub struct Tasks<'l> {
    list: &'l List<'l>,
    teams: BTreeMap<u32, Vec<Option<u32>>>,
    /// Who was replaced on a present task, and so does not come back to it.
    replaced: BTreeMap<u32, BTreeSet<u32>>,
    /// The reserve of each stratum that was asked for, and how many of it were used.
    reserves: BTreeMap<&'l str, (Vec<u32>, usize)>,
}

impl<'l> Tasks<'l> {
    /// The tasks as they were drawn.
    #[must_use]
    pub fn drawn(list: &'l List<'l>) -> Self {
        Self {
            list,
            teams: list.teams_by_place(),
            replaced: BTreeMap::new(),
            reserves: BTreeMap::new(),
        }
    }

    /// The number of vacant slots now.
    #[must_use]
    pub fn vacancies(&self) -> usize {
        self.teams
            .values()
            .flatten()
            .filter(|slot| slot.is_none())
            .count()
    }

    /// The present tasks: places in the pool, and the team of each in slot order.
    pub fn present(&self) -> impl Iterator<Item = (u32, &[Option<u32>])> {
        self.teams.iter().map(|(&place, team)| (place, team.as_slice()))
    }

    /// Applies a substitution.
    ///
    /// # Errors
    /// The target is no present task, or the inspector is not on it.
    pub fn substitute(&mut self, request: Request<'_>) -> Result<Outcome, Wrong> {
        match request {
            Request::Target(target) => self.replace_target(target),
            Request::Inspector { target, old } => self.replace_inspector(target, old),
        }
    }

    fn present_place(&self, target: &str) -> Result<u32, Wrong> {
        let place = self
            .list
            .place(target)
            .filter(|place| self.teams.contains_key(place));
        place.ok_or_else(|| format!("“{target}”不是当前的检查任务"))
    }

    fn replace_target(&mut self, target: &str) -> Result<Outcome, Wrong> {
        let place = self.present_place(target)?;
        let old_team = self.teams.remove(&place).unwrap_or_default();
        let line = &self.list.pool()[place as usize];
        let successor = if line.flag == Flag::Mandatory {
            None
        } else {
            self.next_of_reserve(line.stratum)
        };
        let mut outcome = Outcome {
            kind: SubKind::Target,
            target: target.to_owned(),
            old: target.to_owned(),
            new: "-".into(),
            team: "-".into(),
        };
        if let Some(successor) = successor {
            let team = self.team_of_successor(successor, &old_team);
            outcome.new = self.list.pool()[successor as usize].id.to_owned();
            outcome.team = self.list.staff().write_team(&team);
            self.teams.insert(successor, team);
        }
        Ok(outcome)
    }

    fn next_of_reserve(&mut self, stratum: &'l str) -> Option<u32> {
        let (reserve, used) = self
            .reserves
            .entry(stratum)
            .or_insert_with(|| (self.list.reserve(stratum), 0));
        let next = reserve.get(*used).copied()?;
        *used += 1;
        Some(next)
    }

    /// Whoever may serve at the successor keeps the slot; the others are filled in slot order.
    fn team_of_successor(&self, successor: u32, old_team: &[Option<u32>]) -> Vec<Option<u32>> {
        let eligible = self.list.elig().of(successor as usize);
        let keeps = |slot: &Option<u32>| slot.filter(|inspector| eligible.contains(inspector));
        let mut team: Vec<Option<u32>> = old_team.iter().map(keeps).collect();
        for slot in 0..team.len() {
            if team[slot].is_none() {
                team[slot] = self.next_inspector(successor, slot, &team);
            }
        }
        team
    }

    fn replace_inspector(&mut self, target: &str, old: &str) -> Result<Outcome, Wrong> {
        let place = self.present_place(target)?;
        let staff = self.list.staff();
        let leaving = if old == "?" {
            None
        } else {
            Some(staff.find(old).ok_or_else(|| off(old, target))?)
        };
        let mut team = self.teams[&place].clone();
        let slot = team
            .iter()
            .position(|&on| on == leaving)
            .ok_or_else(|| off(old, target))?;
        let new = self.next_inspector(place, slot, &team);
        team[slot] = new;
        self.replaced.entry(place).or_default().extend(leaving);
        let outcome = Outcome {
            kind: SubKind::Inspector,
            target: target.to_owned(),
            old: old.to_owned(),
            new: staff.name(new).to_owned(),
            team: staff.write_team(&team),
        };
        self.teams.insert(place, team);
        Ok(outcome)
    }

    /// The first in the order of the lots who has the slot's team, is not on the target and was not replaced there.
    fn next_inspector(&self, place: u32, slot: usize, team: &[Option<u32>]) -> Option<u32> {
        let replaced = self.replaced.get(&place);
        let bit = self.list.slots()[slot];
        let free = |inspector: &u32| {
            self.list.staff().teams[*inspector as usize] & bit != 0
                && !team.contains(&Some(*inspector))
                && !replaced.is_some_and(|gone| gone.contains(inspector))
        };
        let eligible = self.list.elig().of(place as usize).iter().copied().filter(free);
        let id = self.list.pool()[place as usize].id;
        // Eligible inspectors ascend, so the first of equal lots is the smaller name.
        eligible.min_by_key(|&inspector| {
            lot(
                self.list.key(),
                "assign",
                [id, self.list.staff().names[inspector as usize]],
            )
        })
    }
}

fn off(inspector: &str, target: &str) -> Wrong {
    if inspector == "?" {
        format!("“{target}”没有空缺的岗位")
    } else {
        format!("“{inspector}”不在“{target}”的检查组中")
    }
}
