//! 会话: who is signed in where; each person sees and ends their own, the security administrator all.
//! Never shows a token.

use domain::Term;
use domain::rights::{Permission, Role, Roles};
use store::accounts::Account;
pub use store::sessions::Session;
use store::{At, StoreError, accounts, sessions};

use crate::{Actor, Deed, Office, Refusal, tokens};

/// Longest time without a request, in seconds: two hours.
const IDLE_SECONDS: i64 = 2 * 60 * 60;
/// How often it is written down that a session is in use, in seconds.
const SEEN_SECONDS: i64 = 5 * 60;

/// Whose request it is, by the token of its cookie.
///
/// # Errors
/// [`Refusal::SignedOut`] if the session is unknown, over or ended, or the account closed.
pub async fn actor(office: &Office, token: &str, address: &str) -> Result<Actor, Refusal> {
    let now = office.now();
    let found = sessions::who(&mut *office.db.read().await?, &tokens::hash(token)).await?;
    let (session, account, bureau_name) = found.ok_or(Refusal::SignedOut)?;
    let over = session.ended_at != At::default()
        || session.expires_at <= now
        || session.seen_at.plus_seconds(IDLE_SECONDS) <= now
        || account.closed_at != At::default();
    if over {
        return Err(Refusal::SignedOut);
    }
    if session.seen_at.plus_seconds(SEEN_SECONDS) <= now {
        let mut upkeep = office.db.upkeep().await?;
        sessions::seen(&mut upkeep, &session.token, now).await?;
        upkeep.commit().await?;
    }
    Ok(Actor {
        roles: roles(&account)?,
        login: account.login,
        person: account.person,
        bureau: account.bureau,
        bureau_name,
        department: account.department,
        certificate: account.certificate,
        session: session.id,
        address: address.to_owned(),
    })
}

fn roles(account: &Account) -> Result<Roles, Refusal> {
    let roles: Result<Vec<Role>, _> = account.roles.split('、').map(Role::parse).collect();
    let damaged = |what: String| Refusal::Store(StoreError::Damaged(what));
    let roles = roles.map_err(|e| damaged(e.to_string()))?;
    Roles::new(roles).map_err(|e| damaged(e.to_string()))
}

/// Ends the session of this request.
///
/// # Errors
/// [`Refusal`].
pub async fn sign_out(office: &Office, actor: &Actor) -> Result<(), Refusal> {
    end(office, actor, &actor.login, &actor.session).await
}

/// Sessions that run: one's own, or for the security administrator those of an account of the bureau.
///
/// # Errors
/// [`Refusal`].
pub async fn list(office: &Office, actor: &Actor, login: &str) -> Result<Vec<Session>, Refusal> {
    let mut read = office.db.read().await?;
    reachable(&mut read, actor, login, Permission::ReadAccounts).await?;
    Ok(sessions::of(&mut read, login, office.now()).await?)
}

async fn reachable(
    conn: &mut store::Conn,
    actor: &Actor,
    login: &str,
    permission: Permission,
) -> Result<(), Refusal> {
    if login == actor.login {
        return Ok(());
    }
    actor.must(permission)?;
    let account = accounts::find(conn, login).await?;
    match account {
        Some(account) if account.bureau == actor.bureau => Ok(()),
        Some(_) | None => Err(Refusal::Missing(format!("账号“{login}”"))),
    }
}

/// Ends a session: one's own, or for the security administrator one of an account of the bureau.
///
/// # Errors
/// [`Refusal`].
pub async fn end(office: &Office, actor: &Actor, login: &str, id: &str) -> Result<(), Refusal> {
    let mut tx = office.db.begin().await?;
    reachable(&mut tx, actor, login, Permission::ManageAccounts).await?;
    if !sessions::end(&mut tx, login, id, office.now()).await? {
        return Err(Refusal::Missing("这个会话（可能已经结束）".to_owned()));
    }
    let deed = Deed::new("account.sign-out", format!("account/{login}")).ground(id);
    office.commit(tx, actor, deed).await
}
