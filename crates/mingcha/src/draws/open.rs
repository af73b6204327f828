//! The opening: two people type the public value, the list is drawn and sealed in the same breath.
//! Never opens with a value that the two did not type alike.

use anyhow::{Context, Result, bail};
use draw::ceremony::{Secrets, open};
use draw::folder::DRAW;

use super::secrets::SecretFolder;
use super::share::HolderArgs;
use super::{DrawArgs, parsed, publish};
use crate::disk::{self, Access};
use crate::locks;
use crate::papers::minutes;
use crate::world::Clock;

/// Who opens, and with what.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
    /// 第一位录入的公共值；不给出时在键盘上输入
    #[arg(long, value_name = "值", requires = "public_again")]
    pub(crate) public: Option<String>,
    /// 第二位独立录入的公共值
    #[arg(long, value_name = "值", requires = "public")]
    pub(crate) public_again: Option<String>,
    #[command(flatten)]
    pub(crate) holders: HolderArgs,
    /// 现场监督人员和见证人，写入抽取记录；可重复
    #[arg(long, value_name = "姓名（身份）")]
    pub(crate) present: Vec<String>,
}

/// Opens the draw.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<()> {
    let folder = &args.of.folder;
    let before = disk::read_draw(folder)?;
    let public = parsed(&before)?;
    if public.draw.is_some() || public.void.is_some() {
        bail!("这次抽取已经开出或已作废，不能再开；若要另抽，须作废并另立编号");
    }
    let value = typed_twice(args, &public.commit.public.hint())?;
    let secrets = SecretFolder::of(&args.of.secrets, &public.plan.draw)?;
    let lock = args.of.lock.to_open("冻结数据")?;
    let frozen = secrets.frozen(&lock)?;
    let mut known = Secrets {
        texts: frozen.texts(),
        elig_salt: frozen.elig_salt()?,
        shares: args.holders.open_all(&public.commit, &secrets)?,
        result: String::new(),
        subs: String::new(),
    };
    let after = open(&before, &mut known, &value, clock.now()?)?;
    secrets.put_list(&known, &lock)?;
    // The minutes come first: once the record is there, nobody can be left without them.
    let minutes = minutes::write(&parsed(&after)?, &args.present);
    disk::replace(&folder.join(minutes::FILE), minutes.as_bytes(), Access::Public)?;
    publish(folder, &before, &after, DRAW)
}

fn typed_twice(args: &Args, hint: &str) -> Result<String> {
    let (first, second) = match (&args.public, &args.public_again) {
        (Some(first), Some(second)) => (first.clone(), second.clone()),
        _ => {
            let ask = |who: &str| locks::prompt(&format!("{who}录入公共值（{hint}）："));
            (ask("第一位")?.to_string(), ask("第二位")?.to_string())
        }
    };
    if first != second {
        bail!("两人录入的公共值不同，什么也没有发生；请对照来源各自重新录入");
    }
    Some(first)
        .filter(|value| !value.is_empty())
        .context("公共值是空的")
}
