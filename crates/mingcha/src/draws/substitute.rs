//! 替换: the only change of a drawn list (R5.1f), on a ground, approved by a second person.
//! Never lets whoever asks choose, or see who is next before the ground is recorded.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use domain::clean_code;
use draw::ceremony::{Ground, Refused, substitute};
use draw::folder::sub_name;
use draw::form;
use draw::hash::Hash32;
use draw::substitute::Request;
use draw::verify::Check;

use super::session::Session;
use super::{DrawArgs, parsed};
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

/// Substitutes. Who comes instead stays sealed: `release` shows it.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<String> {
    let reason = reason(args)?;
    let evidence = args
        .evidence
        .as_ref()
        .map(|path| disk::read_whole(path))
        .transpose()?;
    let session = Session::begin(&args.of)?;
    if !session.completed.is_empty() {
        bail!(
            "{}请先用 release 查看，再决定是否还要替换；这一次什么也没有做",
            session.told()
        );
    }
    let public = session.parsed()?;
    let mut known = session.list()?.clone();
    let at = clock.now()?;
    // Whoever asks learns something, so the asking itself is recorded first.
    let asked = format!(
        "申请替换 {} {}：{reason}",
        args.target,
        args.inspector.as_deref().unwrap_or("对象")
    );
    session
        .secrets
        .record_look(&at.text, args.asked_by.trim(), &asked)?;
    let evidence = evidence.map(|bytes| public.commit.alg.hash(&[&bytes]));
    let ground = Ground {
        reason: &reason,
        evidence,
    };
    let request = match &args.inspector {
        Some(old) => Request::Inspector {
            target: &args.target,
            old,
        },
        None => Request::Target(&args.target),
    };
    let salt = Hash32(world::random()?);
    let (after, _sealed) =
        substitute(&session.public, &mut known, request, &ground, salt, at).map_err(alike)?;
    let n = public.subs.len() + 1;
    session.record(&after, &sub_name(n), known)?;
    let recorded = parsed(&after)?;
    let hash = recorded.commit.alg.hash(&[recorded.bytes(&sub_name(n))]);
    Ok(format!(
        "第 {n} 次替换已记录；接替者由抽取的顺序决定，已封存，可用 release 发放。\n\
         替换记录的摘要（请公布，或交监督员留存）：{hash}\n"
    ))
}

/// One sentence for all that is wrong with a request, so that refusals do not tell who was drawn.
fn alike(refused: Refused) -> anyhow::Error {
    if matches!(
        refused,
        Refused::Fails {
            check: Check::Substitutions,
            ..
        }
    ) {
        return anyhow!(
            "替换未被接受：对象不是当前的检查任务，或人员不在它的检查组里。这次申请已经记录；请用 release 核对后再申请"
        );
    }
    refused.into()
}

/// The reason as it is recorded, with who asked and who approved.
fn reason(args: &Args) -> Result<String> {
    let given = [
        ("替换理由", &args.reason),
        ("提出人", &args.asked_by),
        ("批准人", &args.approved_by),
    ];
    for (title, text) in given {
        form::value(text).map_err(|wrong| anyhow!("{title}不能这样写：{wrong}"))?;
    }
    let is_inspector = |name: &String| name == "?" || form::is_name(name);
    if !form::is_target_id(&args.target) || !args.inspector.as_ref().is_none_or(is_inspector) {
        bail!("对象编号或人员代号的写法不对：请照发放的名单填写");
    }
    // A blank or a full-width letter makes nobody a second person.
    if clean_code(&args.asked_by).text == clean_code(&args.approved_by).text {
        bail!("替换须由第二人批准：批准人不能是提出人");
    }
    Ok(format!(
        "{}（{}提出，{}批准）",
        args.reason, args.asked_by, args.approved_by
    ))
}
