//! A plan as a form and as text: saving a draft, checking it, adding and taking away lines.
//! Never loses what was typed: a line that is added keeps all the others as they were sent.

use askama::Template;
use axum::extract::{Path, Query, State};
use ops::plans::scheme::{self, Checked, Scheme, Unshown};
use ops::plans::{Act, Kind, Plan, workflow};
use ops::{Refusal, Version};
use serde::Deserialize;

use super::parts::{Control, Section, sections};
use super::report::{Trouble, troubles};
use super::{path_to, typed};
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::{Frame, Said, forget_said};

/// Whether the page was asked to check.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    check: String,
}

#[derive(Template)]
#[template(path = "plans/scheme/edit.html")]
struct Form {
    frame: Frame,
    number: String,
    version: i64,
    sections: Vec<Section>,
    checked: Option<(Vec<Trouble>, String)>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "plans/scheme/text.html")]
struct AsText {
    frame: Frame,
    number: String,
    version: i64,
    text: String,
    unshown: String,
    checked: Option<(Vec<Trouble>, String)>,
    errors: Errors,
}

/// The newest version, if this person may change it now.
async fn open(app: &App, Who(actor): &Who, number: &str) -> Result<Version<Plan>, Fault> {
    let standing = workflow::get(&app.office, actor, Kind::Implementation, number).await?;
    if !standing.acts(actor).contains(&Act::Edit) {
        let state = standing.newest.record.state.title();
        let sentence =
            format!("这份方案现在是“{state}”，内容不能改动；待批准的可以先撤回，已公布的请点“修订”另起一版");
        return Err(Refusal::Rule(sentence).into());
    }
    Ok(standing.newest)
}

async fn checked(
    app: &App,
    Who(actor): &Who,
    plan: &Plan,
    wanted: &Wanted,
) -> Result<Option<(Vec<Trouble>, String)>, Fault> {
    if wanted.check.is_empty() {
        return Ok(None);
    }
    let checked = scheme::check(&app.office, actor, plan).await?;
    let sentence = sentence(&checked);
    let target = format!("/plans/{}/edit", plan.number);
    Ok(Some((troubles(&checked, &target), sentence)))
}

/// What a check comes to.
fn sentence(checked: &Checked) -> String {
    let (sources, inspectors) = (checked.sources, checked.inspectors);
    let against = format!("已按现在的名录库（污染源 {sources} 家、执法检查人员 {inspectors} 人）检查");
    match (&checked.report, checked.problems.len()) {
        (Some(report), 0) => {
            let needed = report.places.needed;
            format!(
                "{against}：没有要改的，共 {} 个任务、{needed} 人次。",
                report.tasks
            )
        }
        (_, count) => format!("{against}：有 {count} 处要改，改好以前不能提交。"),
    }
}

async fn form_page(
    app: &App,
    who: &Who,
    (number, version): (&str, i64),
    scheme: Scheme,
    errors: Errors,
) -> Result<Form, Fault> {
    let catalogue = scheme::catalogue(&app.office, &who.0).await?;
    // What was typed has the codes of items alone.
    let scheme = scheme.with_items_of(&catalogue);
    let path = path_to(number, &scheme.title, "修改");
    Ok(Form {
        frame: Frame::new(app, &who.0, "修改实施方案", "/plans", path).await,
        number: number.to_owned(),
        version,
        sections: sections(&scheme, &catalogue, &errors),
        checked: None,
        errors,
    })
}

pub(super) async fn form(
    State(app): State<App>,
    who: Who,
    said: Said,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let Version {
        number: version,
        record,
        ..
    } = open(&app, &who, &number).await?;
    let scheme = match Scheme::from_toml(&record.body) {
        Ok(scheme) => scheme,
        Err(unshown) => return text_page_of(&app, &who, (version, &record), &unshown).await,
    };
    let at = (number.as_str(), version);
    let mut form = form_page(&app, &who, at, scheme, Errors::default()).await?;
    form.checked = checked(&app, &who, &record, &wanted).await?;
    form.frame = form.frame.saying(said);
    page(&form).map(forget_said)
}

/// A text that the form cannot show is edited as text, with the reason on top.
async fn text_page_of(app: &App, who: &Who, (version, plan): (i64, &Plan), unshown: &Unshown) -> Answer {
    let at = (plan.number.as_str(), version);
    let mut own = text_page(app, who, at, (&plan.title, &plan.body), Errors::default()).await;
    own.unshown = unshown.to_string();
    page(&own)
}

pub(super) async fn save(
    State(app): State<App>,
    who: Who,
    Path(number): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (typed, version, act) = (
        typed::scheme(&fields),
        fields.number("version"),
        fields.get("act"),
    );
    let at = (number.as_str(), version);
    if act.contains('.') {
        let typed = typed::rearranged(typed, act);
        return page(&form_page(&app, &who, at, typed, Errors::default()).await?);
    }
    match scheme::save(&app.office, &who.0, &number, version, &typed).await {
        Ok(()) if act == "check" => Ok(done(&format!("/plans/{number}/edit?check=1"), "草稿已保存。")),
        Ok(()) => Ok(done(&format!("/plans/{number}"), "草稿已保存。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&form_page(&app, &who, at, typed, errors).await?)
        }
    }
}

async fn text_page(
    app: &App,
    who: &Who,
    (number, version): (&str, i64),
    (title, text): (&str, &str),
    errors: Errors,
) -> AsText {
    let path = path_to(number, title, "按文本编辑");
    AsText {
        frame: Frame::new(app, &who.0, "按文本编辑实施方案", "/plans", path).await,
        number: number.to_owned(),
        version,
        text: text.to_owned(),
        unshown: String::new(),
        checked: None,
        errors,
    }
}

pub(super) async fn text(
    State(app): State<App>,
    who: Who,
    said: Said,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let Version {
        number: version,
        record,
        ..
    } = open(&app, &who, &number).await?;
    let at = (number.as_str(), version);
    let text = (record.title.as_str(), record.body.as_str());
    let mut own = text_page(&app, &who, at, text, Errors::default()).await;
    own.checked = checked(&app, &who, &record, &wanted).await?;
    own.frame = own.frame.saying(said);
    page(&own).map(forget_said)
}

pub(super) async fn save_text(
    State(app): State<App>,
    who: Who,
    Path(number): Path<String>,
    Sent(fields): Sent,
) -> Answer {
    let (text, version) = (fields.get("text"), fields.number("version"));
    match scheme::save_text(&app.office, &who.0, &number, version, text).await {
        Ok(()) if fields.get("act") == "check" => {
            Ok(done(&format!("/plans/{number}/text?check=1"), "草稿已保存。"))
        }
        Ok(()) => Ok(done(&format!("/plans/{number}"), "草稿已保存。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            let at = (number.as_str(), version);
            page_of_errors(&text_page(&app, &who, at, (&number, text), errors).await)
        }
    }
}
