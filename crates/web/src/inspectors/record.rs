//! Recording a leave or a recusal, declaring one's own, withdrawing.
//! Never loses what was typed: after a refusal the form comes back as it was sent.

use askama::Template;
use axum::extract::{Path, Query, State};
use ops::Refusal;
use ops::inspectors::{self, ASKED_BY, Absence, KINDS, LeaveTyped, RecusalTyped, Withdrawable};
use serde::Deserialize;

use super::{absences_path, address};
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Errors, Sent, Who, done, page, page_of_errors, shown_again};
use crate::frame::Frame;

/// Whom, or what, the page before was about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct About {
    certificate: String,
    source: String,
}

const MENU: &str = "/inspectors/absences";

#[derive(Template)]
#[template(path = "inspectors/leave.html")]
struct Leave {
    frame: Frame,
    typed: LeaveTyped,
    kinds: Vec<Choice>,
    errors: Errors,
}

async fn leave_page(app: &App, who: &Who, typed: LeaveTyped, errors: Errors) -> Leave {
    Leave {
        frame: Frame::new(app, &who.0, "登记请假", MENU, absences_path("登记请假")).await,
        kinds: Choice::with_blank("请选择", KINDS, &typed.kind),
        typed,
        errors,
    }
}

pub(super) async fn blank_leave(State(app): State<App>, who: Who, Query(about): Query<About>) -> Answer {
    let typed = LeaveTyped {
        certificate: about.certificate,
        ..LeaveTyped::default()
    };
    page(&leave_page(&app, &who, typed, Errors::default()).await)
}

pub(super) async fn leave(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = LeaveTyped {
        certificate: fields.get("certificate").to_owned(),
        kind: fields.get("kind").to_owned(),
        from: fields.get("from").to_owned(),
        until: fields.get("until").to_owned(),
        ground: fields.get("ground").to_owned(),
    };
    match inspectors::record_leave(&app.office, &who.0, &typed).await {
        Ok(certificate) => Ok(done(&address(&certificate), "请假已登记，其间不参加抽取。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&leave_page(&app, &who, typed, errors).await)
        }
    }
}

#[derive(Template)]
#[template(path = "inspectors/recusal.html")]
struct Recusal {
    frame: Frame,
    action: &'static str,
    own: String,
    typed: RecusalTyped,
    askers: Vec<Choice>,
    errors: Errors,
}

/// `own` is the certificate number of who declares; empty where a recusal of somebody is recorded.
async fn recusal_page(app: &App, who: &Who, own: &str, typed: RecusalTyped, errors: Errors) -> Recusal {
    let (title, action) = if own.is_empty() {
        ("登记回避", "/inspectors/absences/recusal")
    } else {
        ("申报回避", "/inspectors/absences/declare")
    };
    Recusal {
        frame: Frame::new(app, &who.0, title, MENU, absences_path(title)).await,
        action,
        own: own.to_owned(),
        askers: Choice::with_blank("请选择", ASKED_BY, &typed.asked_by),
        typed,
        errors,
    }
}

fn recusal_typed(fields: &crate::form::Fields) -> RecusalTyped {
    RecusalTyped {
        certificate: fields.get("certificate").to_owned(),
        source: fields.get("source").to_owned(),
        asked_by: fields.get("asked_by").to_owned(),
        ground: fields.get("ground").to_owned(),
    }
}

pub(super) async fn blank_recusal(State(app): State<App>, who: Who, Query(about): Query<About>) -> Answer {
    let typed = RecusalTyped {
        certificate: about.certificate,
        source: about.source,
        ..RecusalTyped::default()
    };
    page(&recusal_page(&app, &who, "", typed, Errors::default()).await)
}

pub(super) async fn recusal(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let typed = recusal_typed(&fields);
    match inspectors::record_recusal(&app.office, &who.0, &typed).await {
        Ok(certificate) => Ok(done(
            &address(&certificate),
            "回避已登记，以后的抽取不会派此人去这家企业。",
        )),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&recusal_page(&app, &who, "", typed, errors).await)
        }
    }
}

/// Certificate number of who declares, or why nobody can.
fn own_certificate(who: &Who) -> Result<String, Fault> {
    let own = who.0.certificate.clone();
    if own.is_empty() {
        let text = "你的账号没有登记执法证编号，不能申报回避；请联系本单位的安全管理员补上";
        return Err(Refusal::Rule(text.to_owned()).into());
    }
    Ok(own)
}

pub(super) async fn blank_declaration(
    State(app): State<App>,
    who: Who,
    Query(about): Query<About>,
) -> Answer {
    let own = own_certificate(&who)?;
    let typed = RecusalTyped {
        source: about.source,
        ..RecusalTyped::default()
    };
    page(&recusal_page(&app, &who, &own, typed, Errors::default()).await)
}

pub(super) async fn declaration(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let own = own_certificate(&who)?;
    let typed = recusal_typed(&fields);
    match inspectors::declare_recusal(&app.office, &who.0, &typed).await {
        Ok(()) => Ok(done(&address(&own), "回避已申报，以后的抽取不会派你去这家企业。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&recusal_page(&app, &who, &own, typed, errors).await)
        }
    }
}

/// What is withdrawn, by the word in the address.
fn absence(kind: &str) -> Result<Absence, Refusal> {
    match kind {
        "leave" => Ok(Absence::Leave),
        "recusal" => Ok(Absence::Recusal),
        _ => Err(Refusal::Missing("这一条登记".to_owned())),
    }
}

#[derive(Template)]
#[template(path = "inspectors/withdraw.html")]
struct Withdraw {
    frame: Frame,
    action: String,
    back: String,
    ask: &'static str,
    hint: &'static str,
    row: Withdrawable,
    ground: String,
    errors: Errors,
}

async fn withdraw_page(
    app: &App,
    who: &Who,
    (kind, id): (&str, &str),
    ground: &str,
    errors: Errors,
) -> Result<Withdraw, Fault> {
    let absence = absence(kind)?;
    let row = inspectors::withdrawable(&app.office, &who.0, absence, id).await?;
    let (title, ask, hint) = match absence {
        Absence::Leave => (
            "撤销请假",
            "撤销后从现在起不再算作请假，又会进入抽取；此前的日子仍然记为请假，这一条也保留在记录里。",
            "例如 提前返岗、登记有误",
        ),
        Absence::Recusal => (
            "撤销回避",
            "撤销后以后的抽取可能派此人去这家企业；这一条保留在记录里。",
            "例如 亲属已从该企业离职，附证明",
        ),
    };
    Ok(Withdraw {
        frame: Frame::new(app, &who.0, title, MENU, absences_path(title)).await,
        action: format!("/inspectors/absences/{kind}/{id}/withdraw"),
        back: address(&row.certificate),
        ask,
        hint,
        row,
        ground: ground.to_owned(),
        errors,
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    who: Who,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    page(&withdraw_page(&app, &who, (&kind, &id), "", Errors::default()).await?)
}

pub(super) async fn withdraw(
    State(app): State<App>,
    who: Who,
    Path((kind, id)): Path<(String, String)>,
    Sent(fields): Sent,
) -> Answer {
    let ground = fields.get("ground");
    match inspectors::withdraw(&app.office, &who.0, absence(&kind)?, &id, ground).await {
        Ok(certificate) => Ok(done(&address(&certificate), "已经撤销，记录保留。")),
        Err(refusal) => {
            let errors = shown_again(refusal)?;
            page_of_errors(&withdraw_page(&app, &who, (&kind, &id), ground, errors).await?)
        }
    }
}
