//! 执法检查人员名录库 as a register: its columns, and how a row becomes an [`Inspector`].
//! Never takes a person without a certificate number (R4.1).

use std::collections::HashMap;

use domain::text::Cleaned;
use domain::{
    Certificate, CertificateNumber, Inspector, PostStatus, Sex, Term, Text, Until, clean_code, clean_text,
};

use crate::columns::Column;
use crate::register::{Outcome, Pending, Register, Settled};
use crate::row::RowReader;
use crate::sources::until_text;

/// 执法检查人员名录库.
#[derive(Debug, Clone, Copy)]
pub struct Inspectors;

/// A field of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each is")]
pub enum InspectorField {
    Name,
    Sex,
    Unit,
    Certificate,
    IssuedBy,
    ValidUntil,
    Telephone,
    Fields,
    Post,
}
use InspectorField as F;

impl Register for Inspectors {
    const TITLE: &'static str = "执法检查人员名录库";
    type Field = InspectorField;
    type Record = Inspector;
    type Draft = Inspector;
    const COLUMNS: &'static [(InspectorField, Column)] = &[
        (
            F::Name,
            Column::required("姓名", &["人员姓名", "执法人员姓名", "检查人员"], "与执法证一致"),
        ),
        (F::Sex, Column::choice("性别", &[], "男或女", Sex::proper_words)),
        (
            F::Unit,
            Column::new(
                "所在单位",
                &[
                    "单位",
                    "所属单位",
                    "所在部门",
                    "所在业务部门",
                    "部门",
                    "科室",
                    "股室",
                ],
                "例如 环境监察大队",
            ),
        ),
        (
            F::Certificate,
            Column::required(
                "执法证编号",
                &["执法证号", "行政执法证号", "执法证件号", "证件编号", "证号"],
                "单元格设为文本格式",
            ),
        ),
        (
            F::IssuedBy,
            Column::new("发证机关", &["发证单位", "颁发机关"], "例如 某某省人民政府"),
        ),
        (
            F::ValidUntil,
            Column::new(
                "执法证有效期",
                &["执法证有效期至", "有效期至", "有效期限", "有效期", "证件有效期"],
                "例如 2029-10-15",
            ),
        ),
        (
            F::Telephone,
            Column::new(
                "手机号",
                &["联系电话", "手机", "电话", "联系方式"],
                "单元格设为文本格式",
            ),
        ),
        (
            F::Fields,
            Column::new(
                "执法领域",
                &["领域", "专业领域", "执法类别", "执法事项范围"],
                "用顿号分开，例如 水、大气",
            ),
        ),
        (
            F::Post,
            Column::choice(
                "状态",
                &["人员状态", "执法人员状态", "在岗状态", "在岗情况"],
                "不填为 在岗",
                PostStatus::proper_words,
            ),
        ),
    ];
    const DATES: &'static [InspectorField] = &[F::ValidUntil];

    fn read(row: &mut RowReader<'_, Self>) -> Option<Inspector> {
        let name = row.name(F::Name);
        let number = row.code(F::Certificate, clean_certificate, CertificateNumber::parse);
        if number.is_none() && !row.is_refused_at(F::Certificate) {
            let reason =
                "没有填写执法证编号；没有执法资格证的人员不能列入名录库，请补全或删除本行".to_owned();
            row.refuse(F::Certificate, reason, None);
        }
        let valid_until = row.until(F::ValidUntil);
        if valid_until == Until::Unknown && !row.is_refused_at(F::ValidUntil) && row.has_column(F::ValidUntil)
        {
            row.note(
                F::ValidUntil,
                "没有填写执法证有效期，补全之前不能参加抽取".to_owned(),
                None,
            );
        }
        let issued_by = row.text(F::IssuedBy);
        let inspector = Inspector {
            sex: row.term(F::Sex),
            unit: row.text(F::Unit),
            telephone: row.text(F::Telephone),
            fields: read_fields(row),
            post: row.term(F::Post).unwrap_or(PostStatus::InPost),
            name: name?,
            certificate: Certificate {
                number: number?,
                issued_by,
                valid_until,
            },
        };
        (!row.is_refused()).then_some(inspector)
    }

    fn settle(mut rows: Vec<Pending<'_, Self>>) -> Vec<Settled<'_, Self>> {
        let mut by_number: HashMap<CertificateNumber, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            by_number
                .entry(row.draft.certificate.number.clone())
                .or_default()
                .push(at);
        }
        for same in by_number.into_values().filter(|same| same.len() > 1) {
            refuse_repeated(&mut rows, &same);
        }
        let settled = |Pending { reader, draft }| {
            let outcome = if reader.is_refused() {
                Outcome::Refused
            } else {
                Outcome::Accepted(reader.accept(draft))
            };
            Settled { reader, outcome }
        };
        rows.into_iter().map(settled).collect()
    }

    fn write(inspector: &Inspector) -> Vec<Vec<String>> {
        let text = |text: &Option<Text>| text.as_ref().map(Text::to_string).unwrap_or_default();
        let fields: Vec<&str> = inspector.fields.iter().map(Text::as_str).collect();
        vec![vec![
            inspector.name.to_string(),
            inspector.sex.map(Term::word).unwrap_or_default().to_owned(),
            text(&inspector.unit),
            inspector.certificate.number.to_string(),
            text(&inspector.certificate.issued_by),
            until_text(inspector.certificate.valid_until),
            text(&inspector.telephone),
            fields.join("、"),
            inspector.post.word().to_owned(),
        ]]
    }
}

/// Certificate numbers may hold Chinese characters; only what [`clean_code`] mends in any code is mended.
fn clean_certificate(raw: &str) -> Cleaned {
    clean_code(raw)
}

/// 水、大气 into its parts, each once.
fn read_fields(row: &mut RowReader<'_, Inspectors>) -> Vec<Text> {
    let Some(text) = row.text(F::Fields) else {
        return Vec::new();
    };
    let parts = text.as_str().split(['、', ',', '，', ';', '；', '/', '|', ' ']);
    let mut fields = Vec::new();
    for field in parts.filter_map(|part| Text::parse(&clean_text(part).text).ok()) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// Of equal rows the first is taken; of different people under one number nobody is.
fn refuse_repeated(rows: &mut [Pending<'_, Inspectors>], same: &[usize]) {
    let row = |at: usize| rows.get(at).map(|row| (row.reader.number(), row.draft.clone()));
    let Some((number, first)) = same.first().and_then(|&at| row(at)) else {
        return;
    };
    let other = same
        .iter()
        .filter_map(|&at| row(at))
        .find(|(_, other)| *other != first);
    for (place, &at) in same.iter().enumerate() {
        let Some(row) = rows.get_mut(at) else { continue };
        let stranger = match &other {
            Some((other_number, other)) if row.draft == first => Some((other_number, &other.name)),
            Some(_) => Some((&number, &first.name)),
            None if place == 0 => continue,
            None => None,
        };
        let reason = match stranger {
            Some((number, name)) => {
                format!("执法证编号与第{number}行“{name}”重复，一个编号只能属于一人；请对照执法证核对")
            }
            None => format!("与第{number}行完全相同，请删除其中一行"),
        };
        row.reader.refuse(F::Certificate, reason, None);
    }
}
