//! An annual plan as people read it, whole or still a draft.
//! Never leaves out a line or a condition.

use std::collections::BTreeMap;

use domain::annual::Forecast;
use ops::plans::annual::{AmountKind, Line, Typed};

/// A plan as a document.
pub(super) struct Reading {
    pub(super) year: String,
    pub(super) purpose: String,
    pub(super) cap: String,
    pub(super) cover: String,
    pub(super) lines: Vec<ReadLine>,
}

/// A line of it.
pub(super) struct ReadLine {
    pub(super) items: Vec<String>,
    pub(super) scope: String,
    pub(super) conditions: String,
    pub(super) amount: String,
    pub(super) period: String,
    pub(super) quarters: String,
    pub(super) departments: String,
}

impl Reading {
    /// The document of a plan's text; `names` are those of the items.
    pub(super) fn of(body: &str, names: &BTreeMap<String, String>) -> Self {
        let typed = Typed::of(body);
        Self {
            year: typed.year,
            purpose: typed.purpose,
            cap: with_unit(&typed.yearly_cap, "同一企业全年最多检查 ", " 次"),
            cover: with_unit(&typed.cover_months, "", " 个月内每家至少检查一次"),
            lines: typed.lines.iter().map(|line| read(line, names)).collect(),
        }
    }
}

fn with_unit(number: &str, before: &str, after: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    format!("{before}{number}{after}")
}

fn read(line: &Line, names: &BTreeMap<String, String>) -> ReadLine {
    let item = |code: &String| {
        let name = names.get(code).map(String::as_str).unwrap_or_default();
        format!("{name}（{code}）")
    };
    let amount = match line.amount_kind {
        AmountKind::Ratio => format!("每次抽 {}", line.amount),
        AmountKind::Number => format!("每次抽 {} 家", line.amount),
        AmountKind::PerInspector => format!("在岗人员与企业 {}", line.amount),
    };
    ReadLine {
        items: line.items.iter().map(item).collect(),
        scope: line.scope.clone(),
        conditions: line.filter.to_string(),
        amount: if line.amount.is_empty() {
            String::new()
        } else {
            amount
        },
        period: line.period.clone(),
        quarters: line.quarters.join("、"),
        departments: line.departments.join("、"),
    }
}

/// What the plan would come to, line by line.
pub(super) struct Outlook {
    pub(super) lines: Vec<OutlookLine>,
    pub(super) workload: String,
    pub(super) findings: Vec<String>,
}

/// What a line would come to.
pub(super) struct OutlookLine {
    pub(super) scope: String,
    pub(super) matched: usize,
    pub(super) per_period: u64,
    pub(super) per_year: u64,
    pub(super) findings: Vec<String>,
}

impl Outlook {
    /// The forecast beside the lines that it is of.
    pub(super) fn of(reading: &Reading, forecast: &Forecast) -> Self {
        let line = |(line, own): (&ReadLine, &domain::annual::LineForecast)| OutlookLine {
            scope: line.scope.clone(),
            matched: own.matched,
            per_period: own.per_period,
            per_year: own.per_year,
            findings: own.findings.iter().map(ToString::to_string).collect(),
        };
        Self {
            lines: reading.lines.iter().zip(&forecast.lines).map(line).collect(),
            workload: forecast.workload.to_string(),
            findings: forecast.findings.iter().map(ToString::to_string).collect(),
        }
    }

    /// Whether anything does not fit.
    pub(super) fn is_calm(&self) -> bool {
        self.findings.is_empty() && self.lines.iter().all(|line| line.findings.is_empty())
    }
}
