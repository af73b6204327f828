//! 执法检查人员名录库 in the browser: the list, a person's file, entering, changing, leaving, leave and recusal.
//! Never decides who may be drawn or who sees whom: `ops::inspectors` does.

mod absences;
mod edit;
mod list;
mod record;
mod show;

use domain::rights::Permission::{ChangeInspectors, DeclareRecusal, ReadRegisters};

use crate::form::encoded;
use crate::frame::{Crumb, crumb};
use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/inspectors", get(list::list).authorize(ReadRegisters))
        .at("/inspectors/export", get(list::export).authorize(ReadRegisters))
        .at("/inspectors/new", get(edit::blank).authorize(ChangeInspectors))
        .at("/inspectors/new", post(edit::enter).authorize(ChangeInspectors))
        .at(
            "/inspectors/{certificate}",
            get(show::show).authorize(ReadRegisters),
        )
        .at(
            "/inspectors/{certificate}/edit",
            get(edit::edit).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/{certificate}/edit",
            post(edit::change).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/{certificate}/act",
            get(edit::ask).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/{certificate}/act",
            post(edit::act).authorize(ChangeInspectors),
        )
        .and(of_absences())
}

fn of_absences() -> Site {
    Site::default()
        .at(
            "/inspectors/absences",
            get(absences::leaves).authorize(ReadRegisters),
        )
        .at(
            "/inspectors/absences/recusals",
            get(absences::recusals).authorize(ReadRegisters),
        )
        .at(
            "/inspectors/absences/leave",
            get(record::blank_leave).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/absences/leave",
            post(record::leave).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/absences/recusal",
            get(record::blank_recusal).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/absences/recusal",
            post(record::recusal).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/absences/declare",
            get(record::blank_declaration).authorize(DeclareRecusal),
        )
        .at(
            "/inspectors/absences/declare",
            post(record::declaration).authorize(DeclareRecusal),
        )
        .at(
            "/inspectors/absences/{kind}/{id}/withdraw",
            get(record::ask).authorize(ChangeInspectors),
        )
        .at(
            "/inspectors/absences/{kind}/{id}/withdraw",
            post(record::withdraw).authorize(ChangeInspectors),
        )
}

/// Address of a person's file.
fn address(certificate: &str) -> String {
    format!("/inspectors/{}", encoded(certificate))
}

/// The path to a page below the list.
fn path(last: &str) -> Vec<Crumb> {
    vec![
        crumb("名录库", ""),
        crumb("执法检查人员", "/inspectors"),
        crumb(last, ""),
    ]
}

/// The path to a page below the leaves and recusals.
fn absences_path(last: &str) -> Vec<Crumb> {
    vec![
        crumb("名录库", ""),
        crumb("请假与回避", "/inspectors/absences"),
        crumb(last, ""),
    ]
}
