//! 待办: the first page (R6).
//! Never shows what the account may not see to.

use askama::Template;
use axum::extract::State;
use domain::Term;
use domain::rights::Permission;
use ops::duties::{Duty, Unit};

use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, Said, forget_said};
use crate::site::{Site, get};

pub(crate) fn site() -> Site {
    Site::default().at("/", get(list).authorize(Permission::SeeOwnDuties))
}

#[derive(Template)]
#[template(path = "duties/list.html")]
struct List {
    frame: Frame,
    roles: String,
    department: String,
    duties: Vec<Duty>,
    units: Vec<Unit>,
}

async fn list(State(app): State<App>, Who(actor): Who, said: Said) -> Answer {
    let duties = ops::duties::of(&app.office, &actor).await?;
    let units = ops::duties::of_units(&app.office, &actor).await?;
    let frame = Frame::new(&app, &actor, "待办", "/", Vec::new())
        .await
        .saying(said);
    page(&List {
        frame,
        roles: actor.roles.to_string(),
        department: actor.department,
        duties,
        units,
    })
    .map(forget_said)
}
