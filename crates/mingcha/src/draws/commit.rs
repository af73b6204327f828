//! The commitment: from here on nobody can change what is drawn from, and nobody can yet know what is drawn.
//! Never commits to what a verifier would refuse.

use anyhow::{Context, Result, bail};
use draw::ceremony::{Terms, commit};
use draw::folder::{COMMIT, Files, PLAN};
use draw::hash::Hash32;
use draw::plan::Plan;
use draw::record::Time;

use super::secrets::{SecretFolder, SharePaper};
use super::{DrawArgs, parsed, publish};
use crate::disk::{self, Access};
use crate::papers::slip;
use crate::world::Clock;

/// What is committed to besides what is frozen.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
    /// 最迟何时开出，如 2027-01-05T12:00:00+08:00
    #[arg(long, value_name = "时间", value_parser = time)]
    pub(crate) open_by: Time,
    /// 最迟何时启封
    #[arg(long, value_name = "时间", value_parser = time)]
    pub(crate) reveal_by: Time,
    /// 存证日志的名称，印在承诺上
    #[arg(long, value_name = "名称", default_value = "mingcha.local")]
    pub(crate) origin: String,
}

fn time(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "请写成 2027-01-05T12:00:00+08:00 的形式".into())
}

/// Commits, and says the hash that everybody present takes home.
pub(crate) fn run(args: Args, clock: &Clock) -> Result<Hash32> {
    let folder = &args.of.folder;
    let before = disk::read_draw(folder)?;
    if before.contains_key(COMMIT) {
        bail!("{} 已经承诺过；一次抽取只承诺一次", folder.display());
    }
    let draw = draw_number(&before)?;
    let secrets = SecretFolder::of(&args.of.secrets, &draw)?;
    let papers = secrets.papers()?;
    let alg = same_alg(&papers)?;
    let frozen = secrets.frozen(&args.of.lock.to_open("冻结数据")?)?;
    let terms = Terms {
        origin: args.origin,
        alg,
        holders: papers
            .into_iter()
            .map(|paper| (paper.role, paper.committed))
            .collect(),
        public: frozen.public()?,
        open_by: args.open_by,
        reveal_by: args.reveal_by,
        at: clock.now()?,
    };
    let after = commit(&frozen.texts(), &frozen.elig_salt()?, terms)?;
    let committed = parsed(&after)?;
    let hash = alg.hash(&[committed.bytes(COMMIT)]);
    // The slip comes first: once the record is there, nobody can be left without one.
    disk::replace(
        &folder.join(slip::FILE),
        slip::write(&committed, &hash)?.as_bytes(),
        Access::Public,
    )?;
    publish(folder, &before, &after, COMMIT)?;
    Ok(hash)
}

/// The draw number of the frozen plan.
fn draw_number(files: &Files) -> Result<String> {
    let bytes = files
        .get(PLAN)
        .context("公开文件夹中没有 plan.txt：请先冻结（mingcha draw freeze）")?;
    let plan = Plan::parse(bytes).map_err(|wrong| anyhow::anyhow!("{PLAN}：{wrong}"))?;
    Ok(plan.draw)
}

fn same_alg(papers: &[SharePaper]) -> Result<draw::hash::Alg> {
    let Some(first) = papers.first() else {
        bail!("还没有任何份额：请至少两位持有人各自执行 mingcha draw share");
    };
    if papers.iter().any(|paper| paper.alg != first.alg) {
        bail!("各份额的摘要算法不同：请让持有人用同一种算法重做");
    }
    Ok(first.alg)
}
