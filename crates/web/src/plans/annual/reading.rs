//! An annual plan as people read it, whole or still a draft.
//! Never leaves out a line or a condition.

use std::collections::BTreeMap;

use domain::annual::Forecast;
use ops::plans::annual::{AmountKind, Line, Typed};

use crate::history::Change;

const ALL_QUARTERS: usize = 4;

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
    /// Name and code.
    pub(super) items: Vec<(String, String)>,
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

    /// What it says differently from an earlier one, lines by their place.
    pub(super) fn changes_of(&self, former: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        let head = [
            ("工作目的", &former.purpose, &self.purpose),
            ("频次上限", &former.cap, &self.cap),
            ("全覆盖", &former.cover, &self.cover),
        ];
        for (title, before, after) in head {
            changes.extend(change(title.to_owned(), before, after));
        }
        for at in 0..self.lines.len().max(former.lines.len()) {
            let place = format!("第 {} 行", at + 1);
            match (former.lines.get(at), self.lines.get(at)) {
                (Some(before), Some(after)) => {
                    let cells = before.cells().into_iter().zip(after.cells());
                    changes.extend(cells.filter_map(|((title, before), (_, after))| {
                        change(format!("{place}的{title}"), &before, &after)
                    }));
                }
                (before, after) => {
                    let words = |line: Option<&ReadLine>| line.map(ReadLine::in_words).unwrap_or_default();
                    changes.extend(change(place, &words(before), &words(after)));
                }
            }
        }
        changes
    }
}

fn change(title: String, before: &str, after: &str) -> Option<Change> {
    (before != after).then(|| Change {
        title,
        before: before.to_owned(),
        after: after.to_owned(),
    })
}

impl ReadLine {
    fn cells(&self) -> [(&'static str, String); 7] {
        let codes: Vec<&str> = self.items.iter().map(|(_, code)| code.as_str()).collect();
        [
            ("抽查事项", codes.join("、")),
            ("抽取范围", self.scope.clone()),
            ("条件", self.conditions.clone()),
            ("比例或数量", self.amount.clone()),
            ("频次", self.period.clone()),
            ("季度", self.quarters.clone()),
            ("责任部门", self.departments.clone()),
        ]
    }

    fn in_words(&self) -> String {
        self.cells().map(|(_, text)| text).join("，")
    }
}

fn with_unit(number: &str, before: &str, after: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    format!("{before}{number}{after}")
}

/// 一、三季度
fn quarters(words: &[String]) -> String {
    if words.len() == ALL_QUARTERS {
        return "四个季度".to_owned();
    }
    let short: Vec<&str> = words.iter().map(|word| word.trim_end_matches("季度")).collect();
    with_unit(&short.join("、"), "", "季度")
}

fn read(line: &Line, names: &BTreeMap<String, String>) -> ReadLine {
    let item = |code: &String| {
        let name = names.get(code).map(String::as_str).unwrap_or_default();
        (name.to_owned(), code.clone())
    };
    let (before, after) = match line.amount_kind {
        AmountKind::Ratio => ("每次抽 ", ""),
        AmountKind::Number => ("每次抽 ", " 家"),
        AmountKind::PerInspector => ("在岗人员与企业 ", ""),
    };
    ReadLine {
        items: line.items.iter().map(item).collect(),
        scope: line.scope.clone(),
        conditions: line.filter.to_string(),
        amount: with_unit(&line.amount, before, after),
        period: line.period.clone(),
        quarters: quarters(&line.quarters),
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
