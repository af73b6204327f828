//! 抽查名单: the drawn list, a pure function of the key and of what was committed.
//! Never exists in a public folder before the reveal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::assign::{Beyond, Network, Teams, assign};
use crate::hash::{Alg, Hash32, Keyed, encode_into};
use crate::parallel;
use crate::plan::Plan;
use crate::select::{Selection, Ticket, select, tickets};
use crate::share::lot;
use crate::table::{Elig, PoolLine, Staff, Status, TeamBits, slot_bits};

/// What a draw is computed from, besides its key.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// `plan.txt`.
    pub plan: &'a Plan,
    /// `pool.tsv`.
    pub pool: &'a [PoolLine<'a>],
    /// `staff.tsv`.
    pub staff: &'a Staff<'a>,
    /// `elig.tsv`.
    pub elig: &'a Elig,
}

/// The list that a key draws.
pub struct List<'a> {
    inputs: Inputs<'a>,
    slots: Vec<TeamBits>,
    key: Keyed,
    tickets: Vec<Ticket>,
    selection: Selection,
    targets: Vec<u32>,
    teams: Teams,
}

impl<'a> List<'a> {
    /// Draws: tickets, selection, assignment.
    ///
    /// # Errors
    /// [`Beyond`], if the assignment is larger than can be decided in reasonable time.
    pub fn draw(inputs: Inputs<'a>, alg: Alg, key: &Hash32) -> Result<Self, Beyond> {
        let (plan, pool) = (inputs.plan, inputs.pool);
        let key = alg.keyed(key);
        let tickets = tickets(&key, pool);
        let selection = select(plan, pool, &tickets);
        let (targets, slots) = (selection.targets(&tickets), slot_bits(plan));
        let network = Network {
            staff: inputs.staff,
            elig: inputs.elig,
            slots: &slots,
            targets: &targets,
        };
        let name = |at: u32| inputs.staff.names[at as usize];
        let teams = assign(&network, |place, at| {
            lot(&key, "assign", [pool[place as usize].id, name(at)])
        })?;
        Ok(Self {
            inputs,
            slots,
            key,
            tickets,
            selection,
            targets,
            teams,
        })
    }

    /// The pool that it was drawn from.
    #[must_use]
    pub const fn pool(&self) -> &'a [PoolLine<'a>] {
        self.inputs.pool
    }

    /// The inspectors who could be drawn.
    #[must_use]
    pub const fn staff(&self) -> &'a Staff<'a> {
        self.inputs.staff
    }

    /// Who may serve where.
    #[must_use]
    pub const fn elig(&self) -> &'a Elig {
        self.inputs.elig
    }

    /// The key, for the lots of substitutions.
    #[must_use]
    pub const fn key(&self) -> &Keyed {
        &self.key
    }

    /// The team of each slot.
    #[must_use]
    pub fn slots(&self) -> &[TeamBits] {
        &self.slots
    }

    /// The place of an id in the pool.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<u32> {
        let found = self.inputs.pool.binary_search_by_key(&id, |line| line.id);
        found.ok().and_then(|place| u32::try_from(place).ok())
    }

    /// The reserve (候补) of a stratum, in order.
    #[must_use]
    pub fn reserve(&self, stratum: &str) -> Vec<u32> {
        self.selection.reserve(stratum, self.inputs.pool, &self.tickets)
    }

    /// The targets in the order (T, id), as places in the pool.
    #[must_use]
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.targets.len()
    }

    /// The number of slots that nobody could fill.
    #[must_use]
    pub fn vacancies(&self) -> usize {
        self.teams.vacancies()
    }

    /// The status of each line of the pool.
    #[must_use]
    pub fn status(&self) -> &[Status] {
        &self.selection.status
    }

    /// The teams by the place of their target.
    #[must_use]
    pub fn teams_by_place(&self) -> BTreeMap<u32, Vec<Option<u32>>> {
        self.targets
            .iter()
            .enumerate()
            .map(|(at, &place)| (place, self.teams.of(at).to_vec()))
            .collect()
    }

    /// `result.tsv`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let pool = self.inputs.pool;
        let mut teams = vec![String::from("-"); pool.len()];
        for (at, &place) in self.targets.iter().enumerate() {
            teams[place as usize] = self.inputs.staff.write_team(self.teams.of(at));
        }
        let salts = parallel::map_with(pool, Vec::new, |buffer, line| {
            encode_into(buffer, "salt", &[line.id.as_bytes()]);
            self.key.tag(buffer)
        });
        let mut out = String::with_capacity(pool.len() * 180);
        for (place, line) in pool.iter().enumerate() {
            let status = self.selection.status[place];
            let ticket = Hash32::from(self.tickets[place]);
            let _infallible = match status {
                Status::Excluded => write!(out, "{}\t-", line.id),
                Status::Mandatory | Status::Selected | Status::NotSelected => {
                    write!(out, "{}\t{ticket}", line.id)
                }
            };
            let _infallible = writeln!(out, "\t{}\t{}\t{}", status.letter(), teams[place], salts[place]);
        }
        out
    }
}
