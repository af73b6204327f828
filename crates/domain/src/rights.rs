//! 角色和权限: who may do what, and for whom: one table, read by every door of the program.
//! Never lets one account combine two of the three administrators (三员), nor one of them with any other role.

use std::collections::BTreeSet;
use std::fmt;

use crate::terms::Term;

/// 角色: what an account is in its bureau.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 计划员, of the general office.
    Planner,
    /// 监察大队
    Brigade,
    /// 局领导
    Leader,
    /// 现场监督员
    Supervisor,
    /// 执法人员
    Inspector,
    /// 联合部门
    JointDepartment,
    /// 系统管理员
    SystemAdministrator,
    /// 安全管理员
    SecurityAdministrator,
    /// 审计管理员
    AuditAdministrator,
}

impl Role {
    /// 三员: operation, accounts and audit are in three hands (GB/T 22239-2019, 8.1.5).
    #[must_use]
    pub fn is_administrator(self) -> bool {
        match self {
            Self::SystemAdministrator | Self::SecurityAdministrator | Self::AuditAdministrator => true,
            Self::Planner
            | Self::Brigade
            | Self::Leader
            | Self::Supervisor
            | Self::Inspector
            | Self::JointDepartment => false,
        }
    }
}

impl Term for Role {
    const TITLE: &'static str = "角色";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Planner, &["计划员"]),
        (Self::Brigade, &["监察大队", "环境监察大队", "执法大队"]),
        (Self::Leader, &["局领导", "领导"]),
        (Self::Supervisor, &["现场监督员", "监督员"]),
        (Self::Inspector, &["执法人员", "执法检查人员"]),
        (Self::JointDepartment, &["联合部门"]),
        (Self::SystemAdministrator, &["系统管理员"]),
        (Self::SecurityAdministrator, &["安全管理员", "安全保密管理员"]),
        (Self::AuditAdministrator, &["审计管理员", "安全审计员"]),
    ];
}

/// The roles of one account: at least one, and an administrator has no other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Roles(BTreeSet<Role>);

/// Why roles cannot be given to one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RolesError {
    /// No role at all.
    #[error("没有选择角色，账号就没有任何权限；请至少选择一个角色")]
    Empty,
    /// An administrator with another role.
    #[error(
        "“{}”不能与“{}”由同一个账号兼任：系统管理员、安全管理员、审计管理员三员分设，彼此之间、与其他角色之间都不能兼任；请为他们分别设立账号",
        administrator.word(),
        other.word()
    )]
    Combined {
        /// One of the three.
        administrator: Role,
        /// What it was to be combined with.
        other: Role,
    },
}

impl Roles {
    /// Takes the roles of an account.
    ///
    /// # Errors
    /// [`RolesError`].
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self, RolesError> {
        let roles = BTreeSet::from_iter(roles);
        if roles.is_empty() {
            return Err(RolesError::Empty);
        }
        let administrator = roles.iter().copied().find(|role| role.is_administrator());
        let other = roles.iter().copied().find(|role| Some(*role) != administrator);
        match (administrator, other) {
            (Some(administrator), Some(other)) => Err(RolesError::Combined { administrator, other }),
            (None, _) | (Some(_), None) => Ok(Self(roles)),
        }
    }

    /// The roles, in the order of [`Role`].
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    /// Whether the account has that role.
    #[must_use]
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// How far the account may use a permission: as far as the role that reaches furthest; not at all if none has it.
    #[must_use]
    pub fn scope_of(&self, permission: Permission) -> Option<Scope> {
        let rule = TABLE.iter().find(|rule| rule.permission == permission)?;
        let any = |roles: &[Role]| roles.iter().any(|role| self.contains(*role));
        if any(rule.bureau) {
            return Some(Scope::Bureau);
        }
        any(rule.department).then_some(Scope::Department)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Term::word).collect();
        f.write_str(&words.join("、"))
    }
}

/// How far a permission reaches; never beyond the account's own bureau.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// 本部门: what belongs to the account's own department.
    Department,
    /// 本机关: all that belongs to the account's bureau.
    Bureau,
}

/// 权限: a thing that an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// 查阅名录库
    ReadRegisters,
    /// 变更污染源名录库 (R2.1, R3.3)
    ChangeSources,
    /// 变更执法检查人员名录库 (R4.2)
    ChangeInspectors,
    /// 导入名录库 (R3.1)
    ImportRegisters,
    /// 申报回避: an inspector, for himself or herself alone.
    DeclareRecusal,
    /// 查阅抽查事项
    ReadItems,
    /// 编辑抽查事项 (R1)
    EditItems,
    /// 公布抽查事项 (R1)
    PublishItems,
    /// 查阅计划和方案
    ReadPlans,
    /// 拟订计划和方案 (R5.1a, R5.1b)
    DraftPlans,
    /// 批准计划和方案: somebody else's (R5.1a).
    ApprovePlans,
    /// 公布计划和方案 (R5.1a)
    PublishPlans,
    /// 查阅账号
    ReadAccounts,
    /// 管理账号
    ManageAccounts,
    /// 管理机构和部门
    ManageOrganisation,
    /// 查阅审计记录
    ReadAudit,
    /// 查看本人待办 (R6)
    SeeOwnDuties,
}

impl Permission {
    /// The permission in a sentence or on a screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadRegisters => "查阅名录库",
            Self::ChangeSources => "变更污染源名录库",
            Self::ChangeInspectors => "变更执法检查人员名录库",
            Self::ImportRegisters => "导入名录库",
            Self::DeclareRecusal => "申报本人回避",
            Self::ReadItems => "查阅抽查事项",
            Self::EditItems => "编辑抽查事项",
            Self::PublishItems => "公布抽查事项",
            Self::ReadPlans => "查阅计划和方案",
            Self::DraftPlans => "拟订计划和方案",
            Self::ApprovePlans => "批准计划和方案",
            Self::PublishPlans => "公布计划和方案",
            Self::ReadAccounts => "查阅账号",
            Self::ManageAccounts => "管理账号",
            Self::ManageOrganisation => "管理机构和部门",
            Self::ReadAudit => "查阅审计记录",
            Self::SeeOwnDuties => "查看本人待办",
        }
    }
}

/// A row of [`TABLE`]: who has a permission, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The permission.
    pub permission: Permission,
    /// Who has it for the whole bureau.
    pub bureau: &'static [Role],
    /// Who has it for the own department only.
    pub department: &'static [Role],
}

/// Those who work with plans and items.
const BUSINESS: &[Role] = &[
    Role::Planner,
    Role::Brigade,
    Role::Leader,
    Role::Supervisor,
    Role::Inspector,
    Role::JointDepartment,
];
const EVERYBODY: &[Role] = &[
    Role::Planner,
    Role::Brigade,
    Role::Leader,
    Role::Supervisor,
    Role::Inspector,
    Role::JointDepartment,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];
const ADMINISTRATORS: &[Role] = &[
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];

/// All rights there are, one row a permission.
pub const TABLE: &[Rule] = &[
    Rule {
        permission: Permission::ReadRegisters,
        bureau: &[Role::Planner, Role::Brigade, Role::Leader, Role::Inspector],
        department: &[Role::JointDepartment],
    },
    of_bureau(Permission::ChangeSources, &[Role::Brigade]),
    Rule {
        permission: Permission::ChangeInspectors,
        bureau: &[Role::Brigade],
        department: &[Role::JointDepartment],
    },
    of_bureau(Permission::ImportRegisters, &[Role::Brigade]),
    of_bureau(Permission::DeclareRecusal, &[Role::Inspector]),
    of_bureau(Permission::ReadItems, BUSINESS),
    of_bureau(Permission::EditItems, &[Role::Planner]),
    of_bureau(Permission::PublishItems, &[Role::Planner]),
    of_bureau(Permission::ReadPlans, BUSINESS),
    of_bureau(Permission::DraftPlans, &[Role::Planner]),
    of_bureau(Permission::ApprovePlans, &[Role::Leader]),
    of_bureau(Permission::PublishPlans, &[Role::Planner]),
    of_bureau(Permission::ReadAccounts, ADMINISTRATORS),
    of_bureau(Permission::ManageAccounts, &[Role::SecurityAdministrator]),
    of_bureau(Permission::ManageOrganisation, &[Role::SystemAdministrator]),
    of_bureau(Permission::ReadAudit, &[Role::AuditAdministrator]),
    of_bureau(Permission::SeeOwnDuties, EVERYBODY),
];

const fn of_bureau(permission: Permission, bureau: &'static [Role]) -> Rule {
    Rule {
        permission,
        bureau,
        department: &[],
    }
}

#[cfg(test)]
mod tests;
