//! What a verifier checks (section 6): nine checks, each named, the first failure ends it.
//! Never trusts anything but the bytes of the folder.

use std::collections::BTreeMap;
use std::fmt;

use crate::assign::{Beyond, can_fill_one};
use crate::folder::{
    COMMIT, DRAW, ELIG, Files, Folder, Kind, PLAN, POOL, STAFF, SUBS, Unsealed, VOID, sub_name,
};
use crate::form::{self, Wrong};
use crate::hash::{Hash32, encode};
use crate::list::{Inputs, List};
use crate::merkle::root;
use crate::plan::{Plan, Quota};
use crate::public::Assurance;
use crate::record::{Commit, Reveal, Time};
use crate::share::{self, Share};
use crate::substitute::{Request, Tasks};
use crate::table::{Flag, PoolLine, SubKind, slot_bits};

/// The checks, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Each file that the kind needs is there, and is of its form.
    Form,
    /// Records follow each other: hashes, draw numbers, times, numbers of substitutions.
    Chain,
    /// Plan and pool are the committed ones.
    Commitment,
    /// Slots, strata, quotas, ratios, reasons of exclusion.
    Plan,
    /// Each line can fill a task; staff and eligibility are the committed ones.
    Eligibility,
    /// Shares as committed, at least two, all different.
    Shares,
    /// The public value has the form of its rule.
    Public,
    /// The list is the recomputed one, byte for byte.
    Draw,
    /// Each substitution opens its record and follows the order.
    Substitutions,
}

impl Check {
    /// The name that verifiers print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Chain => "chain",
            Self::Commitment => "commitment",
            Self::Plan => "plan",
            Self::Eligibility => "eligibility",
            Self::Shares => "shares",
            Self::Public => "public",
            Self::Draw => "draw",
            Self::Substitutions => "substitutions",
        }
    }
}

/// What ended the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All checks pass.
    Passes,
    /// The checks that an open folder allows pass; it is not yet unsealed.
    Open,
    /// The named check fails.
    Fails(Check, Wrong),
    /// More than this program can do in reasonable time.
    Beyond,
}

impl Verdict {
    /// 0 passes, 1 fails, 2 beyond its means, 3 open.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Passes => 0,
            Self::Fails(..) => 1,
            Self::Beyond => 2,
            Self::Open => 3,
        }
    }
}

/// What a verifier has to say of a folder.
#[derive(Clone, Debug)]
pub struct Report {
    /// The checks that pass.
    pub passed: Vec<Check>,
    /// What ended them.
    pub verdict: Verdict,
    /// What is for the eye, if the folder has its form.
    pub facts: Option<Facts>,
}

/// What is for the eye, after the checks.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Kind of folder.
    pub kind: Kind,
    /// To compare with the printed slip.
    pub commitment: Hash32,
    /// The public value, to compare with its source.
    pub public: Option<String>,
    /// The label that the rule gives.
    pub assurance: Assurance,
    /// Label A with a draw less than an hour after the commitment: only claimed.
    pub claimed_only: bool,
    /// Revealed after the date that was promised.
    pub late: bool,
    /// Vacant slots after the last substitution, once the list is recomputed.
    pub vacancies: Option<usize>,
    /// The list of a draw that was given up before it was computed.
    pub recomputed: Option<String>,
}

impl fmt::Display for Report {
    /// One line a check, then the facts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.passed {
            writeln!(f, "PASS {}", check.name())?;
        }
        if let Verdict::Fails(check, what) = &self.verdict {
            return writeln!(f, "FAIL {}: {what}", check.name());
        }
        self.facts.as_ref().map_or(Ok(()), |facts| write!(f, "{facts}"))
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "kind: {}", self.kind.name())?;
        writeln!(f, "承诺的摘要（与当场发放的凭条核对）: {}", self.commitment)?;
        writeln!(
            f,
            "公共值（与其公布来源核对）: {}",
            self.public.as_deref().unwrap_or("尚未公布")
        )?;
        let claimed = if self.claimed_only {
            "（仅为自称：抽取距承诺不足一小时）"
        } else {
            ""
        };
        writeln!(f, "保证等级: {}{claimed}", self.assurance)?;
        if self.kind.is_unsealed() {
            writeln!(
                f,
                "启封: {}",
                if self.late {
                    "晚于承诺的期限"
                } else {
                    "按期"
                }
            )?;
        }
        if let Some(vacancies) = self.vacancies {
            writeln!(f, "最后一次替换后空缺的岗位: {vacancies}")?;
        }
        match &self.recomputed {
            Some(list) => write!(f, "作废时尚未形成名单，重算的名单为：\n{list}"),
            None => Ok(()),
        }
    }
}

/// Why a check does not pass.
enum Stop {
    Wrong(Wrong),
    Beyond,
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Beyond> for Stop {
    fn from(_: Beyond) -> Self {
        Self::Beyond
    }
}

/// Verifies a folder.
#[must_use]
pub fn verify(files: &Files) -> Report {
    let mut passed = Vec::new();
    let folder = match Folder::parse(files) {
        Ok(folder) => folder,
        Err(wrong) => {
            return Report {
                passed,
                verdict: Verdict::Fails(Check::Form, wrong),
                facts: None,
            };
        }
    };
    passed.push(Check::Form);
    let mut facts = Facts::of(&folder);
    let verdict = run(&folder, &mut passed, &mut facts);
    Report {
        passed,
        verdict,
        facts: Some(facts),
    }
}

fn run(folder: &Folder<'_>, passed: &mut Vec<Check>, facts: &mut Facts) -> Verdict {
    let mut check = |check: Check, outcome: Result<(), Stop>| match outcome {
        Ok(()) => {
            passed.push(check);
            Ok(())
        }
        Err(Stop::Wrong(wrong)) => Err(Verdict::Fails(check, wrong)),
        Err(Stop::Beyond) => Err(Verdict::Beyond),
    };
    let mut all = || {
        check(Check::Chain, chain(folder).map_err(Stop::Wrong))?;
        check(Check::Commitment, commitment(folder).map_err(Stop::Wrong))?;
        check(Check::Plan, plan(&folder.plan, &folder.pool).map_err(Stop::Wrong))?;
        if let Some(unsealed) = &folder.unsealed {
            check(
                Check::Eligibility,
                eligibility(folder, unsealed).map_err(Stop::Wrong),
            )?;
            let secrets = shares(folder, unsealed);
            let known = secrets
                .as_ref()
                .map(drop)
                .map_err(Clone::clone)
                .map_err(Stop::Wrong);
            check(Check::Shares, known)?;
            check(Check::Public, public(folder).map_err(Stop::Wrong))?;
            let mut list = None;
            let drawn = secrets
                .map_err(Stop::Wrong)
                .and_then(|secrets| draw(folder, unsealed, &secrets));
            check(Check::Draw, drawn.map(|found| list = Some(found)))?;
            let tasks = list
                .as_ref()
                .map_or(Ok(0), |list| substitutions(folder, unsealed, list));
            check(
                Check::Substitutions,
                tasks
                    .map(|vacancies| facts.vacancies = Some(vacancies))
                    .map_err(Stop::Wrong),
            )?;
            facts.recomputed = list.filter(|_| folder.draw.is_none()).map(|list| list.to_text());
            return Ok(Verdict::Passes);
        }
        if folder.kind == Kind::VoidBefore {
            return Ok(Verdict::Passes);
        }
        check(Check::Public, public(folder).map_err(Stop::Wrong))?;
        Ok(Verdict::Open)
    };
    all().unwrap_or_else(|stopped: Verdict| stopped)
}

impl Facts {
    fn of(folder: &Folder<'_>) -> Self {
        let Folder {
            kind,
            commit,
            draw,
            void,
            unsealed,
            ..
        } = folder;
        let drawn_at = draw
            .as_ref()
            .map(|draw| draw.at.instant.seconds_since(commit.at.instant));
        let public = draw.as_ref().map(|draw| draw.public.clone());
        let late = |unsealed: &Unsealed<'_>| unsealed.reveal.at.instant > commit.reveal_by.instant;
        Self {
            kind: *kind,
            commitment: commit.alg.hash(&[folder.bytes(COMMIT)]),
            public: public.or_else(|| void.as_ref()?.public.clone()),
            assurance: commit.public.assurance(),
            claimed_only: commit.public.assurance() == Assurance::A && drawn_at.is_some_and(|s| s < 3600),
            late: unsealed.as_ref().is_some_and(late),
            vacancies: None,
            recomputed: None,
        }
    }
}

/// A record in the chain: its file, and what it says of the draw, the record before and the time.
struct Link<'f> {
    file: String,
    draw: &'f str,
    prev: Option<Hash32>,
    at: &'f Time,
}

fn links<'f>(folder: &'f Folder<'_>) -> Vec<Link<'f>> {
    let Folder {
        commit,
        draw,
        subs,
        void,
        unsealed,
        ..
    } = folder;
    let mut links = vec![Link {
        file: COMMIT.into(),
        draw: &commit.draw,
        prev: None,
        at: &commit.at,
    }];
    links.extend(draw.iter().map(|r| Link {
        file: DRAW.into(),
        draw: &r.draw,
        prev: Some(r.prev),
        at: &r.at,
    }));
    let numbered = subs.iter().zip(1..);
    links.extend(numbered.map(|(r, n)| Link {
        file: sub_name(n),
        draw: &r.draw,
        prev: Some(r.prev),
        at: &r.at,
    }));
    links.extend(void.iter().map(|r| Link {
        file: VOID.into(),
        draw: &r.draw,
        prev: Some(r.prev),
        at: &r.at,
    }));
    let reveal = unsealed.as_ref().map(|unsealed| &unsealed.reveal);
    let name = crate::folder::REVEAL;
    links.extend(reveal.map(|r| Link {
        file: name.into(),
        draw: &r.draw,
        prev: Some(r.prev),
        at: &r.at,
    }));
    links
}

fn chain(folder: &Folder<'_>) -> Result<(), Wrong> {
    let Commit {
        at,
        open_by,
        reveal_by,
        ..
    } = &folder.commit;
    if !(at.instant < open_by.instant && open_by.instant < reveal_by.instant) {
        return Err(format!("{COMMIT}：at、open-by、reveal-by 应依次更晚"));
    }
    if let Some(draw) = &folder.draw
        && !(at.instant < draw.at.instant && draw.at.instant <= open_by.instant)
    {
        return Err(format!("{DRAW}：应在承诺之后、不晚于 open-by"));
    }
    for (sub, n) in folder.subs.iter().zip(1..) {
        if sub.n != n {
            return Err(format!("{}：n 应为 {n}，这里是 {}", sub_name(n as usize), sub.n));
        }
    }
    let links = links(folder);
    if let Some(link) = links.iter().find(|link| link.draw != folder.plan.draw) {
        return Err(format!("{}：抽取编号与 {PLAN} 不同", link.file));
    }
    for pair in links.windows(2) {
        let [before, link] = pair else { continue };
        if link.prev != Some(folder.commit.alg.hash(&[folder.bytes(&before.file)])) {
            return Err(format!("{}：prev 不是 {} 的摘要", link.file, before.file));
        }
        if link.at.instant < before.at.instant {
            return Err(format!("{}：时间早于 {}", link.file, before.file));
        }
    }
    Ok(())
}

fn commitment(folder: &Folder<'_>) -> Result<(), Wrong> {
    let commit = &folder.commit;
    if commit.alg.hash(&[folder.bytes(PLAN)]) != commit.plan {
        return Err(format!("{PLAN} 不是承诺的那一份"));
    }
    let lines = form::lines(folder.bytes(POOL))?;
    if root(commit.alg, &lines) == commit.pool {
        Ok(())
    } else {
        Err(format!("{POOL} 不是承诺的那一份"))
    }
}

/// Check `plan`: also what is checked before a commitment is made.
///
/// # Errors
/// A sentence that names the stratum or reason.
pub fn plan(plan: &Plan, pool: &[PoolLine<'_>]) -> Result<(), Wrong> {
    if plan.slots.len() < 2 {
        return Err("每个任务的岗位少于两个".into());
    }
    let mut random: BTreeMap<&str, u64> = BTreeMap::new();
    for line in pool {
        match line.flag {
            Flag::Random => *random.entry(line.stratum).or_default() += 1,
            Flag::Excluded(reason) if !plan.exclusions.iter().any(|known| known == reason) => {
                return Err(format!("{} 的排除理由“{reason}”不在方案中", line.id));
            }
            Flag::Mandatory | Flag::Excluded(_) => {}
        }
    }
    if let Some(stratum) = plan
        .quotas
        .keys()
        .find(|stratum| !random.contains_key(stratum.as_str()))
    {
        return Err(format!("quota.{stratum} 没有对应的随机行"));
    }
    for (stratum, lines) in random {
        let quota = plan
            .quotas
            .get(stratum)
            .ok_or_else(|| format!("缺少 quota.{stratum}"))?;
        quota_fits(stratum, *quota, lines)?;
    }
    Ok(())
}

fn quota_fits(stratum: &str, quota: Quota, lines: u64) -> Result<(), Wrong> {
    let number = u64::from(quota.number);
    if number > lines {
        return Err(format!("quota.{stratum} 为 {number}，而该层只有 {lines} 行"));
    }
    match quota.ratio.map(|ratio| Quota::of_ratio(lines, ratio)) {
        Some(expected) if expected != number => {
            Err(format!("quota.{stratum} 按比例应为 {expected}，这里是 {number}"))
        }
        _ => Ok(()),
    }
}

fn eligibility(folder: &Folder<'_>, unsealed: &Unsealed<'_>) -> Result<(), Wrong> {
    each_line_can_fill_a_task(&Inputs {
        plan: &folder.plan,
        pool: &folder.pool,
        staff: &unsealed.staff,
        elig: &unsealed.elig,
    })?;
    let alg = folder.commit.alg;
    let (staff, elig) = (alg.hash(&[folder.bytes(STAFF)]), alg.hash(&[folder.bytes(ELIG)]));
    let committed = encode("elig", &[&unsealed.reveal.elig_salt.0, &staff.0, &elig.0]);
    if alg.hash(&[&committed]) == folder.commit.elig {
        Ok(())
    } else {
        Err("人员与资格不是承诺的那一份".into())
    }
}

/// Part of check `eligibility`: also what is checked before a commitment is made.
///
/// # Errors
/// A sentence that names the target.
pub fn each_line_can_fill_a_task(inputs: &Inputs<'_>) -> Result<(), Wrong> {
    let slots = slot_bits(inputs.plan);
    let lines = inputs
        .pool
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line.flag, Flag::Excluded(_)));
    for (place, line) in lines {
        if !can_fill_one(inputs.staff, inputs.elig.of(place), &slots) {
            return Err(format!("{} 可用的人员不足以组成一个检查组", line.id));
        }
    }
    Ok(())
}

fn shares(folder: &Folder<'_>, unsealed: &Unsealed<'_>) -> Result<Vec<Hash32>, Wrong> {
    let Reveal { machines, inputs, .. } = &unsealed.reveal;
    let pairs = machines.iter().zip(inputs);
    let shares: Vec<Share> = pairs
        .map(|(&machine, input)| Share {
            machine,
            input: input.clone(),
        })
        .collect();
    share::secrets(&folder.commit, &shares)
}

fn public(folder: &Folder<'_>) -> Result<(), Wrong> {
    let rule = &folder.commit.public;
    let drawn = folder.draw.as_ref().map(|draw| draw.public.as_str());
    let voided = folder.void.as_ref().and_then(|void| void.public.as_deref());
    if let Some(value) = [drawn, voided]
        .into_iter()
        .flatten()
        .find(|value| !rule.fits(value))
    {
        return Err(format!("公共值“{value}”不符合承诺的规则 {rule}"));
    }
    match (drawn, voided) {
        (Some(drawn), Some(voided)) if drawn != voided => Err(format!("{VOID} 的公共值与 {DRAW} 不同")),
        _ => Ok(()),
    }
}

fn draw<'f>(
    folder: &'f Folder<'_>,
    unsealed: &'f Unsealed<'_>,
    secrets: &[Hash32],
) -> Result<List<'f>, Stop> {
    let alg = folder.commit.alg;
    let e = alg.hash(&[folder.bytes(COMMIT)]);
    let drawn = folder.draw.as_ref().map(|draw| draw.public.as_str());
    let value = drawn
        .or_else(|| folder.void.as_ref()?.public.as_deref())
        .ok_or_else(|| "没有公共值".to_owned())?;
    let key = share::key(alg, secrets, &e, value);
    let inputs = Inputs {
        plan: &folder.plan,
        pool: &folder.pool,
        staff: &unsealed.staff,
        elig: &unsealed.elig,
    };
    let list = List::draw(inputs, alg, &key)?;
    if let (Some(draw), Some(result)) = (&folder.draw, unsealed.result) {
        result_is(result, list.to_text().as_bytes())?;
        let lines = form::lines(result)?;
        if root(alg, &lines) != draw.result {
            return Err(format!("result.tsv 的根与 {DRAW} 封存的不同").into());
        }
    }
    Ok(list)
}

fn result_is(result: &[u8], recomputed: &[u8]) -> Result<(), Wrong> {
    if result == recomputed {
        return Ok(());
    }
    let (given, expected) = (form::lines(result)?, form::lines(recomputed)?);
    let differs = given.iter().zip(&expected).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| given.len().min(expected.len()));
    Err(format!("result.tsv 第 {} 行与重算的结果不同", at + 1))
}

/// The number of slots that are vacant after the last row.
fn substitutions(folder: &Folder<'_>, unsealed: &Unsealed<'_>, list: &List<'_>) -> Result<usize, Wrong> {
    let alg = folder.commit.alg;
    if unsealed.subs.len() != folder.subs.len() {
        return Err(format!(
            "{SUBS} 有 {} 行，而记录有 {} 份",
            unsealed.subs.len(),
            folder.subs.len()
        ));
    }
    if unsealed
        .reveal
        .subs
        .is_some_and(|hash| alg.hash(&[folder.bytes(SUBS)]) != hash)
    {
        return Err(format!("{SUBS} 不是启封记录所指的那一份"));
    }
    let mut tasks = Tasks::drawn(list);
    for ((row, record), n) in unsealed.subs.iter().zip(&folder.subs).zip(1..) {
        let opened = alg.hash(&[&encode("sub", &[&row.salt.0, row.committed.as_bytes()])]);
        if opened != record.sub {
            return Err(format!("第 {n} 行打不开 {}", sub_name(n)));
        }
        let request = match row.kind {
            SubKind::Target if row.old != row.target => {
                return Err(format!("第 {n} 行：old 应与 target 相同"));
            }
            SubKind::Target => Request::Target(row.target),
            SubKind::Inspector => Request::Inspector {
                target: row.target,
                old: row.old,
            },
        };
        let outcome = tasks
            .substitute(request)
            .map_err(|wrong| format!("第 {n} 行：{wrong}"))?;
        if (outcome.new.as_str(), outcome.team.as_str()) != (row.new, row.team) {
            return Err(format!(
                "第 {n} 行：按抽取的顺序应为 {}（检查组 {}）",
                outcome.new, outcome.team
            ));
        }
    }
    Ok(tasks.vacancies())
}
