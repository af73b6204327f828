//! The acts on plans of both kinds: drafting, submitting, approving, publishing, amending (R5.1a, R5.1b).
//! Never lets a plan be published that nobody but its authors approved, and never changes a published text: it is
//! amended as a new edition, and stays in force until that one is published.

use std::collections::BTreeMap;

use domain::plans::Name;
use domain::rights::Permission;
use domain::{LoginName, PlanState, Text};
use store::plans::{self, Filter, Kind, Plan};
use store::versions::{AsOf, Stamp, Version};
use store::{Conn, Page, PageRequest, StoreError, Tx, accounts};

use super::{annual, scheme};
use crate::sources::stated;
use crate::{Actor, Deed, FieldError, Office, Refusal};

/// Longest text of a plan, in bytes: some thousand lines.
const BODY_BYTES_MAX: usize = 512 * 1024;

/// An act on a plan that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// 修改
    Edit,
    /// 提交
    Submit,
    /// 撤回
    Withdraw,
    /// 退回
    SendBack,
    /// 批准
    Approve,
    /// 公布
    Publish,
    /// 修订: a new edition begins, as a draft.
    Amend,
}

impl Act {
    /// All of them, in the order in which a plan goes through them.
    pub const ALL: [Self; 7] = [
        Self::Edit,
        Self::Submit,
        Self::Withdraw,
        Self::Approve,
        Self::SendBack,
        Self::Publish,
        Self::Amend,
    ];

    /// The act on a button.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Edit => "修改",
            Self::Submit => "提交",
            Self::Withdraw => "撤回",
            Self::SendBack => "退回",
            Self::Approve => "批准",
            Self::Publish => "公布",
            Self::Amend => "修订",
        }
    }

    /// The act in the ledger and in versions: `plan.` and its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Edit => "plan.edit",
            Self::Submit => "plan.submit",
            Self::Withdraw => "plan.withdraw",
            Self::SendBack => "plan.send-back",
            Self::Approve => "plan.approve",
            Self::Publish => "plan.publish",
            Self::Amend => "plan.amend",
        }
    }

    /// Who may do it.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::Edit | Self::Submit | Self::Withdraw | Self::Amend => Permission::DraftPlans,
            Self::SendBack | Self::Approve => Permission::ApprovePlans,
            Self::Publish => Permission::PublishPlans,
        }
    }

    /// Whether it has to be grounded.
    #[must_use]
    pub const fn needs_ground(self) -> bool {
        match self {
            Self::SendBack | Self::Amend => true,
            Self::Edit | Self::Submit | Self::Withdraw | Self::Approve | Self::Publish => false,
        }
    }
}

const CREATE: &str = "plan.create";
const SUPERSEDE: &str = "plan.supersede";

/// A plan as it stands: its newest edition, and the one in force.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The edition underway, or else the one in force.
    pub newest: Version<Plan>,
    /// The edition in force; none before the first publication.
    pub in_force: Option<Version<Plan>>,
}

impl Standing {
    /// What this person may do with it now.
    #[must_use]
    pub fn acts(&self, actor: &Actor) -> Vec<Act> {
        let may = |act: &Act| self.may(actor, *act).is_ok();
        Act::ALL.into_iter().filter(may).collect()
    }

    /// Whether this person may do that with it now; whether it is whole is another question.
    ///
    /// # Errors
    /// [`Refusal`]: the right, the state, own work.
    pub fn may(&self, actor: &Actor, act: Act) -> Result<(), Refusal> {
        actor.must(act.permission())?;
        let any_ground = Text::parse(act.title()).ok();
        next(&self.newest.record.state, act, &login(actor)?, any_ground).map(|_| ())
    }
}

/// A plan as it stands.
///
/// # Errors
/// [`Refusal`].
pub async fn get(office: &Office, actor: &Actor, kind: Kind, number: &str) -> Result<Standing, Refusal> {
    actor.must(Permission::ReadPlans)?;
    standing(&mut *office.db.read().await?, actor, kind, number).await
}

async fn standing(conn: &mut Conn, actor: &Actor, kind: Kind, number: &str) -> Result<Standing, Refusal> {
    let underway = plans::underway(conn, &actor.bureau, number).await?;
    let in_force = plans::in_force(conn, &actor.bureau, number, AsOf::Now).await?;
    let newest = underway
        .or_else(|| in_force.clone())
        .filter(|plan| plan.record.kind == kind)
        .ok_or_else(|| Refusal::Missing(format!("{}“{number}”", kind.title())))?;
    Ok(Standing { newest, in_force })
}

/// All versions of a plan, the newest first.
///
/// # Errors
/// [`Refusal`].
pub async fn history(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    number: &str,
) -> Result<Vec<Version<Plan>>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let versions = plans::history(&mut *office.db.read().await?, &actor.bureau, number).await?;
    let own = versions.iter().all(|version| version.record.kind == kind) && !versions.is_empty();
    own.then_some(versions)
        .ok_or_else(|| Refusal::Missing(format!("{}“{number}”", kind.title())))
}

/// Names of the people of the bureau, by login name: who drafted and approved is read by people.
///
/// # Errors
/// [`Refusal`].
pub async fn people(office: &Office, actor: &Actor) -> Result<BTreeMap<String, String>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let accounts = accounts::list(&mut *office.db.read().await?, &actor.bureau).await?;
    Ok(accounts.into_iter().map(|own| (own.login, own.person)).collect())
}

/// A version of a plan, as it was.
///
/// # Errors
/// [`Refusal`].
pub async fn version(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    number: &str,
    version: i64,
) -> Result<Version<Plan>, Refusal> {
    let versions = history(office, actor, kind, number).await?;
    let found = versions.into_iter().find(|own| own.number == version);
    found.ok_or_else(|| Refusal::Missing(format!("{}“{number}”的这一版", kind.title())))
}

/// A page of plans, each by its newest edition.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Version<Plan>>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    Ok(plans::list(&mut *office.db.read().await?, &actor.bureau, filter, request).await?)
}

/// All plans of a kind in force, the newest year first.
///
/// # Errors
/// [`Refusal`].
pub async fn in_force(office: &Office, actor: &Actor, kind: Kind) -> Result<Vec<Version<Plan>>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    Ok(plans::all_in_force(&mut *office.db.read().await?, &actor.bureau, kind).await?)
}

/// A plan that is to be.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which kind.
    pub kind: Kind,
    /// 编号
    pub number: String,
    /// 年度
    pub year: i64,
    /// Number of the annual plan that it is under; else empty.
    pub under: String,
    /// Its text.
    pub text: PlanText,
}

/// What changes when a plan is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanText {
    /// 名称
    pub title: String,
    /// The plan itself, in TOML; it may still be incomplete.
    pub body: String,
}

impl PlanText {
    fn checked(&self) -> Result<Self, Refusal> {
        let title = Text::parse_name(&self.title)
            .map_err(|e| Refusal::field("title", format!("名称{e}；请写明机关、年度和内容")))?;
        if self.body.len() > BODY_BYTES_MAX {
            let kilobytes = BODY_BYTES_MAX / 1024;
            return Err(Refusal::rule(format!(
                "这份计划太长（超过{kilobytes} KB），没有保存；请精简文字或合并各行"
            )));
        }
        Ok(Self {
            title: title.to_string(),
            body: self.body.clone(),
        })
    }
}

/// Begins a plan, as a draft.
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], of `number` or `title`.
pub(crate) async fn create(office: &Office, actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
    actor.must(Permission::DraftPlans)?;
    let Draft { kind, year, .. } = *draft;
    let number = Name::parse(draft.number.trim()).ok_or_else(|| {
        let form = "编号应为1至40位字母、数字、点、下划线或连字符，例如 2027-Q1；请改正";
        Refusal::field("number", form)
    })?;
    let PlanText { title, body } = draft.text.checked()?;
    let plan = Plan {
        number: number.to_string(),
        kind,
        year,
        under: draft.under.clone(),
        edition: 1,
        state: PlanState::drafted(&login(actor)?),
        title,
        body,
    };
    let mut tx = office.db.begin().await?;
    let taken = || {
        let sentence = format!("本单位已经有编号为 {number} 的计划或方案；请打开它继续办理，或者换一个编号");
        Refusal::field("number", sentence)
    };
    if plans::exists(&mut tx, &actor.bureau, number.as_str()).await? {
        return Err(taken());
    }
    match plans::add(&mut tx, &actor.bureau, &plan, &stamp(office, actor, CREATE, "")).await {
        Err(StoreError::Exists(_)) => return Err(taken()),
        other => other?,
    }
    let deed = Deed::new(CREATE, subject(&plan)).changed(None, Some(&plan.body));
    office.commit(tx, actor, deed).await
}

/// Changes the text of a draft or of a plan that was sent back. `seen` is the version that the author saw.
///
/// # Errors
/// [`Refusal`].
pub(crate) async fn edit(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    number: &str,
    seen: i64,
    text: &PlanText,
) -> Result<(), Refusal> {
    actor.must(Act::Edit.permission())?;
    let PlanText { title, body } = text.checked()?;
    let mut tx = office.db.begin().await?;
    let holding = seen_of(&mut tx, actor, kind, number, seen).await?.newest;
    let state = next(&holding.record.state, Act::Edit, &login(actor)?, None)?;
    let plan = Plan {
        state,
        title,
        body,
        ..holding.record.clone()
    };
    let stamp = stamp(office, actor, Act::Edit.name(), "");
    replace(&mut tx, actor, &holding, &plan, &stamp).await?;
    office
        .commit(tx, actor, deed(Act::Edit, &holding.record, &plan, ""))
        .await
}

/// Does an act other than editing, on the version that the person saw. The ground is asked for where
/// [`Act::needs_ground`].
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], what keeps the plan from being whole, or the field `ground`.
pub async fn act(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    at: (&str, i64),
    act: Act,
    ground: &str,
) -> Result<(), Refusal> {
    match act {
        Act::Edit => Err(Refusal::rule("修改要在修改页面里办理；请打开“修改”")),
        Act::Submit | Act::Approve => {
            whole(office, actor, kind, at, act).await?;
            step(office, actor, kind, at, act, ground).await
        }
        Act::Withdraw | Act::SendBack => step(office, actor, kind, at, act, ground).await,
        Act::Publish => {
            whole(office, actor, kind, at, act).await?;
            publish(office, actor, kind, at).await
        }
        Act::Amend => amend(office, actor, kind, at, ground).await,
    }
}

/// 公布: it is in force from now on, and the edition before it is not any more.
async fn publish(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    (number, seen): (&str, i64),
) -> Result<(), Refusal> {
    actor.must(Act::Publish.permission())?;
    let by = login(actor)?;
    let mut tx = office.db.begin().await?;
    let Standing { newest, in_force } = seen_of(&mut tx, actor, kind, number, seen).await?;
    let plan = Plan {
        state: next(&newest.record.state, Act::Publish, &by, None)?,
        ..newest.record.clone()
    };
    if let Some(former) = &in_force {
        let superseded = Plan {
            state: former.record.state.supersede(&by).map_err(Refusal::rule)?,
            ..former.record.clone()
        };
        let ground = format!("第{}版公布", plan.edition);
        let stamp = stamp(office, actor, SUPERSEDE, &ground);
        replace(&mut tx, actor, former, &superseded, &stamp).await?;
    }
    let ground = format!("第{}版", plan.edition);
    let stamp = stamp(office, actor, Act::Publish.name(), &ground);
    replace(&mut tx, actor, &newest, &plan, &stamp).await?;
    let before = in_force.map(|former| former.record.body);
    let deed = Deed::new(Act::Publish.name(), subject(&plan))
        .ground(&ground)
        .changed(before.as_deref(), Some(&plan.body))
        .public();
    office.commit(tx, actor, deed).await
}

/// 修订: the published text stays in force; a new edition begins with what it says, as a draft.
async fn amend(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    (number, seen): (&str, i64),
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Act::Amend.permission())?;
    let ground = stated(ground)?;
    let by = login(actor)?;
    let mut tx = office.db.begin().await?;
    let published = seen_of(&mut tx, actor, kind, number, seen).await?.newest.record;
    let plan = Plan {
        edition: published.edition + 1,
        state: next(&published.state, Act::Amend, &by, None)?,
        ..published.clone()
    };
    let stamp = stamp(office, actor, Act::Amend.name(), &ground);
    match plans::add(&mut tx, &actor.bureau, &plan, &stamp).await {
        Err(StoreError::Exists(_)) => return Err(Refusal::Overtaken),
        other => other?,
    }
    office
        .commit(tx, actor, deed(Act::Amend, &published, &plan, &ground))
        .await
}

/// What keeps a plan from being submitted, approved or published; nothing if it is whole.
///
/// # Errors
/// [`Refusal`].
pub async fn faults(office: &Office, actor: &Actor, plan: &Plan) -> Result<Vec<FieldError>, Refusal> {
    match plan.kind {
        Kind::Annual => annual::faults(office, actor, plan).await,
        Kind::Implementation => scheme::faults(office, actor, plan).await,
    }
}

/// Refuses an act on a plan that is not whole. The text cannot change after this look: a later act on it would make
/// `seen` the wrong version.
async fn whole(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    (number, seen): (&str, i64),
    act: Act,
) -> Result<(), Refusal> {
    actor.must(act.permission())?;
    let holding = seen_of(&mut *office.db.read().await?, actor, kind, number, seen)
        .await?
        .newest;
    next(&holding.record.state, act, &login(actor)?, None)?;
    let faults = faults(office, actor, &holding.record).await?;
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::Fields(faults))
}

async fn step(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    (number, seen): (&str, i64),
    act: Act,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(act.permission())?;
    let ground = if act.needs_ground() {
        stated(ground)?
    } else {
        String::new()
    };
    let mut tx = office.db.begin().await?;
    let holding = seen_of(&mut tx, actor, kind, number, seen).await?.newest;
    let state = next(
        &holding.record.state,
        act,
        &login(actor)?,
        Text::parse(&ground).ok(),
    )?;
    let plan = Plan {
        state,
        ..holding.record.clone()
    };
    let stamp = stamp(office, actor, act.name(), &ground);
    replace(&mut tx, actor, &holding, &plan, &stamp).await?;
    office
        .commit(tx, actor, deed(act, &holding.record, &plan, &ground))
        .await
}

/// The state after an act.
fn next(state: &PlanState, act: Act, by: &LoginName, ground: Option<Text>) -> Result<PlanState, Refusal> {
    let state = match act {
        Act::Edit => state.edit(by),
        Act::Submit => state.submit(by),
        Act::Withdraw => state.withdraw(),
        Act::SendBack => {
            let ground = ground.ok_or_else(|| Refusal::field("ground", "请写明退回的理由"))?;
            state.return_with(by, ground)
        }
        Act::Approve => state.approve(by),
        Act::Publish => state.publish(by),
        Act::Amend => return amended(state, by),
    };
    state.map_err(Refusal::rule)
}

fn amended(state: &PlanState, by: &LoginName) -> Result<PlanState, Refusal> {
    match state {
        PlanState::Published { .. } => Ok(PlanState::drafted(by)),
        PlanState::Draft { .. }
        | PlanState::Submitted { .. }
        | PlanState::Returned { .. }
        | PlanState::Approved { .. } => Err(Refusal::rule(
            "不能修订：这份计划的最新一版还没有公布。请先办完这一版，或者直接修改这一版",
        )),
        PlanState::Superseded { .. } => Err(Refusal::rule(
            "不能修订：这一版已被新版本替代，只供查阅。请修订现行的版本",
        )),
    }
}

/// The plan as it stands, if its newest version is still the one that the person saw.
async fn seen_of(
    conn: &mut Conn,
    actor: &Actor,
    kind: Kind,
    number: &str,
    seen: i64,
) -> Result<Standing, Refusal> {
    let standing = standing(conn, actor, kind, number).await?;
    if standing.newest.number != seen {
        return Err(Refusal::Overtaken);
    }
    Ok(standing)
}

async fn replace(
    tx: &mut Tx,
    actor: &Actor,
    holding: &Version<Plan>,
    plan: &Plan,
    stamp: &Stamp,
) -> Result<(), Refusal> {
    plans::end(tx, &actor.bureau, &plan.number, holding.number, stamp.at).await?;
    Ok(plans::add(tx, &actor.bureau, plan, stamp).await?)
}

fn stamp(office: &Office, actor: &Actor, act: &str, ground: &str) -> Stamp {
    crate::sources::stamp(office, actor, act, ground)
}

fn subject(plan: &Plan) -> String {
    format!("plan/{}", plan.number)
}

fn deed(act: Act, before: &Plan, after: &Plan, ground: &str) -> Deed {
    Deed::new(act.name(), subject(after))
        .ground(ground)
        .changed(Some(&before.body), Some(&after.body))
}

fn login(actor: &Actor) -> Result<LoginName, Refusal> {
    LoginName::parse(&actor.login).map_err(Refusal::rule)
}
