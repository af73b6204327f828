//! Accounts, the one-time links by which people set their password, and the installation itself.
//! Never holds a password or a token in the clear.

use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Tx, Upkeep};
use crate::error::StoreError;
use crate::sql::{Query, Value, at, int, text};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name, one in the whole installation.
    pub login: String,
    /// Code of the bureau.
    pub bureau: String,
    /// 姓名
    pub person: String,
    /// Department; may be empty for administrators.
    pub department: String,
    /// 执法证编号, for an inspector; else empty.
    pub certificate: String,
    /// Words of the roles, with commas between.
    pub roles: String,
    /// Argon2id hash; empty until the person has set one.
    pub password: String,
    /// When it was closed; 0 if it is open.
    pub closed_at: At,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// No sign-in before this moment.
    pub locked_until: At,
}

const COLUMNS: &str =
    "login, bureau, person, department, certificate, roles, password, closed_at, failures, locked_until";

pub(crate) fn account(row: &AnyRow) -> Result<Account, StoreError> {
    Ok(Account {
        login: text(row, "login")?,
        bureau: text(row, "bureau")?,
        person: text(row, "person")?,
        department: text(row, "department")?,
        certificate: text(row, "certificate")?,
        roles: text(row, "roles")?,
        password: text(row, "password")?,
        closed_at: at(row, "closed_at")?,
        failures: int(row, "failures")?,
        locked_until: at(row, "locked_until")?,
    })
}

/// The account of that login name.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, login: &str) -> Result<Option<Account>, StoreError> {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS).with(" FROM accounts WHERE login = ", login);
    query.one(conn).await?.as_ref().map(account).transpose()
}

/// All accounts of a bureau, closed ones last.
///
/// # Errors
/// [`StoreError`].
pub async fn list(conn: &mut Conn, bureau: &str) -> Result<Vec<Account>, StoreError> {
    let mut query = Query::new("SELECT ");
    query
        .push(COLUMNS)
        .with(" FROM accounts WHERE bureau = ", bureau)
        .push(" ORDER BY CASE WHEN closed_at = 0 THEN 0 ELSE 1 END, login");
    query.all(conn).await?.iter().map(account).collect()
}

/// Adds an account.
///
/// # Errors
/// [`StoreError::Exists`] if the login name is taken.
pub async fn add(tx: &mut Tx, account: &Account, now: At) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        account.login.as_str().into(),
        account.bureau.as_str().into(),
        account.person.as_str().into(),
        account.department.as_str().into(),
        account.certificate.as_str().into(),
        account.roles.as_str().into(),
        account.password.as_str().into(),
        account.closed_at.into(),
        account.failures.into(),
        account.locked_until.into(),
        now.into(),
    ];
    let mut query = Query::new("INSERT INTO accounts (");
    query.push(COLUMNS).push(", created_at) VALUES ").list(values);
    query.run(tx).await?;
    Ok(())
}

/// Changes what is known of a person: name, department, certificate, roles, whether the account is closed.
///
/// # Errors
/// [`StoreError`].
pub async fn change(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE accounts SET person = ");
    query
        .value(account.person.as_str())
        .with(", department = ", account.department.as_str())
        .with(", certificate = ", account.certificate.as_str())
        .with(", roles = ", account.roles.as_str())
        .with(", closed_at = ", account.closed_at)
        .with(" WHERE login = ", account.login.as_str());
    query.run(tx).await?;
    Ok(())
}

/// Sets a password's hash and forgets failures.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password(tx: &mut Tx, login: &str, hash: &str) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE accounts SET password = ");
    query
        .value(hash)
        .push(", failures = 0, locked_until = 0")
        .with(" WHERE login = ", login);
    query.run(tx).await?;
    Ok(())
}

/// Counts a wrong password, in one statement, so that two at once are two; gives the new count.
///
/// # Errors
/// [`StoreError`].
pub async fn count_failure(tx: &mut Tx, login: &str) -> Result<i64, StoreError> {
    let mut query = Query::new("UPDATE accounts SET failures = failures + 1 WHERE login = ");
    query.value(login).push(" RETURNING failures");
    query.one(tx).await?.map_or(Ok(0), |row| int(&row, "failures"))
}

/// Locks an account until a moment, or unlocks it with 0 failures.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, login: &str, failures: i64, until: At) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE accounts SET failures = ");
    query
        .value(failures)
        .with(", locked_until = ", until)
        .with(" WHERE login = ", login);
    query.run(tx).await?;
    Ok(())
}

/// A one-time link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// For which account; empty for the one that sets up the installation.
    pub login: String,
    /// Until when it works.
    pub expires_at: At,
    /// When it was used; 0 if not.
    pub used_at: At,
}

/// The link with that token's hash.
///
/// # Errors
/// [`StoreError`].
pub async fn invitation(conn: &mut Conn, token: &str) -> Result<Option<Invitation>, StoreError> {
    let mut query = Query::new("SELECT login, expires_at, used_at FROM invitations WHERE token = ");
    query.value(token);
    let of = |row: AnyRow| {
        Ok(Invitation {
            login: text(&row, "login")?,
            expires_at: at(&row, "expires_at")?,
            used_at: at(&row, "used_at")?,
        })
    };
    query.one(conn).await?.map(of).transpose()
}

/// Makes a link; earlier ones for the same account stop working.
///
/// # Errors
/// [`StoreError`].
pub async fn invite(
    conn: &mut Conn,
    token: &str,
    login: &str,
    now: At,
    expires_at: At,
) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE invitations SET used_at = ");
    query.value(now).with(" WHERE used_at = 0 AND login = ", login);
    query.run(conn).await?;
    let values: Vec<Value> = vec![
        token.into(),
        login.into(),
        now.into(),
        expires_at.into(),
        0.into(),
    ];
    let mut query =
        Query::new("INSERT INTO invitations (token, login, created_at, expires_at, used_at) VALUES ");
    query.list(values);
    query.run(conn).await?;
    Ok(())
}

/// Until when the newest unused link of an account works; none if there is no such link.
///
/// # Errors
/// [`StoreError`].
pub async fn link_until(conn: &mut Conn, login: &str, now: At) -> Result<Option<At>, StoreError> {
    let mut query = Query::new("SELECT expires_at FROM invitations WHERE used_at = 0 AND login = ");
    query
        .value(login)
        .with(" AND expires_at > ", now)
        .push(" ORDER BY created_at DESC LIMIT 1");
    query
        .one(conn)
        .await?
        .map(|row| at(&row, "expires_at"))
        .transpose()
}

/// Uses a link up. False if somebody has used it already.
///
/// # Errors
/// [`StoreError`].
pub async fn use_up(tx: &mut Tx, token: &str, now: At) -> Result<bool, StoreError> {
    let mut query = Query::new("UPDATE invitations SET used_at = ");
    query.value(now).with(" WHERE used_at = 0 AND token = ", token);
    Ok(query.run(tx).await? == 1)
}

/// The installation: the name under which its ledger signs, and the key that verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Origin of the checkpoints.
    pub origin: String,
    /// Verifier key of the checkpoints, as C2SP writes it.
    pub verifier: String,
}

/// The installation, once it is set up.
///
/// # Errors
/// [`StoreError`].
pub async fn installation(conn: &mut Conn) -> Result<Option<Installation>, StoreError> {
    let row = Query::new("SELECT origin, verifier FROM installation WHERE id = 1")
        .one(conn)
        .await?;
    let of = |row: AnyRow| {
        Ok(Installation {
            origin: text(&row, "origin")?,
            verifier: text(&row, "verifier")?,
        })
    };
    row.map(of).transpose()
}

/// Remembers the installation, once.
///
/// # Errors
/// [`StoreError::Exists`].
pub async fn install(upkeep: &mut Upkeep, installation: &Installation, now: At) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        1.into(),
        installation.origin.as_str().into(),
        installation.verifier.as_str().into(),
        now.into(),
    ];
    let mut query = Query::new("INSERT INTO installation (id, origin, verifier, created_at) VALUES ");
    query.list(values);
    query.run(upkeep).await?;
    Ok(())
}

/// Whether anybody has an account yet.
///
/// # Errors
/// [`StoreError`].
pub async fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(Query::new("SELECT COUNT(*) FROM accounts").count(conn).await? > 0)
}
