//! 作废: a draw is given up in public; if its public value is known, it must still be revealed.
//! Never deletes anything.

use std::path::PathBuf;

use anyhow::Result;
use draw::ceremony::void;
use draw::folder::{Kind, VOID};

use super::{parsed, publish};
use crate::disk;
use crate::world::Clock;

/// Why, and who approved.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 公开文件夹
    #[arg(value_name = "文件夹")]
    pub(crate) folder: PathBuf,
    /// 作废理由
    #[arg(long, value_name = "理由")]
    pub(crate) reason: String,
    /// 批准人
    #[arg(long, value_name = "姓名（职务）")]
    pub(crate) approved_by: String,
    /// 尚未开出但公共值已经公布时，写出公共值
    #[arg(long, value_name = "值")]
    pub(crate) public: Option<String>,
}

/// Voids; whether the draw must still be revealed.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<bool> {
    let before = disk::read_draw(&args.folder)?;
    let after = void(
        &before,
        args.public.as_deref(),
        &args.reason,
        &args.approved_by,
        clock.now()?,
    )?;
    publish(&args.folder, &before, &after, VOID)?;
    Ok(parsed(&after)?.kind != Kind::VoidBefore)
}
