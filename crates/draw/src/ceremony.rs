//! The steps of a draw from the side of those who hold it: freeze, commit, open, substitute, void, reveal.
//! Never writes a record that a verifier would refuse: each step verifies the folder that it leaves behind.

use std::collections::BTreeMap;

use crate::assign::Beyond;
use crate::folder::{
    COMMIT, DRAW, ELIG, Files, Folder, PLAN, POOL, RESULT, REVEAL, STAFF, SUBS, VOID, sub_name,
};
use crate::form::{self, Wrong};
use crate::hash::{Alg, Hash32, encode};
use crate::list::{Inputs, List};
use crate::merkle::root;
use crate::plan::Plan;
use crate::public::Rule;
use crate::record::{Commit, Draw, Reveal, Sub, Time, Void};
use crate::share::{self, Share};
use crate::substitute::{Outcome, Request, Tasks};
use crate::table::{Elig, PoolLine, Staff, SubKind, parse_pool, parse_subs};
use crate::verify::{self, Check, Verdict, verify};

/// Why a step is refused; nothing has happened then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A check of mcd1 would fail.
    #[error("{}：{}", check.name(), what)]
    Fails {
        /// Which one.
        check: Check,
        /// Why.
        what: Wrong,
    },
    /// The step does not come next.
    #[error("{0}")]
    OutOfOrder(Wrong),
    /// Larger than can be decided in reasonable time.
    #[error(transparent)]
    Beyond(#[from] Beyond),
}

fn fails(check: Check) -> impl Fn(Wrong) -> Refused {
    move |what| Refused::Fails { check, what }
}

/// What is frozen before a draw: the committed files as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// `plan.txt`.
    pub plan: String,
    /// `pool.tsv`.
    pub pool: String,
    /// `staff.tsv`.
    pub staff: String,
    /// `elig.tsv`.
    pub elig: String,
}

/// [`Texts`], parsed.
pub struct Frozen<'a> {
    /// `plan.txt`.
    pub plan: Plan,
    /// `pool.tsv`.
    pub pool: Vec<PoolLine<'a>>,
    /// `staff.tsv`.
    pub staff: Staff<'a>,
    /// `elig.tsv`.
    pub elig: Elig,
}

impl Texts {
    /// Parses the texts and makes the checks that need no commitment: `form`, `plan`, `eligibility`.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn parse(&self) -> Result<Frozen<'_>, Refused> {
        let form = fails(Check::Form);
        let plan = Plan::parse(self.plan.as_bytes()).map_err(&form)?;
        let pool = parse_pool(self.pool.as_bytes()).map_err(&form)?;
        let staff = Staff::parse(self.staff.as_bytes(), &plan).map_err(&form)?;
        let elig = Elig::parse(self.elig.as_bytes(), &pool, &staff).map_err(&form)?;
        let frozen = Frozen {
            plan,
            pool,
            staff,
            elig,
        };
        verify::plan(&frozen.plan, &frozen.pool).map_err(fails(Check::Plan))?;
        verify::each_line_can_fill_a_task(&frozen.inputs()).map_err(fails(Check::Eligibility))?;
        Ok(frozen)
    }

    fn commitment_to_staff(&self, alg: Alg, salt: &Hash32) -> Hash32 {
        let (staff, elig) = (
            alg.hash(&[self.staff.as_bytes()]),
            alg.hash(&[self.elig.as_bytes()]),
        );
        alg.hash(&[&encode("elig", &[&salt.0, &staff.0, &elig.0])])
    }
}

impl Frozen<'_> {
    /// What a list is drawn from.
    #[must_use]
    pub const fn inputs(&self) -> Inputs<'_> {
        Inputs {
            plan: &self.plan,
            pool: self.pool.as_slice(),
            staff: &self.staff,
            elig: &self.elig,
        }
    }
}

/// What a commitment says besides what is frozen.
pub struct Terms {
    /// Name of the log.
    pub origin: String,
    /// The hash of the draw.
    pub alg: Alg,
    /// Role of each holder, and what that holder's share is committed by.
    pub holders: Vec<(String, Hash32)>,
    /// The rule of the public value.
    pub public: Rule,
    /// The draw must be opened by then.
    pub open_by: Time,
    /// And revealed by then.
    pub reveal_by: Time,
    /// Now.
    pub at: Time,
}

/// Commits: the public folder with `plan.txt`, `pool.tsv` and `1-commit.txt`.
///
/// # Errors
/// [`Refused`], if what is frozen or the terms break a form, a time or the plan.
pub fn commit(texts: &Texts, elig_salt: &Hash32, terms: Terms) -> Result<Files, Refused> {
    let frozen = texts.parse()?;
    let lines = form::lines(texts.pool.as_bytes()).map_err(fails(Check::Form))?;
    let (holders, shares): (Vec<String>, Vec<Hash32>) = terms.holders.into_iter().unzip();
    if shares.len() < 2 {
        return Err(fails(Check::Shares)(
            "份额少于两份：至少要有两位互不隶属的持有人".into(),
        ));
    }
    let commit = Commit {
        origin: terms.origin,
        draw: frozen.plan.draw.clone(),
        alg: terms.alg,
        plan: terms.alg.hash(&[texts.plan.as_bytes()]),
        pool: root(terms.alg, &lines),
        elig: texts.commitment_to_staff(terms.alg, elig_salt),
        shares,
        holders,
        public: terms.public,
        open_by: terms.open_by,
        reveal_by: terms.reveal_by,
        at: terms.at,
    };
    let mut files = Files::new();
    files.insert(PLAN.into(), texts.plan.clone().into_bytes());
    files.insert(POOL.into(), texts.pool.clone().into_bytes());
    files.insert(COMMIT.into(), commit.to_text().into_bytes());
    verified(files, &Verdict::Open)
}

/// What the holders of a draw keep sealed until the reveal.
#[derive(Clone)]
pub struct Secrets {
    /// What was frozen.
    pub texts: Texts,
    /// Salt of the commitment to staff and eligibility.
    pub elig_salt: Hash32,
    /// All shares, in the order of the commitment.
    pub shares: Vec<Share>,
    /// `result.tsv`, once the draw is opened.
    pub result: String,
    /// `subs.tsv`, as far as there are substitutions.
    pub subs: String,
}

/// Opens the draw: adds `2-draw.txt` to the public folder, and the sealed list to the secrets.
///
/// The opening is rehearsed to the end: it is only recorded if its reveal would pass every check.
///
/// # Errors
/// [`Refused`], if the value has not the form of its rule, it is too late, or a share is not as committed.
pub fn open(public: &Files, secrets: &mut Secrets, value: &str, at: Time) -> Result<Files, Refused> {
    let folder = Folder::parse(public).map_err(fails(Check::Form))?;
    if folder.draw.is_some() || folder.void.is_some() {
        return Err(Refused::OutOfOrder(
            "这次抽取已经开出或已作废，不能再开；若要另抽，须作废并另立编号".into(),
        ));
    }
    let alg = folder.commit.alg;
    let e = alg.hash(&[folder.bytes(COMMIT)]);
    let known = share::secrets(&folder.commit, &secrets.shares).map_err(fails(Check::Shares))?;
    let key = share::key(alg, &known, &e, value);
    let frozen = secrets.texts.parse()?;
    let result = List::draw(frozen.inputs(), alg, &key)?.to_text();
    let lines = form::lines(result.as_bytes()).map_err(fails(Check::Draw))?;
    let draw = Draw {
        draw: folder.plan.draw.clone(),
        prev: e,
        public: value.to_owned(),
        result: root(alg, &lines),
        at: at.clone(),
    };
    let mut files = public.clone();
    files.insert(DRAW.into(), draw.to_text().into_bytes());
    let mut after = secrets.clone();
    after.result = result;
    reveal(&files, &after, at)?;
    *secrets = after;
    Ok(files)
}

/// Why a substitution is made; the evidence is the hash of its file.
pub struct Ground<'g> {
    /// 替换理由: a reason in plain words.
    pub reason: &'g str,
    /// Hash of the evidence's file, if there is one.
    pub evidence: Option<Hash32>,
}

/// Substitutes: adds `sub-n.txt` to the public folder, and the row to the secrets.
///
/// # Errors
/// [`Refused`], if the draw is not open or already revealed, or there is no such task or inspector on it.
pub fn substitute(
    public: &Files,
    secrets: &mut Secrets,
    request: Request<'_>,
    ground: &Ground<'_>,
    salt: Hash32,
    at: Time,
) -> Result<(Files, Outcome), Refused> {
    let folder = Folder::parse(public).map_err(fails(Check::Form))?;
    if folder.draw.is_none() || folder.void.is_some() || folder.unsealed.is_some() {
        return Err(Refused::OutOfOrder(
            "只有已开出、未作废、未启封的抽取才能替换".into(),
        ));
    }
    form::value(ground.reason).map_err(|wrong| fails(Check::Form)(format!("替换理由{wrong}")))?;
    let alg = folder.commit.alg;
    let outcome = next(&folder, secrets, request)?;
    let n = folder.subs.len() + 1;
    let row = row(n, &outcome, ground);
    let sub = Sub {
        draw: folder.plan.draw.clone(),
        prev: last_record(&folder).1,
        n: u32::try_from(n).map_err(|_| Beyond)?,
        sub: alg.hash(&[&encode("sub", &[&salt.0, row.as_bytes()])]),
        at: at.clone(),
    };
    let mut files = public.clone();
    files.insert(sub_name(n), sub.to_text().into_bytes());
    let mut after = secrets.clone();
    after.subs.push_str(&format!("{row}\t{salt}\n"));
    reveal(&files, &after, at)?;
    *secrets = after;
    Ok((files, outcome))
}

/// What the draw's own order puts next, after all substitutions so far.
fn next(folder: &Folder<'_>, secrets: &Secrets, request: Request<'_>) -> Result<Outcome, Refused> {
    let wrong = fails(Check::Substitutions);
    let frozen = secrets.texts.parse()?;
    let list = list(folder, secrets, &frozen)?;
    let mut tasks = Tasks::drawn(&list);
    apply(&mut tasks, &secrets.subs).map_err(&wrong)?;
    tasks.substitute(request).map_err(wrong)
}

fn apply(tasks: &mut Tasks<'_>, subs: &str) -> Result<(), Wrong> {
    let rows = if subs.is_empty() {
        Vec::new()
    } else {
        parse_subs(subs.as_bytes())?
    };
    for row in rows {
        let _same_as_recorded = tasks.substitute(match row.kind {
            SubKind::Target => Request::Target(row.target),
            SubKind::Inspector => Request::Inspector {
                target: row.target,
                old: row.old,
            },
        })?;
    }
    Ok(())
}

fn list<'f>(folder: &Folder<'_>, secrets: &Secrets, frozen: &'f Frozen<'_>) -> Result<List<'f>, Refused> {
    let alg = folder.commit.alg;
    let value = folder.draw.as_ref().map(|draw| draw.public.as_str());
    let value = value.ok_or_else(|| Refused::OutOfOrder("抽取尚未开出，还没有名单".into()))?;
    let known = share::secrets(&folder.commit, &secrets.shares).map_err(fails(Check::Shares))?;
    let key = share::key(alg, &known, &alg.hash(&[folder.bytes(COMMIT)]), value);
    Ok(List::draw(frozen.inputs(), alg, &key)?)
}

/// The tasks as they are now: target ids, and pseudonyms in slot order (`?` for a vacant slot).
///
/// # Errors
/// [`Refused`], if the draw is not open.
pub fn present_tasks(public: &Files, secrets: &Secrets) -> Result<BTreeMap<String, Vec<String>>, Refused> {
    let folder = Folder::parse(public).map_err(fails(Check::Form))?;
    let frozen = secrets.texts.parse()?;
    let list = list(&folder, secrets, &frozen)?;
    let mut tasks = Tasks::drawn(&list);
    apply(&mut tasks, &secrets.subs).map_err(fails(Check::Substitutions))?;
    let names = |team: &[Option<u32>]| team.iter().map(|&on| frozen.staff.name(on).to_owned()).collect();
    Ok(tasks
        .present()
        .map(|(place, team)| (frozen.pool[place as usize].id.to_owned(), names(team)))
        .collect())
}

/// The first eight columns of a row of `subs.tsv`.
fn row(n: usize, outcome: &Outcome, ground: &Ground<'_>) -> String {
    let kind = match outcome.kind {
        SubKind::Target => "target",
        SubKind::Inspector => "inspector",
    };
    let Outcome {
        target,
        old,
        new,
        team,
        ..
    } = outcome;
    let evidence = ground
        .evidence
        .map_or_else(|| "-".into(), |hash| hash.to_string());
    format!(
        "{n}\t{kind}\t{target}\t{old}\t{new}\t{team}\t{}\t{evidence}",
        ground.reason
    )
}

/// Voids: adds `void.txt`. A value that is known is said, and then the draw must still be revealed.
///
/// # Errors
/// [`Refused`], if the draw is already void or revealed, or a value is said that is not the draw's.
pub fn void(
    public: &Files,
    value: Option<&str>,
    reason: &str,
    approved_by: &str,
    at: Time,
) -> Result<Files, Refused> {
    let folder = Folder::parse(public).map_err(fails(Check::Form))?;
    if folder.void.is_some() || folder.unsealed.is_some() {
        return Err(Refused::OutOfOrder("这次抽取已经作废或启封".into()));
    }
    let drawn = folder.draw.as_ref().map(|draw| draw.public.as_str());
    if let (Some(drawn), Some(said)) = (drawn, value)
        && drawn != said
    {
        return Err(fails(Check::Public)(format!(
            "已按“{drawn}”开出，作废记录须照写；真实的公共值请写入作废理由"
        )));
    }
    let void = Void {
        draw: folder.plan.draw.clone(),
        prev: last_record(&folder).1,
        public: drawn.or(value).map(str::to_owned),
        reason: reason.to_owned(),
        approved_by: approved_by.to_owned(),
        at,
    };
    let before = void.public.is_none();
    let mut files = public.clone();
    files.insert(VOID.into(), void.to_text().into_bytes());
    verified(files, if before { &Verdict::Passes } else { &Verdict::Open })
}

/// Reveals: the whole folder, as anyone can verify it.
///
/// # Errors
/// [`Refused`] with the check that the folder would fail, or if there is nothing to reveal.
pub fn reveal(public: &Files, secrets: &Secrets, at: Time) -> Result<Files, Refused> {
    let folder = Folder::parse(public).map_err(fails(Check::Form))?;
    if folder.unsealed.is_some() {
        return Err(Refused::OutOfOrder("这次抽取已经启封".into()));
    }
    let (_, prev) = last_record(&folder);
    let subs = (!secrets.subs.is_empty()).then(|| folder.commit.alg.hash(&[secrets.subs.as_bytes()]));
    let record = Reveal {
        draw: folder.plan.draw.clone(),
        prev,
        machines: secrets.shares.iter().map(|share| share.machine).collect(),
        inputs: secrets.shares.iter().map(|share| share.input.clone()).collect(),
        elig_salt: secrets.elig_salt,
        subs,
        at,
    };
    let mut files = public.clone();
    let mut add = |name: &str, text: &str| files.insert(name.into(), text.as_bytes().to_vec());
    add(STAFF, &secrets.texts.staff);
    add(ELIG, &secrets.texts.elig);
    add(REVEAL, &record.to_text());
    if folder.draw.is_some() {
        add(RESULT, &secrets.result);
    }
    if subs.is_some() {
        add(SUBS, &secrets.subs);
    }
    verified(files, &Verdict::Passes)
}

/// The last record's file, and its hash.
fn last_record(folder: &Folder<'_>) -> (String, Hash32) {
    let mut name = COMMIT.to_owned();
    if folder.draw.is_some() {
        name = DRAW.to_owned();
    }
    if !folder.subs.is_empty() {
        name = sub_name(folder.subs.len());
    }
    if folder.void.is_some() {
        name = VOID.to_owned();
    }
    let hash = folder.commit.alg.hash(&[folder.bytes(&name)]);
    (name, hash)
}

fn verified(files: Files, expected: &Verdict) -> Result<Files, Refused> {
    match verify(&files).verdict {
        verdict if verdict == *expected => Ok(files),
        Verdict::Fails(check, what) => Err(Refused::Fails { check, what }),
        Verdict::Beyond => Err(Refused::Beyond(Beyond)),
        Verdict::Passes | Verdict::Open => Err(Refused::OutOfOrder("这一步不能在此时进行".into())),
    }
}
