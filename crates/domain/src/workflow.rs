//! 审批和公布: the states of a version of a plan or of an item, and the acts that lead from one to the next (R5.1a, R1).
//! Never lets a plan be published that nobody but its authors has approved, nor lets what is published be changed in place.

mod item;
mod plan;

pub use item::{ItemAct, ItemState};
pub use plan::{PlanAct, PlanState};

use crate::accounts::LoginName;

/// Why an act does not happen; nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it.
    #[error("不能{act}：{why}。{advice}")]
    NotNow {
        /// The act, in Chinese.
        act: &'static str,
        /// What the state is, as a sentence.
        why: &'static str,
        /// What can be done instead, as a sentence.
        advice: &'static str,
    },
    /// Whoever wrote or submitted a plan asked to approve it (R5.1a).
    #[error("不能批准：{by}拟订、修改或提交过这一版本，而计划和方案要由他人批准。请另一位有批准权限的人办理")]
    OwnWork {
        /// Who asked.
        by: LoginName,
    },
}

#[cfg(test)]
mod tests;
