//! To which part of the form a finding belongs.
//! Never guesses: a finding that names no part has no place.

use domain::plans::{Code, Finding};

use super::Scheme;

/// The id of the part of the form that a finding is about; the compiler's sentences name strata and teams in quotes.
pub(super) fn of(finding: &Finding, scheme: Option<&Scheme>) -> Option<String> {
    named(finding, scheme?).or_else(|| section(finding).map(str::to_owned))
}

/// The stratum or team that the sentence names.
fn named(finding: &Finding, scheme: &Scheme) -> Option<String> {
    let says = |word: &str| !word.is_empty() && finding.text.contains(word);
    let stratum = |title: &str| says(&format!("分层“{title}”"));
    let of_strata = scheme
        .strata
        .iter()
        .position(|own| stratum(&own.title) || stratum(&own.name));
    let team = |name: &str| says(&format!("班组“{name}”")) || says(&format!("班组 {name} 每个任务"));
    let of_teams = || scheme.teams.iter().position(|own| team(&own.name));
    of_strata
        .map(|at| format!("stratum.{at}"))
        .or_else(|| of_teams().map(|at| format!("team.{at}")))
}

/// Keys as the sentences name them, with the part of the form that has them.
const KEYS: &[(&str, &str)] = &[
    ("draw（", "f-draw"),
    ("title（方案名称）", "f-title"),
    ("annual_plan（", "f-annual_plan"),
    ("purpose（", "f-purpose"),
    ("method（", "f-method"),
    ("检查方式", "f-method"),
    ("secrecy（", "f-secrecy"),
    ("use_of_results（", "f-use_of_results"),
    ("scope（", "f-scope"),
    ("[time]", "f-from"),
    ("实施时间", "f-from"),
    ("[[item]]", "items"),
    ("抽查事项", "items"),
    ("slots", "teams"),
    ("[inspectors]", "teams"),
    ("[[team]]", "teams"),
    ("[[person]]", "persons"),
    ("个人任务上限", "persons"),
    ("班组", "teams"),
    ("[[stratum]]", "strata"),
    ("分层", "strata"),
    ("[tiers]", "order"),
    ("[[weight]]", "order"),
    ("[[mandatory]]", "mandatory"),
    ("必查对象", "mandatory"),
    ("[exclude]", "exclude"),
    ("[[exclude.listed]]", "exclude"),
    ("排除", "exclude"),
    ("[rotation]", "recusals"),
    ("[[recusal]]", "recusals"),
    ("回避", "recusals"),
    ("[ceremony]", "ceremony"),
    ("公共值规则", "ceremony"),
];

fn section(finding: &Finding) -> Option<&'static str> {
    let by_key = || {
        let key = KEYS.iter().filter(|(key, _)| finding.text.contains(key));
        key.min_by_key(|(key, _)| finding.text.find(key))
            .map(|(_, part)| *part)
    };
    match finding.code {
        Code::Unpublished => Some("items"),
        Code::TooFewInspectors | Code::TooFewPlaces | Code::NoTeam => Some("teams"),
        Code::MandatoryExcluded | Code::MandatoryOutside => Some("mandatory"),
        Code::EmptyStratum | Code::QuotaAboveStratum => Some("strata"),
        Code::Missing
        | Code::EmptyContent
        | Code::WrongForm
        | Code::Repeated
        | Code::Undefined
        | Code::UnknownTarget
        | Code::UnknownCertificate => by_key(),
        Code::Syntax
        | Code::DuplicateTarget
        | Code::DuplicateCertificate
        | Code::TooLarge
        | Code::Internal => None,
    }
}
