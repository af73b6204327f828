//! The list with its filters.
//! Never publishes anything by itself: it only has the buttons.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::rights::Permission;
use domain::{ItemRecord, ItemState, Term};
use jiff::civil::Date;
use ops::items::{self, Filter};
use ops::{AsOf, At, Version};
use serde::Deserialize;

use crate::app::App;
use crate::form::{Answer, Choice, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, request};

/// The search row; what is not a date or number counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
    state: String,
    department: String,
    as_of: String,
    page: Option<u64>,
    size: Option<u64>,
}

impl Search {
    fn filter(&self) -> Filter {
        Filter {
            text: self.q.trim().to_owned(),
            state: ItemState::parse(&self.state).ok(),
            department: self.department.clone(),
        }
    }

    fn as_of(&self) -> AsOf {
        self.as_of
            .parse()
            .map_or(AsOf::Now, |day: Date| AsOf::Past(At::end_of(day)))
    }
}

/// An item as a row.
struct Row {
    index: u64,
    code: String,
    name: String,
    object: String,
    methods: String,
    kind: &'static str,
    department: String,
    state: (&'static str, &'static str),
    edition: i64,
    published_on: String,
    version: i64,
    /// The number of the draft beside a published version; 0 if there is none.
    draft: i64,
    waits: bool,
    may_amend: bool,
}

#[derive(Template)]
#[template(path = "items/list.html")]
struct List {
    frame: Frame,
    search: Search,
    states: Vec<Choice>,
    departments: Vec<Choice>,
    may_edit: bool,
    rows: Vec<Row>,
    pager: Pager,
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let wanted = request(search.page, search.size);
    let list = items::list(&app.office, &actor, &search.filter(), search.as_of(), wanted).await?;
    let departments = ops::organisation::departments(&app.office, &actor).await?;
    let departments = departments.iter().map(|own| own.name.as_str());
    let first = (list.request.page() - 1) * list.request.size() + 1;
    let rows = (first..)
        .zip(&list.rows)
        .map(|(index, version)| row(index, version))
        .collect();
    let path = vec![crumb("抽查事项", ""), crumb("事项清单", "")];
    let frame = Frame::new(&app, &actor, "抽查事项清单", "/items", path).await;
    page(&List {
        frame: frame.saying(said),
        states: Choice::with_blank("全部", ItemState::proper_words(), &search.state),
        departments: Choice::with_blank("全部", departments, &search.department),
        may_edit: actor.may(Permission::EditItems).is_some() && search.as_of() == AsOf::Now,
        rows,
        pager: Pager::new("/items", &query.unwrap_or_default(), &list),
        search,
    })
    .map(forget_said)
}

fn row(index: u64, version: &Version<ItemRecord>) -> Row {
    let record = &version.record;
    let typed = record.item.draft();
    Row {
        index,
        code: typed.code,
        name: typed.name,
        object: typed.object,
        methods: typed.methods.join("、"),
        kind: record.item.kind.word(),
        department: typed.department,
        state: state(record.state),
        edition: record.edition,
        published_on: record.published_on.map(|day| day.to_string()).unwrap_or_default(),
        version: version.number,
        draft: record.draft.as_ref().map_or(0, |_| record.newest_edition()),
        waits: record.waiting().is_some(),
        may_amend: record.state.amend().is_ok(),
    }
}

/// A state by word, with the kind of tag that shows it.
pub(super) fn state(state: ItemState) -> (&'static str, &'static str) {
    let kind = match state {
        ItemState::Draft => "warn",
        ItemState::Published => "good",
        ItemState::Retired | ItemState::Discarded => "idle",
    };
    (kind, state.word())
}
