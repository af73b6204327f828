//! The states of a version of an inspection item (R1).
//! Never lets an unpublished item pass for a published one.

use super::Refusal;
use crate::accounts::LoginName;
use crate::terms::Term;
use crate::text::Text;

/// State of one version of an item: only what is published can be planned (R1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// 草稿
    Draft {
        /// Who wrote it last.
        by: LoginName,
    },
    /// 已公布
    Published {
        /// Who published it.
        by: LoginName,
    },
    /// 已停用: the item is no longer inspected, or a later version took this one's place.
    Retired {
        /// Who retired it.
        by: LoginName,
        /// 停用理由
        ground: Text,
    },
}

/// What can be done to a version of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemAct {
    /// 修改
    Amend,
    /// 公布
    Publish,
    /// 停用
    Retire,
}

impl Term for ItemAct {
    const TITLE: &'static str = "办理";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Amend, &["修改"]),
        (Self::Publish, &["公布"]),
        (Self::Retire, &["停用"]),
    ];
}

impl ItemState {
    /// A new item, or a new version, written by somebody.
    #[must_use]
    pub fn drafted(by: &LoginName) -> Self {
        Self::Draft { by: by.clone() }
    }

    /// 修改: a draft is changed in place; of what is published a new version begins, whose state this is,
    /// and the published one stays in force until the new one is published.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn amend(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Draft { .. } | Self::Published { .. } => Ok(Self::drafted(by)),
            Self::Retired { .. } => Err(self.refusal(ItemAct::Amend)),
        }
    }

    /// 公布
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn publish(&self, by: &LoginName) -> Result<Self, Refusal> {
        match self {
            Self::Draft { .. } => Ok(Self::Published { by: by.clone() }),
            Self::Published { .. } | Self::Retired { .. } => Err(self.refusal(ItemAct::Publish)),
        }
    }

    /// 停用, with a ground.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn retire(&self, by: &LoginName, ground: Text) -> Result<Self, Refusal> {
        match self {
            Self::Published { .. } => Ok(Self::Retired {
                by: by.clone(),
                ground,
            }),
            Self::Draft { .. } | Self::Retired { .. } => Err(self.refusal(ItemAct::Retire)),
        }
    }

    /// Whether a plan may name it (R1).
    #[must_use]
    pub const fn is_published(&self) -> bool {
        matches!(self, Self::Published { .. })
    }

    /// The state on a screen.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "草稿",
            Self::Published { .. } => "已公布",
            Self::Retired { .. } => "已停用",
        }
    }

    /// A stable name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Published { .. } => "published",
            Self::Retired { .. } => "retired",
        }
    }

    fn refusal(&self, act: ItemAct) -> Refusal {
        let (why, advice) = match self {
            Self::Draft { .. } => (
                "这个抽查事项还是草稿，没有公布",
                "可以修改或公布；不需要的，不公布即可",
            ),
            Self::Published { .. } => (
                "这个抽查事项已经公布",
                "要改变内容，请修改为新版本；不再检查的，请停用",
            ),
            Self::Retired { .. } => (
                "这个抽查事项已经停用，只供查阅",
                "仍要检查的，请新建抽查事项并公布",
            ),
        };
        Refusal::NotNow {
            act: act.word(),
            why,
            advice,
        }
    }
}
