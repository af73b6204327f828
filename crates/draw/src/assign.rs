//! Assignment (section 5): which inspectors go to which target.
//! Never decides by anything but the network and the lots, so that no two programs can differ.
//!
//! The specification asks, for each slot in turn, for the first candidate with which all the rest can still be
//! filled as far as it could before. That is a fact about the greatest flow. Instead of computing a flow for each
//! candidate, a greatest *plan* (an assignment of all undecided slots) is kept; a candidate passes if the plan can
//! be rerouted around it, which one search decides. [`Plan`](crate::plan::Plan) is another thing.

mod rerouting;

use crate::hash::Hash32;
use crate::table::{Elig, Staff, TeamBits};
use rerouting::{Lots, Rerouting};

/// The most edges that are looked at before a problem is beyond our means (some minutes on one core).
pub const MAX_STEPS: u64 = 20_000_000_000;

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
    let filled = Rerouting::new(network)?.decide_all(&Lots::new(network, lot))?;
    Ok(Teams {
        slots: network.slots.len(),
        filled,
    })
}

/// Why not all slots can be filled, if they can't.
///
/// # Errors
/// [`Beyond`], after [`MAX_STEPS`].
pub fn bottleneck(network: &Network<'_>) -> Result<Option<Bottleneck>, Beyond> {
    Ok(Rerouting::new(network)?.bottleneck())
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
