//! `mingcha import` and `mingcha template`: registers from Excel and CSV, with a receipt for what is wrong.
//! Never takes a row that has a mistake, and never drops one without saying so.

mod outstanding;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{CertificateNumber, Inspector, PastInspection, Source};
use sheets::{
    Accepted, FindingKind, History, Import, Inspectors, Register, Sources, export, import, receipt, template,
};

use crate::Outcome;
use crate::disk::{self, Access};
use outstanding::{Answers, Outstanding, Rows};

/// Records or rows that a line of the log lists at most.
const LISTED_MAX: usize = 10;

/// The registers that there are.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Kind {
    /// 污染源名录库
    Sources,
    /// 执法检查人员名录库
    Inspectors,
    /// 检查历史
    History,
}

/// What to import.
#[derive(clap::Args)]
pub(crate) struct ImportArgs {
    /// sources 污染源名录库 | inspectors 执法检查人员名录库 | history 检查历史
    #[arg(value_name = "名录")]
    pub(crate) kind: Kind,
    /// 名录文件（.xlsx、.csv 或 .json）；其后可再跟改正过的回执，回执按行号补上前面文件中未导入的行
    #[arg(required = true, value_name = "文件")]
    pub(crate) files: Vec<PathBuf>,
    /// 把未导入的行写成回执：改正标色的单元格后可再次导入
    #[arg(long, value_name = "文件")]
    pub(crate) receipt: Option<PathBuf>,
    /// 把导入的全部行写成一份干净的名录（.xlsx）
    #[arg(long, value_name = "文件", conflicts_with = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    /// 只检查（也可以写回执），不写名录
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which template to write.
#[derive(clap::Args)]
pub(crate) struct TemplateArgs {
    /// sources 污染源名录库 | inspectors 执法检查人员名录库 | history 检查历史
    #[arg(value_name = "名录")]
    kind: Kind,
    /// 写到哪个文件（.xlsx）
    #[arg(long, value_name = "文件")]
    out: PathBuf,
}

/// A record that a later import of the same thing replaces.
pub(crate) trait Identified {
    /// What makes it the same thing.
    fn identity(&self) -> String;

    /// What people call it.
    fn called(&self) -> String {
        self.identity()
    }

    /// This record after a later file that names it.
    fn followed_by(&self, later: &Self) -> Self;

    /// Whether what a later file made of it only adds to what it says.
    fn is_within(&self, after: &Self) -> bool;
}

impl Identified for Source {
    fn identity(&self) -> String {
        self.id().to_string()
    }

    fn called(&self) -> String {
        format!("{} {}", self.name, self.id())
    }

    fn followed_by(&self, later: &Self) -> Self {
        Self::followed_by(self, later)
    }

    fn is_within(&self, after: &Self) -> bool {
        Self::is_within(self, after)
    }
}

impl Identified for Inspector {
    fn identity(&self) -> String {
        self.certificate.number.to_string()
    }

    fn called(&self) -> String {
        format!("{} {}", self.name, self.certificate.number)
    }

    fn followed_by(&self, later: &Self) -> Self {
        later.clone()
    }

    fn is_within(&self, after: &Self) -> bool {
        self == after
    }
}

impl Identified for PastInspection {
    /// All of it: two inspections of one target on one day may both have been, and neither replaces the other.
    fn identity(&self) -> String {
        let inspectors: Vec<&str> = self.inspectors.iter().map(CertificateNumber::as_str).collect();
        let draw = self.draw.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {} {} {draw}", self.on, self.target, inspectors.join("、"))
    }

    fn followed_by(&self, later: &Self) -> Self {
        later.clone()
    }

    fn is_within(&self, after: &Self) -> bool {
        self == after
    }
}

/// A register read from its files.
pub(crate) struct Loaded<T> {
    /// All records, by identity.
    pub(crate) records: Vec<T>,
    /// The last file that has rows that are still missing, and of its refused rows those.
    last: Import<T>,
    /// Rows of all files that are still missing.
    missing: usize,
    /// What happened, file by file.
    pub(crate) log: String,
    /// What a later file did to an earlier one: part of the log, and to be read before a draw.
    pub(crate) news: String,
}

impl<T> Loaded<T> {
    /// Rows that are still missing.
    pub(crate) fn refused(&self) -> usize {
        self.missing
    }

    /// The receipt for the rows that are still missing; of several files, for those of the last.
    pub(crate) fn write_receipt(&self, path: &Path) -> Result<()> {
        disk::replace(path, &receipt(&self.last)?, Access::Private)
    }
}

/// The files of a register, read one after another.
struct Loading<T> {
    records: BTreeMap<String, T>,
    names: Vec<String>,
    /// Each file as it was read, without the rows taken.
    found: Vec<Import<T>>,
    outstanding: Outstanding,
    log: String,
    news: String,
}

/// Reads a register from its files and the mended receipts that follow them.
pub(crate) fn load<R>(files: &[PathBuf]) -> Result<Loaded<R::Record>>
where
    R: Register,
    R::Record: Identified,
{
    let mut loading = Loading {
        records: BTreeMap::new(),
        names: Vec::new(),
        found: Vec::new(),
        outstanding: Outstanding::default(),
        log: String::new(),
        news: String::new(),
    };
    for path in files {
        let found = import::<R>(disk::open(path)?).with_context(|| path.display().to_string())?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        loading.log.push_str(&told::<R>(&name, &found));
        loading.names.push(name.into_owned());
        loading.add(found);
    }
    loading.finish()
}

impl<T: Identified + Clone> Loading<T> {
    fn add(&mut self, mut found: Import<T>) {
        self.leave_out_what_is_another_s(&mut found);
        let answers = self.outstanding.next(self.found.len(), &mut found);
        self.tell_answers(&answers);
        let mut changed = Vec::new();
        for row in std::mem::take(&mut found.accepted) {
            let called = row.record.called();
            let identity = row.record.identity();
            let earlier = self.records.get(&identity);
            let record = earlier.map_or(row.record.clone(), |earlier| earlier.followed_by(&row.record));
            // The same record once more, or one that only adds to it, is no news.
            let is_news = earlier.is_some_and(|earlier| !earlier.is_within(&record));
            self.records.insert(identity, record);
            if is_news {
                changed.push(called);
            }
        }
        if !changed.is_empty() {
            let line = format!("{} 条记录被后一个文件改变：{}", changed.len(), some_of(&changed));
            self.tell(&line);
        }
        self.found.push(found);
    }

    /// A receipt mends a row; it never puts it in another's place. Where a code was refused because it is another's and
    /// comes back as it was, alone in the receipt, nobody else could notice: so the row stays missing.
    fn leave_out_what_is_another_s(&mut self, found: &mut Import<T>) {
        let is_anothers = |row: &mut Accepted<T>| {
            let earlier = self.records.get(&row.record.identity());
            row.answers.is_some() && earlier.is_some_and(|earlier| earlier.called() != row.record.called())
        };
        let anothers: Vec<String> = found
            .accepted
            .extract_if(.., is_anothers)
            .map(|row| format!("第{}行 {}", row.row, row.record.called()))
            .collect();
        if !anothers.is_empty() {
            self.tell(&format!(
                "代码已属于名录中另一单位，没有收下，请再核对：{}",
                some_of(&anothers)
            ));
        }
    }

    fn tell(&mut self, line: &str) {
        let _infallible = writeln!(self.log, "  {line}");
        let _infallible = writeln!(self.news, "{line}");
    }

    fn tell_answers(&mut self, answers: &Answers) {
        for line in self.rows_by_file(&answers.settled) {
            self.tell(&format!("补上 {line}"));
        }
        if !answers.astray.is_empty() {
            let rows = some_of(&answers.astray);
            self.tell(&format!(
                "第{rows}行已收下，但其行号不是前面文件中未导入的行，没有补上任何一行"
            ));
        }
        if answers.is_no_receipt {
            self.tell("有“行号”列，但没有回执的“问题”“建议”列：不当作回执，不补前面文件中未导入的行");
        }
    }

    /// `名录.xlsx 第14、55行`, a line for each file.
    fn rows_by_file(&self, rows: &Rows) -> Vec<String> {
        let line = |(file, rows): (&usize, &BTreeSet<u32>)| {
            let rows: Vec<String> = rows.iter().map(u32::to_string).collect();
            Some(format!("{} 第{}行", self.names.get(*file)?, rows.join("、")))
        };
        rows.iter().filter_map(line).collect()
    }

    fn finish(mut self) -> Result<Loaded<T>> {
        let end = self.found.len().checked_sub(1).context("没有给出文件")?;
        // What the last file refuses stands just above; what it passes over would not be seen.
        for line in self.rows_by_file(&self.outstanding.unsaid(end)) {
            let _infallible = writeln!(self.log, "{line}仍未导入");
        }
        let (file, rows) = self.outstanding.latest().unwrap_or((end, BTreeSet::new()));
        let mut last = self.found.swap_remove(file);
        last.refused.retain(|refused| rows.contains(&refused.row));
        Ok(Loaded {
            records: self.records.into_values().collect(),
            last,
            missing: self.outstanding.count(),
            log: self.log,
            news: self.news,
        })
    }
}

/// The first of a list that may be long.
fn some_of(items: &[impl ToString]) -> String {
    let some: Vec<String> = items.iter().take(LISTED_MAX).map(ToString::to_string).collect();
    let rest = if items.len() > LISTED_MAX { " 等" } else { "" };
    some.join("、") + rest
}

fn told<R: Register>(name: &str, found: &Import<R::Record>) -> String {
    let count = |kind| found.of_kind(kind).count();
    let mut out = format!(
        "{}　{name}\n  导入 {} 行，未导入 {} 行；已修正 {} 处，请核对 {} 处\n",
        R::TITLE,
        found.accepted.len(),
        found.refused.len(),
        count(FindingKind::Mended),
        count(FindingKind::Noted)
    );
    for line in found.summary.lines() {
        let _infallible = writeln!(out, "  {line}");
    }
    for finding in &found.findings {
        let _infallible = writeln!(out, "  {finding}");
    }
    out
}

/// Imports; status 1 if rows are missing.
pub(crate) fn run_import(args: &ImportArgs) -> Result<Outcome> {
    match args.kind {
        Kind::Sources => import_as::<Sources>(args),
        Kind::Inspectors => import_as::<Inspectors>(args),
        Kind::History => import_as::<History>(args),
    }
}

fn import_as<R>(args: &ImportArgs) -> Result<Outcome>
where
    R: Register,
    R::Record: Identified,
{
    let loaded = load::<R>(&args.files)?;
    let mut text = loaded.log.clone();
    if let Some(path) = args.receipt.as_ref().filter(|_| loaded.refused() > 0) {
        loaded.write_receipt(path)?;
        let _infallible = writeln!(
            text,
            "回执已写入 {}：改正标色的单元格后，跟在原文件后面再导入一次。",
            path.display()
        );
    }
    if let Some(path) = &args.out {
        disk::replace(path, &export::<R>(&loaded.records)?, Access::Private)?;
        let _infallible = writeln!(text, "{} 条记录已写入 {}。", loaded.records.len(), path.display());
    }
    Ok(Outcome {
        text,
        status: u8::from(loaded.refused() > 0),
    })
}

/// Writes a template.
pub(crate) fn run_template(args: &TemplateArgs) -> Result<Outcome> {
    let bytes = match args.kind {
        Kind::Sources => template::<Sources>(),
        Kind::Inspectors => template::<Inspectors>(),
        Kind::History => template::<History>(),
    }?;
    disk::write_new(&args.out, &bytes, Access::Public)?;
    Ok(format!("模板已写入 {}。\n", args.out.display()).into())
}
