//! What an import would do, or did, group by group and page by page.
//! Never shows more rows than a page holds.

use domain::rights::Permission;
use sheets::{Finding, FindingKind, Inspectors, Sources};
use store::versions::Version;
use store::{Conn, Page, PageRequest};

use super::book::Book;
use super::{Counts, Import, Register, State, found, held};
use crate::{Actor, Office, Refusal};

/// A group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// 新增
    Fresh,
    /// 变更
    Changed,
    /// 不变
    Unchanged,
    /// 错误
    Wrong,
    /// Taken, but mended or worth a look.
    Noted,
}

/// A row with what it says and what the register said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Row in the file, from 1; none of a version that is in the register already.
    pub row: Option<u32>,
    /// Under which id the register has it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What somebody should know of it.
    pub notes: Vec<String>,
    /// What the register says, column by column; nothing if it is new.
    pub before: Vec<(&'static str, String)>,
    /// What it will say; nothing if nothing changes.
    pub after: Vec<(&'static str, String)>,
}

/// A page of a group.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Rows.
    Lines(Page<Line>),
    /// Cells of rows that are wrong, mended or worth a look.
    Findings(Page<Finding>),
}

/// What an import would do, or did.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The import.
    pub import: Import,
    /// What becomes of its rows: now, if it waits; else what became of them.
    pub counts: Counts,
    /// Cells that refuse rows.
    pub wrong_cells: u64,
    /// Cells that were mended or are worth a look.
    pub noted_cells: u64,
    /// What the file is and how it was read, in sentences.
    pub summary: Vec<String>,
    /// What has to be said to apply exactly this; nothing if it does not wait.
    pub outcome: String,
    /// Which group is shown.
    pub group: Group,
    /// A page of it.
    pub shown: Shown,
}

/// What an import would do to the register as it is now; one that is settled shows what it did. Without a group, it is the
/// first that holds anything, mistakes first.
///
/// # Errors
/// [`Refusal`].
pub async fn preview(
    office: &Office,
    actor: &Actor,
    id: &str,
    group: Option<Group>,
    request: PageRequest,
) -> Result<Preview, Refusal> {
    actor.must(Permission::ImportRegisters)?;
    let mut conn = office.db.read().await?;
    let import = found(&mut conn, actor, id).await?;
    let wanted = (group, request);
    match import.register {
        Register::Sources => preview_as::<Sources>(&mut conn, office, actor, import, wanted).await,
        Register::Inspectors => preview_as::<Inspectors>(&mut conn, office, actor, import, wanted).await,
    }
}

type Wanted = (Option<Group>, PageRequest);

async fn preview_as<B: Book>(
    conn: &mut Conn,
    office: &Office,
    actor: &Actor,
    import: Import,
    (group, request): Wanted,
) -> Result<Preview, Refusal> {
    let waits = import.state == State::Waiting;
    let compared = held::<B>(conn, office, actor, &import).await?;
    let counts = compared.counts;
    let refusing = |finding: &&Finding| finding.kind == FindingKind::Refused;
    let (wrong, noted): (Vec<&Finding>, Vec<&Finding>) = compared.read.findings.iter().partition(refusing);
    let group = group.unwrap_or_else(|| first_group(&counts, noted.len()));
    let shown = match group {
        Group::Wrong => Shown::Findings(page_of(&wrong, request, |finding| (*finding).clone())),
        Group::Noted => Shown::Findings(page_of(&noted, request, |finding| (*finding).clone())),
        Group::Fresh | Group::Changed if import.state == State::Applied => {
            let first = group == Group::Fresh;
            let page = B::begun(conn, &actor.bureau, import.settled_at, first, request).await?;
            let lines = page.rows.into_iter().map(begun::<B>).collect();
            Shown::Lines(Page {
                rows: lines,
                total: page.total,
                request,
            })
        }
        Group::Fresh => Shown::Lines(page_of(&compared.fresh, request, |row| Line {
            row: Some(row.row),
            ..line_of::<B>(&row.entry)
        })),
        Group::Changed => Shown::Lines(page_of(&compared.changed, request, |row| Line {
            row: Some(row.row),
            notes: row.notes.clone(),
            before: B::said(&row.before.record),
            ..line_of::<B>(&row.after)
        })),
        Group::Unchanged => Shown::Lines(page_of(&compared.unchanged, request, |row| Line {
            row: Some(row.row),
            id: row.id.clone(),
            name: row.name.clone(),
            notes: row.notes.clone(),
            before: Vec::new(),
            after: Vec::new(),
        })),
    };
    Ok(Preview {
        counts,
        wrong_cells: wrong.len() as u64,
        noted_cells: noted.len() as u64,
        summary: compared.read.summary.lines(),
        outcome: if waits { compared.outcome() } else { String::new() },
        group,
        shown,
        import,
    })
}

/// The first group that holds anything, what asks for attention first.
fn first_group(counts: &Counts, noted: usize) -> Group {
    let groups = [
        (Group::Wrong, counts.wrong),
        (Group::Changed, counts.changed),
        (Group::Fresh, counts.fresh),
        (Group::Noted, noted as u64),
    ];
    let first = groups.into_iter().find(|(_, count)| *count > 0);
    first.map_or(Group::Unchanged, |(group, _)| group)
}

fn page_of<T, U>(all: &[T], request: PageRequest, of: impl Fn(&T) -> U) -> Page<U> {
    let size = usize::try_from(request.size()).unwrap_or(usize::MAX);
    let before = usize::try_from(request.page() - 1)
        .unwrap_or(usize::MAX)
        .saturating_mul(size);
    Page {
        rows: all.iter().skip(before).take(size).map(of).collect(),
        total: all.len() as u64,
        request,
    }
}

fn line_of<B: Book>(entry: &B::Entry) -> Line {
    let record = B::record(entry);
    Line {
        row: None,
        id: B::id(record),
        name: B::name(record).to_owned(),
        notes: Vec::new(),
        before: Vec::new(),
        after: B::said(entry),
    }
}

fn begun<B: Book>((version, before): (Version<B::Entry>, Option<Version<B::Entry>>)) -> Line {
    let before = before.map(|before| B::said(&before.record));
    Line {
        before: before.unwrap_or_default(),
        ..line_of::<B>(&version.record)
    }
}
