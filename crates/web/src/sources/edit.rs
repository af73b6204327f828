//! Entering and changing a source, and the acts that need only a ground: leaving, returning, confirming.
//! Never loses what was typed: after a refusal the form comes back as it was sent.

use askama::Template;
use axum::extract::{Path, Query, State};
use ops::AsOf;
use ops::sources::{self, Typed};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Errors, Fields, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Crumb, Frame, crumb};
use crate::register::{Field, Line, form, lines, typed};

/// Columns of the register that every licence has its own of.
pub(super) const OF_LICENCE: [&str; 4] = ["许可证名称", "许可证编号", "批设时间", "有效期至"];

#[derive(Template)]
#[template(path = "sources/edit.html")]
struct Edit {
    frame: Frame,
    action: String,
    back: String,
    version: i64,
    fields: Vec<Field>,
    licences: Vec<Line>,
    ground: String,
    errors: Errors,
}

async fn edit_page(
    app: &App,
    who: &Who,
    target: Option<&str>,
    version: i64,
    typed: Typed,
    errors: Errors,
) -> Edit {
    let title = if target.is_some() {
        "变更污染源"
    } else {
        "污染源入库"
    };
    let path = vec![crumb("名录库", ""), crumb("污染源", "/sources"), crumb(title, "")];
    let base = target.map_or("/sources".to_owned(), |target| format!("/sources/{target}"));
    Edit {
        frame: Frame::new(app, &who.0, title, "/sources", path).await,
        action: target.map_or("/sources/new".to_owned(), |target| {
            format!("/sources/{target}/edit")
        }),
        back: base,
        version,
        fields: form(&sources::columns(), &OF_LICENCE, typed.rows.first(), &errors),
        licences: lines(&sources::columns(), &OF_LICENCE, &typed.rows, &errors),
        ground: typed.ground,
        errors,
    }
}

pub(super) async fn blank(State(app): State<App>, who: Who) -> Answer {
    page(&edit_page(&app, &who, None, 0, Typed::default(), Errors::default()).await)
}

pub(super) async fn edit(State(app): State<App>, who: Who, Path(target): Path<String>) -> Answer {
    let version = sources::get(&app.office, &who.0, &target, AsOf::Now).await?;
    let typed = Typed {
        rows: sources::rows(&version.record.source),
        ground: String::new(),
    };
    page(
        &edit_page(
            &app,
            &who,
            Some(&target),
            version.number,
            typed,
            Errors::default(),
        )
        .await,
    )
}

fn sent(fields: &Fields) -> Typed {
    Typed {
        rows: typed(&sources::columns(), &OF_LICENCE, fields),
        ground: fields.get("ground").to_owned(),
    }
}

pub(super) async fn enter(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = sent(&fields);
    if fields.has("more") {
        return page(&edit_page(&app, &who, None, 0, with_line(typed), Errors::default()).await);
    }
    match sources::enter(&app.office, &who.0, &typed).await {
        Ok(source) => Ok(done(&format!("/sources/{}", source.id()), "已经入库。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, None, 0, typed, errors).await)
        }
    }
}

pub(super) async fn change(
    State(app): State<App>,
    who: Who,
    Path(target): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (typed, version) = (sent(&fields), fields.number("version"));
    if fields.has("more") {
        let typed = with_line(typed);
        return page(&edit_page(&app, &who, Some(&target), version, typed, Errors::default()).await);
    }
    match sources::change(&app.office, &who.0, &target, version, &typed).await {
        Ok(()) => Ok(done(&format!("/sources/{target}"), "变更已保存为新的一版。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, Some(&target), version, typed, errors).await)
        }
    }
}

/// One more licence: the same site with blank fields for it.
fn with_line(typed: Typed) -> Typed {
    let mut rows = typed.rows;
    let mut more = rows.first().cloned().unwrap_or_default();
    for (cell, column) in more.iter_mut().zip(sources::columns()) {
        if OF_LICENCE.contains(&column.title) {
            cell.clear();
        }
    }
    rows.push(more);
    Typed { rows, ..typed }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(rename = "do")]
    act: String,
}

/// What an act on a source is called, what it does, and whether it needs a ground.
struct Question {
    title: &'static str,
    ask: &'static str,
    button: &'static str,
    ground: bool,
    done: &'static str,
}

fn question(act: &str) -> Option<Question> {
    Some(match act {
        "leave" => Question {
            title: "退出名录库",
            ask: "退出后不再进入抽取，档案和全部变更记录保留，以后可以重新入库。",
            button: "确认退出",
            ground: true,
            done: "已经退出名录库。",
        },
        "return" => Question {
            title: "重新入库",
            ask: "重新入库后又会进入抽取。",
            button: "确认重新入库",
            ground: true,
            done: "已经重新入库。",
        },
        "confirm" => Question {
            title: "核实无误",
            ask: "确认名录库里这一户的内容今天核对过、都对，记下核实日期。",
            button: "确认核实",
            ground: false,
            done: "已记下今天核实。",
        },
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "sources/act.html")]
struct Act {
    frame: Frame,
    id: String,
    act: String,
    version: i64,
    name: String,
    state: String,
    question: Question,
    ground: String,
    errors: Errors,
}

async fn act_page(
    app: &App,
    who: &Who,
    target: &str,
    act: &str,
    ground: &str,
    errors: Errors,
) -> Result<Act, Fault> {
    let missing = || ops::Refusal::Missing("这一步操作".to_owned());
    let question = question(act).ok_or_else(missing)?;
    let version = sources::get(&app.office, &who.0, target, AsOf::Now).await?;
    let source = &version.record.source;
    let name = source.name.to_string();
    let path: Vec<Crumb> = vec![
        crumb("名录库", ""),
        crumb("污染源", "/sources"),
        crumb(&name, &format!("/sources/{target}")),
        crumb(question.title, ""),
    ];
    Ok(Act {
        frame: Frame::new(app, &who.0, question.title, "/sources", path).await,
        id: target.to_owned(),
        act: act.to_owned(),
        version: version.number,
        state: super::list::state(source, version.record.inside).1,
        name,
        question,
        ground: ground.to_owned(),
        errors,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    who: Who,
    Path(target): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    page(&act_page(&app, &who, &target, &wanted.act, "", Errors::default()).await?)
}

pub(super) async fn act(
    State(app): State<App>,
    who: Who,
    Path(target): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (act, ground, version) = (fields.get("do"), fields.get("ground"), fields.number("version"));
    let (office, actor) = (&app.office, &who.0);
    let result = match act {
        "leave" => sources::leave(office, actor, &target, version, ground).await,
        "return" => sources::return_to(office, actor, &target, version, ground).await,
        "confirm" => sources::confirm(office, actor, &target, version).await,
        _ => Err(ops::Refusal::Missing("这一步操作".to_owned())),
    };
    match result {
        Ok(()) => {
            let sentence = question(act).map_or("已办理。", |question| question.done);
            Ok(done(&format!("/sources/{target}"), sentence))
        }
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&act_page(&app, &who, &target, act, ground, errors).await?)
        }
    }
}
