//! An annual plan as a form holds it, and as `annual-plan.toml` writes it.
//! Never judges a plan as a whole: what is still missing keeps it from being submitted, not from being saved.

use std::num::NonZeroU32;

use domain::annual::{Period, Quarter};
use domain::plans::{Ratio, StaffRatio};
use domain::{AnnualPlan, Text, clean_text};
use serde::Serialize;
use toml::{Table, Value};

use crate::FieldError;
use crate::plans::scope::{Scope, proper, word, words};

/// An annual plan as typed; empty where nothing was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// 年度
    pub year: String,
    /// 计划名称
    pub title: String,
    /// 工作目的
    pub purpose: String,
    /// 年度频次上限
    pub yearly_cap: String,
    /// 全覆盖期限, in months.
    pub cover_months: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// 事项编号
    pub items: Vec<String>,
    /// 抽取范围, in words.
    pub scope: String,
    /// 抽取范围, as conditions.
    pub filter: Scope,
    /// How the amount is given.
    pub amount_kind: AmountKind,
    /// 抽取比例或数量
    pub amount: String,
    /// 频次, by its word.
    pub period: String,
    /// 季度, by their words.
    pub quarters: Vec<String>,
    /// 责任部门和联合部门
    pub departments: Vec<String>,
}

/// 抽取比例或数量: one of three ways to give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmountKind {
    /// 比例
    #[default]
    Ratio,
    /// 家数
    Number,
    /// 人员与单位之比
    PerInspector,
}

impl AmountKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ratio, Self::Number, Self::PerInspector];

    /// In a form.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ratio => "按比例",
            Self::Number => "按家数",
            Self::PerInspector => "按在岗人数",
        }
    }

    /// By its title; 按比例 if it is none.
    #[must_use]
    pub fn of(title: &str) -> Self {
        let found = Self::ALL.into_iter().find(|kind| kind.title() == title);
        found.unwrap_or_default()
    }

    /// Its key in a plan.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ratio => "ratio",
            Self::Number => "number",
            Self::PerInspector => "inspectors_to_units",
        }
    }

    /// What is wrong with an amount of that kind.
    pub(in super::super) fn fault(self, amount: &str) -> Option<&'static str> {
        let (right, sentence) = match self {
            Self::Ratio => (
                Ratio::parse(amount).is_some(),
                "比例应大于 0、不超过 100%，例如 25% 或 1/4",
            ),
            Self::Number => (
                amount.parse::<NonZeroU32>().is_ok(),
                "家数应为大于 0 的整数，例如 12",
            ),
            Self::PerInspector => (
                StaffRatio::parse(amount).is_some(),
                "应写成 1:5，即每 1 名在岗执法检查人员抽 5 家",
            ),
        };
        (!right).then_some(sentence)
    }
}

/// The name of a field of the line at that place, from 0.
pub(super) fn field(at: usize, name: &str) -> String {
    format!("line-{at}-{name}")
}

impl Typed {
    /// The form of a plan that is there.
    #[must_use]
    pub fn of(body: &str) -> Self {
        let table: Table = toml::from_str(body).unwrap_or_default();
        let lines = table.get("line").and_then(Value::as_array);
        let lines = lines.map(Vec::as_slice).unwrap_or_default();
        Self {
            year: word(table.get("year")),
            title: word(table.get("title")),
            purpose: word(table.get("purpose")),
            yearly_cap: word(table.get("yearly_cap")),
            cover_months: word(table.get("cover_everyone_within_months")),
            lines: lines.iter().filter_map(Value::as_table).map(Line::of).collect(),
        }
    }

    /// The plan as [`AnnualPlan::parse`] reads it; what is empty is left out.
    ///
    /// # Errors
    /// A sentence, if it cannot be written.
    pub(super) fn body(&self) -> Result<String, String> {
        let text = |typed: &str| Some(clean_text(typed).text).filter(|text| !text.is_empty());
        let document = Document {
            year: self.year.trim().parse().ok(),
            title: text(&self.title),
            purpose: text(&self.purpose),
            yearly_cap: self.yearly_cap.trim().parse().ok(),
            cover_everyone_within_months: self.cover_months.trim().parse().ok(),
            line: self.lines.iter().map(Line::table).collect(),
        };
        toml::to_string(&document)
            .map_err(|_| "计划没有保存成功；请重试，若再次出现请告诉系统管理员".to_owned())
    }

    /// What was typed and cannot be right, by field.
    #[must_use]
    pub fn malformed(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, text: String| faults.push(FieldError::new(field, text));
        if let Some(text) = wrong_text(&self.purpose) {
            fault("purpose", format!("工作目的{text}"));
        }
        if let Some(text) = wrong_number(&self.yearly_cap, u32::MAX) {
            fault("yearly_cap", format!("年度频次上限{text}"));
        }
        if let Some(text) = wrong_number(&self.cover_months, AnnualPlan::COVER_MONTHS_MAX) {
            fault("cover_months", format!("全覆盖期限{text}"));
        }
        if self.lines.len() > AnnualPlan::LINES_MAX {
            fault(
                "",
                format!("计划最多 {} 行；请把相近的行合并", AnnualPlan::LINES_MAX),
            );
        }
        for (at, line) in self.lines.iter().enumerate() {
            faults.extend(line.malformed(at));
        }
        faults
    }

    /// What is still missing, by field.
    #[must_use]
    pub fn missing(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (name, title, typed) in [
            ("title", "计划名称", &self.title),
            ("purpose", "工作目的", &self.purpose),
        ] {
            if typed.trim().is_empty() {
                faults.push(FieldError::new(name, format!("还没有填写{title}，请补上")));
            }
        }
        if self.lines.is_empty() {
            faults.push(FieldError::new(
                "",
                "计划里还没有一行；请至少写一行查什么、查谁、查多少",
            ));
        }
        for (at, line) in self.lines.iter().enumerate() {
            faults.extend(line.missing(at));
        }
        faults
    }
}

/// `annual-plan.toml`, in the order in which people read it.
#[derive(Serialize)]
struct Document {
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    yearly_cap: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_everyone_within_months: Option<u32>,
    line: Vec<Table>,
}

impl Line {
    fn of(table: &Table) -> Self {
        let kind = AmountKind::ALL
            .into_iter()
            .find(|kind| table.contains_key(kind.key()))
            .unwrap_or_default();
        let filter = table.get("where").and_then(Value::as_table);
        Self {
            items: words(table.get("items")),
            scope: word(table.get("scope")),
            filter: filter.map(Scope::of).unwrap_or_default(),
            amount_kind: kind,
            amount: word(table.get(kind.key())),
            period: proper::<Period>(table.get("period"))
                .into_iter()
                .next()
                .unwrap_or_default(),
            quarters: proper::<Quarter>(table.get("quarters")),
            departments: words(table.get("departments")),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        let mut put = |key: &str, value: Value| {
            table.insert(key.to_owned(), value);
        };
        let several = |words: &[String]| Value::Array(words.iter().cloned().map(Value::String).collect());
        for (key, words) in [
            ("items", &self.items),
            ("quarters", &self.quarters),
            ("departments", &self.departments),
        ] {
            if !words.is_empty() {
                put(key, several(words));
            }
        }
        for (key, typed) in [("scope", &self.scope), ("period", &self.period)] {
            let text = clean_text(typed).text;
            if !text.is_empty() {
                put(key, Value::String(text));
            }
        }
        let amount = self.amount.trim();
        match (self.amount_kind, amount.parse::<u32>()) {
            (AmountKind::Number, Ok(number)) => put("number", Value::Integer(number.into())),
            (AmountKind::Ratio | AmountKind::PerInspector, _) if !amount.is_empty() => {
                put(self.amount_kind.key(), Value::String(amount.to_owned()));
            }
            (AmountKind::Number | AmountKind::Ratio | AmountKind::PerInspector, _) => {}
        }
        let filter = self.filter.table();
        if !filter.is_empty() {
            put("where", Value::Table(filter));
        }
        table
    }

    fn malformed(&self, at: usize) -> Vec<FieldError> {
        let line = at + 1;
        let mut faults = Vec::new();
        let mut fault = |name: &str, text: String| faults.push(FieldError::new(&field(at, name), text));
        if let Some(text) = wrong_text(&self.scope) {
            fault("scope", format!("第 {line} 行的抽取范围{text}"));
        }
        let amount = self.amount.trim();
        if let Some(text) = self.amount_kind.fault(amount).filter(|_| !amount.is_empty()) {
            fault("amount", format!("第 {line} 行的“{amount}”不对：{text}"));
        }
        for fault in self.filter.faults(&field(at, "")) {
            let text = format!("第 {line} 行的条件：{}", fault.text);
            faults.push(FieldError::new(&fault.field, text));
        }
        faults
    }

    fn missing(&self, at: usize) -> Vec<FieldError> {
        let parts = [
            ("items", "事项", self.items.is_empty()),
            ("scope", "抽取范围", self.scope.trim().is_empty()),
            ("amount", "抽取比例或数量", self.amount.trim().is_empty()),
            ("period", "频次", self.period.is_empty()),
            ("quarters", "季度", self.quarters.is_empty()),
            ("departments", "责任部门", self.departments.is_empty()),
        ];
        let fault = |(name, title, _): (&str, &str, bool)| {
            FieldError::new(&field(at, name), format!("第 {} 行还没有{title}，请补上", at + 1))
        };
        parts.into_iter().filter(|(_, _, is)| *is).map(fault).collect()
    }
}

/// What is wrong with a free text; an empty one is only missing.
fn wrong_text(typed: &str) -> Option<String> {
    let clean = clean_text(typed).text;
    if clean.is_empty() {
        return None;
    }
    Text::parse(&clean).err().map(|error| error.to_string())
}

/// What is wrong with a number that may be left out.
fn wrong_number(typed: &str, most: u32) -> Option<String> {
    let typed = typed.trim();
    let fits = |number: NonZeroU32| number.get() <= most;
    if typed.is_empty() || typed.parse().is_ok_and(fits) {
        return None;
    }
    let limit = if most == u32::MAX {
        " ".to_owned()
    } else {
        format!("、不超过 {most} ")
    };
    Some(format!("“{typed}”应为大于 0{limit}的整数，不限的请留空"))
}
