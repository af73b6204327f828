//! 污染源名录库 as the database holds it: versions of sources, read as of any moment (R2.1).
//! Never deletes a source: one that leaves gets a version that says so.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Source, Term, Until};
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, insert_many, int, like, text};
use crate::versions::{self, AsOf, Stamp, Version};

/// What the register says of a source in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The source.
    pub source: Source,
    /// Whether it is in the register; false after its exit (退出).
    pub inside: bool,
    /// Day on which somebody last confirmed that all this is still so (R3.3).
    pub confirmed_on: Option<Date>,
}

/// Characters of a credit code.
const CREDIT_CODE_CHARS: i64 = 18;
/// Sources that are gone through at once.
const LOOKED_AT_ONCE: i64 = 5_000;
/// Ids that one statement looks for.
const SOUGHT_AT_ONCE: usize = 500;
/// Versions that one statement inserts.
const INSERTED_AT_ONCE: usize = 1_000;

/// What a list shows: an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of name, address, representative, code or licence number.
    pub text: String,
    /// 控制级别, by its proper word.
    pub level: String,
    /// 重点排污单位
    pub key: Option<bool>,
    /// 管理方式
    pub administration: String,
    /// 信用等级
    pub credit: String,
    /// 状态
    pub status: String,
    /// With an automatic monitoring station.
    pub stations: bool,
    /// Also those that have left; else only those inside.
    pub left: Presence,
    /// With a licence that ends on that day or before.
    pub licence_until: Option<Date>,
    /// Not confirmed since that day.
    pub unconfirmed_since: Option<Date>,
    /// With fields of R3.2 that are missing.
    pub incomplete: bool,
}

/// Whether sources that have left are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Presence {
    /// In the register.
    #[default]
    Inside,
    /// Left it.
    Left,
    /// Both.
    Both,
}

const DATA: &str = "inside, confirmed_on, name, level, is_key, administration, stations, credit, status, \
                    licence_until, missing, search, body";

/// A date that is not known sorts after all others, so that "until that day" does not find it.
const NO_DATE: &str = "9999-99-99";

fn values(bureau: &str, entry: &Entry, number: i64, stamp: &Stamp) -> Result<Vec<Value>, StoreError> {
    let source = &entry.source;
    let mut values: Vec<Value> = vec![bureau.into(), source.id().as_str().into()];
    values.extend(versions::values(number, stamp));
    let rest: Vec<Value> = vec![
        entry.inside.into(),
        entry
            .confirmed_on
            .map(|day| day.to_string())
            .unwrap_or_default()
            .into(),
        source.name.as_str().into(),
        source.supervision.level().word().into(),
        source.supervision.is_key().into(),
        source.administration.map(Term::word).unwrap_or_default().into(),
        i64::from(source.monitoring_stations.unwrap_or(0)).into(),
        source.credit_class.map(Term::word).unwrap_or_default().into(),
        source.status.word().into(),
        licence_until(source).into(),
        i64::try_from(source.missing().len()).unwrap_or(i64::MAX).into(),
        search(source).into(),
        serde_json::to_string(source).map_err(StoreError::damaged)?.into(),
    ];
    values.extend(rest);
    Ok(values)
}

/// Last day of the licence that ends first.
fn licence_until(source: &Source) -> String {
    let ends = source
        .licences
        .iter()
        .filter_map(|licence| match licence.validity.until() {
            Until::Date(day) => Some(day.to_string()),
            Until::LongTerm | Until::Unknown => None,
        });
    ends.min().unwrap_or_else(|| NO_DATE.to_owned())
}

/// All that a search looks into, in lower case, one line a field.
fn search(source: &Source) -> String {
    let mut parts = vec![source.name.as_str().to_owned(), source.id().to_string()];
    parts.extend(source.registration_number.as_ref().map(ToString::to_string));
    parts.extend(source.organisation_code.as_ref().map(ToString::to_string));
    parts.extend(
        source
            .licences
            .iter()
            .map(|licence| licence.number_text().to_owned()),
    );
    parts.extend(source.legal_representative.as_ref().map(ToString::to_string));
    parts.extend(source.address.as_ref().map(ToString::to_string));
    parts.join("\n").to_lowercase()
}

fn entry(row: &AnyRow) -> Result<Version<Entry>, StoreError> {
    let body = text(row, "body")?;
    let confirmed = text(row, "confirmed_on")?;
    let record = Entry {
        source: serde_json::from_str(&body).map_err(|e| StoreError::damaged(format!("污染源：{e}")))?,
        inside: int(row, "inside")? != 0,
        confirmed_on: confirmed.parse().ok(),
    };
    Version::of(row, record)
}

fn select(from: &str) -> Query {
    let mut query = Query::new("SELECT ");
    query
        .push(versions::COLUMNS)
        .push(", inside, confirmed_on, body FROM source_versions")
        .push(from);
    query
}

/// Adds first versions of sources, many at a time.
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
    let into = format!("INSERT INTO source_versions (bureau, target, {columns}, {DATA}) VALUES ");
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
        .map(|(seen, entry)| (entry.source.id().to_string(), *seen))
        .collect();
    versions::end_all(tx, "source_versions", "target", bureau, &seen, stamp.at).await?;
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
    let mut query = Query::new("SELECT COUNT(*) FROM source_versions");
    versions::begun(&mut query, bureau, act, first);
    let total = query.count(conn).await?;
    let mut query = select("");
    versions::begun(&mut query, bureau, act, first);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY target LIMIT ", size)
        .literally(" OFFSET ", before);
    let mut rows = Vec::new();
    for row in query.all(conn).await? {
        let version = entry(&row)?;
        let mut query = select(" WHERE bureau = ");
        query
            .value(bureau)
            .with(" AND target = ", version.record.source.id().to_string())
            .with(" AND version = ", version.number - 1);
        let before = query.one(conn).await?;
        rows.push((version, before.as_ref().map(entry).transpose()?));
    }
    Ok(Page { rows, total, request })
}

/// A source as of a moment.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    bureau: &str,
    target: &str,
    as_of: AsOf,
) -> Result<Option<Version<Entry>>, StoreError> {
    let mut query = select(" WHERE ");
    query
        .with("bureau = ", bureau)
        .with(" AND target = ", target)
        .push(" AND ");
    as_of.condition(&mut query);
    query.one(conn).await?.as_ref().map(entry).transpose()
}

/// All versions of a source, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn history(conn: &mut Conn, bureau: &str, target: &str) -> Result<Vec<Version<Entry>>, StoreError> {
    let mut query = select(" WHERE ");
    query
        .with("bureau = ", bureau)
        .with(" AND target = ", target)
        .push(" ORDER BY version DESC");
    query.all(conn).await?.iter().map(entry).collect()
}

/// The versions that hold of these sources, by id; those that are not in the register are not in it.
///
/// # Errors
/// [`StoreError`].
pub async fn those(
    conn: &mut Conn,
    bureau: &str,
    targets: &[String],
) -> Result<BTreeMap<String, Version<Entry>>, StoreError> {
    let mut found = BTreeMap::new();
    for chunk in targets.chunks(SOUGHT_AT_ONCE) {
        let mut query = select(" WHERE ");
        query.with("bureau = ", bureau).push(" AND ");
        AsOf::Now.condition(&mut query);
        query
            .push(" AND target IN ")
            .list(chunk.iter().map(String::as_str));
        for row in query.all(conn).await? {
            let version = entry(&row)?;
            found.insert(version.record.source.id().to_string(), version);
        }
    }
    Ok(found)
}

fn conditions(query: &mut Query, bureau: &str, filter: &Filter, as_of: AsOf) {
    query.with(" WHERE bureau = ", bureau).push(" AND ");
    as_of.condition(query);
    match filter.left {
        Presence::Inside => query.push(" AND inside = 1"),
        Presence::Left => query.push(" AND inside = 0"),
        Presence::Both => query,
    };
    let words = [
        (" AND level = ", &filter.level),
        (" AND administration = ", &filter.administration),
        (" AND credit = ", &filter.credit),
        (" AND status = ", &filter.status),
    ];
    for (condition, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
        query.with(condition, word.as_str());
    }
    if let Some(key) = filter.key {
        query.with(" AND is_key = ", key);
    }
    if filter.stations {
        query.push(" AND stations > 0");
    }
    if let Some(day) = filter.licence_until {
        query.with(" AND licence_until <= ", day.to_string());
    }
    if let Some(day) = filter.unconfirmed_since {
        query.with(" AND confirmed_on < ", day.to_string());
    }
    if filter.incomplete {
        query.push(" AND missing > 0");
    }
    for part in filter.text.split_whitespace() {
        query.with(" AND search LIKE ", like(part)).push(" ESCAPE '\\'");
    }
}

/// A page of the register, by id.
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
        .literally(" ORDER BY target LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(entry)
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, total, request })
}

/// How many sources the filter finds.
///
/// # Errors
/// [`StoreError`].
pub async fn count(conn: &mut Conn, bureau: &str, filter: &Filter, as_of: AsOf) -> Result<u64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM source_versions");
    conditions(&mut query, bureau, filter, as_of);
    query.count(conn).await
}

/// Up to `most` sources of the register after `after` in the order of their ids: for exports, and for what goes over
/// the whole register.
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
        .with(" AND target > ", after)
        .with(" ORDER BY target LIMIT ", most);
    query.all(conn).await?.iter().map(entry).collect()
}

/// Ids of sources in the register that bear another code than a credit code.
///
/// # Errors
/// [`StoreError`].
pub async fn without_credit_code(conn: &mut Conn, bureau: &str) -> Result<BTreeSet<String>, StoreError> {
    let mut query = Query::new("SELECT target FROM source_versions WHERE bureau = ");
    query.value(bureau).push(" AND ");
    AsOf::Now.condition(&mut query);
    query.with(" AND inside = 1 AND LENGTH(target) < ", CREDIT_CODE_CHARS);
    query
        .all(conn)
        .await?
        .iter()
        .map(|row| text(row, "target"))
        .collect()
}

/// The sources that name one of these registration numbers or organisation codes beside their credit code, by it.
///
/// # Errors
/// [`StoreError`].
pub async fn of_aliases(
    conn: &mut Conn,
    bureau: &str,
    aliases: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let (mut found, mut after) = (BTreeMap::new(), String::new());
    loop {
        let mut query = Query::new("SELECT target, search FROM source_versions WHERE bureau = ");
        query.value(bureau).push(" AND ");
        AsOf::Now.condition(&mut query);
        query
            .with(" AND target > ", after.as_str())
            .with(" ORDER BY target LIMIT ", LOOKED_AT_ONCE);
        let rows = query.all(conn).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = text(last, "target")?;
        for row in &rows {
            let (target, search) = (text(row, "target")?, text(row, "search")?.to_uppercase());
            // The organisation code is part of the credit code.
            let own = search.lines().chain(target.get(8..17));
            let known = own.filter(|line| aliases.contains(*line));
            let known: Vec<String> = known.map(str::to_owned).collect();
            found.extend(known.into_iter().map(|alias| (alias, target.clone())));
        }
    }
}
