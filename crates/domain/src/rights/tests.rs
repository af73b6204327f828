//! Who may do what.

use proptest::prelude::*;

use super::*;

fn roles(roles: &[Role]) -> Roles {
    Roles::new(roles.iter().copied()).unwrap()
}

fn all_roles() -> Vec<Role> {
    Role::WORDS.iter().map(|(role, _)| *role).collect()
}

/// The permission after one; the compiler asks for a place of each new one.
fn after(permission: Permission) -> Option<Permission> {
    Some(match permission {
        Permission::ReadRegisters => Permission::ChangeSources,
        Permission::ChangeSources => Permission::ChangeInspectors,
        Permission::ChangeInspectors => Permission::ImportRegisters,
        Permission::ImportRegisters => Permission::DeclareRecusal,
        Permission::DeclareRecusal => Permission::ReadItems,
        Permission::ReadItems => Permission::EditItems,
        Permission::EditItems => Permission::PublishItems,
        Permission::PublishItems => Permission::ReadPlans,
        Permission::ReadPlans => Permission::DraftPlans,
        Permission::DraftPlans => Permission::ApprovePlans,
        Permission::ApprovePlans => Permission::PublishPlans,
        Permission::PublishPlans => Permission::ReadAccounts,
        Permission::ReadAccounts => Permission::ManageAccounts,
        Permission::ManageAccounts => Permission::ManageOrganisation,
        Permission::ManageOrganisation => Permission::ReadAudit,
        Permission::ReadAudit => Permission::SeeOwnDuties,
        Permission::SeeOwnDuties => return None,
    })
}

#[test]
fn every_permission_has_exactly_one_row() {
    let all = std::iter::successors(Some(Permission::ReadRegisters), |permission| after(*permission));
    let rows = TABLE.iter().map(|rule| rule.permission);
    assert_eq!(rows.collect::<Vec<_>>(), all.collect::<Vec<_>>());
}

#[test]
fn every_permission_is_of_somebody_and_no_role_has_it_twice() {
    for rule in TABLE {
        let all: Vec<Role> = rule.bureau.iter().chain(rule.department).copied().collect();
        let different: BTreeSet<Role> = all.iter().copied().collect();
        assert!(!all.is_empty() && all.len() == different.len(), "{rule:?}");
    }
}

#[test]
fn a_change_of_rights_shows() {
    let words = |roles: &[Role]| {
        roles
            .iter()
            .map(|role| role.word())
            .collect::<Vec<_>>()
            .join("、")
    };
    let row = |rule: &Rule| {
        let department = match words(rule.department) {
            words if words.is_empty() => words,
            words => format!("；本部门：{words}"),
        };
        format!("{}：{}{department}", rule.permission.title(), words(rule.bureau))
    };
    let table: Vec<String> = TABLE.iter().map(row).collect();
    insta::assert_snapshot!(table.join("\n"), @r"
    查阅名录库：计划员、监察大队、局领导、执法人员；本部门：联合部门
    变更污染源名录库：监察大队
    变更执法检查人员名录库：监察大队；本部门：联合部门
    导入名录库：监察大队
    申报本人回避：执法人员
    查阅抽查事项：计划员、监察大队、局领导、现场监督员、执法人员、联合部门
    编辑抽查事项：计划员
    公布抽查事项：计划员
    查阅计划和方案：计划员、监察大队、局领导、现场监督员、执法人员、联合部门
    拟订计划和方案：计划员
    批准计划和方案：局领导
    公布计划和方案：计划员
    查阅账号：系统管理员、安全管理员、审计管理员
    管理账号：安全管理员
    管理机构和部门：系统管理员
    查阅审计记录：审计管理员
    查看本人待办：计划员、监察大队、局领导、现场监督员、执法人员、联合部门、系统管理员、安全管理员、审计管理员
    ");
}

#[test]
fn no_account_combines_two_of_the_three_administrators() {
    let administrators: Vec<Role> = all_roles()
        .into_iter()
        .filter(|role| role.is_administrator())
        .collect();
    assert_eq!(administrators, ADMINISTRATORS);
    for administrator in administrators {
        assert!(Roles::new([administrator]).is_ok());
        for other in all_roles().into_iter().filter(|role| *role != administrator) {
            assert!(
                Roles::new([administrator, other]).is_err(),
                "{administrator:?} {other:?}"
            );
        }
    }
    let refused = Roles::new([Role::Planner, Role::AuditAdministrator]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "“审计管理员”不能与“计划员”由同一个账号兼任：系统管理员、安全管理员、审计管理员三员分设，彼此之间、与其他角色之间都不能兼任；请为他们分别设立账号"
    );
}

#[test]
fn an_account_has_a_role() {
    assert_eq!(Roles::new([]), Err(RolesError::Empty));
}

#[test]
fn nobody_who_administers_does_business() {
    for rule in TABLE
        .iter()
        .filter(|rule| rule.permission != Permission::SeeOwnDuties)
    {
        let all = || rule.bureau.iter().chain(rule.department);
        let administers = all().any(|role| role.is_administrator());
        assert_eq!(administers, all().all(|role| role.is_administrator()), "{rule:?}");
    }
}

#[test]
fn who_drafts_a_plan_does_not_approve_it_by_role() {
    let planner = roles(&[Role::Planner]);
    assert_eq!(planner.scope_of(Permission::DraftPlans), Some(Scope::Bureau));
    assert_eq!(planner.scope_of(Permission::ApprovePlans), None);
    let leader = roles(&[Role::Leader]);
    assert_eq!(leader.scope_of(Permission::ApprovePlans), Some(Scope::Bureau));
    assert_eq!(leader.scope_of(Permission::DraftPlans), None);
}

#[test]
fn a_joint_department_changes_its_own_inspectors_alone() {
    let joint = roles(&[Role::JointDepartment]);
    assert_eq!(
        joint.scope_of(Permission::ChangeInspectors),
        Some(Scope::Department)
    );
    assert_eq!(joint.scope_of(Permission::ChangeSources), None);
    assert_eq!(joint.scope_of(Permission::DraftPlans), None);
}

#[test]
fn of_several_roles_the_one_that_reaches_furthest_counts() {
    let both = roles(&[Role::JointDepartment, Role::Brigade]);
    assert_eq!(both.scope_of(Permission::ChangeInspectors), Some(Scope::Bureau));
    assert_eq!(both.to_string(), "监察大队、联合部门");
}

proptest! {
    #[test]
    fn another_role_never_takes_a_right_away(
        some in prop::sample::subsequence(BUSINESS.to_vec(), 1..=BUSINESS.len()),
        more in prop::sample::select(BUSINESS.to_vec()),
    ) {
        let (few, many) = (roles(&some), Roles::new(some.iter().copied().chain([more])).unwrap());
        for rule in TABLE {
            prop_assert!(few.scope_of(rule.permission) <= many.scope_of(rule.permission));
        }
    }
}
