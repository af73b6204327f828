//! 作废: a draw is given up in public; if its public value is known, it must still be revealed.
//! Never deletes anything.

use anyhow::{Result, anyhow, bail};
use draw::ceremony::void;
use draw::folder::{Kind, VOID};
use draw::form;

use super::session::Session;
use super::{DrawArgs, parsed};
use crate::world::Clock;

/// Why, and who approved.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) of: DrawArgs,
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

/// Voids. The secrets are asked for so that an opened draw can't be passed off as one that never was.
pub(crate) fn run(args: &Args, clock: &Clock) -> Result<String> {
    for (title, text) in [("作废理由", &args.reason), ("批准人", &args.approved_by)] {
        form::value(text).map_err(|wrong| anyhow!("{title}不能这样写：{wrong}"))?;
    }
    let session = Session::begin(&args.of)?;
    let public = session.parsed()?;
    if let Some(value) = args
        .public
        .as_ref()
        .filter(|value| !public.commit.public.fits(value))
    {
        bail!(
            "公共值“{value}”不符合承诺的规则，应为 {}",
            public.commit.public.hint()
        );
    }
    let after = void(
        &session.public,
        args.public.as_deref(),
        &args.reason,
        &args.approved_by,
        clock.now()?,
    )?;
    session.publish(&after, VOID)?;
    let told = session.told();
    Ok(if parsed(&after)?.kind == Kind::VoidBefore {
        format!("{told}已作废。公共值未知，没有名单产生。\n")
    } else {
        format!("{told}已作废。公共值已知，仍须启封（mingcha draw reveal），让人看到放弃的是什么。\n")
    })
}
