//! `mingcha draw …`: a draw held on folders, without a server. One verb, one file.
//! Never prints, logs or publishes anything of a list before its reveal.

pub(crate) mod commit;
pub(crate) mod freeze;
pub(crate) mod open;
pub(crate) mod release;
pub(crate) mod reveal;
pub(crate) mod secrets;
pub(crate) mod session;
pub(crate) mod share;
pub(crate) mod substitute;
pub(crate) mod verify;
pub(crate) mod void;

use std::path::PathBuf;

use anyhow::{Context, Result};
use draw::folder::{Files, Folder};

use crate::Outcome;
use crate::locks::LockArgs;
use crate::world::Clock;

/// The verbs of a draw, in the order of their use.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// 冻结：由名录库和实施方案编制名录池、人员和资格（可先 --dry-run）
    Freeze(freeze::Args),
    /// 份额：一位持有人做出自己的秘密份额，只交出它的摘要
    Share(share::Args),
    /// 承诺：公布方案、名录池和各份额的摘要，印出凭条
    Commit(commit::Args),
    /// 开出：由两人各自录入公共值，抽出名单并封存
    Open(open::Args),
    /// 发放：把当前任务写入只有本人可读的文件，并记下谁因何查看
    Release(release::Args),
    /// 替换：按法定理由替换对象或人员，次序由抽取本身决定
    Substitute(substitute::Args),
    /// 作废：公开放弃这次抽取
    Void(void::Args),
    /// 启封：公布全部秘密，任何人都可以重算
    Reveal(reveal::Args),
    /// 核验：逐项检查一个抽取文件夹
    Verify(verify::Args),
}

/// Runs a verb, and says what happened and what comes next.
pub(crate) fn run(verb: Verb, clock: &Clock) -> Result<Outcome> {
    Ok(match verb {
        Verb::Freeze(args) => freeze::run(&args)?.into(),
        Verb::Share(args) => {
            let committed = share::run(&args)?;
            let (number, role) = (args.number, &args.role);
            format!("第 {number} 份（{role}）已封存。交给承诺的只有它的摘要：\n{committed}\n").into()
        }
        Verb::Commit(args) => commit::run(args, clock)?.into(),
        Verb::Open(args) => open::run(&args, clock)?.into(),
        Verb::Release(args) => release::run(&args, clock)?.into(),
        Verb::Substitute(args) => substitute::run(&args, clock)?.into(),
        Verb::Void(args) => void::run(&args, clock)?.into(),
        Verb::Reveal(args) => reveal::run(&args, clock)?.into(),
        Verb::Verify(args) => {
            let report = verify::run(&args)?;
            let status = report.verdict.exit_code();
            Outcome {
                text: format!("{report}{}\n", verify::meaning(&report.verdict)),
                status,
            }
        }
    })
}

/// The two folders of a draw that is already committed.
#[derive(clap::Args)]
pub(crate) struct DrawArgs {
    /// 公开文件夹
    #[arg(value_name = "文件夹")]
    pub(crate) folder: PathBuf,
    /// 保密文件夹
    #[arg(long, value_name = "文件夹")]
    pub(crate) secrets: PathBuf,
    #[command(flatten)]
    pub(crate) lock: LockArgs,
}

/// Parses a public folder whose files must have their form.
fn parsed(files: &Files) -> Result<Folder<'_>> {
    Folder::parse(files)
        .map_err(|wrong| anyhow::anyhow!("form：{wrong}"))
        .context("这个文件夹不是完整的抽取")
}
