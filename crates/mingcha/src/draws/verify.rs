//! 核验: every check of a folder, by name, for whoever wants to know.
//! Never needs a secret, a server or the network.

use std::path::PathBuf;

use anyhow::Result;
use draw::verify::{Report, Verdict, verify};

use crate::disk;

/// What to verify.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 抽取文件夹
    #[arg(value_name = "文件夹")]
    pub(crate) folder: PathBuf,
}

/// Verifies; the report's verdict decides the exit status.
pub(crate) fn run(args: &Args) -> Result<Report> {
    Ok(verify(&disk::read_draw(&args.folder)?))
}

/// What a report means, in a sentence.
pub(crate) fn meaning(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passes => "全部检查通过。请再亲自核对两样：承诺的摘要与当场的凭条，公共值与它的公布来源。",
        Verdict::Open => "尚未启封：目前能做的检查都通过。",
        Verdict::Fails(..) => "核验不通过：这个文件夹与规则不符，见上面的 FAIL 一行。",
        Verdict::Beyond => "规模超出本程序在合理时间内的能力，没有得出结论。",
    }
}
