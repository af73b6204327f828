//! 审计: the ledger for those who audit, for the public, and its verification.
//! Never shows a private entry to who may not read it: the public sees its leaf's hash.

use ledger::audit::{Audit, Report};
use ledger::entry::Visibility;
use ledger::{Entry, Verifier};
use store::ledger::{EntryFilter, Leaf};
use store::{Conn, Db, Page, PageRequest, StoreError};

use domain::rights::Permission;

use crate::{Actor, Office, Refusal};

/// Rows read at once.
const BATCH: i64 = 5_000;
/// Leaves that the public gets at once.
const PUBLIC_LEAVES_MAX: i64 = 1_000;

/// Entries of the bureau, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &EntryFilter,
    request: PageRequest,
) -> Result<Page<(Leaf, Option<Entry>)>, Refusal> {
    actor.must(Permission::ReadAudit)?;
    let page = store::ledger::list(&mut *office.db.read().await?, &actor.bureau, filter, request).await?;
    let read = |leaf: Leaf| {
        let entry = leaf.body.as_deref().and_then(|body| Entry::parse(body).ok());
        (leaf, entry)
    };
    Ok(Page {
        rows: page.rows.into_iter().map(read).collect(),
        total: page.total,
        request: page.request,
    })
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
pub async fn public_leaves(office: &Office, from: u64) -> Result<Vec<Leaf>, Refusal> {
    let leaves = store::ledger::leaves(&mut *office.db.read().await?, from, PUBLIC_LEAVES_MAX).await?;
    let shown = |leaf: Leaf| {
        let is_public =
            |body: &String| Entry::parse(body).is_ok_and(|entry| entry.visibility == Visibility::Public);
        Leaf {
            body: leaf.body.filter(is_public),
            ..leaf
        }
    };
    Ok(leaves.into_iter().map(shown).collect())
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
        stray.chain(altered).collect()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.report.findings.is_empty() && self.stray.is_none() && self.altered.is_none()
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
    let key = verifier.unwrap_or(&installation.verifier);
    let verifier = Verifier::parse(key).map_err(|e| StoreError::Damaged(e.to_string()))?;
    let mut audit = Audit::new(verifier);
    external.iter().for_each(|note| audit.external(note));
    let altered = walk(&mut read, &mut audit).await?;
    Ok(Verification {
        report: audit.finish(),
        waiting: store::ledger::waiting(&mut read).await?,
        stray: store::ledger::stray(&mut read).await?,
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
