//! 执法检查人员名录库 as the database holds it: versions of inspectors, read as of any moment (R4.2).
//! Never deletes a person: one who leaves gets a version that says so.

use std::collections::BTreeMap;

use domain::{Inspector, Term, Until};
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, insert_many, int, like, text};
use crate::versions::{self, AsOf, Stamp, Version};

/// What the register says of a person in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The person.
    pub inspector: Inspector,
    /// Department of the bureau, or of a joint inspection, that the person belongs to.
    pub department: String,
    /// Whether the person is in the register; false after leaving it.
    pub inside: bool,
    /// 入库日期: the day from which the person belongs to the register.
    pub joined_on: Option<Date>,
    /// 离开日期: the day from which not any more.
    pub left_on: Option<Date>,
}

/// Ids that one statement looks for.
const SOUGHT_AT_ONCE: usize = 500;
/// Versions that one statement inserts.
const INSERTED_AT_ONCE: usize = 1_000;

/// What a list shows: an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of name, certificate number, unit or field.
    pub text: String,
    /// 部门
    pub department: String,
    /// 状态
    pub post: String,
    /// With a certificate that ends on that day or before.
    pub valid_until: Option<Date>,
    /// Also, or only, those who have left.
    pub left: crate::sources::Presence,
}

const DATA: &str = "inside, department, joined_on, left_on, name, unit, post, valid_until, search, body";

/// An end that is not known sorts before all others: a certificate without a term needs attention first.
const UNKNOWN: &str = "0000-00-00";
const LONG_TERM: &str = "9999-99-99";

fn values(bureau: &str, entry: &Entry, number: i64, stamp: &Stamp) -> Result<Vec<Value>, StoreError> {
    let inspector = &entry.inspector;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let unit = inspector
        .unit
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let valid_until = match inspector.certificate.valid_until {
        Until::Date(day) => day.to_string(),
        Until::LongTerm => LONG_TERM.to_owned(),
        Until::Unknown => UNKNOWN.to_owned(),
    };
    let mut search = vec![
        inspector.name.to_string(),
        inspector.certificate.number.to_string(),
        unit.clone(),
    ];
    search.extend(inspector.fields.iter().map(ToString::to_string));
    let mut values: Vec<Value> = vec![bureau.into(), inspector.certificate.number.as_str().into()];
    values.extend(versions::values(number, stamp));
    let rest: Vec<Value> = vec![
        entry.inside.into(),
        entry.department.as_str().into(),
        day(entry.joined_on).into(),
        day(entry.left_on).into(),
        inspector.name.as_str().into(),
        unit.into(),
        inspector.post.word().into(),
        valid_until.into(),
        search.join("\n").to_lowercase().into(),
        serde_json::to_string(inspector)
            .map_err(StoreError::damaged)?
            .into(),
    ];
    values.extend(rest);
    Ok(values)
}

fn entry(row: &AnyRow) -> Result<Version<Entry>, StoreError> {
    let body = text(row, "body")?;
    let record = Entry {
        inspector: serde_json::from_str(&body)
            .map_err(|e| StoreError::damaged(format!("执法检查人员：{e}")))?,
        department: text(row, "department")?,
        inside: int(row, "inside")? != 0,
        joined_on: text(row, "joined_on")?.parse().ok(),
        left_on: text(row, "left_on")?.parse().ok(),
    };
    Version::of(row, record)
}

fn select(from: &str) -> Query {
    let mut query = Query::new("SELECT ");
    query
        .push(versions::COLUMNS)
        .push(", inside, department, joined_on, left_on, body FROM inspector_versions")
        .push(from);
    query
}

/// Adds versions of inspectors, each with its number, many at a time.
///
/// # Errors
/// [`StoreError::Exists`] if one of them is in the register already.
pub async fn add(
    tx: &mut Tx,
    bureau: &str,
    entries: &[(i64, Entry)],
    stamp: &Stamp,
) -> Result<(), StoreError> {
    insert(tx, bureau, entries, 0, stamp).await
}

/// Inserts versions whose numbers are so much higher than those given.
async fn insert(
    tx: &mut Tx,
    bureau: &str,
    entries: &[(i64, Entry)],
    higher: i64,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let columns = versions::COLUMNS;
    let into = format!("INSERT INTO inspector_versions (bureau, certificate, {columns}, {DATA}) VALUES ");
    // The rows of one statement are held, not those of all.
    for chunk in entries.chunks(INSERTED_AT_ONCE) {
        let row = |(number, entry): &(i64, Entry)| values(bureau, entry, number + higher, stamp);
        let rows: Vec<Vec<Value>> = chunk.iter().map(row).collect::<Result<_, _>>()?;
        insert_many(tx, &into, &rows).await?;
    }
    Ok(())
}

/// Puts new versions in the place of those that hold. The number is that of the version seen.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else has changed one of them since.
pub async fn replace(
    tx: &mut Tx,
    bureau: &str,
    entries: &[(i64, Entry)],
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let seen: Vec<(String, i64)> = entries
        .iter()
        .map(|(seen, entry)| (entry.inspector.certificate.number.to_string(), *seen))
        .collect();
    versions::end_all(tx, "inspector_versions", "certificate", bureau, &seen, stamp.at).await?;
    insert(tx, bureau, entries, 1, stamp).await
}

/// A page of the versions that one act began at one moment, by id: first ones, or later ones with what they replaced.
///
/// # Errors
/// [`StoreError`].
pub async fn begun(
    conn: &mut Conn,
    bureau: &str,
    act: (At, &str),
    first: bool,
    request: PageRequest,
) -> Result<Page<(Version<Entry>, Option<Version<Entry>>)>, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM inspector_versions");
    versions::begun(&mut query, bureau, act, first);
    let total = query.count(conn).await?;
    let mut query = select("");
    versions::begun(&mut query, bureau, act, first);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY certificate LIMIT ", size)
        .literally(" OFFSET ", before);
    let mut rows = Vec::new();
    for row in query.all(conn).await? {
        let version = entry(&row)?;
        let mut query = select(" WHERE bureau = ");
        query
            .value(bureau)
            .with(
                " AND certificate = ",
                version.record.inspector.certificate.number.to_string(),
            )
            .with(" AND version = ", version.number - 1);
        let before = query.one(conn).await?;
        rows.push((version, before.as_ref().map(entry).transpose()?));
    }
    Ok(Page { rows, total, request })
}

/// A person as of a moment.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    bureau: &str,
    certificate: &str,
    as_of: AsOf,
) -> Result<Option<Version<Entry>>, StoreError> {
    let mut query = select(" WHERE ");
    query
        .with("bureau = ", bureau)
        .with(" AND certificate = ", certificate)
        .push(" AND ");
    as_of.condition(&mut query);
    query.one(conn).await?.as_ref().map(entry).transpose()
}

/// All versions of a person, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn history(
    conn: &mut Conn,
    bureau: &str,
    certificate: &str,
) -> Result<Vec<Version<Entry>>, StoreError> {
    let mut query = select(" WHERE ");
    query
        .with("bureau = ", bureau)
        .with(" AND certificate = ", certificate)
        .push(" ORDER BY version DESC");
    query.all(conn).await?.iter().map(entry).collect()
}

/// The versions that hold of these people, by certificate number.
///
/// # Errors
/// [`StoreError`].
pub async fn those(
    conn: &mut Conn,
    bureau: &str,
    certificates: &[String],
) -> Result<BTreeMap<String, Version<Entry>>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in certificates.chunks(SOUGHT_AT_ONCE) {
        let mut query = select(" WHERE ");
        query.with("bureau = ", bureau).push(" AND ");
        AsOf::Now.condition(&mut query);
        query
            .push(" AND certificate IN ")
            .list(chunk.iter().map(String::as_str));
        for row in query.all(conn).await? {
            let version = entry(&row)?;
            found.insert(version.record.inspector.certificate.number.to_string(), version);
        }
    }
    Ok(found)
}

fn conditions(query: &mut Query, bureau: &str, filter: &Filter, as_of: AsOf) {
    use crate::sources::Presence;
    query.with(" WHERE bureau = ", bureau).push(" AND ");
    as_of.condition(query);
    match filter.left {
        Presence::Inside => query.push(" AND inside = 1"),
        Presence::Left => query.push(" AND inside = 0"),
        Presence::Both => query,
    };
    let words = [
        (" AND department = ", &filter.department),
        (" AND post = ", &filter.post),
    ];
    for (condition, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
        query.with(condition, word.as_str());
    }
    if let Some(day) = filter.valid_until {
        query.with(" AND valid_until <= ", day.to_string());
    }
    for part in filter.text.split_whitespace() {
        query.with(" AND search LIKE ", like(part)).push(" ESCAPE '\\'");
    }
}

/// A page of the register, by certificate number.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    as_of: AsOf,
    request: PageRequest,
) -> Result<Page<Version<Entry>>, StoreError> {
    let total = count(conn, bureau, filter, as_of).await?;
    let mut query = select("");
    conditions(&mut query, bureau, filter, as_of);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY certificate LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(entry)
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, total, request })
}

/// How many people the filter finds.
///
/// # Errors
/// [`StoreError`].
pub async fn count(conn: &mut Conn, bureau: &str, filter: &Filter, as_of: AsOf) -> Result<u64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM inspector_versions");
    conditions(&mut query, bureau, filter, as_of);
    query.count(conn).await
}

/// Up to `most` people after `after` in the order of their certificate numbers.
///
/// # Errors
/// [`StoreError`].
pub async fn after(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    as_of: AsOf,
    after: &str,
    most: i64,
) -> Result<Vec<Version<Entry>>, StoreError> {
    let mut query = select("");
    conditions(&mut query, bureau, filter, as_of);
    query
        .with(" AND certificate > ", after)
        .with(" ORDER BY certificate LIMIT ", most);
    query.all(conn).await?.iter().map(entry).collect()
}
