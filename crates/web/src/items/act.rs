//! Publishing, retiring, giving up a draft.
//! Never acts on another version than the one that was shown.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ItemRecord;
use ops::{AsOf, Refusal, Version, items};
use serde::Deserialize;

use super::list::state;
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, crumb};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(rename = "do")]
    act: String,
}

/// What an act is called, what it does, and whether it needs a ground.
struct Question {
    title: &'static str,
    ask: String,
    button: &'static str,
    hint: &'static str,
    ground: bool,
}

fn question(act: &str, record: &ItemRecord) -> Option<Question> {
    let (edition, newest) = (record.edition, record.newest_edition());
    Some(match act {
        "publish" => Question {
            title: "公布抽查事项",
            ask: format!("公布后，第 {newest} 版对社会公开，并可以列入计划。"),
            button: "确认公布",
            hint: "",
            ground: false,
        },
        "retire" => Question {
            title: "停用抽查事项",
            ask: if record.draft.is_some() {
                format!(
                    "停用后不能再列入计划，也不能恢复；没有公布的第 {newest} 版草稿一并作废。已公布的内容和理由仍可查阅。"
                )
            } else {
                "停用后不能再列入计划，也不能恢复；仍要检查的须另建事项。已公布的内容和理由仍可查阅。"
                    .to_owned()
            },
            button: "确认停用",
            hint: "例如 所依据的法律条款已经废止；理由会公开",
            ground: true,
        },
        "discard" => Question {
            title: "作废草稿",
            ask: if record.draft.is_some() {
                format!("第 {newest} 版草稿作废，第 {edition} 版照常施行；草稿的内容留在变更记录里。")
            } else {
                "草稿作废后不再等待公布；以后需要时，修改后又是草稿。".to_owned()
            },
            button: "确认作废",
            hint: "例如 本县没有这类检查对象",
            ground: true,
        },
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "items/act.html")]
struct Act {
    frame: Frame,
    code: String,
    name: String,
    state: &'static str,
    act: String,
    version: i64,
    question: Question,
    ground: String,
    errors: Errors,
}

async fn act_page(
    app: &App,
    who: &Who,
    code: &str,
    act: &str,
    ground: &str,
    errors: Errors,
) -> Result<Act, Fault> {
    let Version { number, record, .. } = items::get(&app.office, &who.0, code, AsOf::Now).await?;
    let missing = || Refusal::Missing("这一步操作".to_owned());
    let question = question(act, &record).ok_or_else(missing)?;
    let name = record.newest().name.to_string();
    let path = vec![
        crumb("抽查事项", ""),
        crumb("事项清单", "/items"),
        crumb(&name, &format!("/items/{code}")),
        crumb(question.title, ""),
    ];
    Ok(Act {
        frame: Frame::new(app, &who.0, question.title, "/items", path).await,
        code: code.to_owned(),
        name,
        state: state(record.state).1,
        act: act.to_owned(),
        version: number,
        question,
        ground: ground.to_owned(),
        errors,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    who: Who,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    page(&act_page(&app, &who, &code, &wanted.act, "", Errors::default()).await?)
}

pub(super) async fn act(
    State(app): State<App>,
    who: Who,
    Path(code): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (act, ground, version) = (fields.get("do"), fields.get("ground"), fields.number("version"));
    let (office, actor) = (&app.office, &who.0);
    let (result, sentence) = match act {
        "publish" => (
            items::publish(office, actor, &code, version).await,
            "已经公布，可以列入计划。",
        ),
        "retire" => (
            items::retire(office, actor, &code, version, ground).await,
            "已经停用，不能再列入计划。",
        ),
        "discard" => (
            items::discard(office, actor, &code, version, ground).await,
            "草稿已经作废。",
        ),
        _ => (Err(Refusal::Missing("这一步操作".to_owned())), ""),
    };
    match result {
        Ok(()) if fields.has("list") => Ok(done("/items", &format!("{code}{sentence}"))),
        Ok(()) => Ok(done(&format!("/items/{code}"), sentence)),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&act_page(&app, &who, &code, act, ground, errors).await?)
        }
    }
}
