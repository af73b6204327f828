//! Who may serve at which site: field, unit, recusal, rotation (R5.1d, mcd1 `elig.tsv`).
//! Never lets a site into a draw for which no team could be formed: that would protect it.

use std::collections::{BTreeMap, BTreeSet};

use draw::assign::can_fill_one;
use draw::form::MAX_FILE_BYTES;
use draw::table::TeamBits;

use super::finding::{Code, Finding};
use super::index::Index;
use super::past::Past;
use super::plan::ImplementationPlan;
use super::pool::{Line, NAMED_MAX, Pool, too_large};
use super::references::References;
use super::staffing::{Out, Staffing};

/// Most findings about single sites; the rest is counted.
const FINDINGS_MAX: usize = 20;
/// People of a line who are tried before all of them are.
const PEOPLE_TRIED_FIRST: usize = 64;

/// Who may serve where. Sites of a stratum share one list of people, less those barred from a site alone, so that
/// memory is that of the strata and bars, not of sites times people.
pub(super) struct Eligibility {
    /// Fit people whom each stratum takes, by place, ascending.
    base: Vec<Vec<u32>>,
    recused: BTreeMap<u32, BTreeSet<u32>>,
    rotated: BTreeMap<u32, BTreeSet<u32>>,
    /// The bit of each slot's team.
    slots: Vec<TeamBits>,
}

impl Eligibility {
    pub(super) fn new(
        plan: &ImplementationPlan,
        index: &Index<'_>,
        staffing: &Staffing,
        named: References,
        past: Past,
    ) -> Self {
        let people = index.people();
        let serves = |stratum: &super::plan::Stratum| {
            let fits = |place: &u32| stratum.served_by.matches(people[*place as usize]);
            staffing.fit().filter(fits).collect()
        };
        let teams = plan.slots.different();
        let bit = |slot| teams.iter().position(|team| *team == slot).map(|at| 1 << at);
        Self {
            base: plan.strata.iter().map(serves).collect(),
            recused: named.recused,
            rotated: past.rotated,
            slots: plan.slots.teams().iter().filter_map(bit).collect(),
        }
    }

    /// Who may serve somewhere in a stratum.
    pub(super) fn base(&self, stratum: usize) -> &[u32] {
        &self.base[stratum]
    }

    /// The bit of each slot's team.
    pub(super) fn slots(&self) -> &[TeamBits] {
        &self.slots
    }

    /// Who is barred from this site alone: by recusal, by rotation.
    fn bars(&self, site: u32) -> [Option<&BTreeSet<u32>>; 2] {
        [self.recused.get(&site), self.rotated.get(&site)]
    }

    fn has_bars(&self, site: u32) -> bool {
        self.bars(site).iter().any(Option::is_some)
    }

    fn of(&self, line: &Line) -> impl Iterator<Item = u32> {
        let bars = self.bars(line.site);
        let free = move |person: &u32| !bars.iter().flatten().any(|barred| barred.contains(person));
        self.base[line.stratum].iter().copied().filter(free)
    }

    /// Marks those who may serve at no line as out of the draw: barred from every line of every stratum of theirs.
    pub(super) fn mark_idle(&self, pool: &Pool, staffing: &mut Staffing) {
        let mut lines = vec![0_usize; self.base.len()];
        let mut barred: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        for line in pool.drawable() {
            lines[line.stratum] += 1;
            let people: BTreeSet<u32> = self
                .bars(line.site)
                .into_iter()
                .flatten()
                .flatten()
                .copied()
                .collect();
            people
                .into_iter()
                .for_each(|person| *barred.entry((line.stratum, person)).or_default() += 1);
        }
        let mut busy = vec![false; staffing.members.len()];
        for (stratum, base) in self.base.iter().enumerate() {
            let bars = |person| barred.get(&(stratum, person)).copied().unwrap_or_default();
            let goes = base.iter().filter(|person| bars(**person) < lines[stratum]);
            goes.for_each(|person| busy[*person as usize] = true);
        }
        for (member, busy) in staffing.members.iter_mut().zip(busy) {
            if member.out.is_empty() && !busy {
                member.out.push(Out::NoTarget);
            }
        }
    }

    /// Whether the people of one line can fill its slots; nearly always the first few can.
    fn line_can_fill(&self, line: &Line, staffing: &Staffing) -> bool {
        let fills = |people: Vec<u32>| can_fill_one(&staffing.bits, &people, &self.slots);
        fills(self.of(line).take(PEOPLE_TRIED_FIRST).collect()) || fills(self.of(line).collect())
    }

    /// Whether a stratum's people can fill the slots of one task.
    pub(super) fn stratum_can_fill(&self, stratum: usize, staffing: &Staffing) -> bool {
        can_fill_one(&staffing.bits, &self.base[stratum], &self.slots)
    }

    /// Each line must by itself be able to fill all slots of one task.
    pub(super) fn check(
        &self,
        plan: &ImplementationPlan,
        index: &Index<'_>,
        pool: &Pool,
        staffing: &Staffing,
        findings: &mut Vec<Finding>,
    ) {
        let hopeless: Vec<bool> = (0..self.base.len())
            .map(|s| !self.stratum_can_fill(s, staffing))
            .collect();
        let mut failing: BTreeMap<usize, Vec<&Line>> = BTreeMap::new();
        let mut single = Vec::new();
        for line in pool.drawable() {
            if hopeless[line.stratum] {
                failing.entry(line.stratum).or_default().push(line);
            } else if self.has_bars(line.site) && !self.line_can_fill(line, staffing) {
                single.push(line);
            }
        }
        let why = Why {
            eligibility: self,
            plan,
            index,
            staffing,
        };
        findings.extend(failing.values().filter_map(|lines| why.stratum(lines)));
        findings.extend(single.iter().take(FINDINGS_MAX).map(|line| why.site(line)));
        if let Some(more) = single.len().checked_sub(FINDINGS_MAX).filter(|more| *more > 0) {
            findings.push(Finding::new(
                Code::NoTeam,
                format!("另有 {more} 家也因回避或轮换组不成检查组，请先处理上面各家"),
            ));
        }
    }

    /// `elig.tsv`, unless it would be larger than mcd1 allows: that is known before anything is written.
    pub(super) fn to_text(&self, index: &Index<'_>, pool: &Pool) -> Result<String, Finding> {
        let names: Vec<String> = (0..)
            .take(index.people().len())
            .map(|place| index.pseudonym(place))
            .collect();
        let of_stratum: Vec<String> = self
            .base
            .iter()
            .map(|base| joined(base.iter().copied(), &names))
            .collect();
        let longest =
            |line: &Line| index.site(line.site).id.as_str().len() + of_stratum[line.stratum].len() + 2;
        if pool.drawable().map(longest).sum::<usize>() > MAX_FILE_BYTES {
            return Err(too_large("elig.tsv"));
        }
        let mut text = String::new();
        for line in pool.drawable() {
            text.push_str(index.site(line.site).id.as_str());
            text.push('\t');
            if self.has_bars(line.site) {
                text.push_str(&joined(self.of(line), &names));
            } else {
                text.push_str(&of_stratum[line.stratum]);
            }
            text.push('\n');
        }
        Ok(text)
    }
}

fn joined(people: impl Iterator<Item = u32>, names: &[String]) -> String {
    let names: Vec<&str> = people.map(|person| names[person as usize].as_str()).collect();
    names.join(",")
}

/// Says why no team can be formed.
struct Why<'a> {
    eligibility: &'a Eligibility,
    plan: &'a ImplementationPlan,
    index: &'a Index<'a>,
    staffing: &'a Staffing,
}

impl Why<'_> {
    /// For all lines of a stratum, whose people could not even fill one task without any bars.
    fn stratum(&self, lines: &[&Line]) -> Option<Finding> {
        let first = lines.first()?;
        let stratum = &self.plan.strata[first.stratum];
        let named: Vec<String> = lines
            .iter()
            .take(NAMED_MAX)
            .map(|line| self.named(line))
            .collect();
        let more = if lines.len() > NAMED_MAX { " 等" } else { "" };
        let (count, names) = (lines.len(), named.join("、"));
        let title = &stratum.title;
        let losses = self.losses(first, false);
        Some(Finding::new(
            Code::NoTeam,
            format!(
                "分层“{title}”的 {count} 家都组不成检查组（{names}{more}）：{losses}；请更新执法检查人员名录库，或修改班组、执法领域的条件"
            ),
        ))
    }

    /// For one line, where recusal or rotation takes away too many.
    fn site(&self, line: &Line) -> Finding {
        let (name, losses) = (self.named(line), self.losses(line, true));
        Finding::new(
            Code::NoTeam,
            format!("{name}组不成检查组：{losses}；请缩短轮换、核对回避，或增加可派的人员"),
        )
    }

    fn named(&self, line: &Line) -> String {
        let site = self.index.site(line.site);
        format!("“{}”（{}）", site.source.name, site.id)
    }

    /// How many fall out for what, each person once, and who is left.
    fn losses(&self, line: &Line, with_bars: bool) -> String {
        let mut counts: BTreeMap<Loss, usize> = BTreeMap::new();
        let mut left = Vec::new();
        for place in (0..).take(self.index.people().len()) {
            match self
                .loss(line, place)
                .filter(|loss| with_bars || *loss < Loss::Recusal)
            {
                Some(loss) => *counts.entry(loss).or_default() += 1,
                None => left.push(place),
            }
        }
        let lost: Vec<String> = counts
            .iter()
            .map(|(loss, count)| format!("{} {count} 人", loss.words()))
            .collect();
        let lost = if lost.is_empty() {
            String::new()
        } else {
            format!("{}，", lost.join("、"))
        };
        let (all, left_count, needs) = (self.index.people().len(), left.len(), self.needs(&left));
        format!("名录库 {all} 人中，{lost}剩下 {left_count} 人；{needs}")
    }

    /// The first thing that keeps a person from a site.
    fn loss(&self, line: &Line, place: u32) -> Option<Loss> {
        let unfit = self.staffing.member(place).out.first().and_then(|out| match out {
            Out::NotInPost { .. } => Some(Loss::Post),
            Out::CertificateEnds { .. } | Out::CertificateWithoutTerm => Some(Loss::Certificate),
            Out::NoTeam => Some(Loss::Team),
            Out::NoTarget => None,
        });
        unfit.or_else(|| {
            if self.eligibility.base(line.stratum).binary_search(&place).is_err() {
                return Some(Loss::Field);
            }
            let bars = self
                .eligibility
                .bars(line.site)
                .into_iter()
                .zip([Loss::Recusal, Loss::Rotation]);
            bars.filter(|(barred, _)| barred.is_some_and(|barred| barred.contains(&place)))
                .map(|(_, loss)| loss)
                .next()
        })
    }

    /// What each team needs and has.
    fn needs(&self, left: &[u32]) -> String {
        let teams = self.plan.slots.different();
        let need = |(at, team): (usize, &&super::numbers::Name)| {
            let has = left
                .iter()
                .filter(|place| self.staffing.member(**place).teams & (1 << at) != 0)
                .count();
            format!(
                "班组 {team} 需要 {} 人、可派 {has} 人",
                self.plan.slots.of_team(team)
            )
        };
        teams.iter().enumerate().map(need).collect::<Vec<_>>().join("，")
    }
}

/// What keeps a person from a site, in the order in which it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    Post,
    Certificate,
    Team,
    Field,
    Recusal,
    Rotation,
}

impl Loss {
    const fn words(self) -> &'static str {
        match self {
            Self::Post => "不在岗",
            Self::Certificate => "执法证不能覆盖整个实施时间",
            Self::Team => "不在有岗位的班组",
            Self::Field => "执法领域或单位不符",
            Self::Recusal => "回避",
            Self::Rotation => "轮换",
        }
    }
}
