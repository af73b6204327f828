//! A stream of small decisions read from bytes, so that proptest, a fuzzer and a seed all build draws alike.
//! Never runs dry: after the last byte every choice is the first one, so fewer bytes make a simpler draw.

use draw::hash::{Alg, Hash32, encode};

/// Decisions that are left.
pub(crate) struct Choices<'b> {
    bytes: &'b [u8],
    hashes: u32,
}

impl<'b> Choices<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, hashes: 0 }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number from 0 to `n - 1`, `n` at most 65536.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let low = usize::from(self.byte());
        let high = if n > 256 { usize::from(self.byte()) } else { 0 };
        (high * 256 + low) % n.max(1)
    }

    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// True once in `n` times; without bytes, false.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// 32 bytes that differ from all others of this stream.
    pub(crate) fn hash(&mut self) -> Hash32 {
        self.hashes += 1;
        let seed = [self.byte(), self.byte()];
        Alg::Sha256.hash(&[&encode("choice", &[&self.hashes.to_be_bytes(), &seed])])
    }
}
