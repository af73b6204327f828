//! 存证账本: an append-only Merkle log of every act that matters (RFC 9162, checkpoints of C2SP).
//! Does no input or output, knows no clock and no generator, so that strangers can audit it alone.
//!
//! | file | what |
//! |---|---|
//! | [`tree`] | hashes, roots, proofs of inclusion and of consistency (RFC 9162, section 2.1) |
//! | [`entry`] | what a leaf says of an act, and how it is kept from those who may not read it |
//! | [`checkpoint`] | a signed size and root, as outsiders keep it (C2SP `tlog-checkpoint`, `signed-note`) |
//! | [`audit`] | a whole log against its checkpoints, in one pass; [`audit::finding`] says what is wrong and where |
//!
//! An entry becomes a text, the text a leaf, the leaves a root, and the root is signed. Whoever holds a checkpoint can
//! tell whether the entries before it are still those that were there when it was signed.

pub mod audit;
pub mod checkpoint;
pub mod entry;
pub mod tree;

pub use audit::{Audit, Report};
pub use checkpoint::{Checkpoint, KeyError, NoteError, Signer, Verifier};
pub use entry::{Entry, EntryError, Visibility};
pub use tree::{Frontier, Hash};
