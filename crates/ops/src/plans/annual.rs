//! 年度计划 (R5.1a): drafting it, what it comes to with the registers of today, and what the public reads.
//! Never lets a plan pass that leaves something open or names an item which is not published (R1).

mod typed;

use std::collections::BTreeMap;

use domain::annual::Forecast;
use domain::rights::{Permission, Scope as Reach};
use domain::{AnnualPlan, Inspector, Source};
use jiff::civil::Date;
use store::plans::{self, Kind, Plan};
use store::versions::{AsOf, Version};
use store::{Conn, StoreError, bureaus, inspectors, sources};

use super::workflow::{self, Draft, PlanText};
use crate::{Actor, FieldError, Office, Refusal};

pub use typed::{AmountKind, Line, Typed};

/// Rows that are read at once where a whole register is gone through.
const BATCH: i64 = 2_000;

/// What a line can choose from.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Published items: code and name.
    pub items: BTreeMap<String, String>,
    /// Departments that are open, those of joint inspections too (R5.4).
    pub departments: Vec<String>,
}

/// What a line can choose from today.
///
/// # Errors
/// [`Refusal`].
pub async fn choices(office: &Office, actor: &Actor) -> Result<Choices, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let mut read = office.db.read().await?;
    let departments = bureaus::departments(&mut read, &actor.bureau).await?;
    let open = departments
        .into_iter()
        .filter(|own| own.closed_at == store::At::default());
    Ok(Choices {
        items: plans::published_items(&mut read, &actor.bureau).await?,
        departments: open.map(|own| own.name).collect(),
    })
}

/// Begins the plan of a year; gives its number, which is the year.
///
/// # Errors
/// [`Refusal`].
pub async fn create(office: &Office, actor: &Actor, typed: &Typed) -> Result<String, Refusal> {
    actor.must(Permission::DraftPlans)?;
    let mut faults = typed.malformed();
    let year = typed.year.trim().parse().ok();
    let year = year.filter(|year| AnnualPlan::YEARS.contains(year));
    if year.is_none() {
        let (from, until) = (AnnualPlan::YEARS.start(), AnnualPlan::YEARS.end());
        faults.insert(
            0,
            FieldError::new("year", format!("年度应为 {from} 至 {until} 之间的年份")),
        );
    }
    let (Some(year), true) = (year, faults.is_empty()) else {
        return Err(Refusal::Fields(faults));
    };
    let number = year.to_string();
    if plans::exists(&mut *office.db.read().await?, &actor.bureau, &number).await? {
        let sentence = format!("{year}年度的计划已经有了；请打开它继续办理，已经公布的请点“修订”");
        return Err(Refusal::field("year", sentence));
    }
    let draft = Draft {
        kind: Kind::Annual,
        number: number.clone(),
        year: year.into(),
        under: String::new(),
        text: text(typed)?,
    };
    workflow::create(office, actor, &draft).await?;
    Ok(number)
}

/// Changes a draft, or a plan that was sent back. The year stays: it is what makes it the plan of that year.
///
/// # Errors
/// [`Refusal`].
pub async fn edit(
    office: &Office,
    actor: &Actor,
    number: &str,
    seen: i64,
    typed: &Typed,
) -> Result<(), Refusal> {
    actor.must(Permission::DraftPlans)?;
    let faults = typed.malformed();
    if !faults.is_empty() {
        return Err(Refusal::Fields(faults));
    }
    let typed = Typed {
        year: number.to_owned(),
        ..typed.clone()
    };
    workflow::edit(office, actor, Kind::Annual, number, seen, &text(&typed)?).await
}

fn text(typed: &Typed) -> Result<PlanText, Refusal> {
    Ok(PlanText {
        title: typed.title.clone(),
        body: typed.body().map_err(Refusal::rule)?,
    })
}

/// What keeps a plan from being submitted, approved or published; nothing if it is whole.
pub(crate) async fn faults(office: &Office, actor: &Actor, plan: &Plan) -> Result<Vec<FieldError>, Refusal> {
    let typed = Typed::of(&plan.body);
    let mut faults = typed.malformed();
    faults.extend(typed.missing());
    if let Err(findings) = AnnualPlan::parse(&plan.body)
        && faults.is_empty()
    {
        faults.extend(
            findings
                .into_iter()
                .map(|finding| FieldError::new("", finding.text)),
        );
    }
    let published = plans::published_items(&mut *office.db.read().await?, &actor.bureau).await?;
    for (at, line) in typed.lines.iter().enumerate() {
        let unpublished = line.items.iter().filter(|code| !published.contains_key(*code));
        for code in unpublished {
            let text = format!(
                "第 {} 行的事项 {code} 没有公布，不能列入计划；请先公布这个事项，或者从计划里去掉它",
                at + 1
            );
            faults.push(FieldError::new(&typed::field(at, "items"), text));
        }
    }
    Ok(faults)
}

/// What a plan would come to with the registers of today; nothing while it cannot be read, or for who may not read the
/// registers.
///
/// # Errors
/// [`Refusal`].
pub async fn foresee(office: &Office, actor: &Actor, plan: &Plan) -> Result<Option<Forecast>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let Ok(annual) = AnnualPlan::parse(&plan.body) else {
        return Ok(None);
    };
    if actor.may(Permission::ReadRegisters) != Some(Reach::Bureau) {
        return Ok(None);
    }
    let mut read = office.db.read().await?;
    let sources = every_source(&mut read, &actor.bureau).await?;
    let inspectors = every_inspector(&mut read, &actor.bureau).await?;
    drop(read);
    let today = office.now().day();
    let forecast = crate::work::aside(move || annual.foresee(&sources, &inspectors, today)).await?;
    Ok(Some(forecast))
}

async fn every_source(conn: &mut Conn, bureau: &str) -> Result<Vec<Source>, StoreError> {
    let filter = sources::Filter::default();
    let (mut all, mut after): (Vec<Source>, String) = (Vec::new(), String::new());
    loop {
        let some = sources::after(conn, bureau, &filter, AsOf::Now, &after, BATCH).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = last.record.source.id().to_string();
        all.extend(some.into_iter().map(|version| version.record.source));
    }
}

async fn every_inspector(conn: &mut Conn, bureau: &str) -> Result<Vec<Inspector>, StoreError> {
    let filter = inspectors::Filter::default();
    let (mut all, mut after): (Vec<Inspector>, String) = (Vec::new(), String::new());
    loop {
        let some = inspectors::after(conn, bureau, &filter, AsOf::Now, &after, BATCH).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = last.record.inspector.certificate.number.to_string();
        all.extend(some.into_iter().map(|version| version.record.inspector));
    }
}

/// A published plan as anybody may read it.
#[derive(Debug, Clone)]
pub struct Public {
    /// 机关代号
    pub bureau: String,
    /// 机关名称
    pub bureau_name: String,
    /// The plan in force.
    pub plan: Plan,
    /// Day of publication.
    pub published_on: Date,
    /// Names of the items that are published today, by code; not filled in a list.
    pub items: BTreeMap<String, String>,
}

impl Public {
    fn of(bureau: &str, bureau_name: &str, version: Version<Plan>, items: &BTreeMap<String, String>) -> Self {
        Self {
            bureau: bureau.to_owned(),
            bureau_name: bureau_name.to_owned(),
            plan: version.record,
            published_on: version.stamp.at.day(),
            items: items.clone(),
        }
    }
}

/// All annual plans in force, by bureau, the newest year first. Anybody may ask.
///
/// # Errors
/// [`Refusal`].
pub async fn published(office: &Office) -> Result<Vec<Public>, Refusal> {
    let mut read = office.db.read().await?;
    let mut all = Vec::new();
    for (code, name) in plans::publishers(&mut read, Kind::Annual).await? {
        let plans = plans::all_in_force(&mut read, &code, Kind::Annual).await?;
        let one = |plan| Public::of(&code, &name, plan, &BTreeMap::new());
        all.extend(plans.into_iter().map(one));
    }
    Ok(all)
}

/// The annual plan of a bureau in force. Anybody may ask.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn published_one(office: &Office, bureau: &str, number: &str) -> Result<Public, Refusal> {
    let mut read = office.db.read().await?;
    let missing = || Refusal::Missing(format!("已公布的年度计划“{number}”"));
    let plan = plans::in_force(&mut read, bureau, number, AsOf::Now).await?;
    let plan = plan
        .filter(|plan| plan.record.kind == Kind::Annual)
        .ok_or_else(missing)?;
    let own = bureaus::bureau(&mut read, bureau).await?.ok_or_else(missing)?;
    let items = plans::published_items(&mut read, bureau).await?;
    Ok(Public::of(bureau, &own.name, plan, &items))
}
