//! What waits for somebody of plans of both kinds.
//! Never shows a plan to who cannot take it further.

use domain::PlanState;
use domain::rights::Permission;
use store::plans::{self, Kind, Plan};
use store::versions::AsOf;

use crate::duties::Duty;
use crate::{Actor, Office, Refusal};

/// Month and day after which a year without a published plan is late: the end of its first quarter.
const LATE_AFTER: (i8, i8) = (3, 31);
/// Month from which the plan of the next year is due.
const NEXT_YEAR_FROM_MONTH: i8 = 12;

/// What waits for this person here.
pub(crate) async fn duties(office: &Office, actor: &Actor) -> Result<Vec<Duty>, Refusal> {
    if actor.may(Permission::ReadPlans).is_none() {
        return Ok(Vec::new());
    }
    let underway = plans::all_underway(&mut *office.db.read().await?, &actor.bureau).await?;
    let underway: Vec<Plan> = underway.into_iter().map(|version| version.record).collect();
    let mut duties = Vec::new();
    for kind in [Kind::Annual, Kind::Implementation] {
        let own = || underway.iter().filter(move |plan| plan.kind == kind);
        let waiting = own().filter(|plan| waits_for_approval(plan, actor)).collect();
        duties.push(waiting_duty(
            kind,
            "submitted",
            waiting,
            "提交的人等着批准；不同意的，退回并写明理由",
        ));
        let returned = own().filter(|plan| was_returned(plan, actor)).collect();
        duties.push(waiting_duty(
            kind,
            "returned",
            returned,
            "按退回理由修改后，重新提交",
        ));
        let approved = own().filter(|plan| waits_for_publication(plan, actor)).collect();
        duties.push(waiting_duty(
            kind,
            "approved",
            approved,
            "批准后要公布才生效，公布后任何人都能查阅",
        ));
    }
    if actor.may(Permission::DraftPlans).is_some() {
        duties.extend(of_years(office, actor, &underway).await?);
    }
    Ok(duties)
}

fn waits_for_approval(plan: &Plan, actor: &Actor) -> bool {
    let PlanState::Submitted { authors, .. } = &plan.state else {
        return false;
    };
    let own = authors.iter().any(|author| author.as_str() == actor.login);
    actor.may(Permission::ApprovePlans).is_some() && !own
}

/// Whoever drafts: its author may be on leave, and the next one goes on.
fn was_returned(plan: &Plan, actor: &Actor) -> bool {
    matches!(plan.state, PlanState::Returned { .. }) && actor.may(Permission::DraftPlans).is_some()
}

fn waits_for_publication(plan: &Plan, actor: &Actor) -> bool {
    matches!(plan.state, PlanState::Approved { .. }) && actor.may(Permission::PublishPlans).is_some()
}

fn waiting_duty(kind: Kind, state: &str, plans: Vec<&Plan>, note: &str) -> Duty {
    let base = menu(kind);
    let href = match plans.as_slice() {
        [one] => format!("{base}/{}", one.number),
        _ => format!("{base}?state={state}"),
    };
    Duty {
        menu: base,
        href,
        what: what(kind, state),
        count: plans.len() as u64,
        late: 0,
        note: note.to_owned(),
    }
}

const fn menu(kind: Kind) -> &'static str {
    match kind {
        Kind::Annual => "/annual-plans",
        Kind::Implementation => "/plans",
    }
}

fn what(kind: Kind, state: &str) -> &'static str {
    match (kind, state) {
        (Kind::Annual, "submitted") => "年度计划等你批准",
        (Kind::Annual, "returned") => "年度计划被退回",
        (Kind::Annual, _) => "年度计划等待公布",
        (Kind::Implementation, "submitted") => "实施方案等你批准",
        (Kind::Implementation, "returned") => "实施方案被退回",
        (Kind::Implementation, _) => "实施方案等待公布",
    }
}

/// Years that need a published annual plan and have none: this one, and from December the next.
async fn of_years(office: &Office, actor: &Actor, underway: &[Plan]) -> Result<Vec<Duty>, Refusal> {
    let today = office.now().day();
    let late = (today.month(), today.day()) > LATE_AFTER;
    let this_year = (today.year(), "今年的年度计划还没有公布", late);
    let next_year = (today.year() + 1, "明年的年度计划还没有公布", false);
    let due = [
        Some(this_year),
        (today.month() >= NEXT_YEAR_FROM_MONTH).then_some(next_year),
    ];
    let mut duties = Vec::new();
    let mut read = office.db.read().await?;
    for (year, what, late) in due.into_iter().flatten() {
        let number = year.to_string();
        let in_force = plans::in_force(&mut read, &actor.bureau, &number, AsOf::Now).await?;
        let begun = underway
            .iter()
            .any(|plan| plan.kind == Kind::Annual && plan.number == number);
        let (href, next) = if begun {
            (
                format!("/annual-plans/{number}"),
                "计划已经起草，请办完提交、批准和公布",
            )
        } else {
            (format!("/annual-plans/new?year={year}"), "计划还没有起草")
        };
        let missing = u64::from(in_force.is_none());
        duties.push(Duty {
            menu: "/annual-plans",
            href,
            what,
            count: missing,
            late: if late { missing } else { 0 },
            note: format!("实施方案和抽取都以年度计划为依据，宜在当年3月底前公布；{year}年度的{next}"),
        });
    }
    Ok(duties)
}
