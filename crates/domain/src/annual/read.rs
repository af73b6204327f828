//! From `annual-plan.toml` as it is written to an [`AnnualPlan`], with the reader of implementation plans.
//! Never stops at the first fault, and never lets a key pass that nobody reads.

use serde::Deserialize;

use super::{AnnualLine, AnnualPlan, Period, Quarter};
use crate::plans::{
    Code, Document, Finding, Name, RawAmount, Reader, Where, Words, amount, filter, read_toml,
};
use crate::terms::Term;
use crate::text::Text;

const LINES_MAX: usize = AnnualPlan::LINES_MAX;
const COVER_MONTHS_MAX: u32 = AnnualPlan::COVER_MONTHS_MAX;

const DOCUMENT: Document = Document {
    name: "annual-plan.toml",
    guide: "docs/annual-plan.md",
};

/// The whole file; every key may be missing here, so that all that is missing is said at once.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawPlan {
    year: Option<u32>,
    title: Option<String>,
    purpose: Option<String>,
    yearly_cap: Option<u32>,
    cover_everyone_within_months: Option<u32>,
    line: Vec<RawLine>,
}

/// `[[line]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLine {
    items: Option<Words>,
    scope: Option<String>,
    #[serde(rename = "where")]
    filter: Where,
    ratio: Option<String>,
    number: Option<u32>,
    inspectors_to_units: Option<String>,
    period: Option<String>,
    quarters: Option<Words>,
    departments: Option<Words>,
}

/// Reads and checks a plan.
pub(super) fn plan(text: &str) -> Result<AnnualPlan, Vec<Finding>> {
    let raw: RawPlan = read_toml(text, &DOCUMENT).map_err(|finding| vec![finding])?;
    let mut reader = Reader::default();
    match checked(&mut reader, raw) {
        Some(plan) if reader.findings.is_empty() => Ok(plan),
        Some(_) | None => Err(reader.findings),
    }
}

/// The parts of a plan, each read before any is missed.
fn checked(r: &mut Reader, raw: RawPlan) -> Option<AnnualPlan> {
    let year = year(r, raw.year);
    let title = r.text("title（计划名称）", raw.title.as_deref());
    let purpose = r.text("purpose（工作目的）", raw.purpose.as_deref());
    let yearly_cap = r.optional_positive("yearly_cap（年度频次上限）", raw.yearly_cap);
    let key = "cover_everyone_within_months（全覆盖期限，月）";
    let cover_everyone_within_months = r.optional_positive(key, raw.cover_everyone_within_months);
    if let Some(months) = cover_everyone_within_months.filter(|months| months.get() > COVER_MONTHS_MAX) {
        r.refuse(
            Code::WrongForm,
            format!("{key}为 {months}，最长 {COVER_MONTHS_MAX} 个月，请改正"),
        );
    }
    let lines = lines(r, &raw.line);
    Some(AnnualPlan {
        year: year?,
        title: title?,
        purpose: purpose?,
        lines: lines?,
        yearly_cap,
        cover_everyone_within_months,
    })
}

fn year(r: &mut Reader, said: Option<u32>) -> Option<i16> {
    let said = r.present("year（年度）", said)?;
    let year = i16::try_from(said)
        .ok()
        .filter(|year| AnnualPlan::YEARS.contains(year));
    if year.is_none() {
        let (from, until) = (AnnualPlan::YEARS.start(), AnnualPlan::YEARS.end());
        r.refuse(
            Code::WrongForm,
            format!("year（年度）为 {said}，应在 {from} 至 {until} 之间，请改正"),
        );
    }
    year
}

fn lines(r: &mut Reader, raw: &[RawLine]) -> Option<Vec<AnnualLine>> {
    let count = raw.len();
    if !(1..=LINES_MAX).contains(&count) {
        r.refuse(
            Code::Missing,
            format!("[[line]]（计划的各行）有 {count} 个，应有 1 至 {LINES_MAX} 个；请增加或合并"),
        );
        return None;
    }
    let lines = raw.iter().zip(1..).filter_map(|(raw, at)| line(r, raw, at));
    Some(lines.collect())
}

fn line(r: &mut Reader, raw: &RawLine, at: usize) -> Option<AnnualLine> {
    let place = match &raw.scope {
        Some(scope) => format!("第 {at} 行“{}”", scope.trim()),
        None => format!("第 {at} 行（[[line]]）"),
    };
    let items = items(r, &place, raw.items.as_ref());
    let scope_title = r.text(&format!("{place}的 scope（抽取范围）"), raw.scope.as_deref());
    let filter = filter(r, &place, &raw.filter);
    let raw_amount = RawAmount {
        ratio: raw.ratio.as_deref(),
        number: raw.number,
        inspectors_to_units: raw.inspectors_to_units.as_deref(),
    };
    let amount = amount(r, &place, raw_amount);
    let key = format!("{place}的 period（频次）");
    let period = r.present(&key, raw.period.as_deref());
    let period: Option<Period> = period.and_then(|word| r.term(&key, word));
    let quarters = quarters(r, &place, raw.quarters.as_ref());
    let departments = departments(r, &place, raw.departments.as_ref());
    Some(AnnualLine {
        items: items?,
        scope_title: scope_title?,
        filter,
        amount: amount?,
        period: period?,
        quarters: quarters?,
        departments: departments?,
    })
}

fn items(r: &mut Reader, place: &str, words: Option<&Words>) -> Option<Vec<Name>> {
    let key = format!("{place}的 items（事项编号）");
    let words = r.present(&key, words)?;
    let items = r.each(&key, Some(words), |r, word| r.name(&key, Some(word)));
    r.different(&key, &items, Name::to_string);
    Some(items)
}

fn quarters(r: &mut Reader, place: &str, words: Option<&Words>) -> Option<Vec<Quarter>> {
    let key = format!("{place}的 quarters（季度）");
    let words = r.present(&key, words)?;
    let quarters: Vec<Quarter> = r.terms(&key, Some(words));
    r.different(&key, &quarters, |quarter| quarter.word().to_owned());
    Some(quarters)
}

fn departments(r: &mut Reader, place: &str, words: Option<&Words>) -> Option<Vec<Text>> {
    let key = format!("{place}的 departments（部门）");
    let words = r.present(&key, words)?;
    let departments = r.texts(&key, Some(words));
    r.different(&key, &departments, Text::to_string);
    Some(departments)
}
