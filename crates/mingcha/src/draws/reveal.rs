//! 启封: all secrets of the draw become public, and with them the list.
//! Never publishes a folder that would not pass every check.

use anyhow::{Result, anyhow, bail};
use draw::ceremony::{Secrets, reveal};
use draw::folder::{Kind, REVEAL};
use draw::form;
use draw::record::Time;

use super::DrawArgs;
use super::session::Session;
use super::share::HolderArgs;
use crate::world::Clock;

/// Which draw; the holders are needed only where the draw was given up before it was opened.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
    #[command(flatten)]
    pub(crate) holders: HolderArgs,
    /// 检查时间还没有结束就启封的理由；名单从此公开，会记入查看记录
    #[arg(long, value_name = "理由")]
    pub(crate) early: Option<String>,
}

/// Reveals.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<String> {
    let session = Session::begin(&args.of)?;
    let public = session.parsed()?;
    if public.unsealed.is_some() {
        bail!("这次抽取已经启封，什么也没有改变");
    }
    if public.kind == Kind::VoidBefore {
        bail!("这次抽取在公共值揭晓之前作废，没有名单，不需要启封");
    }
    let known = match (session.is_opened(), &public.void) {
        (true, _) => session.list()?.clone(),
        (false, None) => bail!("这次抽取还没有开出，没有可以启封的名单"),
        (false, Some(_)) => Secrets {
            texts: session.frozen.texts(),
            elig_salt: session.frozen.elig_salt()?,
            shares: args.holders.open_all(&public.commit, &session.secrets)?,
            result: String::new(),
            subs: String::new(),
        },
    };
    let at = clock.now()?;
    if public.void.is_none() {
        refuse_too_early(args, &session, &public.plan.window, &at)?;
    }
    let after = reveal(&session.public, &known, at)?;
    session.publish(&after, REVEAL)?;
    let told = session.told();
    Ok(format!(
        "{told}已启封，全部检查通过。任何人都可以核验 {}。\n",
        args.of.folder.display()
    ))
}

/// Until the last visit the list is secret (R5.3a): what is revealed can't be taken back.
fn refuse_too_early(args: &Args, session: &Session, window: &str, at: &Time) -> Result<()> {
    if is_over(window, &at.text) {
        return Ok(());
    }
    let Some(reason) = &args.early else {
        bail!("检查时间 {window} 还没有结束，现在启封等于公开还没有检查的名单；确有必要时写明 --early 理由");
    };
    form::value(reason).map_err(|wrong| anyhow!("提前启封的理由不能这样写：{wrong}"))?;
    session
        .secrets
        .record_look(&at.text, "启封", &format!("提前启封：{reason}"))
}

/// Whether the last day of a window is over; days and times are written year first, so they compare as text.
fn is_over(window: &str, at: &str) -> bool {
    let last_day = window.rsplit("..").next().unwrap_or_default();
    at > last_day && !at.starts_with(last_day)
}

#[cfg(test)]
mod tests {
    use super::is_over;

    #[test]
    fn r5_3a_a_window_is_over_when_its_last_day_is() {
        let window = "2027-01-04..2027-03-31";
        for early in [
            "2026-11-24T10:00:00+08:00",
            "2027-03-30T23:59:59+08:00",
            "2027-03-31T23:59:59+08:00",
        ] {
            assert!(!is_over(window, early), "{early}");
        }
        for late in ["2027-04-01T00:00:00+08:00", "2028-01-01T00:00:00+08:00"] {
            assert!(is_over(window, late), "{late}");
        }
    }
}
