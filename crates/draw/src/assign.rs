//! Assignment (section 5): which inspectors go to which target.
//! Never decides by anything but the network and the lots, so that no two programs can differ.
//!
//! The specification asks, for each slot in turn, for the first candidate with which all the rest can still be
//! filled as far as it could before. That is a fact about the greatest flow. Instead of computing a flow for each
//! candidate, a greatest plan for all undecided slots is kept (`rerouting.rs`); a candidate passes if the plan can be
//! rerouted around it.
//!
//! The plan begins as a *rush*: what comes out if nobody looks ahead. Where that fills as much as can be filled, it is
//! the result, since every choice was the first candidate and left the rest as fillable as before. Elsewhere it is
//! nearly the result, and few candidates need a search.

mod rerouting;

use std::cmp::Ordering;

use crate::assign::rerouting::Rerouting;
use crate::hash::Hash32;
use crate::parallel;
use crate::table::{Elig, Staff, TeamBits};

/// The most edges that are looked at before a problem is beyond our means (some minutes on one core).
pub const MAX_STEPS: u64 = 20_000_000_000;

/// No inspector, no slot.
const NONE: u32 = u32::MAX;

/// Numbers of slots, targets and inspectors fit, since a file has at most 256 MiB.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a file of 256 MiB has fewer than 2^32 slots, targets and inspectors"
)]
const fn id(n: usize) -> u32 {
    n as u32
}

fn ids(count: usize) -> std::ops::Range<u32> {
    0..id(count)
}

/// The problem is larger than can be decided in reasonable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("人员分配的规模超出本程序在合理时间内的能力")]
pub struct Beyond;

/// The teams of all targets: for each target its slots in order, `None` where a slot is vacant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teams {
    slots: usize,
    filled: Vec<Option<u32>>,
}

impl Teams {
    /// The team of the n-th target.
    #[must_use]
    pub fn of(&self, target: usize) -> &[Option<u32>] {
        &self.filled[target * self.slots..(target + 1) * self.slots]
    }

    /// The number of vacant slots.
    #[must_use]
    pub fn vacancies(&self) -> usize {
        self.filled.iter().filter(|slot| slot.is_none()).count()
    }
}

/// Inspectors whose caps leave slots vacant: all that could fill `slots` slots, but together only `capacity` of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottleneck {
    /// Indices of the inspectors, ascending.
    pub inspectors: Vec<u32>,
    /// Slots that nobody else can fill.
    pub slots: usize,
    /// How many of these can be filled at once.
    pub capacity: usize,
}

/// What an assignment is made of.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    /// The inspectors.
    pub staff: &'a Staff<'a>,
    /// Who may serve where.
    pub elig: &'a Elig,
    /// The team of each slot.
    pub slots: &'a [TeamBits],
    /// Targets in the order (T, id), as places in the pool.
    pub targets: &'a [u32],
}

/// Assigns inspectors to all targets; `lot` is `HMAC(K, E("assign", target, inspector))` of a place and an index.
///
/// # Errors
/// [`Beyond`], after [`MAX_STEPS`].
pub fn assign(network: &Network<'_>, lot: impl Fn(u32, u32) -> Hash32 + Sync) -> Result<Teams, Beyond> {
    let mut lottery = Lottery {
        net: *network,
        lots: Lots::new(network, lot),
        plan: Rerouting::new(network),
        load: vec![0; network.staff.names.len() + 1],
    };
    lottery.run()?;
    let staff = id(network.staff.names.len());
    let inspector = |&holder: &u32| (holder < staff).then_some(holder);
    Ok(Teams {
        slots: network.slots.len(),
        filled: lottery.plan.holder().iter().map(inspector).collect(),
    })
}

/// Why not all slots can be filled, if they can't.
///
/// # Errors
/// [`Beyond`], after [`MAX_STEPS`].
pub fn bottleneck(network: &Network<'_>) -> Result<Option<Bottleneck>, Beyond> {
    let mut plan = Rerouting::new(network);
    plan.take_whoever_is_free();
    plan.fill(ids(network.slots.len() * network.targets.len()))?;
    Ok(plan.bottleneck())
}

/// Whether one team can be made of a line's inspectors alone, each taking one slot.
#[must_use]
pub fn can_fill_one(staff: &Staff<'_>, inspectors: &[u32], slots: &[TeamBits]) -> bool {
    // At most eight slots: the sets of slots that some of the inspectors can fill, as bits.
    let full = (1_usize << slots.len()) - 1;
    let mut fillable = vec![false; full + 1];
    fillable[0] = true;
    for &inspector in inspectors {
        if fillable[full] {
            break;
        }
        for set in (0..full).rev().filter(|set| fillable[*set]).collect::<Vec<_>>() {
            for (at, team) in slots.iter().enumerate() {
                if staff.teams[inspector as usize] & team != 0 {
                    fillable[set | 1 << at] = true;
                }
            }
        }
    }
    fillable[full]
}

/// The lots of all edges; the leading word decides nearly always, the whole lot is computed when it does not.
struct Lots<F> {
    starts: Vec<usize>,
    leading: Vec<u64>,
    whole: F,
}

impl<F: Fn(u32, u32) -> Hash32 + Sync> Lots<F> {
    fn new(network: &Network<'_>, whole: F) -> Self {
        let (mut starts, mut edges) = (vec![0], Vec::new());
        for &place in network.targets {
            edges.extend(network.elig.of(place as usize).iter().map(|&i| (place, i)));
            starts.push(edges.len());
        }
        let leading = |&(place, inspector): &(u32, u32)| leading_word(&whole(place, inspector));
        Self {
            starts,
            leading: parallel::numbers_with(&edges, || (), |(), edge| leading(edge)),
            whole,
        }
    }

    fn of(&self, target: usize) -> &[u64] {
        &self.leading[self.starts[target]..self.starts[target + 1]]
    }

    fn order(&self, place: u32, a: &Rank, b: &Rank) -> Ordering {
        (a.load, a.lot).cmp(&(b.load, b.lot)).then_with(|| {
            let whole = |rank: &Rank| (self.whole)(place, rank.inspector);
            whole(a).cmp(&whole(b)).then(a.inspector.cmp(&b.inspector))
        })
    }
}

fn leading_word(hash: &Hash32) -> u64 {
    hash.0.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A candidate's place in the order (decided tasks so far, lot, inspector).
#[derive(Clone, Copy)]
struct Rank {
    load: u32,
    lot: u64,
    inspector: u32,
}

/// The decisions, slot by slot.
struct Lottery<'a, F> {
    net: Network<'a>,
    lots: Lots<F>,
    plan: Rerouting<'a>,
    /// Decided tasks of each inspector so far.
    load: Vec<u32>,
}

/// Who got each slot in the rush, up to the n-th slot of every target: the first where more could have been filled.
struct Rushed {
    up_to: usize,
    holder: Vec<u32>,
}

impl<F: Fn(u32, u32) -> Hash32 + Sync> Lottery<'_, F> {
    fn run(&mut self) -> Result<(), Beyond> {
        let mut rushed = None;
        for of_target in 0..self.net.slots.len() {
            self.rush(of_target);
            let holder = self.plan.holder().to_vec();
            let rerouted = self.plan.fill(self.slots(of_target))?;
            if rerouted && rushed.is_none() {
                rushed = Some(Rushed {
                    up_to: of_target,
                    holder,
                });
            }
        }
        rushed.map_or(Ok(()), |rushed| self.decide_all(&rushed))
    }

    /// The n-th slot of every target.
    fn slots(&self, of_target: usize) -> impl Iterator<Item = u32> + use<F> {
        let (targets, slots) = (self.net.targets.len(), self.net.slots.len());
        ids(targets).map(move |target| target * id(slots) + id(of_target))
    }

    /// Plans the n-th slot of every target without looking ahead: for the first candidate, whatever becomes of the rest.
    fn rush(&mut self, of_target: usize) {
        self.load = self.plan.loads();
        for slot in self.slots(of_target) {
            if let Some(inspector) = self.first_candidate(slot) {
                self.plan.hold(slot, inspector);
                self.load[inspector as usize] += 1;
            }
        }
    }

    /// Decides every slot, looking ahead.
    fn decide_all(&mut self, rushed: &Rushed) -> Result<(), Beyond> {
        self.plan.leave_the_rest_to_nobody();
        self.load.fill(0);
        let mut as_rushed = true;
        for of_target in 0..self.net.slots.len() {
            as_rushed &= of_target <= rushed.up_to;
            for slot in self.slots(of_target) {
                let planned = self.plan.open(slot);
                // As long as all was decided as in the rush, loads are the same, and so is the first candidate.
                let chosen = match rushed.holder[slot as usize] {
                    NONE if as_rushed => planned,
                    first if as_rushed && self.plan.admits(first)? => first,
                    _ => {
                        as_rushed = false;
                        self.choose(slot)?.unwrap_or(planned)
                    }
                };
                self.plan.close(chosen);
                self.load[chosen as usize] += 1;
            }
        }
        Ok(())
    }

    /// The first candidate with which the rest can be filled as far as before.
    fn choose(&mut self, slot: u32) -> Result<Option<u32>, Beyond> {
        let place = self.net.targets[self.target_of(slot)];
        let mut candidates: Vec<Rank> = self
            .ranks(slot)
            .filter(|rank| self.is_candidate(slot, rank))
            .collect();
        candidates.sort_unstable_by(|a, b| self.lots.order(place, a, b));
        for Rank { inspector, .. } in candidates {
            if self.plan.admits(inspector)? {
                return Ok(Some(inspector));
            }
        }
        Ok(None)
    }

    fn first_candidate(&self, slot: u32) -> Option<u32> {
        let place = self.net.targets[self.target_of(slot)];
        let mut first: Option<Rank> = None;
        for rank in self.ranks(slot) {
            // Most are ruled out by their load, which costs less to know than whether they are candidates.
            let is_before = first.is_none_or(|first| self.lots.order(place, &rank, &first).is_lt());
            if is_before && self.is_candidate(slot, &rank) {
                first = Some(rank);
            }
        }
        first.map(|rank| rank.inspector)
    }

    /// All who may serve at a slot's target.
    fn ranks(&self, slot: u32) -> impl Iterator<Item = Rank> {
        let target = self.target_of(slot);
        let line = self.net.elig.of(self.net.targets[target] as usize);
        line.iter()
            .zip(self.lots.of(target))
            .map(|(&inspector, &lot)| Rank {
                load: self.load[inspector as usize],
                lot,
                inspector,
            })
    }

    /// Whether somebody who may serve at a slot's target is of its team, has tasks to spare and no slot there before.
    fn is_candidate(&self, slot: u32, rank: &Rank) -> bool {
        let Network { staff, slots, .. } = self.net;
        let (first, at) = (self.target_of(slot) * slots.len(), rank.inspector as usize);
        let before = &self.plan.holder()[first..slot as usize];
        staff.teams[at] & slots[slot as usize - first] != 0
            && rank.load < staff.caps[at]
            && !before.contains(&rank.inspector)
    }

    fn target_of(&self, slot: u32) -> usize {
        slot as usize / self.net.slots.len()
    }
}
