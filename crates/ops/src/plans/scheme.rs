//! 实施方案 as a form: all that `plan.toml` says, as texts and lists of groups (R5.1b, R5.4).
//! Never judges a content: the compiler does. It only tells what a form cannot hold, and what is no number.

mod act;
mod check;
mod fault;
mod place;
mod read;
mod start;
mod taken;
mod write;

pub use act::{Begun, Choices, begin, choices, save, save_text};
pub(crate) use check::faults;
pub use check::{Checked, Notice, Problem, Report, check};
pub use read::Unshown;
pub use start::Start;
pub use taken::taken;

pub use super::annual::AmountKind;
pub use super::scope::{joined, split};

use domain::InspectionItem;
use domain::rights::Permission;
use jiff::civil::Date;

use super::scope::Scope;
use crate::{Actor, Office, Refusal};

/// A published item, as plans take it (R1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The item.
    pub item: InspectionItem,
    /// Day of publication.
    pub on: Date,
}

/// An implementation plan as it is typed; an empty text says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheme {
    /// 机关代号
    pub bureau: String,
    /// 方案编号
    pub number: String,
    /// 抽取编号
    pub draw: String,
    /// 方案名称
    pub title: String,
    /// 所依据的年度计划
    pub annual_plan: String,
    /// 抽查目的
    pub purpose: String,
    /// 检查方式
    pub methods: Vec<String>,
    /// 保密要求
    pub secrecy: String,
    /// 检查结果应用
    pub use_of_results: String,
    /// 抽取范围
    pub scope: String,
    /// 实施时间, first day.
    pub from: String,
    /// 实施时间, last day.
    pub until: String,
    /// 执法人员数量: the team of each slot.
    pub slots: Vec<String>,
    /// 每人任务上限
    pub cap: String,
    /// 抽查事项
    pub items: Vec<Item>,
    /// 班组
    pub teams: Vec<Team>,
    /// 个别人的任务上限
    pub persons: Vec<Person>,
    /// 分层
    pub strata: Vec<Stratum>,
    /// 全覆盖周期的第一天
    pub cycle_from: String,
    /// 权重
    pub weights: Vec<Weight>,
    /// 必查对象
    pub mandatory: Vec<Mandatory>,
    /// 年度频次上限
    pub yearly_cap: String,
    /// Whether only inspections that came from a draw count.
    pub yearly_cap_drawn_only: bool,
    /// 近期已查天数
    pub recent_days: String,
    /// 指明排除
    pub listed: Vec<Listed>,
    /// 轮换: draws.
    pub rotation: String,
    /// 回避
    pub recusals: Vec<Recusal>,
    /// 公共值规则
    pub public: String,
    /// 名录池公开时点
    pub pool_disclosed: String,
    /// 名单发放规定
    pub release: String,
}

/// 抽查事项 of a plan: chosen by its code, the rest as the catalogue says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// 事项编号
    pub code: String,
    /// 事项名称
    pub name: String,
    /// 检查依据
    pub basis: String,
    /// 检查内容
    pub content: String,
    /// 检查对象类别
    pub object: String,
    /// 责任部门
    pub department: String,
    /// 公布日期, or `true`.
    pub published: String,
    /// 检查人员应有的执法领域
    pub fields: Vec<String>,
}

impl Item {
    /// What the catalogue says of an item.
    #[must_use]
    pub fn of(published: &Published) -> Self {
        let Published { item, on } = published;
        Self {
            code: item.code.to_string(),
            name: item.name.to_string(),
            basis: item.basis.to_string(),
            content: item.content.to_string(),
            object: item.object.to_string(),
            department: item.department.to_string(),
            published: on.to_string(),
            fields: Vec::new(),
        }
    }
}

/// 班组
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Team {
    /// 班组代号
    pub name: String,
    /// 班组名称
    pub title: String,
    /// 部门 (R5.4)
    pub department: String,
    /// 所在单位
    pub units: Vec<String>,
    /// 执法领域
    pub fields: Vec<String>,
    /// 执法证编号
    pub certificates: Vec<String>,
    /// 任务上限
    pub cap: String,
}

/// A person's own cap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// 执法证编号
    pub certificate: String,
    /// 任务上限
    pub cap: String,
}

/// 分层
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stratum {
    /// 分层代号
    pub name: String,
    /// 分层名称
    pub title: String,
    /// 条件
    pub filter: Scope,
    /// In which way the number to draw is said.
    pub kind: AmountKind,
    /// How many to draw.
    pub amount: String,
    /// Codes of the items inspected there; none means all.
    pub items: Vec<String>,
    /// 执法领域
    pub fields: Vec<String>,
    /// 所在单位
    pub units: Vec<String>,
}

/// 权重
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weight {
    /// 条件
    pub filter: Scope,
    /// 权重
    pub weight: String,
}

/// 必查对象
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mandatory {
    /// 检查对象编号
    pub target: String,
    /// 理由
    pub ground: String,
}

/// 指明排除
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// 理由代号
    pub reason: String,
    /// 检查对象编号
    pub targets: Vec<String>,
    /// 理由
    pub ground: String,
}

/// 回避
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recusal {
    /// 执法证编号
    pub certificate: String,
    /// 检查对象编号
    pub source: String,
    /// 理由
    pub ground: String,
}

impl Scheme {
    /// The plan that a text says.
    ///
    /// # Errors
    /// [`Unshown`], if it is no TOML, or says what the form does not show and would lose.
    pub fn from_toml(text: &str) -> Result<Self, Unshown> {
        read::scheme(text)
    }

    /// The plan as `plan.toml`, with each item as the catalogue says it now; one that is not published any more stays as
    /// it was, and the check tells.
    #[must_use]
    pub fn to_toml(&self, catalogue: &[Published]) -> String {
        write::text(&self.clone().with_items_of(catalogue))
    }

    /// The plan with its items as the catalogue says them now.
    #[must_use]
    pub fn with_items_of(self, catalogue: &[Published]) -> Self {
        let fresh = |item: Item| {
            let found = catalogue
                .iter()
                .find(|published| published.item.code.as_str() == item.code);
            match found {
                Some(published) => Item {
                    fields: item.fields,
                    ..Item::of(published)
                },
                None => item,
            }
        };
        let items = self.items.into_iter().map(fresh).collect();
        Self { items, ..self }
    }

    /// Departments that take part: those of the teams that have a slot (R5.4).
    #[must_use]
    pub fn departments(&self) -> Vec<&str> {
        let mut departments: Vec<&str> = Vec::new();
        let with_slot = self.teams.iter().filter(|team| self.slots_of(&team.name) > 0);
        for team in with_slot.filter(|team| !team.department.is_empty()) {
            if !departments.contains(&team.department.as_str()) {
                departments.push(&team.department);
            }
        }
        departments
    }

    /// How many slots of a task a team has.
    #[must_use]
    pub fn slots_of(&self, team: &str) -> usize {
        self.slots.iter().filter(|slot| *slot == team).count()
    }
}

/// A text of one line: nothing around it, blanks where lines were broken.
#[must_use]
pub fn line(typed: &str) -> String {
    typed
        .split(['\r', '\n'])
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests;

/// All items in force: what a plan can choose from (R1).
///
/// # Errors
/// [`Refusal`].
pub async fn catalogue(office: &Office, actor: &Actor) -> Result<Vec<Published>, Refusal> {
    actor.must(Permission::ReadPlans)?;
    let mut read = office.db.read().await?;
    let published = store::items::published(&mut read, &actor.bureau).await?;
    Ok(published
        .into_iter()
        .map(|(item, on)| Published { item, on })
        .collect())
}
