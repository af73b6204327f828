//! What a new plan begins with: the words of the regulation, and strata after the annual plan that it is under.
//! Never fills a content that only the bureau can say: what is left empty is missed by the check.

use super::super::annual::{Line, Typed};
use super::{AmountKind, Item, Published, Scheme, Scope, Stratum, Team};

/// What is known before anything is typed.
#[derive(Debug, Clone, Default)]
pub struct Start<'a> {
    /// 机关代号
    pub bureau: &'a str,
    /// 机关名称
    pub bureau_name: &'a str,
    /// 年度
    pub year: i16,
    /// The annual plan that it is under.
    pub annual: Option<&'a Typed>,
    /// Departments of joint inspections (R5.4).
    pub joint: &'a [String],
    /// Published items.
    pub catalogue: &'a [Published],
}

/// 保密要求, after section 5 (3) of the rules.
const SECRECY: &str = "现场检查实施前，抽查名单对被抽查单位保密；检查组于检查当日领取任务，不得事先通知；泄露名单的，依法依规追究本人和有关责任人员的责任";
/// 检查结果应用, after section 5 (2) of the rules and the guide.
const USE_OF_RESULTS: &str = "任务完成后20个工作日内公示；对发现的环境违法行为依法查处，发现一起、查处一起，处罚信息记入污染源名录库，作为下一期抽查权重的依据";
/// 抽查目的, after section 2 of the guide.
const PURPOSE: &str = "检查自动监测设备日常运行，以及污染防治设施运行、污染物排放、环评和“三同时”、排污许可等环境管理制度落实情况";
const RELEASE: &str = "检查当日由检查组组长签领，每人只见自己的任务";

/// Strata where the annual plan has no lines that can be read: name, title, items in the order in which they are
/// looked for, and how many.
type Usual = (&'static str, &'static str, &'static [&'static str], &'static str);
const USUAL: [Usual; 4] = [
    (
        "station",
        "自动监控基站",
        &["ZDJK-01", "ZGZD-01", "FZGZD-01"],
        "25%",
    ),
    ("direct", "直管重点污染源", &["ZGZD-01"], "25%"),
    ("indirect", "非直管重点污染源", &["FZGZD-01"], "25%"),
    ("general", "一般排污单位", &["YBPW-01"], "1:2.5"),
];

impl Scheme {
    /// A plan to begin with.
    #[must_use]
    pub fn starting(start: &Start<'_>) -> Self {
        let strata = match start.annual {
            Some(annual) => annual.lines.iter().zip(1..).map(of_line).collect(),
            None => usual(start.catalogue),
        };
        let chosen = |published: &&Published| {
            let code = published.item.code.as_str();
            strata
                .iter()
                .any(|stratum: &Stratum| stratum.items.iter().any(|item| item == code))
        };
        let items = start.catalogue.iter().filter(chosen).map(Item::of).collect();
        let teams = teams(start);
        Self {
            bureau: start.bureau.to_owned(),
            title: format!(
                "{}{}年污染源日常监管随机抽查实施方案",
                start.bureau_name, start.year
            ),
            annual_plan: start
                .annual
                .map(|annual| format!("《{}》", annual.title))
                .unwrap_or_default(),
            purpose: start
                .annual
                .map_or_else(|| PURPOSE.to_owned(), |annual| annual.purpose.clone()),
            methods: vec!["现场".to_owned(), "监测".to_owned()],
            secrecy: SECRECY.to_owned(),
            use_of_results: USE_OF_RESULTS.to_owned(),
            scope: scope(start, &strata),
            slots: slots(&teams),
            cap: "15".to_owned(),
            items,
            teams,
            strata,
            yearly_cap: start
                .annual
                .map_or_else(|| "2".to_owned(), |annual| annual.yearly_cap.clone()),
            recent_days: "60".to_owned(),
            rotation: "2".to_owned(),
            public: "dice:20".to_owned(),
            pool_disclosed: "承诺时".to_owned(),
            release: RELEASE.to_owned(),
            ..Self::default()
        }
    }
}

/// 抽取范围 in words: the strata by their titles.
fn scope(start: &Start<'_>, strata: &[Stratum]) -> String {
    let titles: Vec<&str> = strata.iter().map(|stratum| stratum.title.as_str()).collect();
    format!(
        "{}污染源名录库内的排污单位，分为{}",
        start.bureau_name,
        titles.join("、")
    )
}

/// A leader of the brigade, and anybody with a certificate; each joint department of the annual plan sends one (R5.4).
fn teams(start: &Start<'_>) -> Vec<Team> {
    let team = |name: &str, title: &str, department: &str, units: &[&str]| Team {
        name: name.to_owned(),
        title: title.to_owned(),
        department: department.to_owned(),
        units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        ..Team::default()
    };
    let mut teams = vec![
        team("EP-lead", "检查组组长", BRIGADE, &[BRIGADE]),
        team("EP", "检查组成员", "", &[]),
    ];
    let lines = start
        .annual
        .map(|annual| annual.lines.as_slice())
        .unwrap_or_default();
    let mut departments: Vec<&str> = Vec::new();
    for department in lines.iter().flat_map(|line| &line.departments) {
        if start.joint.contains(department) && !departments.contains(&department.as_str()) {
            departments.push(department);
        }
    }
    let joint = departments.iter().zip(1..);
    teams.extend(
        joint.map(|(department, at)| team(&format!("J{at}"), department, department, &[*department])),
    );
    teams
}

const BRIGADE: &str = "环境监察大队";
/// Slots of a task at most (mcd1).
const SLOTS_MAX: usize = 8;

/// One slot for each team.
fn slots(teams: &[Team]) -> Vec<String> {
    teams
        .iter()
        .take(SLOTS_MAX)
        .map(|team| team.name.clone())
        .collect()
}

/// The usual strata of which an item is published; if there is none, all sources with all items.
fn usual(catalogue: &[Published]) -> Vec<Stratum> {
    let published = |code: &&&str| catalogue.iter().any(|own| own.item.code.as_str() == **code);
    let stratum = |(name, title, codes, amount): &Usual| {
        let items: Vec<String> = codes
            .iter()
            .filter(published)
            .map(|code| (*code).to_owned())
            .collect();
        let kind = if amount.contains(':') {
            AmountKind::PerInspector
        } else {
            AmountKind::Ratio
        };
        (!items.is_empty()).then(|| Stratum {
            name: (*name).to_owned(),
            title: (*title).to_owned(),
            filter: usual_condition(name),
            kind,
            amount: (*amount).to_owned(),
            items,
            ..Stratum::default()
        })
    };
    let strata: Vec<Stratum> = USUAL.iter().filter_map(stratum).collect();
    if !strata.is_empty() {
        return strata;
    }
    vec![Stratum {
        name: "all".to_owned(),
        title: "全部排污单位".to_owned(),
        amount: "25%".to_owned(),
        items: catalogue.iter().map(|own| own.item.code.to_string()).collect(),
        ..Stratum::default()
    }]
}

fn usual_condition(name: &str) -> Scope {
    let administered = |word: &str| Scope {
        key: "是".to_owned(),
        administrations: vec![word.to_owned()],
        ..Scope::default()
    };
    match name {
        "station" => Scope {
            stations: "1".to_owned(),
            ..Scope::default()
        },
        "direct" => administered("直管"),
        "indirect" => administered("非直管"),
        _ => Scope::default(),
    }
}

/// A stratum after a line of the annual plan.
fn of_line((line, at): (&Line, usize)) -> Stratum {
    Stratum {
        name: format!("S{at}"),
        title: line.scope.clone(),
        filter: line.filter.clone(),
        kind: line.amount_kind,
        amount: line.amount.clone(),
        items: line.items.clone(),
        ..Stratum::default()
    }
}
