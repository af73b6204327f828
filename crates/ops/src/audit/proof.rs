//! An entry with the proof that it is under the newest signed root.
//! Never holds all leaves at once: it goes through them range by range.

use std::ops::Range;

use domain::rights::Permission;
use ledger::{Checkpoint, Frontier, Hash, Verifier, tree};
use store::ledger::StoredCheckpoint;
use store::{Conn, StoreError};

use super::{BATCH, Record, people};
use crate::{Actor, Office, Refusal};

/// The proof that a leaf is in the tree of a checkpoint (RFC 9162, section 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Leaves of the tree.
    pub size: u64,
    /// The hashes beside the way from the leaf to the root.
    pub hashes: Vec<Hash>,
    /// Whether text, hash, proof and signed root fit together, and the signature is right.
    pub holds: bool,
}

/// An entry and its proof.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The entry.
    pub record: Record,
    /// The newest checkpoint as a note; none if nothing was signed yet.
    pub checkpoint: Option<String>,
    /// None if the entry waits for its place under a signed root.
    pub proof: Option<Proof>,
}

/// An entry of the bureau.
///
/// # Errors
/// [`Refusal`].
pub async fn get(office: &Office, actor: &Actor, id: &str) -> Result<Detail, Refusal> {
    actor.must(Permission::ReadAudit)?;
    let mut read = office.db.read().await?;
    let leaf = store::ledger::find(&mut read, &actor.bureau, id).await?;
    let leaf = leaf.ok_or_else(|| Refusal::Missing("这条存证".to_owned()))?;
    let record = Record::of(leaf, &people(&mut read, &actor.bureau).await?);
    let latest = store::ledger::latest(&mut read).await?;
    let proof = match &latest {
        Some(latest) => proof(&mut read, &record, latest, &office.verifier_key()).await?,
        None => None,
    };
    Ok(Detail {
        record,
        checkpoint: latest.map(|latest| latest.note),
        proof,
    })
}

async fn proof(
    conn: &mut Conn,
    record: &Record,
    latest: &StoredCheckpoint,
    key: &str,
) -> Result<Option<Proof>, StoreError> {
    let ranges = record.index.and_then(|index| tree::siblings(index, latest.size));
    let (Some(index), Some(ranges)) = (record.index, ranges) else {
        return Ok(None);
    };
    let mut hashes = Vec::new();
    for range in ranges {
        hashes.extend(root_under(conn, range).await?);
    }
    let signed = Verifier::parse(key)
        .ok()
        .and_then(|verifier| verifier.open(&latest.note).ok());
    let leaf = record.text.as_deref().map(|text| tree::leaf(text.as_bytes()));
    let holds = |leaf: Hash, signed: &Checkpoint| {
        record.hash == Some(leaf) && tree::verify_inclusion(leaf, index, signed.size, &hashes, signed.root)
    };
    Ok(Some(Proof {
        size: latest.size,
        holds: leaf
            .zip(signed)
            .is_some_and(|(leaf, signed)| holds(leaf, &signed)),
        hashes,
    }))
}

/// The root over leaves; none if some of them are gone, and then no proof holds.
async fn root_under(conn: &mut Conn, range: Range<u64>) -> Result<Option<Hash>, StoreError> {
    let (mut frontier, mut next) = (Frontier::default(), range.start);
    while next < range.end {
        let most = i64::try_from(range.end - next).unwrap_or(BATCH).min(BATCH);
        let some = store::ledger::hashes(conn, next, most).await?;
        if some.is_empty() {
            return Ok(None);
        }
        for (index, hash) in some {
            if index != next {
                return Ok(None);
            }
            frontier.push(hash);
            next += 1;
        }
    }
    Ok(Some(frontier.root()))
}
