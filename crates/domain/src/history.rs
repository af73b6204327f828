//! 检查历史: past inspections, which yearly caps, recency and the rotation of inspectors look at.
//! Never says how an inspection ended, only that it was, on whom and by whom.

use jiff::civil::Date;

use crate::identifiers::{CertificateNumber, DrawNumber, TargetId};

/// An inspection that took place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PastInspection {
    /// 检查日期
    pub on: Date,
    /// 检查对象: the site inspected.
    pub target: TargetId,
    /// 执法证编号 of those who went, in the order of the register.
    pub inspectors: Vec<CertificateNumber>,
    /// 抽查编号 of the draw that it came from; none if it came from no draw.
    pub draw: Option<DrawNumber>,
}
