//! The two hashes of mcd1, their HMAC, and the encoding `E` of what is hashed (section 2).
//! Never chooses a hash by itself: the commitment fixes it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// A hash, a key or a salt: 32 bytes, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl Hash32 {
    /// Reads 64 digits of `[0-9a-f]`; anything else is `None`.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = from_hex(text)?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// Whether a text is that many lower-case hexadecimal digits.
#[must_use]
pub fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads an even number of lower-case hexadecimal digits; anything else is `None`.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

/// `alg` of a commitment: the hash that everything of the draw is computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alg {
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SM3 (GB/T 32905-2016), for bureaus that must use commercial cryptography of the state.
    Sm3,
}

impl Alg {
    /// The name in the commitment.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    /// The hash with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sm3]
            .into_iter()
            .find(|alg| alg.name() == name)
    }

    /// `H` of the parts, one after the other.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> Hash32 {
        match self {
            Self::Sha256 => {
                let mut hash = Sha256::new();
                parts.iter().for_each(|part| hash.update(part));
                Hash32(hash.finalize().into())
            }
            Self::Sm3 => {
                let mut hash = Sm3::new();
                parts.iter().for_each(|part| hash.update(part));
                Hash32(hash.finalize().into())
            }
        }
    }

    /// HMAC under a key of 32 bytes, its two pads computed once.
    #[must_use]
    pub fn keyed(self, key: &Hash32) -> Keyed {
        // HMAC fills a short key up with zeros to the block of 64 bytes (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&key.0);
        match self {
            Self::Sha256 => Keyed::Sha256(HmacSha256::new(&block)),
            Self::Sm3 => Keyed::Sm3(Hmac::new(&block.into())),
        }
    }
}

/// An HMAC with its key in it; each tag costs two compressions for messages of up to 55 bytes.
#[derive(Clone)]
pub enum Keyed {
    /// HMAC-SHA-256.
    Sha256(HmacSha256),
    /// HMAC-SM3.
    Sm3(Hmac<Sm3>),
}

impl Keyed {
    /// The HMAC of a message.
    #[must_use]
    pub fn tag(&self, message: &[u8]) -> Hash32 {
        match self {
            Self::Sha256(mac) => mac.tag(message),
            Self::Sm3(mac) => Hash32(mac.clone().chain_update(message).finalize().into_bytes().into()),
        }
    }
}

/// HMAC-SHA-256. A draw makes millions of tags of short messages: for those, nothing is done but two compressions.
#[derive(Clone)]
pub struct HmacSha256 {
    /// The states after the block of the inner and of the outer pad.
    inner: [u32; 8],
    outer: [u32; 8],
    /// For messages of any length.
    any: Hmac<Sha256>,
}

impl HmacSha256 {
    fn new(key: &[u8; 64]) -> Self {
        /// The initial state of SHA-256 (FIPS 180-4, section 5.3.3).
        const INITIAL: [u32; 8] = [
            0x6a09_e667,
            0xbb67_ae85,
            0x3c6e_f372,
            0xa54f_f53a,
            0x510e_527f,
            0x9b05_688c,
            0x1f83_d9ab,
            0x5be0_cd19,
        ];
        let after = |pad: u8| {
            let mut state = INITIAL;
            compress256(&mut state, &[key.map(|byte| byte ^ pad)]);
            state
        };
        Self {
            inner: after(0x36),
            outer: after(0x5c),
            any: Hmac::new(&(*key).into()),
        }
    }

    fn tag(&self, message: &[u8]) -> Hash32 {
        let Some(block) = last_block(message) else {
            return Hash32(
                self.any
                    .clone()
                    .chain_update(message)
                    .finalize()
                    .into_bytes()
                    .into(),
            );
        };
        let inner = after(self.inner, block);
        last_block(&inner).map_or(Hash32(inner), |block| Hash32(after(self.outer, block)))
    }
}

fn after(mut state: [u32; 8], block: [u8; 64]) -> [u8; 32] {
    compress256(&mut state, &[block]);
    let mut bytes = [0; 32];
    let (words, _) = bytes.as_chunks_mut();
    words
        .iter_mut()
        .zip(state)
        .for_each(|(bytes, word)| *bytes = word.to_be_bytes());
    bytes
}

/// The padded block of a message that comes behind the block of a pad, if it fits one (FIPS 180-4, section 5.1.1).
fn last_block(message: &[u8]) -> Option<[u8; 64]> {
    let mut block = [0; 64];
    let bits = 8 * (64 + message.len() as u64);
    block[56..].copy_from_slice(&bits.to_be_bytes());
    *block[..56].get_mut(message.len())? = 0x80;
    block[..message.len()].copy_from_slice(message);
    Some(block)
}

/// `E(tag, x1 … xn)`: the tag and each part behind its length, so that no two lists encode alike.
#[must_use]
pub fn encode(tag: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    encode_into(&mut out, tag, parts);
    out
}

/// [`encode`] into a buffer that is emptied first, for loops over many lines.
pub fn encode_into(out: &mut Vec<u8>, tag: &str, parts: &[&[u8]]) {
    out.clear();
    push_length(out, 5 + tag.len());
    out.extend_from_slice(b"mcd1/");
    out.extend_from_slice(tag.as_bytes());
    for part in parts {
        push_length(out, part.len());
        out.extend_from_slice(part);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "parts are columns, hashes and inputs of at most 256 MiB"
)]
fn push_length(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&(length as u32).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_to_a_tag_is_hmac() {
        let key = Hash32(std::array::from_fn(|at| u8::try_from(200 - at).unwrap()));
        let mac = <Hmac<Sha256>>::new_from_slice(&key.0).unwrap();
        let message: Vec<u8> = (0..200).collect();
        for length in 0..message.len() {
            let expected = mac
                .clone()
                .chain_update(&message[..length])
                .finalize()
                .into_bytes();
            assert_eq!(
                Alg::Sha256.keyed(&key).tag(&message[..length]).0,
                *expected,
                "{length}"
            );
        }
    }
}
