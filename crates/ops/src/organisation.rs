//! 机构与部门: the 股室, 站, 大队 of the bureau, and the departments of joint inspections.
//! Never deletes one: it is closed, and what names it keeps its name.

use domain::Text;
use domain::rights::Permission;
use store::bureaus::Department;
use store::{At, StoreError, accounts, bureaus};

use crate::{Actor, Deed, Office, Refusal};

/// The kinds of departments.
pub const KINDS: [&str; 3] = ["股室", "直属单位", "联合部门"];

/// The departments, closed ones last. Everybody who is signed in may know them: forms offer them.
///
/// # Errors
/// [`Refusal`].
pub async fn departments(office: &Office, actor: &Actor) -> Result<Vec<Department>, Refusal> {
    Ok(bureaus::departments(&mut *office.db.read().await?, &actor.bureau).await?)
}

/// A department with what names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The department.
    pub department: Department,
    /// Open accounts of people in it.
    pub accounts: u64,
}

/// The departments with the number of accounts in each, for who manages them.
///
/// # Errors
/// [`Refusal`].
pub async fn list(office: &Office, actor: &Actor) -> Result<Vec<Listed>, Refusal> {
    actor.must(Permission::ManageOrganisation)?;
    let mut read = office.db.read().await?;
    let accounts = accounts::list(&mut read, &actor.bureau).await?;
    let departments = bureaus::departments(&mut read, &actor.bureau).await?;
    let listed = |department: Department| {
        let own = accounts
            .iter()
            .filter(|account| account.department == department.name && account.closed_at == At::default());
        Listed {
            accounts: own.count() as u64,
            department,
        }
    };
    Ok(departments.into_iter().map(listed).collect())
}

/// Adds a department.
///
/// # Errors
/// [`Refusal`].
pub async fn add(office: &Office, actor: &Actor, name: &str, kind: &str) -> Result<(), Refusal> {
    actor.must(Permission::ManageOrganisation)?;
    let name = Text::parse_name(name).map_err(|e| Refusal::field("name", format!("部门名称{e}")))?;
    if !KINDS.contains(&kind) {
        return Err(Refusal::field("kind", format!("请选择：{}", KINDS.join("、"))));
    }
    let mut tx = office.db.begin().await?;
    match bureaus::add_department(&mut tx, &actor.bureau, name.as_str(), kind, office.now()).await {
        Err(StoreError::Exists(_)) => {
            return Err(Refusal::field(
                "name",
                "已经有同名的部门（可能已停用）；请换一个名称，或重新启用它",
            ));
        }
        other => other?,
    }
    let deed = Deed::new("department.add", format!("department/{name}")).ground(kind);
    office.commit(tx, actor, deed).await
}

/// Closes a department, or opens it again.
///
/// # Errors
/// [`Refusal`].
pub async fn close(office: &Office, actor: &Actor, name: &str, closed: bool) -> Result<(), Refusal> {
    actor.must(Permission::ManageOrganisation)?;
    let mut tx = office.db.begin().await?;
    let departments = bureaus::departments(&mut tx, &actor.bureau).await?;
    let own = departments.iter().find(|own| own.name == name);
    let own = own.ok_or_else(|| Refusal::Missing(format!("部门“{name}”")))?;
    if closed == (own.closed_at != At::default()) {
        let state = if closed { "停用" } else { "启用" };
        return Err(Refusal::rule(format!("这个部门已经是{state}的，没有改动")));
    }
    let closed_at = if closed { office.now() } else { At::default() };
    bureaus::close_department(&mut tx, &actor.bureau, name, closed_at).await?;
    let act = if closed {
        "department.close"
    } else {
        "department.open"
    };
    office
        .commit(tx, actor, Deed::new(act, format!("department/{name}")))
        .await
}
