//! Published annual plans, for anybody.
//! Never shows a plan that is not in force.

use askama::Template;
use axum::extract::{Path, State};
use ops::plans::annual;

use super::reading::Reading;
use crate::app::App;
use crate::form::{Answer, page};

struct Row {
    bureau: String,
    bureau_name: String,
    number: String,
    title: String,
    edition: i64,
    published_on: String,
}

#[derive(Template)]
#[template(path = "plans/annual/public_list.html")]
struct List {
    title: String,
    rows: Vec<Row>,
}

pub(super) async fn list(State(app): State<App>) -> Answer {
    let row = |public: annual::Public| Row {
        bureau: public.bureau,
        bureau_name: public.bureau_name,
        number: public.plan.number,
        title: public.plan.title,
        edition: public.plan.edition,
        published_on: public.published_on.to_string(),
    };
    let published = annual::published(&app.office).await?;
    page(&List {
        title: "年度随机抽查工作计划".to_owned(),
        rows: published.into_iter().map(row).collect(),
    })
}

#[derive(Template)]
#[template(path = "plans/annual/public_show.html")]
struct Show {
    title: String,
    bureau_name: String,
    edition: i64,
    published_on: String,
    reading: Reading,
}

pub(super) async fn show(State(app): State<App>, Path((bureau, number)): Path<(String, String)>) -> Answer {
    let public = annual::published_one(&app.office, &bureau, &number).await?;
    page(&Show {
        reading: Reading::of(&public.plan.body, &public.items),
        title: public.plan.title,
        bureau_name: public.bureau_name,
        edition: public.plan.edition,
        published_on: public.published_on.to_string(),
    })
}
