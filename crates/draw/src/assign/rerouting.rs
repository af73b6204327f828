//! A greatest plan for the slots that are not yet decided, and the searches that reroute it.
//! Never knows a lot: it only answers what can still be filled.
//!
//! Vacant slots are held by *nobody*, an inspector who may serve everywhere and has as many places as a greatest plan
//! leaves vacant. So every plan is full, and a search need not know of vacancies.
//!
//! What a search reached in vain is a closed *region*: only its inspectors can take its slots, and none of them has a
//! place to spare. Whatever is rerouted later, no way leads out of it; so searches from elsewhere never enter it again.

use crate::assign::{Beyond, Bottleneck, MAX_STEPS, NONE, Network, id, ids};
use crate::table::TeamBits;

/// A search that finds nothing after this many slots looks from the other end as well.
const EXPANSIONS_BEFORE_SHORTCUTS: usize = 2;

/// The region of all that was not yet cut off.
const MAIN: u32 = 0;

/// The region of slots that a greatest plan can leave vacant, and of those who could fill them.
const SHORT: u32 = 1;

/// The plan.
///
/// A slot is numbered `target · slots + slot`. Invariants: an inspector holds a target at most once; what an
/// inspector holds, decided slots included, is at most the cap; once filled, the undecided part is a greatest one.
pub(super) struct Rerouting<'a> {
    net: Network<'a>,
    /// Who holds each slot, decided or planned.
    holder: Vec<u32>,
    decided: Vec<bool>,
    /// Where each slot stands among those that its holder holds.
    stands: Vec<u32>,
    slots: Vec<Slot>,
    /// All inspectors, and nobody at the end.
    inspectors: Vec<Inspector>,
    search: Search,
    /// Made when the first search needs them.
    lines: Lines,
    serves: Option<Serves>,
    steps: u64,
}

/// What searches know of a slot.
#[derive(Clone)]
struct Slot {
    region: u32,
    /// The last search that came here.
    seen: u32,
    /// The slot that would take this slot's inspector on the way found.
    taker: u32,
}

#[derive(Clone)]
struct Inspector {
    /// Undecided slots that the plan gives.
    held: Vec<u32>,
    /// How many more could be taken.
    spare: u32,
    region: u32,
    /// The last search that came here, and the slot that would take this inspector on the way.
    seen: u32,
    taker: u32,
    /// For the goal of that number: a held slot that could move to it.
    shortcut: (u32, u32),
}

/// The search under way.
struct Search {
    round: u32,
    /// Slots seen, in the order in which somebody else is looked for.
    queue: Vec<u32>,
    /// Inspectors reached, in the order in which what they hold is seen.
    reached: Vec<u32>,
    /// The slot under decision, and its region.
    slot: u32,
    region: u32,
    /// An inspector with a place to spare, whom shortcuts lead to: under decision the one who was planned for the slot,
    /// and with no slack the only goal there is.
    goal: u32,
    goals: u32,
    has_shortcuts: bool,
    /// How many regions there are besides the main one.
    regions: u32,
}

/// Who may serve at each target, less those who have neither a place to spare nor an undecided slot to exchange.
#[derive(Default)]
struct Lines {
    starts: Vec<usize>,
    ends: Vec<usize>,
    inspectors: Vec<u32>,
}

impl Lines {
    fn new(net: &Network<'_>) -> Self {
        let mut lines = Self::default();
        for &place in net.targets {
            lines.starts.push(lines.inspectors.len());
            lines.inspectors.extend(net.elig.of(place as usize));
            lines.ends.push(lines.inspectors.len());
        }
        lines
    }
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

    fn of(&self, inspector: u32) -> &[u32] {
        &self.targets[self.starts[inspector as usize]..self.starts[inspector as usize + 1]]
    }
}

/// A candidate tried for a target: nobody else on that target may take the candidate.
#[derive(Clone, Copy)]
struct Closed {
    target: usize,
    inspector: u32,
}

impl<'a> Rerouting<'a> {
    /// Nothing is planned yet.
    pub(super) fn new(net: &Network<'a>) -> Self {
        let slots = net.slots.len() * net.targets.len();
        let slot = Slot {
            region: MAIN,
            seen: 0,
            taker: NONE,
        };
        let inspector = |spare| Inspector {
            held: Vec::new(),
            spare,
            region: MAIN,
            seen: 0,
            taker: NONE,
            shortcut: (0, NONE),
        };
        let nobody = inspector(0);
        let staff = net.staff.caps.iter().map(|&cap| inspector(cap));
        Self {
            net: *net,
            holder: vec![NONE; slots],
            decided: vec![false; slots],
            stands: vec![0; slots],
            slots: vec![slot; slots],
            inspectors: staff.chain([nobody]).collect(),
            search: Search {
                round: 0,
                queue: Vec::new(),
                reached: Vec::new(),
                slot: NONE,
                region: MAIN,
                goal: NONE,
                goals: 0,
                has_shortcuts: false,
                regions: SHORT,
            },
            lines: Lines::default(),
            serves: None,
            steps: 0,
        }
    }

    /// Who holds each slot: an inspector, nobody (whose index is the number of inspectors), or none yet.
    pub(super) fn holder(&self) -> &[u32] {
        &self.holder
    }

    /// How many undecided slots each holds, nobody included.
    pub(super) fn loads(&self) -> Vec<u32> {
        self.inspectors.iter().map(|one| id(one.held.len())).collect()
    }

    /// Plans a slot for an inspector.
    pub(super) fn hold(&mut self, slot: u32, inspector: u32) {
        self.holder[slot as usize] = inspector;
        let inspector = &mut self.inspectors[inspector as usize];
        self.stands[slot as usize] = id(inspector.held.len());
        inspector.held.push(slot);
        inspector.spare -= 1;
    }

    fn release(&mut self, slot: u32) -> u32 {
        let holder = std::mem::replace(&mut self.holder[slot as usize], NONE);
        if let Some(inspector) = self.inspectors.get_mut(holder as usize) {
            let at = self.stands[slot as usize];
            inspector.held.swap_remove(at as usize);
            if let Some(&moved) = inspector.held.get(at as usize) {
                self.stands[moved as usize] = at;
            }
            inspector.spare += 1;
        }
        holder
    }

    /// Plans for each slot whoever is free.
    pub(super) fn take_whoever_is_free(&mut self) {
        for slot in ids(self.holder.len()) {
            let target = self.target_of(slot);
            let line = self.net.elig.of(self.net.targets[target] as usize);
            let is_free = |&&i: &&u32| {
                let fits = self.net.staff.teams[i as usize] & self.team_of(slot) != 0;
                fits && self.inspectors[i as usize].spare > 0 && self.on_target(target, i).is_none()
            };
            if let Some(&inspector) = line.iter().find(is_free) {
                self.hold(slot, inspector);
            }
        }
    }

    /// Makes the plan a greatest one for these slots and those that are planned; says whether it was not one before.
    pub(super) fn fill(&mut self, slots: impl Iterator<Item = u32>) -> Result<bool, Beyond> {
        let mut rerouted = false;
        for slot in slots {
            if self.holder[slot as usize] == NONE && self.slots[slot as usize].region == MAIN {
                self.aim(slot, self.free_for(slot));
                self.begin();
                self.see(slot, NONE);
                if self.search(None)? {
                    rerouted = true;
                } else {
                    self.cut_off(SHORT);
                }
            }
        }
        Ok(rerouted)
    }

    /// Somebody with a place to spare who is likely near: of the slot's team, or else of the team of a slot before.
    fn free_for(&self, slot: u32) -> u32 {
        let of_target = slot as usize % self.net.slots.len();
        let before = self.net.slots[..of_target].iter().fold(0, |all, team| all | team);
        let free_of = |teams: TeamBits| {
            let mut staff = self.inspectors.iter().zip(&self.net.staff.teams);
            staff.position(|(one, of)| one.spare > 0 && of & teams != 0)
        };
        let free = free_of(self.team_of(slot)).or_else(|| free_of(before));
        free.map_or(NONE, id)
    }

    /// The part of the network that has too few places for its slots, once it is filled.
    pub(super) fn bottleneck(&self) -> Option<Bottleneck> {
        let is_short = |&slot: &u32| self.slots[slot as usize].region == SHORT;
        let slots: Vec<u32> = ids(self.holder.len()).filter(is_short).collect();
        let is_short = |&i: &u32| self.inspectors[i as usize].region == SHORT;
        let inspectors = ids(self.net.staff.names.len()).filter(is_short).collect();
        let is_filled = |slot: &&u32| self.holder[**slot as usize] != NONE;
        (!slots.is_empty()).then(|| Bottleneck {
            inspectors,
            slots: slots.len(),
            capacity: slots.iter().filter(is_filled).count(),
        })
    }

    /// From now on, what is vacant is held by nobody.
    pub(super) fn leave_the_rest_to_nobody(&mut self) {
        let is_vacant = |&slot: &u32| self.holder[slot as usize] == NONE;
        let vacant: Vec<u32> = ids(self.holder.len()).filter(is_vacant).collect();
        let index = self.nobody();
        let nobody = &mut self.inspectors[index as usize];
        (nobody.region, nobody.spare) = (SHORT, id(vacant.len()));
        vacant.into_iter().for_each(|slot| self.hold(slot, index));
    }

    /// Begins the decision of a slot: whom the plan gives it to is free again, and the goal of all searches.
    pub(super) fn open(&mut self, slot: u32) -> u32 {
        let planned = self.release(slot);
        self.aim(slot, planned);
        planned
    }

    /// Ends the decision: the slot is somebody's who was admitted, or nobody's.
    pub(super) fn close(&mut self, inspector: u32) {
        let slot = self.search.slot as usize;
        self.decided[slot] = true;
        self.holder[slot] = inspector;
        self.inspectors[inspector as usize].spare -= 1;
    }

    /// Whether the rest can do without a candidate as far as it could with one slot more; if so, the candidate is free.
    pub(super) fn admits(&mut self, candidate: u32) -> Result<bool, Beyond> {
        if candidate == self.search.goal {
            return Ok(true);
        }
        let target = self.target_of(self.search.slot);
        match self.on_target(target, candidate) {
            Some(other) => {
                self.begin();
                self.see(other, NONE);
            }
            None if self.inspectors[candidate as usize].spare > 0 => return Ok(true),
            None => {
                self.begin();
                self.meet(candidate, NONE);
            }
        }
        let closed = Closed {
            target,
            inspector: candidate,
        };
        let found = self.search(Some(closed))?;
        if !found {
            self.search.regions += 1;
            self.cut_off(self.search.regions);
        }
        Ok(found)
    }

    fn nobody(&self) -> u32 {
        id(self.net.staff.names.len())
    }

    fn target_of(&self, slot: u32) -> usize {
        slot as usize / self.net.slots.len()
    }

    fn team_of(&self, slot: u32) -> TeamBits {
        self.net.slots[slot as usize % self.net.slots.len()]
    }

    /// The slot that an inspector holds on a target, decided or planned.
    fn on_target(&self, target: usize, inspector: u32) -> Option<u32> {
        let first = target * self.net.slots.len();
        let on = &self.holder[first..first + self.net.slots.len()];
        on.iter()
            .position(|&holder| holder == inspector)
            .map(|at| id(first + at))
    }

    fn aim(&mut self, slot: u32, goal: u32) {
        let search = &mut self.search;
        (search.slot, search.goal) = (slot, goal);
        search.region = self.slots[slot as usize].region;
        search.goals += 1;
        search.has_shortcuts = false;
    }

    fn begin(&mut self) {
        if self.lines.ends.is_empty() {
            self.lines = Lines::new(&self.net);
        }
        self.search.round += 1;
        self.search.queue.clear();
        self.search.reached.clear();
    }

    /// Finds the holder of one of the slots to begin with (or, for a slot without holder, the slot) another place in the
    /// plan. On success that slot has a new holder, and its old one a place to spare.
    fn search(&mut self, closed: Option<Closed>) -> Result<bool, Beyond> {
        let (mut slots, mut inspectors) = (0, 0);
        loop {
            if let Some(&slot) = self.search.queue.get(slots) {
                slots += 1;
                if slots == EXPANSIONS_BEFORE_SHORTCUTS {
                    self.find_shortcuts();
                }
                if let Some((last, free)) = self.expand(slot, closed) {
                    self.shift(last, free);
                    return Ok(true);
                }
                if self.steps > MAX_STEPS {
                    return Err(Beyond);
                }
            } else if let Some(&inspector) = self.search.reached.get(inspectors) {
                inspectors += 1;
                self.see_all_held(inspector);
            } else {
                return Ok(false);
            }
        }
    }

    /// Makes what a search reached in vain a region of its own.
    fn cut_off(&mut self, region: u32) {
        for &slot in &self.search.queue {
            self.slots[slot as usize].region = region;
        }
        for &inspector in &self.search.reached {
            self.inspectors[inspector as usize].region = region;
        }
    }

    /// Marks every inspector who holds a slot that could move to the goal.
    fn find_shortcuts(&mut self) {
        let Search {
            goal, goals, region, ..
        } = self.search;
        if goal >= self.nobody() || self.search.has_shortcuts {
            return;
        }
        self.search.has_shortcuts = true;
        let (net, slots) = (self.net, self.net.slots.len());
        let fits = |of_target: usize| net.staff.teams[goal as usize] & net.slots[of_target] != 0;
        let serves = self.serves.get_or_insert_with(|| Serves::new(&net)).of(goal);
        // Decisions go through the targets in order, so those with nothing left to decide come first.
        let last = (0..slots).rev().find(|&of_target| fits(of_target)).unwrap_or(0);
        let decided = serves.partition_point(|&target| self.decided[target as usize * slots + last]);
        for &target in &serves[decided..] {
            self.steps += 1;
            let first = target as usize * slots;
            if self.holder[first..first + slots].contains(&goal) {
                continue;
            }
            for slot in (first..first + slots).filter(|slot| fits(slot - first)) {
                let is_open = !self.decided[slot] && self.slots[slot].region == region;
                if is_open && let Some(holder) = self.inspectors.get_mut(self.holder[slot] as usize) {
                    holder.shortcut = (goals, id(slot));
                }
            }
        }
    }

    /// Looks for somebody else for a slot: the way's last slot and the inspector with a place to spare, if found.
    fn expand(&mut self, slot: u32, closed: Option<Closed>) -> Option<(u32, u32)> {
        let (target, team) = (self.target_of(slot), self.team_of(slot));
        let closed = closed.filter(|closed| closed.target == target);
        let mut at = self.lines.starts[target];
        while at < self.lines.ends[target] {
            self.steps += 1;
            let inspector = self.lines.inspectors[at];
            let one = &self.inspectors[inspector as usize];
            if one.spare == 0 && one.held.is_empty() {
                self.lines.ends[target] -= 1;
                self.lines.inspectors.swap(at, self.lines.ends[target]);
                continue;
            }
            at += 1;
            let fits = self.net.staff.teams[inspector as usize] & team != 0;
            let is_closed = closed.is_some_and(|closed| closed.inspector == inspector);
            if !fits || is_closed || self.holder[slot as usize] == inspector {
                continue;
            }
            if let Some(other) = self.on_target(target, inspector) {
                // The inspector is on this target already: the slots could swap, if the other is not decided.
                if !self.decided[other as usize] {
                    self.see(other, slot);
                }
            } else if let Some(found) = self.reach(slot, inspector) {
                return Some(found);
            }
        }
        self.reach(slot, self.nobody())
    }

    /// Comes to an inspector who could take a slot.
    fn reach(&mut self, slot: u32, inspector: u32) -> Option<(u32, u32)> {
        let Search {
            goal, goals, region, ..
        } = self.search;
        let one = &self.inspectors[inspector as usize];
        if one.region != region && inspector != goal {
            return None;
        }
        if one.spare > 0 {
            return Some((slot, inspector));
        }
        let (of, mover) = one.shortcut;
        if of == goals {
            // Seen already, the mover keeps its taker: else the way could cross itself.
            self.see(mover, slot);
            return Some((mover, goal));
        }
        self.meet(inspector, slot);
        None
    }

    fn meet(&mut self, inspector: u32, taker: u32) {
        let one = &mut self.inspectors[inspector as usize];
        if one.seen != self.search.round && one.region == self.search.region {
            (one.seen, one.taker) = (self.search.round, taker);
            self.search.reached.push(inspector);
        }
    }

    /// What an inspector holds is seen only when all slots seen before lead nowhere.
    fn see_all_held(&mut self, inspector: u32) {
        for at in 0..self.inspectors[inspector as usize].held.len() {
            let Inspector { held, taker, .. } = &self.inspectors[inspector as usize];
            self.see(held[at], *taker);
        }
    }

    fn see(&mut self, slot: u32, taker: u32) {
        let one = &mut self.slots[slot as usize];
        if one.seen != self.search.round && one.region == self.search.region {
            (one.seen, one.taker) = (self.search.round, taker);
            self.search.queue.push(slot);
        }
    }

    /// Moves everybody along the way found: the last slot goes to the free inspector, its holder to the slot before.
    fn shift(&mut self, mut slot: u32, mut inspector: u32) {
        loop {
            let old = self.release(slot);
            self.hold(slot, inspector);
            let taker = self.slots[slot as usize].taker;
            if taker == NONE {
                return;
            }
            (slot, inspector) = (taker, old);
        }
    }
}
