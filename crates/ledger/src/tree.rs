//! The Merkle tree of RFC 9162 section 2.1 over SHA-256: roots, and proofs that need only a few hashes.
//! Never looks into a leaf.

mod frontier;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A node of the tree: 32 bytes of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digits(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("哈希应为 64 位十六进制数字，请完整复制后再试")]
pub struct NotAHash;

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        bytes(text).map(Self).ok_or(NotAHash)
    }
}

/// The `N` bytes that a text of hexadecimal digits writes, and nothing else.
pub(crate) fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect();
    bytes?.try_into().ok()
}

/// Bytes as hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hash of a leaf's bytes.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

fn node(left: Hash, right: Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// Root of the tree with no leaves.
fn empty() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Root of the tree over these leaf hashes.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// The roots of the complete subtrees that a growing tree consists of, the largest first: all that is needed to
/// append and to know the root, at most one hash for each bit of the size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each trailing one of the old size is a subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node(left, hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut subtrees = self.roots.iter().rev().copied();
        let Some(last) = subtrees.next() else {
            return empty();
        };
        subtrees.fold(last, |right, left| node(left, right))
    }
}

/// The largest power of two smaller than `n`, for `n` of two or more.
const fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The leaves under each node of the proof that the leaf at `index` is in a tree of that size, in the order of the proof:
/// whoever cannot hold all leaves goes through them range by range. None if there is no such leaf.
#[must_use]
pub fn siblings(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut under, mut path) = (0..size, Vec::new());
    while under.end - under.start > 1 {
        // As `split`, but a size that somebody claims may be too large for a next power of two.
        let middle = under.start + (1 << (under.end - under.start - 1).ilog2());
        let (left, right) = (under.start..middle, middle..under.end);
        let (own, other) = if index < middle {
            (left, right)
        } else {
            (right, left)
        };
        path.push(other);
        under = own;
    }
    path.reverse();
    Some(path)
}

/// Proof that the leaf at `index` is in the tree over `leaves`; none if there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    let siblings = siblings(u64::try_from(index).ok()?, u64::try_from(leaves.len()).ok()?)?;
    let root_under = |range: Range<u64>| {
        let (from, to) = (
            usize::try_from(range.start).ok()?,
            usize::try_from(range.end).ok()?,
        );
        leaves.get(from..to).map(root)
    };
    siblings.into_iter().map(root_under).collect()
}

/// Whether a leaf is at `index` of the tree of `size` leaves with this root (RFC 9162, section 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut climb = Climb::from(index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        match climb.step() {
            None => return false,
            Some(Side::Left) => hash = node(*sibling, hash),
            Some(Side::Right) => hash = node(hash, *sibling),
        }
    }
    climb.is_at_the_root() && hash == root
}

/// On which side the next node of a proof is.
enum Side {
    Left,
    Right,
}

/// The way from a node up to the root: its place among the nodes of its level, and that of the last of them.
/// These are `fn` and `sn` of RFC 9162.
struct Climb {
    place: u64,
    last: u64,
}

impl Climb {
    const fn from(place: u64, last: u64) -> Self {
        Self { place, last }
    }

    const fn up(&mut self) {
        self.place >>= 1;
        self.last >>= 1;
    }

    const fn is_at_the_root(&self) -> bool {
        self.last == 0
    }

    /// Goes up to the next level that a proof has a node for; none if there is no higher one.
    const fn step(&mut self) -> Option<Side> {
        if self.is_at_the_root() {
            return None;
        }
        if self.place & 1 == 0 && self.place != self.last {
            self.up();
            return Some(Side::Right);
        }
        // The last node of a level has no sibling there if it is a left one: it goes up unchanged.
        while self.place & 1 == 0 && self.place != 0 {
            self.up();
        }
        self.up();
        Some(Side::Left)
    }
}

/// Proof that the tree over `leaves` continues the tree over the first `old_size` of them; none if there are fewer.
#[must_use]
pub fn consistency_proof(leaves: &[Hash], old_size: usize) -> Option<Vec<Hash>> {
    if old_size > leaves.len() {
        return None;
    }
    if old_size == 0 || old_size == leaves.len() {
        return Some(Vec::new());
    }
    let (mut leaves, mut old, mut path, mut is_old_root) = (leaves, old_size, Vec::new(), true);
    while old != leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old <= left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            old -= left.len();
            leaves = right;
            is_old_root = false;
        }
    }
    // Whoever asks knows the old root already.
    if !is_old_root {
        path.push(root(leaves));
    }
    path.reverse();
    Some(path)
}

/// Whether the tree of `new_size` leaves continues that of `old_size` (RFC 9162, section 2.1.4.2). Every tree continues
/// the one without leaves.
#[must_use]
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    proof: &[Hash],
) -> bool {
    if old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        return proof.is_empty() && old_root == empty();
    }
    // The old root itself is known to whoever asks; only if it is a node of the new tree too is it left out.
    let (start, rest) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return false,
    };
    let mut climb = Climb::from(old_size - 1, new_size - 1);
    while climb.place & 1 == 1 {
        climb.up();
    }
    let (mut old, mut new) = (start, start);
    for sibling in rest {
        match climb.step() {
            None => return false,
            Some(Side::Left) => (old, new) = (node(*sibling, old), node(*sibling, new)),
            Some(Side::Right) => new = node(new, *sibling),
        }
    }
    climb.is_at_the_root() && old == old_root && new == new_root
}

#[cfg(test)]
mod tests;
