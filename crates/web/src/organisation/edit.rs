//! A new account, and changing one.
//! Never loses what was typed: after a refusal the form comes back as it was sent.

use askama::Template;
use axum::extract::{Path, State};
use domain::Term;
use domain::rights::Role;
use ops::accounts::{self, Person};
use ops::{At, organisation};

use super::accounts::link;
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Fields, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

#[derive(Template)]
#[template(path = "organisation/account_edit.html")]
struct Edit {
    frame: Frame,
    /// Login name of an account that exists; else empty.
    known: String,
    person: Person,
    departments: Vec<Choice>,
    roles: Vec<Choice>,
    errors: Errors,
}

async fn edit_page(app: &App, who: &Who, known: &str, person: Person, errors: Errors) -> Result<Edit, Fault> {
    let title = if known.is_empty() {
        "新增账号"
    } else {
        "修改账号"
    };
    let departments = organisation::departments(&app.office, &who.0).await?;
    let offered = departments
        .iter()
        .filter(|own| own.closed_at == At::default() || own.name == person.department)
        .map(|own| own.name.as_str());
    let chosen: Vec<&str> = person.roles.iter().map(String::as_str).collect();
    let path = vec![crumb("系统", ""), crumb("账号", "/accounts"), crumb(title, "")];
    Ok(Edit {
        frame: Frame::new(app, &who.0, title, "/accounts", path).await,
        known: known.to_owned(),
        departments: Choice::with_blank("（不属于哪个部门）", offered, &person.department),
        roles: Choice::of(Role::proper_words(), &chosen),
        person,
        errors,
    })
}

pub(super) async fn blank(State(app): State<App>, who: Who) -> Answer {
    page(&edit_page(&app, &who, "", Person::default(), Errors::default()).await?)
}

pub(super) async fn edit(State(app): State<App>, who: Who, Path(login): Path<String>) -> Answer {
    let (account, _) = accounts::get(&app.office, &who.0, &login).await?;
    let person = Person {
        login: account.login,
        person: account.person,
        department: account.department,
        certificate: account.certificate,
        roles: account.roles,
    };
    page(&edit_page(&app, &who, &login, person, Errors::default()).await?)
}

fn sent(fields: &Fields) -> Person {
    let text = |name: &str| fields.get(name).to_owned();
    Person {
        login: text("login"),
        person: text("person"),
        department: text("department"),
        certificate: text("certificate"),
        roles: fields.all("roles").map(str::to_owned).collect(),
    }
}

pub(super) async fn add(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let person = sent(&fields);
    match accounts::add(&app.office, &who.0, &person).await {
        Ok(token) => link(&app, &who, person.login.trim(), &token).await,
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, "", person, errors).await?)
        }
    }
}

pub(super) async fn change(
    State(app): State<App>,
    who: Who,
    Path(login): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let person = Person {
        login: login.clone(),
        ..sent(&fields)
    };
    match accounts::change(&app.office, &who.0, &person).await {
        Ok(()) => Ok(done(
            &format!("/accounts/{login}"),
            "已保存。角色有变化的，他原来的登录已全部退出。",
        )),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, &login, person, errors).await?)
        }
    }
}
