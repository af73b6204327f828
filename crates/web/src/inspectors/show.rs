//! A person's file: what the register says, whether they may be drawn, leaves, recusals, and all versions.
//! Never shows a version without who made it, when and why.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::Permission;
use ops::inspectors::{cells, may_change};
use ops::{AsOf, Version};
use serde::Deserialize;

use super::absences::{LeaveRow, RecusalRow, leave_row, recusal_row};
use super::list::{day_of, kept_out, moment, state, validity};
use super::{address, path};
use crate::app::App;
use crate::form::{Answer, Who, encoded, page};
use crate::frame::{Frame, Said, forget_said};
use crate::history::{Act, Fact, acts, facts};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moment {
    as_of: String,
}

#[derive(Template)]
#[template(path = "inspectors/show.html")]
struct Show {
    frame: Frame,
    certificate: String,
    base: String,
    encoded: String,
    as_of: String,
    inside: bool,
    number: i64,
    state: (&'static str, String),
    validity: Option<(&'static str, &'static str)>,
    kept_out: String,
    facts: Vec<Fact>,
    leaves: Vec<LeaveRow>,
    recusals: Vec<RecusalRow>,
    acts: Vec<Act>,
    may_change: bool,
    may_declare: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(certificate): Path<String>,
    Query(asked): Query<Moment>,
) -> Answer {
    let as_of = moment(&asked.as_of);
    let office = &app.office;
    let person = ops::inspectors::get(office, &actor, &certificate, as_of).await?;
    let versions = ops::inspectors::history(office, &actor, &certificate).await?;
    let absences = ops::inspectors::absences_of(office, &actor, &certificate, as_of).await?;
    let kept_out = kept_out(&person);
    let Version { number, record, .. } = person.version;
    let day = day_of(&app, as_of);
    let inspector = &record.inspector;
    let title = inspector.name.to_string();
    let frame = Frame::new(&app, &actor, &title, "/inspectors", path(&title))
        .await
        .saying(said);
    let now = as_of == AsOf::Now;
    page(&Show {
        frame,
        base: address(&certificate),
        encoded: encoded(&certificate),
        inside: record.inside,
        number,
        state: state(inspector.post, record.inside),
        validity: validity(inspector.certificate.valid_until, day),
        kept_out,
        facts: facts(&cells(&record)),
        leaves: absences
            .leaves
            .into_iter()
            .map(|row| leave_row(&actor, row, day))
            .collect(),
        recusals: absences
            .recusals
            .into_iter()
            .map(|row| recusal_row(&actor, row))
            .collect(),
        acts: acts(&versions, cells, |entry| entry.inside),
        may_change: now && may_change(&actor, &record.department),
        may_declare: now
            && record.inside
            && actor.certificate == certificate
            && actor.may(Permission::DeclareRecusal).is_some(),
        certificate,
        as_of: asked.as_of,
    })
    .map(forget_said)
}
