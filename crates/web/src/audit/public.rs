//! 存证账本 for anybody: what it is, its newest checkpoint and key, its leaves.
//! Never gives the text of an entry that is not public.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ops::audit::{PUBLIC_LEAVES_MAX, Record};
use serde::Deserialize;

use super::{Signed, Words, place};
use crate::app::App;
use crate::form::{Answer, page};
use crate::lists::{Pager, request};

/// Type of what programs read line by line.
const JSON_LINES: &str = "application/x-ndjson; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    all: String,
    page: Option<u64>,
    size: Option<u64>,
}

/// A leaf as a row; without words it is private.
struct Row {
    place: String,
    words: Option<Words>,
    hash: String,
    text: String,
}

#[derive(Template)]
#[template(path = "audit/ledger.html")]
struct Ledger {
    title: String,
    signed: Signed,
    all: bool,
    most: u32,
    rows: Vec<Row>,
    pager: Pager,
}

pub(super) async fn ledger(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (all, request) = (!wanted.all.is_empty(), request(wanted.page, wanted.size));
    let list = if all {
        ops::audit::public_page(&app.office, request).await?
    } else {
        ops::audit::public_entries(&app.office, request).await?
    };
    let pager = Pager::new("/ledger", &query.unwrap_or_default(), &list);
    let row = |record: Record| Row {
        place: place(&record),
        words: record.is_public().then(|| Words::of(&record)),
        hash: record.hash.map(|hash| hash.to_string()).unwrap_or_default(),
        text: record.text.unwrap_or_default(),
    };
    page(&Ledger {
        title: "存证账本".to_owned(),
        signed: Signed::of(&app.office).await?,
        all,
        most: PUBLIC_LEAVES_MAX,
        rows: list.rows.into_iter().map(row).collect(),
        pager,
    })
}

fn plain(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// The newest checkpoint as a signed note of C2SP; nothing before the first one.
pub(super) async fn checkpoint(State(app): State<App>) -> Answer {
    Ok(plain(PLAIN, Signed::of(&app.office).await?.checkpoint))
}

pub(super) async fn key(State(app): State<App>) -> Answer {
    Ok(plain(
        PLAIN,
        format!("{}\n", Signed::of(&app.office).await?.verifier),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    from: u64,
}

/// Leaves as JSON lines: place, hash, and the text of those that are public.
pub(super) async fn leaves(State(app): State<App>, Query(wanted): Query<From>) -> Answer {
    let leaves = ops::audit::public_leaves(&app.office, wanted.from).await?;
    let mut lines = String::new();
    for leaf in leaves {
        let hash = leaf.hash.map(|hash| hash.to_string());
        let line = serde_json::json!({ "index": leaf.index, "hash": hash, "entry": leaf.text });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    Ok(plain(JSON_LINES, lines))
}
