//! 请假和回避 as the database holds them: who is away, and who does not go where (R4.2).
//! Never deletes one: what is withdrawn stays, with who withdrew it, when and why.

use jiff::civil::Date;
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, at, int, like, text};
use crate::versions::AsOf;

/// The rows of a list where all are wanted: a leave or recusal that is not read would send somebody who must not go.
const ALL: (i64, i64) = (i64::MAX, 0);

/// 撤销: who ended it before its time, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When; until then it held.
    pub at: At,
    /// Login name.
    pub by: String,
    /// 理由
    pub ground: String,
}

/// 请假: days on which an inspector is away, the first and the last included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// Its id.
    pub id: String,
    /// 执法证编号
    pub certificate: String,
    /// 类别, such as 年休假.
    pub kind: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// 理由
    pub ground: String,
    /// Login name of who recorded it.
    pub author: String,
    /// When it was recorded.
    pub recorded_at: At,
    /// Whether it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

impl Leave {
    /// Whether the day is one of it.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// 回避: an inspector who does not go to a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recusal {
    /// Its id.
    pub id: String,
    /// 执法证编号
    pub certificate: String,
    /// A site by its id with suffix, or all sites of an enterprise by its code.
    pub source: String,
    /// Who asked for it: 本人申报, 被检查企业申请 and so on.
    pub asked_by: String,
    /// 理由
    pub ground: String,
    /// Login name of who recorded it.
    pub author: String,
    /// When it was recorded.
    pub recorded_at: At,
    /// Whether it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

/// A leave or recusal with the person that the register has for it now.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// What was recorded.
    pub record: T,
    /// 姓名
    pub person: String,
    /// 部门
    pub department: String,
    /// Name of the source of a recusal; empty for leaves.
    pub source_name: String,
    /// Whether the register still has all that it names: the person, and for a recusal the source.
    pub bears: bool,
}

/// What is asked for: an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Its id.
    pub id: String,
    /// Part of the person's name, certificate number or unit, or of the source's name or code.
    pub text: String,
    /// 执法证编号
    pub certificate: String,
    /// Department of the person.
    pub department: String,
    /// Leaves that last until that day or longer.
    pub ends_from: Option<Date>,
    /// Leaves that begin on that day or before.
    pub begins_until: Option<Date>,
    /// Also those that were withdrawn.
    pub withdrawn: bool,
    /// As they were known then.
    pub as_of: AsOf,
}

const OF_BOTH: &str = ", t.id AS id, t.certificate AS certificate, t.ground AS ground, t.author AS author, \
     t.recorded_at AS recorded_at, t.withdrawn_at AS withdrawn_at, t.withdrawn_by AS withdrawn_by, \
     t.withdrawn_ground AS withdrawn_ground, i.name AS person, i.department AS department, i.inside AS inside";

/// The rows of `table` with the person of each.
fn joined(query: &mut Query, table: &str, bureau: &str) {
    query
        .push(" FROM ")
        .push(table)
        .push(" t JOIN inspector_versions i ON i.bureau = t.bureau AND i.certificate = t.certificate")
        .with(" AND i.until_at = ", At::FOREVER)
        .with(" WHERE t.bureau = ", bureau);
}

fn conditions(query: &mut Query, filter: &Filter) {
    let words = [
        (" AND t.id = ", &filter.id),
        (" AND t.certificate = ", &filter.certificate),
        (" AND i.department = ", &filter.department),
    ];
    for (condition, word) in words.into_iter().filter(|(_, word)| !word.is_empty()) {
        query.with(condition, word.as_str());
    }
    match filter.as_of {
        AsOf::Now if filter.withdrawn => {}
        AsOf::Now => {
            query.push(" AND t.withdrawn_at = 0");
        }
        AsOf::Past(then) => {
            query.with(" AND t.recorded_at <= ", then);
            if !filter.withdrawn {
                query
                    .push(" AND (t.withdrawn_at = 0 OR t.withdrawn_at > ")
                    .value(then)
                    .push(")");
            }
        }
    }
}

fn window(query: &mut Query, filter: &Filter) {
    if let Some(day) = filter.ends_from {
        query.with(" AND t.until_day >= ", day.to_string());
    }
    if let Some(day) = filter.begins_until {
        query.with(" AND t.from_day <= ", day.to_string());
    }
    for part in filter.text.split_whitespace() {
        query.with(" AND i.search LIKE ", like(part)).push(" ESCAPE '\\'");
    }
}

/// The sources of the present register that a recusal names: the site of that id, or (`-` after it) the further sites of
/// that enterprise.
const EXACT: &str = "s.target = t.source";
const FURTHER: &str = "substr(s.target, 1, length(t.source) + 1) = t.source || '-'";

fn sources(query: &mut Query, what: &str, which: &str) {
    query
        .push("(SELECT ")
        .push(what)
        .push(" FROM source_versions s WHERE s.bureau = t.bureau AND s.until_at = ")
        .value(At::FOREVER)
        .push(" AND ")
        .push(which);
}

fn named(query: &mut Query, filter: &Filter) {
    for part in filter.text.split_whitespace() {
        query.push(" AND (");
        for column in ["i.search", "lower(t.source)"] {
            query
                .push(column)
                .with(" LIKE ", like(part))
                .push(" ESCAPE '\\' OR ");
        }
        query.push("EXISTS ");
        sources(query, "1", EXACT);
        query
            .with(" AND s.search LIKE ", like(part))
            .push(" ESCAPE '\\'))");
    }
}

fn withdrawal(row: &AnyRow) -> Result<Option<Withdrawal>, StoreError> {
    let withdrawn_at = at(row, "withdrawn_at")?;
    if withdrawn_at == At::default() {
        return Ok(None);
    }
    Ok(Some(Withdrawal {
        at: withdrawn_at,
        by: text(row, "withdrawn_by")?,
        ground: text(row, "withdrawn_ground")?,
    }))
}

fn leave(row: &AnyRow) -> Result<Listed<Leave>, StoreError> {
    let day = |column: &str| {
        text(row, column)?
            .parse()
            .map_err(|e| StoreError::damaged(format!("请假日期：{e}")))
    };
    let record = Leave {
        id: text(row, "id")?,
        certificate: text(row, "certificate")?,
        kind: text(row, "kind")?,
        from: day("from_day")?,
        until: day("until_day")?,
        ground: text(row, "ground")?,
        author: text(row, "author")?,
        recorded_at: at(row, "recorded_at")?,
        withdrawn: withdrawal(row)?,
    };
    Ok(Listed {
        record,
        person: text(row, "person")?,
        department: text(row, "department")?,
        source_name: String::new(),
        bears: int(row, "inside")? != 0,
    })
}

fn recusal(row: &AnyRow) -> Result<Listed<Recusal>, StoreError> {
    let record = Recusal {
        id: text(row, "id")?,
        certificate: text(row, "certificate")?,
        source: text(row, "source")?,
        asked_by: text(row, "asked_by")?,
        ground: text(row, "ground")?,
        author: text(row, "author")?,
        recorded_at: at(row, "recorded_at")?,
        withdrawn: withdrawal(row)?,
    };
    Ok(Listed {
        record,
        person: text(row, "person")?,
        department: text(row, "department")?,
        source_name: text(row, "source_name")?,
        bears: int(row, "inside")? != 0 && int(row, "source_inside")? != 0,
    })
}

fn limited(query: &mut Query, order: &str, (size, before): (i64, i64)) {
    query
        .push(" ORDER BY ")
        .with(order, size)
        .literally(" OFFSET ", before);
}

async fn leave_rows(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    limits: (i64, i64),
) -> Result<Vec<Listed<Leave>>, StoreError> {
    let mut query = Query::new("SELECT t.kind AS kind, t.from_day AS from_day, t.until_day AS until_day");
    query.push(OF_BOTH);
    joined(&mut query, "leaves", bureau);
    conditions(&mut query, filter);
    window(&mut query, filter);
    // What is to come is read from today on, what is over backwards.
    let order = match filter.ends_from {
        Some(_) => "t.from_day, t.certificate, t.id LIMIT ",
        None => "t.from_day DESC, t.certificate, t.id LIMIT ",
    };
    limited(&mut query, order, limits);
    query.all(conn).await?.iter().map(leave).collect()
}

async fn recusal_rows(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    limits: (i64, i64),
) -> Result<Vec<Listed<Recusal>>, StoreError> {
    let mut query = Query::new("SELECT t.source AS source, t.asked_by AS asked_by");
    query.push(OF_BOTH).push(", COALESCE(");
    for which in [EXACT, FURTHER] {
        sources(&mut query, "MIN(s.name)", which);
        query.push("), ");
    }
    query.push("'') AS source_name, CASE");
    for which in [EXACT, FURTHER] {
        query.push(" WHEN EXISTS ");
        sources(&mut query, "1", which);
        query.push(" AND s.inside = 1) THEN 1");
    }
    query.push(" ELSE 0 END AS source_inside");
    joined(&mut query, "recusals", bureau);
    conditions(&mut query, filter);
    named(&mut query, filter);
    limited(
        &mut query,
        "t.recorded_at DESC, t.certificate, t.id LIMIT ",
        limits,
    );
    query.all(conn).await?.iter().map(recusal).collect()
}

/// A page of leaves by their first day: rising where it begins with a day, else the last first.
///
/// # Errors
/// [`StoreError`].
pub async fn leaves(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Listed<Leave>>, StoreError> {
    let mut query = Query::new("SELECT COUNT(*)");
    joined(&mut query, "leaves", bureau);
    conditions(&mut query, filter);
    window(&mut query, filter);
    let total = query.count(conn).await?;
    let rows = leave_rows(conn, bureau, filter, request.limits()).await?;
    Ok(Page { rows, total, request })
}

/// A page of recusals, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn recusals(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Listed<Recusal>>, StoreError> {
    let mut query = Query::new("SELECT COUNT(*)");
    joined(&mut query, "recusals", bureau);
    conditions(&mut query, filter);
    named(&mut query, filter);
    let total = query.count(conn).await?;
    let rows = recusal_rows(conn, bureau, filter, request.limits()).await?;
    Ok(Page { rows, total, request })
}

/// All leaves that the filter finds.
///
/// # Errors
/// [`StoreError`].
pub async fn all_leaves(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
) -> Result<Vec<Listed<Leave>>, StoreError> {
    leave_rows(conn, bureau, filter, ALL).await
}

/// All recusals that the filter finds.
///
/// # Errors
/// [`StoreError`].
pub async fn all_recusals(
    conn: &mut Conn,
    bureau: &str,
    filter: &Filter,
) -> Result<Vec<Listed<Recusal>>, StoreError> {
    recusal_rows(conn, bureau, filter, ALL).await
}

async fn insert(tx: &mut Tx, into: &str, values: Vec<Value>) -> Result<(), StoreError> {
    let mut query = Query::new("INSERT INTO ");
    query
        .push(into)
        .push(", recorded_at, withdrawn_at, withdrawn_by, withdrawn_ground) VALUES ")
        .list(values);
    query.run(tx).await?;
    Ok(())
}

/// Records a leave.
///
/// # Errors
/// [`StoreError`].
pub async fn add_leave(tx: &mut Tx, bureau: &str, leave: &Leave) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        bureau.into(),
        leave.id.as_str().into(),
        leave.certificate.as_str().into(),
        leave.kind.as_str().into(),
        leave.from.to_string().into(),
        leave.until.to_string().into(),
        leave.ground.as_str().into(),
        leave.author.as_str().into(),
        leave.recorded_at.into(),
        At::default().into(),
        "".into(),
        "".into(),
    ];
    let into = "leaves (bureau, id, certificate, kind, from_day, until_day, ground, author";
    insert(tx, into, values).await
}

/// Records a recusal.
///
/// # Errors
/// [`StoreError`].
pub async fn add_recusal(tx: &mut Tx, bureau: &str, recusal: &Recusal) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        bureau.into(),
        recusal.id.as_str().into(),
        recusal.certificate.as_str().into(),
        recusal.source.as_str().into(),
        recusal.asked_by.as_str().into(),
        recusal.ground.as_str().into(),
        recusal.author.as_str().into(),
        recusal.recorded_at.into(),
        At::default().into(),
        "".into(),
        "".into(),
    ];
    let into = "recusals (bureau, id, certificate, source, asked_by, ground, author";
    insert(tx, into, values).await
}

async fn withdraw(
    tx: &mut Tx,
    table: &str,
    bureau: &str,
    id: &str,
    withdrawal: &Withdrawal,
) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE ");
    query
        .push(table)
        .with(" SET withdrawn_at = ", withdrawal.at)
        .with(", withdrawn_by = ", withdrawal.by.as_str())
        .with(", withdrawn_ground = ", withdrawal.ground.as_str())
        .with(" WHERE bureau = ", bureau)
        .with(" AND id = ", id)
        .push(" AND withdrawn_at = 0");
    match query.run(tx).await? {
        1 => Ok(()),
        _ => Err(StoreError::Busy),
    }
}

/// Withdraws a leave.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else was faster.
pub async fn withdraw_leave(
    tx: &mut Tx,
    bureau: &str,
    id: &str,
    withdrawal: &Withdrawal,
) -> Result<(), StoreError> {
    withdraw(tx, "leaves", bureau, id, withdrawal).await
}

/// Withdraws a recusal.
///
/// # Errors
/// [`StoreError::Busy`] if somebody else was faster.
pub async fn withdraw_recusal(
    tx: &mut Tx,
    bureau: &str,
    id: &str,
    withdrawal: &Withdrawal,
) -> Result<(), StoreError> {
    withdraw(tx, "recusals", bureau, id, withdrawal).await
}
