//! Beginning and changing an implementation plan, as a form or as text (R5.1b).
//! Never saves a plan under another number than its own.

use domain::DrawNumber;
use domain::rights::Permission;
use jiff::civil::Date;

use super::{Scheme, Start, Unshown, line};
use crate::plans::annual::Typed;
use crate::plans::workflow::{self, Draft, PlanText};
use crate::plans::{Filter, Kind, Plan};
use crate::{Actor, At, FieldError, Office, PageRequest, Refusal, Version};

/// Plans that are read at once where all of a year are looked at.
const BATCH: u64 = 100;
/// The kind of departments that join an inspection (R5.4).
const JOINT: &str = "联合部门";

/// What is asked before a plan begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Begun {
    /// Number of the annual plan that it is under.
    pub under: String,
    /// 方案编号
    pub number: String,
    /// 抽取编号
    pub draw: String,
    /// 实施时间, first day.
    pub from: String,
    /// 实施时间, last day.
    pub until: String,
}

/// What a plan may begin with: the annual plans in force, and numbers that are free.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Annual plans in force, the newest year first.
    pub annual: Vec<Version<Plan>>,
    /// What the form shows first.
    pub begun: Begun,
}

/// What the form of a new plan shows: the newest annual plan, its next quarter that no plan has yet.
///
/// # Errors
/// [`Refusal`].
pub async fn choices(office: &Office, actor: &Actor) -> Result<Choices, Refusal> {
    actor.must(Permission::DraftPlans)?;
    let annual = workflow::in_force(office, actor, Kind::Annual).await?;
    let Some(newest) = annual.first() else {
        let begun = Begun::default();
        return Ok(Choices { annual, begun });
    };
    let year = newest.record.year;
    let plans = of_year(office, actor, year).await?;
    let taken = |quarter: &i8| {
        let number = format!("{year}-Q{quarter}");
        !plans.iter().any(|plan| plan.number == number)
    };
    let quarter = (1..=4).find(taken).unwrap_or(4);
    let (from, until) = days_of(year, quarter);
    let begun = Begun {
        under: newest.record.number.clone(),
        number: format!("{year}-Q{quarter}"),
        draw: next_draw(year, &plans),
        from,
        until,
    };
    Ok(Choices { annual, begun })
}

/// First and last day of a quarter.
fn days_of(year: i64, quarter: i8) -> (String, String) {
    let first = |month: i8| Date::new(i16::try_from(year).ok()?, month, 1).ok();
    let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let last = first(quarter * 3).map(Date::last_of_month);
    (text(first(quarter * 3 - 2)), text(last))
}

/// The least number of the year above all that plans have: draws are numbered without gaps.
fn next_draw(year: i64, plans: &[Plan]) -> String {
    let number = |plan: &Plan| {
        draw_of(&plan.body)?
            .strip_prefix(&format!("{year}-"))?
            .parse::<u32>()
            .ok()
    };
    let next = plans.iter().filter_map(number).max().unwrap_or(0) + 1;
    format!("{year}-{next:03}")
}

fn draw_of(body: &str) -> Option<String> {
    let scheme = Scheme::from_toml(body).map_or_else(Unshown::shown, Some)?;
    Some(scheme.draw)
}

/// All implementation plans of a year, each by its newest edition.
async fn of_year(office: &Office, actor: &Actor, year: i64) -> Result<Vec<Plan>, Refusal> {
    let filter = Filter {
        kind: Some(Kind::Implementation),
        year: Some(year),
        ..Filter::default()
    };
    let mut plans = Vec::new();
    for page in 1.. {
        let list = workflow::list(office, actor, &filter, PageRequest::new(page, BATCH)).await?;
        let more = !list.rows.is_empty();
        plans.extend(list.rows.into_iter().map(|version| version.record));
        if !more || plans.len() as u64 >= list.total {
            break;
        }
    }
    Ok(plans)
}

/// Draw numbers that plans of the year have, each with the plan's number.
pub(super) async fn draws_taken(
    office: &Office,
    actor: &Actor,
    year: i64,
) -> Result<Vec<(String, String)>, Refusal> {
    let plans = of_year(office, actor, year).await?;
    let taken = plans
        .into_iter()
        .filter_map(|plan| Some((draw_of(&plan.body)?, plan.number)));
    Ok(taken.collect())
}

/// Begins a plan under an annual plan in force, as a draft that has all that can be said beforehand.
///
/// # Errors
/// [`Refusal`]; fields `under`, `number`, `draw`, `from`, `until`.
pub async fn begin(office: &Office, actor: &Actor, begun: &Begun) -> Result<(), Refusal> {
    actor.must(Permission::DraftPlans)?;
    let annual = workflow::in_force(office, actor, Kind::Annual).await?;
    let under = annual.iter().find(|plan| plan.record.number == begun.under);
    let Some(under) = under.map(|version| &version.record) else {
        let sentence = "没有这份已公布的年度计划；实施方案要在已公布的年度计划之下拟订，请先选择";
        return Err(Refusal::field("under", sentence));
    };
    let catalogue = super::catalogue(office, actor).await?;
    let annual = Typed::of(&under.body);
    let departments = crate::organisation::departments(office, actor).await?;
    let joint: Vec<String> = departments
        .into_iter()
        .filter(|own| own.kind == JOINT && own.closed_at == At::default())
        .map(|own| own.name)
        .collect();
    let start = Start {
        bureau: &actor.bureau,
        bureau_name: &actor.bureau_name,
        year: i16::try_from(under.year).unwrap_or_default(),
        annual: Some(&annual),
        joint: &joint,
        catalogue: &catalogue,
    };
    let scheme = Scheme {
        number: begun.number.trim().to_owned(),
        draw: drawn(&begun.draw)?,
        from: begun.from.trim().to_owned(),
        until: begun.until.trim().to_owned(),
        ..Scheme::starting(&start)
    };
    well_typed(&scheme)?;
    let draft = Draft {
        kind: Kind::Implementation,
        number: scheme.number.clone(),
        year: under.year,
        under: under.number.clone(),
        text: PlanText {
            title: scheme.title.clone(),
            body: scheme.to_toml(&catalogue),
        },
    };
    workflow::create(office, actor, &draft).await
}

fn drawn(typed: &str) -> Result<String, Refusal> {
    let number = DrawNumber::parse(typed.trim()).map_err(|wrong| Refusal::field("draw", wrong))?;
    Ok(number.to_string())
}

fn well_typed(scheme: &Scheme) -> Result<(), Refusal> {
    let faults = scheme.faults();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::Fields(faults))
}

/// Saves what was typed in the form; it may still be incomplete. `seen` is the version that the author saw.
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], what has not its form.
pub async fn save(
    office: &Office,
    actor: &Actor,
    number: &str,
    seen: i64,
    typed: &Scheme,
) -> Result<(), Refusal> {
    actor.must(Permission::DraftPlans)?;
    well_typed(typed)?;
    let scheme = Scheme {
        bureau: actor.bureau.clone(),
        number: number.to_owned(),
        ..typed.clone()
    };
    let catalogue = super::catalogue(office, actor).await?;
    let text = PlanText {
        title: scheme.title.clone(),
        body: scheme.to_toml(&catalogue),
    };
    workflow::edit(office, actor, Kind::Implementation, number, seen, &text).await
}

/// Saves a plan that was edited as text; it may still be no TOML.
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], of `text`.
pub async fn save_text(
    office: &Office,
    actor: &Actor,
    number: &str,
    seen: i64,
    typed: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::DraftPlans)?;
    let body = typed.replace("\r\n", "\n");
    let shown = Scheme::from_toml(&body).map_or_else(Unshown::shown, Some);
    let title = match shown {
        Some(scheme) => titled(scheme, actor, number)?,
        // A text that cannot be read yet keeps the title that the plan has.
        None => {
            workflow::get(office, actor, Kind::Implementation, number)
                .await?
                .newest
                .record
                .title
        }
    };
    let text = PlanText { title, body };
    let saved = workflow::edit(office, actor, Kind::Implementation, number, seen, &text).await;
    saved.map_err(|refusal| match refusal {
        Refusal::Fields(errors) => Refusal::Fields(
            errors
                .into_iter()
                .map(|error| FieldError::new("text", error.text))
                .collect(),
        ),
        other @ (Refusal::SignedOut
        | Refusal::Forbidden(_)
        | Refusal::Missing(_)
        | Refusal::Rule(_)
        | Refusal::Overtaken
        | Refusal::Store(_)) => other,
    })
}

/// The title of a text that says whose plan it is, rightly.
fn titled(scheme: Scheme, actor: &Actor, number: &str) -> Result<String, Refusal> {
    let own = |key: &str, said: &str, own: &str| {
        let text = format!("文本里的 {key} 是“{said}”，而这份方案的是“{own}”；编号和机关不能改，请改回");
        (said != own).then(|| FieldError::new("text", text))
    };
    let wrong: Vec<FieldError> = [
        own("plan（方案编号）", &scheme.number, number),
        own("bureau（机关代号）", &scheme.bureau, &actor.bureau),
    ]
    .into_iter()
    .flatten()
    .collect();
    if wrong.is_empty() {
        return Ok(line(&scheme.title));
    }
    Err(Refusal::Fields(wrong))
}
