//! From `plan.toml` as it is written to an [`ImplementationPlan`].
//! Never stops at the first fault: a clerk mends all in one go.

mod contents;
mod reader;
mod staff;
mod strata;

use std::collections::BTreeSet;

use super::finding::{Code, Finding};
use super::plan::{ImplementationPlan, Slots, Stratum};
use super::raw;
use super::syntax;
use crate::identifiers::DrawNumber;

pub(crate) use reader::Reader;
pub(crate) use strata::{RawAmount, amount, filter};

/// What `plan.toml` is called in sentences.
const DOCUMENT: syntax::Document = syntax::Document {
    name: "plan.toml",
    guide: "docs/plan.md",
};

/// Reads and checks a plan.
pub(super) fn plan(text: &str) -> Result<ImplementationPlan, Vec<Finding>> {
    let raw = syntax::read(text, &DOCUMENT).map_err(|finding| vec![finding])?;
    let mut reader = Reader::default();
    match checked(&mut reader, raw) {
        Some(plan) if reader.findings.is_empty() => Ok(plan),
        Some(_) | None => Err(reader.findings),
    }
}

/// The parts of a plan, each read before any is missed.
fn checked(r: &mut Reader, raw: raw::Plan) -> Option<ImplementationPlan> {
    let bureau = r.name("bureau（机关代号）", raw.bureau.as_deref());
    let number = r.name("plan（方案编号）", raw.plan.as_deref());
    let draw = r.code("draw（抽取编号）", raw.draw.as_deref(), DrawNumber::parse);
    let title = r.text("title（方案名称）", raw.title.as_deref());
    let annual_plan = r.text("annual_plan（所依据的年度计划）", raw.annual_plan.as_deref());
    let window = contents::window(r, raw.time);
    let items = contents::items(r, &raw.item, window);
    let purpose = r.content("purpose（抽查目的）", raw.purpose.as_deref());
    let inspectors = raw.inspectors.unwrap_or_default();
    let slots = contents::slots(r, inspectors.slots);
    let methods = contents::methods(r, raw.method);
    let secrecy = r.content("secrecy（保密要求）", raw.secrecy.as_deref());
    let use_of_results = r.content("use_of_results（检查结果应用）", raw.use_of_results.as_deref());
    let scope = r.content("scope（抽取范围）", raw.scope.as_deref());
    let strata = strata::strata(r, &raw.stratum, &raw.item);
    let weights = strata::weights(r, &raw.weight);
    let mandatory = strata::mandatory(r, &raw.mandatory);
    let exclusions = strata::exclusions(r, raw.exclude);
    let teams = staff::teams(r, &raw.team);
    let cap = r.positive("[inspectors] 的 cap（每人任务上限）", inspectors.cap);
    let caps = staff::caps(r, &raw.person);
    let rotation = staff::rotation(r, raw.rotation);
    let recusals = staff::recusals(r, &raw.recusal);
    let ceremony = contents::ceremony(r, raw.ceremony);
    let cycle_from = raw
        .tiers
        .map(|tiers| r.present("[tiers] 的 cycle_from（周期起始日）", tiers.cycle_from));
    items_are_defined(r, strata.as_deref().unwrap_or_default(), &raw.item);
    teams_are_defined(r, slots.as_ref(), &raw.team);
    Some(ImplementationPlan {
        bureau: bureau?,
        number: number?,
        draw: draw?,
        title: title?,
        annual_plan: annual_plan?,
        items: items?,
        window: window?,
        purpose: purpose?,
        slots: slots?,
        methods: methods?,
        secrecy: secrecy?,
        use_of_results: use_of_results?,
        scope: scope?,
        strata: strata?,
        cycle_from: match cycle_from {
            None => None,
            Some(day) => Some(day?.0),
        },
        weights,
        mandatory,
        exclusions,
        teams,
        cap: cap?,
        caps,
        rotation,
        recusals,
        standing: Vec::new(),
        ceremony: ceremony?,
    })
}

/// Items that strata name are in the plan; one that is refused for another reason is not missed again.
fn items_are_defined(r: &mut Reader, strata: &[Stratum], items: &[raw::Item]) {
    let codes: BTreeSet<&str> = items.iter().filter_map(|item| item.code.as_deref()).collect();
    for stratum in strata {
        for code in stratum.items.iter().filter(|code| !codes.contains(code.as_str())) {
            let name = &stratum.name;
            r.refuse(
                Code::Undefined,
                format!("分层“{name}”要检查事项“{code}”，但方案里没有这个 [[item]]，请补上该事项或改正编号"),
            );
        }
    }
}

/// Teams that slots name are in the plan.
fn teams_are_defined(r: &mut Reader, slots: Option<&Slots>, teams: &[raw::Team]) {
    let names: BTreeSet<&str> = teams.iter().filter_map(|team| team.name.as_deref()).collect();
    for slot in slots.map(Slots::different).unwrap_or_default() {
        if !names.contains(slot.as_str()) {
            r.refuse(
                Code::Undefined,
                format!("slots 里的班组“{slot}”没有定义，请补上 [[team]]（name = \"{slot}\"）或改正名称"),
            );
        }
    }
}
