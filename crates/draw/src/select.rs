//! Selection (section 5): which targets are taken, and in which order the rest would follow.
//! Never looks at a name: a target is its id's ticket, its stratum, tier and weight.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::hash::{Hash32, Keyed, encode_into};
use crate::parallel;
use crate::plan::Plan;
use crate::table::{Flag, PoolLine, Status};

/// `T(id)`, a 256-bit big-endian integer, as four words with the most significant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket([u64; 4]);

impl Ticket {
    /// `T(id) = HMAC(K, E("ticket", id))`.
    #[must_use]
    pub fn of(key: &Keyed, id: &str, buffer: &mut Vec<u8>) -> Self {
        encode_into(buffer, "ticket", &[id.as_bytes()]);
        key.tag(buffer).into()
    }

    /// The order of the draw: `T(a)·weight(b)` against `T(b)·weight(a)`.
    #[must_use]
    pub fn compare(self, weight: u32, other: Self, other_weight: u32) -> Ordering {
        if weight == other_weight {
            return self.cmp(&other);
        }
        // The leading words decide, unless the rest of the smaller product could make up for the difference.
        let (w, ow) = (u128::from(weight), u128::from(other_weight));
        let (mine, theirs) = (u128::from(self.0[0]) * ow, u128::from(other.0[0]) * w);
        if mine + ow <= theirs {
            Ordering::Less
        } else if theirs + w <= mine {
            Ordering::Greater
        } else {
            self.times(other_weight).cmp(&other.times(weight))
        }
    }

    /// The exact product, 288 bits, most significant word first.
    fn times(self, factor: u32) -> [u64; 5] {
        let mut product = [0; 5];
        let mut carry = 0;
        for (at, word) in self.0.iter().enumerate().rev() {
            let sum = u128::from(*word) * u128::from(factor) + carry;
            product[at + 1] = low_word(sum);
            carry = sum >> 64;
        }
        product[0] = low_word(carry);
        product
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low 64 bits are meant")]
const fn low_word(n: u128) -> u64 {
    n as u64
}

impl From<Hash32> for Ticket {
    fn from(hash: Hash32) -> Self {
        let (words, _) = hash.0.as_chunks::<8>();
        Self(std::array::from_fn(|at| u64::from_be_bytes(words[at])))
    }
}

impl From<Ticket> for Hash32 {
    fn from(ticket: Ticket) -> Self {
        let mut bytes = [0; 32];
        let (words, _) = bytes.as_chunks_mut::<8>();
        words
            .iter_mut()
            .zip(ticket.0)
            .for_each(|(bytes, word)| *bytes = word.to_be_bytes());
        Self(bytes)
    }
}

/// The tickets of all lines of a pool, in its order.
#[must_use]
pub fn tickets(key: &Keyed, pool: &[PoolLine<'_>]) -> Vec<Ticket> {
    let words = parallel::numbers_with(pool, Vec::new, |buffer, line| Ticket::of(key, line.id, buffer).0);
    words.into_iter().map(Ticket).collect()
}

/// A line that takes part in a draw: its ticket, its weight and its place among the ids, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `T(id)`.
    pub ticket: Ticket,
    /// 1 or more.
    pub weight: u32,
    /// Place of the id in ascending order: it decides between equal products.
    pub place: u32,
}

impl Entry {
    /// The order of the draw (section 5).
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let by_ticket = self.ticket.compare(self.weight, other.ticket, other.weight);
        by_ticket.then(self.place.cmp(&other.place))
    }
}

/// Keeps the first `k` of a stream of entries in the order of the draw, in memory for `2k`.
pub struct First {
    k: usize,
    kept: Vec<Entry>,
    /// The last of the first `k` seen so far, once there are as many.
    bar: Option<Entry>,
}

impl First {
    /// Keeps the first `k`.
    #[must_use]
    pub const fn new(k: usize) -> Self {
        Self {
            k,
            kept: Vec::new(),
            bar: None,
        }
    }

    /// Offers an entry, and says whether it is kept for now: if not, it is certainly not among the first `k`.
    pub fn offer(&mut self, entry: Entry) -> bool {
        if self.k == 0 || self.bar.is_some_and(|bar| bar.order(&entry).is_lt()) {
            return false;
        }
        self.kept.push(entry);
        if self.kept.len() >= 2 * self.k {
            self.prune();
        }
        true
    }

    fn prune(&mut self) {
        if self.kept.len() > self.k && self.k > 0 {
            let (_, bar, _) = self.kept.select_nth_unstable_by(self.k - 1, Entry::order);
            self.bar = Some(*bar);
            self.kept.truncate(self.k);
        }
    }

    /// Takes in what another one kept of another part of the stream.
    pub fn merge(&mut self, other: Self) {
        other.kept.into_iter().for_each(|entry| {
            let _kept = self.offer(entry);
        });
    }

    /// The first `k`, in order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Entry> {
        self.prune();
        self.kept.sort_unstable_by(Entry::order);
        self.kept
    }
}

/// Which lines of the pool were taken, and what is needed to say who would follow.
pub struct Selection {
    /// The status of each line of the pool.
    pub status: Vec<Status>,
}

/// An `R` line: its place in the pool, and its weight.
#[derive(Clone, Copy)]
struct Line {
    place: u32,
    weight: u32,
}

/// A pool, or a part of it, before the draw.
#[derive(Default)]
struct Undrawn<'a> {
    /// The status of each line while none is selected.
    status: Vec<Status>,
    /// The `R` lines by stratum and tier.
    tiers: BTreeMap<(&'a str, u8), Vec<Line>>,
}

impl<'a> Undrawn<'a> {
    /// The part of the pool that begins at a place.
    fn new(first: usize, part: &[PoolLine<'a>]) -> Self {
        let mut undrawn = Self::default();
        undrawn.status.reserve(part.len());
        // Lines of a tier often follow each other: a run of them is filed at once.
        let (mut tier, mut run) = (("", 0), Vec::new());
        for (line, place) in part.iter().zip((0..).skip(first)) {
            undrawn.status.push(untouched(line.flag));
            if line.flag != Flag::Random {
                continue;
            }
            if (line.stratum, line.tier) != tier {
                undrawn.file(tier, &mut run);
                tier = (line.stratum, line.tier);
            }
            run.push(Line {
                place,
                weight: line.weight,
            });
        }
        undrawn.file(tier, &mut run);
        undrawn
    }

    fn file(&mut self, tier: (&'a str, u8), lines: &mut Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let filed = self.tiers.entry(tier).or_default();
        if filed.is_empty() {
            *filed = std::mem::take(lines);
        } else {
            filed.append(lines);
        }
    }

    fn followed_by(mut self, later: Self) -> Self {
        self.status.extend(later.status);
        for (tier, mut lines) in later.tiers {
            self.file(tier, &mut lines);
        }
        self
    }
}

const fn untouched(flag: Flag<'_>) -> Status {
    match flag {
        Flag::Random => Status::NotSelected,
        Flag::Mandatory => Status::Mandatory,
        Flag::Excluded(_) => Status::Excluded,
    }
}

/// Selects by the plan's quotas.
#[must_use]
pub fn select(plan: &Plan, pool: &[PoolLine<'_>], tickets: &[Ticket]) -> Selection {
    let parts = parallel::parts(pool, Undrawn::new).into_iter();
    let Undrawn { mut status, tiers } = parts.reduce(Undrawn::followed_by).unwrap_or_default();
    let mut quotas: BTreeMap<&str, usize> = BTreeMap::new();
    for ((stratum, _), lines) in tiers {
        let quota = || plan.quotas.get(stratum).map_or(0, |quota| quota.number as usize);
        let left = quotas.entry(stratum).or_insert_with(quota);
        let taken = take_tier(lines, *left, tickets);
        *left -= taken.len();
        for place in taken {
            status[place as usize] = Status::Selected;
        }
    }
    Selection { status }
}

/// At most `k` lines of a tier, by their places.
fn take_tier(mut lines: Vec<Line>, k: usize, tickets: &[Ticket]) -> Vec<u32> {
    if lines.len() <= k {
        return lines.into_iter().map(|line| line.place).collect();
    }
    let mut taken = take_certain(&mut lines, k);
    let k = k - taken.len();
    let firsts = parallel::parts(&lines, |_, part| {
        let mut first = First::new(k);
        for &Line { place, weight } in part {
            let _kept = first.offer(Entry {
                ticket: tickets[place as usize],
                weight,
                place,
            });
        }
        first
    });
    let first = firsts.into_iter().reduce(|mut first, other| {
        first.merge(other);
        first
    });
    let drawn = first.map(First::finish).unwrap_or_default();
    taken.extend(drawn.into_iter().map(|entry| entry.place));
    taken
}

/// Takes the lines that are heavy enough to be taken for certain.
///
/// mcd1 takes the heaviest line while `k·weight ≥ W`, and looks again. Taking one at least as heavy as `u` keeps
/// that true for `u` (`k·w ≥ W` gives `(k−1)·w ≥ W−w ≥ W−heavier`), so whole passes take the same lines.
fn take_certain(lines: &mut Vec<Line>, k: usize) -> Vec<u32> {
    let mut taken = Vec::new();
    while taken.len() < k {
        let left = (k - taken.len()) as u64;
        let total: u64 = lines.iter().map(|line| u64::from(line.weight)).sum();
        let heavy = lines.extract_if(.., |line| left * u64::from(line.weight) >= total);
        let before = taken.len();
        taken.extend(heavy.map(|line| line.place));
        if taken.len() == before {
            break;
        }
    }
    taken
}

impl Selection {
    /// The reserve (候补) of a stratum: its `R` lines that were not taken, by tier, then in the order of the draw.
    #[must_use]
    pub fn reserve(&self, stratum: &str, pool: &[PoolLine<'_>], tickets: &[Ticket]) -> Vec<u32> {
        let left = |place: &u32| {
            let line = &pool[*place as usize];
            line.stratum == stratum && self.status[*place as usize] == Status::NotSelected
        };
        let mut reserve: Vec<u32> = (0..).take(pool.len()).filter(left).collect();
        let entry = |place: u32| Entry {
            ticket: tickets[place as usize],
            weight: pool[place as usize].weight,
            place,
        };
        reserve.sort_unstable_by(|&a, &b| {
            let tier = |place: u32| pool[place as usize].tier;
            tier(a).cmp(&tier(b)).then_with(|| entry(a).order(&entry(b)))
        });
        reserve
    }

    /// The places of all lines that were taken, in the order (T, id) in which teams are assigned.
    #[must_use]
    pub fn targets(&self, tickets: &[Ticket]) -> Vec<u32> {
        let taken = |place: &u32| self.status[*place as usize].is_taken();
        let mut targets: Vec<u32> = (0..).take(self.status.len()).filter(taken).collect();
        targets.sort_unstable_by_key(|&place| (tickets[place as usize], place));
        targets
    }
}
