//! An invented county: a plan, and registers of as many sources and inspectors as a test asks for.

use jiff::civil::Date;

use crate::dates::{Until, parse_date};
use crate::history::PastInspection;
use crate::identifiers::{CertificateNumber, CreditCode, DrawNumber, Identity, SiteNumber, TargetId};
use crate::inspectors::{Certificate, Inspector, PostStatus};
use crate::plans::{Code, Compiled, Finding, ImplementationPlan, Registers, Warning, WarningCode, compile};
use crate::sources::{ControlLevel, Industry, Source, Status, Supervision};
use crate::text::Text;

pub(super) const PLAN: &str = r#"
bureau = "410899-EEB"
plan = "2027-Q1"
draw = "2027-001"
title = "示例县2027年第一季度随机抽查"
annual_plan = "示环〔2026〕58号"
purpose = "检查排污许可制度落实情况"
method = ["现场", "监测"]
secrecy = "检查前名单不得告知被抽查单位"
use_of_results = "结果公示，问题移送立案"
scope = "全县排污单位"

[time]
from = 2027-01-04
until = 2027-03-31

[inspectors]
slots = ["EP", "EP"]
cap = 50

[[item]]
code = "ZDJK-01"
name = "自动监控基站监督检查"
basis = "《排污许可管理条例》第二十五条"
published = 2026-12-18

[[team]]
name = "EP"

[[stratum]]
name = "all"
title = "全部"
ratio = "25%"

[ceremony]
public = "dice:20"
pool_disclosed = "承诺时"
release = "检查当日发放"
"#;

/// The plan with a part replaced; the part must be there.
pub(super) fn edited(from: &str, to: &str) -> String {
    assert!(PLAN.contains(from), "{from}");
    PLAN.replacen(from, to, 1)
}

/// The plan with more tables at its end.
pub(super) fn with(tables: &str) -> ImplementationPlan {
    read(&format!("{PLAN}\n{tables}"))
}

/// The plan with other strata than the one of all.
pub(super) fn with_strata(strata: &str) -> ImplementationPlan {
    let (before, after) = PLAN.split_once("[[stratum]]").unwrap();
    let (_, ceremony) = after.split_once("[ceremony]").unwrap();
    read(&format!("{before}\n{strata}\n[ceremony]{ceremony}"))
}

pub(super) fn read(text: &str) -> ImplementationPlan {
    ImplementationPlan::parse(text).unwrap_or_else(|findings| panic!("{}", listed(&findings)))
}

/// What is wrong with a plan as a text.
pub(super) fn refused(text: &str) -> Vec<Finding> {
    ImplementationPlan::parse(text).unwrap_err()
}

pub(super) fn listed(findings: &[Finding]) -> String {
    let line = |finding: &Finding| format!("{}: {finding}", finding.code.name());
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

pub(super) fn warning_codes(warnings: &[Warning]) -> Vec<WarningCode> {
    warnings.iter().map(|warning| warning.code).collect()
}

pub(crate) fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

pub(super) fn day(text: &str) -> Date {
    parse_date(text).unwrap().0
}

pub(super) fn code(n: u32) -> CreditCode {
    CreditCode::from_body(&format!("91410899{n:09}")).unwrap()
}

/// The n-th enterprise, a general one.
pub(crate) fn source(n: u32) -> Source {
    Source {
        name: text(&format!("示例企业{n}")),
        identity: Identity::Credit(code(n)),
        site: SiteNumber::FIRST,
        registration_number: None,
        organisation_code: None,
        licences: Vec::new(),
        legal_representative: None,
        address: Some(text("示例县一甲镇示范路1号")),
        telephone: None,
        violations: None,
        industry: Industry::default(),
        supervision: level(ControlLevel::General),
        administration: None,
        monitoring_stations: None,
        credit_class: None,
        status: Status::InOperation,
    }
}

pub(crate) fn level(level: ControlLevel) -> Supervision {
    Supervision::new(level, None).unwrap()
}

pub(crate) fn sources(count: u32) -> Vec<Source> {
    (1..=count).map(source).collect()
}

pub(super) fn id(n: u32) -> TargetId {
    source(n).id()
}

pub(super) fn certificate(n: u32) -> CertificateNumber {
    CertificateNumber::parse(&format!("9908{n:04}")).unwrap()
}

/// The n-th inspector, fit for everything.
pub(crate) fn inspector(n: u32) -> Inspector {
    Inspector {
        name: text(&format!("示例{n}")),
        sex: None,
        unit: Some(text("环境监察大队")),
        certificate: Certificate {
            number: certificate(n),
            issued_by: None,
            valid_until: Until::LongTerm,
        },
        telephone: None,
        fields: vec![text("水")],
        post: PostStatus::InPost,
    }
}

pub(crate) fn inspectors(count: u32) -> Vec<Inspector> {
    (1..=count).map(inspector).collect()
}

/// An inspection of the n-th enterprise's first site.
pub(super) fn past(on: &str, n: u32, people: &[u32], draw: Option<&str>) -> PastInspection {
    PastInspection {
        on: day(on),
        target: id(n),
        inspectors: people.iter().copied().map(certificate).collect(),
        draw: draw.map(|draw| DrawNumber::parse(draw).unwrap()),
    }
}

/// Compiles with salts that count up.
pub(super) fn compiled(
    plan: &ImplementationPlan,
    sources: &[Source],
    inspectors: &[Inspector],
    history: &[PastInspection],
) -> Result<Compiled, Vec<Finding>> {
    let mut next = 0_u128;
    let mut salt = || {
        next += 1;
        next.to_be_bytes()
    };
    compile(
        plan,
        &Registers {
            sources,
            inspectors,
            history,
        },
        &mut salt,
    )
}

/// The columns of the pool's line of an id: stratum, tier, weight, flag.
pub(super) fn line(compiled: &Compiled, id: &TargetId) -> Option<[String; 4]> {
    let lines = compiled
        .texts
        .pool
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let own = lines.into_iter().find(|columns| columns[0] == id.as_str())?;
    Some([1, 2, 3, 4].map(|at| own[at].to_owned()))
}

pub(super) fn flag(compiled: &Compiled, n: u32) -> String {
    line(compiled, &id(n)).map_or("-".to_owned(), |[_, _, _, flag]| flag)
}

/// Who may serve at a site.
pub(super) fn eligible(compiled: &Compiled, id: &TargetId) -> Vec<String> {
    let own = compiled
        .texts
        .elig
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{id}\t")));
    own.map(|people| people.split(',').map(str::to_owned).collect())
        .unwrap_or_default()
}
