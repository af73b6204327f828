//! 检查历史 as a register: its columns, and how a row becomes a [`PastInspection`].
//! Never takes an inspection without its day or its target.

use std::collections::HashMap;

use domain::{CertificateNumber, DrawNumber, PastInspection, PermitCode, TargetId, clean_code};

use crate::columns::Column;
use crate::register::{Outcome, Pending, Register, Settled};
use crate::row::RowReader;

/// 检查历史.
#[derive(Debug, Clone, Copy)]
pub struct History;

/// A field of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each is")]
pub enum HistoryField {
    On,
    Target,
    Name,
    Inspectors,
    Draw,
}
use HistoryField as F;

impl Register for History {
    const TITLE: &'static str = "检查历史";
    type Field = HistoryField;
    type Record = PastInspection;
    type Draft = PastInspection;
    const COLUMNS: &'static [(HistoryField, Column)] = &[
        (
            F::On,
            Column::required(
                "检查日期",
                &["检查时间", "日期", "抽查日期", "抽查完成日期"],
                "例如 2026-03-07",
            ),
        ),
        (
            F::Target,
            Column::required(
                "检查对象编号",
                &[
                    "统一社会信用代码",
                    "社会信用代码",
                    "信用代码",
                    "对象编号",
                    "统一社会信用代码/检查对象编号",
                ],
                "统一社会信用代码；第二个厂区在后面加 -02",
            ),
        ),
        (
            F::Name,
            Column::new(
                "企业名称",
                &["单位名称", "检查对象", "检查对象名称", "抽查对象名称"],
                "仅供核对，可不填",
            ),
        ),
        (
            F::Inspectors,
            Column::new(
                "执法证编号",
                &["检查人员执法证编号", "执法人员证号", "执法证号", "检查人员"],
                "两人以上用顿号分开",
            ),
        ),
        (
            F::Draw,
            Column::new(
                "抽查编号",
                &["抽取编号", "抽查批次", "抽查任务编号"],
                "例如 2026-001；不是抽取产生的不填",
            ),
        ),
    ];
    const DATES: &'static [HistoryField] = &[F::On];

    fn read(row: &mut RowReader<'_, Self>) -> Option<PastInspection> {
        let on = row.date(F::On);
        if on.is_none() && !row.is_refused_at(F::On) {
            row.refuse(F::On, "没有填写检查日期，请补全".to_owned(), None);
        }
        let target = row.code(F::Target, clean_code, parse_target);
        if target.is_none() && !row.is_refused_at(F::Target) {
            row.refuse(F::Target, "没有填写检查对象编号，请补全".to_owned(), None);
        }
        row.optional_name(F::Name);
        let inspectors = read_inspectors(row);
        let draw = row.code(F::Draw, clean_code, DrawNumber::parse);
        let inspection = PastInspection {
            on: on?,
            target: target?,
            inspectors,
            draw,
        };
        (!row.is_refused()).then_some(inspection)
    }

    /// Two inspections of one target on one day may both have been; the same row twice is a slip.
    fn settle(rows: Vec<Pending<'_, Self>>) -> Vec<Settled<'_, Self>> {
        let mut seen: HashMap<PastInspection, u32> = HashMap::new();
        let mut settled = Vec::with_capacity(rows.len());
        for Pending { mut reader, draft } in rows {
            let outcome = match seen.get(&draft) {
                Some(number) => {
                    reader.refuse(F::Target, format!("与第{number}行完全相同，请删除其中一行"), None);
                    Outcome::Refused
                }
                None => {
                    seen.insert(draft.clone(), reader.number());
                    Outcome::Accepted(reader.accept(draft))
                }
            };
            settled.push(Settled { reader, outcome });
        }
        settled
    }

    fn write(inspection: &PastInspection) -> Vec<Vec<String>> {
        let inspectors: Vec<&str> = inspection
            .inspectors
            .iter()
            .map(CertificateNumber::as_str)
            .collect();
        vec![vec![
            inspection.on.to_string(),
            inspection.target.to_string(),
            String::new(),
            inspectors.join("、"),
            inspection.draw.map(|draw| draw.to_string()).unwrap_or_default(),
        ]]
    }
}

/// A target's id, a credit code (its first site), or a permit's number (the site that it names).
fn parse_target(text: &str) -> Result<TargetId, domain::CodeError> {
    if let Ok(permit) = PermitCode::parse(text)
        && let (Some(code), Some(site)) = (permit.credit_code(), permit.site())
    {
        return Ok(TargetId::of(&domain::Identity::Credit(code), site));
    }
    let (code, site) = text
        .split_once('-')
        .map_or((text, None), |(code, site)| (code, Some(site)));
    let is_site =
        |site: &str| (2..=3).contains(&site.len()) && site.bytes().all(|byte| byte.is_ascii_digit());
    // The number of a site is checked by its form, the code before it by its check digit.
    if site.is_none_or(is_site) {
        domain::Identity::parse(code)?;
    } else {
        domain::Identity::parse(text)?;
    }
    TargetId::parse(text)
}

fn read_inspectors(row: &mut RowReader<'_, History>) -> Vec<CertificateNumber> {
    let Some(cell) = row.filled(F::Inspectors) else {
        return Vec::new();
    };
    let mut inspectors = Vec::new();
    for part in cell
        .text
        .split(['、', ',', '，', ';', '；', '/', '|', ' ', '\u{3000}'])
    {
        let cleaned = clean_code(part);
        if cleaned.text.is_empty() {
            continue;
        }
        match CertificateNumber::parse(&cleaned.text) {
            Ok(number) if inspectors.contains(&number) => {}
            Ok(number) => inspectors.push(number),
            Err(error) => row.refuse(F::Inspectors, error.to_string(), None),
        }
    }
    inspectors
}
