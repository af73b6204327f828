//! Who is drawn: teams, caps, rotation, recusals.
//! Never takes a recusal or a cap of a person who is not named by certificate: names are not unique.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use super::super::filter::InspectorFilter;
use super::super::plan::{Recusal, Team};
use super::super::raw;
use super::reader::Reader;
use crate::identifiers::CertificateNumber;

/// 班组
pub(super) fn teams(r: &mut Reader, raw: &[raw::Team]) -> Vec<Team> {
    let teams: Vec<Team> = raw
        .iter()
        .zip(1..)
        .filter_map(|(raw, at)| team(r, raw, at))
        .collect();
    let names: Vec<_> = teams.iter().map(|team| &team.name).collect();
    r.different("班组", &names, |name| name.to_string());
    teams
}

fn team(r: &mut Reader, raw: &raw::Team, at: usize) -> Option<Team> {
    let place = match &raw.name {
        Some(name) => format!("班组“{name}”"),
        None => format!("第 {at} 个 [[team]]（班组）"),
    };
    let key = |key: &str| format!("{place}的 {key}");
    let name = r.name(&key("name"), raw.name.as_deref());
    let title = r.optional_text(&key("title（名称）"), raw.title.as_deref());
    let department = r.optional_text(&key("department（部门）"), raw.department.as_deref());
    let units = r.texts(&key("条件 unit（所在单位）"), raw.filter.unit.as_ref());
    let fields = r.texts(&key("条件 field（执法领域）"), raw.filter.field.as_ref());
    let of_person = key("条件 certificate（执法证编号）");
    let certificates = r.each(&of_person, raw.filter.certificate.as_ref(), |r, word| {
        r.certificate(&of_person, Some(word))
    });
    let cap = r.optional_positive(&key("cap（每人任务上限）"), raw.cap);
    let filter = InspectorFilter {
        units: BTreeSet::from_iter(units),
        fields: BTreeSet::from_iter(fields),
        certificates: BTreeSet::from_iter(certificates),
    };
    Some(Team {
        name: name?,
        title,
        department,
        filter,
        cap,
    })
}

/// Caps of single persons.
pub(super) fn caps(r: &mut Reader, raw: &[raw::Person]) -> BTreeMap<CertificateNumber, NonZeroU32> {
    let one = |(raw, at): (&raw::Person, usize)| {
        let place = format!("第 {at} 个 [[person]]（个人）");
        let certificate = r.certificate(
            &format!("{place}的 certificate（执法证编号）"),
            raw.certificate.as_deref(),
        );
        let cap = r.positive(&format!("{place}的 cap（任务上限）"), raw.cap);
        Some((certificate?, cap?))
    };
    let caps: Vec<_> = raw.iter().zip(1..).filter_map(one).collect();
    let certificates: Vec<_> = caps.iter().map(|(certificate, _)| certificate).collect();
    r.different("个人任务上限的执法证", &certificates, |certificate| {
        certificate.to_string()
    });
    caps.into_iter().collect()
}

/// 轮换
pub(super) fn rotation(r: &mut Reader, raw: Option<raw::Rotation>) -> Option<NonZeroU32> {
    raw.and_then(|raw| r.positive("[rotation] 的 draws（轮换的抽取次数）", raw.draws))
}

/// 回避
pub(super) fn recusals(r: &mut Reader, raw: &[raw::Recusal]) -> Vec<Recusal> {
    let one = |(raw, at): (&raw::Recusal, usize)| {
        let place = format!("第 {at} 个 [[recusal]]（回避）");
        let certificate = r.certificate(
            &format!("{place}的 certificate（执法证编号）"),
            raw.certificate.as_deref(),
        );
        let source = r.target(
            &format!("{place}的 source（企业代码或检查对象编号）"),
            raw.source.as_deref(),
        );
        let ground = r.text(&format!("{place}的 ground（理由）"), raw.ground.as_deref());
        Some(Recusal {
            certificate: certificate?,
            source: source?,
            ground: ground?,
        })
    };
    raw.iter().zip(1..).filter_map(one).collect()
}
