//! 替换: the only change of a drawn list (R5.1f), on a ground, approved by a second person.
//! Never lets whoever asks choose, or see who is next before the ground is recorded.

use std::path::PathBuf;

use anyhow::{Result, bail};
use draw::ceremony::{Ground, substitute};
use draw::folder::sub_name;
use draw::hash::Hash32;
use draw::substitute::Request;

use super::secrets::SecretFolder;
use super::{DrawArgs, parsed, publish};
use crate::disk;
use crate::world::{self, Clock};

/// What is given up, and why.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
    /// 检查对象的编号
    #[arg(long, value_name = "对象编号")]
    pub(crate) target: String,
    /// 要替换的人员代号（如 I004），“?”为空缺的岗位；不给出时替换整个对象
    #[arg(long, value_name = "人员代号")]
    pub(crate) inspector: Option<String>,
    /// 替换理由，如 企业已关闭、执法证失效、回避、患病
    #[arg(long, value_name = "理由")]
    pub(crate) reason: String,
    /// 证明材料；其摘要写入替换记录
    #[arg(long, value_name = "文件")]
    pub(crate) evidence: Option<PathBuf>,
    /// 提出人
    #[arg(long, value_name = "姓名")]
    pub(crate) asked_by: String,
    /// 批准人，不能是提出人
    #[arg(long, value_name = "姓名")]
    pub(crate) approved_by: String,
}

/// Substitutes; the number of the record. Who comes instead stays sealed: `release` shows it.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<usize> {
    if args.asked_by.trim() == args.approved_by.trim() {
        bail!("替换须由第二人批准：批准人不能是提出人");
    }
    let folder = &args.of.folder;
    let before = disk::read_draw(folder)?;
    let public = parsed(&before)?;
    let secrets = SecretFolder::of(&args.of.secrets, &public.plan.draw)?;
    let lock = args.of.lock.to_open("名单")?;
    let mut known = secrets.list(&secrets.frozen(&lock)?, public.subs.len(), &lock)?;
    let evidence = args.evidence.as_ref().map(|path| disk::read(path)).transpose()?;
    let reason = format!(
        "{}（{}提出，{}批准）",
        args.reason.trim(),
        args.asked_by.trim(),
        args.approved_by.trim()
    );
    let ground = Ground {
        reason: &reason,
        evidence: evidence.map(|bytes| public.commit.alg.hash(&[&bytes])),
    };
    let request = match &args.inspector {
        Some(old) => Request::Inspector {
            target: &args.target,
            old,
        },
        None => Request::Target(&args.target),
    };
    let salt = Hash32(world::random()?);
    let (after, _sealed) = substitute(&before, &mut known, request, &ground, salt, clock.now()?)?;
    let n = public.subs.len() + 1;
    secrets.put_list(&known, &lock)?;
    publish(folder, &before, &after, &sub_name(n))?;
    Ok(n)
}
