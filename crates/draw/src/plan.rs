//! `plan.txt`: what the committed plan lets the draw do (section 3).
//! Never knows the register: strata and reasons are names here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::form::{self, MAX_SLOTS, Wrong, is_name};
use crate::record::Fields;

/// The plan of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The bureau that draws.
    pub bureau: String,
    /// Number of the implementation plan (实施方案).
    pub plan: String,
    /// Draw number.
    pub draw: String,
    /// Title, for people.
    pub title: String,
    /// Published inspection items (抽查事项).
    pub items: Vec<String>,
    /// `YYYY-MM-DD..YYYY-MM-DD`.
    pub window: String,
    /// Reason codes that lines of the pool may be excluded with.
    pub exclusions: Vec<String>,
    /// The team of each slot of a task, in order.
    pub slots: Vec<String>,
    /// How many to draw from each stratum.
    pub quotas: BTreeMap<String, Quota>,
}

/// 抽取数量: how many are drawn at random from a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The number of lines to draw.
    pub number: u32,
    /// The ratio that it comes from, if it does: numerator and denominator.
    pub ratio: Option<(u32, u32)>,
}

impl Quota {
    /// `ceil(lines · num / den)`.
    #[must_use]
    pub const fn of_ratio(lines: u64, (num, den): (u32, u32)) -> u64 {
        (lines * num as u64).div_ceil(den as u64)
    }
}

impl Plan {
    /// Reads the plan.
    ///
    /// # Errors
    /// A sentence that says which form is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut f = Fields::parse(bytes, "mcd1-plan")?;
        let name = |text: &str| is_name(text).then(|| text.to_owned());
        let plan = Self {
            bureau: f.take("bureau", name)?,
            plan: f.take("plan", name)?,
            draw: f.take("draw", |text| form::is_draw_number(text).then(|| text.to_owned()))?,
            title: f.text("title")?.to_owned(),
            items: f.take("items", names)?,
            window: f.take("window", |text| form::window(text).map(|_| text.to_owned()))?,
            exclusions: f.take(
                "exclusions",
                |text| if text == "-" { Some(vec![]) } else { names(text) },
            )?,
            slots: f.take("slots", slots)?,
            quotas: quotas(&mut f)?,
        };
        f.finish()?;
        Ok(plan)
    }

    /// The plan as a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let exclusions = if self.exclusions.is_empty() {
            "-".into()
        } else {
            self.exclusions.join(",")
        };
        let mut out = format!(
            "mcd1-plan\nbureau={}\nplan={}\ndraw={}\ntitle={}\nitems={}\nwindow={}\nexclusions={exclusions}\nslots={}\n",
            self.bureau,
            self.plan,
            self.draw,
            self.title,
            self.items.join(","),
            self.window,
            self.slots.join(",")
        );
        for (stratum, quota) in &self.quotas {
            let _infallible = writeln!(out, "quota.{stratum}={}", quota.number);
            if let Some((num, den)) = quota.ratio {
                let _infallible = writeln!(out, "ratio.{stratum}={num}/{den}");
            }
        }
        out
    }

    /// The different teams, in the order of their first slot; at most eight.
    #[must_use]
    pub fn teams(&self) -> Vec<&str> {
        let mut teams: Vec<&str> = Vec::new();
        for slot in &self.slots {
            if !teams.contains(&slot.as_str()) {
                teams.push(slot);
            }
        }
        teams
    }
}

fn names(text: &str) -> Option<Vec<String>> {
    Some(
        form::list(text, is_name)?
            .into_iter()
            .map(str::to_owned)
            .collect(),
    )
}

fn slots(text: &str) -> Option<Vec<String>> {
    let slots: Vec<String> = text.split(',').map(str::to_owned).collect();
    (slots.len() <= MAX_SLOTS && slots.iter().all(|slot| is_name(slot))).then_some(slots)
}

fn quotas(f: &mut Fields<'_>) -> Result<BTreeMap<String, Quota>, Wrong> {
    let mut quotas = BTreeMap::new();
    for (stratum, text) in f.with_prefix("quota.") {
        let number = form::integer(text).filter(|_| is_name(stratum));
        let number = number.ok_or_else(|| format!("quota.{stratum} 的形式不对：“{text}”"))?;
        quotas.insert(stratum.to_owned(), Quota { number, ratio: None });
    }
    for (stratum, text) in f.with_prefix("ratio.") {
        let quota = quotas
            .get_mut(stratum)
            .ok_or_else(|| format!("ratio.{stratum} 没有对应的 quota"))?;
        quota.ratio = Some(ratio(text).ok_or_else(|| format!("ratio.{stratum} 的形式不对：“{text}”"))?);
    }
    Ok(quotas)
}

fn ratio(text: &str) -> Option<(u32, u32)> {
    let (num, den) = text.split_once('/')?;
    let (num, den) = (form::integer(num)?, form::integer(den)?);
    (1 <= num && num <= den).then_some((num, den))
}
