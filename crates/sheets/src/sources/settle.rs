//! What the rows of the register of sources say about each other: repeated rows, licences of one site, wrong codes.
//! Never depends on the order of the rows, except that of two equal rows the first is taken.

use std::collections::{BTreeMap, HashMap};

use domain::{Source, TargetId};

use super::{F, Sources, joined as one_of};
use crate::finding::Accepted;
use crate::limits::LICENCES_MAX;
use crate::register::{Outcome, Pending, Settled};

type Row<'a> = Pending<'a, Sources>;

/// Decides about each row; the order of the rows stays.
pub(super) fn settle(mut rows: Vec<Row<'_>>) -> Vec<Settled<'_, Sources>> {
    let mut sites: BTreeMap<TargetId, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        sites.entry(row.draft.source.id()).or_default().push(at);
    }
    let mut joined: BTreeMap<usize, u32> = BTreeMap::new();
    for same in sites.into_values() {
        let left = refuse_equal(&mut rows, same);
        let left = refuse_strangers(&mut rows, left);
        if let Some(rest) = join(&mut rows, &left) {
            let first = left.first().and_then(|&at| rows.get(at));
            let number = first.map_or(0, |row| row.reader.number());
            joined.extend(rest.into_iter().map(|at| (at, number)));
        }
    }
    rows.into_iter()
        .enumerate()
        .map(|(at, row)| settled(row, joined.get(&at).copied()))
        .collect()
}

fn settled(row: Row<'_>, joined_to: Option<u32>) -> Settled<'_, Sources> {
    let Pending { mut reader, draft } = row;
    let outcome = if reader.is_refused() {
        Outcome::Refused
    } else if let Some(number) = joined_to {
        Outcome::Joined(number)
    } else {
        if let Some(holder) = draft
            .permit_holder
            .filter(|holder| draft.source.credit_code() != Some(holder))
        {
            let reason = "统一社会信用代码与本行许可证编号的前18位不同，两者各自有效，可能有一个填错";
            reader.note(
                F::Code,
                format!("{reason}，请对照证照核对"),
                Some(holder.to_string()),
            );
        }
        Outcome::Accepted(Accepted {
            row: reader.number(),
            record: draft.source,
            filled: draft.filled,
            extra: draft.extra,
            answers: reader.answers(),
        })
    };
    Settled { reader, outcome }
}

/// Refuses rows that say exactly what an earlier one says; gives those that are left.
fn refuse_equal(rows: &mut [Row<'_>], same: Vec<usize>) -> Vec<usize> {
    if same.len() == 1 {
        return same;
    }
    let mut seen: HashMap<Source, u32> = HashMap::new();
    let mut left = Vec::new();
    for at in same {
        let Some(row) = rows.get_mut(at) else { continue };
        match seen.get(&row.draft.source) {
            Some(number) => {
                row.reader
                    .refuse(F::Code, format!("与第{number}行完全相同，请删除其中一行"), None)
            }
            None => {
                seen.insert(row.draft.source.clone(), row.reader.number());
                left.push(at);
            }
        }
    }
    left
}

/// Refuses rows of other enterprises that bear the same code; gives those of one enterprise that are left.
fn refuse_strangers(rows: &mut [Row<'_>], same: Vec<usize>) -> Vec<usize> {
    if is_one_enterprise(rows, &same) {
        return same;
    }
    // A row whose own permit bears another code is the one that is wrong, if there are others.
    let (strangers, owners): (Vec<usize>, Vec<usize>) =
        same.iter().partition(|&&at| rows.get(at).is_some_and(differs));
    let nobody_known = strangers.is_empty() || owners.is_empty();
    let (wrong, left) = if nobody_known {
        (same, Vec::new())
    } else {
        (strangers, owners)
    };
    // Each names another of those that bear the code, one that is right if there is any.
    let others: Vec<usize> = left.iter().chain(&wrong).take(2).copied().collect();
    for &at in &wrong {
        let other = others.iter().copied().find(|&other| other != at);
        refuse_stranger(rows, at, other);
    }
    if is_one_enterprise(rows, &left) {
        left
    } else {
        refuse_strangers(rows, left)
    }
}

fn is_one_enterprise(rows: &[Row<'_>], same: &[usize]) -> bool {
    let mut names = same
        .iter()
        .filter_map(|&at| rows.get(at))
        .map(|row| &row.draft.source.name);
    let first = names.next();
    names.all(|name| Some(name) == first)
}

/// Whether the row's permit is another enterprise's.
fn differs(row: &Row<'_>) -> bool {
    row.draft
        .permit_holder
        .as_ref()
        .is_some_and(|holder| row.draft.source.credit_code() != Some(holder))
}

fn refuse_stranger(rows: &mut [Row<'_>], at: usize, other: Option<usize>) {
    let Some(other) = other.and_then(|other| rows.get(other)) else {
        return;
    };
    let (number, name) = (other.reader.number(), &other.draft.source.name);
    let mut reason = format!("统一社会信用代码与第{number}行“{name}”重复，一个代码只能属于一个单位");
    let holder = rows
        .get(at)
        .filter(|row| differs(row))
        .and_then(|row| row.draft.permit_holder.clone());
    if let Some(holder) = &holder {
        reason.push_str(&format!("；本行许可证编号的前18位是另一个有效的代码“{holder}”"));
    }
    reason.push_str("，请对照证照核对");
    refuse(rows, at, reason, holder.map(|holder| holder.to_string()));
}

/// Joins the rows of one site, which name its licences one by one; gives all but the first.
fn join(rows: &mut [Row<'_>], same: &[usize]) -> Option<Vec<usize>> {
    let (&first, rest) = same.split_first()?;
    if rest.is_empty() {
        return None;
    }
    if same.len() > LICENCES_MAX {
        for &at in same {
            refuse(
                rows,
                at,
                format!(
                    "同一单位有{}行，超过{LICENCES_MAX}行的上限，请核对代码",
                    same.len()
                ),
                None,
            );
        }
        return None;
    }
    let draft = &rows.get(first)?.draft;
    let (mut whole, mut extra, mut filled) = (draft.source.clone(), draft.extra.clone(), draft.filled);
    for &at in rest {
        let draft = &rows.get(at)?.draft;
        match joined_source(&whole, &draft.source) {
            Ok(source) => whole = source,
            Err(field) => {
                refuse_contradiction(rows, same, field);
                return None;
            }
        }
        let more: Vec<_> = draft
            .extra
            .iter()
            .filter(|cell| !extra.contains(cell))
            .cloned()
            .collect();
        extra.extend(more);
        filled = filled.or(draft.filled);
    }
    whole.licences.sort_by(domain::Licence::order);
    let draft = &mut rows.get_mut(first)?.draft;
    (draft.source, draft.extra, draft.filled) = (whole, extra, filled);
    Some(rest.to_vec())
}

/// One source of two rows, or the first field in which they contradict each other.
fn joined_source(one: &Source, other: &Source) -> Result<Source, F> {
    let field = |field: F| move |()| field;
    let mut licences = one.licences.clone();
    licences.extend(
        other
            .licences
            .iter()
            .filter(|licence| !one.licences.contains(licence))
            .cloned(),
    );
    if one.supervision != other.supervision {
        return Err(F::Level);
    }
    if one.status != other.status {
        return Err(F::Status);
    }
    Ok(Source {
        registration_number: one_of(&one.registration_number, &other.registration_number)
            .map_err(field(F::RegistrationNumber))?,
        organisation_code: one_of(&one.organisation_code, &other.organisation_code)
            .map_err(field(F::OrganisationCode))?,
        legal_representative: one_of(&one.legal_representative, &other.legal_representative)
            .map_err(field(F::LegalRepresentative))?,
        address: one_of(&one.address, &other.address).map_err(field(F::Address))?,
        telephone: one_of(&one.telephone, &other.telephone).map_err(field(F::Telephone))?,
        violations: one_of(&one.violations, &other.violations).map_err(field(F::Violations))?,
        industry: domain::Industry {
            name: one_of(&one.industry.name, &other.industry.name).map_err(field(F::Industry))?,
            code: one_of(&one.industry.code, &other.industry.code).map_err(field(F::IndustryCode))?,
        },
        administration: one_of(&one.administration, &other.administration)
            .map_err(field(F::Administration))?,
        monitoring_stations: one_of(&one.monitoring_stations, &other.monitoring_stations)
            .map_err(field(F::Stations))?,
        credit_class: one_of(&one.credit_class, &other.credit_class).map_err(field(F::CreditClass))?,
        licences,
        ..one.clone()
    })
}

/// Refuses all rows of a site that contradict each other: nobody here knows which is right.
fn refuse_contradiction(rows: &mut [Row<'_>], same: &[usize], field: F) {
    let numbers: Vec<u32> = same
        .iter()
        .filter_map(|&at| rows.get(at))
        .map(|row| row.reader.number())
        .collect();
    for &at in same {
        let Some(row) = rows.get_mut(at) else { continue };
        let others: Vec<String> = numbers
            .iter()
            .filter(|&&n| n != row.reader.number())
            .map(u32::to_string)
            .collect();
        let title = row.reader.title(field).to_owned();
        let reason = format!(
            "与第{}行是同一单位，{title}却不一致；请核对后改为一致",
            others.join("、")
        );
        row.reader.refuse(field, reason, None);
    }
}

fn refuse(rows: &mut [Row<'_>], at: usize, reason: String, suggestion: Option<String>) {
    if let Some(row) = rows.get_mut(at) {
        row.reader.refuse(F::Code, reason, suggestion);
    }
}
