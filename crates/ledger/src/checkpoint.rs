//! 校验点: a size and the root of the tree of that size, signed, as outsiders keep it (C2SP `tlog-checkpoint`).
//! Never believes a text before its signature is verified, and never shows the key that signs.
//!
//! A note (C2SP `signed-note`) is a text, a blank line, and a line for each signature. Lines of others (witnesses) are
//! allowed and ignored. <https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md>

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::tree::Hash;

/// The longest name of a log, in bytes: it stands in every note.
pub const MAX_ORIGIN_BYTES: usize = 255;
/// The longest note, in bytes: 16 witnesses with long signatures must find place.
pub const MAX_NOTE_BYTES: usize = 1_000_000;
/// The most signatures of a note.
pub const MAX_SIGNATURES: usize = 100;
/// Bytes of the seed of a key, fresh from the generator.
pub const SEED_BYTES: usize = 32;
/// Ed25519, among the signature types of C2SP.
const ALGORITHM: u8 = 1;
/// What the line of a signature begins with.
const DASH: &str = "— ";

/// What a log was when it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, which is the name of its key too.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of that many leaves.
    pub root: Hash,
}

/// Why a key or the name of a log can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, too long, or with characters that a note gives a meaning to.
    #[error(
        "账本名称应为 1 至 {MAX_ORIGIN_BYTES} 字节，不含空白、加号和控制字符，例如 example.gov.cn/ledger"
    )]
    Origin,
    /// Not of three parts, name, id and key.
    #[error("账本公钥应为“名称+8 位十六进制+Base64”，请完整复制后再试")]
    Malformed,
    /// Of an algorithm other than Ed25519.
    #[error("账本公钥不是 Ed25519 公钥，本程序只认识这一种")]
    OtherAlgorithm,
    /// Its id is not that of this name and key.
    #[error("账本公钥的编号与名称、密钥不符，可能抄错或缺字，请完整复制后再试")]
    OtherId,
}

/// Why a note is no checkpoint of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the shape of a note, or of a checkpoint in one.
    #[error("不是校验点的格式，可能残缺或被改动")]
    Malformed,
    /// Another log's.
    #[error("它属于另一个账本")]
    OtherOrigin,
    /// Without a signature by the log's key.
    #[error("没有本账本密钥的签名")]
    Unsigned,
    /// The signature is not of this text.
    #[error("签名不对，内容或签名被改动")]
    WrongSignature,
}

impl Checkpoint {
    fn to_text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.0)
        )
    }

    /// Reads the text of a note: three lines, and lines of extensions, which mean nothing here.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let [origin, digits, root] = [lines.next()?, lines.next()?, lines.next()?];
        let size: u64 = digits.parse().ok()?;
        if origin.is_empty() || size.to_string() != digits || lines.any(str::is_empty) {
            return None;
        }
        Some(Self {
            origin: origin.to_owned(),
            size,
            root: Hash(STANDARD.decode(root).ok()?.try_into().ok()?),
        })
    }
}

/// First bytes of the hash of a name and a key, which say what key a signature is of.
type KeyId = [u8; 4];

fn key_id(origin: &str, key: &VerifyingKey) -> KeyId {
    let hash = Sha256::new()
        .chain_update(origin)
        .chain_update([b'\n', ALGORITHM])
        .chain_update(key.as_bytes())
        .finalize();
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
    [a, b, c, d]
}

/// What C2SP asks of the name of any key.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

fn check_origin(origin: &str) -> Result<(), KeyError> {
    if !is_key_name(origin) || origin.len() > MAX_ORIGIN_BYTES || origin.contains(char::is_control) {
        return Err(KeyError::Origin);
    }
    Ok(())
}

/// Signs checkpoints of one log. Its key is overwritten when it is dropped.
///
/// Whoever signs answers for never signing two trees of which one does not continue the other.
pub struct Signer {
    origin: String,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// A signer for the log of that name.
    ///
    /// # Errors
    /// [`KeyError::Origin`].
    pub fn new(origin: &str, seed: [u8; SEED_BYTES]) -> Result<Self, KeyError> {
        let seed = Zeroizing::new(seed);
        check_origin(origin)?;
        Ok(Self {
            origin: origin.to_owned(),
            key: SigningKey::from_bytes(&seed),
        })
    }

    /// The note of a checkpoint of this log.
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let origin = self.origin.clone();
        self.sign_text(&Checkpoint { origin, size, root }.to_text())
    }

    fn sign_text(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let id = key_id(&self.origin, &self.key.verifying_key());
        let signature = STANDARD.encode([&id[..], &signature].concat());
        format!("{text}\n{DASH}{} {signature}\n", self.origin)
    }

    /// The public key as outsiders keep it: name, id and key.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        let key = self.key.verifying_key();
        let [a, b, c, d] = key_id(&self.origin, &key);
        let encoded = STANDARD.encode([&[ALGORITHM], &key.as_bytes()[..]].concat());
        format!("{}+{a:02x}{b:02x}{c:02x}{d:02x}+{encoded}", self.origin)
    }
}

/// Verifies checkpoints of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    origin: String,
    id: KeyId,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a key as [`Signer::verifier_key`] writes it.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(origin), Some(digits), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        check_origin(origin)?;
        let id = crate::tree::bytes(digits).ok_or(KeyError::Malformed)?;
        let decoded = STANDARD.decode(encoded).map_err(|_| KeyError::Malformed)?;
        let Some((&ALGORITHM, key)) = decoded.split_first() else {
            return Err(KeyError::OtherAlgorithm);
        };
        let key = key.try_into().map_err(|_| KeyError::Malformed)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| KeyError::Malformed)?;
        if key_id(origin, &key) != id {
            return Err(KeyError::OtherId);
        }
        Ok(Self {
            origin: origin.to_owned(),
            id,
            key,
        })
    }

    /// Name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Verifies a note and reads the checkpoint in it.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let checkpoint = Checkpoint::parse(self.open_text(note)?).ok_or(NoteError::Malformed)?;
        if checkpoint.origin != self.origin {
            return Err(NoteError::OtherOrigin);
        }
        Ok(checkpoint)
    }

    /// The text of a note that the key has signed.
    fn open_text<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, lines) = cut(note).ok_or(NoteError::Malformed)?;
        let mut signed = false;
        for line in lines {
            let (name, id, signature) = parse_signature(line).ok_or(NoteError::Malformed)?;
            if name != self.origin || id != self.id {
                continue;
            }
            let signature = Signature::from_slice(&signature).map_err(|_| NoteError::WrongSignature)?;
            self.key
                .verify_strict(text.as_bytes(), &signature)
                .map_err(|_| NoteError::WrongSignature)?;
            signed = true;
        }
        if signed {
            return Ok(text);
        }
        // Nothing that this says is signed: it serves only to tell what may have happened.
        let is_ours = text.lines().next() == Some(&*self.origin);
        Err(if is_ours {
            NoteError::Unsigned
        } else {
            NoteError::OtherOrigin
        })
    }
}

/// Cuts a note into its text and the lines of its signatures, of which there is at least one.
fn cut(note: &str) -> Option<(&str, Vec<&str>)> {
    if note.len() > MAX_NOTE_BYTES || note.contains(|c: char| c < ' ' && c != '\n') {
        return None;
    }
    // The text may have blank lines; the last one is the border.
    let border = note.rfind("\n\n")?;
    let (text, signatures) = note.split_at_checked(border + 1)?;
    let lines: Vec<&str> = signatures
        .strip_prefix('\n')?
        .strip_suffix('\n')?
        .split('\n')
        .collect();
    (lines.len() <= MAX_SIGNATURES).then_some((text, lines))
}

/// Name, key and signature of a signature's line.
fn parse_signature(line: &str) -> Option<(&str, KeyId, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
    if !is_key_name(name) {
        return None;
    }
    let decoded = STANDARD.decode(encoded).ok()?;
    let (id, signature) = decoded.split_first_chunk()?;
    Some((name, *id, signature.to_vec()))
}

#[cfg(test)]
mod tests;
