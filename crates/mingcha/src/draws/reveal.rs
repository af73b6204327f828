//! 启封: all secrets of the draw become public, and with them the list.
//! Never publishes a folder that would not pass every check.

use anyhow::{Result, bail};
use draw::ceremony::{Secrets, reveal};
use draw::folder::{Kind, REVEAL};

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
    let after = reveal(&session.public, &known, clock.now()?)?;
    session.publish(&after, REVEAL)?;
    let told = session.told();
    Ok(format!(
        "{told}已启封，全部检查通过。任何人都可以核验 {}。\n",
        args.of.folder.display()
    ))
}
