//! The list of annual plans, by year.
//! Never hides that a plan has an edition underway beside the one in force.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::rights::Permission;
use ops::Version;
use ops::plans::{Filter, Kind, Plan, workflow};
use serde::Deserialize;

use crate::app::App;
use crate::form::{Answer, Choice, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::history::word;
use crate::lists::{Pager, request};
use crate::plans::workflow::{People, tag};

/// States by name and word.
const STATES: [(&str, &str); 5] = [
    ("draft", "草稿"),
    ("submitted", "待批准"),
    ("returned", "已退回"),
    ("approved", "已批准"),
    ("published", "已公布"),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
    state: String,
    page: Option<u64>,
    size: Option<u64>,
}

struct Row {
    index: u64,
    number: String,
    title: String,
    edition: i64,
    tag: (&'static str, &'static str),
    last: String,
    at: String,
}

#[derive(Template)]
#[template(path = "plans/annual/list.html")]
struct List {
    frame: Frame,
    search: Search,
    states: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    may_draft: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let filter = Filter {
        kind: Some(Kind::Annual),
        state: search.state.clone(),
        text: search.q.trim().to_owned(),
        ..Filter::default()
    };
    let list = workflow::list(&app.office, &actor, &filter, request(search.page, search.size)).await?;
    let people = People::of(&app, &actor).await?;
    let before = (list.request.page() - 1) * list.request.size();
    let frame = Frame::new(
        &app,
        &actor,
        "年度计划",
        "/annual-plans",
        vec![crumb("计划", ""), crumb("年度计划", "")],
    );
    page(&List {
        frame: frame.await.saying(said),
        states: states(&search.state),
        pager: Pager::new("/annual-plans", &query.unwrap_or_default(), &list),
        rows: (before + 1..)
            .zip(&list.rows)
            .map(|(index, plan)| row(index, plan, &people))
            .collect(),
        may_draft: actor.may(Permission::DraftPlans).is_some(),
        search,
    })
    .map(forget_said)
}

fn states(chosen: &str) -> Vec<Choice> {
    let choice = |(value, word): (&str, &str)| Choice {
        value: value.to_owned(),
        word: word.to_owned(),
        selected: value == chosen,
    };
    std::iter::once(("", "全部")).chain(STATES).map(choice).collect()
}

fn row(index: u64, version: &Version<Plan>, people: &People) -> Row {
    let Plan {
        number,
        title,
        edition,
        state,
        ..
    } = &version.record;
    Row {
        index,
        number: number.clone(),
        title: title.clone(),
        edition: *edition,
        tag: tag(state),
        last: format!(
            "{} {}",
            people.name(&version.stamp.author),
            word(&version.stamp.act)
        ),
        at: version.stamp.at.day().to_string(),
    }
}
