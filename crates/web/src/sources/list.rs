//! The list, and the export of what it shows.
//! Never exports more than the filter shows.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::{Administration, ControlLevel, CreditClass, Source, Status, Term};
use jiff::civil::Date;
use ops::sources::{Entry, Filter, Presence};
use ops::{AsOf, At, Version};
use serde::Deserialize;

use crate::app::App;
use crate::form::{Answer, Choice, Who, XLSX, download, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, kept, request};

/// The search row; what is not a date or number counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Search {
    q: String,
    level: String,
    key: String,
    administration: String,
    credit: String,
    status: String,
    stations: String,
    presence: String,
    licence_until: String,
    unconfirmed_since: String,
    incomplete: String,
    as_of: String,
    page: Option<u64>,
    size: Option<u64>,
}

impl Search {
    fn filter(&self) -> Filter {
        Filter {
            text: self.q.trim().to_owned(),
            level: self.level.clone(),
            key: match self.key.as_str() {
                "是" => Some(true),
                "否" => Some(false),
                _ => None,
            },
            administration: self.administration.clone(),
            credit: self.credit.clone(),
            status: self.status.clone(),
            stations: !self.stations.is_empty(),
            left: match self.presence.as_str() {
                "已退出" => Presence::Left,
                "全部" => Presence::Both,
                _ => Presence::Inside,
            },
            licence_until: self.licence_until.parse().ok(),
            unconfirmed_since: self.unconfirmed_since.parse().ok(),
            incomplete: !self.incomplete.is_empty(),
        }
    }

    fn as_of(&self) -> AsOf {
        self.as_of
            .parse()
            .map_or(AsOf::Now, |day: Date| AsOf::Past(At::end_of(day)))
    }

    /// Whether one of the rarer conditions is set, so that they are shown.
    fn is_deep(&self) -> bool {
        [
            &self.administration,
            &self.credit,
            &self.stations,
            &self.presence,
            &self.licence_until,
            &self.unconfirmed_since,
            &self.incomplete,
            &self.as_of,
        ]
        .iter()
        .any(|value| !value.is_empty())
    }
}

/// A source as a row.
struct Row {
    index: u64,
    id: String,
    name: String,
    level: &'static str,
    key: bool,
    administration: &'static str,
    industry: String,
    licence_until: String,
    licence_late: bool,
    confirmed: String,
    missing: usize,
    state: (&'static str, String),
}

#[derive(Template)]
#[template(path = "sources/list.html")]
struct List {
    frame: Frame,
    search: Search,
    deep: bool,
    levels: Vec<Choice>,
    keys: Vec<Choice>,
    administrations: Vec<Choice>,
    credits: Vec<Choice>,
    statuses: Vec<Choice>,
    presences: Vec<Choice>,
    may_change: bool,
    rows: Vec<Row>,
    pager: Pager,
    export: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let list = ops::sources::list(
        &app.office,
        &actor,
        &search.filter(),
        search.as_of(),
        request(search.page, search.size),
    )
    .await?;
    let today = app.office.now().day();
    let first = (list.request.page() - 1) * list.request.size() + 1;
    let rows = (first..)
        .zip(&list.rows)
        .map(|(index, version)| row(index, version, today))
        .collect();
    let frame = Frame::new(&app, &actor, "污染源名录库", "/sources", crumbs())
        .await
        .saying(said);
    page(&List {
        frame,
        deep: search.is_deep(),
        levels: Choice::with_blank("全部", ControlLevel::proper_words(), &search.level),
        keys: Choice::with_blank("全部", ["是", "否"], &search.key),
        administrations: Choice::with_blank("全部", Administration::proper_words(), &search.administration),
        credits: Choice::with_blank("全部", CreditClass::proper_words(), &search.credit),
        statuses: Choice::with_blank("全部", Status::proper_words(), &search.status),
        presences: Choice::with_blank("在库", ["已退出", "全部"], &search.presence),
        may_change: actor.may(domain::rights::Permission::ChangeSources).is_some(),
        rows,
        pager: Pager::new("/sources", &query, &list),
        export: format!("/sources/export?{}", kept(&query)),
        search,
    })
    .map(forget_said)
}

fn crumbs() -> Vec<crate::frame::Crumb> {
    vec![crumb("名录库", ""), crumb("污染源", "")]
}

fn row(index: u64, version: &Version<Entry>, today: Date) -> Row {
    let Entry {
        source,
        inside,
        confirmed_on,
    } = &version.record;
    let (licence_until, licence_late) = earliest(source, today);
    Row {
        index,
        id: source.id().to_string(),
        name: source.name.to_string(),
        level: source.supervision.level().word(),
        key: source.supervision.is_key(),
        administration: source.administration.map_or("", Term::word),
        industry: source
            .industry
            .name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        licence_until,
        licence_late,
        confirmed: confirmed_on.map(|day| day.to_string()).unwrap_or_default(),
        missing: source.missing().len(),
        state: state(source, *inside),
    }
}

/// State of a source by word, with the kind of tag that shows it.
pub(super) fn state(source: &Source, inside: bool) -> (&'static str, String) {
    if !inside {
        return ("idle", "已退出".to_owned());
    }
    let kind = match source.status {
        Status::InOperation => "good",
        Status::Suspended => "warn",
        Status::Closed | Status::MovedAway | Status::Deregistered | Status::Revoked => "idle",
    };
    (kind, source.status.word().to_owned())
}

/// The end of the licence that ends first, and whether it is over.
fn earliest(source: &Source, today: Date) -> (String, bool) {
    let ends = source.licences.iter().map(|licence| licence.validity.until());
    let dated = ends
        .clone()
        .filter(|until| matches!(until, domain::Until::Date(_)));
    let first = dated
        .min_by_key(ToString::to_string)
        .or_else(|| ends.clone().next());
    first.map_or((String::new(), false), |until| {
        (until.to_string(), until.is_over_on(today))
    })
}

pub(super) async fn export(State(app): State<App>, Who(actor): Who, Query(search): Query<Search>) -> Answer {
    let sources = ops::sources::all(&app.office, &actor, &search.filter(), search.as_of()).await?;
    let bytes = ops::sources::workbook(sources).await?;
    let name = format!("污染源名录库-{}.xlsx", app.office.now().day());
    Ok(download(&name, XLSX, bytes))
}
