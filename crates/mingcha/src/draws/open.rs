//! The opening: two people type the public value, the list is drawn and sealed in the same breath.
//! Never opens with a value that the two did not type alike.

use anyhow::{Context, Result, anyhow, bail};
use draw::ceremony::{Secrets, open};
use draw::folder::{DRAW, Folder};
use draw::form;
use draw::record::Time;

use super::session::Session;
use super::share::HolderArgs;
use super::{DrawArgs, parsed};
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

/// Opens the draw, and prints the minutes. On a draw that is open already nothing changes, and they are printed again.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<String> {
    for person in &args.present {
        form::value(person).map_err(|wrong| anyhow!("--present 不能这样写：{wrong}"))?;
    }
    let session = Session::begin(&args.of)?;
    let minutes = args.of.folder.join(minutes::FILE);
    if session.is_opened() {
        session.print(minutes::FILE, &minutes::write(&session.parsed()?, &args.present))?;
        let told = session.told();
        return Ok(format!(
            "{told}这次抽取早已开出，什么也没有改变；{} 已重印。\n",
            minutes.display()
        ));
    }
    let public = session.parsed()?;
    let value = typed_twice(args, &public.commit.public.hint())?;
    let at = clock.now()?;
    refuse_what_can_not_open(&public, &value, &at)?;
    let mut known = Secrets {
        texts: session.frozen.texts(),
        elig_salt: session.frozen.elig_salt()?,
        shares: args.holders.open_all(&public.commit, &session.secrets)?,
        result: String::new(),
        subs: String::new(),
    };
    let after = open(&session.public, &mut known, &value, at)?;
    session.record(&after, DRAW, known)?;
    session.print(minutes::FILE, &minutes::write(&parsed(&after)?, &args.present))?;
    Ok(format!(
        "已开出，名单已封存。请打印 {} 由在场的人签字。\n",
        minutes.display()
    ))
}

/// What is known before the holders come with their keys.
fn refuse_what_can_not_open(public: &Folder<'_>, value: &str, at: &Time) -> Result<()> {
    let Folder { commit, void, .. } = public;
    if void.is_some() {
        bail!("这次抽取已经作废，不能再开；若要另抽，请另立编号重新冻结");
    }
    if !commit.public.fits(value) {
        bail!("公共值“{value}”不符合承诺的规则，应为 {}", commit.public.hint());
    }
    if at.instant > commit.open_by.instant {
        bail!(
            "已过承诺的最迟开出时间 {}，不能再开：请作废这次抽取，另立编号重新承诺",
            commit.open_by.text
        );
    }
    if at.instant <= commit.at.instant {
        bail!(
            "现在的时间 {} 不晚于承诺的时间：请核对计算机的时钟，稍后再开",
            at.text
        );
    }
    Ok(())
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
