//! 一户一档: what the register says of a source, and all its versions.
//! Never shows a version without who made it, when and why.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::Source;
use domain::rights::Permission;
use jiff::civil::Date;
use ops::sources::Entry;
use ops::{AsOf, At, Version};
use serde::Deserialize;

use super::edit::OF_LICENCE;
use super::list::state;
use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::history::{Act, Fact, acts, facts};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moment {
    as_of: String,
}

#[derive(Template)]
#[template(path = "sources/show.html")]
struct Show {
    frame: Frame,
    id: String,
    as_of: String,
    inside: bool,
    number: i64,
    state: (&'static str, String),
    missing: String,
    confirmed: String,
    facts: Vec<Fact>,
    licences: Vec<Vec<String>>,
    acts: Vec<Act>,
    may_change: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(target): Path<String>,
    Query(moment): Query<Moment>,
) -> Answer {
    let as_of = moment
        .as_of
        .parse()
        .map_or(AsOf::Now, |day: Date| AsOf::Past(At::end_of(day)));
    let version = ops::sources::get(&app.office, &actor, &target, as_of).await?;
    let versions = ops::sources::history(&app.office, &actor, &target).await?;
    let Version { number, record, .. } = version;
    let Entry {
        source,
        inside,
        confirmed_on,
    } = record;
    let title = source.name.to_string();
    let path = vec![
        crumb("名录库", ""),
        crumb("污染源", "/sources"),
        crumb("一户一档", ""),
    ];
    let frame = Frame::new(&app, &actor, &title, "/sources", path)
        .await
        .saying(said);
    // Licences have a table of their own.
    let mut own = ops::sources::cells(&source);
    own.retain(|(title, _)| !OF_LICENCE.contains(title));
    let cells = |entry: &Entry| ops::sources::cells(&entry.source);
    page(&Show {
        frame,
        id: target,
        inside,
        number,
        state: state(&source, inside),
        missing: source.missing().join("、"),
        confirmed: confirmed_on.map(|day| day.to_string()).unwrap_or_default(),
        facts: facts(&own),
        licences: licences(&source),
        acts: acts(&versions, cells, |entry| entry.inside),
        may_change: actor.may(Permission::ChangeSources).is_some() && as_of == AsOf::Now,
        as_of: moment.as_of,
    })
    .map(forget_said)
}

fn licences(source: &Source) -> Vec<Vec<String>> {
    let text = |name: Option<&domain::Text>| name.map(ToString::to_string).unwrap_or_default();
    let row = |licence: &domain::Licence| {
        let from = licence
            .validity
            .from()
            .map(|day| format!("{day} 至 "))
            .unwrap_or_default();
        vec![
            text(licence.name.as_ref()),
            licence.number_text().to_owned(),
            licence.approved_on.map(|day| day.to_string()).unwrap_or_default(),
            format!("{from}{}", licence.validity.until()),
        ]
    };
    source.licences.iter().map(row).collect()
}
