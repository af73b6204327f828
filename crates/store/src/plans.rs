//! 年度计划 and 实施方案 as the database holds them: every act on a plan is a version, every text of it an edition (R5.1a).
//! Never deletes one, and never has two editions of a plan in force or two underway.

use std::collections::BTreeMap;

use domain::PlanState;
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, insert_many, int, like, text};
use crate::versions::{self, AsOf, Stamp, Version};

/// Plans that are read at once where all in force are asked for.
const IN_FORCE_MAX: i64 = 500;

/// Which kind of plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 年度计划 (R5.1a)
    Annual,
    /// 实施方案 (R5.1b)
    Implementation,
}

impl Kind {
    /// As it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Implementation => "implementation",
        }
    }

    /// As people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Annual => "年度计划",
            Self::Implementation => "实施方案",
        }
    }

    fn of(name: &str) -> Result<Self, StoreError> {
        [Self::Annual, Self::Implementation]
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| StoreError::damaged(format!("计划种类：{name}")))
    }
}

/// A plan in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// 编号, one in the bureau; it never changes.
    pub number: String,
    /// Which kind.
    pub kind: Kind,
    /// 年度
    pub year: i64,
    /// Number of the annual plan that an implementation plan is under; else empty.
    pub under: String,
    /// Which text of the plan, from 1.
    pub edition: i64,
    /// Where it stands, and who brought it there.
    pub state: PlanState,
    /// 名称
    pub title: String,
    /// The plan itself, as `AnnualPlan::parse` and `ImplementationPlan::parse` read it.
    pub body: String,
}

/// What a list shows: an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which kind.
    pub kind: Option<Kind>,
    /// 年度
    pub year: Option<i64>,
    /// Number of the annual plan that it is under.
    pub under: String,
    /// State by its name, of the newest edition.
    pub state: String,
    /// Part of number or title.
    pub text: String,
}

const DATA: &str = "kind, year, under, edition, state, standing, title, body";

/// States of an edition that is not published yet.
const UNDERWAY: &str = " AND state IN ('draft', 'submitted', 'returned', 'approved')";
const IN_FORCE: &str = " AND state = 'published'";

fn plan(row: &AnyRow) -> Result<Version<Plan>, StoreError> {
    let standing = text(row, "standing")?;
    let record = Plan {
        number: text(row, "number")?,
        kind: Kind::of(&text(row, "kind")?)?,
        year: int(row, "year")?,
        under: text(row, "under")?,
        edition: int(row, "edition")?,
        state: serde_json::from_str(&standing)
            .map_err(|e| StoreError::damaged(format!("计划的状态：{e}")))?,
        title: text(row, "title")?,
        body: text(row, "body")?,
    };
    Version::of(row, record)
}

fn select(bureau: &str) -> Query {
    let mut query = Query::new("SELECT number, ");
    query
        .push(versions::COLUMNS)
        .push(", ")
        .push(DATA)
        .with(" FROM plan_versions WHERE bureau = ", bureau);
    query
}

/// Adds a version; its number follows on the newest of the plan.
///
/// # Errors
/// [`StoreError::Exists`] if there is such a plan, or another edition is underway.
pub async fn add(tx: &mut Tx, bureau: &str, plan: &Plan, stamp: &Stamp) -> Result<(), StoreError> {
    let mut newest =
        Query::new("SELECT COALESCE(MAX(version), 0) AS version FROM plan_versions WHERE bureau = ");
    newest.value(bureau).with(" AND number = ", plan.number.as_str());
    let newest = newest.one(tx).await?.map_or(Ok(0), |row| int(&row, "version"))?;
    let mut values: Vec<Value> = vec![bureau.into(), plan.number.as_str().into()];
    values.extend(versions::values(newest + 1, stamp));
    let rest: Vec<Value> = vec![
        plan.kind.name().into(),
        plan.year.into(),
        plan.under.as_str().into(),
        plan.edition.into(),
        plan.state.name().into(),
        serde_json::to_string(&plan.state)
            .map_err(StoreError::damaged)?
            .into(),
        plan.title.as_str().into(),
        plan.body.as_str().into(),
    ];
    values.extend(rest);
    let into = format!(
        "INSERT INTO plan_versions (bureau, number, {}, {DATA}) VALUES ",
        versions::COLUMNS
    );
    insert_many(tx, &into, &[values]).await
}

/// Ends the version of that number.
///
/// # Errors
/// [`StoreError::Busy`] if it does not hold any more.
pub async fn end(tx: &mut Tx, bureau: &str, number: &str, seen: i64, at: At) -> Result<(), StoreError> {
    versions::end(tx, "plan_versions", "number", (bureau, number), seen, at).await
}

/// Whether the bureau has a plan of that number.
///
/// # Errors
/// [`StoreError`].
pub async fn exists(conn: &mut Conn, bureau: &str, number: &str) -> Result<bool, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM plan_versions WHERE bureau = ");
    query.value(bureau).with(" AND number = ", number);
    Ok(query.count(conn).await? > 0)
}

/// The edition that is not published yet, if there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn underway(
    conn: &mut Conn,
    bureau: &str,
    number: &str,
) -> Result<Option<Version<Plan>>, StoreError> {
    let mut query = select(bureau);
    query.with(" AND number = ", number).push(" AND ");
    AsOf::Now.condition(&mut query);
    query.push(UNDERWAY);
    query.one(conn).await?.as_ref().map(plan).transpose()
}

/// The edition that is, or was, in force at a moment.
///
/// # Errors
/// [`StoreError`].
pub async fn in_force(
    conn: &mut Conn,
    bureau: &str,
    number: &str,
    as_of: AsOf,
) -> Result<Option<Version<Plan>>, StoreError> {
    let mut query = select(bureau);
    query.with(" AND number = ", number).push(" AND ");
    as_of.condition(&mut query);
    query.push(IN_FORCE);
    query.one(conn).await?.as_ref().map(plan).transpose()
}

/// All plans of a kind in force, the newest year first.
///
/// # Errors
/// [`StoreError`].
pub async fn all_in_force(
    conn: &mut Conn,
    bureau: &str,
    kind: Kind,
) -> Result<Vec<Version<Plan>>, StoreError> {
    let mut query = select(bureau);
    query.with(" AND kind = ", kind.name()).push(" AND ");
    AsOf::Now.condition(&mut query);
    query
        .push(IN_FORCE)
        .with(" ORDER BY year DESC, number DESC LIMIT ", IN_FORCE_MAX);
    query.all(conn).await?.iter().map(plan).collect()
}

/// All editions underway, of both kinds: what waits for somebody.
///
/// # Errors
/// [`StoreError`].
pub async fn all_underway(conn: &mut Conn, bureau: &str) -> Result<Vec<Version<Plan>>, StoreError> {
    let mut query = select(bureau);
    query.push(" AND ");
    AsOf::Now.condition(&mut query);
    query.push(UNDERWAY).push(" ORDER BY from_at, number");
    query.all(conn).await?.iter().map(plan).collect()
}

/// All versions of a plan, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn history(conn: &mut Conn, bureau: &str, number: &str) -> Result<Vec<Version<Plan>>, StoreError> {
    let mut query = select(bureau);
    query
        .with(" AND number = ", number)
        .push(" ORDER BY version DESC");
    query.all(conn).await?.iter().map(plan).collect()
}

fn conditions(query: &mut Query, bureau: &str, filter: &Filter) {
    query.with(" WHERE bureau = ", bureau).push(" AND ");
    AsOf::Now.condition(query);
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM plan_versions later WHERE later.bureau = plan_versions.bureau \
         AND later.number = plan_versions.number AND later.edition > plan_versions.edition)",
    );
    if let Some(kind) = filter.kind {
        query.with(" AND kind = ", kind.name());
    }
    if let Some(year) = filter.year {
        query.with(" AND year = ", year);
    }
    if !filter.under.is_empty() {
        query.with(" AND under = ", filter.under.as_str());
    }
    if !filter.state.is_empty() {
        query.with(" AND state = ", filter.state.as_str());
    }
    for part in filter.text.split_whitespace() {
        let pattern = like(part);
        query
            .with(" AND (LOWER(title) LIKE ", pattern.as_str())
            .push(" ESCAPE '\\'")
            .with(" OR LOWER(number) LIKE ", pattern.as_str())
            .push(" ESCAPE '\\')");
    }
}

/// A page of plans, each by its newest edition; the newest year first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Version<Plan>>, StoreError> {
    let mut count = Query::new("SELECT COUNT(*) FROM plan_versions");
    conditions(&mut count, bureau, filter);
    let total = count.count(conn).await?;
    let mut query = Query::new("SELECT number, ");
    query
        .push(versions::COLUMNS)
        .push(", ")
        .push(DATA)
        .push(" FROM plan_versions");
    conditions(&mut query, bureau, filter);
    let (size, before) = request.limits();
    query
        .literally(" ORDER BY year DESC, number DESC LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(plan)
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, total, request })
}

/// Bureaus that have published a plan of that kind: code and name.
///
/// # Errors
/// [`StoreError`].
pub async fn publishers(conn: &mut Conn, kind: Kind) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = Query::new(
        "SELECT b.code AS code, b.name AS name FROM bureaus b WHERE EXISTS (SELECT 1 FROM plan_versions p \
         WHERE p.bureau = b.code AND p.state = 'published' AND p.until_at = ",
    );
    query
        .value(At::FOREVER)
        .with(" AND p.kind = ", kind.name())
        .push(") ORDER BY b.code");
    let of = |row: &AnyRow| Ok((text(row, "code")?, text(row, "name")?));
    query.all(conn).await?.iter().map(of).collect()
}

/// Codes and names of the items that are published today (R1).
///
/// # Errors
/// [`StoreError`].
pub async fn published_items(conn: &mut Conn, bureau: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let items = crate::items::published(conn, bureau).await?;
    let named = items
        .into_iter()
        .map(|(item, _)| (item.code.to_string(), item.name.to_string()));
    Ok(named.collect())
}
