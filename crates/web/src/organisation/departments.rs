//! 机构与部门: the bureau's departments, adding one, closing one, opening it again.
//! Never deletes a department.

use askama::Template;
use axum::extract::{Query, State};
use ops::organisation::{self, KINDS};
use ops::{At, Refusal};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, Said, crumb, forget_said};

/// A department as a row.
struct Row {
    index: usize,
    name: String,
    kind: String,
    accounts: u64,
    closed: String,
}

#[derive(Template)]
#[template(path = "organisation/departments.html")]
struct List {
    frame: Frame,
    code: String,
    open: usize,
    rows: Vec<Row>,
    typed: String,
    kinds: Vec<Choice>,
    errors: Errors,
}

async fn list_page(
    app: &App,
    who: &Who,
    said: Said,
    name: &str,
    kind: &str,
    errors: Errors,
) -> Result<List, Fault> {
    let listed = organisation::list(&app.office, &who.0).await?;
    let row = |(index, listed): (usize, organisation::Listed)| Row {
        index,
        closed: day_of(listed.department.closed_at),
        name: listed.department.name,
        kind: listed.department.kind,
        accounts: listed.accounts,
    };
    let rows: Vec<Row> = (1..).zip(listed).map(row).collect();
    let path = vec![crumb("系统", ""), crumb("机构与部门", "")];
    let frame = Frame::new(app, &who.0, "机构与部门", "/departments", path).await;
    Ok(List {
        frame: frame.saying(said),
        code: who.0.bureau.clone(),
        open: rows.iter().filter(|row| row.closed.is_empty()).count(),
        rows,
        typed: name.to_owned(),
        kinds: Choice::of(KINDS, &[kind]),
        errors,
    })
}

/// The day of a moment; nothing for none.
fn day_of(at: At) -> String {
    if at == At::default() {
        return String::new();
    }
    at.day().to_string()
}

pub(super) async fn list(State(app): State<App>, who: Who, said: Said) -> Answer {
    let [first, ..] = KINDS;
    let list = list_page(&app, &who, said, "", first, Errors::default()).await?;
    page(&list).map(forget_said)
}

pub(super) async fn add(State(app): State<App>, who: Who, said: Said, Sent(fields): Sent) -> Answer {
    let (name, kind) = (fields.get("name"), fields.get("kind"));
    match organisation::add(&app.office, &who.0, name, kind).await {
        Ok(()) => Ok(done("/departments", &format!("已增加部门“{}”。", name.trim()))),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&list_page(&app, &who, said, name, kind, errors).await?)
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(rename = "do")]
    act: String,
    name: String,
}

#[derive(Template)]
#[template(path = "organisation/department_act.html")]
struct Act {
    frame: Frame,
    act: String,
    name: String,
    kind: String,
    accounts: u64,
    button: &'static str,
    errors: Errors,
}

async fn act_page(app: &App, who: &Who, act: &str, name: &str, errors: Errors) -> Result<Act, Fault> {
    let (title, button) = match act {
        "close" => ("停用部门", "确认停用"),
        "open" => ("重新启用部门", "确认启用"),
        _ => return Err(Refusal::Missing("这一步操作".to_owned()).into()),
    };
    let listed = organisation::list(&app.office, &who.0).await?;
    let own = listed.into_iter().find(|listed| listed.department.name == name);
    let own = own.ok_or_else(|| Refusal::Missing(format!("部门“{name}”")))?;
    let path = vec![
        crumb("系统", ""),
        crumb("机构与部门", "/departments"),
        crumb(title, ""),
    ];
    Ok(Act {
        frame: Frame::new(app, &who.0, title, "/departments", path).await,
        act: act.to_owned(),
        name: own.department.name,
        kind: own.department.kind,
        accounts: own.accounts,
        button,
        errors,
    })
}

pub(super) async fn ask(State(app): State<App>, who: Who, Query(wanted): Query<Wanted>) -> Answer {
    page(&act_page(&app, &who, &wanted.act, &wanted.name, Errors::default()).await?)
}

pub(super) async fn act(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let (act, name) = (fields.get("do"), fields.get("name"));
    let (office, actor) = (&app.office, &who.0);
    let (result, word) = match act {
        "close" => (organisation::close(office, actor, name, true).await, "停用"),
        "open" => (organisation::close(office, actor, name, false).await, "重新启用"),
        _ => (Err(Refusal::Missing("这一步操作".to_owned())), ""),
    };
    match result {
        Ok(()) => Ok(done("/departments", &format!("已{word}部门“{name}”。"))),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&act_page(&app, &who, act, name, errors).await?)
        }
    }
}
