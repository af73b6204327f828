//! Accounts: the list, one account with its sessions, a new link, closing and opening.
//! Never shows a link a second time.

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use domain::Term;
use domain::rights::{Permission, Role};
use ops::accounts::{self, Listed, State as AccountState};
use ops::{Refusal, Token, sessions};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, request};

/// State of an account as a tag.
fn tag(state: AccountState) -> (&'static str, String) {
    match state {
        AccountState::Open => ("good", state.word().to_owned()),
        AccountState::NoPassword => ("warn", state.word().to_owned()),
        AccountState::Locked(until) => ("bad", format!("锁定到 {until}")),
        AccountState::Closed(at) => ("idle", format!("{}（{}）", state.word(), at.day())),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
    role: String,
    state: String,
    page: Option<u64>,
    size: Option<u64>,
}

/// An account as a row.
struct Row {
    index: u64,
    login: String,
    person: String,
    department: String,
    roles: String,
    state: (&'static str, String),
    last: String,
}

#[derive(Template)]
#[template(path = "organisation/accounts.html")]
struct List {
    frame: Frame,
    search: Search,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    may_manage: bool,
    rows: Vec<Row>,
    pager: Pager,
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let wanted = accounts::Search {
        text: search.q.clone(),
        role: search.role.clone(),
        state: search.state.clone(),
    };
    let list = accounts::list(&app.office, &actor, &wanted, request(search.page, search.size)).await?;
    let pager = Pager::new("/accounts", &query.unwrap_or_default(), &list);
    let first = (list.request.page() - 1) * list.request.size() + 1;
    let row = |(index, listed): (u64, Listed)| Row {
        index,
        state: tag(listed.state),
        roles: listed.roles.join("、"),
        last: listed.last_sign_in.map(|at| at.to_string()).unwrap_or_default(),
        login: listed.login,
        person: listed.person,
        department: listed.department,
    };
    let path = vec![crumb("系统", ""), crumb("账号", "")];
    page(&List {
        frame: Frame::new(&app, &actor, "账号", "/accounts", path)
            .await
            .saying(said),
        roles: Choice::with_blank("全部", Role::proper_words(), &search.role),
        states: Choice::with_blank("全部", AccountState::WORDS, &search.state),
        may_manage: actor.may(Permission::ManageAccounts).is_some(),
        rows: (first..).zip(list.rows).map(row).collect(),
        pager,
        search,
    })
    .map(forget_said)
}

#[derive(Template)]
#[template(path = "organisation/account.html")]
struct Show {
    frame: Frame,
    account: Listed,
    state: (&'static str, String),
    roles: String,
    last: String,
    link: String,
    closed: bool,
    own: bool,
    may_manage: bool,
    sessions: Vec<crate::sessions::Row>,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(login): Path<String>,
) -> Answer {
    let (account, link) = accounts::get(&app.office, &actor, &login).await?;
    let sessions = sessions::list(&app.office, &actor, &login).await?;
    let path = vec![
        crumb("系统", ""),
        crumb("账号", "/accounts"),
        crumb(&account.person, ""),
    ];
    let frame = Frame::new(&app, &actor, &account.person, "/accounts", path).await;
    page(&Show {
        frame: frame.saying(said),
        state: tag(account.state),
        roles: account.roles.join("、"),
        last: account.last_sign_in.map(|at| at.to_string()).unwrap_or_default(),
        link: link.map(|until| until.to_string()).unwrap_or_default(),
        closed: matches!(account.state, AccountState::Closed(_)),
        own: account.login == actor.login,
        may_manage: actor.may(Permission::ManageAccounts).is_some(),
        sessions: sessions
            .into_iter()
            .map(|session| crate::sessions::row(session, &actor))
            .collect(),
        account,
    })
    .map(forget_said)
}

pub(super) async fn end_session(
    State(app): State<App>,
    Who(actor): Who,
    Path((login, id)): Path<(String, String)>,
) -> Answer {
    sessions::end(&app.office, &actor, &login, &id).await?;
    Ok(done(&format!("/accounts/{login}"), "已经退出那一处登录。"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(rename = "do")]
    act: String,
}

/// What an act on an account is called, and what it does.
struct Question {
    title: &'static str,
    ask: &'static str,
    button: &'static str,
}

fn question(act: &str) -> Result<Question, Refusal> {
    Ok(match act {
        "link" => Question {
            title: "发一次性链接",
            ask: "本人用这个链接重新设置口令：链接 3 天内有效，只能用一次，以前没有用过的链接就此失效。\
                  设置新口令后，原来的登录全部退出，锁定也随之解除；在此之前，原口令仍然可用。",
            button: "发链接",
        },
        "close" => Question {
            title: "停用账号",
            ask: "停用后不能登录，正在使用的登录马上退出；他办过的事和留下的记录都不变，以后可以重新启用。",
            button: "确认停用",
        },
        "open" => Question {
            title: "启用账号",
            ask: "启用后可以用原来的口令登录，角色和停用前一样。忘记口令的，启用后再发一个链接。",
            button: "确认启用",
        },
        _ => return Err(Refusal::Missing("这一步操作".to_owned())),
    })
}

#[derive(Template)]
#[template(path = "organisation/account_act.html")]
struct Act {
    frame: Frame,
    account: Listed,
    state: String,
    roles: String,
    act: String,
    question: Question,
    errors: Errors,
}

async fn act_page(app: &App, who: &Who, login: &str, act: &str, errors: Errors) -> Result<Act, Fault> {
    let question = question(act)?;
    let (account, _) = accounts::get(&app.office, &who.0, login).await?;
    let path = vec![
        crumb("系统", ""),
        crumb("账号", "/accounts"),
        crumb(&account.person, &format!("/accounts/{login}")),
        crumb(question.title, ""),
    ];
    Ok(Act {
        frame: Frame::new(app, &who.0, question.title, "/accounts", path).await,
        state: tag(account.state).1,
        roles: account.roles.join("、"),
        account,
        act: act.to_owned(),
        question,
        errors,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    who: Who,
    Path(login): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    page(&act_page(&app, &who, &login, &wanted.act, Errors::default()).await?)
}

pub(super) async fn act(
    State(app): State<App>,
    who: Who,
    Path(login): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (act, here) = (fields.get("do"), format!("/accounts/{login}"));
    let (office, actor) = (&app.office, &who.0);
    let result = match act {
        "link" => match accounts::invite(office, actor, &login).await {
            Ok(token) => return link(&app, &who, &login, &token).await,
            Err(refusal) => Err(refusal),
        },
        "close" => {
            let closed = accounts::close(office, actor, &login, true).await;
            closed.map(|()| done(&here, "账号已停用，他的登录已全部退出。"))
        }
        "open" => {
            let opened = accounts::close(office, actor, &login, false).await;
            opened.map(|()| done(&here, "账号已启用。"))
        }
        _ => Err(Refusal::Missing("这一步操作".to_owned())),
    };
    match result {
        Ok(response) => Ok(response),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&act_page(&app, &who, &login, act, errors).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "organisation/link.html")]
struct Link {
    frame: Frame,
    account: Listed,
    roles: String,
    url: String,
    until: String,
}

/// The page that shows a link, this once.
pub(super) async fn link(app: &App, who: &Who, login: &str, token: &Token) -> Answer {
    let (account, until) = accounts::get(&app.office, &who.0, login).await?;
    let path = vec![
        crumb("系统", ""),
        crumb("账号", "/accounts"),
        crumb(&account.person, &format!("/accounts/{login}")),
        crumb("一次性链接", ""),
    ];
    page(&Link {
        frame: Frame::new(app, &who.0, "一次性链接", "/accounts", path).await,
        roles: account.roles.join("、"),
        account,
        url: format!("{}/invitation/{}", app.settings.url, token.reveal()),
        until: until.map(|until| until.to_string()).unwrap_or_default(),
    })
}
