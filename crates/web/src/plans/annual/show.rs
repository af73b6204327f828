//! An annual plan as a document, with what it comes to, where it stands and what was done with it.
//! Never shows an old text for the one that holds.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::PlanState;
use ops::plans::{Act, Kind, Plan, Standing, annual, workflow};
use ops::{Actor, FieldError};
use serde::Deserialize;

use super::reading::{Outlook, Reading};
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::plans::workflow::Flow;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    version: Option<i64>,
}

#[derive(Template)]
#[template(path = "plans/annual/show.html")]
struct Show {
    frame: Frame,
    flow: Flow,
    /// The text shown is one of the past: since when, else empty.
    past: String,
    in_force: bool,
    approved_by: String,
    published_on: String,
    edition: i64,
    reading: Reading,
    outlook: Option<Outlook>,
    faults: Vec<FieldError>,
    may_edit: bool,
    public_href: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let standing = workflow::get(&app.office, &actor, Kind::Annual, &number).await?;
    let (plan, past) = match wanted
        .version
        .filter(|version| *version != standing.newest.number)
    {
        Some(version) => {
            let version = workflow::version(&app.office, &actor, Kind::Annual, &number, version).await?;
            (version.record, version.stamp.at.to_string())
        }
        None => (standing.newest.record.clone(), String::new()),
    };
    let path = vec![
        crumb("计划", ""),
        crumb("年度计划", "/annual-plans"),
        crumb(&format!("{number}年度"), ""),
    ];
    let frame = Frame::new(&app, &actor, &plan.title, "/annual-plans", path).await;
    let show = shown(&app, &actor, frame.saying(said), &standing, &plan, past).await?;
    page(&show).map(forget_said)
}

async fn shown(
    app: &App,
    actor: &Actor,
    frame: Frame,
    standing: &Standing,
    plan: &Plan,
    past: String,
) -> Result<Show, Fault> {
    let choices = annual::choices(&app.office, actor).await?;
    let reading = Reading::of(&plan.body, &choices.items);
    let is_open = past.is_empty() && !matches!(plan.state, PlanState::Published { .. });
    let faults = if is_open {
        workflow::faults(&app.office, actor, plan).await?
    } else {
        Vec::new()
    };
    let forecast = if past.is_empty() {
        annual::foresee(&app.office, actor, plan).await?
    } else {
        None
    };
    let published = standing
        .in_force
        .as_ref()
        .filter(|own| own.record.edition == plan.edition);
    let (approved_by, published_on) = published.map_or_else(Default::default, |own| {
        (approver(&own.record.state), own.stamp.at.day().to_string())
    });
    Ok(Show {
        flow: Flow::new(app, actor, standing).await?,
        in_force: published.is_some(),
        approved_by,
        published_on,
        edition: plan.edition,
        outlook: forecast.map(|forecast| Outlook::of(&reading, &forecast)),
        reading,
        faults,
        may_edit: past.is_empty() && standing.may(actor, Act::Edit).is_ok(),
        public_href: format!("/public/annual-plans/{}/{}", actor.bureau, plan.number),
        past,
        frame,
    })
}

fn approver(state: &PlanState) -> String {
    match state {
        PlanState::Published { approved_by, .. } => approved_by.to_string(),
        PlanState::Draft { .. }
        | PlanState::Submitted { .. }
        | PlanState::Returned { .. }
        | PlanState::Approved { .. }
        | PlanState::Superseded { .. } => String::new(),
    }
}
