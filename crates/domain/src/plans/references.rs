//! The sites and people that a plan names, found in the registers.
//! Never lets a name pass that the registers do not have: a slip would silently undo a recusal.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Code, Finding};
use super::index::Index;
use super::plan::ImplementationPlan;
use crate::identifiers::{CertificateNumber, TargetId};

/// What the plan names, by place in the registers.
#[derive(Default)]
pub(super) struct References {
    /// Mandatory sites.
    pub(super) mandatory: BTreeSet<u32>,
    /// Sites excluded by name, and by which of the plan's lists.
    pub(super) excluded: BTreeMap<u32, usize>,
    /// People who do not go to a site.
    pub(super) recused: BTreeMap<u32, BTreeSet<u32>>,
}

impl References {
    pub(super) fn new(plan: &ImplementationPlan, index: &Index<'_>, findings: &mut Vec<Finding>) -> Self {
        let mut found = Self::default();
        for mandatory in &plan.mandatory {
            let site = site_or(index, &mandatory.target, "必查对象", findings);
            found.mandatory.extend(site);
        }
        for (list, listed) in plan.exclusions.listed.iter().enumerate() {
            let sites = listed
                .targets
                .iter()
                .filter_map(|target| site_or(index, target, "排除的检查对象", findings));
            found.excluded.extend(sites.map(|site| (site, list)));
        }
        for recusal in &plan.recusals {
            let sites = index.find_all(&recusal.source);
            if sites.is_empty() {
                findings.push(unknown_target("回避的企业", &recusal.source));
            }
            let Some(person) = person_or(index, &recusal.certificate, "回避", findings) else {
                continue;
            };
            for site in sites {
                found.recused.entry(site).or_default().insert(person);
            }
        }
        for recusal in &plan.standing {
            let Some(person) = index.find_person(&recusal.certificate) else {
                continue;
            };
            for site in index.find_all(&recusal.source) {
                found.recused.entry(site).or_default().insert(person);
            }
        }
        for certificate in plan.caps.keys() {
            person_or(index, certificate, "个人任务上限", findings);
        }
        found
    }
}

fn site_or(index: &Index<'_>, target: &TargetId, what: &str, findings: &mut Vec<Finding>) -> Option<u32> {
    let site = index.find_site(target);
    if site.is_none() {
        findings.push(unknown_target(what, target));
    }
    site
}

fn unknown_target(what: &str, target: &TargetId) -> Finding {
    Finding::new(
        Code::UnknownTarget,
        format!(
            "{what}“{target}”不在污染源名录库里，请核对编号（第二个及以后的厂址要写后缀，例如 -02），或先把它录入名录库"
        ),
    )
}

fn person_or(
    index: &Index<'_>,
    certificate: &CertificateNumber,
    what: &str,
    findings: &mut Vec<Finding>,
) -> Option<u32> {
    let person = index.find_person(certificate);
    if person.is_none() {
        findings.push(Finding::new(
            Code::UnknownCertificate,
            format!(
                "{what}里的执法证编号“{certificate}”不在执法检查人员名录库里，请核对编号，或先更新名录库"
            ),
        ));
    }
    person
}
