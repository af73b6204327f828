//! The people of a bureau: who has an account, with which roles, in which state (三员: the security administrator's).
//! Never lets anybody change their own roles or close their own account, and never shows a password's hash.

use domain::accounts::LoginName;
use domain::rights::{Permission, Role, Roles};
use domain::{CertificateNumber, Term, Text};
use store::accounts::Account;
use store::{At, Conn, Page, PageRequest, StoreError, Tx, accounts, bureaus, sessions};

use super::{blank, find, kept, named};
use crate::{Actor, Deed, FieldError, Office, Refusal, Token};

/// For how long a link lets a person set a password, in seconds: three days.
const INVITATION_SECONDS: i64 = 3 * 24 * 60 * 60;
/// A login name that would hide a page.
const TAKEN_BY_A_PAGE: &str = "new";

/// In what state an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its owner can sign in.
    Open,
    /// Its owner has not set a password yet.
    NoPassword,
    /// Too many wrong passwords: no sign-in before that moment.
    Locked(At),
    /// Closed since then.
    Closed(At),
}

impl State {
    /// The words that a search offers.
    pub const WORDS: [&str; 4] = ["正常", "未设口令", "锁定", "停用"];

    fn of(account: &Account, now: At) -> Self {
        if account.closed_at != At::default() {
            Self::Closed(account.closed_at)
        } else if account.locked_until > now {
            Self::Locked(account.locked_until)
        } else if account.password.is_empty() {
            Self::NoPassword
        } else {
            Self::Open
        }
    }

    /// The state in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        let [open, no_password, locked, closed] = Self::WORDS;
        match self {
            Self::Open => open,
            Self::NoPassword => no_password,
            Self::Locked(_) => locked,
            Self::Closed(_) => closed,
        }
    }
}

/// An account as those who administer see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// 登录名
    pub login: String,
    /// 姓名
    pub person: String,
    /// 部门; may be empty.
    pub department: String,
    /// 执法证编号; may be empty.
    pub certificate: String,
    /// 角色, by their proper words.
    pub roles: Vec<String>,
    /// 状态
    pub state: State,
    /// Last sign-in; none if there was none.
    pub last_sign_in: Option<At>,
}

impl Listed {
    fn of(account: Account, last_sign_in: Option<At>, now: At) -> Self {
        Self {
            state: State::of(&account, now),
            roles: account.roles.split('、').map(str::to_owned).collect(),
            login: account.login,
            person: account.person,
            department: account.department,
            certificate: account.certificate,
            last_sign_in,
        }
    }
}

/// What a search of accounts asks for; what is empty asks for nothing.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Part of login name, name, department or certificate.
    pub text: String,
    /// 角色
    pub role: String,
    /// One of [`State::WORDS`].
    pub state: String,
}

impl Search {
    fn finds(&self, listed: &Listed) -> bool {
        let text = self.text.trim().to_lowercase();
        let fields = [
            &listed.login,
            &listed.person,
            &listed.department,
            &listed.certificate,
        ];
        (text.is_empty() || fields.iter().any(|field| field.to_lowercase().contains(&text)))
            && (self.role.is_empty() || listed.roles.contains(&self.role))
            && (self.state.is_empty() || listed.state.word() == self.state)
    }
}

/// Accounts of the bureau, closed ones last. A bureau has tens of them, at most some hundreds: they are searched here.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    search: &Search,
    request: PageRequest,
) -> Result<Page<Listed>, Refusal> {
    actor.must(Permission::ReadAccounts)?;
    let now = office.now();
    let mut read = office.db.read().await?;
    let signed_in = sessions::last_sign_ins(&mut read, &actor.bureau).await?;
    let all = accounts::list(&mut read, &actor.bureau).await?;
    let listed = all.into_iter().map(|account| {
        let last = signed_in.get(&account.login).copied();
        Listed::of(account, last, now)
    });
    let found: Vec<Listed> = listed.filter(|listed| search.finds(listed)).collect();
    Ok(Page::of(found, request))
}

/// An account of the bureau, and until when its unused link works, if it has one.
///
/// # Errors
/// [`Refusal`].
pub async fn get(office: &Office, actor: &Actor, login: &str) -> Result<(Listed, Option<At>), Refusal> {
    actor.must(Permission::ReadAccounts)?;
    let now = office.now();
    let mut read = office.db.read().await?;
    let account = own(&mut read, actor, login).await?;
    let last = sessions::last_sign_ins(&mut read, &actor.bureau)
        .await?
        .get(login)
        .copied();
    let link = accounts::link_until(&mut read, login, now).await?;
    Ok((Listed::of(account, last, now), link))
}

async fn own(conn: &mut Conn, actor: &Actor, login: &str) -> Result<Account, Refusal> {
    let account = find(conn, login).await?;
    if account.bureau != actor.bureau {
        return Err(Refusal::Missing(format!("账号“{login}”")));
    }
    Ok(account)
}

/// What an account is to be.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// 登录名; of an account that exists it cannot change.
    pub login: String,
    /// 姓名
    pub person: String,
    /// 部门
    pub department: String,
    /// 执法证编号
    pub certificate: String,
    /// 角色, by their proper words.
    pub roles: Vec<String>,
}

/// Adds an account; the token is that of the link by which its owner sets the password.
///
/// # Errors
/// [`Refusal`].
pub async fn add(office: &Office, actor: &Actor, person: &Person) -> Result<Token, Refusal> {
    actor.must(Permission::ManageAccounts)?;
    let now = office.now();
    let mut tx = office.db.begin().await?;
    let account = wanted(&mut tx, actor, person, "").await?;
    match accounts::add(&mut tx, &account, now).await {
        Err(StoreError::Exists(_)) => {
            return Err(Refusal::field(
                "login",
                "这个登录名已经有人用；请换一个，例如加上部门的拼音",
            ));
        }
        other => other?,
    }
    let token = linked(office, &mut tx, &account).await?;
    let deed = Deed::new("account.add", subject(&account)).changed(None, Some(&described(&account)));
    office.commit(tx, actor, deed).await?;
    Ok(token)
}

/// Makes a new link; earlier ones of the account stop working.
async fn linked(office: &Office, tx: &mut Tx, account: &Account) -> Result<Token, Refusal> {
    let (token, now) = (Token::fresh(office), office.now());
    let until = now.plus_seconds(INVITATION_SECONDS);
    accounts::invite(tx, &token.hash(), &account.login, now, until).await?;
    Ok(token)
}

/// What the ledger hashes of an account: who it is and what it may do.
fn described(account: &Account) -> String {
    let Account {
        login,
        person,
        department,
        certificate,
        roles,
        closed_at,
        ..
    } = account;
    [
        login,
        person,
        department,
        certificate,
        roles,
        &closed_at.0.to_string(),
    ]
    .map(String::as_str)
    .join("\n")
}

fn subject(account: &Account) -> String {
    format!("account/{}", account.login)
}

/// The account that a person is to have. `present` is the department it has already, which may be closed by now.
async fn wanted(conn: &mut Conn, actor: &Actor, person: &Person, present: &str) -> Result<Account, Refusal> {
    let mut errors = Vec::new();
    let login = kept(&mut errors, "login", LoginName::parse(person.login.trim()));
    if person.login.trim() == TAKEN_BY_A_PAGE {
        let text = "这个登录名系统自己要用；请换一个";
        errors.push(FieldError::new("login", text));
    }
    let name = kept(
        &mut errors,
        "person",
        Text::parse_name(&person.person).map_err(named("姓名")),
    );
    let roles: Result<Vec<Role>, _> = person.roles.iter().map(|word| Role::parse(word)).collect();
    let roles = kept(&mut errors, "roles", roles).map(Roles::new);
    let roles = roles.and_then(|roles| kept(&mut errors, "roles", roles));
    check_department(conn, actor, person, present, &mut errors).await?;
    check_roles(person, roles.as_ref(), &mut errors);
    match (login, name, roles) {
        (Some(login), Some(name), Some(roles)) if errors.is_empty() => Ok(Account {
            department: person.department.clone(),
            certificate: person.certificate.trim().to_owned(),
            ..blank(&actor.bureau, &login, &name, &roles.to_string())
        }),
        _ => Err(Refusal::Fields(errors)),
    }
}

async fn check_department(
    conn: &mut Conn,
    actor: &Actor,
    person: &Person,
    present: &str,
    errors: &mut Vec<FieldError>,
) -> Result<(), Refusal> {
    if person.department.is_empty() || person.department == present {
        return Ok(());
    }
    let departments = bureaus::departments(conn, &actor.bureau).await?;
    let text = match departments.iter().find(|own| own.name == person.department) {
        Some(own) if own.closed_at == At::default() => return Ok(()),
        Some(_) => "这个部门已经停用；请选另一个，或请系统管理员在“机构与部门”里重新启用",
        None => "没有这个部门；请系统管理员先在“机构与部门”里增加",
    };
    errors.push(FieldError::new("department", text));
    Ok(())
}

/// What some roles need to be of use.
fn check_roles(person: &Person, roles: Option<&Roles>, errors: &mut Vec<FieldError>) {
    let has = |role| roles.is_some_and(|roles| roles.contains(role));
    let certificate = person.certificate.trim();
    if !certificate.is_empty() {
        kept(errors, "certificate", CertificateNumber::parse(certificate));
    } else if has(Role::Inspector) {
        let text = "执法人员要填写执法证编号，系统据此找到名录库里的本人";
        errors.push(FieldError::new("certificate", text));
    }
    // What such an account may do reaches as far as its department.
    if has(Role::JointDepartment) && person.department.is_empty() {
        let text = "联合部门的账号只能办理本部门的事，要选好部门";
        errors.push(FieldError::new("department", text));
    }
}

/// Changes name, department, certificate and roles; if the roles change, the account's sessions end, so that it acts
/// with its new roles only.
///
/// # Errors
/// [`Refusal`].
pub async fn change(office: &Office, actor: &Actor, person: &Person) -> Result<(), Refusal> {
    actor.must(Permission::ManageAccounts)?;
    let mut tx = held(office, actor).await?;
    let before = own(&mut tx, actor, person.login.trim()).await?;
    let next = wanted(&mut tx, actor, person, &before.department).await?;
    if before.login == actor.login && before.roles != next.roles {
        return Err(Refusal::field(
            "roles",
            "不能改自己的角色；请由另一位安全管理员办理",
        ));
    }
    let after = Account {
        closed_at: before.closed_at,
        ..next
    };
    if described(&before) == described(&after) {
        return Err(Refusal::rule("内容没有变化，不用保存"));
    }
    replace(office, actor, tx, &before, &after, "account.change").await
}

/// Begins a change of accounts: one at a time in a bureau, and only while the account of who asks is open and has its
/// roles: two who close each other at the same moment would leave nobody who can open an account again.
async fn held(office: &Office, actor: &Actor) -> Result<Tx, Refusal> {
    let mut tx = office.db.begin().await?;
    bureaus::hold(&mut tx, &actor.bureau).await?;
    let asking = own(&mut tx, actor, &actor.login).await?;
    if asking.closed_at != At::default() || asking.roles != actor.roles.to_string() {
        return Err(Refusal::SignedOut);
    }
    Ok(tx)
}

async fn replace(
    office: &Office,
    actor: &Actor,
    mut tx: Tx,
    before: &Account,
    after: &Account,
    act: &'static str,
) -> Result<(), Refusal> {
    accounts::change(&mut tx, after).await?;
    if before.roles != after.roles || after.closed_at != At::default() {
        sessions::end_all(&mut tx, &after.login, "", office.now()).await?;
    }
    let deed = Deed::new(act, subject(after)).changed(Some(&described(before)), Some(&described(after)));
    office.commit(tx, actor, deed).await
}

/// Closes an account, or opens it again. Nobody closes their own, so that there is always one who can open others.
///
/// # Errors
/// [`Refusal`].
pub async fn close(office: &Office, actor: &Actor, login: &str, closed: bool) -> Result<(), Refusal> {
    actor.must(Permission::ManageAccounts)?;
    let mut tx = held(office, actor).await?;
    let before = own(&mut tx, actor, login).await?;
    if before.login == actor.login {
        return Err(Refusal::rule("不能停用自己的账号；请由另一位安全管理员办理"));
    }
    if closed == (before.closed_at != At::default()) {
        let state = if closed { "停用" } else { "启用" };
        return Err(Refusal::rule(format!("这个账号已经是{state}的，没有改动")));
    }
    let closed_at = if closed { office.now() } else { At::default() };
    let after = Account {
        closed_at,
        ..before.clone()
    };
    let act = if closed { "account.close" } else { "account.open" };
    replace(office, actor, tx, &before, &after, act).await
}

/// A new link by which the owner sets a password; it also lifts a lock once it is used.
///
/// # Errors
/// [`Refusal`].
pub async fn invite(office: &Office, actor: &Actor, login: &str) -> Result<Token, Refusal> {
    actor.must(Permission::ManageAccounts)?;
    let mut tx = office.db.begin().await?;
    let account = open(own(&mut tx, actor, login).await?)?;
    let token = linked(office, &mut tx, &account).await?;
    let deed = Deed::new("account.invite", subject(&account));
    office.commit(tx, actor, deed).await?;
    Ok(token)
}

fn open(account: Account) -> Result<Account, Refusal> {
    if account.closed_at != At::default() {
        return Err(Refusal::rule("这个账号已经停用，链接没有用；请先启用它"));
    }
    Ok(account)
}

/// As [`invite`], for whoever has the machine itself: a bureau whose only security administrator has forgotten the
/// password has no other way back. The ledger says that it came from there.
///
/// # Errors
/// [`Refusal`].
pub async fn link_from_console(office: &Office, login: &str) -> Result<Token, Refusal> {
    let mut tx = office.db.begin().await?;
    let account = open(find(&mut tx, login).await?)?;
    let token = linked(office, &mut tx, &account).await?;
    let deed = Deed::new("account.invite", subject(&account)).ground("在服务器上发出");
    office
        .commit_as(tx, &account.bureau, "-", "console", deed)
        .await?;
    Ok(token)
}
