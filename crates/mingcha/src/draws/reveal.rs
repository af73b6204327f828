//! 启封: all secrets of the draw become public, and with them the list.
//! Never publishes a folder that would not pass every check.

use anyhow::Result;
use draw::ceremony::{Secrets, reveal};
use draw::folder::REVEAL;

use super::secrets::SecretFolder;
use super::share::HolderArgs;
use super::{DrawArgs, parsed, publish};
use crate::disk;
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
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<()> {
    let folder = &args.of.folder;
    let before = disk::read_draw(folder)?;
    let public = parsed(&before)?;
    let secrets = SecretFolder::of(&args.of.secrets, &public.plan.draw)?;
    let lock = args.of.lock.to_open("名单")?;
    let frozen = secrets.frozen(&lock)?;
    let known = if public.draw.is_some() {
        secrets.list(&frozen, public.subs.len(), &lock)?
    } else {
        Secrets {
            texts: frozen.texts(),
            elig_salt: frozen.elig_salt()?,
            shares: args.holders.open_all(&public.commit, &secrets)?,
            result: String::new(),
            subs: String::new(),
        }
    };
    let after = reveal(&before, &known, clock.now()?)?;
    publish(folder, &before, &after, REVEAL)
}
