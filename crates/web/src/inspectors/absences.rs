//! 请假与回避: who is away today and to come, who does not go where.
//! Never shows a ground that the operation kept back.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use domain::Permission;
use jiff::civil::Date;
use ops::Actor;
use ops::inspectors::{AbsenceFilter, LeaveRecord, Listed, Recusal, Withdrawal, may_change};
use serde::Deserialize;

use super::list::departments;
use super::{absences_path, address};
use crate::app::App;
use crate::form::{Answer, Choice, Who, page};
use crate::frame::{Frame, Said, forget_said};
use crate::lists::{Pager, request};

/// What leaves are shown where nobody asks: those of today and to come.
const PRESENT: &str = "今天和以后";
const TODAY: &str = "今天不在岗";
const ALL: &str = "全部（含已结束、已撤销）";
/// What recusals are shown where nobody asks.
const VALID: &str = "有效";
const ALSO_WITHDRAWN: &str = "全部（含已撤销）";

/// The search row.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
    department: String,
    scope: String,
    page: Option<u64>,
    size: Option<u64>,
}

impl Search {
    fn filter(&self) -> AbsenceFilter {
        AbsenceFilter {
            text: self.q.trim().to_owned(),
            department: self.department.clone(),
            withdrawn: self.scope == ALL || self.scope == ALSO_WITHDRAWN,
            ..AbsenceFilter::default()
        }
    }

    fn of_leaves(&self, today: Date) -> AbsenceFilter {
        AbsenceFilter {
            ends_from: (self.scope != ALL).then_some(today),
            begins_until: (self.scope == TODAY).then_some(today),
            ..self.filter()
        }
    }
}

/// A leave as a row.
pub(super) struct LeaveRow {
    pub(super) href: String,
    pub(super) person: String,
    pub(super) department: String,
    pub(super) kind: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) ground: String,
    pub(super) recorded: String,
    pub(super) state: (&'static str, &'static str),
    pub(super) withdrawn: String,
    pub(super) withdraw: String,
}

/// A recusal as a row.
pub(super) struct RecusalRow {
    pub(super) href: String,
    pub(super) person: String,
    pub(super) department: String,
    pub(super) source: String,
    pub(super) source_name: String,
    pub(super) asked_by: String,
    pub(super) ground: String,
    pub(super) recorded: String,
    pub(super) state: (&'static str, &'static str),
    pub(super) withdrawn: String,
    pub(super) withdraw: String,
}

fn withdrawn(withdrawal: Option<&Withdrawal>) -> String {
    withdrawal.map_or_else(String::new, |Withdrawal { at, by, ground }| {
        let ground = if ground.is_empty() {
            String::new()
        } else {
            format!("，理由：{ground}")
        };
        format!("{} 由 {by} 撤销{ground}", at.day())
    })
}

pub(super) fn leave_row(actor: &Actor, listed: Listed<LeaveRecord>, day: Date) -> LeaveRow {
    let Listed {
        record,
        person,
        department,
        ..
    } = listed;
    let state = if record.withdrawn.is_some() {
        ("idle", "已撤销")
    } else if record.until < day {
        ("idle", "已结束")
    } else if record.from > day {
        ("info", "未开始")
    } else {
        ("warn", "不在岗")
    };
    let open = record.withdrawn.is_none() && record.until >= day;
    LeaveRow {
        href: address(&record.certificate),
        withdraw: if open && may_change(actor, &department) {
            format!("/inspectors/absences/leave/{}/withdraw", record.id)
        } else {
            String::new()
        },
        person,
        department,
        kind: record.kind,
        from: record.from.to_string(),
        until: record.until.to_string(),
        ground: record.ground,
        recorded: format!("{} {}", record.recorded_at.day(), record.author),
        state,
        withdrawn: withdrawn(record.withdrawn.as_ref()),
    }
}

pub(super) fn recusal_row(actor: &Actor, listed: Listed<Recusal>) -> RecusalRow {
    let Listed {
        record,
        person,
        department,
        source_name,
        bears,
    } = listed;
    let state = if record.withdrawn.is_some() {
        ("idle", "已撤销")
    } else if bears {
        ("good", "有效")
    } else {
        ("idle", "人员或企业不在库")
    };
    let may_withdraw = record.withdrawn.is_none()
        && record.certificate != actor.certificate
        && may_change(actor, &department);
    RecusalRow {
        href: address(&record.certificate),
        withdraw: if may_withdraw {
            format!("/inspectors/absences/recusal/{}/withdraw", record.id)
        } else {
            String::new()
        },
        person,
        department,
        source: record.source,
        source_name,
        asked_by: record.asked_by,
        ground: record.ground,
        recorded: format!("{} {}", record.recorded_at.day(), record.author),
        state,
        withdrawn: withdrawn(record.withdrawn.as_ref()),
    }
}

/// What both pages have beside their rows.
struct Shared {
    frame: Frame,
    search: Search,
    departments: Vec<Choice>,
    scopes: Vec<Choice>,
    may_change: bool,
    may_declare: bool,
}

async fn shared(
    app: &App,
    actor: &Actor,
    said: Said,
    search: Search,
    tab: &str,
    (first, others): (&str, &[&str]),
) -> Result<Shared, crate::fault::Fault> {
    let frame = Frame::new(
        app,
        actor,
        "请假与回避",
        "/inspectors/absences",
        absences_path(tab),
    );
    Ok(Shared {
        frame: frame.await.saying(said),
        departments: departments(app, actor, &search.department).await?,
        scopes: Choice::with_blank(first, others.iter().copied(), &search.scope),
        may_change: actor.may(Permission::ChangeInspectors).is_some(),
        may_declare: actor.may(Permission::DeclareRecusal).is_some(),
        search,
    })
}

#[derive(Template)]
#[template(path = "inspectors/leaves.html")]
struct Leaves {
    frame: Frame,
    search: Search,
    departments: Vec<Choice>,
    scopes: Vec<Choice>,
    may_change: bool,
    may_declare: bool,
    rows: Vec<LeaveRow>,
    pager: Pager,
}

pub(super) async fn leaves(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let today = app.office.now().day();
    let (filter, asked) = (search.of_leaves(today), request(search.page, search.size));
    let list = ops::inspectors::leaves(&app.office, &actor, &filter, asked).await?;
    let pager = Pager::new("/inspectors/absences", &query.unwrap_or_default(), &list);
    let shared = shared(&app, &actor, said, search, "请假", (PRESENT, &[TODAY, ALL])).await?;
    page(&Leaves {
        frame: shared.frame,
        search: shared.search,
        departments: shared.departments,
        scopes: shared.scopes,
        may_change: shared.may_change,
        may_declare: shared.may_declare,
        rows: list
            .rows
            .into_iter()
            .map(|row| leave_row(&actor, row, today))
            .collect(),
        pager,
    })
    .map(forget_said)
}

#[derive(Template)]
#[template(path = "inspectors/recusals.html")]
struct Recusals {
    frame: Frame,
    search: Search,
    departments: Vec<Choice>,
    scopes: Vec<Choice>,
    may_change: bool,
    may_declare: bool,
    rows: Vec<RecusalRow>,
    pager: Pager,
}

pub(super) async fn recusals(
    State(app): State<App>,
    Who(actor): Who,
    said: Said,
    Query(search): Query<Search>,
    RawQuery(query): RawQuery,
) -> Answer {
    let (filter, asked) = (search.filter(), request(search.page, search.size));
    let list = ops::inspectors::recusals(&app.office, &actor, &filter, asked).await?;
    let pager = Pager::new("/inspectors/absences/recusals", &query.unwrap_or_default(), &list);
    let shared = shared(&app, &actor, said, search, "回避", (VALID, &[ALSO_WITHDRAWN])).await?;
    page(&Recusals {
        frame: shared.frame,
        search: shared.search,
        departments: shared.departments,
        scopes: shared.scopes,
        may_change: shared.may_change,
        may_declare: shared.may_declare,
        rows: list
            .rows
            .into_iter()
            .map(|row| recusal_row(&actor, row))
            .collect(),
        pager,
    })
    .map(forget_said)
}
