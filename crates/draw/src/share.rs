//! Shares and the key that they and the public value make together (section 5).
//! Never keeps a secret longer than its caller.

use crate::form::Wrong;
use crate::hash::{Alg, Hash32, Keyed, encode};
use crate::record::Commit;

/// What one holder contributes: what the computer added, and what was typed or rolled.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// 32 bytes of the operating system's generator.
    pub machine: Hash32,
    /// At most 1024 bytes; may be empty.
    pub input: Vec<u8>,
}

impl Share {
    /// `S_j = H(E("mix", machine_j, input_j))`.
    #[must_use]
    pub fn secret(&self, alg: Alg) -> Hash32 {
        alg.hash(&[&encode("mix", &[&self.machine.0, &self.input])])
    }
}

/// `share.j` of a commitment: what binds holder `j` (from 1) without telling the secret.
#[must_use]
pub fn committed(alg: Alg, draw: &str, j: usize, secret: &Hash32) -> Hash32 {
    alg.hash(&[&encode(
        "share",
        &[draw.as_bytes(), j.to_string().as_bytes(), &secret.0],
    )])
}

/// The secrets of all shares, each held against its commitment.
///
/// # Errors
/// Fewer than two, another number than committed, one that is not as committed, or two alike.
pub fn secrets(commit: &Commit, shares: &[Share]) -> Result<Vec<Hash32>, Wrong> {
    if commit.shares.len() < 2 {
        return Err("少于两份".into());
    }
    if shares.len() != commit.shares.len() {
        return Err(format!(
            "承诺了 {} 份，这里有 {} 份",
            commit.shares.len(),
            shares.len()
        ));
    }
    let secrets: Vec<Hash32> = shares.iter().map(|share| share.secret(commit.alg)).collect();
    for (j, (secret, expected)) in (1..).zip(secrets.iter().zip(&commit.shares)) {
        if committed(commit.alg, &commit.draw, j, secret) != *expected {
            return Err(format!("第 {j} 份与承诺不符"));
        }
        if secrets[..j - 1].contains(secret) {
            return Err(format!("第 {j} 份与前面的一份相同"));
        }
    }
    Ok(secrets)
}

/// `K`, made of all shares, the commitment's hash `e` and the public value `P`.
#[must_use]
pub fn key(alg: Alg, secrets: &[Hash32], e: &Hash32, public: &str) -> Hash32 {
    let parts: Vec<&[u8]> = secrets.iter().map(|secret| secret.0.as_slice()).collect();
    let seed = alg.hash(&[&encode("seed", &parts)]);
    alg.keyed(&seed).tag(&encode("draw", &[&e.0, public.as_bytes()]))
}

/// A place in the draw's order: `HMAC(K, E(tag, parts))`.
#[must_use]
pub fn lot<const N: usize>(key: &Keyed, tag: &str, parts: [&str; N]) -> Hash32 {
    key.tag(&encode(tag, &parts.map(str::as_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 7 of mcd1: share.1, K, T, root and an assignment lot.
    fn known_answers(alg: Alg, expected: [&str; 5]) {
        let secrets = [1, 2, 3].map(|byte| Hash32([byte; 32]));
        let e = alg.hash(&[b"example-commit\n"]);
        let k = key(alg, &secrets, &e, "kl8:2026123:01.05.07");
        let keyed = alg.keyed(&k);
        let answers = [
            committed(alg, "2026-017", 1, &secrets[0]),
            k,
            lot(&keyed, "ticket", ["91330000000000001A"]),
            crate::merkle::root(alg, &["a", "b", "c"]),
            lot(&keyed, "assign", ["91330000000000001A", "I001"]),
        ];
        assert_eq!(answers.map(|hash| hash.to_string()), expected);
    }

    #[test]
    fn known_answers_of_sha256() {
        known_answers(
            Alg::Sha256,
            [
                "22a46428c9985cae12ded7937d2f85facaf91baee73192b895e8fcffe6e14755",
                "fc49784acfa6db10c9e01bbc37c30a93b4219e15da2aaad8a7153be90cca20ab",
                "e74d3967477289f3969b5a81e39e8a817af7c52c2361d4ccddbeb2f4555af893",
                "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1",
                "3cade55c297d2da6f3187f84a27b6515884338f411b13ab464633dd89e594679",
            ],
        );
    }

    #[test]
    fn known_answers_of_sm3() {
        known_answers(
            Alg::Sm3,
            [
                "f38967e8ab0a821907c8bada6579acbede0dbab5e1f846d464681ff4fb7d2835",
                "cc300e6f0de1fd1a8bdb4ec3da9ac4cc9ad5c3d52dc84b95f233f235b26d2fb8",
                "d6af4fd076ab8b6063185f65b8d170546f76da6688de048c1334c1af54687241",
                "2706e4e4d41c1ed9c3fe7f7822bf360a67abcc052cc2c00022c1313ec3ded965",
                "2d0596f8b30ae8a0731fe33c08cc9405491f4d30465cd67d3bda716250a4966a",
            ],
        );
    }

    #[test]
    fn e_puts_each_part_behind_its_length() {
        let encoded = crate::hash::to_hex(&encode("ticket", &[b"A"]));
        assert_eq!(encoded, "0000000b6d6364312f7469636b65740000000141");
    }
}
