//! Random draws: what is frozen before a draw, with strata, tiers, weights, all flags, several teams, tight caps.
//! Never a frozen draw that a commitment would refuse: each line can fill a task, each quota has its lines.

use std::collections::{BTreeMap, BTreeSet};

use draw::ceremony::Texts;
use draw::hash::{Alg, to_hex};
use draw::plan::{Plan, Quota};

use crate::choices::Choices;

/// A line of the pool, and who may serve there (indices of [`Case::staff`], ascending; nobody for `X`).
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) stratum: String,
    pub(crate) tier: u8,
    pub(crate) weight: u32,
    pub(crate) flag: String,
    pub(crate) name: String,
    pub(crate) salt: String,
    pub(crate) elig: Vec<usize>,
}

/// A line of the staff.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) teams: Vec<String>,
    pub(crate) cap: u32,
}

/// What is frozen before a draw, and the hash that it is drawn with.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) alg: Alg,
    pub(crate) plan: Plan,
    pub(crate) pool: Vec<Target>,
    pub(crate) staff: Vec<Person>,
    /// The order of a record's keys is free: by how many the plan's are rotated.
    rotation: usize,
}

const SLOTS: [&str; 10] = [
    "EP,EP",
    "EP-lead,EP",
    "EP,SAMR",
    "EP,EP,SAMR",
    "EP-lead,EP,SAMR",
    "EP,SAMR,EP",
    "a,b,a,b",
    "EP,EP,EP,EP",
    "T1,T2,T3,T4,T5,T6,T7,T8",
    "EP,EP,EP,EP,EP,EP,EP,SAMR",
];
const WEIGHTS: [u32; 10] = [1, 2, 3, 4, 8, 100, 3_000_000_000, u32::MAX - 1, u32::MAX, 65_536];
const NAMES: [&str; 6] = ["示例企业", "A = B", "𠮷野家", "é", "x\u{a0}y", "=?,-"];
const ITEMS: [&str; 3] = ["ZDJK-01", "ZDJK-01,ZGYD-01", "0"];
const WINDOWS: [&str; 2] = ["2026-04-01..2026-06-30", "2024-02-29..2024-02-29"];

impl Case {
    /// A draw of at most that many lines.
    pub(crate) fn new(choices: &mut Choices<'_>, most_lines: usize) -> Self {
        let slots: Vec<String> = SLOTS[choices.below(SLOTS.len() * 3) % SLOTS.len()]
            .split(',')
            .map(str::to_owned)
            .collect();
        let staff = staff(choices, &slots);
        let pool = pool(choices, most_lines, &slots, &staff);
        let plan = Plan {
            bureau: "410823-EEB".into(),
            plan: "2026-Q2".into(),
            draw: format!("2026-{:03}", 1 + choices.below(999)),
            title: choices.one_of(&["抽查", "二季度抽查（示例）=1"]).into(),
            items: split(choices.one_of(&ITEMS)),
            window: choices.one_of(&WINDOWS).into(),
            exclusions: split(choices.one_of(&["cap,closed", "closed,cap,recent"])),
            quotas: quotas(choices, &pool),
            slots,
        };
        let alg = choices.one_of(&[Alg::Sha256, Alg::Sm3]);
        Self {
            alg,
            plan,
            pool,
            staff,
            rotation: choices.below(8),
        }
    }

    pub(crate) fn texts(&self) -> Texts {
        let plan = self.plan.to_text();
        let mut keys: Vec<&str> = plan.lines().skip(1).collect();
        let by = self.rotation % keys.len();
        keys.rotate_left(by);
        let name = |at: &usize| self.staff[*at].name.as_str();
        let elig = |t: &Target| t.elig.iter().map(name).collect::<Vec<_>>().join(",");
        let in_play = self.pool.iter().filter(|t| !t.flag.starts_with("X:"));
        Texts {
            plan: format!("mcd1-plan\n{}\n", keys.join("\n")),
            pool: self.pool.iter().map(Target::line).collect(),
            staff: self.staff.iter().map(Person::line).collect(),
            elig: in_play.map(|t| format!("{}\t{}\n", t.id, elig(t))).collect(),
        }
    }
}

impl Target {
    fn line(&self) -> String {
        let Self {
            id,
            stratum,
            tier,
            weight,
            flag,
            name,
            salt,
            ..
        } = self;
        format!("{id}\t{stratum}\t{tier}\t{weight}\t{flag}\t{name}\t{salt}\n")
    }
}

impl Person {
    fn line(&self) -> String {
        format!("{}\t{}\t{}\n", self.name, self.teams.join(","), self.cap)
    }
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

/// That many different names, ascending; bytes that sort apart from letters among them.
fn names(choices: &mut Choices<'_>, count: usize, shapes: [fn(usize, u8) -> String; 2]) -> Vec<String> {
    let shape = choices.one_of(&shapes);
    let mut names = BTreeSet::new();
    for n in 0.. {
        if names.len() == count {
            break;
        }
        names.insert(shape(n, choices.byte()));
    }
    names.into_iter().collect()
}

/// One inspector for each slot, so that a task can always be filled, and some more.
fn staff(choices: &mut Choices<'_>, slots: &[String]) -> Vec<Person> {
    let different: BTreeSet<&String> = slots.iter().collect();
    let caps = choices.one_of(&[&[1][..], &[1, 2], &[1, 2, 3, 4], &[3, 5, 999_999_999]]);
    let count = slots.len() + choices.below(6);
    let names = names(
        choices,
        count,
        [
            |n, _| format!("I{n:03}"),
            |n, b| format!("{}{n}", ["a", "Z_", "0.", "z-"][usize::from(b) % 4]),
        ],
    );
    let mut order: Vec<usize> = (0..count).collect();
    let by = choices.below(count);
    order.rotate_left(by);
    let mut staff: Vec<Person> = Vec::new();
    for (name, at) in names.into_iter().zip(order) {
        // The n-th of the order serves in the n-th slot's team, whoever comes after in any.
        let own = slots.get(at).cloned().unwrap_or_else(|| choices.one_of(slots));
        let mut teams = vec![own];
        for team in &different {
            if choices.once_in(3) && !teams.contains(team) {
                teams.insert(0, (*team).clone());
            }
        }
        staff.push(Person {
            name,
            teams,
            cap: choices.one_of(caps),
        });
    }
    staff
}

fn pool(choices: &mut Choices<'_>, most: usize, slots: &[String], staff: &[Person]) -> Vec<Target> {
    let count = 1 + choices.below(most);
    let ids = names(
        choices,
        count,
        [
            |n, _| format!("9141082300000{n:04}X"),
            |n, b| {
                format!(
                    "{}{n}{}",
                    ["A", "Z", "0"][usize::from(b) % 3],
                    ["", "-2", "."][usize::from(b / 3) % 3]
                )
            },
        ],
    );
    let strata = &["key", "general", "0.other_"][..1 + choices.below(3)];
    let tiers = 1 + choices.below(3);
    let weights = choices.one_of(&[&WEIGHTS[..1], &WEIGHTS[..5], &WEIGHTS[..], &WEIGHTS[6..9]]);
    let flags = choices.one_of(&[&["R"][..], &["R", "R", "R", "M", "X:cap", "X:closed", "R", "R"]]);
    let mut pool = Vec::new();
    for id in ids {
        let flag = if pool.is_empty() {
            "R"
        } else {
            choices.one_of(flags)
        };
        let elig = if flag.starts_with("X:") {
            Vec::new()
        } else {
            elig(choices, slots, staff)
        };
        pool.push(Target {
            id,
            stratum: choices.one_of(strata).into(),
            tier: [0, 1, 9][choices.below(tiers)],
            weight: choices.one_of(weights),
            flag: flag.into(),
            name: choices.one_of(&NAMES).into(),
            salt: to_hex(&choices.hash().0[..16]),
            elig,
        });
    }
    pool
}

/// Inspectors who can fill a task, often nobody more than needed.
fn elig(choices: &mut Choices<'_>, slots: &[String], staff: &[Person]) -> Vec<usize> {
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for slot in slots {
        let free = |at: &usize| staff[*at].teams.contains(slot) && !chosen.contains(at);
        let free: Vec<usize> = (0..staff.len()).filter(free).collect();
        if !free.is_empty() {
            chosen.insert(choices.one_of(&free));
        }
    }
    if chosen.len() < slots.len() {
        // Someone of several teams was taken for the wrong slot; with everyone there is a team.
        return (0..staff.len()).collect();
    }
    let density = choices.below(4);
    chosen.extend((0..staff.len()).filter(|_| choices.below(4) < density));
    chosen.into_iter().collect()
}

fn quotas(choices: &mut Choices<'_>, pool: &[Target]) -> BTreeMap<String, Quota> {
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    for target in pool.iter().filter(|t| t.flag == "R") {
        *lines.entry(target.stratum.clone()).or_default() += 1;
    }
    let mut quotas = BTreeMap::new();
    for (stratum, count) in lines {
        let quota = match choices.below(4) {
            0 => ratio(choices, count),
            1 => Quota {
                number: count,
                ratio: None,
            },
            _ => Quota {
                number: u32::from(choices.byte()) % (count + 1),
                ratio: None,
            },
        };
        quotas.insert(stratum, quota);
    }
    quotas
}

fn ratio(choices: &mut Choices<'_>, lines: u32) -> Quota {
    let den = 1 + u32::from(choices.byte());
    let num = 1 + u32::from(choices.byte()) % den;
    Quota {
        number: (lines * num).div_ceil(den),
        ratio: Some((num, den)),
    }
}
