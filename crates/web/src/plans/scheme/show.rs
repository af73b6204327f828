//! A plan: where it stands, what keeps it from being drawn, the document, what would be drawn from, its versions.
//! Never shows counts of another day than today as those of the plan.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::rights::Permission;
use ops::plans::scheme::{self, Report, Scheme, Unshown};
use ops::plans::{Act, Kind, Plan, Standing, workflow};
use ops::{Actor, Refusal};
use serde::Deserialize;

use super::super::workflow::Flow;
use super::document::Document;
use super::path_to;
use super::report::{Absent, Places, Trouble, absent, places, tag, troubles};
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Who, download, page};
use crate::frame::{Frame, Said, forget_said};

/// Which version is wanted; the newest if none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    version: Option<i64>,
}

/// What would be drawn from today.
struct Reckoned {
    day: String,
    sources: usize,
    tasks: u64,
    needed: u64,
    there: u64,
    staff: usize,
    outside: usize,
    places: Vec<Places>,
    absent: Vec<Absent>,
    notices: Vec<((&'static str, &'static str), String)>,
}

#[derive(Template)]
#[template(path = "plans/scheme/show.html")]
struct Show {
    frame: Frame,
    flow: Flow,
    number: String,
    /// Number of the version that is shown, if it is not the newest.
    old: Option<i64>,
    document: Option<Document>,
    /// The text, where no document can be made of it.
    text: String,
    may_edit: bool,
    may_draft: bool,
    troubles: Vec<Trouble>,
    reckoned: Option<Reckoned>,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let standing = workflow::get(&app.office, &actor, Kind::Implementation, &number).await?;
    let old = wanted
        .version
        .filter(|version| *version != standing.newest.number);
    let plan = match old {
        Some(version) => past(&app, &actor, &number, version).await?,
        None => standing.newest.record.clone(),
    };
    let may_edit = old.is_none() && standing.acts(&actor).contains(&Act::Edit);
    let mut show = shown(&app, &actor, &standing, &plan).await?;
    (show.old, show.may_edit) = (old, may_edit);
    if old.is_none() {
        with_check(&app, &actor, &plan, &mut show).await?;
    }
    show.frame = show.frame.saying(said);
    page(&show).map(forget_said)
}

async fn past(app: &App, actor: &Actor, number: &str, version: i64) -> Result<Plan, Fault> {
    let versions = workflow::history(&app.office, actor, Kind::Implementation, number).await?;
    let found = versions.into_iter().find(|own| own.number == version);
    let missing = || Refusal::Missing(format!("实施方案“{number}”的这一版"));
    Ok(found.ok_or_else(missing)?.record)
}

async fn shown(app: &App, actor: &Actor, standing: &Standing, plan: &Plan) -> Result<Show, Fault> {
    let read = Scheme::from_toml(&plan.body).map_or_else(Unshown::shown, Some);
    let path = path_to(&plan.number, &plan.title, "");
    Ok(Show {
        frame: Frame::new(app, actor, &plan.title, "/plans", path).await,
        flow: Flow::new(app, actor, standing).await?,
        number: plan.number.clone(),
        old: None,
        text: if read.is_none() {
            plan.body.clone()
        } else {
            String::new()
        },
        document: read.map(|scheme| Document::new(&scheme, &[], &actor.bureau_name)),
        may_edit: false,
        may_draft: actor.may(Permission::DraftPlans).is_some(),
        troubles: Vec::new(),
        reckoned: None,
    })
}

/// Holds the newest version against the registers as they are now.
async fn with_check(app: &App, actor: &Actor, plan: &Plan, show: &mut Show) -> Result<(), Fault> {
    let checked = scheme::check(&app.office, actor, plan).await?;
    show.troubles = troubles(&checked, &format!("/plans/{}/edit", plan.number));
    let read = Scheme::from_toml(&plan.body).map_or_else(Unshown::shown, Some);
    let Some(scheme) = read else { return Ok(()) };
    show.document = Some(Document::new(&scheme, &checked.strata, &actor.bureau_name));
    if let Some(report) = &checked.report {
        let may_see = actor.may(Permission::ReadRegisters).is_some();
        show.reckoned = Some(reckoned(app, report, &scheme, checked.sources, may_see));
    }
    Ok(())
}

fn reckoned(app: &App, report: &Report, scheme: &Scheme, sources: usize, may_see: bool) -> Reckoned {
    let notice = |notice: &scheme::Notice| (tag(notice), notice.text.clone());
    Reckoned {
        day: app.office.now().day().to_string(),
        sources,
        tasks: report.tasks,
        needed: report.places.needed,
        there: report.places.there,
        staff: report.staff,
        outside: report.outside,
        places: places(report, scheme),
        // Names are those of the register, which not everybody may read.
        absent: if may_see { absent(report) } else { Vec::new() },
        notices: report.notices.iter().map(notice).collect(),
    }
}

/// The plan as a file for the draw at the command line.
pub(super) async fn taken(State(app): State<App>, Who(actor): Who, Path(number): Path<String>) -> Answer {
    let text = ops::plans::scheme::taken(&app.office, &actor, &number).await?;
    Ok(download(
        "plan.toml",
        "application/toml; charset=utf-8",
        text.into_bytes(),
    ))
}
