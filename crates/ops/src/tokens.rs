//! Tokens of sessions and one-time links: random bytes that people carry, of which the database holds the hash.
//! Never shown twice, and never logged.

use sha2::{Digest, Sha256};

use crate::Office;

/// Bytes of a token.
const BYTES: usize = 32;

/// A token in the clear.
pub struct Token(String);

impl Token {
    pub(crate) fn fresh(office: &Office) -> Self {
        Self(hex(&office.random::<BYTES>()))
    }

    /// The text that goes into a cookie or link.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database holds of it.
    pub(crate) fn hash(&self) -> String {
        hash(&self.0)
    }
}

/// What the database holds of a token.
pub(crate) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
            text
        })
}
