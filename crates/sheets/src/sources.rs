//! 污染源名录库 as a register: its columns, and how a row becomes a [`Source`].
//! Never lets two different enterprises stand under one code.

use domain::sources::{IndustryCode, Licence, LicenceNumber};
use domain::terms::YesNo;
use domain::{
    Administration, ControlLevel, CreditClass, CreditCode, Identity, Industry, OrganisationCode, PermitCode,
    RegistrationNumber, SiteNumber, Source, Status, Supervision, Term, Text, Until, Validity, clean_code,
};

use crate::columns::Column;
use crate::finding::Filled;
use crate::grid::Kind;
use crate::register::{Pending, Register, Settled};
use crate::row::RowReader;

mod settle;

/// 污染源名录库.
#[derive(Debug, Clone, Copy)]
pub struct Sources;

/// A field of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each is")]
pub enum SourceField {
    Name,
    Code,
    RegistrationNumber,
    OrganisationCode,
    LicenceName,
    LicenceNumber,
    ApprovedOn,
    Validity,
    LegalRepresentative,
    Address,
    Telephone,
    Violations,
    Industry,
    IndustryCode,
    Level,
    Key,
    Administration,
    Stations,
    CreditClass,
    Status,
}
use SourceField as F;

/// A row of the register while it is compared with the others.
pub struct SourceDraft {
    source: Source,
    /// The enterprise that the row's permit is for, if it has one of HJ 608.
    permit_holder: Option<CreditCode>,
    filled: Filled,
    /// Cells of columns that the register does not know.
    extra: Vec<(String, String)>,
}

impl Register for Sources {
    const TITLE: &'static str = "污染源名录库";
    type Field = SourceField;
    type Record = Source;
    type Draft = SourceDraft;
    const COLUMNS: &'static [(SourceField, Column)] = &[
        (
            F::Name,
            Column::required(
                "企业名称",
                &["单位名称", "污染源名称", "排污单位名称", "排污者名称", "名称"],
                "营业执照上的全称",
            ),
        ),
        (
            F::Code,
            Column::required(
                "统一社会信用代码",
                &[
                    "社会信用代码/组织机构代码",
                    "统一社会信用代码/组织机构代码",
                    "社会信用代码",
                    "统一信用代码",
                    "信用代码",
                    "统一代码",
                ],
                "18位；单元格设为文本格式",
            ),
        ),
        (
            F::RegistrationNumber,
            Column::new(
                "工商注册号",
                &["营业执照注册号", "工商登记号", "注册号"],
                "没有信用代码的单位填15位注册号",
            ),
        ),
        (
            F::OrganisationCode,
            Column::new("组织机构代码", &["机构代码"], "没有信用代码的单位填9位代码"),
        ),
        (
            F::LicenceName,
            Column::new(
                "许可证名称",
                &["许可证类型", "证照名称", "许可名称"],
                "例如 排污许可证；有几个许可证就写几行",
            ),
        ),
        (
            F::LicenceNumber,
            Column::new(
                "许可证编号",
                &[
                    "排污许可证编号",
                    "排污许可证号",
                    "许可证号",
                    "证书编号",
                    "排污许可编号",
                    "许可编号",
                ],
                "排污许可证为22位；单元格设为文本格式",
            ),
        ),
        (
            F::ApprovedOn,
            Column::new(
                "批设时间",
                &[
                    "发证日期",
                    "批准日期",
                    "批准时间",
                    "审批时间",
                    "审批日期",
                    "发证时间",
                ],
                "例如 2019-03-07",
            ),
        ),
        (
            F::Validity,
            Column::new(
                "有效期至",
                &[
                    "有效期限",
                    "有效期",
                    "有效期截止",
                    "截止日期",
                    "到期日期",
                    "有效截止日期",
                ],
                "例如 2029-03-06；长期有效填 长期",
            ),
        ),
        (
            F::LegalRepresentative,
            Column::new(
                "法定代表人",
                &[
                    "法人代表",
                    "法人",
                    "负责人",
                    "法定代表人/负责人",
                    "法定代表人(负责人)",
                ],
                "姓名",
            ),
        ),
        (
            F::Address,
            Column::new(
                "机构地址",
                &[
                    "详细地址",
                    "企业地址",
                    "单位地址",
                    "生产经营场所地址",
                    "住所",
                    "地址",
                ],
                "写到门牌号",
            ),
        ),
        (
            F::Telephone,
            Column::new(
                "联系电话",
                &["联系方式", "电话", "手机号", "手机", "联系人电话"],
                "单元格设为文本格式",
            ),
        ),
        (
            F::Violations,
            Column::new(
                "违法违规情况",
                &["违法违规", "违法情况", "行政处罚情况", "处罚情况", "备注"],
                "没有则不填",
            ),
        ),
        (
            F::Industry,
            Column::new("行业类别", &["所属行业", "行业名称", "行业"], "例如 水泥制品"),
        ),
        (
            F::IndustryCode,
            Column::new(
                "行业代码",
                &["行业类别代码", "国民经济行业代码"],
                "GB/T 4754 的4位数字，例如 3021",
            ),
        ),
        (
            F::Level,
            Column::choice(
                "控制级别",
                &["监管级别", "污染源级别", "管控级别", "重点级别"],
                "没有列入的填 一般",
                ControlLevel::proper_words,
            ),
        ),
        (
            F::Key,
            Column::choice(
                "是否重点排污单位",
                &["重点排污单位", "是否重点", "是否重点单位"],
                "市控及以上必须填 是",
                YesNo::proper_words,
            ),
        ),
        (
            F::Administration,
            Column::choice(
                "管理方式",
                &["监管方式", "是否直管"],
                "直管或非直管",
                Administration::proper_words,
            ),
        ),
        (
            F::Stations,
            Column::new(
                "自动监控基站数",
                &["自动监控站点数", "自动监控数", "在线监控数", "自动监测站数"],
                "整数，没有填0",
            ),
        ),
        (
            F::CreditClass,
            Column::choice(
                "信用等级",
                &["环境信用等级", "环保信用等级", "信用评价等级"],
                "没有评价则不填",
                CreditClass::proper_words,
            ),
        ),
        (
            F::Status,
            Column::choice(
                "状态",
                &["企业状态", "生产状态", "运营状态", "经营状态"],
                "不填为 正常",
                Status::proper_words,
            ),
        ),
    ];
    const DATES: &'static [SourceField] = &[F::ApprovedOn, F::Validity];

    fn read(row: &mut RowReader<'_, Self>) -> Option<SourceDraft> {
        let name = row.name(F::Name);
        let licence = read_licence(row);
        let permit = licence
            .as_ref()
            .and_then(|licence| licence.number.as_ref())
            .and_then(LicenceNumber::permit)
            .cloned();
        let registration_number = read_registration_number(row);
        let organisation_code = row.code(F::OrganisationCode, clean_code, OrganisationCode::parse);
        let aliases = (registration_number.as_ref(), organisation_code.as_ref());
        let identity = read_identity(row, permit.as_ref(), aliases);
        let industry = Industry {
            name: row.text(F::Industry),
            code: read_industry_code(row),
        };
        let supervision = read_supervision(row);
        let source = Source {
            site: site_of(identity.as_ref(), permit.as_ref()),
            legal_representative: row.optional_name(F::LegalRepresentative),
            address: row.text(F::Address),
            telephone: row.text(F::Telephone),
            violations: row.text(F::Violations),
            administration: row.term(F::Administration),
            monitoring_stations: row.count(F::Stations),
            credit_class: row.term(F::CreditClass),
            status: row.term(F::Status).unwrap_or(Status::InOperation),
            name: name?,
            identity: identity?,
            supervision: supervision?,
            licences: licence.into_iter().collect(),
            registration_number,
            organisation_code,
            industry,
        };
        note_organisation(row, &source);
        let permit_holder = permit.and_then(|permit| permit.credit_code());
        (!row.is_refused()).then(|| SourceDraft {
            source,
            permit_holder,
            filled: row.fills(),
            extra: row.extra(),
        })
    }

    fn settle(rows: Vec<Pending<'_, Self>>) -> Vec<Settled<'_, Self>> {
        settle::settle(rows)
    }

    fn write(source: &Source) -> Vec<Vec<String>> {
        let without = Licence {
            name: None,
            number: None,
            approved_on: None,
            validity: Validity::UNKNOWN,
        };
        if source.licences.is_empty() {
            return vec![line(source, &without)];
        }
        source
            .licences
            .iter()
            .map(|licence| line(source, licence))
            .collect()
    }
}

/// The code that the enterprise is known by: the code column, else an alias.
fn read_identity(
    row: &mut RowReader<'_, Sources>,
    permit: Option<&PermitCode>,
    (number, organisation): (Option<&RegistrationNumber>, Option<&OrganisationCode>),
) -> Option<Identity> {
    let holder = permit.and_then(PermitCode::credit_code);
    let from_permit = |reason: String| match &holder {
        Some(code) => (
            format!("{reason}；本行许可证编号的前18位“{code}”是有效的代码，可能就是它"),
            Some(code.to_string()),
        ),
        None => (reason, None),
    };
    let Some(cell) = row.filled(F::Code) else {
        if row.is_refused_at(F::Code) {
            return None;
        }
        let alias = organisation
            .cloned()
            .map(Identity::Organisation)
            .or(number.cloned().map(Identity::Registration));
        match &alias {
            Some(alias) => row.note(
                F::Code,
                format!("没有统一社会信用代码，暂以“{alias}”识别该单位；请查明后补上"),
                None,
            ),
            None => {
                let (reason, suggestion) = from_permit("没有填写统一社会信用代码".to_owned());
                row.refuse(F::Code, format!("{reason}；请补全"), suggestion);
            }
        }
        return alias;
    };
    match row.try_code(F::Code, cell, clean_code, Identity::parse) {
        Ok(identity) => {
            if identity.credit_code().is_none() {
                row.note(
                    F::Code,
                    "填的不是统一社会信用代码，暂以此识别该单位；请查明后换成信用代码".to_owned(),
                    None,
                );
            }
            Some(identity)
        }
        Err(error) => {
            let own = error
                .suggestion
                .as_ref()
                .map(|suggestion| suggestion.code.clone());
            let (reason, suggestion) = from_permit(error.to_string());
            row.refuse(F::Code, reason, suggestion.or(own));
            None
        }
    }
}

/// The site that the permit names, if the permit is the enterprise's own.
fn site_of(identity: Option<&Identity>, permit: Option<&PermitCode>) -> SiteNumber {
    let own =
        permit.filter(|permit| permit.credit_code().as_ref() == identity.and_then(Identity::credit_code));
    own.and_then(PermitCode::site).unwrap_or(SiteNumber::FIRST)
}

fn read_registration_number(row: &mut RowReader<'_, Sources>) -> Option<RegistrationNumber> {
    let number = row.code(F::RegistrationNumber, clean_code, RegistrationNumber::parse)?;
    if !number.is_verified() {
        let reason = "2007年以前的13位注册号没有校验位，无法核对真伪，已原样保留".to_owned();
        row.note(F::RegistrationNumber, reason, None);
    }
    Some(number)
}

/// An organisation code that is not the one inside the credit code is worth a look.
fn note_organisation(row: &mut RowReader<'_, Sources>, source: &Source) {
    let inside = source.credit_code().and_then(CreditCode::organisation);
    if let (Some(inside), Some(own)) = (inside, &source.organisation_code)
        && inside != *own
    {
        let reason = format!("组织机构代码与信用代码第9至17位“{inside}”不同，请核对");
        row.note(F::OrganisationCode, reason, Some(inside.to_string()));
    }
}

fn read_licence(row: &mut RowReader<'_, Sources>) -> Option<Licence> {
    let name = row.text(F::LicenceName);
    let number = read_licence_number(row, name.as_ref());
    let approved_on = row.date(F::ApprovedOn);
    let validity = row.validity(F::Validity);
    if let (Some(approved), Until::Date(until)) = (approved_on, validity.until())
        && until < approved
    {
        row.refuse(
            F::Validity,
            format!("有效期截止{until}，早于批设时间{approved}，请核对后改正"),
            None,
        );
    }
    let licence = Licence {
        name,
        number,
        approved_on,
        validity,
    };
    let says_nothing = licence
        == Licence {
            name: None,
            number: None,
            approved_on: None,
            validity: Validity::UNKNOWN,
        };
    (!says_nothing).then_some(licence)
}

/// A number of a discharge permit is checked; another licence's is kept as it is.
fn read_licence_number(row: &mut RowReader<'_, Sources>, name: Option<&Text>) -> Option<LicenceNumber> {
    let cell = row.filled(F::LicenceNumber)?;
    let cleaned = PermitCode::clean(cell.text);
    let of_discharge = name.is_none_or(|name| name.as_str().contains("排污"));
    let is_code = cleaned.text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let rounded = domain::identifiers::is_rounded_number(&cleaned.text);
    let permit_like = of_discharge && is_code && (18..=24).contains(&cleaned.text.len());
    if permit_like || rounded {
        let permit = row.code(F::LicenceNumber, PermitCode::clean, PermitCode::parse)?;
        if permit.is_trial() {
            row.note(
                F::LicenceNumber,
                "2016年试行期的编号没有已知的校验办法，无法核对真伪，已原样保留".to_owned(),
                None,
            );
        }
        return Some(LicenceNumber::Permit(permit));
    }
    let number = row.text(F::LicenceNumber)?;
    if name.is_some_and(|name| name.as_str().contains("排污")) {
        let reason = "不是22位的全国统一编号（HJ 608），无法核对真伪，已原样保留".to_owned();
        row.note(F::LicenceNumber, reason, None);
    }
    Some(LicenceNumber::Other(number))
}

fn read_industry_code(row: &mut RowReader<'_, Sources>) -> Option<IndustryCode> {
    let cell = row.filled(F::IndustryCode)?;
    let code = row.code(F::IndustryCode, clean_code, IndustryCode::parse)?;
    // 0313 as a number is 313, which is another industry.
    if cell.kind == Kind::Number && code.as_str().len() == 3 {
        let reason = "行业代码是数字格式，可能丢了开头的0；请核对，并把单元格设为文本格式".to_owned();
        row.note(F::IndustryCode, reason, Some(format!("0{}", code.as_str())));
    }
    Some(code)
}

/// Control level and key discharger (R2.2).
fn read_supervision(row: &mut RowReader<'_, Sources>) -> Option<Supervision> {
    let level = row.term(F::Level).unwrap_or(ControlLevel::General);
    let key = row.term(F::Key).map(|word: YesNo| word == YesNo::Yes);
    if row.is_refused_at(F::Level) || row.is_refused_at(F::Key) {
        return None;
    }
    match Supervision::new(level, key) {
        Ok(supervision) => {
            if key.is_none() && supervision.is_key() && row.has_column(F::Key) {
                let reason = format!(
                    "{}的单位没有填写是否重点，已按《细则》设为重点排污单位",
                    level.word()
                );
                row.mend(F::Key, reason, YesNo::Yes.word().to_owned());
            }
            Some(supervision)
        }
        Err(error) => {
            row.refuse(F::Key, error.to_string(), Some(YesNo::Yes.word().to_owned()));
            None
        }
    }
}

fn line(source: &Source, licence: &Licence) -> Vec<String> {
    let text = |text: &Option<Text>| text.as_ref().map(Text::to_string).unwrap_or_default();
    let code = source
        .credit_code()
        .map(CreditCode::to_string)
        .unwrap_or_default();
    let registration = match &source.identity {
        Identity::Registration(number) => Some(number),
        Identity::Credit(_) | Identity::Organisation(_) => source.registration_number.as_ref(),
    };
    let organisation = match &source.identity {
        Identity::Organisation(code) => Some(code),
        Identity::Credit(_) | Identity::Registration(_) => source.organisation_code.as_ref(),
    };
    let key = if source.supervision.is_key() {
        YesNo::Yes
    } else {
        YesNo::No
    };
    vec![
        source.name.to_string(),
        code,
        registration
            .map(RegistrationNumber::to_string)
            .unwrap_or_default(),
        organisation.map(OrganisationCode::to_string).unwrap_or_default(),
        text(&licence.name),
        licence.number_text().to_owned(),
        licence
            .approved_on
            .map(|date| date.to_string())
            .unwrap_or_default(),
        validity_text(licence.validity),
        text(&source.legal_representative),
        text(&source.address),
        text(&source.telephone),
        text(&source.violations),
        text(&source.industry.name),
        source
            .industry
            .code
            .as_ref()
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        source.supervision.level().word().to_owned(),
        key.word().to_owned(),
        source
            .administration
            .map(Term::word)
            .unwrap_or_default()
            .to_owned(),
        source
            .monitoring_stations
            .map(|stations| stations.to_string())
            .unwrap_or_default(),
        source.credit_class.map(Term::word).unwrap_or_default().to_owned(),
        source.status.word().to_owned(),
    ]
}

/// A term as the register writes it.
pub(crate) fn validity_text(validity: Validity) -> String {
    let until = until_text(validity.until());
    match validity.from() {
        Some(from) if !until.is_empty() => format!("{from}至{until}"),
        Some(_) | None => until,
    }
}

/// The end of a term as the register writes it.
pub(crate) fn until_text(until: Until) -> String {
    match until {
        Until::Date(date) => date.to_string(),
        Until::LongTerm => "长期".to_owned(),
        Until::Unknown => String::new(),
    }
}

/// Compared by [`settle`]: whether two texts of a site's rows contradict each other.
fn joined<T: Clone + PartialEq>(one: &Option<T>, other: &Option<T>) -> Result<Option<T>, ()> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(()),
        (one, other) => Ok(one.clone().or_else(|| other.clone())),
    }
}
