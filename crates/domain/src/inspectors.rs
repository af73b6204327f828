//! 执法检查人员名录库: who may be sent, with certificate and post (R4.1, R4.2).
//! Never lets a person into a draw whose certificate is missing or over, or who is not in post.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::Until;
use crate::identifiers::CertificateNumber;
use crate::terms::Term;
use crate::text::Text;

/// 执法检查人员, as the register describes them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Inspector {
    /// 姓名
    pub name: Text,
    /// 性别
    pub sex: Option<Sex>,
    /// 所在单位
    pub unit: Option<Text>,
    /// 执法证
    pub certificate: Certificate,
    /// 手机号
    pub telephone: Option<Text>,
    /// 执法领域, in the order of the register, each once.
    pub fields: Vec<Text>,
    /// 状态
    pub post: PostStatus,
}

impl Inspector {
    /// Whether the person may be sent on that day (R4.1, R4.2).
    ///
    /// # Errors
    /// [`Unfit`], which says why not.
    pub fn may_serve_on(&self, day: Date) -> Result<(), Unfit> {
        if self.post != PostStatus::InPost {
            return Err(Unfit::NotInPost { post: self.post });
        }
        match self.certificate.valid_until {
            Until::Date(until) if until < day => Err(Unfit::CertificateExpired { until }),
            Until::Unknown => Err(Unfit::CertificateWithoutTerm),
            Until::Date(_) | Until::LongTerm => Ok(()),
        }
    }
}

/// 行政执法证: number, issuing body, validity (R4.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Certificate {
    /// 执法证编号
    pub number: CertificateNumber,
    /// 发证机关
    pub issued_by: Option<Text>,
    /// 执法证有效期
    pub valid_until: Until,
}

/// Why a person stays out of a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// On leave, seconded, retired and so on (R4.2).
    #[error("状态为{}，不在岗，不能参加抽取", post.word())]
    NotInPost {
        /// The status.
        post: PostStatus,
    },
    /// The certificate is over (R4.1).
    #[error("执法证已于{until}到期，换证并更新名录库后才能参加抽取")]
    CertificateExpired {
        /// Its last day.
        until: Date,
    },
    /// Nobody knows whether the certificate is valid (R4.1).
    #[error("没有登记执法证有效期，补全后才能参加抽取")]
    CertificateWithoutTerm,
}

/// 性别
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

crate::written::as_word!(Sex);

impl Term for Sex {
    const TITLE: &'static str = "性别";
    const WORDS: &'static [(Self, &'static [&'static str])] =
        &[(Self::Male, &["男", "男性"]), (Self::Female, &["女", "女性"])];
}

/// 状态 of an inspector (R4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PostStatus {
    /// 在岗
    InPost,
    /// 休假
    OnLeave,
    /// 借调
    Seconded,
    /// 停职
    Suspended,
    /// 调离
    Transferred,
    /// 离职
    Resigned,
    /// 退休
    Retired,
}

crate::written::as_word!(PostStatus);

impl Term for PostStatus {
    const TITLE: &'static str = "人员状态";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::InPost, &["在岗", "在职", "正常", "在编在岗"]),
        (Self::OnLeave, &["休假", "请假", "病假", "产假", "事假", "离岗"]),
        (Self::Seconded, &["借调", "抽调", "借出", "挂职", "驻村"]),
        (Self::Suspended, &["停职", "暂停执法", "停岗"]),
        (Self::Transferred, &["调离", "调出", "调走", "转岗"]),
        (Self::Resigned, &["离职", "辞职", "辞退"]),
        (Self::Retired, &["退休", "离退休", "内退"]),
    ];
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn inspector(valid_until: Until, post: PostStatus) -> Inspector {
        let number = CertificateNumber::parse("9908001000").unwrap();
        Inspector {
            name: Text::parse("示例一").unwrap(),
            sex: None,
            unit: None,
            certificate: Certificate {
                number,
                issued_by: None,
                valid_until,
            },
            telephone: None,
            fields: Vec::new(),
            post,
        }
    }

    #[test]
    fn r4_1_a_certificate_that_is_over_or_without_term_keeps_a_person_out() {
        let until = date(2027, 2, 15);
        let valid = inspector(Until::Date(until), PostStatus::InPost);
        assert_eq!(valid.may_serve_on(until), Ok(()));
        assert_eq!(
            valid.may_serve_on(date(2027, 2, 16)),
            Err(Unfit::CertificateExpired { until })
        );
        let unknown = inspector(Until::Unknown, PostStatus::InPost);
        assert_eq!(unknown.may_serve_on(until), Err(Unfit::CertificateWithoutTerm));
        assert_eq!(
            inspector(Until::LongTerm, PostStatus::InPost).may_serve_on(until),
            Ok(())
        );
    }

    #[test]
    fn r4_2_who_is_not_in_post_is_not_sent() {
        for (post, _) in PostStatus::WORDS
            .iter()
            .filter(|(post, _)| *post != PostStatus::InPost)
        {
            let absent = inspector(Until::LongTerm, *post);
            assert_eq!(
                absent.may_serve_on(date(2027, 1, 4)),
                Err(Unfit::NotInPost { post: *post })
            );
        }
    }
}
