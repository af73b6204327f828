//! Bytes and keys that follow from a number, for runs that must be the same every time.
//! Never a generator of its own: it counts, and hashes.

use draw::hash::{Alg, Hash32, encode};

/// The n-th key of a series.
pub(crate) fn key(series: &str, n: u32) -> Hash32 {
    Alg::Sha256.hash(&[&encode("test", &[series.as_bytes(), &n.to_be_bytes()])])
}

/// That many bytes of a series.
pub(crate) fn bytes(series: &str, count: usize) -> Vec<u8> {
    (0..).flat_map(|n| key(series, n).0).take(count).collect()
}
