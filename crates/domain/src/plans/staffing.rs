//! Who of the register of inspectors can be drawn, in which teams, up to how many tasks (R4.1, R5.1d).
//! Never lets in whose certificate does not hold on every day of the window.

use std::num::NonZeroU32;

use draw::table::{Staff, TeamBits};

use super::index::Index;
use super::numbers::Name;
use super::plan::{ImplementationPlan, Window};
use crate::dates::Until;
use crate::identifiers::CertificateNumber;
use crate::inspectors::{Inspector, PostStatus};
use crate::terms::Term;
use crate::text::Text;
use jiff::civil::Date;

/// Why an inspector cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Out {
    /// On leave, seconded, retired and so on (R4.2).
    #[error("状态为{}，不在岗", post.word())]
    NotInPost {
        /// The status.
        post: PostStatus,
    },
    /// The certificate ends before the window does (R4.1).
    #[error("执法证有效期至 {until}，不能覆盖整个实施时间")]
    CertificateEnds {
        /// Its last day.
        until: Date,
    },
    /// Nobody knows whether the certificate is valid (R4.1).
    #[error("没有登记执法证有效期")]
    CertificateWithoutTerm,
    /// In no team that has a slot.
    #[error("不属于任何有岗位的班组")]
    NoTeam,
    /// Fit, but nowhere: field, unit, recusal or rotation.
    #[error("执法领域、单位、回避或轮换使其没有可去的检查对象")]
    NoTarget,
}

/// An inspector who is not in the draw, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfDraw {
    /// The pseudonym that nobody uses then.
    pub pseudonym: String,
    /// 姓名
    pub name: Text,
    /// 所在单位
    pub unit: Option<Text>,
    /// 执法证编号
    pub certificate: CertificateNumber,
    /// All reasons, in the order of [`Out`].
    pub reasons: Vec<Out>,
}

/// The whole register, by place: who is fit, for which teams and how many tasks.
pub(super) struct Staffing {
    pub(super) members: Vec<Member>,
    /// Teams of all members, in the form that the draw asks for.
    pub(super) bits: Staff<'static>,
}

/// An inspector of the register.
pub(super) struct Member {
    /// Teams that have a slot, as bits.
    pub(super) teams: TeamBits,
    pub(super) cap: NonZeroU32,
    /// Empty for those who are fit.
    pub(super) out: Vec<Out>,
}

impl Staffing {
    pub(super) fn new(plan: &ImplementationPlan, index: &Index<'_>) -> Self {
        let members: Vec<Member> = index.people().iter().map(|person| member(plan, person)).collect();
        let teams = members.iter().map(|member| member.teams).collect();
        Self {
            members,
            bits: Staff {
                names: Vec::new(),
                teams,
                caps: Vec::new(),
            },
        }
    }

    /// Everybody who is fit, by place.
    pub(super) fn fit(&self) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.members)
            .filter(|(_, member)| member.out.is_empty())
            .map(|(place, _)| place)
    }

    pub(super) fn member(&self, place: u32) -> &Member {
        &self.members[place as usize]
    }

    /// `staff.tsv`.
    pub(super) fn to_text(&self, plan: &ImplementationPlan, index: &Index<'_>) -> String {
        let teams = plan.slots.different();
        let mut text = String::new();
        for place in self.fit() {
            let Member { teams: bits, cap, .. } = self.member(place);
            let of: Vec<&str> = (0..)
                .zip(&teams)
                .filter(|(t, _)| bits & (1 << t) != 0)
                .map(|(_, t)| t.as_str())
                .collect();
            text.push_str(&format!("{}\t{}\t{cap}\n", index.pseudonym(place), of.join(",")));
        }
        text
    }

    /// Who is not in the draw.
    pub(super) fn out(&self, index: &Index<'_>) -> Vec<OutOfDraw> {
        let people = (0..).zip(index.people()).zip(&self.members);
        let out = people.filter(|(_, member)| !member.out.is_empty());
        out.map(|((place, person), member)| OutOfDraw {
            pseudonym: index.pseudonym(place),
            name: person.name.clone(),
            unit: person.unit.clone(),
            certificate: person.certificate.number.clone(),
            reasons: member.out.clone(),
        })
        .collect()
    }
}

fn member(plan: &ImplementationPlan, person: &Inspector) -> Member {
    let slots = plan.slots.different();
    let in_team = |name: &Name| {
        plan.teams
            .iter()
            .position(|team| team.name == *name && team.filter.matches(person))
    };
    let found: Vec<Option<usize>> = slots.into_iter().map(in_team).collect();
    let teams = (0..)
        .zip(&found)
        .filter(|(_, team)| team.is_some())
        .fold(0, |bits, (t, _)| bits | 1 << t);
    let cap = plan.cap_of(&person.certificate.number, found.into_iter().flatten());
    let reasons = [
        not_in_post(person),
        certificate_fails(person, plan.window),
        (teams == 0).then_some(Out::NoTeam),
    ];
    Member {
        teams,
        cap,
        out: reasons.into_iter().flatten().collect(),
    }
}

fn not_in_post(person: &Inspector) -> Option<Out> {
    (person.post != PostStatus::InPost).then_some(Out::NotInPost { post: person.post })
}

/// A term has no gaps, so that it covers the window when it reaches the last day.
fn certificate_fails(person: &Inspector, window: Window) -> Option<Out> {
    let until = person.certificate.valid_until;
    if until.reaches(window.until()) {
        return None;
    }
    Some(match until {
        Until::Date(until) => Out::CertificateEnds { until },
        Until::LongTerm | Until::Unknown => Out::CertificateWithoutTerm,
    })
}
