//! 冻结: from the registers and the plan to what is committed. It says first whether the draw can be held.
//! Never freezes a register of which rows are missing, unless somebody says how many.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use domain::plans::{Compiled, Disclosure, Finding, ImplementationPlan, Registers, RosterEntry, compile};
use domain::{DrawNumber, Source};
use draw::folder::{PLAN, POOL};
use draw::hash::Hash32;
use draw::trial::{Rehearsals, rehearse};
use sheets::{History, Inspectors, Sources};

use super::secrets::{Frozen, Person, SecretFolder};
use crate::disk::{self, Access};
use crate::locks::LockArgs;
use crate::registers::{Loaded, load};
use crate::world;

/// What to freeze.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 公开文件夹（新建）
    #[arg(value_name = "文件夹")]
    pub(crate) folder: PathBuf,
    /// 保密文件夹（新建）
    #[arg(long, value_name = "文件夹")]
    pub(crate) secrets: PathBuf,
    /// 实施方案 plan.toml
    #[arg(long, value_name = "文件")]
    pub(crate) plan: PathBuf,
    /// 污染源名录库；改正过的回执跟在后面：--sources 名录.xlsx --sources 回执.xlsx
    #[arg(long, value_name = "文件", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// 执法检查人员名录库
    #[arg(long, value_name = "文件", required = true)]
    pub(crate) inspectors: Vec<PathBuf>,
    /// 检查历史（年度上限、近期已查、轮换要用）
    #[arg(long, value_name = "文件")]
    pub(crate) history: Vec<PathBuf>,
    /// 前一次抽取作废后，用同一方案另立的编号
    #[arg(long, value_name = "编号")]
    pub(crate) draw: Option<String>,
    /// 仍未导入的行数；写出来才允许缺着这些行抽取
    #[arg(long, value_name = "行数", default_value_t = 0)]
    pub(crate) leave_out: usize,
    /// 试抽次数
    #[arg(long, value_name = "次数", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) trials: u32,
    /// 只检查方案能否实施，什么也不写
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) lock: LockArgs,
}

/// Compiles, rehearses and freezes; what to read before the commitment.
pub(crate) fn run(args: &Args) -> Result<String> {
    let plan = plan(args)?;
    let sources = load::<Sources>(&args.sources)?;
    let inspectors = load::<Inspectors>(&args.inspectors)?;
    let history = if args.history.is_empty() {
        None
    } else {
        Some(load::<History>(&args.history)?)
    };
    refuse_gaps(
        args,
        &sources,
        inspectors.refused(),
        history.as_ref().map_or(0, Loaded::refused),
    )?;
    let compiled = compiled(
        &plan,
        &Registers {
            sources: &sources.records,
            inspectors: &inspectors.records,
            history: history.as_ref().map_or(&[], |history| &history.records),
        },
    )?;
    let rehearsals = rehearse(&compiled.texts.parse()?, args.trials, &Hash32(world::random()?))?;
    let news = history.iter().map(|history| history.news.as_str());
    let news: String = [sources.news.as_str(), &inspectors.news]
        .into_iter()
        .chain(news)
        .collect();
    let said = format!("{news}{}\n{}", compiled.report(), told(&rehearsals, &compiled));
    if args.dry_run {
        return Ok(format!("{said}只做了检查，什么也没有写。\n"));
    }
    let done = freeze(args, &plan, compiled)?;
    let next = "下一步：每位持有人各自做出份额（mingcha draw share），然后承诺（mingcha draw commit）。";
    Ok(format!("{said}{done}{next}\n"))
}

fn plan(args: &Args) -> Result<ImplementationPlan> {
    let name = args.plan.display();
    let plan = ImplementationPlan::parse(&disk::read_text(&args.plan)?);
    let plan = plan.map_err(|findings| all(&format!("{name} 需要改正"), &findings))?;
    if plan.ceremony().disclosure == Disclosure::AtReveal {
        bail!("{name}：名录池在启封时才公开的抽取，目前还不能在命令行上举行；请改为“承诺时”");
    }
    match &args.draw {
        None => Ok(plan),
        Some(number) => Ok(plan.numbered(DrawNumber::parse(number).context("抽取编号应如 2027-002")?)),
    }
}

fn all(heading: &str, findings: &[Finding]) -> anyhow::Error {
    let lines: Vec<String> = findings.iter().map(|finding| format!("  - {finding}")).collect();
    anyhow!("{heading}：\n{}", lines.join("\n"))
}

fn refuse_gaps(args: &Args, sources: &Loaded<Source>, inspectors: usize, history: usize) -> Result<()> {
    let missing = sources.refused() + inspectors + history;
    if missing != args.leave_out {
        bail!(
            "名录中还有 {missing} 行没有导入（污染源 {}，人员 {inspectors}，历史 {history}）：\
             缺了的单位抽不到。请按回执改正后用 --sources 等参数补上，\
             或者写明 --leave-out {missing} 表示知道缺着它们",
            sources.refused()
        );
    }
    Ok(())
}

fn compiled(plan: &ImplementationPlan, registers: &Registers<'_>) -> Result<Compiled> {
    let mut failed = None;
    let mut salt = || {
        world::random::<16>().unwrap_or_else(|error| {
            failed = Some(error);
            [0; 16]
        })
    };
    let compiled = compile(plan, registers, &mut salt);
    match failed {
        Some(error) => Err(error),
        None => compiled.map_err(|findings| all("方案不能实施", &findings)),
    }
}

/// What the rehearsals showed, in sentences.
fn told(seen: &Rehearsals, compiled: &Compiled) -> String {
    let mut out = format!("试抽 {} 次：", seen.draws);
    if seen.with_vacancies == 0 {
        out.push_str("每一次所有岗位都能派到人。\n");
        return out;
    }
    let _infallible = writeln!(
        out,
        "有 {} 次出现空缺，共空缺 {} 个岗位。",
        seen.with_vacancies, seen.vacant_slots
    );
    let mut people: Vec<(&String, &u32)> = seen.bottlenecks.iter().collect();
    people.sort_by_key(|(name, times)| (std::cmp::Reverse(**times), *name));
    for (pseudonym, times) in people.iter().take(10) {
        let name = compiled
            .roster
            .resolve(pseudonym)
            .map_or("", |entry| entry.name.as_str());
        let _infallible = writeln!(out, "  瓶颈：{name}（{times} 次）");
    }
    out.push_str("可以提高这些人的任务上限、增加同组人员，或减少抽取数量。\n");
    out
}

/// Seals, then writes the public part. A freeze that was interrupted in between is completed, not made anew.
fn freeze(args: &Args, plan: &ImplementationPlan, compiled: Compiled) -> Result<&'static str> {
    disk::make_folder(&args.folder)?;
    disk::refuse_nested(&args.folder, &args.secrets)?;
    let _folder_lock = disk::lock_folder(&args.folder)?;
    let there = disk::read_draw(&args.folder)?;
    let secrets = SecretFolder::make(&args.secrets, &plan.draw().to_string())?;
    if secrets.is_frozen() {
        let frozen = secrets.frozen(&args.lock.to_open("经办人")?)?;
        write_public(args, &frozen)?;
        return Ok("这次抽取早已冻结：冻结的内容没有改变，公开文件夹已补全。");
    }
    if let Some(name) = there.keys().next() {
        bail!(
            "公开文件夹 {} 里已有 {name}：请换一个空的文件夹",
            args.folder.display()
        );
    }
    let lock = args.lock.to_seal("经办人")?;
    let person = |entry: &RosterEntry| Person {
        pseudonym: entry.pseudonym.clone(),
        name: entry.name.to_string(),
        unit: entry.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        certificate: entry.certificate.to_string(),
    };
    let roster = compiled.roster.entries().iter().map(person).collect();
    let frozen = Frozen::new(
        compiled.texts,
        &plan.ceremony().public,
        Hash32(world::random()?),
        roster,
    );
    secrets.freeze(&frozen, &lock)?;
    write_public(args, &frozen)?;
    Ok("已冻结。")
}

fn write_public(args: &Args, frozen: &Frozen) -> Result<()> {
    let texts = frozen.texts();
    for (name, text) in [(PLAN, &texts.plan), (POOL, &texts.pool)] {
        disk::write_new(&args.folder.join(name), text.as_bytes(), Access::Public)?;
    }
    Ok(())
}
