//! 核对账本: a whole log against its checkpoints, leaf by leaf, in one pass.
//! Never holds more of a log than its frontier: memory grows with findings and with what outsiders hold, not with leaves.
//!
//! An entry that was edited alone no longer has its hash. If its hash was edited too, the root at the next checkpoint
//! differs. If all checkpoints were signed anew, by somebody who has the key, those that outsiders hold differ. Entries
//! after the last checkpoint ([`Report::signed_size`]) are vouched for by nobody.

pub mod finding;

use std::collections::BTreeMap;

use crate::checkpoint::{Checkpoint, Verifier};
use crate::entry::Entry;
use crate::tree::{self, Frontier, Hash};

pub use finding::{Finding, Holder};

/// The most findings that are told one by one; what is said of truncation and of more comes on top.
pub const MAX_FINDINGS: usize = 100;

/// An audit that is under way.
pub struct Audit {
    verifier: Verifier,
    /// None once a leaf is missing: the root is not known from there on.
    frontier: Option<Frontier>,
    /// The position that should come.
    next: u64,
    /// The greatest size of a stored checkpoint that came before as many leaves did. A leaf below it comes too late.
    ahead: u64,
    /// What outsiders hold of sizes that are still to come.
    awaited: BTreeMap<u64, Vec<Hash>>,
    offered: u64,
    database: Kept,
    outsider: Kept,
    unchecked: u64,
    findings: Vec<Finding>,
    more: u64,
}

/// How it stands with the checkpoints that somebody kept.
#[derive(Default)]
struct Kept {
    /// Size of the last one that was right.
    good: u64,
    /// Number of those that were right.
    right: u64,
    /// The greatest size with a right signature.
    greatest: u64,
    /// The finding of the first of those that differ since then. What differs once differs at every later size.
    differs: Option<usize>,
}

/// What an audit found. The log is sound if there are no findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Number of leaves.
    pub size: u64,
    /// Root of their tree; none if leaves are missing.
    pub root: Option<Hash>,
    /// Number of checkpoints in the database of which signature and root are right.
    pub checkpoints: u64,
    /// Number of checkpoints that outsiders hold of which signature and root are right.
    pub external_checkpoints: u64,
    /// Number of checkpoints with a right signature of which the root could not be compared. A finding says why.
    pub unchecked: u64,
    /// Number of leaves at the last checkpoint that was right. Later leaves are not signed yet.
    pub signed_size: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// Begins an audit of the log that this key signs.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            frontier: Some(Frontier::default()),
            next: 0,
            ahead: 0,
            awaited: BTreeMap::new(),
            offered: 0,
            database: Kept::default(),
            outsider: Kept::default(),
            unchecked: 0,
            findings: Vec::new(),
            more: 0,
        }
    }

    /// Takes a checkpoint that an outsider holds, before the first leaf is fed.
    pub fn external(&mut self, note: &str) {
        self.offered += 1;
        let checkpoint = match self.verifier.open(note) {
            Ok(checkpoint) => checkpoint,
            Err(why) => {
                let number = self.offered;
                self.find(Finding::Note {
                    holder: Holder::Outsider,
                    number,
                    why,
                });
                return;
            }
        };
        self.outsider.greatest = self.outsider.greatest.max(checkpoint.size);
        if checkpoint.size > self.next {
            self.awaited
                .entry(checkpoint.size)
                .or_default()
                .push(checkpoint.root);
            return;
        }
        self.compare(Holder::Outsider, checkpoint.size, checkpoint.root);
    }

    /// Takes the next leaf in order of positions: its hash as the database has it, and the text of its entry, if that is
    /// still there.
    pub fn leaf(&mut self, index: u64, stored_hash: Hash, body: Option<&str>) {
        self.read(index, stored_hash, body);
        let expected = self.next.max(self.ahead);
        if index < expected {
            self.find(Finding::OutOfOrder { index, expected });
        }
        if index < self.next {
            return;
        }
        if index > self.next {
            self.find(Finding::LeafGone {
                positions: self.next..index,
            });
            self.frontier = None;
        }
        if let Some(frontier) = &mut self.frontier {
            frontier.push(stored_hash);
        }
        self.next = index.saturating_add(1);
        self.compare_awaited();
    }

    /// Takes a checkpoint that the database has for this size: after all leaves with positions below `size`, and before
    /// those from there on.
    pub fn checkpoint(&mut self, size: u64, note: &str) {
        let Checkpoint {
            size: signed, root, ..
        } = match self.verifier.open(note) {
            Ok(checkpoint) => checkpoint,
            Err(why) => {
                self.find(Finding::Note {
                    holder: Holder::Database,
                    number: size,
                    why,
                });
                return;
            }
        };
        self.database.greatest = self.database.greatest.max(signed);
        if signed != size {
            self.unchecked += 1;
            self.find(Finding::Misfiled { filed: size, signed });
            return;
        }
        if size > self.next {
            // Leaves are missing here or at the end, which will show, or there are more to come, which is wrong too.
            self.ahead = self.ahead.max(size);
            self.unchecked += 1;
            return;
        }
        self.compare(Holder::Database, size, root);
    }

    /// Ends the audit: there are no more leaves.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let have = self.next;
        for holder in [Holder::Database, Holder::Outsider] {
            let &mut Kept {
                good,
                greatest: signed,
                ..
            } = self.kept(holder);
            if signed > have {
                // Always told, however much else is wrong.
                self.findings.push(Finding::Truncated {
                    holder,
                    good,
                    have,
                    signed,
                });
            }
        }
        if self.more > 0 {
            self.findings.push(Finding::More { count: self.more });
        }
        let awaited: u64 = self.awaited.values().flatten().map(|_| 1).sum();
        Report {
            size: self.next,
            root: self.frontier.map(|frontier| frontier.root()),
            checkpoints: self.database.right,
            external_checkpoints: self.outsider.right,
            unchecked: self.unchecked + awaited,
            signed_size: self.database.good,
            findings: self.findings,
        }
    }

    /// Holds the text of an entry against the hash of its leaf.
    fn read(&mut self, index: u64, stored_hash: Hash, body: Option<&str>) {
        let Some(text) = body else {
            self.miss(index);
            return;
        };
        if tree::leaf(text.as_bytes()) != stored_hash {
            self.find(Finding::Edited { index });
        } else if let Err(why) = Entry::parse(text) {
            self.find(Finding::NotCanonical { index, why });
        }
    }

    fn miss(&mut self, index: u64) {
        let after = index.saturating_add(1);
        match self.findings.last_mut() {
            Some(Finding::TextGone { positions }) if positions.end == index => positions.end = after,
            Some(_) | None => {
                self.find(Finding::TextGone {
                    positions: index..after,
                });
            }
        }
    }

    fn compare_awaited(&mut self) {
        while let Some(entry) = self.awaited.first_entry()
            && *entry.key() <= self.next
        {
            let (size, roots) = entry.remove_entry();
            for root in roots {
                self.compare(Holder::Outsider, size, root);
            }
        }
    }

    /// Compares a signed root with that of the leaves so far.
    fn compare(&mut self, holder: Holder, size: u64, root: Hash) {
        let Some(frontier) = &self.frontier else {
            self.unchecked += 1;
            return;
        };
        if size != self.next {
            self.unchecked += 1;
            self.find(Finding::Late {
                holder,
                size,
                fed: self.next,
            });
            return;
        }
        if frontier.root() == root {
            self.agree(holder, size);
        } else {
            self.differ(holder, size);
        }
    }

    fn agree(&mut self, holder: Holder, size: u64) {
        let kept = self.kept(holder);
        kept.right += 1;
        // What outsiders hold vouches for the database, but not the other way round: it could be signed anew.
        let vouched_for = match holder {
            Holder::Database => &[Holder::Database][..],
            Holder::Outsider => &[Holder::Database, Holder::Outsider],
        };
        for holder in vouched_for {
            let kept = self.kept(*holder);
            kept.good = size;
            kept.differs = None;
        }
    }

    fn differ(&mut self, holder: Holder, size: u64) {
        let (good, differs) = (self.kept(holder).good, self.kept(holder).differs);
        if good == size {
            self.find(Finding::TwoRoots { holder, size });
            return;
        }
        if let Some(Finding::OtherRoot { later, .. }) = differs.and_then(|place| self.findings.get_mut(place))
        {
            *later += 1;
            return;
        }
        let positions = good..size;
        self.kept(holder).differs = self.find(Finding::OtherRoot {
            holder,
            positions,
            later: 0,
        });
    }

    const fn kept(&mut self, holder: Holder) -> &mut Kept {
        match holder {
            Holder::Database => &mut self.database,
            Holder::Outsider => &mut self.outsider,
        }
    }

    /// Keeps a finding, and says where it stands.
    fn find(&mut self, finding: Finding) -> Option<usize> {
        if self.findings.len() >= MAX_FINDINGS {
            self.more += 1;
            return None;
        }
        self.findings.push(finding);
        Some(self.findings.len() - 1)
    }
}

#[cfg(test)]
mod tests;
