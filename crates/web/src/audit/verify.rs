//! 核对全部账本: the whole ledger against its signed checkpoints, and one that the auditor brings along.
//! Never changes anything.

use askama::Template;
use axum::extract::State;

use super::Signed;
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Sent, Who, page};
use crate::frame::{Frame, crumb};

/// What came out.
struct Outcome {
    holds: bool,
    findings: Vec<String>,
    size: u64,
    root: String,
    checkpoints: u64,
    external: u64,
    signed: u64,
    waiting: u64,
}

#[derive(Template)]
#[template(path = "audit/verify.html")]
struct Verify {
    frame: Frame,
    outcome: Option<Outcome>,
    checkpoint: String,
    signed: Signed,
}

async fn verify_page(
    app: &App,
    who: &Who,
    outcome: Option<Outcome>,
    checkpoint: String,
) -> Result<Verify, Fault> {
    let path = vec![
        crumb("系统", ""),
        crumb("审计", "/audit"),
        crumb("核对全部账本", ""),
    ];
    Ok(Verify {
        frame: Frame::new(app, &who.0, "核对全部账本", "/audit", path).await,
        outcome,
        checkpoint,
        signed: Signed::of(&app.office).await?,
    })
}

pub(super) async fn ask(State(app): State<App>, who: Who) -> Answer {
    page(&verify_page(&app, &who, None, String::new()).await?)
}

pub(super) async fn verify(State(app): State<App>, who: Who, Sent(fields): Sent) -> Answer {
    let pasted = fields.get("checkpoint").to_owned();
    // Browsers send lines with a carriage return, and people copy without the last line's end.
    let note = pasted.replace('\r', "");
    let external: Vec<String> = Some(format!("{}\n", note.trim()))
        .filter(|note| note != "\n")
        .into_iter()
        .collect();
    let verification = ops::audit::verify_own(&app.office, &who.0, &external).await?;
    let report = &verification.report;
    let mut findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    findings.extend(verification.beyond_the_tree());
    let outcome = Outcome {
        holds: verification.holds(),
        findings,
        size: report.size,
        root: report.root.map(|root| root.to_string()).unwrap_or_default(),
        checkpoints: report.checkpoints,
        external: report.external_checkpoints,
        signed: report.signed_size,
        waiting: verification.waiting,
    };
    page(&verify_page(&app, &who, Some(outcome), pasted).await?)
}
