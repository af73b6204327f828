//! The tables of a draw: pool, staff, eligibility, result, substitutions (section 3).
//! Never copies a column: lines borrow from the bytes that were given, and those are what is hashed.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::form::{self, Wrong, columns, is_name, is_target_id};
use crate::hash::{Hash32, is_hex};
use crate::plan::Plan;

/// `flag` of a line of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag<'a> {
    /// `R`: takes part in the random selection.
    Random,
    /// `M`: taken without chance.
    Mandatory,
    /// `X:<reason>`: left out, for one of the plan's reasons.
    Excluded(&'a str),
}

impl fmt::Display for Flag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random => f.write_str("R"),
            Self::Mandatory => f.write_str("M"),
            Self::Excluded(reason) => write!(f, "X:{reason}"),
        }
    }
}

/// 检查对象: a line of `pool.tsv`, a site that may be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLine<'a> {
    /// Credit code, with a suffix where an enterprise has several sites.
    pub id: &'a str,
    /// Stratum.
    pub stratum: &'a str,
    /// 0–9; all of a tier come before the next.
    pub tier: u8,
    /// 1 or more.
    pub weight: u32,
    /// How it takes part.
    pub flag: Flag<'a>,
    /// Name, for people.
    pub name: &'a str,
    /// 32 hex digits.
    pub salt: &'a str,
}

impl fmt::Display for PoolLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            stratum,
            tier,
            weight,
            flag,
            name,
            salt,
        } = self;
        write!(f, "{id}\t{stratum}\t{tier}\t{weight}\t{flag}\t{name}\t{salt}")
    }
}

/// Parses every line; the fault names the line.
fn each_line<'a, T>(
    bytes: &'a [u8],
    mut read: impl FnMut(&'a str) -> Result<T, Wrong>,
) -> Result<Vec<T>, Wrong> {
    let lines = form::lines(bytes)?.into_iter().zip(1..);
    lines
        .map(|(line, at)| read(line).map_err(|wrong| format!("第 {at} 行：{wrong}")))
        .collect()
}

fn formed<T>(column: &str, text: &str, value: Option<T>) -> Result<T, Wrong> {
    value.ok_or_else(|| format!("{column} 的形式不对：“{text}”"))
}

fn ascending<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> Result<(), Wrong> {
    let later = keys.clone().skip(1);
    match keys.zip(later).find(|(a, b)| a >= b) {
        Some((a, b)) => Err(format!("“{b}”不应排在“{a}”之后（须由小到大、不重复）")),
        None => Ok(()),
    }
}

/// Reads `pool.tsv`.
///
/// # Errors
/// A sentence that names the line and the form that is broken.
pub fn parse_pool(bytes: &[u8]) -> Result<Vec<PoolLine<'_>>, Wrong> {
    let pool = each_line(bytes, |line| {
        let [id, stratum, tier, weight, flag, name, salt] = columns(line)?;
        Ok(PoolLine {
            id: formed("id", id, is_target_id(id).then_some(id))?,
            stratum: formed("stratum", stratum, is_name(stratum).then_some(stratum))?,
            tier: formed(
                "tier",
                tier,
                form::integer(tier)
                    .and_then(|t| u8::try_from(t).ok())
                    .filter(|&t| t <= 9),
            )?,
            weight: formed("weight", weight, form::weight(weight))?,
            flag: formed("flag", flag, parse_flag(flag))?,
            name,
            salt: formed("salt", salt, is_hex(salt, 32).then_some(salt))?,
        })
    })?;
    ascending(pool.iter().map(|line| line.id))?;
    if pool.iter().all(|line| matches!(line.flag, Flag::Excluded(_))) {
        return Err("没有一行是 R 或 M".into());
    }
    Ok(pool)
}

fn parse_flag(text: &str) -> Option<Flag<'_>> {
    match text {
        "R" => Some(Flag::Random),
        "M" => Some(Flag::Mandatory),
        _ => text
            .strip_prefix("X:")
            .filter(|reason| is_name(reason))
            .map(Flag::Excluded),
    }
}

/// The teams of inspectors as bits: bit t is the t-th of [`Plan::teams`].
pub type TeamBits = u8;

/// `staff.tsv`: the inspectors who may be drawn, by index in ascending order of their pseudonyms.
#[derive(Clone, Debug, Default)]
pub struct Staff<'a> {
    /// Pseudonyms that the bureau can resolve.
    pub names: Vec<&'a str>,
    /// The teams that each can serve in.
    pub teams: Vec<TeamBits>,
    /// The largest number of tasks for each.
    pub caps: Vec<u32>,
}

impl<'a> Staff<'a> {
    /// Reads `staff.tsv`; every team is the team of a slot of the plan.
    ///
    /// # Errors
    /// A sentence that names the line and the form that is broken.
    pub fn parse(bytes: &'a [u8], plan: &Plan) -> Result<Self, Wrong> {
        let teams = plan.teams();
        let mut staff = Self::default();
        let lines = each_line(bytes, |line| {
            let [inspector, of_teams, cap] = columns(line)?;
            let name = formed("inspector", inspector, is_name(inspector).then_some(inspector))?;
            let bits = form::list(of_teams, |team| teams.contains(&team));
            let bits = formed("teams", of_teams, bits)?
                .into_iter()
                .filter_map(|team| team_bit(&teams, team));
            let cap = formed("cap", cap, form::integer(cap).filter(|&cap| cap > 0))?;
            Ok((name, bits.fold(0, |all, bit| all | bit), cap))
        })?;
        for (name, bits, cap) in lines {
            staff.names.push(name);
            staff.teams.push(bits);
            staff.caps.push(cap);
        }
        ascending(staff.names.iter().copied())?;
        Ok(staff)
    }

    /// The index of an inspector.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        self.names
            .binary_search(&name)
            .ok()
            .and_then(|at| u32::try_from(at).ok())
    }

    /// The pseudonym of an index; `?` for nobody.
    #[must_use]
    pub fn name(&self, inspector: Option<u32>) -> &'a str {
        inspector.map_or("?", |at| self.names[at as usize])
    }

    /// A team in slot order, as a column.
    #[must_use]
    pub fn write_team(&self, team: &[Option<u32>]) -> String {
        team.iter()
            .map(|&inspector| self.name(inspector))
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// The bit of a team.
#[must_use]
pub fn team_bit(teams: &[&str], team: &str) -> Option<TeamBits> {
    teams.iter().position(|t| *t == team).map(|at| 1 << at)
}

/// The bit of each slot's team, in slot order.
#[must_use]
pub fn slot_bits(plan: &Plan) -> Vec<TeamBits> {
    let teams = plan.teams();
    plan.slots
        .iter()
        .filter_map(|slot| team_bit(&teams, slot))
        .collect()
}

/// `elig.tsv`: for each line of the pool, who may serve there at all; nobody for excluded lines.
#[derive(Clone, Debug)]
pub struct Elig {
    starts: Vec<usize>,
    inspectors: Vec<u32>,
}

impl Elig {
    /// Reads `elig.tsv`: one line for each `R` or `M` line of the pool, in the same order.
    ///
    /// # Errors
    /// A sentence that names the line and the form that is broken.
    pub fn parse(bytes: &[u8], pool: &[PoolLine<'_>], staff: &Staff<'_>) -> Result<Self, Wrong> {
        let index: HashMap<&str, u32> = staff.names.iter().copied().zip(0..).collect();
        let mut lines = form::lines(bytes)?.into_iter().zip(1..);
        let mut elig = Self {
            starts: vec![0],
            inspectors: Vec::new(),
        };
        for line in pool {
            if !matches!(line.flag, Flag::Excluded(_)) {
                let (text, at) = lines.next().ok_or_else(|| format!("缺少 {} 的一行", line.id))?;
                elig.read_line(text, line.id, &index)
                    .map_err(|wrong| format!("第 {at} 行：{wrong}"))?;
            }
            elig.starts.push(elig.inspectors.len());
        }
        match lines.next() {
            Some((_, at)) => Err(format!("第 {at} 行不对应名录池的任何一行")),
            None => Ok(elig),
        }
    }

    fn read_line(&mut self, text: &str, id: &str, index: &HashMap<&str, u32>) -> Result<(), Wrong> {
        let [target, inspectors] = columns(text)?;
        if target != id {
            return Err(format!("应为 {id}，这里是 {target}"));
        }
        ascending(inspectors.split(','))?;
        for name in inspectors.split(',') {
            let inspector = index
                .get(name)
                .ok_or_else(|| format!("人员“{name}”不在 staff.tsv 中"))?;
            self.inspectors.push(*inspector);
        }
        Ok(())
    }

    /// Made of lists of inspectors, one for each line of the pool: for rehearsals and tests.
    #[must_use]
    pub fn from_lists(lists: &[Vec<u32>]) -> Self {
        let mut elig = Self {
            starts: vec![0],
            inspectors: Vec::new(),
        };
        for list in lists {
            elig.inspectors.extend(list);
            elig.starts.push(elig.inspectors.len());
        }
        elig
    }

    /// Who may serve at a line of the pool, ascending.
    #[must_use]
    pub fn of(&self, line: usize) -> &[u32] {
        &self.inspectors[self.starts[line]..self.starts[line + 1]]
    }
}

/// `status` of a line of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `M`: taken without chance.
    Mandatory,
    /// `S`: selected by chance.
    Selected,
    /// `N`: not selected.
    NotSelected,
    /// `X`: excluded.
    Excluded,
}

impl Status {
    /// The letter in the file.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Mandatory => "M",
            Self::Selected => "S",
            Self::NotSelected => "N",
            Self::Excluded => "X",
        }
    }

    /// Whether the target is to be inspected.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Mandatory | Self::Selected)
    }

    fn from_letter(letter: &str) -> Option<Self> {
        let all = [Self::Mandatory, Self::Selected, Self::NotSelected, Self::Excluded];
        all.into_iter().find(|status| status.letter() == letter)
    }
}

/// Checks the form of `result.tsv`; what it says is held against the recomputed list, byte for byte.
///
/// # Errors
/// A sentence that names the line and the form that is broken.
pub fn check_result_form(bytes: &[u8]) -> Result<(), Wrong> {
    each_line(bytes, |line| {
        let [id, ticket, status, inspectors, salt] = columns(line)?;
        formed("id", id, is_target_id(id).then_some(()))?;
        let of = formed("status", status, Status::from_letter(status))?;
        let no_ticket = of == Status::Excluded;
        let ticket_fits = if no_ticket {
            ticket == "-"
        } else {
            is_hex(ticket, 64)
        };
        formed("ticket", ticket, ticket_fits.then_some(()))?;
        let team_fits = if of.is_taken() {
            is_team(inspectors)
        } else {
            inspectors == "-"
        };
        formed("inspectors", inspectors, team_fits.then_some(()))?;
        formed("salt", salt, is_hex(salt, 64).then_some(()))
    })
    .map(drop)
}

/// A list of inspectors in slot order, in which only `?` may repeat.
fn is_team(text: &str) -> bool {
    let named: Vec<&str> = text.split(',').filter(|name| *name != "?").collect();
    let different: BTreeSet<&str> = named.iter().copied().collect();
    different.len() == named.len() && named.iter().all(|name| is_name(name))
}

/// What a substitution replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubKind {
    /// The task is given up; the first of the reserve takes its place.
    Target,
    /// An inspector is replaced on a task.
    Inspector,
}

/// A line of `subs.tsv`.
#[derive(Clone, Copy, Debug)]
pub struct SubLine<'a> {
    /// What is replaced.
    pub kind: SubKind,
    /// The task.
    pub target: &'a str,
    /// Who or what is given up.
    pub old: &'a str,
    /// Who or what comes instead.
    pub new: &'a str,
    /// The team after the row, in slot order, or `-`.
    pub team: &'a str,
    /// The first eight columns, which the record commits to.
    pub committed: &'a str,
    /// 32 bytes that hide the row until the reveal.
    pub salt: Hash32,
}

/// Reads `subs.tsv`.
///
/// # Errors
/// A sentence that names the line and the form that is broken.
pub fn parse_subs(bytes: &[u8]) -> Result<Vec<SubLine<'_>>, Wrong> {
    let mut count = 0;
    each_line(bytes, |line| {
        count += 1;
        parse_sub(line, count)
    })
}

fn parse_sub(line: &str, count: u32) -> Result<SubLine<'_>, Wrong> {
    let [n, kind, target, old, new, team, _reason, evidence, salt] = columns(line)?;
    formed("n", n, form::integer(n).filter(|&n| n == count))?;
    formed("target", target, is_target_id(target).then_some(()))?;
    let (kind, old_fits, new_fits) = match kind {
        "target" => (
            SubKind::Target,
            is_target_id(old),
            new == "-" || is_target_id(new),
        ),
        "inspector" => (
            SubKind::Inspector,
            old == "?" || is_name(old),
            new == "?" || is_name(new),
        ),
        _ => return Err(format!("kind 的形式不对：“{kind}”")),
    };
    formed("old", old, old_fits.then_some(()))?;
    formed("new", new, new_fits.then_some(()))?;
    // `-` only where nobody follows; a team where nobody follows is for the check of substitutions.
    let nobody_follows = kind == SubKind::Target && new == "-";
    let team_fits = is_team(team) || (team == "-" && nobody_follows);
    formed("team", team, team_fits.then_some(()))?;
    formed(
        "evidence",
        evidence,
        (evidence == "-" || is_hex(evidence, 64)).then_some(()),
    )?;
    let committed = &line[..line.len() - salt.len() - 1];
    let salt = formed("salt", salt, Hash32::from_hex(salt))?;
    Ok(SubLine {
        kind,
        target,
        old,
        new,
        team,
        committed,
        salt,
    })
}
