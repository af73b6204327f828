//! 污染源名录库 (R2, R3): looking, entering, changing, leaving, confirming, and what violates R2.2.
//! Never deletes a source and never changes a version: each act adds one, with its ground and its author.

use std::collections::BTreeMap;

use domain::rights::Permission;
use domain::{ControlLevel, Source, Term, Text};
use jiff::civil::Date;
use sheets::{FindingKind, Register, Sources};
pub use store::sources::{Entry, Filter, Presence};
use store::versions::{AsOf, Stamp, Version};
use store::{Page, PageRequest, StoreError, sources};

use crate::accounts::kept;
use crate::{Actor, Deed, FieldError, Office, Refusal};

/// Rows that are read at once where the whole register is gone through.
const BATCH: i64 = 2_000;
/// Lines of an official list that are checked at once.
const LIST_LINES_MAX: usize = 5_000;
/// Name of the field that asks for the ground.
const GROUND: &str = "ground";

/// A page of the register.
///
/// # Errors
/// [`Refusal`].
pub async fn list(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    as_of: AsOf,
    request: PageRequest,
) -> Result<Page<Version<Entry>>, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    let mut read = office.db.read().await?;
    Ok(sources::list(&mut read, &actor.bureau, filter, as_of, request).await?)
}

/// A source as of a moment.
///
/// # Errors
/// [`Refusal`].
pub async fn get(
    office: &Office,
    actor: &Actor,
    target: &str,
    as_of: AsOf,
) -> Result<Version<Entry>, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    found(&mut *office.db.read().await?, actor, target, as_of).await
}

async fn found(
    conn: &mut store::Conn,
    actor: &Actor,
    target: &str,
    as_of: AsOf,
) -> Result<Version<Entry>, Refusal> {
    let version = sources::find(conn, &actor.bureau, target, as_of).await?;
    version.ok_or_else(|| Refusal::Missing(format!("污染源“{target}”")))
}

/// All versions of a source, the newest first (R3.2: 审批要素动态变更信息).
///
/// # Errors
/// [`Refusal`].
pub async fn history(office: &Office, actor: &Actor, target: &str) -> Result<Vec<Version<Entry>>, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    Ok(sources::history(&mut *office.db.read().await?, &actor.bureau, target).await?)
}

/// What was typed: rows in the order of the register's columns, one for each licence, and the ground of the act.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// 理由
    pub ground: String,
}

/// Enters a source into the register (入库, R2.1).
///
/// # Errors
/// [`Refusal`]; with [`Refusal::Fields`], fields are the titles of columns.
pub async fn enter(office: &Office, actor: &Actor, typed: &Typed) -> Result<Source, Refusal> {
    actor.must(Permission::ChangeSources)?;
    let (source, ground) = judged(typed)?;
    let now = office.now();
    let entry = Entry {
        source: source.clone(),
        inside: true,
        confirmed_on: Some(now.day()),
    };
    let mut tx = office.db.begin().await?;
    let stamp = stamp(office, actor, "source.enter", &ground);
    match sources::add(&mut tx, &actor.bureau, &[(1, entry)], &stamp).await {
        Err(StoreError::Exists(_)) => {
            let text = "名录库里已经有这个代码和厂区序号的污染源；如果曾经退出，请在它的档案里重新入库，另一个厂区请填它自己的排污许可证编号（第19至21位就是厂区序号）";
            return Err(Refusal::field("统一社会信用代码", text));
        }
        other => other?,
    }
    let deed = deed("source.enter", &source, &ground).changed(None, Some(&described(&source)));
    office.commit(tx, actor, deed).await?;
    Ok(source)
}

/// Changes what the register says of a source; `seen` is the version that the author saw. Its code and site number stay:
/// they are what makes it the same source.
///
/// # Errors
/// [`Refusal`].
pub async fn change(
    office: &Office,
    actor: &Actor,
    target: &str,
    seen: i64,
    typed: &Typed,
) -> Result<(), Refusal> {
    actor.must(Permission::ChangeSources)?;
    let (source, ground) = judged(typed)?;
    if source.id().as_str() != target {
        let text = format!(
            "代码和厂区序号决定是哪一个污染源（现在是 {target}），不能改成另一个；请退出这个、入库那个"
        );
        return Err(Refusal::field("统一社会信用代码", text));
    }
    next(office, actor, target, seen, "source.change", &ground, |entry| {
        if entry.source == source {
            return Err(Refusal::rule(
                "内容没有变化，不用保存；如果核对无误，可以点“核实无误”",
            ));
        }
        Ok(Entry {
            source: source.clone(),
            confirmed_on: Some(office.now().day()),
            ..entry.clone()
        })
    })
    .await
}

/// Takes a source out of the register (退出, R2.1).
///
/// # Errors
/// [`Refusal`]: R2.2 keeps it, it is out already, no ground.
pub async fn leave(
    office: &Office,
    actor: &Actor,
    target: &str,
    seen: i64,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::ChangeSources)?;
    let ground = stated(ground)?;
    next(office, actor, target, seen, "source.leave", &ground, |entry| {
        if !entry.inside {
            return Err(Refusal::rule("这个污染源已经退出名录库了"));
        }
        entry.source.may_leave().map_err(Refusal::rule)?;
        Ok(Entry {
            inside: false,
            ..entry.clone()
        })
    })
    .await
}

/// Takes a source that left back into the register (重新入库, R2.1).
///
/// # Errors
/// [`Refusal`].
pub async fn return_to(
    office: &Office,
    actor: &Actor,
    target: &str,
    seen: i64,
    ground: &str,
) -> Result<(), Refusal> {
    actor.must(Permission::ChangeSources)?;
    let ground = stated(ground)?;
    next(office, actor, target, seen, "source.return", &ground, |entry| {
        if entry.inside {
            return Err(Refusal::rule("这个污染源就在名录库里"));
        }
        Ok(Entry {
            inside: true,
            confirmed_on: Some(office.now().day()),
            ..entry.clone()
        })
    })
    .await
}

/// Says that all of it is still so today (核实, R3.3).
///
/// # Errors
/// [`Refusal`].
pub async fn confirm(office: &Office, actor: &Actor, target: &str, seen: i64) -> Result<(), Refusal> {
    actor.must(Permission::ChangeSources)?;
    let today = office.now().day();
    next(
        office,
        actor,
        target,
        seen,
        "source.confirm",
        "核实无误",
        |entry| {
            Ok(Entry {
                confirmed_on: Some(today),
                ..entry.clone()
            })
        },
    )
    .await
}

async fn next(
    office: &Office,
    actor: &Actor,
    target: &str,
    seen: i64,
    act: &'static str,
    ground: &str,
    step: impl FnOnce(&Entry) -> Result<Entry, Refusal>,
) -> Result<(), Refusal> {
    let mut tx = office.db.begin().await?;
    let holding = found(&mut tx, actor, target, AsOf::Now).await?;
    if holding.number != seen {
        return Err(Refusal::Overtaken);
    }
    let entry = step(&holding.record)?;
    let deed = deed(act, &entry.source, ground).changed(
        Some(&described(&holding.record.source)),
        Some(&described(&entry.source)),
    );
    let stamp = stamp(office, actor, act, ground);
    sources::replace(&mut tx, &actor.bureau, &[(seen, entry)], &stamp).await?;
    office.commit(tx, actor, deed).await
}

pub(crate) fn stamp(office: &Office, actor: &Actor, act: &str, ground: &str) -> Stamp {
    Stamp {
        at: office.now(),
        act: act.to_owned(),
        ground: ground.to_owned(),
        author: actor.login.clone(),
    }
}

fn deed(act: &'static str, source: &Source, ground: &str) -> Deed {
    Deed::new(act, format!("source/{}", source.id())).ground(ground)
}

/// What the ledger hashes of a source: its cells as an export writes them.
fn described(source: &Source) -> String {
    let rows = Sources::write(source);
    rows.iter()
        .map(|row| row.join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The ground of an act, which R2.1 asks for.
pub(crate) fn stated(ground: &str) -> Result<String, Refusal> {
    let ground = Text::parse(ground)
        .map_err(|e| Refusal::field(GROUND, format!("理由{e}；请写明依据，例如批文文号")))?;
    Ok(ground.to_string())
}

fn judged(typed: &Typed) -> Result<(Source, String), Refusal> {
    let mut errors = Vec::new();
    let source = accepted::<Sources>(&typed.rows, &mut errors)?;
    let ground = ground_of(&typed.ground, &mut errors);
    match (source, ground) {
        (Some(source), Some(ground)) if errors.is_empty() => Ok((source, ground)),
        _ => Err(Refusal::Fields(errors)),
    }
}

/// The record of a form with the columns of a register; what is wrong goes to the errors, under the titles of columns.
pub(crate) fn accepted<R: Register>(
    rows: &[Vec<String>],
    errors: &mut Vec<FieldError>,
) -> Result<Option<R::Record>, Refusal> {
    let read = sheets::form::<R>(rows).map_err(Refusal::rule)?;
    for finding in read.of_kind(FindingKind::Refused) {
        let advice = finding
            .suggestion
            .as_ref()
            .map(|text| format!("（建议：{text}）"))
            .unwrap_or_default();
        errors.push(FieldError::new(
            &finding.column.title,
            format!("{}{advice}", finding.reason),
        ));
    }
    Ok(read.accepted.into_iter().next().map(|accepted| accepted.record))
}

/// The ground of an act, or its error under the name of its field.
pub(crate) fn ground_of(ground: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    kept(errors, GROUND, stated(ground).map_err(first_sentence))
}

fn first_sentence(refusal: Refusal) -> String {
    match refusal {
        Refusal::Fields(errors) => errors
            .into_iter()
            .next()
            .map(|error| error.text)
            .unwrap_or_default(),
        other @ (Refusal::SignedOut
        | Refusal::Forbidden(_)
        | Refusal::Missing(_)
        | Refusal::Rule(_)
        | Refusal::Overtaken
        | Refusal::Store(_)) => other.to_string(),
    }
}

/// All sources that a filter finds, in the order of their ids: what an export writes.
///
/// # Errors
/// [`Refusal`].
pub async fn all(
    office: &Office,
    actor: &Actor,
    filter: &Filter,
    as_of: AsOf,
) -> Result<Vec<Source>, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    whole(&mut *office.db.read().await?, &actor.bureau, filter, as_of).await
}

/// As [`all`], for operations that have checked another right.
pub(crate) async fn whole(
    conn: &mut store::Conn,
    bureau: &str,
    filter: &Filter,
    as_of: AsOf,
) -> Result<Vec<Source>, Refusal> {
    let (mut all, mut after): (Vec<Source>, String) = (Vec::new(), String::new());
    loop {
        let some = sources::after(conn, bureau, filter, as_of, &after, BATCH).await?;
        let Some(last) = some.last() else { return Ok(all) };
        after = last.record.source.id().to_string();
        all.extend(some.into_iter().map(|version| version.record.source));
    }
}

/// What the register lacks (R3.2, R3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quality {
    /// Sources in the register.
    pub sources: u64,
    /// Those that lack nothing.
    pub complete: u64,
    /// How many lack each field, by its title.
    pub missing: BTreeMap<&'static str, u64>,
    /// Fields that are filled, of all fields that R3.2 asks for, in thousandths.
    pub filled_permille: u64,
}

/// Measures the register.
///
/// # Errors
/// [`Refusal`].
pub async fn quality(office: &Office, actor: &Actor) -> Result<Quality, Refusal> {
    /// Fields that `Source::missing` looks at.
    const FIELDS: u64 = 9;
    let all = all(office, actor, &Filter::default(), AsOf::Now).await?;
    let mut quality = Quality {
        sources: all.len() as u64,
        ..Quality::default()
    };
    let mut lacking = 0;
    for source in &all {
        let missing = source.missing();
        quality.complete += u64::from(missing.is_empty());
        lacking += missing.len() as u64;
        missing
            .into_iter()
            .for_each(|title| *quality.missing.entry(title).or_default() += 1);
    }
    let fields = quality.sources * FIELDS;
    quality.filled_permille = (fields - lacking) * 1000 / fields.max(1);
    Ok(quality)
}

/// What violates R2.2, or may.
#[derive(Debug, Clone, Default)]
pub struct KeyViolations {
    /// Of municipal level or above and still there, but not in the register.
    pub left: Vec<Version<Entry>>,
}

/// Sources of municipal level or above that left the register although they are still there: a later version of what
/// the register says made them so (R2.2).
///
/// # Errors
/// [`Refusal`].
pub async fn key_violations(office: &Office, actor: &Actor) -> Result<KeyViolations, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    let mut read = office.db.read().await?;
    let mut left = Vec::new();
    for level in [
        ControlLevel::National,
        ControlLevel::Provincial,
        ControlLevel::Municipal,
    ] {
        let filter = Filter {
            left: Presence::Left,
            level: level.word().to_owned(),
            ..Filter::default()
        };
        let found = sources::after(&mut read, &actor.bureau, &filter, AsOf::Now, "", BATCH).await?;
        left.extend(
            found
                .into_iter()
                .filter(|version| version.record.source.status.is_present()),
        );
    }
    Ok(KeyViolations { left })
}

/// A line of an official list of key dischargers, held against the register.
#[derive(Debug, Clone)]
pub struct Checked {
    /// As it was pasted.
    pub line: String,
    /// What the register says.
    pub outcome: Outcome,
}

/// See [`Checked`].
#[derive(Debug, Clone)]
pub enum Outcome {
    /// In the register as a key discharger.
    Listed(String),
    /// In the register, but not as a key discharger, or left it.
    NotKey(String),
    /// Not in the register: R2.2 asks that it is entered.
    Absent,
}

/// Holds an official list (one name or code a line) against the register and tells what R2.2 misses.
///
/// # Errors
/// [`Refusal`].
pub async fn check_list(office: &Office, actor: &Actor, pasted: &str) -> Result<Vec<Checked>, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    let lines: Vec<&str> = pasted
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() > LIST_LINES_MAX {
        return Err(Refusal::field(
            "list",
            format!("一次最多核对{LIST_LINES_MAX}行；请分几次粘贴"),
        ));
    }
    let filter = Filter {
        left: Presence::Both,
        ..Filter::default()
    };
    let mut read = office.db.read().await?;
    let (mut known, mut after): (BTreeMap<String, (String, bool)>, String) = (BTreeMap::new(), String::new());
    loop {
        let some = sources::after(&mut read, &actor.bureau, &filter, AsOf::Now, &after, BATCH).await?;
        let Some(last) = some.last() else { break };
        after = last.record.source.id().to_string();
        for Version { record, .. } in &some {
            let is_key = record.inside && record.source.supervision.is_key();
            let id = record.source.id().to_string();
            for key in [
                record.source.name.to_string(),
                id.clone(),
                record.source.identity.to_string(),
            ] {
                let listed = known.entry(key).or_insert_with(|| (id.clone(), is_key));
                // An enterprise is on the list by any of its sites.
                if is_key && !listed.1 {
                    *listed = (id.clone(), true);
                }
            }
        }
    }
    let check = |line: &str| {
        let cleaned = domain::clean_name(line).text;
        let outcome = match known
            .get(&cleaned)
            .or_else(|| known.get(&domain::clean_code(line).text))
        {
            Some((id, true)) => Outcome::Listed(id.clone()),
            Some((id, false)) => Outcome::NotKey(id.clone()),
            None => Outcome::Absent,
        };
        Checked {
            line: line.to_owned(),
            outcome,
        }
    };
    Ok(lines.into_iter().map(check).collect())
}

/// How many sources have a licence that ends by that day.
///
/// # Errors
/// [`Refusal`].
pub async fn expiring(office: &Office, actor: &Actor, until: Date) -> Result<u64, Refusal> {
    actor.must(Permission::ReadRegisters)?;
    let filter = Filter {
        licence_until: Some(until),
        ..Filter::default()
    };
    Ok(sources::count(&mut *office.db.read().await?, &actor.bureau, &filter, AsOf::Now).await?)
}

/// The register as a workbook that an import reads back as it is.
///
/// # Errors
/// [`Refusal`].
pub async fn workbook(sources: Vec<Source>) -> Result<Vec<u8>, Refusal> {
    crate::work::aside(move || sheets::export::<Sources>(&sources))
        .await?
        .map_err(Refusal::rule)
}

/// What the register says of a source, field by field in the order of its columns; of several licences each in turn,
/// with a semicolon between.
#[must_use]
pub fn cells(source: &Source) -> Vec<(&'static str, String)> {
    crate::imports::cells::<Sources>(source)
}

/// The register's columns as a form shows them: title, hint, whether it must be filled, words to choose from.
#[must_use]
pub fn columns() -> Vec<sheets::Column> {
    Sources::COLUMNS.iter().map(|(_, column)| *column).collect()
}

/// What a form shows of a source that is there: one row of cells for each licence.
#[must_use]
pub fn rows(source: &Source) -> Vec<Vec<String>> {
    Sources::write(source)
}
