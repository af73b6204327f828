//! What deserves a second look before a plan is approved, above all who is predictable.
//! Never stops a draw.

use std::collections::BTreeMap;

use super::compile::StratumReport;
use super::finding::{Warning, WarningCode};
use super::index::Index;
use super::past::Past;
use super::plan::{ImplementationPlan, Stratum};
use super::pool::{Pool, Reason, Tally};
use super::staffing::Staffing;
use crate::inspectors::Inspector;

/// Of items, strata and the register of sources.
pub(super) fn of_pool(
    plan: &ImplementationPlan,
    index: &Index<'_>,
    pool: &Pool,
    past: &Past,
) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = unused_items(plan).collect();
    if past.unknown > 0 {
        let count = past.unknown;
        let text = format!(
            "检查历史中有 {count} 条记录的检查对象不在名录库里，没有计入；如果是编号变更，请在名录库补上原工商注册号或组织机构代码"
        );
        warnings.push(Warning::new(WarningCode::HistoryUnknown, text));
    }
    if pool.outside > 0 {
        let count = pool.outside;
        let text = format!(
            "名录库中有 {count} 家不属于任何一层，不参加本次抽取，没有被抽中的可能；如果不是有意如此，请增加一层或放宽条件"
        );
        warnings.push(Warning::new(WarningCode::OutsideStrata, text));
    }
    for (stratum, tally) in plan.strata.iter().zip(&pool.strata) {
        warnings.extend(quota_capped(stratum, tally, pool.in_post));
        warnings.extend(below_ratio(stratum, tally));
    }
    warnings.extend(cap_within_draw(plan, index, pool, past));
    warnings
}

fn quota_capped(stratum: &Stratum, tally: &Tally, in_post: usize) -> Option<Warning> {
    let asked = tally.capped_from?;
    let (title, amount, lines) = (&stratum.title, stratum.amount, tally.random);
    let text = format!(
        "分层“{title}”按{amount}、在岗 {in_post} 人应抽 {asked} 家，而可抽的只有 {lines} 家，已按全部抽取"
    );
    Some(Warning::new(WarningCode::QuotaCapped, text))
}

/// A ratio is of the random lines (mcd1 section 3); a superior may count it of all that are still there.
fn below_ratio(stratum: &Stratum, tally: &Tally) -> Option<Warning> {
    let (num, den) = stratum.amount.ratio()?;
    let closed = tally.excluded.get(Reason::CLOSED).copied().unwrap_or_default();
    let (tasks, all) = (
        tally.tasks(),
        tally.random + tally.mandatory + tally.left_out() - closed,
    );
    let below = tasks as u64 * u64::from(den) < all as u64 * u64::from(num);
    below.then(|| {
        let (title, amount, reasons) = (&stratum.title, stratum.amount, tally.reasons());
        let text = format!("分层“{title}”除已关闭的外有 {all} 家，本次检查 {tasks} 家，不到 {amount}：比例只对参加随机抽取的 {} 家计算，其余已排除（{reasons}）；上级按全部家数考核时请提高比例或改写数量", tally.random);
        Warning::new(WarningCode::BelowRatio, text)
    })
}

fn unused_items(plan: &ImplementationPlan) -> impl Iterator<Item = Warning> {
    let used = |code| plan.strata.iter().any(|stratum| stratum.items.contains(code));
    plan.items
        .iter()
        .filter(move |item| !used(&item.code))
        .map(|item| {
            let text = format!("抽查事项“{}”没有安排到任何一层，这次不会检查它", item.name);
            Warning::new(WarningCode::ItemUnused, text)
        })
}

/// Enterprises of which more sites can be drawn than the yearly cap leaves.
fn cap_within_draw(
    plan: &ImplementationPlan,
    index: &Index<'_>,
    pool: &Pool,
    past: &Past,
) -> Option<Warning> {
    let cap = plan.exclusions.yearly_cap?.inspections.get();
    let mut sites: BTreeMap<u32, u32> = BTreeMap::new();
    for line in pool.drawable() {
        *sites.entry(index.site(line.site).enterprise).or_default() += 1;
    }
    let left = |enterprise| cap - past.of_enterprise(plan, enterprise).min(cap);
    let count = sites
        .iter()
        .filter(|(enterprise, sites)| **sites > left(**enterprise))
        .count();
    (count > 0).then(|| {
        let text = format!(
            "有 {count} 家企业的多个厂址都可能被抽中，合计会超过年度频次上限 {cap} 次；抽中后请合并为一次入企"
        );
        Warning::new(WarningCode::CapWithinDraw, text)
    })
}

/// Of teams and the register of inspectors.
pub(super) fn of_staff(plan: &ImplementationPlan, index: &Index<'_>, staffing: &Staffing) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let out = staffing
        .members
        .iter()
        .filter(|member| !member.out.is_empty())
        .count();
    if out > 0 {
        let all = staffing.members.len();
        let text = format!("名录库 {all} 名执法检查人员中有 {out} 人不参加本次抽取，原因见名单");
        warnings.push(Warning::new(WarningCode::InspectorsOut, text));
    }
    for team in plan
        .teams
        .iter()
        .filter(|team| plan.slots.of_team(&team.name) == 0)
    {
        let text = format!("班组“{}”在 slots 里没有岗位，这次不会派出", team.name);
        warnings.push(Warning::new(WarningCode::TeamUnused, text));
    }
    warnings.extend(matching_nobody(plan, index.people()).map(|(whose, what)| {
        let text = format!("{whose}的条件“{what}”在执法检查人员名录库里没有人符合，请核对是否写错");
        Warning::new(WarningCode::MatchesNobody, text)
    }));
    warnings
}

/// Units, fields and certificates of filters that the register does not have: mostly slips.
fn matching_nobody<'a>(
    plan: &'a ImplementationPlan,
    people: &'a [&'a Inspector],
) -> impl Iterator<Item = (String, String)> + use<'a> {
    let of_teams = plan
        .teams
        .iter()
        .map(|team| (format!("班组“{}”", team.name), &team.filter));
    let of_strata = plan
        .strata
        .iter()
        .map(|stratum| (format!("分层“{}”", stratum.name), &stratum.served_by));
    of_teams.chain(of_strata).flat_map(move |(whose, filter)| {
        let units = filter
            .units
            .iter()
            .filter(|unit| !people.iter().any(|person| person.unit.as_ref() == Some(*unit)));
        let fields = filter
            .fields
            .iter()
            .filter(|field| !people.iter().any(|person| person.fields.contains(*field)));
        let has = |number: &&crate::identifiers::CertificateNumber| {
            people
                .binary_search_by(|person| person.certificate.number.cmp(*number))
                .is_err()
        };
        let certificates = filter.certificates.iter().filter(has).map(ToString::to_string);
        let words: Vec<String> = units
            .chain(fields)
            .map(ToString::to_string)
            .chain(certificates)
            .collect();
        words.into_iter().map(move |word| (whose.clone(), word))
    })
}

/// Of sources whose fate is known before the draw.
pub(super) fn of_chances(strata: &[StratumReport]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for stratum in strata {
        let title = &stratum.title;
        for tier in &stratum.tiers {
            let (number, lines) = (tier.tier, tier.lines);
            if tier.certain > 0 {
                let count = tier.certain;
                let text =
                    format!("分层“{title}”第 {number} 档的 {lines} 家中有 {count} 家必定抽中，可以预知");
                warnings.push(Warning::new(WarningCode::Certain, text));
            }
            if tier.impossible > 0 {
                let count = tier.impossible;
                let text =
                    format!("分层“{title}”第 {number} 档的 {lines} 家中有 {count} 家不可能抽中，可以预知");
                warnings.push(Warning::new(WarningCode::Impossible, text));
            }
        }
    }
    warnings
}
