//! Why nothing was done, as sentences for whoever asked.
//! Never tells what the person may not know, and never shows SQL.

use domain::rights::Permission;
use store::StoreError;

/// Nothing has happened, and why.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nobody is signed in, or the session is over.
    #[error("你还没有登录，或者登录已经过期；请登录后再试")]
    SignedOut,
    /// The roles of the account do not allow it.
    #[error("你的账号没有“{}”的权限；工作需要时，请联系本单位的安全管理员", .0.title())]
    Forbidden(Permission),
    /// It is not there, or not for this person to see.
    #[error("没有找到{0}；可能编号有误，或者不属于本单位。请回到列表重新查找")]
    Missing(String),
    /// What was typed, field by field.
    #[error("有{}处需要改正，请看各栏旁边的说明", .0.len())]
    Fields(Vec<FieldError>),
    /// A rule of the regulation or of the house.
    #[error("{0}")]
    Rule(String),
    /// Somebody else changed it since it was shown.
    #[error("刚刚有其他人改动了同一内容，你的改动没有保存；请刷新页面，核对新的内容后再改")]
    Overtaken,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in the form.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl FieldError {
    /// An error of a field.
    #[must_use]
    pub fn new(field: &str, text: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            text: text.into(),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Overtaken,
            error @ (StoreError::Exists(_)
            | StoreError::Refused(_)
            | StoreError::Full
            | StoreError::Lost(_)
            | StoreError::Newer { .. }
            | StoreError::RolledBack { .. }
            | StoreError::Address(_)
            | StoreError::Damaged(_)
            | StoreError::Other(_)) => Self::Store(error),
        }
    }
}

impl Refusal {
    /// A rule, in a sentence.
    pub(crate) fn rule(sentence: impl std::fmt::Display) -> Self {
        Self::Rule(sentence.to_string())
    }

    /// One field alone.
    pub(crate) fn field(field: &str, sentence: impl std::fmt::Display) -> Self {
        Self::Fields(vec![FieldError::new(field, sentence.to_string())])
    }
}
