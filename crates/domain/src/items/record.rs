//! An item as the catalogue keeps it: the version that counts, and beside a published one the draft of the next (R1).
//! Never holds two versions that are in force: there is place for one.

use jiff::civil::Date;

use super::InspectionItem;
use crate::workflow::{ItemState, Refusal};

/// 清单中的事项: one row of the catalogue. Each act gives the row that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// 版本: counts published texts from 1; that of a first draft is 1 too.
    pub edition: i64,
    /// State of that version.
    pub state: ItemState,
    /// What that version says.
    pub item: InspectionItem,
    /// 公布日期 of that version.
    pub published_on: Option<Date>,
    /// The next version, not published yet; only beside a published one.
    pub draft: Option<InspectionItem>,
}

impl ItemRecord {
    /// 起草: a new item.
    #[must_use]
    pub fn drafted(item: InspectionItem) -> Self {
        Self {
            edition: 1,
            state: ItemState::drafted(),
            item,
            published_on: None,
            draft: None,
        }
    }

    /// 修改: what is not published is written anew; what is published stays as it is, with the next version beside it.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn amended(&self, item: InspectionItem) -> Result<Self, Refusal> {
        let state = self.state.amend()?;
        Ok(match self.state {
            ItemState::Published => Self {
                draft: Some(item),
                ..self.clone()
            },
            ItemState::Draft | ItemState::Discarded | ItemState::Retired => Self {
                state,
                item,
                ..self.clone()
            },
        })
    }

    /// 公布: the draft is in force from today; what was in force until now is not any more.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn published(&self, today: Date) -> Result<Self, Refusal> {
        let state = self.newest_state().publish()?;
        Ok(Self {
            edition: self.newest_edition(),
            state,
            item: self.newest().clone(),
            published_on: Some(today),
            draft: None,
        })
    }

    /// 停用, together with a draft that waits beside it.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn retired(&self) -> Result<Self, Refusal> {
        let state = self.state.retire()?;
        Ok(Self {
            state,
            draft: None,
            ..self.clone()
        })
    }

    /// 作废: the draft is given up; a published version beside it stays in force.
    ///
    /// # Errors
    /// [`Refusal::NotNow`].
    pub fn discarded(&self) -> Result<Self, Refusal> {
        let state = self.newest_state().discard()?;
        let state = if self.draft.is_some() { self.state } else { state };
        Ok(Self {
            state,
            draft: None,
            ..self.clone()
        })
    }

    /// The version in force: what a plan may name.
    #[must_use]
    pub fn in_force(&self) -> Option<&InspectionItem> {
        self.state.is_published().then_some(&self.item)
    }

    /// What waits to be published.
    #[must_use]
    pub fn waiting(&self) -> Option<&InspectionItem> {
        match self.newest_state() {
            ItemState::Draft => Some(self.newest()),
            ItemState::Published | ItemState::Retired | ItemState::Discarded => None,
        }
    }

    /// What was written last: the draft if there is one.
    #[must_use]
    pub fn newest(&self) -> &InspectionItem {
        self.draft.as_ref().unwrap_or(&self.item)
    }

    /// The number of the version that was written last.
    #[must_use]
    pub fn newest_edition(&self) -> i64 {
        self.edition + i64::from(self.draft.is_some())
    }

    /// The state of the version that was written last.
    #[must_use]
    pub fn newest_state(&self) -> ItemState {
        if self.draft.is_some() {
            ItemState::drafted()
        } else {
            self.state
        }
    }
}
