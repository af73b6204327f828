//! Who is asking: an account that is signed in, with its roles.
//! Never holds a password, and is made by signing in alone.

use domain::rights::{Permission, Roles, Scope};

use crate::Refusal;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Login name.
    pub login: String,
    /// 姓名
    pub person: String,
    /// Code of the bureau whose rows are this person's.
    pub bureau: String,
    /// 机关名称
    pub bureau_name: String,
    /// Department; may be empty for administrators.
    pub department: String,
    /// 执法证编号 of an inspector; else empty.
    pub certificate: String,
    /// 角色
    pub roles: Roles,
    /// Id of the session.
    pub session: String,
    /// Network address of this request.
    pub address: String,
}

impl Actor {
    /// Whether, and how far, the person may do that.
    #[must_use]
    pub fn may(&self, permission: Permission) -> Option<Scope> {
        self.roles.scope_of(permission)
    }

    /// As [`Actor::may`], for those who go no further without it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn must(&self, permission: Permission) -> Result<Scope, Refusal> {
        self.may(permission).ok_or(Refusal::Forbidden(permission))
    }
}
