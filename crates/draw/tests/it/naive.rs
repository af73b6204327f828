//! Section 5 of mcd1 taken literally: long multiplication, sorting, and a greatest flow from scratch for each question.
//! Never shares a thought with the crate that it judges, and never is fast.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use draw::hash::Hash32;

use crate::choices::Choices;

/// A line that takes part in the random selection; lines are given in ascending order of their ids.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tier: u8,
    pub(crate) weight: u32,
    pub(crate) ticket: Hash32,
}

/// `T · weight`, digit by digit to the base 256: 288 bits, big-endian.
pub(crate) fn product(ticket: &Hash32, weight: u32) -> [u8; 36] {
    let mut sums = [0_u64; 36];
    for (i, digit) in ticket.0.iter().rev().enumerate() {
        for (j, factor) in weight.to_le_bytes().iter().enumerate() {
            sums[i + j] += u64::from(*digit) * u64::from(*factor);
        }
    }
    let mut carry = 0;
    let digits = sums.map(|sum| {
        let all = sum + carry;
        carry = all / 256;
        u8::try_from(all % 256).unwrap()
    });
    let mut big_endian = digits;
    big_endian.reverse();
    big_endian
}

impl Line {
    /// `T(a)·weight(b)` against `T(b)·weight(a)`.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        product(&self.ticket, other.weight).cmp(&product(&other.ticket, self.weight))
    }
}

/// Places in the order of the draw.
fn in_order(lines: &[Line], mut places: Vec<usize>) -> Vec<usize> {
    places.sort_by(|&a, &b| lines[a].compare(&lines[b]).then(a.cmp(&b)));
    places
}

/// The places of a tier that are taken whatever the tickets are, and those that are left, if `k` are to be taken.
pub(crate) fn certain(lines: &[Line], mut left: Vec<usize>, mut k: u128) -> (Vec<usize>, Vec<usize>) {
    let mut taken = Vec::new();
    let weight = |place: &usize| u128::from(lines[*place].weight);
    while let Some(heaviest) = left.iter().copied().max_by_key(weight) {
        let sum: u128 = left.iter().map(weight).sum();
        if k == 0 || k * weight(&heaviest) < sum {
            break;
        }
        left.retain(|place| *place != heaviest);
        taken.push(heaviest);
        k -= 1;
    }
    (taken, left)
}

/// The lines of a stratum that are taken.
pub(crate) fn select(lines: &[Line], quota: usize) -> BTreeSet<usize> {
    let (mut k, mut taken) = (quota, BTreeSet::new());
    for tier in 0..=9 {
        let of_tier: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].tier == tier).collect();
        if of_tier.len() <= k {
            k -= of_tier.len();
            taken.extend(of_tier);
            continue;
        }
        let (sure, rest) = certain(lines, of_tier, k as u128);
        k -= sure.len();
        taken.extend(sure);
        taken.extend(in_order(lines, rest).into_iter().take(k));
        return taken;
    }
    taken
}

/// The reserve of a stratum.
pub(crate) fn reserve(lines: &[Line], taken: &BTreeSet<usize>) -> Vec<usize> {
    let left = (0..=9).flat_map(|tier| {
        let of_tier = |at: &usize| lines[*at].tier == tier && !taken.contains(at);
        in_order(lines, (0..lines.len()).filter(of_tier).collect())
    });
    left.collect()
}

/// An assignment to make: targets in their order, each with its elig line; teams as bits.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) caps: Vec<u32>,
    pub(crate) teams: Vec<u8>,
    pub(crate) slots: Vec<u8>,
    pub(crate) elig: Vec<Vec<u32>>,
}

/// Target and slot.
pub(crate) type Place = (usize, usize);

/// Who has which slot, by target and slot; `None` is vacant or undecided.
pub(crate) type Given = Vec<Vec<Option<u32>>>;

impl Problem {
    /// A small one: caps tight or not, elig lines of any length.
    pub(crate) fn new(choices: &mut Choices<'_>) -> Self {
        let targets = 1 + choices.below(5);
        let slots = choices.one_of(&[
            &[1, 1][..],
            &[1, 2],
            &[1, 2, 1],
            &[1, 1, 2],
            &[1, 2, 4],
            &[1, 1, 1],
            &[2, 1, 2, 1],
        ]);
        let staff = 1 + choices.below(8);
        let most = choices.one_of(&[1, 2, 2, 3, 9]);
        let all = slots.iter().fold(0, |all, team| all | team);
        let team = |choices: &mut Choices<'_>| match choices.byte() & all {
            0 => choices.one_of(slots),
            bits => bits,
        };
        let density = 1 + choices.below(4);
        let line = |choices: &mut Choices<'_>| {
            (0..staff)
                .filter(|_| choices.below(4) < density)
                .collect::<Vec<usize>>()
        };
        let index = |at: usize| u32::try_from(at).unwrap();
        Self {
            caps: (0..staff).map(|_| 1 + index(choices.below(most))).collect(),
            teams: (0..staff).map(|_| team(choices)).collect(),
            slots: slots.to_vec(),
            elig: (0..targets)
                .map(|_| line(choices).into_iter().map(index).collect())
                .collect(),
        }
    }

    /// Every slot of every target, in the order of the decisions.
    pub(crate) fn places(&self) -> Vec<Place> {
        let slots = 0..self.slots.len();
        slots
            .flat_map(|slot| (0..self.elig.len()).map(move |target| (target, slot)))
            .collect()
    }

    pub(crate) fn nothing_given(&self) -> Given {
        vec![vec![None; self.slots.len()]; self.elig.len()]
    }

    fn load(given: &Given, inspector: u32) -> u32 {
        let of = given.iter().flatten().filter(|on| **on == Some(inspector));
        u32::try_from(of.count()).unwrap()
    }

    /// The greatest number of the open slots that can be filled at once, when the given ones are given.
    pub(crate) fn most(&self, open: &[Place], given: &Given) -> usize {
        let staff = self.caps.len();
        let pair = |target: usize, inspector: usize| 2 + staff + target * staff + inspector;
        let slot = |at: usize| 2 + staff + staff * self.elig.len() + at;
        let mut flow = Flow::new(slot(open.len()));
        for (at, inspector) in (0..staff).zip(0_u32..) {
            flow.edge(Flow::SOURCE, 2 + at, self.caps[at] - Self::load(given, inspector));
            for (target, line) in self.elig.iter().enumerate() {
                if line.contains(&inspector) && !given[target].contains(&Some(inspector)) {
                    flow.edge(2 + at, pair(target, at), 1);
                }
            }
        }
        for (at, (target, of_target)) in open.iter().enumerate() {
            for inspector in (0..staff).filter(|i| self.teams[*i] & self.slots[*of_target] != 0) {
                flow.edge(pair(*target, inspector), slot(at), 1);
            }
            flow.edge(slot(at), Flow::SINK, 1);
        }
        flow.greatest()
    }

    /// The assignment as section 5 defines it; `lot` of a target and an inspector.
    pub(crate) fn assign(&self, lot: impl Fn(usize, u32) -> Hash32) -> Given {
        let mut given = self.nothing_given();
        let places = self.places();
        for (at, &(target, slot)) in places.iter().enumerate() {
            let greatest = self.most(&places[at..], &given);
            let is_candidate = |i: &u32| {
                let index = *i as usize;
                self.teams[index] & self.slots[slot] != 0
                    && !given[target].contains(&Some(*i))
                    && Self::load(&given, *i) < self.caps[index]
            };
            let mut candidates: Vec<u32> = self.elig[target].iter().copied().filter(is_candidate).collect();
            candidates.sort_by_key(|i| (Self::load(&given, *i), lot(target, *i), *i));
            let chosen = candidates.iter().copied().find(|i| {
                let mut with = given.clone();
                with[target][slot] = Some(*i);
                self.most(&places[at + 1..], &with) + 1 == greatest
            });
            // Section 5 says so: a slot is vacant only where there is no candidate at all.
            assert_eq!(chosen.is_none(), candidates.is_empty(), "{self:?}");
            given[target][slot] = chosen;
        }
        given
    }
}

/// Ford and Fulkerson's greatest flow, one unit at a time.
struct Flow {
    /// For each node its edges: where to, and how much more fits. An edge and its reverse are neighbours.
    from: Vec<Vec<usize>>,
    edges: Vec<(usize, u32)>,
}

impl Flow {
    const SOURCE: usize = 0;
    const SINK: usize = 1;

    fn new(nodes: usize) -> Self {
        Self {
            from: vec![Vec::new(); nodes],
            edges: Vec::new(),
        }
    }

    fn edge(&mut self, from: usize, to: usize, capacity: u32) {
        self.from[from].push(self.edges.len());
        self.edges.push((to, capacity));
        self.from[to].push(self.edges.len());
        self.edges.push((from, 0));
    }

    fn greatest(mut self) -> usize {
        let mut units = 0;
        while self.push(Self::SOURCE, &mut vec![false; self.from.len()]) {
            units += 1;
        }
        units
    }

    fn push(&mut self, node: usize, seen: &mut Vec<bool>) -> bool {
        if node == Self::SINK {
            return true;
        }
        seen[node] = true;
        for edge in self.from[node].clone() {
            let (to, fits) = self.edges[edge];
            if fits > 0 && !seen[to] && self.push(to, seen) {
                self.edges[edge].1 -= 1;
                self.edges[edge ^ 1].1 += 1;
                return true;
            }
        }
        false
    }
}
