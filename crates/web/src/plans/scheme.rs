//! 实施方案 in the browser (R5.1b, R5.4): list, beginning, the plan as a document with its check, form, text.
//! Never decides whether a plan is whole: `ops::plans::scheme` does.

mod begin;
mod document;
mod edit;
mod list;
mod parts;
mod report;
mod show;
mod typed;

use domain::rights::Permission::{DraftPlans, ReadPlans};
use ops::plans::Kind;

use super::workflow;
use crate::site::{Site, get, post};

pub(super) fn site() -> Site {
    Site::default()
        .at("/plans", get(list::list).authorize(ReadPlans))
        .at("/plans/new", get(begin::blank).authorize(DraftPlans))
        .at("/plans/new", post(begin::begin).authorize(DraftPlans))
        .at("/plans/{number}", get(show::show).authorize(ReadPlans))
        .at("/plans/{number}/edit", get(edit::form).authorize(DraftPlans))
        .at("/plans/{number}/edit", post(edit::save).authorize(DraftPlans))
        .at("/plans/{number}/text", get(edit::text).authorize(DraftPlans))
        .at(
            "/plans/{number}/text",
            post(edit::save_text).authorize(DraftPlans),
        )
        .at(
            "/plans/{number}/plan.toml",
            get(show::taken).authorize(DraftPlans),
        )
        .and(workflow::acts(Kind::Implementation))
}

/// The path to a page of a plan.
fn path_to(number: &str, title: &str, last: &str) -> Vec<crate::frame::Crumb> {
    use crate::frame::crumb;
    let plans = [crumb("计划", ""), crumb("实施方案", "/plans")];
    let own = if last.is_empty() {
        vec![crumb(title, "")]
    } else {
        vec![crumb(title, &format!("/plans/{number}")), crumb(last, "")]
    };
    plans.into_iter().chain(own).collect()
}
