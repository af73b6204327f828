//! 账号: setting up the office, one-time links, signing in and out, who has which role.
//! Never keeps a password in the clear, and never says whether it was the name or the password that was wrong.

mod people;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::accounts::{BureauCode, LockOut, LoginName, NewPassword};
use domain::rights::Role;
use domain::{Term, Text};
use store::accounts::{Account, Invitation};
use store::bureaus::Bureau;
use store::sessions::Session;
use store::{At, StoreError, accounts, bureaus, sessions};
use zeroize::Zeroizing;

pub use people::{Listed, Person, Search, State, add, change, close, get, invite, link_from_console, list};

use crate::{Deed, FieldError, Office, Refusal, Token, tokens, work};

/// For how long a link sets up the installation, in seconds: a day.
const SETUP_SECONDS: i64 = 24 * 60 * 60;
/// Longest session, in seconds: a working day.
const SESSION_SECONDS: i64 = 12 * 60 * 60;
/// Characters that are kept of what a browser calls itself.
const AGENT_CHARS_MAX: usize = 200;
/// Departments that every bureau begins with: the two that start a draw together (R5.1c).
const FIRST_DEPARTMENTS: [(&str, &str); 2] = [("办公室", "股室"), ("环境监察大队", "直属单位")];
/// A hash that no password has: verified where there is no account, so that both take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bWluZ2NoYW5vYm9keQ$TXsUuxRAeMVRXV8WoFJNtYtAF/gASlpFuWbmWZ1CFaA";

/// What the first page asks.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// 机关代号, such as 410899-EEB.
    pub bureau_code: String,
    /// 机关名称
    pub bureau_name: String,
    /// 登录名 of the security administrator.
    pub login: String,
    /// 姓名
    pub person: String,
}

/// A link for the setting up, if nobody has an account yet; earlier ones stop working.
///
/// # Errors
/// [`StoreError`].
pub async fn setup_link(office: &Office) -> Result<Option<Token>, StoreError> {
    if accounts::any(&mut *office.db.read().await?).await? {
        return Ok(None);
    }
    let token = Token::fresh(office);
    let now = office.now();
    let mut upkeep = office.db.upkeep().await?;
    accounts::invite(
        &mut upkeep,
        &token.hash(),
        "",
        now,
        now.plus_seconds(SETUP_SECONDS),
    )
    .await?;
    upkeep.commit().await?;
    Ok(Some(token))
}

/// For whom a link still works: a login name, or nothing for the setting up.
///
/// # Errors
/// [`Refusal`]: a link that is unknown, used or over.
pub async fn invited(office: &Office, token: &str) -> Result<String, Refusal> {
    let found = accounts::invitation(&mut *office.db.read().await?, &tokens::hash(token)).await?;
    valid(found, office.now()).map(|invitation| invitation.login)
}

fn valid(found: Option<Invitation>, now: At) -> Result<Invitation, Refusal> {
    let way_out = "请向安全管理员要一个新的链接（首次设置的链接，重新启动服务即可得到）";
    match found {
        None => Err(Refusal::rule(format!("没有这个链接；{way_out}"))),
        Some(invitation) if invitation.used_at != At::default() => Err(Refusal::rule(format!(
            "这个链接已经用过，每个链接只能用一次；{way_out}"
        ))),
        Some(invitation) if invitation.expires_at <= now => {
            Err(Refusal::rule(format!("这个链接已经过期；{way_out}")))
        }
        Some(invitation) => Ok(invitation),
    }
}

/// Sets up the office: its bureau, and the security administrator, who gives everybody else an account.
///
/// # Errors
/// [`Refusal`].
pub async fn set_up(
    office: &Office,
    token: &str,
    setup: &Setup,
    password: &str,
    from: &str,
) -> Result<(), Refusal> {
    let (code, name, login, person) = checked(setup, password)?;
    let hash = hashed(office, password).await?;
    let now = office.now();
    let mut tx = office.db.begin().await?;
    valid(accounts::invitation(&mut tx, &tokens::hash(token)).await?, now)?;
    if !accounts::use_up(&mut tx, &tokens::hash(token), now).await? || accounts::any(&mut tx).await? {
        return Err(Refusal::rule("系统已经设置过了；请直接登录"));
    }
    let superior = String::new();
    let bureau = Bureau {
        code: code.to_string(),
        name: name.to_string(),
        superior,
    };
    bureaus::add_bureau(&mut tx, &bureau, now).await?;
    for (department, kind) in FIRST_DEPARTMENTS {
        bureaus::add_department(&mut tx, &bureau.code, department, kind, now).await?;
    }
    crate::items::ship(&mut tx, &bureau.code, now).await?;
    let account = Account {
        password: hash,
        ..blank(&bureau.code, &login, &person, Role::SecurityAdministrator.word())
    };
    accounts::add(&mut tx, &account, now).await?;
    let deed = Deed::new("office.setup", format!("bureau/{}", bureau.code)).public();
    office
        .commit_as(tx, &bureau.code, login.as_str(), from, deed)
        .await
}

fn checked(setup: &Setup, password: &str) -> Result<(BureauCode, Text, LoginName, Text), Refusal> {
    let mut errors = Vec::new();
    let code = kept(
        &mut errors,
        "bureau_code",
        BureauCode::parse(setup.bureau_code.trim()),
    );
    let name = kept(
        &mut errors,
        "bureau_name",
        Text::parse_name(&setup.bureau_name).map_err(named("机关名称")),
    );
    let login = kept(&mut errors, "login", LoginName::parse(setup.login.trim()));
    let person = kept(
        &mut errors,
        "person",
        Text::parse_name(&setup.person).map_err(named("姓名")),
    );
    if let Some(login) = &login {
        kept(&mut errors, "password", NewPassword::parse(password, login));
    }
    match (code, name, login, person) {
        (Some(code), Some(name), Some(login), Some(person)) if errors.is_empty() => {
            Ok((code, name, login, person))
        }
        _ => Err(Refusal::Fields(errors)),
    }
}

/// The value, or its error under the name of its field.
pub(crate) fn kept<T>(
    errors: &mut Vec<FieldError>,
    field: &str,
    parsed: Result<T, impl std::fmt::Display>,
) -> Option<T> {
    match parsed {
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(FieldError::new(field, error.to_string()));
            None
        }
    }
}

/// An error that says of what it is.
pub(crate) fn named<E: std::fmt::Display>(title: &'static str) -> impl FnOnce(E) -> String {
    move |error| format!("{title}{error}")
}

fn blank(bureau: &str, login: &LoginName, person: &Text, roles: &str) -> Account {
    Account {
        login: login.to_string(),
        bureau: bureau.to_owned(),
        person: person.to_string(),
        department: String::new(),
        certificate: String::new(),
        roles: roles.to_owned(),
        password: String::new(),
        closed_at: At::default(),
        failures: 0,
        locked_until: At::default(),
    }
}

async fn hashed(office: &Office, password: &str) -> Result<String, Refusal> {
    let (password, salt) = (Zeroizing::new(password.to_owned()), office.random::<16>());
    let hash = work::aside(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
    });
    hash.await?.map_err(|_| Refusal::rule("口令没有保存成功；请重试"))
}

async fn matches(password: &str, hash: String) -> Result<bool, Refusal> {
    let password = Zeroizing::new(password.to_owned());
    work::aside(move || {
        Argon2::default()
            .verify_password(password.as_bytes(), hash.as_str())
            .is_ok()
    })
    .await
}

/// Signs in.
///
/// # Errors
/// [`Refusal::Rule`]: wrong, locked or closed, in one sentence that does not tell which of name and password.
pub async fn sign_in(
    office: &Office,
    login: &str,
    password: &str,
    from: &str,
    agent: &str,
) -> Result<Token, Refusal> {
    let account = accounts::find(&mut *office.db.read().await?, login.trim()).await?;
    let known = account.filter(|account| account.closed_at == At::default() && !account.password.is_empty());
    if known
        .as_ref()
        .is_some_and(|account| account.locked_until > office.now())
    {
        return Err(wrong());
    }
    let hash = known
        .as_ref()
        .map_or(NOBODY, |account| account.password.as_str())
        .to_owned();
    let right = matches(password, hash).await?;
    let Some(account) = known else { return Err(wrong()) };
    // Many may have been let in to guess before the first was found wrong: who is locked by now is not told the outcome.
    let mut tx = office.db.begin().await?;
    store::bureaus::hold(&mut tx, &account.bureau).await?;
    let account = find(&mut tx, &account.login).await?;
    if account.locked_until > office.now() || account.closed_at != At::default() {
        return Err(wrong());
    }
    if !right {
        return Err(failed(office, tx, &account, from).await?);
    }
    begin_session(office, tx, &account, from, agent).await
}

fn wrong() -> Refusal {
    Refusal::rule(
        "登录名或口令不对，或者账号因连续输错已暂时锁定；请核对后重试，注意大小写和输入法。锁定的账号要等 15 分钟以上，也可请安全管理员发一个新的链接",
    )
}

async fn failed(
    office: &Office,
    mut tx: store::Tx,
    account: &Account,
    from: &str,
) -> Result<Refusal, Refusal> {
    let failures = accounts::count_failure(&mut tx, &account.login).await?;
    let seconds = LockOut::after(u32::try_from(failures).unwrap_or(u32::MAX));
    if seconds > 0 {
        let until = office.now().plus_seconds(seconds.into());
        accounts::lock(&mut tx, &account.login, failures, until).await?;
    }
    let act = if seconds > 0 {
        "account.locked"
    } else {
        "account.failed"
    };
    let deed = Deed::new(act, format!("account/{}", account.login)).ground(&format!("连续第{failures}次"));
    office.commit_as(tx, &account.bureau, "-", from, deed).await?;
    Ok(wrong())
}

async fn begin_session(
    office: &Office,
    mut tx: store::Tx,
    account: &Account,
    from: &str,
    agent: &str,
) -> Result<Token, Refusal> {
    let (token, now) = (Token::fresh(office), office.now());
    let session = Session {
        token: token.hash(),
        id: office.id(),
        login: account.login.clone(),
        address: from.to_owned(),
        agent: agent.chars().take(AGENT_CHARS_MAX).collect(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(SESSION_SECONDS),
        ended_at: At::default(),
    };
    accounts::lock(&mut tx, &account.login, 0, At::default()).await?;
    sessions::begin(&mut tx, &session).await?;
    let deed = Deed::new("account.sign-in", format!("account/{}", account.login));
    office
        .commit_as(tx, &account.bureau, &account.login, from, deed)
        .await?;
    Ok(token)
}

/// Sets the password by a one-time link; all sessions of the account end.
///
/// # Errors
/// [`Refusal`].
pub async fn accept(office: &Office, token: &str, password: &str, from: &str) -> Result<String, Refusal> {
    let login = invited(office, token).await?;
    let name =
        LoginName::parse(&login).map_err(|_| Refusal::rule("这个链接是首次设置用的；请打开它原来的地址"))?;
    NewPassword::parse(password, &name).map_err(|e| Refusal::field("password", e))?;
    let hash = hashed(office, password).await?;
    let mut tx = office.db.begin().await?;
    if !accounts::use_up(&mut tx, &tokens::hash(token), office.now()).await? {
        return Err(Refusal::rule("这个链接刚刚被用过；请直接登录"));
    }
    let account = find(&mut tx, &login).await?;
    if account.closed_at != At::default() {
        return Err(Refusal::rule("这个账号已经停用，不能设置口令；请联系安全管理员"));
    }
    accounts::set_password(&mut tx, &login, &hash).await?;
    sessions::end_all(&mut tx, &login, "", office.now()).await?;
    let deed = Deed::new("account.password", format!("account/{login}"));
    office.commit_as(tx, &account.bureau, &login, from, deed).await?;
    Ok(login)
}

async fn find(conn: &mut store::Conn, login: &str) -> Result<Account, Refusal> {
    let account = accounts::find(conn, login).await?;
    account.ok_or_else(|| Refusal::Missing(format!("账号“{login}”")))
}
