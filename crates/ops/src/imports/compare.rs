//! A file held against the register as it is at this moment: what is new, what changes, what stays, what is wrong.
//! Never loses a row: each is in one of the groups, and the groups add up to the rows of the file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use sheets::{Accepted, Objection};
use store::imports::Counts;
use store::versions::Version;
use store::{Conn, StoreError};

use super::FILE;
use super::book::{Book, Setting};
use super::file::{File, Said};
use crate::Refusal;
use crate::tokens::hex;

/// Times that a file is read: a row that the register objects to may be the reason for an objection to another.
const ROUNDS_MAX: usize = 4;

/// A row that enters the register.
pub(super) struct Fresh<B: Book> {
    pub(super) row: u32,
    pub(super) entry: B::Entry,
}

/// A row that changes what the register says.
pub(super) struct Changed<B: Book> {
    pub(super) row: u32,
    pub(super) before: Version<B::Entry>,
    pub(super) after: B::Entry,
    pub(super) notes: Vec<String>,
}

/// A row that says what the register says.
pub(super) struct Unchanged {
    pub(super) row: u32,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) notes: Vec<String>,
}

/// What comes of a file.
pub(super) struct Compared<B: Book> {
    pub(super) fresh: Vec<Fresh<B>>,
    pub(super) changed: Vec<Changed<B>>,
    pub(super) unchanged: Vec<Unchanged>,
    /// What was read.
    pub(super) read: Said<B>,
    /// What the register has against rows; they are among those refused.
    pub(super) objections: Vec<Objection>,
    pub(super) counts: Counts,
}

/// Holds a file against the register; reads it again without the rows that the register objects to.
pub(super) async fn compared<B: Book>(
    conn: &mut Conn,
    bureau: &str,
    today: Date,
    file: &mut File,
) -> Result<Compared<B>, Refusal> {
    let setting = Setting::of(conn, bureau, today).await?;
    let mut objections = Vec::new();
    for _ in 0..ROUNDS_MAX {
        let said = file
            .read::<B>(conn, &objections)
            .await?
            .map_err(|error| Refusal::field(FILE, error))?;
        let mut compared = once::<B>(conn, bureau, &setting, said).await?;
        if compared.objections.is_empty() {
            compared.objections = objections;
            return Ok(compared);
        }
        objections.append(&mut compared.objections);
    }
    Err(Refusal::rule(
        "文件里的行与名录库互相牵连，没有比对完；请把这几行分开导入",
    ))
}

async fn once<B: Book>(
    conn: &mut Conn,
    bureau: &str,
    setting: &Setting,
    read: Said<B>,
) -> Result<Compared<B>, StoreError> {
    let rows = &read.accepted;
    // Which row speaks of what.
    let mut taken: BTreeMap<String, u32> = rows.iter().map(|row| (B::id(&row.record), row.row)).collect();
    let ids: Vec<String> = taken.keys().cloned().collect();
    let mut held = B::those(conn, bureau, &ids).await?;
    let missing: Vec<&Accepted<B::Record>> = rows
        .iter()
        .filter(|row| !held.contains_key(&B::id(&row.record)))
        .collect();
    let aliases = B::aliases(conn, bureau, &missing).await?;
    let known: Vec<String> = aliases.known.values().cloned().collect();
    held.append(&mut B::those(conn, bureau, &known).await?);
    let mut compared = Compared {
        fresh: Vec::new(),
        changed: Vec::new(),
        unchanged: Vec::new(),
        objections: aliases.objections,
        counts: Counts::default(),
        read: read.clone(),
    };
    for row in rows {
        let known = aliases.known.get(&row.row);
        let other = known.and_then(|id| taken.insert(id.clone(), row.row));
        if let Some(other) = other {
            let reason = format!("与第{other}行是同一单位，只是代码不同；请合成一行");
            compared.object(row, reason);
            continue;
        }
        let version = held.remove(known.unwrap_or(&B::id(&row.record)));
        compared.place(row, version, known.is_some(), setting);
    }
    compared.count();
    Ok(compared)
}

impl<B: Book> Compared<B> {
    /// An import that was applied or given up: only what its file shows, and the counts of then.
    pub(super) fn settled(read: Said<B>, counts: Counts) -> Self {
        Self {
            fresh: Vec::new(),
            changed: Vec::new(),
            unchanged: Vec::new(),
            read,
            objections: Vec::new(),
            counts,
        }
    }

    fn place(
        &mut self,
        row: &Accepted<B::Record>,
        version: Option<Version<B::Entry>>,
        by_alias: bool,
        setting: &Setting,
    ) {
        let Some(before) = version else {
            let entry = B::first(row.record.clone(), setting);
            self.fresh.push(Fresh { row: row.row, entry });
            return;
        };
        let own = B::record(&before.record);
        if self.read.summary.is_receipt && row.answers.is_some() && B::name(own) != B::name(&row.record) {
            let reason = format!(
                "这个代码在名录库里属于“{}”，回执里的这一行写的是“{}”；请对照证照核对代码",
                B::name(own),
                B::name(&row.record)
            );
            self.object(row, reason);
            return;
        }
        let record = match B::followed(own, row) {
            Ok(record) => record,
            Err(objection) => {
                self.objections.push(objection);
                return;
            }
        };
        let notes = notes::<B>(&before, &record, by_alias);
        if record == *own {
            let (id, name) = (B::id(own), B::name(own).to_owned());
            self.unchanged.push(Unchanged {
                row: row.row,
                id,
                name,
                notes,
            });
            return;
        }
        let after = B::next(&before.record, record, setting);
        self.changed.push(Changed {
            row: row.row,
            before,
            after,
            notes,
        });
    }

    fn object(&mut self, row: &Accepted<B::Record>, reason: String) {
        self.objections.push(Objection {
            row: row.row,
            column: B::IDENTITY.to_owned(),
            reason,
        });
    }

    fn count(&mut self) {
        let summary = &self.read.summary;
        let skipped =
            u64::from(summary.blank_rows) + summary.footnotes.len() as u64 + u64::from(summary.has_hints);
        self.counts = Counts {
            fresh: self.fresh.len() as u64,
            changed: self.changed.len() as u64,
            unchanged: self.unchanged.len() as u64,
            wrong: self.read.refused.len() as u64,
            joined: self.read.joined.len() as u64,
            skipped,
        };
    }

    /// What this import would change, as a hash: the bytes of the file are fixed, and so is each version that it replaces,
    /// so it is enough to name them.
    pub(super) fn outcome(&self) -> String {
        let mut hash = Sha256::new();
        for fresh in &self.fresh {
            let name = named::<B>(&fresh.entry);
            hash.update(format!("new\t{}\t{name}\n", fresh.row));
        }
        for changed in &self.changed {
            let (number, name) = (changed.before.number, named::<B>(&changed.after));
            hash.update(format!("changed\t{}\t{number}\t{name}\n", changed.row));
        }
        for objection in &self.objections {
            hash.update(format!("refused\t{}\t{}\n", objection.row, objection.reason));
        }
        hex(&hash.finalize())
    }
}

/// The id of an entry, and what the bureau added to its row by itself.
fn named<B: Book>(entry: &B::Entry) -> String {
    let (_, added) = B::beside(entry).unwrap_or_default();
    format!("{}\t{added}", B::id(B::record(entry)))
}

/// What somebody should know of a row that is taken.
fn notes<B: Book>(before: &Version<B::Entry>, record: &B::Record, by_alias: bool) -> Vec<String> {
    let own = B::record(&before.record);
    let mut notes = Vec::new();
    if !B::is_inside(&before.record) {
        notes.push("已退出名录库，导入后仍是退出；要回来，请在档案里“重新入库”".to_owned());
    }
    if by_alias {
        notes.push(format!(
            "没有信用代码，按注册号或组织机构代码认出是“{}”",
            B::id(own)
        ));
    }
    if B::name(own) != B::name(record) {
        notes.push("名称变了，请核对是不是同一个".to_owned());
    }
    notes
}
