//! Who is signed in, on which machine, until when.
//! Never holds a token, only its hash: whoever reads the database cannot use a session.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::At;
use crate::accounts::{self, Account};
use crate::db::{Conn, Tx, Upkeep};
use crate::error::StoreError;
use crate::sql::{Query, Value, at, text};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of its token.
    pub token: String,
    /// What people call it by; tells nothing of the token.
    pub id: String,
    /// Whose it is.
    pub login: String,
    /// Network address at sign-in.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// Sign-in.
    pub created_at: At,
    /// Last request, to within some minutes.
    pub seen_at: At,
    /// Until when at most.
    pub expires_at: At,
    /// When it was ended; 0 if it was not.
    pub ended_at: At,
}

const COLUMNS: &str = "token, id, login, address, agent, created_at, seen_at, expires_at, ended_at";

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    Ok(Session {
        token: text(row, "token")?,
        id: text(row, "id")?,
        login: text(row, "login")?,
        address: text(row, "address")?,
        agent: text(row, "agent")?,
        created_at: at(row, "created_at")?,
        seen_at: at(row, "seen_at")?,
        expires_at: at(row, "expires_at")?,
        ended_at: at(row, "ended_at")?,
    })
}

/// Begins a session.
///
/// # Errors
/// [`StoreError`].
pub async fn begin(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        session.token.as_str().into(),
        session.id.as_str().into(),
        session.login.as_str().into(),
        session.address.as_str().into(),
        session.agent.as_str().into(),
        session.created_at.into(),
        session.seen_at.into(),
        session.expires_at.into(),
        session.ended_at.into(),
    ];
    let mut query = Query::new("INSERT INTO sessions (");
    query.push(COLUMNS).push(") VALUES ").list(values);
    query.run(tx).await?;
    Ok(())
}

/// The session of that token's hash, whether it still counts or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, token: &str) -> Result<Option<Session>, StoreError> {
    let mut query = Query::new("SELECT ");
    query.push(COLUMNS).with(" FROM sessions WHERE token = ", token);
    query.one(conn).await?.as_ref().map(session).transpose()
}

/// Sessions of an account that still count at `now`, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of(conn: &mut Conn, login: &str, now: At) -> Result<Vec<Session>, StoreError> {
    let mut query = Query::new("SELECT ");
    query
        .push(COLUMNS)
        .with(" FROM sessions WHERE login = ", login)
        .with(" AND ended_at = 0 AND expires_at > ", now)
        .push(" ORDER BY created_at DESC");
    query.all(conn).await?.iter().map(session).collect()
}

/// When each account of a bureau signed in last, by login name; who never did is not among them.
///
/// # Errors
/// [`StoreError`].
pub async fn last_sign_ins(conn: &mut Conn, bureau: &str) -> Result<BTreeMap<String, At>, StoreError> {
    let mut query = Query::new(
        "SELECT s.login AS login, MAX(s.created_at) AS at FROM sessions s \
         JOIN accounts a ON a.login = s.login WHERE a.bureau = ",
    );
    query.value(bureau).push(" GROUP BY s.login");
    let rows = query.all(conn).await?;
    rows.iter()
        .map(|row| Ok((text(row, "login")?, at(row, "at")?)))
        .collect()
}

/// Ends a session of an account by its id. False if there is none that still runs.
///
/// # Errors
/// [`StoreError`].
pub async fn end(tx: &mut Tx, login: &str, id: &str, now: At) -> Result<bool, StoreError> {
    let mut query = Query::new("UPDATE sessions SET ended_at = ");
    query
        .value(now)
        .with(" WHERE ended_at = 0 AND login = ", login)
        .with(" AND id = ", id);
    Ok(query.run(tx).await? == 1)
}

/// Ends all sessions of an account but that of `except`; gives their number.
///
/// # Errors
/// [`StoreError`].
pub async fn end_all(tx: &mut Tx, login: &str, except: &str, now: At) -> Result<u64, StoreError> {
    let mut query = Query::new("UPDATE sessions SET ended_at = ");
    query
        .value(now)
        .with(" WHERE ended_at = 0 AND login = ", login)
        .with(" AND id <> ", except);
    query.run(tx).await
}

/// Remembers that a session is in use.
///
/// # Errors
/// [`StoreError`].
pub async fn seen(upkeep: &mut Upkeep, token: &str, now: At) -> Result<(), StoreError> {
    let mut query = Query::new("UPDATE sessions SET seen_at = ");
    query.value(now).with(" WHERE token = ", token);
    query.run(upkeep).await?;
    Ok(())
}

/// Whose request it is: the session of that token's hash, its account and the name of the bureau, in one question,
/// since every page begins with it.
///
/// # Errors
/// [`StoreError`].
pub async fn who(conn: &mut Conn, token: &str) -> Result<Option<(Session, Account, String)>, StoreError> {
    let mut query = Query::new(
        "SELECT s.token, s.id, s.login, s.address, s.agent, s.created_at, s.seen_at, s.expires_at, s.ended_at, \
         a.bureau, a.person, a.department, a.certificate, a.roles, a.password, a.closed_at, a.failures, \
         a.locked_until, b.name AS bureau_name \
         FROM sessions s JOIN accounts a ON a.login = s.login JOIN bureaus b ON b.code = a.bureau WHERE s.token = ",
    );
    query.value(token);
    let of = |row: AnyRow| {
        Ok((
            session(&row)?,
            accounts::account(&row)?,
            text(&row, "bureau_name")?,
        ))
    };
    query.one(conn).await?.map(of).transpose()
}
