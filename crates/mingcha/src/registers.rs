//! `mingcha import` and `mingcha template`: registers from Excel and CSV, with a receipt for what is wrong.
//! Never takes a row that has a mistake, and never drops one without saying so.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{Inspector, PastInspection, Source};
use sheets::{
    FindingKind, History, Import, Inspectors, Register, Sources, export, import, receipt, template,
};

use crate::Outcome;
use crate::disk::{self, Access};

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
    /// 名录文件（.xlsx 或 .csv）；其后可再跟改正过的回执，后一个文件补上前一个文件中未导入的行
    #[arg(required = true, value_name = "文件")]
    pub(crate) files: Vec<PathBuf>,
    /// 把未导入的行写成回执：改正标色的单元格后可再次导入
    #[arg(long, value_name = "文件")]
    pub(crate) receipt: Option<PathBuf>,
    /// 把导入的全部行写成一份干净的名录（.xlsx）
    #[arg(long, value_name = "文件")]
    pub(crate) out: Option<PathBuf>,
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
}

impl Identified for Source {
    fn identity(&self) -> String {
        self.id().to_string()
    }
}

impl Identified for Inspector {
    fn identity(&self) -> String {
        self.certificate.number.to_string()
    }
}

impl Identified for PastInspection {
    fn identity(&self) -> String {
        format!("{} {}", self.on, self.target)
    }
}

/// A register read from its files.
pub(crate) struct Loaded<T> {
    /// All records, by identity.
    pub(crate) records: Vec<T>,
    /// The last file as it was read: what it refuses is what is still missing.
    last: Import<T>,
    /// What happened, file by file.
    pub(crate) log: String,
}

impl<T> Loaded<T> {
    /// Rows that are still missing.
    pub(crate) fn refused(&self) -> usize {
        self.last.refused.len()
    }

    /// The receipt for the rows that are still missing.
    pub(crate) fn write_receipt(&self, path: &Path) -> Result<()> {
        disk::replace(path, &receipt(&self.last)?, Access::Private)
    }
}

/// Reads a register from one file and the mended receipts that follow it.
pub(crate) fn load<R>(files: &[PathBuf]) -> Result<Loaded<R::Record>>
where
    R: Register,
    R::Record: Identified,
{
    let mut records = BTreeMap::new();
    let mut log = String::new();
    let mut last = None;
    for path in files {
        let file = File::open(path).with_context(|| format!("打不开文件 {}", path.display()))?;
        let found = import::<R>(file).with_context(|| path.display().to_string())?;
        log.push_str(&told::<R>(path, &found));
        let new = found
            .accepted
            .iter()
            .map(|row| (row.record.identity(), row.record.clone()));
        records.extend(new);
        last = Some(found);
    }
    let last = last.context("没有给出文件")?;
    Ok(Loaded {
        records: records.into_values().collect(),
        last,
        log,
    })
}

fn told<R: Register>(path: &Path, found: &Import<R::Record>) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
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
