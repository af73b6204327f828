//! The states of a version of an inspection item (R1).
//! Never lets an unpublished item pass for a published one. Who did it, when and on what ground is kept with each act.

use super::Refusal;
use crate::terms::Term;

/// State of one version of an item: only what is published can be planned (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemState {
    /// 草稿
    Draft,
    /// 已公布
    Published,
    /// 已停用: the item is no longer inspected, or a later version took this one's place.
    Retired,
    /// 已作废: a draft that was given up.
    Discarded,
}

impl Term for ItemState {
    const TITLE: &'static str = "状态";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Draft, &["草稿"]),
        (Self::Published, &["已公布"]),
        (Self::Retired, &["已停用"]),
        (Self::Discarded, &["已作废"]),
    ];
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
    /// 作废
    Discard,
}

impl Term for ItemAct {
    const TITLE: &'static str = "办理";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Amend, &["修改"]),
        (Self::Publish, &["公布"]),
        (Self::Retire, &["停用"]),
        (Self::Discard, &["作废"]),
    ];
}

impl ItemState {
    /// A new item, or a new version.
    #[must_use]
    pub const fn drafted() -> Self {
        Self::Draft
    }

    /// 修改: a draft is changed in place, and one that was given up is taken up again; of what is published a new version
    /// begins, whose state this is, and the published one stays in force until the new one is published.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn amend(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Published | Self::Discarded => Ok(Self::Draft),
            Self::Retired => Err(self.refusal(ItemAct::Amend)),
        }
    }

    /// 公布
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn publish(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft => Ok(Self::Published),
            Self::Published | Self::Retired | Self::Discarded => Err(self.refusal(ItemAct::Publish)),
        }
    }

    /// 停用
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn retire(self) -> Result<Self, Refusal> {
        match self {
            Self::Published => Ok(Self::Retired),
            Self::Draft | Self::Retired | Self::Discarded => Err(self.refusal(ItemAct::Retire)),
        }
    }

    /// 作废
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn discard(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft => Ok(Self::Discarded),
            Self::Published | Self::Retired | Self::Discarded => Err(self.refusal(ItemAct::Discard)),
        }
    }

    /// Whether a plan may name it (R1).
    #[must_use]
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Published)
    }

    /// A stable name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
            Self::Discarded => "discarded",
        }
    }

    fn refusal(self, act: ItemAct) -> Refusal {
        let (why, advice) = match self {
            Self::Draft => (
                "这个抽查事项还是草稿，没有公布",
                "可以修改或公布；不需要的，请作废草稿",
            ),
            Self::Published => (
                "这个抽查事项已经公布",
                "要改变内容，请修改为新版本；不再检查的，请停用",
            ),
            Self::Retired => (
                "这个抽查事项已经停用，只供查阅",
                "仍要检查的，请新建抽查事项并公布",
            ),
            Self::Discarded => (
                "这个抽查事项的草稿已经作废",
                "仍要检查的，请先修改，修改后又是草稿",
            ),
        };
        Refusal::NotNow {
            act: act.word(),
            why,
            advice,
        }
    }
}
