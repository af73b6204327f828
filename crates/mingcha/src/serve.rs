//! `mingcha serve`: the office in the browser, on SQLite in the data folder or on PostgreSQL.
//! Never starts with a password that somebody else knows: the first start prints a one-time link.

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use ops::{At, Office, Outside};
use serde::Deserialize;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::disk::{self, Access};
use crate::{Outcome, locks, world};

/// Where it listens if nobody says: this machine alone.
const LISTEN: &str = "127.0.0.1:8080";
/// The key that signs the ledger, in the data folder.
const KEY: &str = "ledger.key";
/// The newest signed checkpoint, in the data folder: beside the database, so that a database that was rolled back shows.
const CHECKPOINT: &str = "checkpoint.txt";
/// How long the ledger waits at most before its new entries are signed.
const ORDER_EVERY: Duration = Duration::from_secs(1);

/// How the office is served; flags go before the environment, and both before mingcha.toml in the data folder.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 数据文件夹：数据库、签名密钥和校验点都在这里
    #[arg(long, env = "MINGCHA_DATA", value_name = "文件夹")]
    data: PathBuf,
    /// 数据库地址：sqlite:文件 或 postgres://用户:口令@主机/库名；不写则用数据文件夹里的 mingcha.db
    #[arg(long, env = "MINGCHA_DATABASE", value_name = "地址", hide_env_values = true)]
    database: Option<String>,
    /// 监听的地址和端口，默认 127.0.0.1:8080
    #[arg(long, env = "MINGCHA_LISTEN", value_name = "地址:端口")]
    listen: Option<String>,
    /// 浏览器访问的网址，例如 https://mingcha.example.gov.cn；用于链接，https 时登录只走加密连接
    #[arg(long, env = "MINGCHA_URL", value_name = "网址")]
    url: Option<String>,
}

/// `mingcha.toml`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    url: Option<String>,
}

/// What is asked of the database alone.
#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    /// 数据文件夹
    #[arg(long, env = "MINGCHA_DATA", value_name = "文件夹")]
    pub(crate) data: PathBuf,
    /// 数据库地址；不写则用数据文件夹里的 mingcha.db
    #[arg(long, env = "MINGCHA_DATABASE", value_name = "地址", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

fn file(data: &Path) -> Result<File> {
    let path = data.join("mingcha.toml");
    if !path.exists() {
        return Ok(File::default());
    }
    let text = disk::read_text(&path)?;
    let wrong = |e: toml::de::Error| {
        let line = |span: std::ops::Range<usize>| {
            let before = text.get(..span.start).unwrap_or_default();
            format!("第{}行附近", before.matches('\n').count() + 1)
        };
        anyhow!(
            "{}{}写得不对：只能写 database、listen、url 三项，值加英文双引号，例如 listen = \"0.0.0.0:8080\"；请改正，或删去这个文件",
            path.display(),
            e.span().map(line).unwrap_or_default()
        )
    };
    toml::from_str(&text).map_err(wrong)
}

/// The address of the database: as given, or the file in the data folder.
pub(crate) fn database(args: &StoreArgs) -> Result<String> {
    let given = match &args.database {
        Some(address) => Some(address.clone()),
        None => file(&args.data)?.database,
    };
    Ok(given.unwrap_or_else(|| format!("sqlite:{}", args.data.join("mingcha.db").display())))
}

/// The newest checkpoint that this data folder keeps outside of the database.
pub(crate) fn kept_checkpoint(data: &Path) -> Result<Option<String>> {
    let path = data.join(CHECKPOINT);
    path.exists().then(|| disk::read_text(&path)).transpose()
}

/// The machine that the office runs on.
pub(crate) struct Machine {
    data: PathBuf,
}

impl Outside for Machine {
    fn now(&self) -> At {
        At(world::Clock::System.micros())
    }

    fn fill(&self, bytes: &mut [u8]) {
        world::fill(bytes);
    }

    fn kept(&self) -> Option<String> {
        kept_checkpoint(&self.data).ok().flatten()
    }

    fn keep(&self, note: &str) {
        // The database has it too; a full disk is told by the next write to the database.
        let _kept_in_the_database_too =
            disk::replace(&self.data.join(CHECKPOINT), note.as_bytes(), Access::Public);
    }
}

/// The office on its database, with the key that signs its ledger; makes the data folder and the key at the first start.
pub(crate) async fn open(args: &StoreArgs) -> Result<Office> {
    disk::make_private_folder(&args.data)?;
    let path = args.data.join(KEY);
    if !path.exists() {
        // A key made anew could not go on with a ledger that another one signed.
        if args.data.join(CHECKPOINT).exists() {
            bail!(
                "数据文件夹 {} 里有账本，却没有签名密钥 ledger.key；请从备份恢复它，放回原处后再启动。什么也没有改动",
                args.data.display()
            );
        }
        locks::make_key_file(&path)?;
    }
    let text = Zeroizing::new(disk::read_text(&path)?);
    let seed = draw::hash::from_hex(text.trim()).and_then(|bytes| bytes.try_into().ok());
    let seed = seed.with_context(|| format!("{} 应为 64 位十六进制数字；请从备份恢复", path.display()))?;
    let machine = Machine {
        data: args.data.clone(),
    };
    Ok(Office::open(&database(args)?, seed, Arc::new(machine)).await?)
}

/// An address that links can begin with.
fn checked(url: String) -> Result<String> {
    let url = url.trim_end_matches('/').to_owned();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        bail!("网址“{url}”应以 http:// 或 https:// 开头");
    }
    Ok(url)
}

/// Where browsers reach the office, for who does not serve: as given, as mingcha.toml says, or where it listens.
pub(crate) fn url(data: &Path, given: Option<String>) -> Result<String> {
    let File { listen, url, .. } = file(data)?;
    let listens = || format!("http://{}", listen.unwrap_or_else(|| LISTEN.to_owned()));
    checked(given.or(url).unwrap_or_else(listens))
}

/// As [`open`], where there is an office already.
pub(crate) async fn reopen(args: &StoreArgs) -> Result<Office> {
    if !args.data.join(KEY).exists() {
        bail!(
            "{} 里没有明察的数据（缺 {KEY}）；请用 --data 指明启动服务时用的数据文件夹",
            args.data.display()
        );
    }
    open(args).await
}

/// Serves until it is told to stop.
pub(crate) fn run(args: Args) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime
        .context("系统没有给出运行所需的线程")?
        .block_on(serve(args))
}

async fn serve(args: Args) -> Result<Outcome> {
    let Args {
        data,
        database,
        listen,
        url,
    } = args;
    let file = file(&data)?;
    let listen = listen.or(file.listen).unwrap_or_else(|| LISTEN.to_owned());
    let listener = bind(&listen).await?;
    let address = listener.local_addr().context("网络接口没有地址")?;
    let url = checked(url.or(file.url).unwrap_or_else(|| format!("http://{address}")))?;
    let office = open(&StoreArgs { data, database }).await?;
    office.order_ledger().await?;
    greet(&office, &url).await?;
    tokio::spawn(keep_ordering(office.clone()));
    let router = web::router(office.clone(), web::Settings { url });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .await;
    served.context("网络服务中断")?;
    office.order_ledger().await?;
    office.close().await;
    Ok("已停止，数据都已写好。\n".to_owned().into())
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system has many kinds; what is not named is said in general"
)]
async fn bind(listen: &str) -> Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => anyhow!(
                "{listen} 已经被另一个程序占用：可能已经启动过一次；请先停掉它，或用 --listen 换一个端口"
            ),
            ErrorKind::PermissionDenied => anyhow!(
                "没有权限使用 {listen}：1024 以下的端口要管理员权限；请用 --listen 换成 8080 这样的端口"
            ),
            ErrorKind::AddrNotAvailable => anyhow!(
                "这台机器没有 {listen} 这个地址；只在本机使用写 127.0.0.1:8080，对外服务写 0.0.0.0:8080"
            ),
            _ => anyhow!("监听不了“{listen}”（{error}）；应写成 地址:端口，例如 0.0.0.0:8080"),
        })
}

async fn greet(office: &Office, url: &str) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "明察已启动：{url}").context("写不到屏幕")?;
    if let Some(token) = ops::accounts::setup_link(office).await? {
        let text = "还没有账号。请在 24 小时内打开下面的一次性链接，登记本单位并设立安全管理员（重新启动会换新链接）：";
        writeln!(out, "{text}\n{url}/setup/{}", token.reveal()).context("写不到屏幕")?;
    }
    Ok(())
}

/// Signs what was committed, at once or a second later.
async fn keep_ordering(office: Office) {
    loop {
        let _whichever_comes_first = tokio::time::timeout(ORDER_EVERY, office.committed()).await;
        if let Err(error) = office.order_ledger().await {
            let mut err = std::io::stderr();
            let _nowhere_left_to_say_it = writeln!(err, "mingcha：账本暂时没有签名：{error}");
            tokio::time::sleep(ORDER_EVERY).await;
        }
    }
}

async fn told_to_stop() {
    let interrupt = async {
        let _without_it_nobody_stops = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            signal.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {},
        () = terminate => {},
    }
}
