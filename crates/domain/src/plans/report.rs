//! The report of a compiled plan for those who approve it: what will be drawn, from what, with whom.
//! Never says who will be drawn: nobody knows.

use std::fmt;

use super::chance::Chance;
use super::compile::{Compiled, StratumReport};
use super::staffing::OutOfDraw;
use super::terminal::{Align, table};

/// A compiled plan, to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a>(&'a Compiled);

impl<'a> Report<'a> {
    pub(super) fn new(compiled: &'a Compiled) -> Self {
        Self(compiled)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compiled {
            heading,
            strata,
            out,
            warnings,
            ..
        } = self.0;
        writeln!(f, "{}", heading.title)?;
        writeln!(f, "方案 {}  抽取 {}", heading.number, heading.draw)?;
        let (from, until) = (heading.window.from(), heading.window.until());
        let slots: Vec<&str> = heading.slots.teams().iter().map(|team| team.as_str()).collect();
        writeln!(
            f,
            "实施时间 {from} 至 {until}  每组 {} 人：{}",
            slots.len(),
            slots.join("、")
        )?;
        writeln!(f, "\n分层")?;
        f.write_str(&strata_table(strata))?;
        if strata.iter().any(|stratum| stratum.tiers.len() > 1) {
            writeln!(f, "\n各档（先抽完前一档，再抽后一档）")?;
            f.write_str(&tiers_table(strata))?;
        }
        writeln!(f)?;
        self.totals(f)?;
        writeln!(f, "\n不参加抽取的执法检查人员（{} 人）", out.len())?;
        if !out.is_empty() {
            f.write_str(&out_table(out))?;
        }
        writeln!(f, "\n提示（{} 条）", warnings.len())?;
        for (warning, n) in warnings.iter().zip(1..) {
            writeln!(f, "  {n}. {warning}")?;
        }
        Ok(())
    }
}

impl Report<'_> {
    fn totals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compiled {
            roster,
            out,
            outside,
            places,
            ..
        } = self.0;
        let (staff, all) = (roster.entries().len(), roster.entries().len() + out.len());
        writeln!(
            f,
            "任务合计 {} 个，需要 {} 人次；可派人员按任务上限合计 {} 人次",
            self.0.tasks(),
            places.needed,
            places.there
        )?;
        writeln!(
            f,
            "执法检查人员 {all} 人，参加抽取 {staff} 人；不在任何一层的污染源 {outside} 家"
        )
    }
}

fn strata_table(strata: &[StratumReport]) -> String {
    let heads = [
        ("代号", Align::Left),
        ("名称", Align::Left),
        ("合计", Align::Right),
        ("随机", Align::Right),
        ("必查", Align::Right),
        ("排除", Align::Right),
        ("应抽", Align::Right),
        ("规定", Align::Right),
        ("抽中概率", Align::Left),
        ("排除理由", Align::Left),
    ];
    let rows: Vec<[String; 10]> = strata.iter().map(stratum_row).collect();
    table(heads, &rows)
}

fn stratum_row(stratum: &StratumReport) -> [String; 10] {
    let reasons: Vec<String> = stratum
        .excluded
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    [
        stratum.name.to_string(),
        stratum.title.to_string(),
        stratum.lines().to_string(),
        stratum.random.to_string(),
        stratum.mandatory.to_string(),
        stratum.left_out().to_string(),
        stratum.quota.to_string(),
        stratum.amount.to_string(),
        stratum.chances().map(span).unwrap_or_default(),
        reasons.join("、"),
    ]
}

fn tiers_table(strata: &[StratumReport]) -> String {
    let heads = [
        ("代号", Align::Left),
        ("档", Align::Right),
        ("随机", Align::Right),
        ("抽中概率", Align::Left),
    ];
    let mut rows = Vec::new();
    for stratum in strata {
        for tier in &stratum.tiers {
            let chance = span((tier.min, tier.max));
            rows.push([
                stratum.name.to_string(),
                tier.tier.to_string(),
                tier.lines.to_string(),
                chance,
            ]);
        }
    }
    table(heads, &rows)
}

/// The least and the greatest chance, or the one that all have.
fn span((min, max): (Chance, Chance)) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min} 至 {max}")
    }
}

fn out_table(out: &[OutOfDraw]) -> String {
    let heads = [
        ("执法证编号", Align::Left),
        ("姓名", Align::Left),
        ("所在单位", Align::Left),
        ("原因", Align::Left),
    ];
    let row = |one: &OutOfDraw| {
        let reasons: Vec<String> = one.reasons.iter().map(ToString::to_string).collect();
        let unit = one.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            one.certificate.to_string(),
            one.name.to_string(),
            unit,
            reasons.join("；"),
        ]
    };
    table(heads, &out.iter().map(row).collect::<Vec<_>>())
}
