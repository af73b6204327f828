//! The compiler: from a plan and the registers to the files that are committed (mcd1 section 3).
//! Never returns half of it: all findings at once, or files that every verifier accepts.

use std::collections::BTreeMap;

use draw::ceremony::Texts;

use super::chance::{Chance, TierReport, of_tiers};
use super::eligibility::Eligibility;
use super::finding::{Code, Finding, Warning};
use super::index::Index;
use super::numbers::{Amount, Name};
use super::past::Past;
use super::places::{self, Places};
use super::plan::{ImplementationPlan, Slots, Window};
use super::pool::{Pool, Reason, Tally, quotas};
use super::references::References;
use super::report::Report;
use super::staffing::{OutOfDraw, Staffing};
use super::warnings;
use crate::history::PastInspection;
use crate::identifiers::{CertificateNumber, DrawNumber};
use crate::inspectors::Inspector;
use crate::sources::Source;
use crate::text::Text;

/// 一单两库 without the list of items, which the plan carries: the registers, and the history of inspections.
#[derive(Debug, Clone, Copy)]
pub struct Registers<'a> {
    /// 污染源名录库, in any order.
    pub sources: &'a [Source],
    /// 执法检查人员名录库, in any order.
    pub inspectors: &'a [Inspector],
    /// 检查历史, in any order.
    pub history: &'a [PastInspection],
}

/// A compiled plan: what is committed, and what people should know before they approve it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// `plan.txt`, `pool.tsv`, `staff.tsv`, `elig.tsv`; they pass the draw's own checks.
    pub texts: Texts,
    /// Who is behind the pseudonyms of `staff.tsv`.
    pub roster: Roster,
    /// Each stratum of the plan, in its order.
    pub strata: Vec<StratumReport>,
    /// Who of the register of inspectors is not in the draw, ascending by certificate number.
    pub out: Vec<OutOfDraw>,
    /// Sources of the register in no stratum.
    pub outside: usize,
    /// What deserves a second look.
    pub warnings: Vec<Warning>,
    /// Whether the people suffice, and which team runs out first.
    pub places: Places,
    pub(super) heading: Heading,
}

impl Compiled {
    /// The report for people, in Chinese, for a terminal.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report::new(self)
    }

    /// Tasks that the draw makes: drawn and mandatory ones.
    #[must_use]
    pub fn tasks(&self) -> u64 {
        self.strata
            .iter()
            .map(|stratum| u64::from(stratum.quota) + stratum.mandatory as u64)
            .sum()
    }
}

/// What the report says of the plan itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) number: Name,
    pub(super) draw: DrawNumber,
    pub(super) title: Text,
    pub(super) window: Window,
    pub(super) slots: Slots,
}

/// What a stratum has and what is drawn from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratumReport {
    /// Name in mcd1.
    pub name: Name,
    /// 层的名称
    pub title: Text,
    /// How much to draw, as the plan says it.
    pub amount: Amount,
    /// Lines drawn by chance (`R`).
    pub random: usize,
    /// Mandatory lines (`M`).
    pub mandatory: usize,
    /// Excluded lines (`X`) by reason code.
    pub excluded: BTreeMap<String, usize>,
    /// Lines to draw by chance.
    pub quota: u32,
    /// The chances by tier.
    pub tiers: Vec<TierReport>,
}

impl StratumReport {
    fn new(stratum: &super::plan::Stratum, tally: &Tally) -> Self {
        let tiers = tally
            .tiers
            .iter()
            .map(|(tier, weights)| (*tier, weights.as_slice()));
        Self {
            name: stratum.name.clone(),
            title: stratum.title.clone(),
            amount: stratum.amount,
            random: tally.random,
            mandatory: tally.mandatory,
            excluded: tally.excluded.clone(),
            quota: tally.quota,
            tiers: of_tiers(tiers, tally.quota),
        }
    }

    /// Lines left out, for whatever reason.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.excluded.values().sum()
    }

    /// All lines of the stratum.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.random + self.mandatory + self.left_out()
    }

    /// The least and the greatest chance of a random line; none without random lines. A later tier never has more.
    #[must_use]
    pub fn chances(&self) -> Option<(Chance, Chance)> {
        Some((self.tiers.last()?.min, self.tiers.first()?.max))
    }
}

/// Who is behind each pseudonym, ascending by pseudonym. It stays secret like the list itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster(Vec<RosterEntry>);

/// An inspector behind a pseudonym.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// The name in `staff.tsv`.
    pub pseudonym: String,
    /// 姓名
    pub name: Text,
    /// 所在单位
    pub unit: Option<Text>,
    /// 执法证编号
    pub certificate: CertificateNumber,
}

impl Roster {
    /// Everybody in `staff.tsv`.
    #[must_use]
    pub fn entries(&self) -> &[RosterEntry] {
        &self.0
    }

    /// Who is behind a pseudonym.
    #[must_use]
    pub fn resolve(&self, pseudonym: &str) -> Option<&RosterEntry> {
        self.0
            .binary_search_by(|entry| entry.pseudonym.as_str().cmp(pseudonym))
            .ok()
            .and_then(|at| self.0.get(at))
    }

    fn new(index: &Index<'_>, staffing: &Staffing) -> Self {
        let entry = |place: u32| {
            let person = index.people()[place as usize];
            RosterEntry {
                pseudonym: index.pseudonym(place),
                name: person.name.clone(),
                unit: person.unit.clone(),
                certificate: person.certificate.number.clone(),
            }
        };
        Self(staffing.fit().map(entry).collect())
    }
}

/// Compiles a plan. `salt` gives a fresh random salt each time; it is asked once for each line of the pool, in
/// ascending order of ids, so that with the same salts the order of register rows makes no difference.
///
/// # Errors
/// All findings at once.
pub fn compile(
    plan: &ImplementationPlan,
    registers: &Registers<'_>,
    salt: &mut dyn FnMut() -> [u8; 16],
) -> Result<Compiled, Vec<Finding>> {
    let mut findings = Vec::new();
    let index = Index::new(*registers, &mut findings);
    let named = References::new(plan, &index, &mut findings);
    let past = Past::new(plan, &index, registers.history);
    let pool = Pool::new(plan, &index, &past, &named, &mut findings);
    let mut staffing = Staffing::new(plan, &index);
    let mut warnings = warnings::of_pool(plan, &index, &pool, &past);
    let eligibility = Eligibility::new(plan, &index, &staffing, named, past);
    eligibility.check(plan, &index, &pool, &staffing, &mut findings);
    places::check(plan, &pool, &eligibility, &staffing, &mut findings);
    if !findings.is_empty() {
        return Err(findings);
    }
    eligibility.mark_idle(&pool, &mut staffing);
    warnings.extend(warnings::of_staff(plan, &index, &staffing));
    let strata = reports(plan, &pool);
    warnings.extend(warnings::of_chances(&strata));
    let elig = eligibility
        .to_text(&index, &pool)
        .map_err(|finding| vec![finding])?;
    let texts = Texts {
        plan: plan_text(plan, &pool),
        pool: pool
            .to_text(plan, &index, salt)
            .map_err(|finding| vec![finding])?,
        staff: staffing.to_text(plan, &index),
        elig,
    };
    check_again(&texts)?;
    Ok(Compiled {
        texts,
        roster: Roster::new(&index, &staffing),
        strata,
        out: staffing.out(&index),
        outside: pool.outside,
        warnings,
        heading: heading(plan),
        places: places::of_all(plan, &pool, &eligibility, &staffing),
    })
}

/// What each stratum has, whether or not the plan can be compiled: what a clerk looks at while mending it.
#[must_use]
pub fn strata(plan: &ImplementationPlan, registers: &Registers<'_>) -> Vec<StratumReport> {
    let mut told_by_compile = Vec::new();
    let index = Index::new(*registers, &mut told_by_compile);
    let named = References::new(plan, &index, &mut told_by_compile);
    let past = Past::new(plan, &index, registers.history);
    let pool = Pool::new(plan, &index, &past, &named, &mut told_by_compile);
    reports(plan, &pool)
}

fn reports(plan: &ImplementationPlan, pool: &Pool) -> Vec<StratumReport> {
    let strata = plan.strata.iter().zip(&pool.strata);
    strata
        .map(|(stratum, tally)| StratumReport::new(stratum, tally))
        .collect()
}

/// What is frozen must be what every verifier accepts.
fn check_again(texts: &Texts) -> Result<(), Vec<Finding>> {
    let refused = texts.parse().err();
    refused.map_or(Ok(()), |refused| {
        let text = format!("编译出的文件没有通过抽取程序自身的核验（{refused}）：这是程序的缺陷，不是方案的问题，请保留方案和名录库并报告");
        Err(vec![Finding::new(Code::Internal, text)])
    })
}

fn heading(plan: &ImplementationPlan) -> Heading {
    Heading {
        number: plan.number.clone(),
        draw: plan.draw,
        title: plan.title.clone(),
        window: plan.window,
        slots: plan.slots.clone(),
    }
}

/// `plan.txt`.
fn plan_text(plan: &ImplementationPlan, pool: &Pool) -> String {
    let names = |names: &[Name]| names.iter().map(Name::to_string).collect();
    let committed = draw::plan::Plan {
        bureau: plan.bureau.to_string(),
        plan: plan.number.to_string(),
        draw: plan.draw.to_string(),
        title: plan.title.to_string(),
        items: plan.items.iter().map(|item| item.code.to_string()).collect(),
        window: plan.window.to_string(),
        exclusions: reasons(plan),
        slots: names(plan.slots.teams()),
        quotas: quotas(plan, pool),
    };
    committed.to_text()
}

/// The reason codes that the plan allows, each once: its own, then those of its lists.
fn reasons(plan: &ImplementationPlan) -> Vec<String> {
    let exclusions = &plan.exclusions;
    let own = [
        Some(Reason::CLOSED),
        exclusions.yearly_cap.map(|_| "cap"),
        exclusions.recent_days.map(|_| "recent"),
    ];
    let mut reasons: Vec<String> = Vec::new();
    for reason in own
        .into_iter()
        .flatten()
        .chain(exclusions.listed.iter().map(|listed| listed.reason.as_str()))
    {
        if !reasons.iter().any(|known| known == reason) {
            reasons.push(reason.to_owned());
        }
    }
    reasons
}
