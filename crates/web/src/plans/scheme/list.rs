//! The list of implementation plans, with its filters.
//! Never shows two editions of one plan as two.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::rights::Permission;
use ops::Version;
use ops::plans::scheme::{Scheme, Unshown};
use ops::plans::{Filter, Kind, Plan, workflow};
use serde::Deserialize;

use super::super::workflow::tag;
use crate::app::App;
use crate::form::{Answer, Choice, Who, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::lists::{Pager, request};

/// The search row; what is no number counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
    year: String,
    state: String,
    under: String,
    page: Option<u64>,
    size: Option<u64>,
}

/// States with their words, in the order of the flow.
const STATES: [(&str, &str); 5] = [
    ("draft", "草稿"),
    ("submitted", "待批准"),
    ("returned", "已退回"),
    ("approved", "已批准"),
    ("published", "已公布"),
];

/// A plan as a row.
struct Row {
    index: u64,
    number: String,
    title: String,
    under: String,
    window: String,
    draw: String,
    departments: String,
    edition: i64,
    state: (&'static str, &'static str),
    open: bool,
}

#[derive(Template)]
#[template(path = "plans/scheme/list.html")]
struct List {
    frame: Frame,
    search: Search,
    states: Vec<Choice>,
    may_draft: bool,
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
    let filter = Filter {
        kind: Some(Kind::Implementation),
        year: search.year.trim().parse().ok(),
        under: search.under.trim().to_owned(),
        state: search.state.clone(),
        text: search.q.trim().to_lowercase(),
    };
    let asked = request(search.page, search.size);
    let list = workflow::list(&app.office, &actor, &filter, asked).await?;
    let may_draft = actor.may(Permission::DraftPlans).is_some();
    let first = (list.request.page() - 1) * list.request.size() + 1;
    let rows = (first..)
        .zip(&list.rows)
        .map(|(index, version)| row(index, version, may_draft))
        .collect();
    let path = vec![crumb("计划", ""), crumb("实施方案", "")];
    page(&List {
        frame: Frame::new(&app, &actor, "实施方案", "/plans", path)
            .await
            .saying(said),
        states: states(&search.state),
        may_draft,
        rows,
        pager: Pager::new("/plans", &query.unwrap_or_default(), &list),
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

fn row(index: u64, version: &Version<Plan>, may_draft: bool) -> Row {
    let plan = &version.record;
    let scheme = Scheme::from_toml(&plan.body).map_or_else(Unshown::shown, Some);
    let scheme = scheme.unwrap_or_default();
    let state = plan.state.name();
    Row {
        index,
        number: plan.number.clone(),
        title: plan.title.clone(),
        under: plan.under.clone(),
        window: window(&scheme),
        departments: scheme.departments().join("、"),
        draw: scheme.draw,
        edition: plan.edition,
        state: tag(&plan.state),
        open: may_draft && matches!(state, "draft" | "returned"),
    }
}

/// First and last day in words; nothing if neither is known.
pub(super) fn window(scheme: &Scheme) -> String {
    if scheme.from.is_empty() && scheme.until.is_empty() {
        return String::new();
    }
    format!("{} 至 {}", scheme.from, scheme.until)
}
