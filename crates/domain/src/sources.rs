//! 污染源名录库: the sources that may be inspected, one record a site, with what R3.1–R3.3 ask for.
//! Never holds a source of municipal level or above that is not a key discharger (R2.2).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::Validity;
use crate::identifiers::{
    CodeError, CreditCode, Fault, Identity, OrganisationCode, PermitCode, RegistrationNumber, SiteNumber,
    TargetId,
};
use crate::terms::Term;
use crate::text::Text;

/// 污染源: a site of an enterprise, as its register describes it. Each field is valid by itself;
/// what is not known is `None`, and [`Source::missing`] lists it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// 企业名称
    pub name: Text,
    /// The enterprise's code: 统一社会信用代码, or an older one that stands for it.
    pub identity: Identity,
    /// Which of the enterprise's sites this is; 1 for most.
    pub site: SiteNumber,
    /// 工商注册号, kept as an alias.
    pub registration_number: Option<RegistrationNumber>,
    /// 组织机构代码, kept as an alias.
    pub organisation_code: Option<OrganisationCode>,
    /// 许可证: all licences of the site that the register names.
    pub licences: Vec<Licence>,
    /// 法定代表人
    pub legal_representative: Option<Text>,
    /// 机构地址
    pub address: Option<Text>,
    /// 联系电话
    pub telephone: Option<Text>,
    /// 违法违规情况; none if the register says nothing or 无.
    pub violations: Option<Text>,
    /// 行业类别 and its code.
    pub industry: Industry,
    /// 控制级别 and 是否重点排污单位.
    pub supervision: Supervision,
    /// 管理方式; the guide's items divide sources by it (G1).
    pub administration: Option<Administration>,
    /// 自动监控基站数: automatic monitoring stations.
    pub monitoring_stations: Option<u16>,
    /// 信用等级
    pub credit_class: Option<CreditClass>,
    /// 状态
    pub status: Status,
}

impl Source {
    /// The id under which the site is drawn.
    #[must_use]
    pub fn id(&self) -> TargetId {
        TargetId::of(&self.identity, self.site)
    }

    /// The credit code, if the enterprise has one.
    #[must_use]
    pub fn credit_code(&self) -> Option<&CreditCode> {
        self.identity.credit_code()
    }

    /// Whether the source may leave the register (退出, R2.1).
    ///
    /// # Errors
    /// [`MustStay`] if R2.2 keeps it there: it is of municipal level or above, and still there to be inspected.
    pub fn may_leave(&self) -> Result<(), MustStay> {
        let level = self.supervision.level();
        if level.is_municipal_or_above() && self.status.is_present() {
            return Err(MustStay { level });
        }
        Ok(())
    }

    /// This source after a later file that names it: what the later one says holds, and no licence is lost. A site has
    /// several (R3.2), and files name them one by one: a later licence takes the place of the one that it renews.
    #[must_use]
    pub fn followed_by(&self, later: &Self) -> Self {
        let (mut licences, mut renewed) = (self.licences.clone(), BTreeSet::new());
        for licence in &later.licences {
            let own = renewed_by(&self.licences, licence).filter(|at| renewed.insert(*at));
            match own.and_then(|at| licences.get_mut(at)) {
                Some(own) => *own = own.renewed_as(licence),
                None => licences.push(licence.clone()),
            }
        }
        licences.sort_by(Licence::order);
        Self {
            licences,
            ..later.clone()
        }
    }

    /// Whether another says all that this one says, and of further licences at most more.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let without = |source: &Self| Self {
            licences: Vec::new(),
            ..source.clone()
        };
        self.licences
            .iter()
            .all(|licence| other.licences.contains(licence))
            && without(self) == without(other)
    }

    /// What R3.2 asks for and the register does not say, by its Chinese names.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let licence = self.licences.first();
        let fields = [
            ("统一社会信用代码", self.credit_code().is_none()),
            ("许可证名称", licence.is_none_or(|licence| licence.name.is_none())),
            (
                "许可证编号",
                licence.is_none_or(|licence| licence.number.is_none()),
            ),
            (
                "批设时间",
                licence.is_none_or(|licence| licence.approved_on.is_none()),
            ),
            (
                "有效期至",
                licence.is_none_or(|licence| licence.validity.until() == crate::dates::Until::Unknown),
            ),
            ("法定代表人", self.legal_representative.is_none()),
            ("机构地址", self.address.is_none()),
            ("联系电话", self.telephone.is_none()),
            ("行业类别", self.industry.name.is_none()),
        ];
        fields
            .iter()
            .filter(|(_, missing)| *missing)
            .map(|(title, _)| *title)
            .collect()
    }
}

/// 许可证: an approval that the source holds (R3.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Licence {
    /// 许可证名称
    pub name: Option<Text>,
    /// 许可证编号
    pub number: Option<LicenceNumber>,
    /// 批设时间: the day it was approved.
    pub approved_on: Option<Date>,
    /// 有效期
    pub validity: Validity,
}

/// Which of a site's licences a later one is: the same, else that of its number, else the only one of its name if one of
/// the two has no number.
fn renewed_by(own: &[Licence], later: &Licence) -> Option<usize> {
    let same = own.iter().position(|own| own == later);
    let numbered = own
        .iter()
        .position(|own| own.number.is_some() && own.number == later.number);
    let mut named = own
        .iter()
        .enumerate()
        .filter(|(_, own)| own.name.is_some() && own.name == later.name);
    let only = named.next().filter(|_| named.next().is_none());
    let unsure = only.filter(|(_, own)| own.number.is_none() || later.number.is_none());
    same.or(numbered).or(unsure.map(|(at, _)| at))
}

impl Licence {
    /// The order in which a source lists its licences.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let key = |licence: &Self| (licence.number.clone(), licence.name.clone(), licence.approved_on);
        key(self).cmp(&key(other))
    }

    /// This licence after a later word on it, which need not repeat what is known.
    fn renewed_as(&self, later: &Self) -> Self {
        Self {
            name: later.name.clone().or_else(|| self.name.clone()),
            number: later.number.clone().or_else(|| self.number.clone()),
            approved_on: later.approved_on.or(self.approved_on),
            validity: if later.validity == Validity::UNKNOWN {
                self.validity
            } else {
                later.validity
            },
        }
    }

    /// The number as text, empty if there is none.
    #[must_use]
    pub fn number_text(&self) -> &str {
        self.number.as_ref().map_or("", LicenceNumber::as_str)
    }
}

/// 许可证编号: a discharge permit's, which can be checked, or another licence's, which cannot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LicenceNumber {
    /// 固定污染源代码 (HJ 608).
    Permit(PermitCode),
    /// Any other number, as written.
    Other(Text),
}

impl LicenceNumber {
    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Permit(code) => code.as_str(),
            Self::Other(text) => text.as_str(),
        }
    }

    /// The permit code, if it is one.
    #[must_use]
    pub fn permit(&self) -> Option<&PermitCode> {
        match self {
            Self::Permit(code) => Some(code),
            Self::Other(_) => None,
        }
    }
}

/// 行业: name as the register writes it, and GB/T 4754 code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Industry {
    /// 行业类别
    pub name: Option<Text>,
    /// 行业代码
    pub code: Option<IndustryCode>,
}

/// 行业代码 (GB/T 4754-2017): two digits (division) to four (class); the section's letter before it is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndustryCode(String);

impl std::str::FromStr for IndustryCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl std::fmt::Display for IndustryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

crate::written::as_text!(IndustryCode);

impl IndustryCode {
    /// Takes two to four digits, with or without the section's letter (A–T). The table itself is not at hand,
    /// so a code that does not exist is not noticed.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits = text
            .strip_prefix(|c: char| ('A'..='T').contains(&c))
            .unwrap_or(text);
        if (2..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(digits.to_owned()));
        }
        let rule = "应为国民经济行业分类（GB/T 4754）的2至4位数字，例如 3021";
        Err(CodeError {
            code: "行业代码",
            fault: Fault::Form { rule },
            suggestion: None,
        })
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 控制级别, from the lowest; a source that no level of government has listed is `General`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ControlLevel {
    /// 一般
    General,
    /// 县控
    County,
    /// 市控
    Municipal,
    /// 省控
    Provincial,
    /// 国控
    National,
}

impl ControlLevel {
    /// 市控及以上: those that R2.2 makes key dischargers.
    #[must_use]
    pub fn is_municipal_or_above(self) -> bool {
        self >= Self::Municipal
    }
}

crate::written::as_word!(ControlLevel);

impl Term for ControlLevel {
    const TITLE: &'static str = "控制级别";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::National,
            &["国控", "国家级", "国家重点监控", "国控重点", "国控源"],
        ),
        (
            Self::Provincial,
            &["省控", "省级", "省重点监控", "省控重点", "省控源"],
        ),
        (
            Self::Municipal,
            &["市控", "市级", "市重点监控", "市控重点", "市控源"],
        ),
        (
            Self::County,
            &[
                "县控",
                "县级",
                "区控",
                "区县控",
                "县区控",
                "县（区）控",
                "县控重点",
                "县控源",
            ],
        ),
        (
            Self::General,
            &["一般", "一般污染源", "一般排污单位", "非控", "无"],
        ),
    ];
}

/// Control level and key discharger together, so that the one cannot contradict the other (R2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Claim", into = "Claim")]
pub struct Supervision {
    level: ControlLevel,
    key: bool,
}

/// [`Supervision`] as it is written down, which could contradict R2.2.
#[derive(Serialize, Deserialize)]
struct Claim {
    level: ControlLevel,
    key: bool,
}

impl TryFrom<Claim> for Supervision {
    type Error = NotKeyError;

    fn try_from(claim: Claim) -> Result<Self, NotKeyError> {
        Self::new(claim.level, Some(claim.key))
    }
}

impl From<Supervision> for Claim {
    fn from(supervision: Supervision) -> Self {
        let Supervision { level, key } = supervision;
        Self { level, key }
    }
}

/// R2.2 refused: a source of municipal level or above said not to be a key discharger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "控制级别为{}，却填写为非重点排污单位：《细则》规定“市控及以上重点企业必须作为重点排污企业纳入”，请改为“是”，或核对控制级别",
    level.word()
)]
pub struct NotKeyError {
    /// The level, municipal or above.
    pub level: ControlLevel,
}

/// R2.2 refused: a source of municipal level or above that is still there was to leave the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "控制级别为{}，不能退出：《细则》规定“市控及以上重点企业必须作为重点排污企业纳入名录库”。如果企业已经关闭、迁出、注销或吊销，请先变更它的状态；如果控制级别已经调整，请先变更控制级别",
    level.word()
)]
pub struct MustStay {
    /// The level, municipal or above.
    pub level: ControlLevel,
}

impl Supervision {
    /// Takes the level and what the register says about key discharger; where it says nothing,
    /// a source of municipal level or above is one, and others are not.
    ///
    /// # Errors
    /// [`NotKeyError`] if the register denies what R2.2 demands.
    pub fn new(level: ControlLevel, key: Option<bool>) -> Result<Self, NotKeyError> {
        let demanded = level.is_municipal_or_above();
        if demanded && key == Some(false) {
            return Err(NotKeyError { level });
        }
        Ok(Self {
            level,
            key: key.unwrap_or(demanded),
        })
    }

    /// 控制级别
    #[must_use]
    pub fn level(self) -> ControlLevel {
        self.level
    }

    /// 是否重点排污单位
    #[must_use]
    pub fn is_key(self) -> bool {
        self.key
    }
}

/// 管理方式: whether the bureau administers the source itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Administration {
    /// 直管
    Direct,
    /// 非直管
    Indirect,
}

crate::written::as_word!(Administration);

impl Term for Administration {
    const TITLE: &'static str = "管理方式";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Direct, &["直管", "直接管理", "直管企业"]),
        (
            Self::Indirect,
            &["非直管", "非直接管理", "非直管企业", "属地管理"],
        ),
    ];
}

/// 信用等级, with the words of the environmental credit rating of enterprises beside the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CreditClass {
    /// A, 环保诚信
    A,
    /// B, 环保良好
    B,
    /// C, 环保警示
    C,
    /// D, 环保不良
    D,
}

crate::written::as_word!(CreditClass);

impl Term for CreditClass {
    const TITLE: &'static str = "信用等级";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::A, &["A", "A级", "诚信", "环保诚信", "环保诚信企业"]),
        (Self::B, &["B", "B级", "良好", "环保良好", "环保良好企业"]),
        (Self::C, &["C", "C级", "警示", "环保警示", "环保警示企业"]),
        (Self::D, &["D", "D级", "不良", "环保不良", "环保不良企业"]),
    ];
}

/// 状态 of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// 正常
    InOperation,
    /// 停产: stopped for a time, still there to be inspected.
    Suspended,
    /// 关闭
    Closed,
    /// 迁出
    MovedAway,
    /// 注销
    Deregistered,
    /// 吊销
    Revoked,
}

impl Status {
    /// Whether there is still something to inspect.
    #[must_use]
    pub fn is_present(self) -> bool {
        match self {
            Self::InOperation | Self::Suspended => true,
            Self::Closed | Self::MovedAway | Self::Deregistered | Self::Revoked => false,
        }
    }
}

crate::written::as_word!(Status);

impl Term for Status {
    const TITLE: &'static str = "状态";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::InOperation,
            &[
                "正常",
                "在产",
                "在营",
                "生产",
                "运营",
                "正常生产",
                "正常运营",
                "存续",
                "开业",
                "在业",
            ],
        ),
        (
            Self::Suspended,
            &[
                "停产",
                "暂停",
                "停业",
                "临时停产",
                "季节性停产",
                "停产整治",
                "歇业",
            ],
        ),
        (
            Self::Closed,
            &["关闭", "关停", "关闭停产", "永久停产", "取缔", "已关闭"],
        ),
        (Self::MovedAway, &["迁出", "搬迁", "搬离", "已搬迁"]),
        (Self::Deregistered, &["注销", "已注销"]),
        (Self::Revoked, &["吊销", "被吊销", "撤销", "被撤销", "已吊销"]),
    ];
}

#[cfg(test)]
mod tests;
