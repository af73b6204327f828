//! 实施方案: the types of an implementation plan, each valid by itself and with the others.
//! Never holds a plan with an empty content, an unpublished item or fewer than two inspectors (R5.1b, R1, G-S1).

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;

use draw::public::Rule;
use jiff::civil::Date;

use super::filter::{InspectorFilter, SourceFilter};
use super::finding::Finding;
use super::numbers::{Amount, Name};
use crate::identifiers::{CertificateNumber, DrawNumber, TargetId};
use crate::terms::Term;
use crate::text::Text;

/// 实施方案, checked: made by [`ImplementationPlan::parse`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImplementationPlan {
    pub(super) bureau: Name,
    pub(super) number: Name,
    pub(super) draw: DrawNumber,
    pub(super) title: Text,
    pub(super) annual_plan: Text,
    pub(super) items: Vec<Item>,
    pub(super) window: Window,
    pub(super) purpose: Text,
    pub(super) slots: Slots,
    pub(super) methods: Vec<Method>,
    pub(super) secrecy: Text,
    pub(super) use_of_results: Text,
    pub(super) scope: Text,
    pub(super) strata: Vec<Stratum>,
    pub(super) cycle_from: Option<Date>,
    pub(super) weights: Vec<WeightRule>,
    pub(super) mandatory: Vec<Mandatory>,
    pub(super) exclusions: Exclusions,
    pub(super) teams: Vec<Team>,
    pub(super) cap: NonZeroU32,
    pub(super) caps: BTreeMap<CertificateNumber, NonZeroU32>,
    pub(super) rotation: Option<NonZeroU32>,
    pub(super) recusals: Vec<Recusal>,
    pub(super) standing: Vec<Recusal>,
    pub(super) ceremony: Ceremony,
}

impl ImplementationPlan {
    /// Reads `plan.toml`.
    ///
    /// # Errors
    /// All that is wrong with it, at once; if it is not TOML or has a key that does not exist, that alone.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        super::read::plan(text)
    }

    /// 机关代号, a name of mcd1.
    #[must_use]
    pub fn bureau(&self) -> &Name {
        &self.bureau
    }

    /// 方案编号, a name of mcd1.
    #[must_use]
    pub fn number(&self) -> &Name {
        &self.number
    }

    /// 抽取编号
    #[must_use]
    pub fn draw(&self) -> DrawNumber {
        self.draw
    }

    /// The same plan for another draw: after one that was given up, the next number is drawn.
    #[must_use]
    pub fn numbered(self, draw: DrawNumber) -> Self {
        Self { draw, ..self }
    }

    /// The same plan with recusals that the office has on record besides the plan's own. One whose person or source is
    /// not in the registers any more has nobody to keep away, and is no finding.
    #[must_use]
    pub fn with_standing(self, standing: Vec<Recusal>) -> Self {
        Self { standing, ..self }
    }

    /// 方案名称
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// 所依据的年度计划 (R5.1a)
    #[must_use]
    pub fn annual_plan(&self) -> &Text {
        &self.annual_plan
    }

    /// 抽查事项, one or more, all published (R1).
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// 实施时间
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// 抽查目的
    #[must_use]
    pub fn purpose(&self) -> &Text {
        &self.purpose
    }

    /// 执法人员数量: the team of each slot of a task (R5.1b, G-S1).
    #[must_use]
    pub fn slots(&self) -> &Slots {
        &self.slots
    }

    /// 检查方式, one or more.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// 保密要求
    #[must_use]
    pub fn secrecy(&self) -> &Text {
        &self.secrecy
    }

    /// 检查结果应用
    #[must_use]
    pub fn use_of_results(&self) -> &Text {
        &self.use_of_results
    }

    /// 抽取范围
    #[must_use]
    pub fn scope(&self) -> &Text {
        &self.scope
    }

    /// 分层: a source belongs to the first that it matches.
    #[must_use]
    pub fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// First day of the cycle within which everybody is to be inspected once (全覆盖), if the plan asks for it.
    #[must_use]
    pub fn cycle_from(&self) -> Option<Date> {
        self.cycle_from
    }

    /// 权重: the first rule that matches gives the weight, else it is 1.
    #[must_use]
    pub fn weights(&self) -> &[WeightRule] {
        &self.weights
    }

    /// 必查对象
    #[must_use]
    pub fn mandatory(&self) -> &[Mandatory] {
        &self.mandatory
    }

    /// 排除
    #[must_use]
    pub fn exclusions(&self) -> &Exclusions {
        &self.exclusions
    }

    /// 班组, in the order of the file.
    #[must_use]
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    /// 轮换: an inspector does not go to a source where he or she was in one of so many last draws.
    #[must_use]
    pub fn rotation(&self) -> Option<NonZeroU32> {
        self.rotation
    }

    /// 回避
    #[must_use]
    pub fn recusals(&self) -> &[Recusal] {
        &self.recusals
    }

    /// What the plan says of the draw itself.
    #[must_use]
    pub fn ceremony(&self) -> &Ceremony {
        &self.ceremony
    }

    /// Largest number of tasks of an inspector: the person's own cap, else the least of the teams', else the plan's.
    pub(super) fn cap_of(
        &self,
        certificate: &CertificateNumber,
        teams: impl Iterator<Item = usize>,
    ) -> NonZeroU32 {
        let of_teams = || teams.filter_map(|team| self.teams.get(team)?.cap).min();
        self.caps
            .get(certificate)
            .copied()
            .or_else(of_teams)
            .unwrap_or(self.cap)
    }
}

/// 抽查事项 (R1), published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// 事项编号, a name of mcd1.
    pub code: Name,
    /// 事项名称
    pub name: Text,
    /// 检查依据
    pub basis: Text,
    /// 检查内容
    pub content: Option<Text>,
    /// 检查对象类别
    pub object: Option<Text>,
    /// 责任部门 (R5.4)
    pub department: Option<Text>,
    /// Day of publication, if the plan gives it.
    pub published_on: Option<Date>,
}

/// 实施时间: the days on which inspections may take place, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: Date,
    until: Date,
}

impl Window {
    /// Longest window, in days: a year of 366.
    pub const DAYS_MAX: i32 = 366;

    /// Not reversed, and at most [`Window::DAYS_MAX`] long.
    #[must_use]
    pub fn new(from: Date, until: Date) -> Option<Self> {
        let days = from.until(until).ok()?.get_days() + 1;
        (1..=Self::DAYS_MAX)
            .contains(&days)
            .then_some(Self { from, until })
    }

    /// First day.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// Last day.
    #[must_use]
    pub fn until(self) -> Date {
        self.until
    }

    /// Whether it has days of that calendar year.
    #[must_use]
    pub(super) fn touches_year(self, year: i16) -> bool {
        (self.from.year()..=self.until.year()).contains(&year)
    }
}

impl fmt::Display for Window {
    /// As in `window` of mcd1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.until)
    }
}

/// 检查方式
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// 现场
    OnSite,
    /// 书面
    Written,
    /// 非现场
    OffSite,
    /// 监测 (R5.4)
    Monitoring,
    /// 委托
    Commissioned,
}

impl Term for Method {
    const TITLE: &'static str = "检查方式";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::OnSite,
            &["现场", "现场检查", "实地", "实地核查", "现场监督检查"],
        ),
        (Self::Written, &["书面", "书面检查", "书面核查"]),
        (Self::OffSite, &["非现场", "非现场检查", "非现场监管", "网络监测"]),
        (Self::Monitoring, &["监测", "同步监测", "执法监测", "检验检测"]),
        (Self::Commissioned, &["委托", "委托检查", "委托专业机构"]),
    ];
}

/// The team of each slot of a task, in order: two to eight (G-S1, mcd1 section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slots(Vec<Name>);

impl Slots {
    /// Fewest inspectors of a task: 检查人员不得少于两人 (G-S1).
    pub const MIN: usize = 2;

    /// Two to eight slots.
    #[must_use]
    pub fn new(teams: Vec<Name>) -> Option<Self> {
        (Self::MIN..=draw::form::MAX_SLOTS)
            .contains(&teams.len())
            .then_some(Self(teams))
    }

    /// The team of each slot.
    #[must_use]
    pub fn teams(&self) -> &[Name] {
        &self.0
    }

    /// The different teams in the order of their first slot, which is the order of their bits in a draw.
    #[must_use]
    pub fn different(&self) -> Vec<&Name> {
        let mut teams: Vec<&Name> = Vec::new();
        for team in &self.0 {
            if !teams.contains(&team) {
                teams.push(team);
            }
        }
        teams
    }

    /// How many slots of a task a team has.
    #[must_use]
    pub fn of_team(&self, team: &Name) -> usize {
        self.0.iter().filter(|slot| *slot == team).count()
    }
}

/// 分层
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stratum {
    /// Name in mcd1.
    pub name: Name,
    /// 层的名称
    pub title: Text,
    /// Which sources; without a condition, all that no stratum before has taken.
    pub filter: SourceFilter,
    /// How many to draw.
    pub amount: Amount,
    /// Codes of the items that are inspected there, one or more.
    pub items: Vec<Name>,
    /// Which inspectors may serve there: fields of its own, else those of its items; units.
    pub served_by: InspectorFilter,
}

/// 权重: sources that match are drawn with more weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightRule {
    /// Which sources.
    pub filter: SourceFilter,
    /// 1 or more.
    pub weight: NonZeroU32,
}

/// 必查对象: taken without chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandatory {
    /// The site.
    pub target: TargetId,
    /// 理由
    pub ground: Text,
}

/// 排除: who is left out of the draw although in a stratum. What is no longer there is always left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions {
    /// 年度频次上限
    pub yearly_cap: Option<YearlyCap>,
    /// Inspected in so many days before the window, or since.
    pub recent_days: Option<NonZeroU32>,
    /// By name, with a ground.
    pub listed: Vec<ListedExclusion>,
}

/// 年度频次上限: an enterprise, all its sites together, is inspected at most so often in a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyCap {
    /// Inspections in a calendar year.
    pub inspections: NonZeroU32,
    /// Whether only inspections that came from a draw count (some provinces leave case work out).
    pub drawn_only: bool,
}

/// Sites left out by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedExclusion {
    /// Reason code in mcd1.
    pub reason: Name,
    /// The sites.
    pub targets: Vec<TargetId>,
    /// 理由
    pub ground: Text,
}

/// 班组: who may fill a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Name in mcd1.
    pub name: Name,
    /// 班组名称
    pub title: Option<Text>,
    /// 部门, in a joint inspection (R5.4).
    pub department: Option<Text>,
    /// Which inspectors.
    pub filter: InspectorFilter,
    /// Largest number of tasks of each.
    pub cap: Option<NonZeroU32>,
}

/// 回避: an inspector who does not go to a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recusal {
    /// 执法证编号
    pub certificate: CertificateNumber,
    /// A site by its id with suffix, or all sites of an enterprise by its code.
    pub source: TargetId,
    /// 理由
    pub ground: Text,
}

/// What the plan says of the draw itself; dates of opening and reveal are given when it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Rule of the public value (mcd1 section 4).
    pub public: Rule,
    /// When the pool is disclosed.
    pub disclosure: Disclosure,
    /// 名单发放: when inspectors see their tasks (R5.3a).
    pub release: Text,
}

/// When `pool.tsv` is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disclosure {
    /// 承诺时
    AtCommitment,
    /// 启封时
    AtReveal,
}

impl Term for Disclosure {
    const TITLE: &'static str = "名录池公开时点";
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::AtCommitment, &["承诺时", "承诺"]),
        (Self::AtReveal, &["启封时", "启封"]),
    ];
}
