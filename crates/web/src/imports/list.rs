//! The list of imports: who, when, which file, what came of it.
//! Never shows the file itself.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::Term;
use ops::imports::{self, Counts, Import};
use serde::Deserialize;

use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, request};

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    page: Option<u64>,
    size: Option<u64>,
}

/// An import as a row.
struct Row {
    id: String,
    at: String,
    file: String,
    register: &'static str,
    author: String,
    counts: Counts,
    state: (&'static str, &'static str),
    waits: bool,
}

#[derive(Template)]
#[template(path = "imports/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    pager: Pager,
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(paging): Query<Paging>,
    RawQuery(query): RawQuery,
) -> Answer {
    let list = imports::list(&app.office, &actor, request(paging.page, paging.size)).await?;
    let path = vec![crumb("名录库", ""), crumb("导入记录", "")];
    let frame = Frame::new(&app, &actor, "导入记录", "/imports", path)
        .await
        .saying(said);
    page(&List {
        frame,
        pager: Pager::new("/imports", &query.unwrap_or_default(), &list),
        rows: list.rows.into_iter().map(row).collect(),
    })
    .map(forget_said)
}

fn row(import: Import) -> Row {
    Row {
        at: import.uploaded_at.to_string(),
        register: import.register.word(),
        state: state(import.state),
        waits: import.state == imports::State::Waiting,
        id: import.id,
        file: import.file_name,
        author: import.author,
        counts: import.counts,
    }
}

/// A state by word, with the kind of tag that shows it.
pub(super) fn state(state: imports::State) -> (&'static str, &'static str) {
    let kind = match state {
        imports::State::Waiting => "warn",
        imports::State::Applied => "good",
        imports::State::GivenUp => "idle",
    };
    (kind, state.word())
}
