//! `mingcha account link`: the way back in for a bureau whose only security administrator has forgotten the password.
//! Never sets a password and never works without a trace: it makes a one-time link, and the ledger says from where.

use anyhow::{Context, Result};

use crate::Outcome;
use crate::serve::{StoreArgs, reopen, url};

/// What can be done for an account on the machine itself.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// 给账号发一次性链接，本人用它重新设置口令
    #[command(long_about = "给账号发一次性链接，本人用它重新设置口令。\n\n\
        平时链接由安全管理员在“账号”页面发出；只有安全管理员自己忘记了口令、又没有第二位安全管理员时，才需要在服务器上用这个命令。\n\
        链接 3 天内有效，只能用一次，以前没有用过的链接就此失效；设置新口令后，原来的登录全部退出，锁定也随之解除。\n\
        这一次发出记入账本：来自服务器本机，审计管理员看得到。服务正在运行时也可以用。")]
    Link(Args),
}

/// Whose link, and what it begins with.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 登录名
    #[arg(value_name = "登录名")]
    login: String,
    #[command(flatten)]
    store: StoreArgs,
    /// 浏览器访问的网址；不写则用 mingcha.toml 里的
    #[arg(long, env = "MINGCHA_URL", value_name = "网址")]
    url: Option<String>,
}

pub(crate) fn run(verb: Verb) -> Result<Outcome> {
    let Verb::Link(args) = verb;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .context("系统没有给出运行所需的线程")?
        .block_on(link(args))
}

async fn link(args: Args) -> Result<Outcome> {
    let url = url(&args.store.data, args.url)?;
    let office = reopen(&args.store).await?;
    let token = ops::accounts::link_from_console(&office, args.login.trim()).await?;
    office.order_ledger().await?;
    office.close().await;
    Ok(format!(
        "{url}/invitation/{}\n请把这个链接当面交给“{}”本人：3 天内有效，只能用一次。这一次发出已记入账本。\n",
        token.reveal(),
        args.login.trim()
    )
    .into())
}
