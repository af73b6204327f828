//! Entering and changing a person, leaving the register and coming back.
//! Never loses what was typed: after a refusal the form comes back as it was sent.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::Term;
use ops::inspectors::{self, LEAVING, Leaving, OTHER, Returning, Typed};
use serde::Deserialize;

use super::{address, path};
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Fields, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};
use crate::register::{Field, form, typed};

#[derive(Template)]
#[template(path = "inspectors/edit.html")]
struct Edit {
    frame: Frame,
    action: String,
    back: String,
    version: i64,
    fields: Vec<Field>,
    departments: Vec<Choice>,
    joined_on: String,
    ground: String,
    errors: Errors,
}

async fn edit_page(
    app: &App,
    who: &Who,
    certificate: Option<&str>,
    version: i64,
    typed: Typed,
    errors: Errors,
) -> Result<Edit, Fault> {
    let title = if certificate.is_some() {
        "变更执法检查人员"
    } else {
        "执法检查人员入库"
    };
    let mut names = inspectors::departments(&app.office, &who.0).await?;
    if !typed.department.is_empty() && !names.contains(&typed.department) {
        // A department that was closed since, to which the person still belongs.
        names.push(typed.department.clone());
    }
    let names = names.iter().map(String::as_str);
    Ok(Edit {
        frame: Frame::new(app, &who.0, title, "/inspectors", path(title)).await,
        action: certificate.map_or("/inspectors/new".to_owned(), |own| {
            format!("{}/edit", address(own))
        }),
        back: certificate.map_or("/inspectors".to_owned(), address),
        version,
        fields: form(&inspectors::columns(), &[], typed.rows.first(), &errors),
        departments: Choice::with_blank("请选择", names, &typed.department),
        joined_on: typed.joined_on,
        ground: typed.ground,
        errors,
    })
}

pub(super) async fn blank(State(app): State<App>, who: Who) -> Answer {
    let typed = Typed {
        joined_on: app.office.now().day().to_string(),
        department: who.0.department.clone(),
        ..Typed::default()
    };
    page(&edit_page(&app, &who, None, 0, typed, Errors::default()).await?)
}

pub(super) async fn edit(State(app): State<App>, who: Who, Path(certificate): Path<String>) -> Answer {
    let version = inspectors::editable(&app.office, &who.0, &certificate).await?;
    let (number, typed) = (version.number, inspectors::typed(&version.record));
    page(&edit_page(&app, &who, Some(&certificate), number, typed, Errors::default()).await?)
}

fn sent(fields: &Fields) -> Typed {
    Typed {
        rows: typed(&inspectors::columns(), &[], fields),
        department: fields.get("department").to_owned(),
        joined_on: fields.get("joined_on").to_owned(),
        ground: fields.get("ground").to_owned(),
    }
}

pub(super) async fn enter(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = sent(&fields);
    match inspectors::enter(&app.office, &who.0, &typed).await {
        Ok(inspector) => {
            let to = address(inspector.certificate.number.as_str());
            Ok(done(&to, "已经入库。"))
        }
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, None, 0, typed, errors).await?)
        }
    }
}

pub(super) async fn change(
    State(app): State<App>,
    who: Who,
    Path(certificate): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (typed, version) = (sent(&fields), fields.number("version"));
    match inspectors::change(&app.office, &who.0, &certificate, version, &typed).await {
        Ok(()) => Ok(done(&address(&certificate), "变更已保存为新的一版。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&edit_page(&app, &who, Some(&certificate), version, typed, errors).await?)
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(rename = "do")]
    act: String,
}

/// What an act on a person is called, what it does, and what its day is called.
struct Question {
    title: &'static str,
    ask: &'static str,
    day: &'static str,
    hint: &'static str,
    button: &'static str,
}

fn question(act: &str) -> Option<Question> {
    Some(match act {
        "leave" => Question {
            title: "离开名录库",
            ask: "离开后不再进入抽取；档案、请假、回避和全部变更记录保留，以后可以重新入库。",
            day: "离库日期",
            hint: "例如 调令、退休批复、离职审批的文号",
            button: "确认离开名录库",
        },
        "return" => Question {
            title: "重新入库",
            ask: "重新入库后状态为在岗，执法证有效的又会进入抽取；以前登记、没有撤销的回避继续有效。",
            day: "入库日期",
            hint: "例如 人事通知、调令的文号",
            button: "确认重新入库",
        },
        _ => return None,
    })
}

/// What was typed on the page of an act.
struct Asked<'a> {
    act: &'a str,
    reason: &'a str,
    on: &'a str,
    ground: &'a str,
}

#[derive(Template)]
#[template(path = "inspectors/act.html")]
struct Act {
    frame: Frame,
    base: String,
    act: String,
    version: i64,
    name: String,
    certificate: String,
    department: String,
    question: Question,
    reasons: Vec<Choice>,
    on: String,
    ground: String,
    errors: Errors,
}

async fn act_page(
    app: &App,
    who: &Who,
    certificate: &str,
    asked: Asked<'_>,
    errors: Errors,
) -> Result<Act, Fault> {
    let missing = || ops::Refusal::Missing("这一步操作".to_owned());
    let question = question(asked.act).ok_or_else(missing)?;
    let version = inspectors::editable(&app.office, &who.0, certificate).await?;
    let name = version.record.inspector.name.to_string();
    let crumbs = vec![
        crumb("名录库", ""),
        crumb("执法检查人员", "/inspectors"),
        crumb(&name, &address(certificate)),
        crumb(question.title, ""),
    ];
    let reasons = LEAVING.iter().map(|post| post.word()).chain([OTHER]);
    Ok(Act {
        frame: Frame::new(app, &who.0, question.title, "/inspectors", crumbs).await,
        base: address(certificate),
        act: asked.act.to_owned(),
        version: version.number,
        name,
        certificate: certificate.to_owned(),
        department: version.record.department,
        question,
        reasons: Choice::with_blank("请选择", reasons, asked.reason),
        on: asked.on.to_owned(),
        ground: asked.ground.to_owned(),
        errors,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    who: Who,
    Path(certificate): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let today = app.office.now().day().to_string();
    let asked = Asked {
        act: &wanted.act,
        reason: "",
        on: &today,
        ground: "",
    };
    page(&act_page(&app, &who, &certificate, asked, Errors::default()).await?)
}

pub(super) async fn act(
    State(app): State<App>,
    who: Who,
    Path(certificate): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (office, actor, version) = (&app.office, &who.0, fields.number("version"));
    let asked = Asked {
        act: fields.get("do"),
        reason: fields.get("reason"),
        on: fields.get("on"),
        ground: fields.get("ground"),
    };
    let (on, ground) = (asked.on.to_owned(), asked.ground.to_owned());
    let (result, sentence) = match asked.act {
        "leave" => {
            let reason = asked.reason.to_owned();
            let leaving = Leaving { reason, on, ground };
            let left = inspectors::leave(office, actor, &certificate, version, &leaving).await;
            (left, "已经离开名录库。")
        }
        "return" => {
            let returning = Returning { on, ground };
            let returned = inspectors::return_to(office, actor, &certificate, version, &returning).await;
            (returned, "已经重新入库。")
        }
        _ => (Err(ops::Refusal::Missing("这一步操作".to_owned())), ""),
    };
    match result {
        Ok(()) => Ok(done(&address(&certificate), sentence)),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&act_page(&app, &who, &certificate, asked, errors).await?)
        }
    }
}
