//! The states of a version of an annual plan or of an implementation plan (R5.1a, R5.1b).
//! Never forgets who wrote a version: neither a withdrawal nor a return makes an author somebody else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::accounts::LoginName;
use crate::terms::Term;
use crate::text::Text;

/// State of one version of a plan. A changed plan is a new version, which begins as a draft of its own.
/// As data it is an object with the [name](PlanState::name) as `state`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase", deny_unknown_fields)]
pub enum PlanState {
    /// 草稿
    Draft {
        /// Who drafted, changed or submitted this version so far.
        authors: BTreeSet<LoginName>,
    },
    /// 待批准
    Submitted {
        /// As of the draft, and who submitted it.
        authors: BTreeSet<LoginName>,
        /// Who submitted it last.
        by: LoginName,
    },
    /// 已退回
    Returned {
        /// As before.
        authors: BTreeSet<LoginName>,
        /// Who returned it.
        by: LoginName,
        /// 退回理由
        ground: Text,
    },
    /// 已批准
    Approved {
        /// As before; whoever approved is none of them.
        authors: BTreeSet<LoginName>,
        /// Who approved it.
        by: LoginName,
    },
    /// 已公布
    Published {
        /// Who approved it.
        approved_by: LoginName,
        /// Who published it.
        by: LoginName,
    },
    /// 已被替代, by a later version.
    Superseded {
        /// Who published the later version.
        by: LoginName,
    },
}

/// What can be done to a version of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlanAct {
    /// 修改
    Edit,
    /// 提交
    Submit,
    /// 撤回
    Withdraw,
    /// 退回
    Return,
    /// 批准
    Approve,
    /// 公布
    Publish,
    /// 替代
    Supersede,
}

impl Term for PlanAct {
    const TITLE: &'static str = "办理";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Edit, &["修改"]),
        (Self::Submit, &["提交"]),
        (Self::Withdraw, &["撤回"]),
        (Self::Return, &["退回"]),
        (Self::Approve, &["批准"]),
        (Self::Publish, &["公布"]),
        (Self::Supersede, &["替代"]),
    ];
}

impl PlanState {
    /// A new version, drafted by somebody.
    #[must_use]
    pub fn drafted(by: &LoginName) -> Self {
        Self::Draft {
            authors: BTreeSet::from([by.clone()]),
        }
    }

    /// 修改: what is submitted, approved or published stays as it is.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn edit(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Draft { authors } | Self::Returned { authors, .. } => Ok(Self::Draft {
                authors: with(authors, by),
            }),
            Self::Submitted { .. }
            | Self::Approved { .. }
            | Self::Published { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Edit)),
        }
    }

    /// 提交
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn submit(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Draft { authors } => Ok(Self::Submitted {
                authors: with(authors, by),
                by: by.clone(),
            }),
            Self::Submitted { .. }
            | Self::Returned { .. }
            | Self::Approved { .. }
            | Self::Published { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Submit)),
        }
    }

    /// 撤回: back to a draft, before anybody has decided.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn withdraw(&self) -> Result<Self, Refusal> {
        match self {
            Self::Submitted { authors, .. } => Ok(Self::Draft {
                authors: authors.clone(),
            }),
            Self::Draft { .. }
            | Self::Returned { .. }
            | Self::Approved { .. }
            | Self::Published { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Withdraw)),
        }
    }

    /// 退回, with a ground; an approved plan too, as long as it is not published.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn return_with(&self, by: &LoginName, ground: Text) -> Result<Self, Refusal> {
        match self {
            Self::Submitted { authors, .. } | Self::Approved { authors, .. } => Ok(Self::Returned {
                authors: authors.clone(),
                by: by.clone(),
                ground,
            }),
            Self::Draft { .. } | Self::Returned { .. } | Self::Published { .. } | Self::Superseded { .. } => {
                Err(self.refusal(PlanAct::Return))
            }
        }
    }

    /// 批准, by somebody who neither wrote nor submitted this version (R5.1a).
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn approve(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Submitted { authors, .. } if authors.contains(by) => {
                Err(Refusal::OwnWork { by: by.clone() })
            }
            Self::Submitted { authors, .. } => Ok(Self::Approved {
                authors: authors.clone(),
                by: by.clone(),
            }),
            Self::Draft { .. }
            | Self::Returned { .. }
            | Self::Approved { .. }
            | Self::Published { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Approve)),
        }
    }

    /// 公布
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn publish(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Approved { by: approved_by, .. } => Ok(Self::Published {
                approved_by: approved_by.clone(),
                by: by.clone(),
            }),
            Self::Draft { .. }
            | Self::Submitted { .. }
            | Self::Returned { .. }
            | Self::Published { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Publish)),
        }
    }

    /// 替代: what becomes of the published version when its successor is published.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn supersede(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Published { .. } => Ok(Self::Superseded { by: by.clone() }),
            Self::Draft { .. }
            | Self::Submitted { .. }
            | Self::Returned { .. }
            | Self::Approved { .. }
            | Self::Superseded { .. } => Err(self.refusal(PlanAct::Supersede)),
        }
    }

    /// The state on a screen.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "草稿",
            Self::Submitted { .. } => "待批准",
            Self::Returned { .. } => "已退回",
            Self::Approved { .. } => "已批准",
            Self::Published { .. } => "已公布",
            Self::Superseded { .. } => "已被替代",
        }
    }

    /// A stable name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Submitted { .. } => "submitted",
            Self::Returned { .. } => "returned",
            Self::Approved { .. } => "approved",
            Self::Published { .. } => "published",
            Self::Superseded { .. } => "superseded",
        }
    }

    fn refusal(&self, act: PlanAct) -> Refusal {
        let (why, advice) = match self {
            Self::Draft { .. } => ("这一版本还是草稿，没有提交", "请写完后提交，由他人批准"),
            Self::Submitted { .. } => (
                "这一版本已经提交，正在等待批准，内容不再变动",
                "请等待批准；要修改的，先撤回或退回",
            ),
            Self::Returned { .. } => ("这一版本已被退回", "请按退回理由修改，再重新提交"),
            Self::Approved { .. } => (
                "这一版本已经批准，内容不再变动",
                "可以公布；发现问题的，请退回修改",
            ),
            Self::Published { .. } => (
                "这一版本已经公布，公布后的内容不能改动",
                "要改变内容，请另拟新版本，经他人批准后公布",
            ),
            Self::Superseded { .. } => ("这一版本已被新版本替代，只供查阅", "请办理现行的版本"),
        };
        Refusal::NotNow {
            act: act.word(),
            why,
            advice,
        }
    }
}

fn with(authors: &BTreeSet<LoginName>, by: &LoginName) -> BTreeSet<LoginName> {
    authors.iter().chain([by]).cloned().collect()
}
