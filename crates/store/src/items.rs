//! 抽查事项清单 as the database holds it: versions of items, read as of any moment (R1).
//! Never deletes an item and never holds two versions of it that are in force.

use domain::{InspectionItem, ItemRecord, ItemState, Term};
use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, int, like, text};
use crate::versions::{self, AsOf, Stamp, Version};

/// What a list shows: an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of code, name, basis, object or content.
    pub text: String,
    /// State; [`ItemState::Draft`] finds a draft beside a published version too.
    pub state: Option<ItemState>,
    /// 责任部门
    pub department: String,
}

const DATA: &str = "edition, state, waits, department, published_on, search, body, draft_body";

fn values(bureau: &str, record: &ItemRecord, number: i64, stamp: &Stamp) -> Result<Vec<Value>, StoreError> {
    let draft = record.draft.as_ref().map(body).transpose()?;
    let mut values: Vec<Value> = vec![bureau.into(), record.item.code.as_str().into()];
    values.extend(versions::values(number, stamp));
    let rest: Vec<Value> = vec![
        record.edition.into(),
        record.state.word().into(),
        record.waiting().is_some().into(),
        record.item.department.as_str().into(),
        record
            .published_on
            .map(|day| day.to_string())
            .unwrap_or_default()
            .into(),
        search(record).into(),
        body(&record.item)?.into(),
        draft.unwrap_or_default().into(),
    ];
    values.extend(rest);
    Ok(values)
}

fn body(item: &InspectionItem) -> Result<String, StoreError> {
    serde_json::to_string(item).map_err(StoreError::damaged)
}

/// All that a search looks into, in lower case, one line a field.
fn search(record: &ItemRecord) -> String {
    let parts = |item: &InspectionItem| {
        let InspectionItem {
            code,
            name,
            basis,
            object,
            content,
            ..
        } = item;
        [
            code.as_str(),
            name.as_str(),
            basis.as_str(),
            object.as_str(),
            content.as_str(),
        ]
        .join("\n")
    };
    let texts: Vec<String> = std::iter::once(&record.item)
        .chain(&record.draft)
        .map(parts)
        .collect();
    texts.join("\n").to_lowercase()
}

fn record(row: &AnyRow) -> Result<Version<ItemRecord>, StoreError> {
    let damaged = |e: String| StoreError::damaged(format!("抽查事项：{e}"));
    let item = |body: &str| -> Result<InspectionItem, StoreError> {
        serde_json::from_str(body).map_err(|e| damaged(e.to_string()))
    };
    let draft = text(row, "draft_body")?;
    let record = ItemRecord {
        edition: int(row, "edition")?,
        state: ItemState::parse(&text(row, "state")?).map_err(|e| damaged(e.to_string()))?,
        item: item(&text(row, "body")?)?,
        published_on: text(row, "published_on")?.parse().ok(),
        draft: if draft.is_empty() {
            None
        } else {
            Some(item(&draft)?)
        },
    };
    Version::of(row, record)
}

fn select() -> Query {
    let mut query = Query::new("SELECT ");
    query
        .push(versions::COLUMNS)
        .push(", edition, state, published_on, body, draft_body FROM item_versions");
    query
}

/// Adds the first version of an item, or the next one after [`replace`] has ended the one before.
///
/// # Errors
/// [`StoreError::Exists`] if the catalogue has the code already.
pub async fn add(
    tx: &mut Tx,
    bureau: &str,
    number: i64,
    record: &ItemRecord,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let columns = versions::COLUMNS;
    let mut query = Query::new(&format!(
        "INSERT INTO item_versions (bureau, code, {columns}, {DATA}) VALUES "
    ));
    query.list(values(bureau, record, number, stamp)?);
    query.run(tx).await?;
    Ok(())
}

/// Puts a new version in the place of the one that holds; `seen` is the number of that.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else has changed the item since.
pub async fn replace(
    tx: &mut Tx,
    bureau: &str,
    seen: i64,
    record: &ItemRecord,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let key = (bureau, record.item.code.as_str());
    versions::end(tx, "item_versions", "code", key, seen, stamp.at).await?;
    add(tx, bureau, seen + 1, record, stamp).await
}

/// An item as of a moment.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    bureau: &str,
    code: &str,
    as_of: AsOf,
) -> Result<Option<Version<ItemRecord>>, StoreError> {
    let mut query = select();
    query
        .with(" WHERE bureau = ", bureau)
        .with(" AND code = ", code)
        .push(" AND ");
    as_of.condition(&mut query);
    query.one(conn).await?.as_ref().map(record).transpose()
}

/// All versions of an item, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn history(
    conn: &mut Conn,
    bureau: &str,
    code: &str,
) -> Result<Vec<Version<ItemRecord>>, StoreError> {
    let mut query = select();
    query
        .with(" WHERE bureau = ", bureau)
        .with(" AND code = ", code)
        .push(" ORDER BY version DESC");
    query.all(conn).await?.iter().map(record).collect()
}

fn conditions(query: &mut Query, bureau: &str, filter: &Filter, as_of: AsOf) {
    query.with(" WHERE bureau = ", bureau).push(" AND ");
    as_of.condition(query);
    match filter.state {
        None => {}
        Some(ItemState::Draft) => {
            query.push(" AND waits = 1");
        }
        Some(state @ (ItemState::Published | ItemState::Retired | ItemState::Discarded)) => {
            query.with(" AND state = ", state.word());
        }
    }
    if !filter.department.is_empty() {
        query.with(" AND department = ", filter.department.as_str());
    }
    for part in filter.text.split_whitespace() {
        query.with(" AND search LIKE ", like(part)).push(" ESCAPE '\\'");
    }
}

/// A page of the catalogue, by code.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    as_of: AsOf,
    request: PageRequest,
) -> Result<Page<Version<ItemRecord>>, StoreError> {
    let total = count(conn, bureau, filter, as_of).await?;
    let mut query = select();
    conditions(&mut query, bureau, filter, as_of);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY code LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(record)
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, total, request })
}

/// How many items the filter finds.
///
/// # Errors
/// [`StoreError`].
pub async fn count(conn: &mut Conn, bureau: &str, filter: &Filter, as_of: AsOf) -> Result<u64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM item_versions");
    conditions(&mut query, bureau, filter, as_of);
    query.count(conn).await
}

/// All items in force, by code.
///
/// # Errors
/// [`StoreError`].
pub async fn in_force(
    conn: &mut Conn,
    bureau: &str,
    as_of: AsOf,
) -> Result<Vec<Version<ItemRecord>>, StoreError> {
    let filter = Filter {
        state: Some(ItemState::Published),
        ..Filter::default()
    };
    let mut query = select();
    conditions(&mut query, bureau, &filter, as_of);
    query.push(" ORDER BY code");
    query.all(conn).await?.iter().map(record).collect()
}

/// All items in force, each with the day on which this version was published: what a plan may name (R1).
///
/// # Errors
/// [`StoreError`].
pub async fn published(conn: &mut Conn, bureau: &str) -> Result<Vec<(InspectionItem, Date)>, StoreError> {
    let versions = in_force(conn, bureau, AsOf::Now).await?;
    let dated = |version: Version<ItemRecord>| {
        let day = version.record.published_on;
        let day = day.ok_or_else(|| StoreError::damaged("公布的抽查事项没有公布日期"))?;
        Ok((version.record.item, day))
    };
    versions.into_iter().map(dated).collect()
}
