//! The algorithm of the assignment: a greatest plan, kept and rerouted.
//! Never computes a flow anew, and never decides by the plan itself: which greatest plan it is makes no difference.

use super::{Beyond, Bottleneck, MAX_STEPS, Network};
use crate::hash::Hash32;
use crate::parallel;

/// Nobody, no slot.
const NONE: u32 = u32::MAX;

/// A mark that no round takes off.
const DEAD: u32 = u32::MAX;

/// A search that finds nothing after this many slots looks from the other end as well.
const EXPANSIONS_BEFORE_SHORTCUTS: usize = 2;

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

/// The lots of all edges; the leading word decides nearly always, the whole lot is computed when it does not.
pub(super) struct Lots<F> {
    starts: Vec<usize>,
    leading: Vec<u64>,
    whole: F,
}

impl<F: Fn(u32, u32) -> Hash32 + Sync> Lots<F> {
    pub(super) fn new(network: &Network<'_>, whole: F) -> Self {
        let rows = parallel::map(network.targets, |&place| {
            let leading = |&inspector: &u32| leading_word(&whole(place, inspector));
            network
                .elig
                .of(place as usize)
                .iter()
                .map(leading)
                .collect::<Vec<u64>>()
        });
        let mut lots = Self {
            starts: vec![0],
            leading: Vec::new(),
            whole,
        };
        for row in rows {
            lots.leading.extend(row);
            lots.starts.push(lots.leading.len());
        }
        lots
    }

    fn of(&self, target: usize) -> &[u64] {
        &self.leading[self.starts[target]..self.starts[target + 1]]
    }
}

fn leading_word(hash: &Hash32) -> u64 {
    hash.0.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A greatest plan for all undecided slots, and the searches that reroute it.
///
/// A slot is numbered `target · slots + slot`. Invariants: an inspector holds a target at most once; what an
/// inspector holds, decided slots included, is at most the cap; the undecided part is a greatest one.
pub(super) struct Rerouting<'a> {
    net: Network<'a>,
    /// Who holds each slot, decided or planned.
    holder: Vec<u32>,
    decided: Vec<bool>,
    /// Undecided slots that each inspector holds in the plan, and where each slot stands there.
    held: Vec<Vec<u32>>,
    stands: Vec<u32>,
    /// Tasks that each inspector has got, and how many more than the plan gives could be taken.
    load: Vec<u32>,
    spare: Vec<u32>,
    search: Search,
    serves: Serves,
    /// Undecided slots that the plan leaves vacant; among them some that were, and no longer are.
    vacant: Vec<u32>,
    /// Slots that some greatest plan leaves vacant: with every decision fewer, so those of the start are enough to know.
    may_be_vacant: Vec<bool>,
    steps: u64,
}

/// For each inspector, the targets where that inspector may serve: eligibility read the other way.
struct Serves {
    starts: Vec<usize>,
    targets: Vec<u32>,
}

impl Serves {
    fn new(net: &Network<'_>) -> Self {
        let lines = || {
            ids(net.targets.len())
                .zip(net.targets)
                .map(|(t, &place)| (t, net.elig.of(place as usize)))
        };
        let mut starts = vec![0; net.staff.names.len() + 1];
        for (_, line) in lines() {
            line.iter()
                .for_each(|&inspector| starts[inspector as usize + 1] += 1);
        }
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        let (mut next, mut targets) = (starts.clone(), vec![0; starts[starts.len() - 1]]);
        for (target, line) in lines() {
            for &inspector in line {
                targets[next[inspector as usize]] = target;
                next[inspector as usize] += 1;
            }
        }
        Self { starts, targets }
    }

    fn of(&self, inspector: u32) -> std::ops::Range<usize> {
        self.starts[inspector as usize]..self.starts[inspector as usize + 1]
    }
}

/// Marks of the search under way. They stay valid until the plan changes: from a slot or inspector that was marked
/// in vain, nobody with capacity to spare can be reached, whichever candidate is tried next.
struct Search {
    round: u32,
    slot_seen: Vec<u32>,
    inspector_seen: Vec<u32>,
    /// The slot that takes this slot's inspector on the way found.
    taker: Vec<u32>,
    queue: Vec<u32>,
    /// Inspectors marked by the search under way; all that they hold may have been marked before.
    reached: Vec<u32>,
    /// The inspector whose place the decision under way has freed: with no slack, the only goal there is.
    freed: u32,
    /// For each inspector, the round and a held slot that could move to the freed one.
    shortcut: Vec<(u32, u32)>,
    shortcuts_of_round: u32,
}

impl Search {
    /// Takes off all marks, also those for good.
    fn forget(&mut self) {
        self.slot_seen.fill(0);
        self.inspector_seen.fill(0);
    }
}

/// A candidate tried for a target: nobody else on that target may take the candidate.
#[derive(Clone, Copy)]
struct Closed {
    target: usize,
    inspector: u32,
}

impl<'a> Rerouting<'a> {
    pub(super) fn new(net: &Network<'a>) -> Result<Self, Beyond> {
        let (slots, staff) = (net.slots.len() * net.targets.len(), net.staff.names.len());
        let mut plan = Self {
            net: *net,
            holder: vec![NONE; slots],
            decided: vec![false; slots],
            held: vec![Vec::new(); staff],
            stands: vec![0; slots],
            load: vec![0; staff],
            spare: net.staff.caps.clone(),
            search: Search {
                round: 1,
                slot_seen: vec![0; slots],
                inspector_seen: vec![0; staff],
                taker: vec![NONE; slots],
                queue: Vec::new(),
                reached: Vec::new(),
                freed: NONE,
                shortcut: vec![(0, NONE); staff],
                shortcuts_of_round: 0,
            },
            serves: Serves::new(net),
            vacant: Vec::new(),
            may_be_vacant: Vec::new(),
            steps: 0,
        };
        plan.fill()?;
        plan.vacant = ids(slots)
            .filter(|&slot| plan.holder[slot as usize] == NONE)
            .collect();
        plan.may_be_vacant = plan.search.slot_seen.iter().map(|&seen| seen == DEAD).collect();
        Ok(plan)
    }

    /// Makes the plan a greatest one: first whoever is free, then by rerouting.
    fn fill(&mut self) -> Result<(), Beyond> {
        let slots = ids(self.holder.len());
        for slot in slots.clone() {
            let target = self.target_of(slot);
            let free = self
                .candidates(slot)
                .find(|&i| self.spare[i as usize] > 0 && self.on_target(target, i).is_none());
            if let Some(inspector) = free {
                self.hold(slot, inspector);
            }
        }
        for slot in slots {
            if self.holder[slot as usize] == NONE && !self.reroute(&[slot], None)? {
                self.bury();
            }
        }
        Ok(())
    }

    /// Marks for good what a search found in vain: no later rerouting can bring it a place to spare, as long as
    /// nothing is decided.
    fn bury(&mut self) {
        for &slot in &self.search.queue {
            self.search.slot_seen[slot as usize] = DEAD;
        }
        for &inspector in &self.search.reached {
            self.search.inspector_seen[inspector as usize] = DEAD;
        }
    }

    /// The part of the network that was buried: it has too few places for its slots.
    pub(super) fn bottleneck(&self) -> Option<Bottleneck> {
        let buried = |seen: &[u32]| {
            ids(seen.len())
                .filter(|&at| seen[at as usize] == DEAD)
                .collect::<Vec<u32>>()
        };
        let (slots, inspectors) = (
            buried(&self.search.slot_seen),
            buried(&self.search.inspector_seen),
        );
        let capacity = slots
            .iter()
            .filter(|&&slot| self.holder[slot as usize] != NONE)
            .count();
        (!slots.is_empty()).then_some(Bottleneck {
            inspectors,
            slots: slots.len(),
            capacity,
        })
    }

    /// Decides all slots: slot 1 of each target in order, then slot 2, and so on.
    pub(super) fn decide_all<F: Fn(u32, u32) -> Hash32 + Sync>(
        mut self,
        lots: &Lots<F>,
    ) -> Result<Vec<Option<u32>>, Beyond> {
        self.search.forget();
        for slot in 0..self.net.slots.len() {
            for target in 0..self.net.targets.len() {
                self.decide(target, slot, lots)?;
            }
        }
        let filled = self
            .holder
            .into_iter()
            .map(|inspector| (inspector != NONE).then_some(inspector));
        Ok(filled.collect())
    }

    /// Decides a slot: the first candidate with which the rest can be filled as far as before.
    fn decide<F: Fn(u32, u32) -> Hash32 + Sync>(
        &mut self,
        at: usize,
        slot: usize,
        lots: &Lots<F>,
    ) -> Result<(), Beyond> {
        let this = id(at * self.net.slots.len() + slot);
        let planned = self.release(this);
        self.search.round += 1;
        self.search.freed = planned;
        let mut chosen = NONE;
        for (_, _, inspector) in self.in_order(at, this, lots) {
            if inspector == planned || self.admits(this, inspector, planned)? {
                chosen = inspector;
                break;
            }
        }
        self.decided[this as usize] = true;
        self.holder[this as usize] = chosen;
        if chosen != NONE {
            self.load[chosen as usize] += 1;
            self.spare[chosen as usize] -= 1;
        }
        Ok(())
    }

    /// The candidates for a slot in the order (decided tasks so far, lot, inspector).
    fn in_order<F: Fn(u32, u32) -> Hash32 + Sync>(
        &self,
        at: usize,
        slot: u32,
        lots: &Lots<F>,
    ) -> Vec<(u32, u64, u32)> {
        let place = self.net.targets[at];
        let team = self.net.slots[slot as usize % self.net.slots.len()];
        let line = self.net.elig.of(place as usize).iter().zip(lots.of(at));
        let mut candidates: Vec<(u32, u64, u32)> = line
            .filter(|&(&i, _)| self.net.staff.teams[i as usize] & team != 0)
            .filter(|&(&i, _)| self.load[i as usize] < self.net.staff.caps[i as usize])
            .filter(|&(&i, _)| {
                self.on_target(at, i)
                    .is_none_or(|other| !self.decided[other as usize])
            })
            .map(|(&i, &lot)| (self.load[i as usize], lot, i))
            .collect();
        candidates.sort_unstable_by(|a, b| {
            let whole = |i: u32| (lots.whole)(place, i);
            (a.0, a.1)
                .cmp(&(b.0, b.1))
                .then_with(|| whole(a.2).cmp(&whole(b.2)))
                .then(a.2.cmp(&b.2))
        });
        candidates
    }

    /// Whether the rest can do without a candidate as far as it could with one slot more; if so, the candidate is free.
    fn admits(&mut self, this: u32, inspector: u32, planned: u32) -> Result<bool, Beyond> {
        let at = self.target_of(this);
        let held = match self.on_target(at, inspector) {
            Some(other) => vec![other],
            None if self.spare[inspector as usize] > 0 => return Ok(true),
            None => self.held[inspector as usize].clone(),
        };
        if planned == NONE {
            // The plan leaves this slot vacant, so it loses nothing by leaving another one vacant instead.
            self.give_up(held[0]);
            return Ok(true);
        }
        let closed = Some(Closed {
            target: at,
            inspector,
        });
        if self.reroute(&held, closed)? {
            return Ok(true);
        }
        // Nobody takes over from the candidate; but the place that this decision frees may lead to somebody for a
        // slot that was vacant, and then one of the candidate's can be vacant instead.
        if !self.may_be_vacant[this as usize] {
            return Ok(false);
        }
        let (holder, decided) = (&self.holder, &self.decided);
        self.vacant
            .retain(|&slot| slot != this && holder[slot as usize] == NONE && !decided[slot as usize]);
        let found = self.reroute(&self.vacant.clone(), closed)?;
        if found {
            let other = self.on_target(at, inspector);
            self.give_up(other.unwrap_or_else(|| self.held[inspector as usize][0]));
        }
        Ok(found)
    }

    /// Leaves a slot vacant in the plan.
    fn give_up(&mut self, slot: u32) {
        self.release(slot);
        self.vacant.push(slot);
    }

    fn target_of(&self, slot: u32) -> usize {
        slot as usize / self.net.slots.len()
    }

    /// Inspectors who may fill a slot, by index.
    fn candidates(&self, slot: u32) -> impl Iterator<Item = u32> + use<'a> {
        let Network {
            staff,
            elig,
            slots,
            targets,
        } = self.net;
        let team = slots[slot as usize % slots.len()];
        let line = elig.of(targets[self.target_of(slot)] as usize);
        line.iter()
            .copied()
            .filter(move |&i| staff.teams[i as usize] & team != 0)
    }

    /// The slot that an inspector holds on a target, decided or planned.
    fn on_target(&self, target: usize, inspector: u32) -> Option<u32> {
        let first = target * self.net.slots.len();
        let on = &self.holder[first..first + self.net.slots.len()];
        on.iter()
            .position(|&holder| holder == inspector)
            .map(|at| id(first + at))
    }

    fn hold(&mut self, slot: u32, inspector: u32) {
        let held = &mut self.held[inspector as usize];
        self.stands[slot as usize] = id(held.len());
        held.push(slot);
        self.holder[slot as usize] = inspector;
        self.spare[inspector as usize] -= 1;
    }

    fn release(&mut self, slot: u32) -> u32 {
        let inspector = std::mem::replace(&mut self.holder[slot as usize], NONE);
        if inspector != NONE {
            let (held, at) = (&mut self.held[inspector as usize], self.stands[slot as usize]);
            held.swap_remove(at as usize);
            if let Some(&moved) = held.get(at as usize) {
                self.stands[moved as usize] = at;
            }
            self.spare[inspector as usize] += 1;
        }
        inspector
    }

    /// Finds the holder of one of the `roots` (or, for a slot without holder, the slot) another place in the plan.
    /// On success the root found has a new holder and its old one a place to spare.
    fn reroute(&mut self, roots: &[u32], closed: Option<Closed>) -> Result<bool, Beyond> {
        self.search.queue.clear();
        self.search.reached.clear();
        for &root in roots {
            self.see(root, NONE);
        }
        let mut next = 0;
        while let Some(&slot) = self.search.queue.get(next) {
            next += 1;
            if next == EXPANSIONS_BEFORE_SHORTCUTS {
                self.find_shortcuts();
            }
            if let Some((last, free)) = self.expand(slot, closed) {
                self.shift(last, free);
                self.search.round += 1;
                return Ok(true);
            }
            if self.steps > MAX_STEPS {
                return Err(Beyond);
            }
        }
        Ok(false)
    }

    /// Marks every inspector who holds a slot that could move to the freed one.
    fn find_shortcuts(&mut self) {
        let (freed, round) = (self.search.freed, self.search.round);
        if freed == NONE || self.search.shortcuts_of_round == round {
            return;
        }
        self.search.shortcuts_of_round = round;
        let slots = self.net.slots.len();
        for at in self.serves.of(freed) {
            let target = self.serves.targets[at] as usize;
            self.steps += 1;
            if self.on_target(target, freed).is_some() {
                continue;
            }
            for slot in target * slots..(target + 1) * slots {
                let fits = self.net.staff.teams[freed as usize] & self.net.slots[slot % slots] != 0;
                let holder = self.holder[slot];
                if fits && holder != NONE && !self.decided[slot] {
                    self.search.shortcut[holder as usize] = (round, id(slot));
                }
            }
        }
    }

    fn see(&mut self, slot: u32, taker: u32) {
        let seen = self.search.slot_seen[slot as usize];
        if seen != self.search.round && seen != DEAD {
            self.search.slot_seen[slot as usize] = self.search.round;
            self.search.taker[slot as usize] = taker;
            self.search.queue.push(slot);
        }
    }

    /// Looks for somebody else for a slot: the way's last slot and the inspector with a place to spare, if found.
    fn expand(&mut self, slot: u32, closed: Option<Closed>) -> Option<(u32, u32)> {
        let target = self.target_of(slot);
        for inspector in self.candidates(slot) {
            self.steps += 1;
            let is_closed = closed.is_some_and(|c| c.target == target && c.inspector == inspector);
            if is_closed || self.holder[slot as usize] == inspector {
                continue;
            }
            if let Some(other) = self.on_target(target, inspector) {
                // The inspector is on this target already: the slots could swap, if the other is not decided.
                if !self.decided[other as usize] {
                    self.see(other, slot);
                }
                continue;
            }
            if self.spare[inspector as usize] > 0 {
                return Some((slot, inspector));
            }
            let (round, mover) = self.search.shortcut[inspector as usize];
            if round == self.search.round {
                // Seen already, the mover keeps its taker: else the way could cross itself.
                self.see(mover, slot);
                return Some((mover, self.search.freed));
            }
            self.see_all_held(inspector, slot);
        }
        None
    }

    fn see_all_held(&mut self, inspector: u32, taker: u32) {
        let seen = self.search.inspector_seen[inspector as usize];
        if seen != self.search.round && seen != DEAD {
            self.search.inspector_seen[inspector as usize] = self.search.round;
            self.search.reached.push(inspector);
            for at in 0..self.held[inspector as usize].len() {
                self.see(self.held[inspector as usize][at], taker);
            }
        }
    }

    /// Moves everybody along the way found: the last slot goes to the free inspector, its holder to the slot before.
    fn shift(&mut self, mut slot: u32, mut inspector: u32) {
        loop {
            let old = self.release(slot);
            self.hold(slot, inspector);
            let taker = self.search.taker[slot as usize];
            if taker == NONE {
                return;
            }
            (slot, inspector) = (taker, old);
        }
    }
}
