//! The Merkle tree hash of RFC 9162 section 2.1.1 over the lines of a file (section 2 of mcd1).
//! Never looks into a line.

use crate::hash::{Alg, Hash32};
use crate::parallel;

/// `root(lines)`; of no lines it is the hash of nothing, as in the RFC.
#[must_use]
pub fn root<L: AsRef<[u8]> + Sync>(alg: Alg, lines: &[L]) -> Hash32 {
    let leaves = parallel::map(lines, |line| alg.hash(&[&[0], line.as_ref()]));
    if leaves.is_empty() {
        alg.hash(&[])
    } else {
        fold(alg, &leaves)
    }
}

fn fold(alg: Alg, nodes: &[Hash32]) -> Hash32 {
    if let [only] = nodes {
        return *only;
    }
    // The largest power of two smaller than n.
    let split = nodes.len().next_power_of_two() / 2;
    let (left, right) = (fold(alg, &nodes[..split]), fold(alg, &nodes[split..]));
    alg.hash(&[&[1], &left.0, &right.0])
}
