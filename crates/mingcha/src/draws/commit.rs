//! The commitment: from here on nobody can change what is drawn from, and nobody can yet know what is drawn.
//! Never commits to what a verifier would refuse.

use anyhow::{Result, bail};
use draw::ceremony::{Terms, commit};
use draw::folder::{COMMIT, Files};
use draw::hash::Hash32;
use draw::public::Assurance;
use draw::record::Time;

use super::secrets::SharePaper;
use super::session::Session;
use super::{DrawArgs, parsed};
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

/// Commits, prints the slip, and says the hash that everybody present takes home. On a folder that is committed
/// already nothing changes, and the slip is printed again.
pub(crate) fn run(args: Args, clock: &Clock) -> Result<String> {
    let session = Session::begin(&args.of)?;
    if session.public.contains_key(COMMIT) {
        let hash = print_slip(&session, &session.public)?;
        return Ok(format!(
            "这次抽取早已承诺，什么也没有改变；凭条已重印。摘要：{hash}\n"
        ));
    }
    let papers = session.secrets.papers()?;
    let alg = same_alg(&papers)?;
    let frozen = &session.frozen;
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
    session.publish(&after, COMMIT)?;
    let hash = print_slip(&session, &after)?;
    let committed = parsed(&after)?;
    let holders = committed.commit.holders.join("、");
    let print = args.of.folder.join(slip::FILE);
    Ok(format!(
        "已承诺，份额持有人：{holders}。摘要：{hash}\n{}请打印 {} 发给在场的每一个人，然后才取公共值。\n",
        warning(committed.commit.public.assurance()),
        print.display()
    ))
}

/// Who needs to be told that nothing public will enter the draw.
const fn warning(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::C => "注意：没有公共值（丙级），只有在份额持有人不全部串通时，结果才不可操纵。\n",
        Assurance::A | Assurance::B => "",
    }
}

fn print_slip(session: &Session, public: &Files) -> Result<Hash32> {
    let folder = parsed(public)?;
    let hash = folder.commit.alg.hash(&[folder.bytes(COMMIT)]);
    session.print(slip::FILE, &slip::write(&folder, &hash)?)?;
    Ok(hash)
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
