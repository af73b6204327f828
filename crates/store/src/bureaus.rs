//! Bureaus, and the 股室, 站, 大队 and joint departments in them.
//! Never deletes one: a department is closed.

use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::sql::{Query, Value, at, text};

/// A bureau.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bureau {
    /// 机关代号
    pub code: String,
    /// 机关名称
    pub name: String,
    /// Code of the bureau above it; empty for none.
    pub superior: String,
}

/// A department of a bureau, or one that takes part in joint inspections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// 名称
    pub name: String,
    /// 股室, 直属单位 or 联合部门.
    pub kind: String,
    /// When it was closed; 0 if it is not.
    pub closed_at: At,
}

/// The bureau of that code.
///
/// # Errors
/// [`StoreError`].
pub async fn bureau(conn: &mut Conn, code: &str) -> Result<Option<Bureau>, StoreError> {
    let mut query = Query::new("SELECT code, name, superior FROM bureaus WHERE code = ");
    query.value(code);
    query.one(conn).await?.as_ref().map(of_row).transpose()
}

/// All bureaus, by code.
///
/// # Errors
/// [`StoreError`].
pub async fn bureaus(conn: &mut Conn) -> Result<Vec<Bureau>, StoreError> {
    let query = Query::new("SELECT code, name, superior FROM bureaus ORDER BY code");
    query.all(conn).await?.iter().map(of_row).collect()
}

fn of_row(row: &AnyRow) -> Result<Bureau, StoreError> {
    Ok(Bureau {
        code: text(row, "code")?,
        name: text(row, "name")?,
        superior: text(row, "superior")?,
    })
}

/// Adds a bureau.
///
/// # Errors
/// [`StoreError::Exists`].
pub async fn add_bureau(tx: &mut Tx, bureau: &Bureau, now: At) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        bureau.code.as_str().into(),
        bureau.name.as_str().into(),
        bureau.superior.as_str().into(),
        now.into(),
    ];
    let mut query = Query::new("INSERT INTO bureaus (code, name, superior, created_at) VALUES ");
    query.list(values);
    query.run(tx).await?;
    Ok(())
}

/// Departments of a bureau, closed ones last.
///
/// # Errors
/// [`StoreError`].
pub async fn departments(conn: &mut Conn, bureau: &str) -> Result<Vec<Department>, StoreError> {
    let mut query = Query::new("SELECT name, kind, closed_at FROM departments WHERE bureau = ");
    query
        .value(bureau)
        .push(" ORDER BY CASE WHEN closed_at = 0 THEN 0 ELSE 1 END, created_at, name");
    let of = |row: &AnyRow| {
        Ok(Department {
            name: text(row, "name")?,
            kind: text(row, "kind")?,
            closed_at: at(row, "closed_at")?,
        })
    };
    query.all(conn).await?.iter().map(of).collect()
}

/// Adds a department.
///
/// # Errors
/// [`StoreError::Exists`].
pub async fn add_department(
    tx: &mut Tx,
    bureau: &str,
    name: &str,
    kind: &str,
    now: At,
) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![bureau.into(), name.into(), kind.into(), now.into(), 0.into()];
    let mut query = Query::new("INSERT INTO departments (bureau, name, kind, created_at, closed_at) VALUES ");
    query.list(values);
    query.run(tx).await?;
    Ok(())
}

/// Closes a department, or opens it again with `closed_at` 0. False if there is none of that name.
///
/// # Errors
/// [`StoreError`].
pub async fn close_department(
    tx: &mut Tx,
    bureau: &str,
    name: &str,
    closed_at: At,
) -> Result<bool, StoreError> {
    let mut query = Query::new("UPDATE departments SET closed_at = ");
    query
        .value(closed_at)
        .with(" WHERE bureau = ", bureau)
        .with(" AND name = ", name);
    Ok(query.run(tx).await? == 1)
}

/// Lets nobody else of the bureau go past this point until the change is made or given up: for rules that look at several
/// rows, which two changes at once could each keep and together break.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(tx: &mut Tx, bureau: &str) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE bureaus SET name = name WHERE code = ");
    query.value(bureau);
    query.run(tx).await?;
    Ok(())
}
