//! `mingcha ledger verify`: the whole ledger, leaf by leaf, against its signed checkpoints.
//! Never needs the office to run, and never changes anything.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::serve::{StoreArgs, database, kept_checkpoint};
use crate::{Outcome, disk};

/// What can be asked of the ledger.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// 核对整个账本：改过、删过、调换过、截短过的都会指出位置
    Verify(Args),
}

/// What to verify against.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// 外面保存的校验点（印在单据上或从网页下载的），可给多个
    #[arg(long, value_name = "文件")]
    checkpoint: Vec<PathBuf>,
    /// 外面保存的验证公钥；不给出时用数据库里登记的
    #[arg(long, value_name = "公钥")]
    verifier: Option<String>,
}

pub(crate) fn run(verb: Verb) -> Result<Outcome> {
    let Verb::Verify(args) = verb;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .context("系统没有给出运行所需的线程")?
        .block_on(verify(args))
}

async fn verify(args: Args) -> Result<Outcome> {
    let mut external: Vec<String> = kept_checkpoint(&args.store.data)?.into_iter().collect();
    for path in &args.checkpoint {
        external.push(disk::read_text(path)?);
    }
    let verification =
        ops::audit::verify(&database(&args.store)?, &external, args.verifier.as_deref()).await?;
    let report = &verification.report;
    let mut text = String::new();
    for finding in &report.findings {
        writeln!(text, "不符　{finding}")?;
    }
    for sentence in verification.beyond_the_tree() {
        writeln!(text, "不符　{sentence}")?;
    }
    let root = report
        .root
        .map_or_else(|| "（不全，算不出）".to_owned(), |root| root.to_string());
    writeln!(text, "共{}条，树根 {root}", report.size)?;
    writeln!(
        text,
        "数据库里的校验点{}个、外面保存的{}个核对相符；签名到第{}条",
        report.checkpoints, report.external_checkpoints, report.signed_size
    )?;
    if verification.waiting > 0 {
        writeln!(
            text,
            "还有{}条等待排入（服务运行时一秒内完成）",
            verification.waiting
        )?;
    }
    let holds = verification.holds();
    text.push_str(if holds {
        "账本完好。\n"
    } else {
        "账本有问题：请保留现场，告诉审计管理员。\n"
    });
    Ok(Outcome::with_status(text, u8::from(!holds)))
}
