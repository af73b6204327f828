//! What all registers share: a record is a row of versions, each with its time, act, ground and author (R2.1, R4.2).
//! Never deletes a version and never changes one, but for the moment at which the next took its place.

use crate::At;
use crate::db::Tx;
use crate::error::StoreError;
use crate::sql::{Query, Value};
use sqlx::any::AnyRow;

/// Who changed a record, when, by which act and on what ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: At,
    /// The act, as the ledger names it.
    pub act: String,
    /// On what ground; may be empty where the act says all.
    pub ground: String,
    /// Login name.
    pub author: String,
}

/// The columns of a [`Stamp`], with number and end of the version.
pub(crate) const COLUMNS: &str = "version, from_at, until_at, act, ground, author";

/// A version of a record.
#[derive(Debug, Clone)]
pub struct Version<T> {
    /// From 1.
    pub number: i64,
    /// Who, when, why.
    pub stamp: Stamp,
    /// Until when it held; [`At::FOREVER`] for the one that holds.
    pub until: At,
    /// What it says.
    pub record: T,
}

impl<T> Version<T> {
    pub(crate) fn of(row: &AnyRow, record: T) -> Result<Self, StoreError> {
        Ok(Self {
            number: crate::sql::int(row, "version")?,
            stamp: Stamp {
                at: crate::sql::at(row, "from_at")?,
                act: crate::sql::text(row, "act")?,
                ground: crate::sql::text(row, "ground")?,
                author: crate::sql::text(row, "author")?,
            },
            until: crate::sql::at(row, "until_at")?,
            record,
        })
    }
}

/// The moment of which a register is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOf {
    /// What holds today.
    #[default]
    Now,
    /// What held then.
    Past(At),
}

impl AsOf {
    /// The condition on `from_at` and `until_at`.
    pub(crate) fn condition(self, query: &mut Query) {
        match self {
            Self::Now => {
                query.with("until_at = ", At::FOREVER);
            }
            Self::Past(at) => {
                query.with("from_at <= ", at).with(" AND until_at > ", at);
            }
        }
    }
}

/// The values of [`COLUMNS`] for a version that begins to hold.
pub(crate) fn values(number: i64, stamp: &Stamp) -> Vec<Value> {
    vec![
        number.into(),
        stamp.at.into(),
        At::FOREVER.into(),
        stamp.act.as_str().into(),
        stamp.ground.as_str().into(),
        stamp.author.as_str().into(),
    ]
}

/// Records whose versions one statement ends.
const ENDED_AT_ONCE: usize = 450;

/// As [`end`], for many records: ids with the versions that the author saw.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else was faster with one of them.
pub(crate) async fn end_all(
    tx: &mut Tx,
    table: &str,
    key: &str,
    bureau: &str,
    seen: &[(String, i64)],
    at: At,
) -> Result<(), StoreError> {
    if let [(id, number)] = seen {
        return end(tx, table, key, (bureau, id), *number, at).await;
    }
    for chunk in seen.chunks(ENDED_AT_ONCE) {
        let mut query = Query::new("UPDATE ");
        query
            .push(table)
            .with(" SET until_at = ", at)
            .with(" WHERE bureau = ", bureau)
            .with(" AND until_at = ", At::FOREVER)
            .push(" AND (")
            .push(key)
            .push(", version) IN (VALUES ");
        for (place, (id, number)) in chunk.iter().enumerate() {
            query
                .push(if place == 0 { "" } else { ", " })
                .list([Value::from(id.as_str()), Value::from(*number)]);
        }
        query.push(")");
        if query.run(tx).await? != chunk.len() as u64 {
            return Err(StoreError::Busy);
        }
    }
    Ok(())
}

/// The condition for what one act began at one moment: first versions of records, or later ones.
pub(crate) fn begun(query: &mut Query, bureau: &str, (at, act): (At, &str), first: bool) {
    query
        .with(" WHERE bureau = ", bureau)
        .with(" AND from_at = ", at)
        .with(" AND act = ", act)
        .push(if first {
            " AND version = 1"
        } else {
            " AND version > 1"
        });
}

/// Ends the version that holds, if it is the one that the author saw.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else was faster.
pub(crate) async fn end(
    tx: &mut Tx,
    table: &str,
    key: &str,
    (bureau, id): (&str, &str),
    seen: i64,
    at: At,
) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE ");
    query
        .push(table)
        .with(" SET until_at = ", at)
        .with(" WHERE bureau = ", bureau)
        .push(" AND ")
        .push(key)
        .with(" = ", id)
        .with(" AND version = ", seen)
        .with(" AND until_at = ", At::FOREVER);
    match query.run(tx).await? {
        1 => Ok(()),
        _ => Err(StoreError::Busy),
    }
}
