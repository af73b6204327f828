//! 审计: the ledger for those who audit, for the public, and its verification.
//! Never shows a private entry to who may not read it: the public sees its leaf's hash.

mod acts;
mod proof;

use std::collections::BTreeMap;
use std::ops::Range;

pub use acts::{AREAS, VERBS, area, verb};
use domain::rights::Permission;
use ledger::audit::{Audit, Report};
use ledger::entry::Visibility;
use ledger::{Entry, Hash, Verifier};
pub use proof::{Detail, Proof, get};
pub use store::ledger::EntryFilter;
use store::ledger::Leaf;
use store::{Conn, Db, Page, PageRequest, StoreError};

use crate::{Actor, Office, Refusal};

/// Rows read at once.
const BATCH: i64 = 5_000;
/// Leaves that the public gets at once.
pub const PUBLIC_LEAVES_MAX: u32 = 1_000;

/// An entry as it is shown.
#[derive(Debug, Clone)]
pub struct Record {
    /// Id of the entry; empty where its text is not shown.
    pub id: String,
    /// Place in the tree, from 0; none if it waits for one.
    pub index: Option<u64>,
    /// Hash of the leaf; none if it waits for its place.
    pub hash: Option<Hash>,
    /// The text that was hashed; none where it is private to others, or gone.
    pub text: Option<String>,
    /// What the text says; none also if it cannot be read.
    pub entry: Option<Entry>,
    /// 姓名 of who did it; empty if nobody of the bureau has that login name, or for the public.
    pub person: String,
}

impl Record {
    fn of(leaf: Leaf, people: &BTreeMap<String, String>) -> Self {
        let entry = leaf.body.as_deref().and_then(|body| Entry::parse(body).ok());
        let person = entry.as_ref().and_then(|entry| people.get(&entry.actor));
        Self {
            person: person.cloned().unwrap_or_default(),
            id: leaf.id,
            index: leaf.index,
            hash: leaf.hash,
            text: leaf.body,
            entry,
        }
    }

    /// Whether anybody may read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        let visibility = self.entry.as_ref().map(|entry| entry.visibility);
        visibility == Some(Visibility::Public)
    }

    /// As strangers see it: of what is private, place and hash alone.
    fn for_anybody(self) -> Self {
        if self.is_public() {
            return self;
        }
        Self {
            id: String::new(),
            text: None,
            entry: None,
            person: String::new(),
            ..self
        }
    }
}

/// Names of the people of a bureau by login name.
async fn people(conn: &mut Conn, bureau: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let accounts = store::accounts::list(conn, bureau).await?;
    Ok(accounts
        .into_iter()
        .map(|account| (account.login, account.person))
        .collect())
}

/// Entries of the bureau, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &EntryFilter,
    request: PageRequest,
) -> Result<Page<Record>, Refusal> {
    actor.must(Permission::ReadAudit)?;
    let mut read = office.db.read().await?;
    let people = people(&mut read, &actor.bureau).await?;
    let Page { rows, total, .. } = store::ledger::list(&mut read, &actor.bureau, filter, request).await?;
    let rows = rows.into_iter().map(|leaf| Record::of(leaf, &people)).collect();
    Ok(Page { rows, total, request })
}

/// The newest signed checkpoint and the key that verifies it, for anybody.
///
/// # Errors
/// [`Refusal`].
pub async fn checkpoint(office: &Office) -> Result<(Option<String>, String), Refusal> {
    let mut read = office.db.read().await?;
    let latest = store::ledger::latest(&mut read).await?;
    let installation = store::accounts::installation(&mut read).await?;
    let verifier = installation
        .map(|installation| installation.verifier)
        .unwrap_or_default();
    Ok((latest.map(|checkpoint| checkpoint.note), verifier))
}

/// Leaves from `from` for anybody: index, hash, and the text of those that are public.
///
/// # Errors
/// [`Refusal`].
pub async fn public_leaves(office: &Office, from: u64) -> Result<Vec<Record>, Refusal> {
    let mut read = office.db.read().await?;
    let leaves = store::ledger::leaves(&mut read, from, PUBLIC_LEAVES_MAX.into()).await?;
    Ok(leaves.into_iter().map(shown).collect())
}

fn shown(leaf: Leaf) -> Record {
    Record::of(leaf, &BTreeMap::new()).for_anybody()
}

/// A page of the entries that anybody may read, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn public_entries(office: &Office, request: PageRequest) -> Result<Page<Record>, Refusal> {
    let mut read = office.db.read().await?;
    let Page { rows, total, .. } = store::ledger::public(&mut read, request).await?;
    let rows = rows.into_iter().map(shown).collect();
    Ok(Page { rows, total, request })
}

/// A page of all signed leaves for anybody, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn public_page(office: &Office, request: PageRequest) -> Result<Page<Record>, Refusal> {
    let mut read = office.db.read().await?;
    let total = store::ledger::latest(&mut read)
        .await?
        .map_or(0, |latest| latest.size);
    // Places count from the oldest: the page ends before the leaves of the pages that come first.
    let end = total.saturating_sub((request.page() - 1).saturating_mul(request.size()));
    let from = end.saturating_sub(request.size());
    let most = i64::try_from(end - from).unwrap_or_default();
    let mut leaves = store::ledger::leaves(&mut read, from, most).await?;
    leaves.reverse();
    Ok(Page {
        rows: leaves.into_iter().map(shown).collect(),
        total,
        request,
    })
}

/// What is wrong with a ledger beyond its tree.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The tree, leaf by leaf and checkpoint by checkpoint.
    pub report: Report,
    /// Entries that still wait for their place.
    pub waiting: u64,
    /// The first entry that has no place and does not wait for one, if any.
    pub stray: Option<String>,
    /// The first entry whose columns say something else than its text, if any.
    pub altered: Option<String>,
    /// Leaves after the newest checkpoint, if any: a leaf is placed and signed in one step.
    pub unsigned: Option<Range<u64>>,
}

impl Verification {
    /// What is wrong beyond the tree, in sentences.
    #[must_use]
    pub fn beyond_the_tree(&self) -> Vec<String> {
        let stray = self
            .stray
            .iter()
            .map(|id| format!("存证 {id} 既没有排进账本，也不在等待之列：有人绕过程序写了数据库"));
        let altered = self.altered.iter().map(|id| {
            format!("存证 {id} 在数据库里的查询栏（时间、经办人、行为、对象）与它的正文不符：有人改过")
        });
        let unsigned = self.unsigned.iter().map(|Range { start, end }| {
            let last = end - 1;
            format!("序号 {start} 至 {last} 的存证没有签名：有人绕过程序加了存证，或者删了校验点")
        });
        stray.chain(altered).chain(unsigned).collect()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.report.findings.is_empty()
            && self.stray.is_none()
            && self.altered.is_none()
            && self.unsigned.is_none()
    }
}

/// Verifies the whole ledger of a database against its own checkpoints and those that outsiders hold, with the key that
/// an outsider holds, or else the one that the database names.
///
/// # Errors
/// [`StoreError`], also if the database has no installation.
pub async fn verify(
    address: &str,
    external: &[String],
    verifier: Option<&str>,
) -> Result<Verification, StoreError> {
    let db = Db::existing(address).await?;
    let mut read = db.read().await?;
    let installation = store::accounts::installation(&mut read).await?;
    let installation = installation.ok_or_else(|| StoreError::Damaged("没有账本".to_owned()))?;
    verified(&mut read, external, verifier.unwrap_or(&installation.verifier)).await
}

/// Verifies the whole ledger of this office, also against a checkpoint that the auditor brings along.
///
/// # Errors
/// [`Refusal`].
pub async fn verify_own(
    office: &Office,
    actor: &Actor,
    external: &[String],
) -> Result<Verification, Refusal> {
    actor.must(Permission::ReadAudit)?;
    let mut read = office.db.read().await?;
    Ok(verified(&mut read, external, &office.verifier_key()).await?)
}

async fn verified(conn: &mut Conn, external: &[String], key: &str) -> Result<Verification, StoreError> {
    let verifier = Verifier::parse(key).map_err(|e| StoreError::Damaged(e.to_string()))?;
    let mut audit = Audit::new(verifier);
    external.iter().for_each(|note| audit.external(note));
    let altered = walk(conn, &mut audit).await?;
    let report = audit.finish();
    // Read after the leaves: what was placed in the meantime was signed in the meantime.
    let signed = store::ledger::latest(conn).await?.map_or(0, |latest| latest.size);
    Ok(Verification {
        unsigned: Some(signed..report.size).filter(|range| !range.is_empty()),
        report,
        waiting: store::ledger::waiting(conn).await?,
        stray: store::ledger::stray(conn).await?,
        altered,
    })
}

/// Feeds leaves and checkpoints in one order: a checkpoint comes when all its leaves have come.
async fn walk(conn: &mut Conn, audit: &mut Audit) -> Result<Option<String>, StoreError> {
    let mut altered = None;
    let mut checkpoints = Vec::new();
    let mut after = 0;
    loop {
        let some = store::ledger::checkpoints(conn, after, BATCH).await?;
        let Some(last) = some.last() else { break };
        after = last.size;
        checkpoints.extend(
            some.into_iter()
                .map(|checkpoint| (checkpoint.size, checkpoint.note)),
        );
    }
    let mut checkpoints = checkpoints.into_iter().peekable();
    let mut from = 0;
    loop {
        let leaves = store::ledger::leaves(conn, from, BATCH).await?;
        if leaves.is_empty() {
            break;
        }
        for leaf in leaves {
            let (Some(index), Some(hash)) = (leaf.index, leaf.hash) else {
                continue;
            };
            while let Some((size, note)) = checkpoints.next_if(|(size, _)| *size <= index) {
                audit.checkpoint(size, &note);
            }
            audit.leaf(index, hash, leaf.body.as_deref());
            if altered.is_none() && !leaf.agrees {
                altered = Some(leaf.id);
            }
            from = index + 1;
        }
    }
    for (size, note) in checkpoints {
        audit.checkpoint(size, &note);
    }
    Ok(altered)
}
