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
use crate::history::Change;
use crate::plans::workflow::{Flow, People};

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
    /// What an edition that is underway changes of the one in force.
    changes: Option<Vec<Change>>,
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
    let names = annual::choices(&app.office, actor).await?.items;
    let people = People::of(app, actor).await?;
    let reading = Reading::of(&plan.body, &names);
    let is_open = past.is_empty() && !matches!(plan.state, PlanState::Published { .. });
    let mut faults = Vec::new();
    if is_open {
        faults = workflow::faults(&app.office, actor, plan).await?;
    }
    let mut outlook = None;
    if past.is_empty() {
        let forecast = annual::foresee(&app.office, actor, plan).await?;
        outlook = forecast.map(|forecast| Outlook::of(&reading, &forecast));
    }
    let in_force = standing.in_force.as_ref();
    let former = in_force
        .filter(|_| is_open)
        .map(|own| Reading::of(&own.record.body, &names));
    let own = in_force.filter(|own| own.record.edition == plan.edition);
    let approved_by = own.map(|own| approver(&own.record.state)).unwrap_or_default();
    Ok(Show {
        flow: Flow::new(app, actor, standing).await?,
        in_force: own.is_some(),
        approved_by: people.name(&approved_by).to_owned(),
        published_on: own.map(|own| own.stamp.at.day().to_string()).unwrap_or_default(),
        edition: plan.edition,
        outlook,
        changes: former.map(|former| reading.changes_of(&former)),
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
