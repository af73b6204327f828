//! One item: what it says, its checklist, the draft beside it, and all that was done to it.
//! Never shows a version without who made it, when and why.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::items::LineDraft;
use domain::rights::Permission;
use domain::{InspectionItem, ItemRecord};
use jiff::civil::Date;
use ops::items::{self, SHIPPED};
use ops::{AsOf, At, Version};
use serde::Deserialize;

use super::changes::changes;
use super::list::state;
use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::history::{Act, Change, Fact, facts, word};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    as_of: String,
    show: String,
}

/// What can be done now, by this person.
struct Buttons {
    publish: bool,
    amend: bool,
    retire: bool,
    discard: bool,
}

#[derive(Template)]
#[template(path = "items/show.html")]
struct Show {
    frame: Frame,
    code: String,
    as_of: String,
    version: i64,
    state: (&'static str, &'static str),
    edition: i64,
    published_on: String,
    has_draft: bool,
    shows_draft: bool,
    shown_edition: i64,
    facts: Vec<Fact>,
    lines: Vec<LineDraft>,
    changes: Vec<Change>,
    buttons: Buttons,
    acts: Vec<Act>,
}

pub(super) async fn show(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let day = wanted.as_of.parse();
    let as_of = day.map_or(AsOf::Now, |day: Date| AsOf::Past(At::end_of(day)));
    let Version { number, record, .. } = items::get(&app.office, &actor, &code, as_of).await?;
    let versions = items::history(&app.office, &actor, &code).await?;
    let shows_draft = record.draft.is_some() && wanted.show == "draft";
    let shown = if shows_draft {
        record.newest()
    } else {
        &record.item
    };
    let path = vec![
        crumb("抽查事项", ""),
        crumb("事项清单", "/items"),
        crumb("事项详情", ""),
    ];
    let frame = Frame::new(&app, &actor, shown.name.as_str(), "/items", path).await;
    let changes = if shows_draft {
        changes(&record.item, shown)
    } else {
        Vec::new()
    };
    let may = as_of == AsOf::Now && actor.may(Permission::EditItems).is_some();
    page(&Show {
        frame: frame.saying(said),
        as_of: wanted.as_of,
        version: number,
        state: state(record.state),
        edition: record.edition,
        published_on: record.published_on.map(|day| day.to_string()).unwrap_or_default(),
        has_draft: record.draft.is_some(),
        shows_draft,
        shown_edition: if shows_draft {
            record.newest_edition()
        } else {
            record.edition
        },
        facts: facts(&items::cells(shown)),
        lines: shown.draft().checklist,
        changes,
        buttons: buttons(&record, may),
        acts: acts(&versions),
        code,
    })
    .map(forget_said)
}

fn buttons(record: &ItemRecord, may: bool) -> Buttons {
    let newest = record.newest_state();
    Buttons {
        publish: may && newest.publish().is_ok(),
        amend: may && record.state.amend().is_ok(),
        retire: may && record.state.retire().is_ok(),
        discard: may && newest.discard().is_ok(),
    }
}

/// What was done, the newest first; each with the number of the text that it was done to.
fn acts(versions: &[Version<ItemRecord>]) -> Vec<Act> {
    let text = |version: &Version<ItemRecord>| -> InspectionItem { version.record.newest().clone() };
    let act = |(at, version): (usize, &Version<ItemRecord>)| Act {
        number: version.record.newest_edition(),
        now: version.until == At::FOREVER,
        at: version.stamp.at.to_string(),
        author: match version.stamp.author.as_str() {
            SHIPPED => "系统".to_owned(),
            author => author.to_owned(),
        },
        word: word(&version.stamp.act),
        ground: version.stamp.ground.clone(),
        changes: versions
            .get(at + 1)
            .map(|before| changes(&text(before), &text(version)))
            .unwrap_or_default(),
    };
    versions.iter().enumerate().map(act).collect()
}
