//! 年度计划: what a bureau means to inspect in a year, how often, and by whom (R5.1a).
//! Never holds a line without items, scope, amount, frequency, quarters and departments.

mod forecast;
mod read;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

pub use forecast::{Forecast, LineForecast, Shortfall, Workload};

use crate::plans::{Amount, Finding, Name, SourceFilter};
use crate::terms::Term;
use crate::text::Text;

/// 年度计划, checked: made by [`AnnualPlan::parse`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualPlan {
    year: i16,
    title: Text,
    purpose: Text,
    lines: Vec<AnnualLine>,
    yearly_cap: Option<NonZeroU32>,
    cover_everyone_within_months: Option<NonZeroU32>,
}

impl AnnualPlan {
    /// Years that a plan may be for: inspections at random began in 2015 (国办发〔2015〕58号), two digits more are a slip.
    pub const YEARS: RangeInclusive<i16> = 2015..=2099;
    /// Most lines, as many as an implementation plan has strata.
    pub const LINES_MAX: usize = 64;
    /// Longest time to inspect everybody once, in months: ten years.
    pub const COVER_MONTHS_MAX: u32 = 120;

    /// Reads `annual-plan.toml`; its keys are explained in `docs/annual-plan.md`.
    ///
    /// # Errors
    /// All that is wrong with it, at once; if it is not TOML or has a key that does not exist, that alone.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        read::plan(text)
    }

    /// 年度
    #[must_use]
    pub fn year(&self) -> i16 {
        self.year
    }

    /// 计划名称
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// 工作目的
    #[must_use]
    pub fn purpose(&self) -> &Text {
        &self.purpose
    }

    /// The lines, one or more.
    #[must_use]
    pub fn lines(&self) -> &[AnnualLine] {
        &self.lines
    }

    /// 年度频次上限: how often an enterprise is inspected in the year at most.
    #[must_use]
    pub fn yearly_cap(&self) -> Option<NonZeroU32> {
        self.yearly_cap
    }

    /// 全覆盖期限, in months: within it every source is to be inspected at least once.
    #[must_use]
    pub fn cover_everyone_within_months(&self) -> Option<NonZeroU32> {
        self.cover_everyone_within_months
    }

    /// The codes of all items that the plan names: each has to be published before the plan is (R1).
    #[must_use]
    pub fn items(&self) -> BTreeSet<&Name> {
        self.lines.iter().flat_map(|line| &line.items).collect()
    }
}

/// 计划的一行: some items, inspected in one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualLine {
    /// 事项编号, one or more.
    pub items: Vec<Name>,
    /// 抽取范围, in words.
    pub scope_title: Text,
    /// 抽取范围, as a condition over the register.
    pub filter: SourceFilter,
    /// 抽取比例或数量, of each draw.
    pub amount: Amount,
    /// 频次
    pub period: Period,
    /// 季度: when, one or more, each once.
    pub quarters: Vec<Quarter>,
    /// 责任部门和联合部门, one or more (R5.4).
    pub departments: Vec<Text>,
}

impl AnnualLine {
    /// How many draws the line asks for in a year.
    #[must_use]
    pub fn draws_per_year(&self) -> u64 {
        let quarters: BTreeSet<Quarter> = self.quarters.iter().copied().collect();
        let halves: BTreeSet<bool> = quarters
            .iter()
            .map(|quarter| quarter.is_in_first_half())
            .collect();
        let draws = match self.period {
            Period::Month => quarters.len() * 3,
            Period::Quarter => quarters.len(),
            Period::HalfYear => halves.len(),
            Period::Year => 1,
        };
        draws as u64
    }
}

/// 频次: there is a draw once in such a period, within the quarters of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// 每月
    Month,
    /// 每季度
    Quarter,
    /// 每半年
    HalfYear,
    /// 每年
    Year,
}

impl Term for Period {
    const TITLE: &'static str = "频次";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Month, &["每月", "每月一次", "月"]),
        (Self::Quarter, &["每季度", "每季度一次", "每季", "季度", "季"]),
        (Self::HalfYear, &["每半年", "每半年一次", "半年"]),
        (Self::Year, &["每年", "每年一次", "全年", "年"]),
    ];
}

/// 季度
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quarter {
    /// 一季度
    First,
    /// 二季度
    Second,
    /// 三季度
    Third,
    /// 四季度
    Fourth,
}

impl Quarter {
    /// 上半年
    #[must_use]
    pub fn is_in_first_half(self) -> bool {
        match self {
            Self::First | Self::Second => true,
            Self::Third | Self::Fourth => false,
        }
    }
}

impl Term for Quarter {
    const TITLE: &'static str = "季度";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::First, &["一季度", "第一季度", "1季度", "Q1", "1"]),
        (Self::Second, &["二季度", "第二季度", "2季度", "Q2", "2"]),
        (Self::Third, &["三季度", "第三季度", "3季度", "Q3", "3"]),
        (Self::Fourth, &["四季度", "第四季度", "4季度", "Q4", "4"]),
    ];
}

#[cfg(test)]
mod tests;
