//! What an annual plan would come to with the registers of today: how many sources, visits and inspectors.
//! Never stops a plan: people decide, and this says what they would decide.

use std::fmt;
use std::num::NonZeroU32;

use jiff::civil::Date;

use super::{AnnualLine, AnnualPlan};
use crate::inspectors::{Inspector, PostStatus};
use crate::plans::{Amount, Slots};
use crate::sources::Source;

const MONTHS_PER_YEAR: u64 = 12;

/// What a plan would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Of each line, in the order of the plan.
    pub lines: Vec<LineForecast>,
    /// 人员工作量
    pub workload: Workload,
    /// What does not fit, of the plan as a whole.
    pub findings: Vec<Shortfall>,
}

/// What a line would come to. A source that several lines take is counted in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineForecast {
    /// Sources that are still there and in the scope.
    pub matched: usize,
    /// To be drawn each time, as the plan asks for it; by inspectors in post at most `matched`.
    pub per_period: u64,
    /// To be drawn in the whole year.
    pub per_year: u64,
    /// What does not fit.
    pub findings: Vec<Shortfall>,
}

/// 人员工作量: the visits of a year, and who is there to make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workload {
    /// Visits of a year, if each line is a visit of its own; visits that serve several lines make them fewer.
    pub visits_per_year: u64,
    /// Inspectors who may be sent on the day of the forecast.
    pub inspectors: usize,
}

impl Workload {
    /// Visits of each inspector in a year, rounded up, two inspectors a visit (G-S1); nothing if there is nobody.
    #[must_use]
    pub fn visits_each(self) -> Option<u64> {
        let (people, each) = (self.inspectors as u64, Slots::MIN as u64);
        (people > 0).then(|| (self.visits_per_year * each).div_ceil(people))
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            visits_per_year,
            inspectors,
        } = self;
        let least = Slots::MIN;
        write!(
            f,
            "全年最多 {visits_per_year} 次检查，每次至少 {least} 人；可派的执法检查人员 {inspectors} 名"
        )?;
        match self.visits_each() {
            Some(each) => write!(f, "，平均每人每年 {each} 次"),
            None => Ok(()),
        }
    }
}

/// 对不上的地方: what an annual plan asks for and the registers cannot give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Shortfall {
    /// Nothing to draw from.
    #[error("名录库里没有一家存续的污染源符合条件，抽不出检查对象；请核对条件，或先更新污染源名录库")]
    NoSource,
    /// A number that is more than there are.
    #[error("每次要抽 {asked} 家，符合条件的只有 {matched} 家；请减少数量，或放宽条件")]
    NumberAboveSources {
        /// To be drawn each time.
        asked: u64,
        /// Sources in the scope.
        matched: usize,
    },
    /// More in a year than the yearly cap lets through.
    #[error(
        "全年要抽 {per_year} 家次，而符合条件的 {matched} 家每家全年最多查 {cap} 次，最多 {allowed} 家次；请降低比例、数量或频次，或提高年度频次上限"
    )]
    AboveYearlyCap {
        /// To be drawn in the year.
        per_year: u64,
        /// Sources in the scope.
        matched: usize,
        /// 年度频次上限
        cap: NonZeroU32,
        /// What all of them together may be inspected.
        allowed: u64,
    },
    /// Too few draws to come to everybody in time.
    #[error(
        "{months} 个月里一共抽 {drawn} 家次，少于符合条件的 {matched} 家，做不到每家至少查一次；请提高比例、数量或频次，或延长全覆盖期限"
    )]
    NotCovered {
        /// 全覆盖期限
        months: NonZeroU32,
        /// To be drawn within it.
        drawn: u64,
        /// Sources in the scope.
        matched: usize,
    },
    /// Sources that no line takes, although everybody is to be covered.
    #[error(
        "计划要求 {months} 个月里每家至少查一次，但有 {count} 家存续的污染源不在任何一行的抽取范围内；请增加一行，或放宽条件"
    )]
    Outside {
        /// 全覆盖期限
        months: NonZeroU32,
        /// How many.
        count: usize,
    },
    /// Not even one visit can be made (G-S1).
    #[error(
        "可派的执法检查人员只有 {inspectors} 名，而每次检查不得少于两人（《指引》二），一次检查也做不了；请先更新执法检查人员名录库"
    )]
    TooFewInspectors {
        /// Who may be sent.
        inspectors: usize,
    },
}

impl AnnualPlan {
    /// What the plan would come to with these registers; who may be sent is judged on that day.
    #[must_use]
    pub fn foresee(&self, sources: &[Source], inspectors: &[Inspector], day: Date) -> Forecast {
        let (matched, outside) = self.count(sources);
        let in_post = inspectors
            .iter()
            .filter(|person| person.post == PostStatus::InPost);
        let in_post = in_post.count() as u64;
        let lines: Vec<LineForecast> = self
            .lines
            .iter()
            .zip(matched)
            .map(|(line, matched)| self.foresee_line(line, matched, in_post))
            .collect();
        let fit = inspectors
            .iter()
            .filter(|person| person.may_serve_on(day).is_ok());
        let workload = Workload {
            visits_per_year: lines.iter().map(|line| line.per_year).sum(),
            inspectors: fit.count(),
        };
        let findings = [self.outside(outside), too_few(workload.inspectors)];
        Forecast {
            lines,
            workload,
            findings: findings.into_iter().flatten().collect(),
        }
    }

    /// How many sources each line takes, and how many none does; what is no longer there is not counted.
    fn count(&self, sources: &[Source]) -> (Vec<usize>, usize) {
        let mut matched = vec![0; self.lines.len()];
        let mut outside = 0;
        for source in sources.iter().filter(|source| source.status.is_present()) {
            let id = source.id();
            let mut taken = false;
            for (line, count) in self.lines.iter().zip(&mut matched) {
                if line.filter.matches(source, &id) {
                    *count += 1;
                    taken = true;
                }
            }
            outside += usize::from(!taken);
        }
        (matched, outside)
    }

    fn foresee_line(&self, line: &AnnualLine, matched: usize, in_post: u64) -> LineForecast {
        let there = matched as u64;
        let asked = line.amount.of(there, in_post);
        let per_period = match line.amount {
            Amount::Ratio(_) | Amount::Number(_) => asked,
            Amount::PerInspector(_) => asked.min(there),
        };
        let per_year = per_period * line.draws_per_year();
        let findings = if matched == 0 {
            vec![Shortfall::NoSource]
        } else {
            let above = (per_period > there).then_some(Shortfall::NumberAboveSources {
                asked: per_period,
                matched,
            });
            let found = [
                above,
                self.above_cap(per_year, matched),
                self.uncovered(per_year, matched),
            ];
            found.into_iter().flatten().collect()
        };
        LineForecast {
            matched,
            per_period,
            per_year,
            findings,
        }
    }

    fn above_cap(&self, per_year: u64, matched: usize) -> Option<Shortfall> {
        let cap = self.yearly_cap?;
        let allowed = matched as u64 * u64::from(cap.get());
        (per_year > allowed).then_some(Shortfall::AboveYearlyCap {
            per_year,
            matched,
            cap,
            allowed,
        })
    }

    fn uncovered(&self, per_year: u64, matched: usize) -> Option<Shortfall> {
        let months = self.cover_everyone_within_months?;
        let drawn = per_year * u64::from(months.get()) / MONTHS_PER_YEAR;
        (drawn < matched as u64).then_some(Shortfall::NotCovered {
            months,
            drawn,
            matched,
        })
    }

    fn outside(&self, count: usize) -> Option<Shortfall> {
        let months = self.cover_everyone_within_months?;
        (count > 0).then_some(Shortfall::Outside { months, count })
    }
}

fn too_few(inspectors: usize) -> Option<Shortfall> {
    (inspectors < Slots::MIN).then_some(Shortfall::TooFewInspectors { inspectors })
}
