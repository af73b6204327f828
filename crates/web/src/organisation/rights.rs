//! 权限: the one table of roles and permissions, to read.
//! Never changes it: it is part of the program, so that no administrator can widen their own.

use askama::Template;
use axum::extract::State;
use domain::Term;
use domain::rights::{Role, Rule, TABLE};

use crate::app::App;
use crate::form::{Answer, Who, page};
use crate::frame::{Frame, crumb};

/// A permission, with how far each role has it.
struct Row {
    title: &'static str,
    cells: Vec<&'static str>,
}

fn row(rule: &Rule) -> Row {
    let cell = |(role, _): &(Role, &[&str])| {
        if rule.bureau.contains(role) {
            "本机关"
        } else if rule.department.contains(role) {
            "本部门"
        } else {
            ""
        }
    };
    Row {
        title: rule.permission.title(),
        cells: Role::WORDS.iter().map(cell).collect(),
    }
}

#[derive(Template)]
#[template(path = "organisation/rights.html")]
struct Table {
    frame: Frame,
    roles: Vec<&'static str>,
    rows: Vec<Row>,
}

pub(super) async fn table(State(app): State<App>, Who(actor): Who) -> Answer {
    let path = vec![crumb("系统", ""), crumb("权限", "")];
    page(&Table {
        frame: Frame::new(&app, &actor, "权限", "/rights", path).await,
        roles: Role::proper_words(),
        rows: TABLE.iter().map(row).collect(),
    })
}
