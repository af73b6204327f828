//! 导入: uploaded files that wait for their second look.
//! Never deletes one.

use domain::Term;
use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::sql::{Query, Value, at, int, text};

/// The registers that files are imported into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// 污染源名录库
    Sources,
    /// 执法检查人员名录库
    Inspectors,
}

impl Term for Register {
    const TITLE: &'static str = "名录库";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Sources, &["污染源名录库", "sources"]),
        (Self::Inspectors, &["执法检查人员名录库", "inspectors"]),
    ];
}

impl Register {
    /// As addresses name it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Inspectors => "inspectors",
        }
    }
}

/// 状态 of an import: it leaves the first once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 待确认
    Waiting,
    /// 已导入
    Applied,
    /// 已放弃
    GivenUp,
}

impl Term for State {
    const TITLE: &'static str = "导入状态";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Waiting, &["待确认"]),
        (Self::Applied, &["已导入"]),
        (Self::GivenUp, &["已放弃"]),
    ];
}

/// What becomes of the rows of a file; together they are all rows below its header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// 新增
    pub fresh: u64,
    /// 变更
    pub changed: u64,
    /// 不变
    pub unchanged: u64,
    /// 错误
    pub wrong: u64,
    /// 并入: a further licence of another row's site.
    pub joined: u64,
    /// Blank rows, notes under the table, the template's hints.
    pub skipped: u64,
}

impl Counts {
    /// All rows below the header.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.fresh + self.changed + self.unchanged + self.wrong + self.joined + self.skipped
    }
}

/// An uploaded file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: String,
    /// For which register.
    pub register: Register,
    /// What the file was called.
    pub file_name: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Login name of who uploaded it.
    pub author: String,
    /// When.
    pub uploaded_at: At,
    /// Where it stands.
    pub state: State,
    /// When it was applied or given up; 0 while it waits.
    pub settled_at: At,
    /// By whom.
    pub settled_by: String,
    /// As it was uploaded; once it is settled, as it was then.
    pub counts: Counts,
    /// What the register had against rows when it was settled, as the caller writes it.
    pub objections: String,
}

const COLUMNS: &str = "id, register, file_name, sha256, author, uploaded_at, state, settled_at, settled_by, \
                       fresh, changed, unchanged, wrong, joined, skipped, objections";

fn number(count: u64) -> Value {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn import(row: &AnyRow) -> Result<Import, StoreError> {
    let count = |column: &str| int(row, column).map(i64::unsigned_abs);
    Ok(Import {
        id: text(row, "id")?,
        register: Register::parse(&text(row, "register")?).map_err(StoreError::damaged)?,
        file_name: text(row, "file_name")?,
        sha256: text(row, "sha256")?,
        author: text(row, "author")?,
        uploaded_at: at(row, "uploaded_at")?,
        state: State::parse(&text(row, "state")?).map_err(StoreError::damaged)?,
        settled_at: at(row, "settled_at")?,
        settled_by: text(row, "settled_by")?,
        counts: Counts {
            fresh: count("fresh")?,
            changed: count("changed")?,
            unchanged: count("unchanged")?,
            wrong: count("wrong")?,
            joined: count("joined")?,
            skipped: count("skipped")?,
        },
        objections: text(row, "objections")?,
    })
}

fn select(from: &str) -> Query {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS).push(" FROM imports").push(from);
    query
}

/// Adds an uploaded file.
///
/// # Errors
/// [`StoreError`].
pub async fn add(tx: &mut Tx, bureau: &str, import: &Import, file: Vec<u8>) -> Result<(), StoreError> {
    let Import { counts, .. } = import;
    let values: Vec<Value> = vec![
        import.id.as_str().into(),
        import.register.key().into(),
        import.file_name.as_str().into(),
        import.sha256.as_str().into(),
        import.author.as_str().into(),
        import.uploaded_at.into(),
        import.state.word().into(),
        import.settled_at.into(),
        import.settled_by.as_str().into(),
        number(counts.fresh),
        number(counts.changed),
        number(counts.unchanged),
        number(counts.wrong),
        number(counts.joined),
        number(counts.skipped),
        import.objections.as_str().into(),
        bureau.into(),
        file.into(),
    ];
    let mut query = Query::new("INSERT INTO imports (");
    query.push(COLUMNS).push(", bureau, file) VALUES ").list(values);
    query.run(tx).await?;
    Ok(())
}

/// The import of that id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, bureau: &str, id: &str) -> Result<Option<Import>, StoreError> {
    let mut query = select(" WHERE bureau = ");
    query.value(bureau).with(" AND id = ", id);
    query.one(conn).await?.as_ref().map(import).transpose()
}

/// The bytes of its file.
///
/// # Errors
/// [`StoreError`].
pub async fn file(conn: &mut Conn, bureau: &str, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut query = Query::new("SELECT file FROM imports WHERE bureau = ");
    query.value(bureau).with(" AND id = ", id);
    query
        .one(conn)
        .await?
        .map(|row| crate::sql::bytes(&row, "file"))
        .transpose()
}

/// A page of the imports, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(conn: &mut Conn, bureau: &str, request: PageRequest) -> Result<Page<Import>, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM imports WHERE bureau = ");
    query.value(bureau);
    let total = query.count(conn).await?;
    let (size, before) = request.limits();
    let mut query = select(" WHERE bureau = ");
    query
        .value(bureau)
        .literally(" ORDER BY uploaded_at DESC, id LIMIT ", size)
        .literally(" OFFSET ", before);
    let rows = query
        .all(conn)
        .await?
        .iter()
        .map(import)
        .collect::<Result<_, _>>()?;
    Ok(Page { rows, total, request })
}

/// How many that were uploaded until then wait to be confirmed or given up.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(conn: &mut Conn, bureau: &str, until: At) -> Result<u64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM imports WHERE bureau = ");
    query
        .value(bureau)
        .with(" AND state = ", State::Waiting.word())
        .with(" AND uploaded_at <= ", until);
    query.count(conn).await
}

/// Ends the wait of an import: as it says itself, it is applied or given up.
///
/// # Errors
/// [`StoreError::Busy`] if it does not wait any more.
pub async fn settle(tx: &mut Tx, bureau: &str, settled: &Import) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE imports SET state = ");
    query
        .value(settled.state.word())
        .with(", settled_at = ", settled.settled_at)
        .with(", settled_by = ", settled.settled_by.as_str())
        .with(", fresh = ", number(settled.counts.fresh))
        .with(", changed = ", number(settled.counts.changed))
        .with(", unchanged = ", number(settled.counts.unchanged))
        .with(", wrong = ", number(settled.counts.wrong))
        .with(", joined = ", number(settled.counts.joined))
        .with(", skipped = ", number(settled.counts.skipped))
        .with(", objections = ", settled.objections.as_str())
        .with(" WHERE bureau = ", bureau)
        .with(" AND id = ", settled.id.as_str())
        .with(" AND state = ", State::Waiting.word());
    match query.run(tx).await? {
        1 => Ok(()),
        _ => Err(StoreError::Busy),
    }
}
