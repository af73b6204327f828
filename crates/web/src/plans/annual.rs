//! 年度计划 in the browser (R5.1a): the list, the plan as a document, drafting it, and what the public reads.
//! Never decides whether a plan is whole: `ops::plans::annual` does.

mod edit;
mod list;
mod public;
mod reading;
mod show;

use domain::rights::Permission::{DraftPlans, ReadPlans};
use ops::plans::Kind;

use super::workflow;
use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/annual-plans", get(list::list).authorize(ReadPlans))
        .at("/annual-plans/new", get(edit::blank).authorize(DraftPlans))
        .at("/annual-plans/new", post(edit::create).authorize(DraftPlans))
        .at("/annual-plans/{number}", get(show::show).authorize(ReadPlans))
        .at(
            "/annual-plans/{number}/edit",
            get(edit::edit).authorize(DraftPlans),
        )
        .at(
            "/annual-plans/{number}/edit",
            post(edit::change).authorize(DraftPlans),
        )
        .at("/public/annual-plans", get(public::list).public())
        .at(
            "/public/annual-plans/{bureau}/{number}",
            get(public::show).public(),
        )
        .and(workflow::acts(Kind::Annual))
}
