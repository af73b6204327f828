//! Conditions over the registers: which sources a stratum takes, which inspectors a team has.
//! Never takes what the register does not say for a yes: an unknown field fails every condition on it.

use std::collections::BTreeSet;

use crate::identifiers::{CertificateNumber, TargetId};
use crate::inspectors::Inspector;
use crate::sources::{Administration, ControlLevel, CreditClass, IndustryCode, Source, Status};
use crate::text::Text;

/// 综合: the field of an inspector who serves in all fields.
pub const GENERALIST: &str = "综合";

/// Conditions over the register of sources; all that are given must hold, and of a list one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceFilter {
    /// 控制级别
    pub control_levels: Vec<ControlLevel>,
    /// 是否重点排污单位
    pub key_discharger: Option<bool>,
    /// 管理方式
    pub administrations: Vec<Administration>,
    /// 信用等级
    pub credit_classes: Vec<CreditClass>,
    /// 行业类别 contains one of these.
    pub industry_names: Vec<Text>,
    /// 行业代码 begins with one of these.
    pub industry_codes: Vec<IndustryCode>,
    /// 自动监控基站数 is at least that.
    pub monitoring_stations_min: Option<u16>,
    /// 机构地址 contains one of these.
    pub addresses: Vec<Text>,
    /// 企业名称 contains one of these.
    pub names: Vec<Text>,
    /// 状态
    pub statuses: Vec<Status>,
    /// Whether 违法违规情况 names any.
    pub violations: Option<bool>,
    /// 检查对象编号 is one of these.
    pub targets: BTreeSet<TargetId>,
}

impl SourceFilter {
    /// Whether a source, drawn under `id`, fulfils all conditions.
    #[must_use]
    pub fn matches(&self, source: &Source, id: &TargetId) -> bool {
        let stations = source.monitoring_stations;
        one_of(&self.control_levels, Some(source.supervision.level()))
            && self
                .key_discharger
                .is_none_or(|key| key == source.supervision.is_key())
            && one_of(&self.administrations, source.administration)
            && one_of(&self.credit_classes, source.credit_class)
            && one_of(&self.statuses, Some(source.status))
            && self
                .monitoring_stations_min
                .is_none_or(|least| stations.is_some_and(|n| n >= least))
            && self
                .violations
                .is_none_or(|any| any == source.violations.is_some())
            && contains(&self.industry_names, source.industry.name.as_ref())
            && begins(&self.industry_codes, source.industry.code.as_ref())
            && contains(&self.addresses, source.address.as_ref())
            && contains(&self.names, Some(&source.name))
            && (self.targets.is_empty() || self.targets.contains(id))
    }
}

fn one_of<T: PartialEq>(wanted: &[T], found: Option<T>) -> bool {
    wanted.is_empty() || found.is_some_and(|found| wanted.contains(&found))
}

fn contains(wanted: &[Text], found: Option<&Text>) -> bool {
    let part = |found: &Text| wanted.iter().any(|part| found.as_str().contains(part.as_str()));
    wanted.is_empty() || found.is_some_and(part)
}

fn begins(wanted: &[IndustryCode], found: Option<&IndustryCode>) -> bool {
    let begins = |found: &IndustryCode| {
        wanted
            .iter()
            .any(|code| found.as_str().starts_with(code.as_str()))
    };
    wanted.is_empty() || found.is_some_and(begins)
}

/// Conditions over the register of inspectors; all that are given must hold, and of a list one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InspectorFilter {
    /// 所在单位
    pub units: BTreeSet<Text>,
    /// 执法领域; whose field is [`GENERALIST`] serves in all.
    pub fields: BTreeSet<Text>,
    /// 执法证编号
    pub certificates: BTreeSet<CertificateNumber>,
}

impl InspectorFilter {
    /// Whether an inspector fulfils all conditions.
    #[must_use]
    pub fn matches(&self, inspector: &Inspector) -> bool {
        let in_unit = inspector
            .unit
            .as_ref()
            .is_some_and(|unit| self.units.contains(unit));
        let serves = |field: &Text| field.as_str() == GENERALIST || self.fields.contains(field);
        (self.units.is_empty() || in_unit)
            && (self.fields.is_empty() || inspector.fields.iter().any(serves))
            && (self.certificates.is_empty() || self.certificates.contains(&inspector.certificate.number))
    }
}
