//! Whether there are places enough: the caps of all who may go, against the slots of all tasks.
//! Never promises that every slot will be filled; that is for rehearsals of the draw. It finds what cannot be.

use draw::table::TeamBits;

use super::eligibility::Eligibility;
use super::finding::{Code, Finding};
use super::numbers::Name;
use super::plan::ImplementationPlan;
use super::pool::Pool;
use super::staffing::Staffing;

/// Places of a draw: how many its tasks need, and how many its people have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Slots of all tasks.
    pub needed: u64,
    /// Most tasks of all people together.
    pub there: u64,
    /// The same of each team with a slot, in the order of the slots.
    pub teams: Vec<TeamPlaces>,
}

/// Places of one team. Who is in two teams counts in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamPlaces {
    /// The team.
    pub team: Name,
    /// Its slots of all tasks.
    pub needed: u64,
    /// Its people in the draw.
    pub people: usize,
    /// Most tasks of its people together.
    pub there: u64,
}

impl TeamPlaces {
    /// Places that are left when every slot is filled.
    #[must_use]
    pub fn spare(&self) -> u64 {
        self.there.saturating_sub(self.needed)
    }
}

impl Places {
    /// The team that runs out first.
    #[must_use]
    pub fn bottleneck(&self) -> Option<&TeamPlaces> {
        self.teams.iter().min_by_key(|team| team.spare())
    }
}

/// Tasks of a stratum or of all, with the people who may go and the most tasks that each may take.
struct Demand<'a> {
    title: String,
    tasks: u64,
    people: Vec<(u32, u64)>,
    slots: &'a [TeamBits],
    staffing: &'a Staffing,
}

/// Finds the teams with too few places: over the whole draw, then within each stratum alone.
pub(super) fn check(
    plan: &ImplementationPlan,
    pool: &Pool,
    eligibility: &Eligibility,
    staffing: &Staffing,
    findings: &mut Vec<Finding>,
) {
    // A stratum without any team is told already, more precisely.
    let told = |stratum: usize| !eligibility.stratum_can_fill(stratum, staffing);
    if !(0..plan.strata.len()).any(|stratum| pool.strata[stratum].tasks() > 0 && told(stratum)) {
        let short = demand_of_all(plan, pool, eligibility, staffing).shortages(plan);
        if !short.is_empty() {
            findings.extend(short);
            return;
        }
    }
    for (stratum, of) in plan
        .strata
        .iter()
        .enumerate()
        .filter(|(stratum, _)| !told(*stratum))
    {
        let tasks = pool.strata[stratum].tasks() as u64;
        let cap = |&place: &u32| (place, u64::from(staffing.member(place).cap.get()).min(tasks));
        let demand = Demand {
            title: format!("分层“{}”", of.title),
            tasks,
            people: eligibility.base(stratum).iter().map(cap).collect(),
            slots: eligibility.slots(),
            staffing,
        };
        findings.extend(demand.shortages(plan));
    }
}

/// Places of the whole draw, for the report.
pub(super) fn of_all(
    plan: &ImplementationPlan,
    pool: &Pool,
    eligibility: &Eligibility,
    staffing: &Staffing,
) -> Places {
    let demand = demand_of_all(plan, pool, eligibility, staffing);
    let teams = plan.slots.different().into_iter().zip(0..);
    let of_team = |(team, at): (&Name, u32)| {
        let set = 1 << at;
        TeamPlaces {
            team: team.clone(),
            needed: demand.needed(set),
            people: demand.people_of(set).filter(|places| *places > 0).count(),
            there: demand.there(set),
        }
    };
    Places {
        needed: demand.tasks * plan.slots.teams().len() as u64,
        there: demand.people.iter().map(|(_, places)| places).sum(),
        teams: teams.map(of_team).collect(),
    }
}

fn demand_of_all<'a>(
    plan: &ImplementationPlan,
    pool: &Pool,
    eligibility: &'a Eligibility,
    staffing: &'a Staffing,
) -> Demand<'a> {
    // Nobody can take more tasks than there are in the strata where he or she may go.
    let mut reach = vec![0_u64; staffing.members.len()];
    for stratum in 0..plan.strata.len() {
        let tasks = pool.strata[stratum].tasks() as u64;
        eligibility
            .base(stratum)
            .iter()
            .for_each(|&place| reach[place as usize] += tasks);
    }
    let capped = |place: u32| u64::from(staffing.member(place).cap.get()).min(reach[place as usize]);
    Demand {
        title: "本次抽取".to_owned(),
        tasks: pool.strata.iter().map(|tally| tally.tasks() as u64).sum(),
        people: staffing.fit().map(|place| (place, capped(place))).collect(),
        slots: eligibility.slots(),
        staffing,
    }
}

impl Demand<'_> {
    /// The smallest sets of teams whose slots are more than the places of all their people (Hall's condition).
    fn shortages(&self, plan: &ImplementationPlan) -> Vec<Finding> {
        let teams = plan.slots.different();
        let mut short: Vec<TeamBits> = Vec::new();
        let mut sets: Vec<TeamBits> = (1..=u8::MAX)
            .filter(|set| u32::from(*set) < 1 << teams.len())
            .collect();
        sets.sort_by_key(|set| (set.count_ones(), *set));
        for set in sets {
            let explained = short.iter().any(|smaller| smaller & set == *smaller);
            if !explained && self.needed(set) > self.there(set) {
                short.push(set);
            }
        }
        short.iter().map(|set| self.shortage(*set, &teams)).collect()
    }

    fn slots_of(&self, set: TeamBits) -> u64 {
        self.slots.iter().filter(|team| *team & set != 0).count() as u64
    }

    fn needed(&self, set: TeamBits) -> u64 {
        self.tasks * self.slots_of(set)
    }

    fn people_of(&self, set: TeamBits) -> impl Iterator<Item = u64> {
        let of = move |(place, _): &&(u32, u64)| self.staffing.member(*place).teams & set != 0;
        self.people.iter().filter(of).map(|(_, places)| *places)
    }

    fn there(&self, set: TeamBits) -> u64 {
        self.people_of(set).sum()
    }

    fn shortage(&self, set: TeamBits, teams: &[&Name]) -> Finding {
        let names = (0..)
            .zip(teams)
            .filter(|(t, _)| set & (1 << t) != 0)
            .map(|(_, team)| team.to_string());
        let (names, title, tasks) = (names.collect::<Vec<_>>().join("、"), &self.title, self.tasks);
        let (slots, needed, there) = (self.slots_of(set), self.needed(set), self.there(set));
        let (people, lacking) = (self.people_of(set).count(), needed - there);
        Finding::new(
            Code::TooFewPlaces,
            format!(
                "{title}共 {tasks} 个任务，班组 {names} 每个任务 {slots} 个岗位，需要 {needed} 人次；可派的 {people} 人按任务上限合计只有 {there} 人次，缺 {lacking} 人次；请提高任务上限 cap、增加班组人员，或减少抽取数量"
            ),
        )
    }
}
