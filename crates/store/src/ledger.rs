//! 存证账本 as the database holds it: entries, their places in the tree, signed checkpoints.
//! Never changes or deletes any of it; the database refuses that by itself.

use std::str::FromStr;

use ledger::{Entry, Hash};
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx, Upkeep};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, at, insert_many, int, like, text};

/// An entry with its place.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Place in the tree, from 0; none if it waits for one.
    pub index: Option<u64>,
    /// Hash of the leaf.
    pub hash: Option<Hash>,
    /// Id of the entry.
    pub id: String,
    /// What was done; none if the entry is gone, which `ledger verify` reports.
    pub body: Option<String>,
    /// Whether the columns that are searched say the same as the text.
    pub agrees: bool,
}

/// A signed checkpoint.
#[derive(Debug, Clone)]
pub struct StoredCheckpoint {
    /// Leaves of the tree.
    pub size: u64,
    /// The note.
    pub note: String,
    /// The roots of its complete subtrees, from which it can grow.
    pub frontier: String,
    /// When it was signed.
    pub at: At,
}

pub(crate) async fn insert(tx: &mut Tx, id: &str, entry: &Entry) -> Result<(), StoreError> {
    let columns: Vec<Value> = vec![
        id.into(),
        entry.at_micros.into(),
        entry.bureau.as_str().into(),
        entry.actor.as_str().into(),
        entry.act.as_str().into(),
        entry.subject.as_str().into(),
        (entry.visibility == ledger::entry::Visibility::Public).into(),
        entry.to_text().into(),
    ];
    let mut query =
        Query::new("INSERT INTO ledger_entries (id, at, bureau, actor, act, subject, public, body) VALUES ");
    query.list(columns);
    query.run(tx).await?;
    let mut query = Query::new("INSERT INTO ledger_pending (id) VALUES (");
    query.value(id).push(")");
    query.run(tx).await?;
    Ok(())
}

/// Entries without a place, the oldest first: id and body.
///
/// # Errors
/// [`StoreError`].
pub async fn pending(conn: &mut Conn, most: i64) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = Query::new(
        "SELECT p.id AS id, e.body AS body FROM ledger_pending p JOIN ledger_entries e ON e.id = p.id ORDER BY p.id LIMIT ",
    );
    query.value(most);
    let rows = query.all(conn).await?;
    rows.iter()
        .map(|row| Ok((text(row, "id")?, text(row, "body")?)))
        .collect()
}

/// Gives entries their places, the first of them `from`, and takes them off the waiting list.
///
/// # Errors
/// [`StoreError::Exists`] if another process was faster.
pub async fn place(upkeep: &mut Upkeep, from: u64, leaves: &[(String, Hash)]) -> Result<(), StoreError> {
    let from = i64::try_from(from).map_err(StoreError::damaged)?;
    let rows: Vec<Vec<Value>> = (from..)
        .zip(leaves)
        .map(|(index, (id, hash))| vec![index.into(), id.as_str().into(), hash.to_string().into()])
        .collect();
    insert_many(
        upkeep,
        "INSERT INTO ledger_leaves (leaf, id, hash) VALUES ",
        &rows,
    )
    .await?;
    for chunk in leaves.chunks(1_000) {
        let mut query = Query::new("DELETE FROM ledger_pending WHERE id IN ");
        query.list(chunk.iter().map(|(id, _)| id.as_str()));
        query.run(upkeep).await?;
    }
    Ok(())
}

/// Stores a checkpoint.
///
/// # Errors
/// [`StoreError::Exists`] if there is one of that size.
pub async fn put_checkpoint(upkeep: &mut Upkeep, checkpoint: &StoredCheckpoint) -> Result<(), StoreError> {
    let size = i64::try_from(checkpoint.size).map_err(StoreError::damaged)?;
    let mut query = Query::new("INSERT INTO ledger_checkpoints (size, note, frontier, at) VALUES (");
    query
        .value(size)
        .with(", ", checkpoint.note.as_str())
        .with(", ", checkpoint.frontier.as_str())
        .with(", ", checkpoint.at)
        .push(")");
    query.run(upkeep).await?;
    Ok(())
}

fn checkpoint(row: &AnyRow) -> Result<StoredCheckpoint, StoreError> {
    Ok(StoredCheckpoint {
        size: int(row, "size")?.unsigned_abs(),
        note: text(row, "note")?,
        frontier: text(row, "frontier")?,
        at: at(row, "at")?,
    })
}

/// The newest checkpoint.
///
/// # Errors
/// [`StoreError`].
pub async fn latest(conn: &mut Conn) -> Result<Option<StoredCheckpoint>, StoreError> {
    let query =
        Query::new("SELECT size, note, frontier, at FROM ledger_checkpoints ORDER BY size DESC LIMIT 1");
    query.one(conn).await?.as_ref().map(checkpoint).transpose()
}

/// Checkpoints larger than `after`, the smallest first.
///
/// # Errors
/// [`StoreError`].
pub async fn checkpoints(
    conn: &mut Conn,
    after: u64,
    most: i64,
) -> Result<Vec<StoredCheckpoint>, StoreError> {
    let mut query = Query::new("SELECT size, note, frontier, at FROM ledger_checkpoints WHERE size > ");
    query
        .value(i64::try_from(after).unwrap_or(i64::MAX))
        .with(" ORDER BY size LIMIT ", most);
    query.all(conn).await?.iter().map(checkpoint).collect()
}

/// Leaves in the order of their index, from `from`.
///
/// # Errors
/// [`StoreError`].
pub async fn leaves(conn: &mut Conn, from: u64, most: i64) -> Result<Vec<Leaf>, StoreError> {
    let mut query = Query::new(
        "SELECT l.leaf AS leaf, l.hash AS hash, l.id AS id, COALESCE(e.body, '') AS body, COALESCE(e.at, 0) AS at, \
         COALESCE(e.bureau, '') AS bureau, COALESCE(e.actor, '') AS actor, COALESCE(e.act, '') AS act, \
         COALESCE(e.subject, '') AS subject, COALESCE(e.public, 0) AS public \
         FROM ledger_leaves l LEFT JOIN ledger_entries e ON e.id = l.id WHERE l.leaf >= ",
    );
    query
        .value(i64::try_from(from).unwrap_or(i64::MAX))
        .with(" ORDER BY l.leaf LIMIT ", most);
    let rows = query.all(conn).await?;
    let leaf = |row: &AnyRow| {
        let hash = text(row, "hash")?;
        Ok(Leaf {
            index: Some(int(row, "leaf")?.unsigned_abs()),
            hash: Some(Hash::from_str(&hash).map_err(StoreError::damaged)?),
            id: text(row, "id")?,
            body: Some(text(row, "body")?).filter(|body| !body.is_empty()),
            agrees: agrees(row)?,
        })
    };
    rows.iter().map(leaf).collect()
}

/// Places and hashes of leaves in the order of their index, from `from`.
///
/// # Errors
/// [`StoreError`].
pub async fn hashes(conn: &mut Conn, from: u64, most: i64) -> Result<Vec<(u64, Hash)>, StoreError> {
    let mut query = Query::new("SELECT leaf, hash FROM ledger_leaves WHERE leaf >= ");
    query
        .value(i64::try_from(from).unwrap_or(i64::MAX))
        .with(" ORDER BY leaf LIMIT ", most);
    let of = |row: &AnyRow| {
        let hash = Hash::from_str(&text(row, "hash")?).map_err(StoreError::damaged)?;
        Ok((int(row, "leaf")?.unsigned_abs(), hash))
    };
    query.all(conn).await?.iter().map(of).collect()
}

/// Whether the columns say the same as the text. What is gone, or not an entry, is said elsewhere.
fn agrees(row: &AnyRow) -> Result<bool, StoreError> {
    let Ok(entry) = Entry::parse(&text(row, "body")?) else {
        return Ok(true);
    };
    Ok(int(row, "at")? == entry.at_micros
        && text(row, "bureau")? == entry.bureau
        && text(row, "actor")? == entry.actor
        && text(row, "act")? == entry.act
        && text(row, "subject")? == entry.subject
        && (int(row, "public")? != 0) == (entry.visibility == ledger::entry::Visibility::Public))
}

/// Entries that wait for their place.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(conn: &mut Conn) -> Result<u64, StoreError> {
    Query::new("SELECT COUNT(*) FROM ledger_pending")
        .count(conn)
        .await
}

/// The first entry that is neither placed nor waiting, if any: somebody went round the program.
///
/// # Errors
/// [`StoreError`].
pub async fn stray(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    let query = Query::new(
        "SELECT e.id AS id FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.id = e.id \
         LEFT JOIN ledger_pending p ON p.id = e.id WHERE l.id IS NULL AND p.id IS NULL ORDER BY e.id LIMIT 1",
    );
    query.one(conn).await?.map(|row| text(&row, "id")).transpose()
}

/// What an audit looks for; an empty text asks for nothing.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Login name, or part of the name of a person of the bureau.
    pub who: String,
    /// First part of the act, such as `source`.
    pub area: String,
    /// Last parts of the act, of which it has one, such as `enter`.
    pub verbs: Vec<String>,
    /// Part of the subject.
    pub subject: String,
    /// Not before this moment.
    pub from: Option<At>,
    /// Not after this moment.
    pub until: Option<At>,
}

impl EntryFilter {
    fn conditions(&self, query: &mut Query, bureau: &str) {
        query.with("e.bureau = ", bureau);
        if !self.who.is_empty() {
            query
                .with(" AND (e.actor = ", self.who.as_str())
                .with(
                    " OR e.actor IN (SELECT login FROM accounts WHERE bureau = ",
                    bureau,
                )
                .with(" AND LOWER(person) LIKE ", like(&self.who))
                .push(" ESCAPE '\\'))");
        }
        if !self.area.is_empty() {
            let beginning = like(&format!("{}.", self.area));
            query
                .with(
                    " AND e.act LIKE ",
                    beginning.strip_prefix('%').unwrap_or_default(),
                )
                .push(" ESCAPE '\\'");
        }
        for (at, verb) in self.verbs.iter().enumerate() {
            let end = like(&format!(".{verb}"));
            query
                .push(if at == 0 { " AND (" } else { " OR " })
                .with("e.act LIKE ", end.strip_suffix('%').unwrap_or_default())
                .push(" ESCAPE '\\'");
        }
        if !self.verbs.is_empty() {
            query.push(")");
        }
        if !self.subject.is_empty() {
            query
                .with(" AND LOWER(e.subject) LIKE ", like(&self.subject))
                .push(" ESCAPE '\\'");
        }
        if let Some(from) = self.from {
            query.with(" AND e.at >= ", from);
        }
        if let Some(until) = self.until {
            query.with(" AND e.at <= ", until);
        }
    }
}

/// What is read of an entry with its place, if it has one.
const PLACED: &str = "SELECT e.id AS id, e.body AS body, COALESCE(l.leaf, -1) AS leaf, COALESCE(l.hash, '') AS hash \
                      FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.id = e.id WHERE ";

fn placed(row: &AnyRow) -> Result<Leaf, StoreError> {
    Ok(Leaf {
        index: u64::try_from(int(row, "leaf")?).ok(),
        hash: Hash::from_str(&text(row, "hash")?).ok(),
        id: text(row, "id")?,
        body: Some(text(row, "body")?),
        agrees: true,
    })
}

/// Entries of a bureau, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    conn: &mut Conn,
    bureau: &str,
    filter: &EntryFilter,
    request: PageRequest,
) -> Result<Page<Leaf>, StoreError> {
    let mut count = Query::new("SELECT COUNT(*) FROM ledger_entries e WHERE ");
    filter.conditions(&mut count, bureau);
    let total = count.count(conn).await?;
    let mut query = Query::new(PLACED);
    filter.conditions(&mut query, bureau);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY e.id DESC LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(placed)
        .collect::<Result<_, StoreError>>()?;
    Ok(Page { rows, total, request })
}

/// The entry of that id, if it is the bureau's.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, bureau: &str, id: &str) -> Result<Option<Leaf>, StoreError> {
    let mut query = Query::new(PLACED);
    query.with("e.bureau = ", bureau).with(" AND e.id = ", id);
    query.one(conn).await?.as_ref().map(placed).transpose()
}

/// Entries that anybody may read and that have their place, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn public(conn: &mut Conn, request: PageRequest) -> Result<Page<Leaf>, StoreError> {
    let is_public = "e.public = 1 AND l.leaf >= 0";
    let mut count =
        Query::new("SELECT COUNT(*) FROM ledger_entries e JOIN ledger_leaves l ON l.id = e.id WHERE ");
    count.push(is_public);
    let total = count.count(conn).await?;
    let mut query = Query::new(PLACED);
    let (size, before) = request.limits();
    query
        .push(is_public)
        .literally(" ORDER BY e.id DESC LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(placed)
        .collect::<Result<_, StoreError>>()?;
    Ok(Page { rows, total, request })
}
