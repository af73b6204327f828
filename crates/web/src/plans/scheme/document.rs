//! An implementation plan as a document that people read, sign and print (R5.1b, R5.4).
//! Never hides that a content is empty.

use ops::plans::scheme::{AmountKind, Item, Scheme, Stratum, Team};
use ops::plans::scope::Scope;

use super::list::window;
use super::report::{Counted, counted};

/// A content with its text.
pub(super) struct Content {
    pub(super) title: &'static str,
    pub(super) text: String,
}

/// A stratum as a row.
pub(super) struct Row {
    pub(super) title: String,
    pub(super) name: String,
    pub(super) condition: String,
    pub(super) items: String,
    pub(super) served_by: String,
    pub(super) amount: String,
    pub(super) counted: Option<Counted>,
}

/// A team as a row.
pub(super) struct TeamRow {
    pub(super) title: String,
    pub(super) slots: usize,
    pub(super) who: String,
    pub(super) cap: String,
}

/// A department with its teams.
pub(super) struct Department {
    pub(super) name: String,
    pub(super) slots: usize,
    pub(super) teams: Vec<TeamRow>,
}

/// See the module.
pub(super) struct Document {
    pub(super) heads: Vec<Content>,
    /// 八项内容
    pub(super) contents: Vec<Content>,
    pub(super) items: Vec<Item>,
    pub(super) strata: Vec<Row>,
    pub(super) departments: Vec<Department>,
    pub(super) rules: Vec<Content>,
}

/// A team by its title.
pub(super) fn team_title(team: &Team) -> String {
    if team.title.is_empty() {
        team.name.clone()
    } else {
        team.title.clone()
    }
}

impl Document {
    /// The document of a plan, with the counts of its strata if there are any.
    pub(super) fn new(scheme: &Scheme, strata: &[domain::plans::StratumReport], bureau: &str) -> Self {
        let count = |at: usize| strata.get(at).map(counted);
        let rows = scheme.strata.iter().enumerate();
        Self {
            heads: vec![
                content("方案编号", &scheme.number),
                content("抽取编号", &scheme.draw),
                content("依据的年度计划", &scheme.annual_plan),
            ],
            contents: contents(scheme),
            items: scheme.items.clone(),
            strata: rows
                .map(|(at, stratum)| row(stratum, scheme, count(at)))
                .collect(),
            departments: departments(scheme, bureau),
            rules: rules(scheme),
        }
    }

    /// Whether more than one department takes part.
    pub(super) fn is_joint(&self) -> bool {
        self.departments.len() > 1
    }
}

fn content(title: &'static str, text: &str) -> Content {
    let text = text.to_owned();
    Content { title, text }
}

fn contents(scheme: &Scheme) -> Vec<Content> {
    let names: Vec<&str> = scheme.items.iter().map(|item| item.name.as_str()).collect();
    let people = match scheme.slots.len() {
        0 => String::new(),
        slots => format!("每个检查组 {slots} 人：{}", slots_in_words(scheme)),
    };
    vec![
        content("抽查事项", &names.join("、")),
        content("实施时间", &window(scheme)),
        content("抽查目的", &scheme.purpose),
        content("执法人员数量", &people),
        content("检查方式", &scheme.methods.join("、")),
        content("保密要求", &scheme.secrecy),
        content("检查结果应用", &scheme.use_of_results),
        content("抽取范围", &scheme.scope),
    ]
}

/// `检查组组长 1 人、检查组成员 2 人`
fn slots_in_words(scheme: &Scheme) -> String {
    let mut teams: Vec<&str> = Vec::new();
    for slot in &scheme.slots {
        if !teams.contains(&slot.as_str()) {
            teams.push(slot);
        }
    }
    let words = teams.into_iter().map(|name| {
        let team = scheme.teams.iter().find(|team| team.name == name);
        let title = team.map_or_else(|| name.to_owned(), team_title);
        format!("{title} {} 人", scheme.slots_of(name))
    });
    words.collect::<Vec<_>>().join("、")
}

fn row(stratum: &Stratum, scheme: &Scheme, counted: Option<Counted>) -> Row {
    let name_of = |code: &String| {
        let item = scheme.items.iter().find(|item| item.code == *code);
        item.map_or_else(|| code.clone(), |item| item.name.clone())
    };
    let items: Vec<String> = stratum.items.iter().map(name_of).collect();
    let mut served = Vec::new();
    if !stratum.fields.is_empty() {
        served.push(format!("执法领域：{}", stratum.fields.join("、")));
    }
    if !stratum.units.is_empty() {
        served.push(format!("单位：{}", stratum.units.join("、")));
    }
    Row {
        title: stratum.title.clone(),
        name: stratum.name.clone(),
        condition: condition(&stratum.filter),
        items: if items.is_empty() {
            "全部事项".to_owned()
        } else {
            items.join("、")
        },
        served_by: served.join("；"),
        amount: amount(stratum),
        counted,
    }
}

/// A condition in words; without one a stratum takes what the others before it left.
fn condition(of: &Scope) -> String {
    if *of == Scope::default() {
        return "前面各层以外的全部".to_owned();
    }
    of.to_string()
}

fn amount(stratum: &Stratum) -> String {
    let amount = &stratum.amount;
    match stratum.kind {
        _ if amount.is_empty() => String::new(),
        AmountKind::Ratio => amount.clone(),
        AmountKind::Number => format!("{amount} 家"),
        AmountKind::PerInspector => format!("在岗人员与单位 {amount}"),
    }
}

/// Teams by department; a team that names none is the bureau's own.
fn departments(scheme: &Scheme, bureau: &str) -> Vec<Department> {
    let mut departments: Vec<Department> = Vec::new();
    for team in &scheme.teams {
        let name = if team.department.is_empty() {
            bureau
        } else {
            &team.department
        };
        let slots = scheme.slots_of(&team.name);
        let row = team_row(team, slots, scheme);
        match departments.iter_mut().find(|own| own.name == name) {
            Some(own) => {
                own.slots += slots;
                own.teams.push(row);
            }
            None => departments.push(Department {
                name: name.to_owned(),
                slots,
                teams: vec![row],
            }),
        }
    }
    departments
}

fn team_row(team: &Team, slots: usize, scheme: &Scheme) -> TeamRow {
    let list =
        |title: &str, words: &[String]| (!words.is_empty()).then(|| format!("{title}：{}", words.join("、")));
    let who: Vec<String> = [
        list("所在单位", &team.units),
        list("执法领域", &team.fields),
        list("执法证", &team.certificates),
    ]
    .into_iter()
    .flatten()
    .collect();
    let cap = if team.cap.is_empty() {
        &scheme.cap
    } else {
        &team.cap
    };
    TeamRow {
        title: team_title(team),
        slots,
        who: if who.is_empty() {
            "名录库里的人都可以".to_owned()
        } else {
            who.join("；")
        },
        cap: cap.clone(),
    }
}

/// All that is said once, where it says something.
fn rules(scheme: &Scheme) -> Vec<Content> {
    let said = |text: &str, words: &str| {
        if text.is_empty() {
            String::new()
        } else {
            words.replace("{}", text)
        }
    };
    let counted = if scheme.yearly_cap_drawn_only {
        "同一企业一年内经随机抽查查满 {} 次的不再抽"
    } else {
        "同一企业一年内查满 {} 次的不再抽"
    };
    let cycle = "从 {} 起没有查过的先抽，抽完才轮到查过一次的";
    let rotation = "最近 {} 次抽取里去过某家的人，这次不去那家";
    let mut all = vec![content("先后", &said(&scheme.cycle_from, cycle))];
    all.extend(named(scheme));
    all.extend([
        content("年度频次上限", &said(&scheme.yearly_cap, counted)),
        content(
            "近期已查",
            &said(&scheme.recent_days, "实施时间开始前 {} 天内查过的不抽"),
        ),
        content("轮换", &said(&scheme.rotation, rotation)),
        content("公共值", &scheme.public),
        content("名录池公开", &scheme.pool_disclosed),
        content("名单发放", &scheme.release),
    ]);
    all.retain(|content| !content.text.is_empty());
    all
}

/// What is said of sources and people one by one.
fn named(scheme: &Scheme) -> [Content; 5] {
    let weights = scheme.weights.iter();
    let mandatory = scheme.mandatory.iter();
    let listed = scheme.listed.iter();
    let recusals = scheme.recusals.iter();
    let persons = scheme.persons.iter();
    [
        lines(
            "权重",
            weights.map(|one| format!("{}，权重 {}", one.filter, one.weight)),
        ),
        lines(
            "必查对象",
            mandatory.map(|one| format!("{}（{}）", one.target, one.ground)),
        ),
        lines(
            "指明排除",
            listed.map(|one| format!("{}（{}）", one.targets.join("、"), one.ground)),
        ),
        lines(
            "回避",
            recusals.map(|one| format!("执法证 {} 不去 {}（{}）", one.certificate, one.source, one.ground)),
        ),
        lines(
            "个人任务上限",
            persons.map(|one| format!("执法证 {} 最多 {} 个任务", one.certificate, one.cap)),
        ),
    ]
}

fn lines(title: &'static str, lines: impl Iterator<Item = String>) -> Content {
    let text = lines.collect::<Vec<_>>().join("；");
    Content { title, text }
}
