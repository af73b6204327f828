//! The pool of a draw: each site of the register in its stratum, with tier, weight and flag (mcd1 section 3).
//! Never drops a site silently: who is in no stratum is counted, who is excluded has a reason.

use std::collections::BTreeMap;

use draw::form::MAX_FILE_BYTES;
use draw::plan::Quota;
use draw::table::{Flag, PoolLine};

use super::finding::{Code, Finding};
use super::index::{Index, Site};
use super::numbers::{Amount, INTEGER_MAX};
use super::past::Past;
use super::plan::{ImplementationPlan, Stratum};
use super::references::References;
use crate::inspectors::PostStatus;

/// Last tier of mcd1: sites inspected as often or more in the cycle.
const TIER_MAX: u8 = 9;
/// Most sites that one sentence names.
pub(super) const NAMED_MAX: usize = 5;

/// The sites in strata, ascending by id.
pub(super) struct Pool {
    pub(super) lines: Vec<Line>,
    /// Sites in no stratum.
    pub(super) outside: usize,
    /// Counts, one for each of the plan's strata.
    pub(super) strata: Vec<Tally>,
    /// 在岗人数, the base of units per inspector.
    pub(super) in_post: usize,
}

/// A line of the pool.
pub(super) struct Line {
    /// Place of the site.
    pub(super) site: u32,
    /// Number of the stratum in the plan.
    pub(super) stratum: usize,
    pub(super) tier: u8,
    pub(super) weight: u32,
    pub(super) part: Part,
}

/// How a line takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Random,
    Mandatory,
    Excluded(Reason),
}

/// Why a site is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// `closed`: nothing there to inspect.
    Closed,
    /// By name: which of the plan's lists.
    Listed(usize),
    /// `cap`: the yearly cap is reached.
    Cap,
    /// `recent`: inspected a short time ago.
    Recent,
}

impl Reason {
    /// The code of what is no longer there, which every plan has.
    pub(super) const CLOSED: &'static str = "closed";

    /// The reason code of mcd1.
    pub(super) fn code(self, plan: &ImplementationPlan) -> &str {
        match self {
            Self::Closed => Self::CLOSED,
            Self::Listed(list) => plan.exclusions.listed[list].reason.as_str(),
            Self::Cap => "cap",
            Self::Recent => "recent",
        }
    }
}

/// Counts of a stratum.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) random: usize,
    pub(super) mandatory: usize,
    pub(super) excluded: BTreeMap<String, usize>,
    /// How many to draw; at most the random lines.
    pub(super) quota: u32,
    /// Units per inspector asked for more than that.
    pub(super) capped_from: Option<u64>,
    /// Weights of the random lines by tier.
    pub(super) tiers: BTreeMap<u8, Vec<u32>>,
}

impl Tally {
    /// Lines left out, for whatever reason.
    pub(super) fn left_out(&self) -> usize {
        self.excluded.values().sum()
    }

    /// Tasks that a draw makes: random and mandatory ones.
    pub(super) fn tasks(&self) -> usize {
        self.quota as usize + self.mandatory
    }
}

impl Pool {
    pub(super) fn new(
        plan: &ImplementationPlan,
        index: &Index<'_>,
        past: &Past,
        named: &References,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let in_post = index
            .people()
            .iter()
            .filter(|person| person.post == PostStatus::InPost)
            .count();
        let mut pool = Self {
            lines: Vec::with_capacity(index.sites().len()),
            outside: 0,
            strata: plan.strata.iter().map(|_| Tally::default()).collect(),
            in_post,
        };
        for (place, site) in (0..).zip(index.sites()) {
            match line(plan, place, site, past, named, findings) {
                Some(line) => pool.add(plan, line),
                None => pool.outside += 1,
            }
        }
        for (stratum, tally) in plan.strata.iter().zip(&mut pool.strata) {
            tally.fix_quota(stratum, in_post as u64, findings);
        }
        pool
    }

    fn add(&mut self, plan: &ImplementationPlan, line: Line) {
        let tally = &mut self.strata[line.stratum];
        match line.part {
            Part::Random => {
                tally.random += 1;
                tally.tiers.entry(line.tier).or_default().push(line.weight);
            }
            Part::Mandatory => tally.mandatory += 1,
            Part::Excluded(reason) => *tally.excluded.entry(reason.code(plan).to_owned()).or_default() += 1,
        }
        self.lines.push(line);
    }

    /// Lines that can be drawn: random and mandatory ones.
    pub(super) fn drawable(&self) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(|line| !matches!(line.part, Part::Excluded(_)))
    }

    /// `pool.tsv`, with a fresh salt for each line in ascending order of ids.
    pub(super) fn to_text(
        &self,
        plan: &ImplementationPlan,
        index: &Index<'_>,
        salt: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<String, Finding> {
        use std::fmt::Write as _;
        let mut text = String::new();
        for line in &self.lines {
            let site = index.site(line.site);
            let salt = draw::hash::to_hex(&salt());
            let flag = match line.part {
                Part::Random => Flag::Random,
                Part::Mandatory => Flag::Mandatory,
                Part::Excluded(reason) => Flag::Excluded(reason.code(plan)),
            };
            let written = PoolLine {
                id: site.id.as_str(),
                stratum: plan.strata[line.stratum].name.as_str(),
                tier: line.tier,
                weight: line.weight,
                flag,
                name: site.source.name.as_str(),
                salt: &salt,
            };
            let _infallible = writeln!(text, "{written}");
        }
        if text.len() > MAX_FILE_BYTES {
            return Err(too_large("pool.tsv"));
        }
        Ok(text)
    }
}

/// A committed file that mcd1 does not allow.
pub(super) fn too_large(file: &str) -> Finding {
    Finding::new(
        Code::TooLarge,
        format!(
            "{file} 会超过 256 MiB，任何核验程序都不接受；请把方案按区域或事项拆成几次抽取，或用 units、fields 缩小每层可派的人员"
        ),
    )
}

/// The line of a site, if it is in a stratum.
fn line(
    plan: &ImplementationPlan,
    place: u32,
    site: &Site<'_>,
    past: &Past,
    named: &References,
    findings: &mut Vec<Finding>,
) -> Option<Line> {
    let stratum = plan
        .strata
        .iter()
        .position(|stratum| stratum.filter.matches(site.source, &site.id));
    let mandatory = named.mandatory.contains(&place);
    if mandatory && stratum.is_none() {
        findings.push(mandatory_outside(site));
    }
    let stratum = stratum?;
    let part = match reason(plan, place, site, past, named) {
        Some(reason) => {
            if mandatory {
                findings.push(mandatory_excluded(plan, site, reason));
            }
            Part::Excluded(reason)
        }
        None if mandatory => Part::Mandatory,
        None => Part::Random,
    };
    let weighs = plan
        .weights
        .iter()
        .find(|rule| rule.filter.matches(site.source, &site.id));
    let weight = weighs.map_or(1, |rule| rule.weight.get());
    let tier = u8::try_from(past.in_cycle(place))
        .unwrap_or(TIER_MAX)
        .min(TIER_MAX);
    Some(Line {
        site: place,
        stratum,
        tier,
        weight,
        part,
    })
}

/// Why a site is left out, if it is; facts come before lists, so that a list cannot hide them.
fn reason(
    plan: &ImplementationPlan,
    place: u32,
    site: &Site<'_>,
    past: &Past,
    named: &References,
) -> Option<Reason> {
    if !site.source.status.is_present() {
        return Some(Reason::Closed);
    }
    if let Some(&list) = named.excluded.get(&place) {
        return Some(Reason::Listed(list));
    }
    let cap = plan.exclusions.yearly_cap.map(|cap| cap.inspections.get());
    if cap.is_some_and(|cap| past.of_enterprise(plan, site.enterprise) >= cap) {
        return Some(Reason::Cap);
    }
    past.is_recent(place).then_some(Reason::Recent)
}

fn mandatory_outside(site: &Site<'_>) -> Finding {
    let (id, name) = (&site.id, &site.source.name);
    Finding::new(
        Code::MandatoryOutside,
        format!("必查对象“{name}”（{id}）不属于任何一层，无法列入抽取；请增加一层包括它，或从必查对象里删去"),
    )
}

fn mandatory_excluded(plan: &ImplementationPlan, site: &Site<'_>, reason: Reason) -> Finding {
    let (id, name) = (&site.id, &site.source.name);
    let why = match reason {
        Reason::Closed => format!(
            "名录库里的状态是“{}”",
            crate::terms::Term::word(site.source.status)
        ),
        Reason::Listed(_) => format!("又列在排除名单里（{}）", reason.code(plan)),
        Reason::Cap => "本年度检查次数已达到上限".to_owned(),
        Reason::Recent => "在 recent_days 规定的天数内刚检查过".to_owned(),
    };
    Finding::new(
        Code::MandatoryExcluded,
        format!("必查对象“{name}”（{id}）同时被排除：{why}；请从必查对象里删去，或修改排除规则"),
    )
}

impl Tally {
    /// Fixes how many are drawn, or says why that cannot be.
    fn fix_quota(&mut self, stratum: &Stratum, in_post: u64, findings: &mut Vec<Finding>) {
        let lines = self.random as u64;
        if lines == 0 && self.mandatory == 0 {
            findings.push(self.empty(stratum));
            return;
        }
        let asked = stratum.amount.of(lines, in_post);
        if asked > lines {
            match stratum.amount {
                Amount::PerInspector(_) => self.capped_from = Some(asked),
                Amount::Ratio(_) | Amount::Number(_) => findings.push(self.above(stratum, asked)),
            }
        }
        self.quota = u32::try_from(asked.min(lines)).unwrap_or(INTEGER_MAX);
    }

    fn empty(&self, stratum: &Stratum) -> Finding {
        let (name, title) = (&stratum.name, &stratum.title);
        let text = match self.left_out() {
            0 => format!(
                "分层“{title}”（{name}）里一家也没有：没有污染源符合它的条件，或符合的都已归入前面的层；请改条件、调整先后，或删去这一层"
            ),
            out => format!(
                "分层“{title}”（{name}）里的 {out} 家全部被排除（{}），没有可抽的；请修改排除规则或删去这一层",
                self.reasons()
            ),
        };
        Finding::new(Code::EmptyStratum, text)
    }

    fn above(&self, stratum: &Stratum, asked: u64) -> Finding {
        let (name, title, lines) = (&stratum.name, &stratum.title, self.random);
        let out = match self.left_out() {
            0 => String::new(),
            out => format!("，另有 {out} 家被排除（{}）", self.reasons()),
        };
        Finding::new(
            Code::QuotaAboveStratum,
            format!(
                "分层“{title}”（{name}）要抽 {asked} 家，但参加随机抽取的只有 {lines} 家{out}；请减少数量，或放宽条件和排除规则"
            ),
        )
    }

    /// `recent 3、cap 1`
    pub(super) fn reasons(&self) -> String {
        let parts: Vec<String> = self
            .excluded
            .iter()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        parts.join("、")
    }
}

/// `quota` and `ratio` of each stratum that has random lines, and of no other.
pub(super) fn quotas(plan: &ImplementationPlan, pool: &Pool) -> BTreeMap<String, Quota> {
    let with_lines = plan
        .strata
        .iter()
        .zip(&pool.strata)
        .filter(|(_, tally)| tally.random > 0);
    let quota = |(stratum, tally): (&Stratum, &Tally)| {
        let quota = Quota {
            number: tally.quota,
            ratio: stratum.amount.ratio(),
        };
        (stratum.name.to_string(), quota)
    };
    with_lines.map(quota).collect()
}
