//! What is drawn from: strata, weights, mandatory targets, exclusions.
//! Never takes a stratum whose number to draw is said in two ways, or in none.

use std::collections::{BTreeMap, BTreeSet};

use super::super::filter::{InspectorFilter, SourceFilter};
use super::super::finding::Code;
use super::super::numbers::{Amount, Name, Ratio, StaffRatio};
use super::super::plan::{Exclusions, ListedExclusion, Mandatory, Stratum, WeightRule, YearlyCap};
use super::super::raw::{self, Words};
use super::reader::Reader;
use crate::sources::IndustryCode;
use crate::text::Text;

/// Most strata of a plan.
const STRATA_MAX: usize = 64;
/// Reasons that the program itself gives.
pub(in super::super) const OWN_REASONS: [&str; 3] = ["closed", "cap", "recent"];

/// 分层, in the order of the file.
pub(super) fn strata(r: &mut Reader, raw: &[raw::Stratum], items: &[raw::Item]) -> Option<Vec<Stratum>> {
    if raw.is_empty() || raw.len() > STRATA_MAX {
        let count = raw.len();
        r.refuse(
            Code::Missing,
            format!("[[stratum]]（分层）有 {count} 个，应有 1 至 {STRATA_MAX} 个"),
        );
        return None;
    }
    let fields = fields_of_items(r, items);
    let strata: Vec<Stratum> = raw
        .iter()
        .zip(1..)
        .filter_map(|(raw, at)| stratum(r, raw, at, &fields))
        .collect();
    let names: Vec<_> = strata.iter().map(|stratum| &stratum.name).collect();
    r.different("分层", &names, |name| name.to_string());
    Some(strata)
}

/// The fields that each item asks for, by its code.
fn fields_of_items(r: &mut Reader, items: &[raw::Item]) -> BTreeMap<String, Vec<Text>> {
    let mut fields = BTreeMap::new();
    for item in items {
        let code = item.code.clone().unwrap_or_default();
        let asked = r.texts(
            &format!("抽查事项“{code}”的 fields（执法领域）"),
            item.fields.as_ref(),
        );
        if Name::parse(&code).is_some() {
            fields.insert(code, asked);
        }
    }
    fields
}

fn stratum(
    r: &mut Reader,
    raw: &raw::Stratum,
    at: usize,
    fields: &BTreeMap<String, Vec<Text>>,
) -> Option<Stratum> {
    let place = match &raw.name {
        Some(name) => format!("分层“{name}”"),
        None => format!("第 {at} 个 [[stratum]]（分层）"),
    };
    let name = r.name(&format!("{place}的 name"), raw.name.as_deref());
    let title = r.text(&format!("{place}的 title（名称）"), raw.title.as_deref());
    let filter = filter(r, &place, &raw.filter);
    let raw_amount = RawAmount {
        ratio: raw.ratio.as_deref(),
        number: raw.number,
        inspectors_to_units: raw.inspectors_to_units.as_deref(),
    };
    let amount = amount(r, &place, raw_amount);
    let items = items_of(r, &place, raw.items.as_ref(), fields);
    r.different(&format!("{place}的抽查事项"), &items, Name::to_string);
    let served_by = served_by(r, &place, raw, &items, fields);
    Some(Stratum {
        name: name?,
        title: title?,
        filter,
        amount: amount?,
        items,
        served_by,
    })
}

/// The items that are inspected in a stratum: all, unless it names some.
fn items_of(
    r: &mut Reader,
    place: &str,
    named: Option<&Words>,
    all: &BTreeMap<String, Vec<Text>>,
) -> Vec<Name> {
    let key = format!("{place}的 items（抽查事项）");
    match named {
        Some(_) => r.each(&key, named, |r, code| r.name(&key, Some(code))),
        None => all.keys().filter_map(|code| Name::parse(code)).collect(),
    }
}

/// The stratum's own fields, else those of its items; and its units.
fn served_by(
    r: &mut Reader,
    place: &str,
    raw: &raw::Stratum,
    items: &[Name],
    fields: &BTreeMap<String, Vec<Text>>,
) -> InspectorFilter {
    let own = r.texts(&format!("{place}的 fields（执法领域）"), raw.fields.as_ref());
    let of_items = || {
        items
            .iter()
            .filter_map(|item| fields.get(item.as_str()))
            .flatten()
            .cloned()
    };
    let fields = if own.is_empty() {
        of_items().collect()
    } else {
        BTreeSet::from_iter(own)
    };
    let units = r.texts(&format!("{place}的 units（所在单位）"), raw.units.as_ref());
    InspectorFilter {
        units: BTreeSet::from_iter(units),
        fields,
        certificates: BTreeSet::new(),
    }
}

/// What is written of how many to draw.
pub(crate) struct RawAmount<'a> {
    pub(crate) ratio: Option<&'a str>,
    pub(crate) number: Option<u32>,
    pub(crate) inspectors_to_units: Option<&'a str>,
}

/// Exactly one of the three ways to say how many.
pub(crate) fn amount(r: &mut Reader, place: &str, raw: RawAmount<'_>) -> Option<Amount> {
    match (raw.ratio, raw.number, raw.inspectors_to_units) {
        (Some(text), None, None) => {
            let ratio = Ratio::parse(text).map(Amount::Ratio);
            let hint = "应大于 0、不超过 100%，写成 \"25%\" 或 \"1/4\"";
            amount_or(r, ratio, || {
                format!("{place}的 ratio（比例）“{text}”不对：{hint}")
            })
        }
        (None, Some(number), None) => r
            .optional_positive(&format!("{place}的 number（数量）"), Some(number))
            .map(Amount::Number),
        (None, None, Some(text)) => {
            let ratio = StaffRatio::parse(text).map(Amount::PerInspector);
            let hint = "写成 \"1:5\"，即每 1 名在岗执法人员抽 5 家";
            amount_or(r, ratio, || {
                format!("{place}的 inspectors_to_units（人员与单位之比）“{text}”不对：{hint}")
            })
        }
        _ => {
            r.refuse(
                Code::WrongForm,
                format!("{place}要抽多少家，应在 ratio（比例）、number（数量）、inspectors_to_units（人员与单位之比）中写一项，并且只写一项"),
            );
            None
        }
    }
}

fn amount_or(r: &mut Reader, amount: Option<Amount>, sentence: impl Fn() -> String) -> Option<Amount> {
    if amount.is_none() {
        r.refuse(Code::WrongForm, sentence());
    }
    amount
}

/// `where = { … }` over the register of sources.
pub(crate) fn filter(r: &mut Reader, place: &str, raw: &raw::Where) -> SourceFilter {
    let key = |key: &str| format!("{place}的条件 {key}");
    SourceFilter {
        control_levels: r.terms(&key("control_level"), raw.control_level.as_ref()),
        key_discharger: raw.key_discharger,
        administrations: r.terms(&key("administration"), raw.administration.as_ref()),
        credit_classes: r.terms(&key("credit_class"), raw.credit_class.as_ref()),
        industry_names: r.texts(&key("industry"), raw.industry.as_ref()),
        industry_codes: r.each(&key("industry_code"), raw.industry_code.as_ref(), |r, word| {
            r.code(&key("industry_code"), Some(word), IndustryCode::parse)
        }),
        monitoring_stations_min: raw.monitoring_stations_min,
        addresses: r.texts(&key("address"), raw.address.as_ref()),
        names: r.texts(&key("name"), raw.name.as_ref()),
        statuses: r.terms(&key("status"), raw.status.as_ref()),
        violations: raw.violations,
        targets: r
            .each(&key("target"), raw.target.as_ref(), |r, word| {
                r.target(&key("target"), Some(word))
            })
            .into_iter()
            .collect(),
    }
}

/// 权重
pub(super) fn weights(r: &mut Reader, raw: &[raw::Weight]) -> Vec<WeightRule> {
    let rule = |(raw, at): (&raw::Weight, usize)| {
        let place = format!("第 {at} 个 [[weight]]（权重）");
        let filter = filter(r, &place, &raw.filter);
        let weight = r.positive(&format!("{place}的 weight"), raw.weight);
        weight.map(|weight| WeightRule { filter, weight })
    };
    raw.iter().zip(1..).filter_map(rule).collect()
}

/// 必查对象
pub(super) fn mandatory(r: &mut Reader, raw: &[raw::Mandatory]) -> Vec<Mandatory> {
    let one = |(raw, at): (&raw::Mandatory, usize)| {
        let place = format!("第 {at} 个 [[mandatory]]（必查对象）");
        let target = r.target(
            &format!("{place}的 target（检查对象编号）"),
            raw.target.as_deref(),
        );
        let ground = r.text(&format!("{place}的 ground（理由）"), raw.ground.as_deref());
        Some(Mandatory {
            target: target?,
            ground: ground?,
        })
    };
    let mandatory: Vec<Mandatory> = raw.iter().zip(1..).filter_map(one).collect();
    let targets: Vec<_> = mandatory.iter().map(|one| &one.target).collect();
    r.different("必查对象", &targets, |target| target.to_string());
    mandatory
}

/// 排除
pub(super) fn exclusions(r: &mut Reader, raw: raw::Exclude) -> Exclusions {
    let inspections = r.optional_positive("[exclude] 的 yearly_cap（年度频次上限）", raw.yearly_cap);
    let drawn_only = raw.yearly_cap_drawn_only;
    if drawn_only.is_some() && raw.yearly_cap.is_none() {
        let key = "[exclude] 的 yearly_cap_drawn_only";
        r.refuse(
            Code::Missing,
            format!("写了 {key}，却没有写 yearly_cap（年度频次上限），请补上或删去"),
        );
    }
    let one = |raw: (&raw::Listed, usize)| listed(r, raw.0, raw.1);
    let listed: Vec<ListedExclusion> = raw.listed.iter().zip(1..).filter_map(one).collect();
    let targets: Vec<_> = listed.iter().flat_map(|listed| &listed.targets).collect();
    r.different("排除的检查对象", &targets, |target| target.to_string());
    Exclusions {
        yearly_cap: inspections.map(|inspections| YearlyCap {
            inspections,
            drawn_only: drawn_only.unwrap_or_default(),
        }),
        recent_days: r.optional_positive("[exclude] 的 recent_days（近期已查天数）", raw.recent_days),
        listed,
    }
}

fn listed(r: &mut Reader, raw: &raw::Listed, at: usize) -> Option<ListedExclusion> {
    let place = format!("第 {at} 个 [[exclude.listed]]（指明排除）");
    let reason = r.name(&format!("{place}的 reason（理由代号）"), raw.reason.as_deref());
    if let Some(own) = reason
        .as_ref()
        .filter(|reason| OWN_REASONS.contains(&reason.as_str()))
    {
        let all = OWN_REASONS.join("、");
        r.refuse(
            Code::WrongForm,
            format!("{place}的 reason“{own}”由程序自动使用（{all}），请另取一个代号"),
        );
    }
    let key = format!("{place}的 targets（检查对象编号）");
    let words = r.present(&key, raw.targets.as_ref());
    let targets = r.each(&key, words, |r, word| r.target(&key, Some(word)));
    let ground = r.text(&format!("{place}的 ground（理由）"), raw.ground.as_deref());
    Some(ListedExclusion {
        reason: reason?,
        targets,
        ground: ground?,
    })
}
