//! The list, and the export of what it shows.
//! Never exports more than the filter shows.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::rights::Scope;
use domain::{Permission, PostStatus, Term, Until};
use jiff::Span;
use jiff::civil::Date;
use ops::duties::EXPIRES_WITHIN_DAYS;
use ops::inspectors::{Filter, Person, Presence, may_change};
use ops::{Actor, AsOf, At};
use serde::Deserialize;

use super::address;
use crate::app::App;
use crate::fault::Fault;
use crate::form::{Answer, Choice, Who, XLSX, download, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, kept, request};

/// The search row; what is not a date or number counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Search {
    q: String,
    department: String,
    post: String,
    presence: String,
    valid_until: String,
    as_of: String,
    page: Option<u64>,
    size: Option<u64>,
}

impl Search {
    fn filter(&self) -> Filter {
        Filter {
            text: self.q.trim().to_owned(),
            department: self.department.clone(),
            post: self.post.clone(),
            valid_until: self.valid_until.parse().ok(),
            left: match self.presence.as_str() {
                "已离库" => Presence::Left,
                "全部" => Presence::Both,
                _ => Presence::Inside,
            },
        }
    }

    /// Whether one of the rarer conditions is set, so that they are shown.
    fn is_deep(&self) -> bool {
        [&self.presence, &self.valid_until, &self.as_of]
            .iter()
            .any(|value| !value.is_empty())
    }
}

/// The moment that a day in an address means: its end, or now.
pub(super) fn moment(day: &str) -> AsOf {
    day.parse()
        .map_or(AsOf::Now, |day: Date| AsOf::Past(At::end_of(day)))
}

/// A person as a row.
struct Row {
    index: u64,
    href: String,
    name: String,
    department: String,
    unit: String,
    certificate: String,
    valid_until: String,
    validity: Option<(&'static str, &'static str)>,
    fields: String,
    state: (&'static str, String),
    kept_out: String,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "inspectors/list.html")]
struct List {
    frame: Frame,
    search: Search,
    deep: bool,
    departments: Vec<Choice>,
    posts: Vec<Choice>,
    presences: Vec<Choice>,
    may_change: bool,
    may_import: bool,
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
    let as_of = moment(&search.as_of);
    let asked = request(search.page, search.size);
    let list = ops::inspectors::list(&app.office, &actor, &search.filter(), as_of, asked).await?;
    let day = day_of(&app, as_of);
    let first = (list.request.page() - 1) * list.request.size() + 1;
    let rows = (first..)
        .zip(&list.rows)
        .map(|(index, person)| {
            row(
                index,
                person,
                day,
                as_of == AsOf::Now && may_change(&actor, &person.version.record.department),
            )
        })
        .collect();
    let path = vec![crumb("名录库", ""), crumb("执法检查人员", "")];
    let frame = Frame::new(&app, &actor, "执法检查人员名录库", "/inspectors", path)
        .await
        .saying(said);
    page(&List {
        frame,
        deep: search.is_deep(),
        departments: departments(&app, &actor, &search.department).await?,
        posts: Choice::with_blank("全部", PostStatus::proper_words(), &search.post),
        presences: Choice::with_blank("在库", ["已离库", "全部"], &search.presence),
        may_change: actor.may(Permission::ChangeInspectors).is_some(),
        may_import: actor.may(Permission::ImportRegisters).is_some(),
        rows,
        pager: Pager::new("/inspectors", &query, &list),
        export: format!("/inspectors/export?{}", kept(&query)),
        search,
    })
    .map(forget_said)
}

/// The day that a list is of.
pub(super) fn day_of(app: &App, as_of: AsOf) -> Date {
    match as_of {
        AsOf::Now => app.office.now().day(),
        AsOf::Past(at) => at.day(),
    }
}

/// The departments to choose from; none to who sees the own department alone.
pub(super) async fn departments(app: &App, actor: &Actor, chosen: &str) -> Result<Vec<Choice>, Fault> {
    if actor.may(Permission::ReadRegisters) != Some(Scope::Bureau) {
        return Ok(Vec::new());
    }
    let departments = ops::organisation::departments(&app.office, actor).await?;
    let names = departments.iter().map(|department| department.name.as_str());
    Ok(Choice::with_blank("全部", names, chosen))
}

fn row(index: u64, person: &Person, day: Date, may_change: bool) -> Row {
    let entry = &person.version.record;
    let inspector = &entry.inspector;
    let fields: Vec<&str> = inspector.fields.iter().map(domain::Text::as_str).collect();
    let certificate = inspector.certificate.number.to_string();
    Row {
        index,
        href: address(&certificate),
        name: inspector.name.to_string(),
        department: entry.department.clone(),
        unit: inspector
            .unit
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        certificate,
        valid_until: inspector.certificate.valid_until.to_string(),
        validity: validity(inspector.certificate.valid_until, day),
        fields: fields.join("、"),
        state: state(inspector.post, entry.inside),
        kept_out: kept_out(person),
        may_change,
    }
}

/// Why the person may not be drawn; empty if they may.
pub(super) fn kept_out(person: &Person) -> String {
    person
        .kept_out
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// Post of a person by word, with the kind of tag that shows it.
pub(super) fn state(post: PostStatus, inside: bool) -> (&'static str, String) {
    let word = post.word();
    if !inside {
        let gone = match post {
            PostStatus::Transferred | PostStatus::Resigned | PostStatus::Retired => word,
            PostStatus::InPost | PostStatus::OnLeave | PostStatus::Seconded | PostStatus::Suspended => {
                "已离库"
            }
        };
        return ("idle", gone.to_owned());
    }
    let kind = match post {
        PostStatus::InPost => "good",
        PostStatus::OnLeave | PostStatus::Seconded => "info",
        PostStatus::Suspended | PostStatus::Transferred | PostStatus::Resigned | PostStatus::Retired => {
            "warn"
        }
    };
    (kind, word.to_owned())
}

/// What is to be said of the end of a certificate; none if it is far away.
pub(super) fn validity(until: Until, day: Date) -> Option<(&'static str, &'static str)> {
    let soon = day.saturating_add(Span::new().days(EXPIRES_WITHIN_DAYS));
    match until {
        Until::Unknown => Some(("warn", "未登记有效期")),
        Until::Date(last) if last < day => Some(("bad", "已过期")),
        Until::Date(last) if last <= soon => Some(("warn", "即将到期")),
        Until::Date(_) | Until::LongTerm => None,
    }
}

pub(super) async fn export(State(app): State<App>, Who(actor): Who, Query(search): Query<Search>) -> Answer {
    let as_of = moment(&search.as_of);
    let people = ops::inspectors::all(&app.office, &actor, &search.filter(), as_of).await?;
    let bytes = ops::inspectors::workbook(people).await?;
    let name = format!("执法检查人员名录库-{}.xlsx", app.office.now().day());
    Ok(download(&name, XLSX, bytes))
}
