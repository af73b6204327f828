//! 封存: envelopes around what tells a list, under a passphrase or a key file.
//! Never does I/O, and never shows what is inside: [`Secret`] has no `Debug`, `Display` or `Serialize`.
//!
//! An envelope is one line of text (its version), then bytes: the kind of lock, the cost of the passphrase,
//! a salt, a nonce, and XChaCha20-Poly1305 over the content. Everything before the content, and a label that says
//! what the envelope is for, is authenticated: an envelope moved to another draw or another name does not open.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// First bytes of an envelope.
const MAGIC: &[u8; 17] = b"mingcha-sealed-1\n";
const HEADER_BYTES: usize = MAGIC.len() + 1 + 12 + SALT_BYTES + NONCE_BYTES;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
/// Random bytes that [`seal`] asks for.
pub const RANDOM_BYTES: usize = SALT_BYTES + NONCE_BYTES;
/// The most memory that opening may ask for, in KiB: an envelope from elsewhere must not exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

/// Content of an envelope; forgotten when it is dropped, and never shown by accident.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes bytes into keeping.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Whoever calls this answers for where they go.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

/// How much work a passphrase costs whoever guesses it (Argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
    pub const RECOMMENDED: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };
}

/// What an envelope is locked with.
pub enum Lock {
    /// A passphrase that a person remembers.
    Passphrase(Secret, Cost),
    /// 32 bytes of a key file that a person keeps.
    KeyFile(Secret),
}

/// Why an envelope does not open, or can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It does not begin as an envelope does.
    #[error("这不是封存文件，或文件已残缺")]
    NotAnEnvelope,
    /// It wants the other kind of lock.
    #[error("这个封存文件是用密钥文件封的，请给出密钥文件，而不是口令")]
    WantsKeyFile,
    /// It wants the other kind of lock.
    #[error("这个封存文件是用口令封的，请输入口令，而不是密钥文件")]
    WantsPassphrase,
    /// Wrong passphrase or key, another label, or altered bytes: nobody can tell which.
    #[error("打不开：口令或密钥不对，或者封存文件被改动、调换过")]
    DoesNotOpen,
    /// A passphrase that is too short to protect anything.
    #[error("口令太短：至少 {MIN_PASSPHRASE_CHARS} 个字符")]
    TooShort,
    /// A key file that is none.
    #[error("密钥文件应为 64 位十六进制数字")]
    NotAKey,
    /// More memory or passes than any envelope of ours asks for.
    #[error("封存文件要求的计算量异常，拒绝打开")]
    TooCostly,
}

/// The shortest passphrase that is accepted, in characters.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

impl Lock {
    /// A lock of a passphrase.
    ///
    /// # Errors
    /// [`VaultError::TooShort`].
    pub fn passphrase(text: &str, cost: Cost) -> Result<Self, VaultError> {
        if text.chars().count() < MIN_PASSPHRASE_CHARS {
            return Err(VaultError::TooShort);
        }
        Ok(Self::Passphrase(Secret::new(text.as_bytes().to_vec()), cost))
    }

    /// A lock of a key file's text: 64 hexadecimal digits, with or without an end of line.
    ///
    /// # Errors
    /// [`VaultError::NotAKey`].
    pub fn key_file(text: &str) -> Result<Self, VaultError> {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (pairs, rest) = text.trim_end().as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> = pairs
            .iter()
            .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
            .collect();
        match bytes {
            Some(bytes) if bytes.len() == 32 && rest.is_empty() => Ok(Self::KeyFile(Secret::new(bytes))),
            _ => Err(VaultError::NotAKey),
        }
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Passphrase(..) => b'p',
            Self::KeyFile(_) => b'k',
        }
    }

    const fn cost(&self) -> Cost {
        match self {
            Self::Passphrase(_, cost) => *cost,
            Self::KeyFile(_) => Cost {
                memory_kib: 0,
                passes: 0,
                lanes: 0,
            },
        }
    }

    fn key(&self, cost: Cost, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        match self {
            Self::KeyFile(bytes) => key.copy_from_slice(bytes.reveal()),
            Self::Passphrase(text, _) => {
                let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32));
                let argon = Argon2::new(
                    Algorithm::Argon2id,
                    Version::V0x13,
                    params.map_err(|_| VaultError::TooCostly)?,
                );
                argon
                    .hash_password_into(text.reveal(), salt, &mut *key)
                    .map_err(|_| VaultError::TooCostly)?;
            }
        }
        Ok(key)
    }
}

/// Puts content into an envelope. The label says what it is for, the random bytes must be fresh.
///
/// # Errors
/// [`VaultError::TooCostly`], if the cost is beyond what opening allows.
pub fn seal(
    content: &Secret,
    label: &str,
    lock: &Lock,
    random: &[u8; RANDOM_BYTES],
) -> Result<Vec<u8>, VaultError> {
    let cost = lock.cost();
    let mut envelope = MAGIC.to_vec();
    envelope.push(lock.kind());
    [cost.memory_kib, cost.passes, cost.lanes]
        .iter()
        .for_each(|n| envelope.extend(n.to_be_bytes()));
    envelope.extend(random);
    let sealed = cipher(lock, cost, random)?.encrypt(
        &XNonce::from(nonce(random)),
        Payload {
            msg: content.reveal(),
            aad: &authenticated(&envelope, label),
        },
    );
    envelope.extend(sealed.map_err(|_| VaultError::TooCostly)?);
    Ok(envelope)
}

/// Opens an envelope that was sealed for that label.
///
/// # Errors
/// [`VaultError`]: no envelope, the other kind of lock, or it does not open.
pub fn open(envelope: &[u8], label: &str, lock: &Lock) -> Result<Secret, VaultError> {
    let (header, sealed) = envelope
        .split_at_checked(HEADER_BYTES)
        .ok_or(VaultError::NotAnEnvelope)?;
    let rest = header
        .strip_prefix(MAGIC.as_slice())
        .ok_or(VaultError::NotAnEnvelope)?;
    let (&kind, rest) = rest.split_first().ok_or(VaultError::NotAnEnvelope)?;
    let (costs, random) = rest.split_first_chunk::<12>().ok_or(VaultError::NotAnEnvelope)?;
    let random: &[u8; RANDOM_BYTES] = random.try_into().map_err(|_| VaultError::NotAnEnvelope)?;
    if kind != lock.kind() {
        return Err(if kind == b'k' {
            VaultError::WantsKeyFile
        } else {
            VaultError::WantsPassphrase
        });
    }
    let (numbers, _) = costs.as_chunks::<4>();
    let cost = Cost {
        memory_kib: u32::from_be_bytes(numbers[0]),
        passes: u32::from_be_bytes(numbers[1]),
        lanes: u32::from_be_bytes(numbers[2]),
    };
    if cost.memory_kib > MAX_MEMORY_KIB || cost.passes > MAX_PASSES || cost.lanes > MAX_LANES {
        return Err(VaultError::TooCostly);
    }
    let payload = Payload {
        msg: sealed,
        aad: &authenticated(header, label),
    };
    let content = cipher(lock, cost, random)?.decrypt(&XNonce::from(nonce(random)), payload);
    content.map(Secret::new).map_err(|_| VaultError::DoesNotOpen)
}

fn cipher(lock: &Lock, cost: Cost, random: &[u8; RANDOM_BYTES]) -> Result<XChaCha20Poly1305, VaultError> {
    let key = lock.key(cost, &random[..SALT_BYTES])?;
    Ok(XChaCha20Poly1305::new(&(*key).into()))
}

fn nonce(random: &[u8; RANDOM_BYTES]) -> [u8; NONCE_BYTES] {
    std::array::from_fn(|at| random[SALT_BYTES + at])
}

fn authenticated(header: &[u8], label: &str) -> Vec<u8> {
    [header, label.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    const RANDOM: [u8; RANDOM_BYTES] = [7; RANDOM_BYTES];

    fn passphrase(text: &str) -> Lock {
        Lock::passphrase(text, CHEAP).unwrap()
    }

    fn sealed(lock: &Lock) -> Vec<u8> {
        seal(&Secret::new(b"the list".to_vec()), "2027-001/list", lock, &RANDOM).unwrap()
    }

    fn refused(envelope: &[u8], label: &str, lock: &Lock) -> VaultError {
        open(envelope, label, lock).err().unwrap()
    }

    #[test]
    fn r5_3a_a_sealed_list_is_nowhere_in_the_clear_and_opens_only_with_its_lock() {
        for lock in [
            passphrase("correct horse"),
            Lock::key_file(&"ab".repeat(32)).unwrap(),
        ] {
            let envelope = sealed(&lock);
            assert!(!envelope.windows(8).any(|bytes| bytes == b"the list"));
            assert_eq!(
                open(&envelope, "2027-001/list", &lock).unwrap().reveal(),
                b"the list"
            );
            assert_eq!(
                refused(&envelope, "2027-002/list", &lock),
                VaultError::DoesNotOpen
            );
        }
        let envelope = sealed(&passphrase("correct horse"));
        assert_eq!(
            refused(&envelope, "2027-001/list", &passphrase("wrong horse")),
            VaultError::DoesNotOpen
        );
        let key = Lock::key_file(&"ab".repeat(32)).unwrap();
        assert_eq!(
            refused(&envelope, "2027-001/list", &key),
            VaultError::WantsPassphrase
        );
        assert_eq!(
            refused(&sealed(&key), "2027-001/list", &passphrase("correct horse")),
            VaultError::WantsKeyFile
        );
    }

    #[test]
    fn every_altered_or_missing_byte_is_noticed() {
        let lock = Lock::key_file(&"ab".repeat(32)).unwrap();
        let envelope = sealed(&lock);
        for at in 0..envelope.len() {
            let mut altered = envelope.clone();
            altered[at] ^= 1;
            assert!(open(&altered, "2027-001/list", &lock).is_err(), "byte {at}");
            assert!(
                open(&envelope[..at], "2027-001/list", &lock).is_err(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn an_envelope_from_elsewhere_can_not_exhaust_the_machine() {
        let lock = passphrase("correct horse");
        let mut envelope = sealed(&lock);
        envelope[MAGIC.len() + 1..MAGIC.len() + 5].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(refused(&envelope, "2027-001/list", &lock), VaultError::TooCostly);
    }

    #[test]
    fn weak_passphrases_and_broken_key_files_are_refused() {
        assert_eq!(
            Lock::passphrase("1234567", CHEAP).err(),
            Some(VaultError::TooShort)
        );
        for wrong in ["", "ab", &"xy".repeat(32), &"ab".repeat(33)] {
            assert_eq!(Lock::key_file(wrong).err(), Some(VaultError::NotAKey));
        }
        assert!(Lock::key_file(&format!("{}\n", "ab".repeat(32))).is_ok());
    }
}
