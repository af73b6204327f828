//! A holder makes a share: only its hash leaves the holder's hands.
//! Never shows the secret, not even to the holder.

use std::path::PathBuf;

use anyhow::{Result, bail};
use draw::form::{self, MAX_INPUT_BYTES, MAX_SHARES};
use draw::hash::{Alg, Hash32};
use draw::record::Commit;
use draw::share::Share;
use vault::Lock;

use super::secrets::SecretFolder;
use crate::locks::{self, LockArgs};
use crate::world;

/// What a holder says.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// 保密文件夹（可以在持有人自己的电脑上）
    #[arg(long, value_name = "文件夹")]
    pub(crate) secrets: PathBuf,
    /// 抽取编号，如 2027-001
    #[arg(long, value_name = "编号")]
    pub(crate) draw: String,
    /// 第几份，从 1 起
    #[arg(long, value_name = "序号")]
    pub(crate) number: usize,
    /// 持有人的身份，如 环境监察大队、办公室、现场监督员
    #[arg(long, value_name = "身份")]
    pub(crate) role: String,
    /// 持有人自己掷出或随手键入的内容，混入机器随机数；不给出时在键盘上输入
    #[arg(long, value_name = "内容")]
    pub(crate) input: Option<String>,
    /// 摘要算法：sha256 或 sm3，各份须相同
    #[arg(long, value_name = "算法", default_value = "sha256", value_parser = alg)]
    pub(crate) alg: Alg,
    #[command(flatten)]
    pub(crate) lock: LockArgs,
}

/// Reads the name of a hash from the command line.
pub(crate) fn alg(name: &str) -> Result<Alg, String> {
    Alg::from_name(name).ok_or_else(|| "请写 sha256 或 sm3".into())
}

/// Makes a share and says its hash.
pub(crate) fn run(args: &Args) -> Result<Hash32> {
    if !form::is_draw_number(&args.draw) {
        bail!("抽取编号“{}”的形式不对，应如 2027-001", args.draw);
    }
    if !(1..=MAX_SHARES).contains(&args.number) {
        bail!("份额序号应为 1 至 {MAX_SHARES}");
    }
    form::value(&args.role).map_err(|wrong| anyhow::anyhow!("持有人的身份{wrong}"))?;
    let input = match &args.input {
        Some(input) => input.clone(),
        None => locks::prompt("请随手键入或录入自己掷出的内容（不显示，可以为空）：")?.to_string(),
    };
    if input.len() > MAX_INPUT_BYTES {
        bail!("键入的内容超过 {MAX_INPUT_BYTES} 字节");
    }
    let share = Share {
        machine: Hash32(world::random()?),
        input: input.into_bytes(),
    };
    let lock = args.lock.to_seal(&args.role)?;
    SecretFolder::make(&args.secrets, &args.draw)?.put_share(args.number, &args.role, args.alg, &share, &lock)
}

/// The locks of all holders, who are present together when their shares are opened.
#[derive(clap::Args)]
pub(crate) struct HolderArgs {
    /// 某一份额的密钥文件，如 1=甲.key；没有给出的在键盘上输入口令
    #[arg(long = "share-key", value_name = "序号=文件", value_parser = share_key)]
    pub(crate) share_keys: Vec<(usize, PathBuf)>,
    /// 某一份额的口令文件，如 1=甲.txt，读第一行；只供演练
    #[arg(long = "share-passphrase-file", value_name = "序号=文件", value_parser = share_key)]
    pub(crate) share_passphrase_files: Vec<(usize, PathBuf)>,
}

fn share_key(text: &str) -> Result<(usize, PathBuf), String> {
    let wrong = || "请写成 1=文件 的形式".to_owned();
    let (number, path) = text.split_once('=').ok_or_else(wrong)?;
    Ok((number.parse().map_err(|_| wrong())?, path.into()))
}

impl HolderArgs {
    /// All shares of a commitment, each opened by its holder.
    pub(crate) fn open_all(&self, commit: &Commit, secrets: &SecretFolder) -> Result<Vec<Share>> {
        let holders = commit.holders.iter().zip(1..);
        holders
            .map(|(role, number)| secrets.share(number, &self.lock(number, role)?))
            .collect()
    }

    fn lock(&self, number: usize, role: &str) -> Result<Lock> {
        let of = |files: &[(usize, PathBuf)]| {
            files
                .iter()
                .find(|(of, _)| *of == number)
                .map(|(_, path)| path.clone())
        };
        let (key_file, passphrase_file) = (of(&self.share_keys), of(&self.share_passphrase_files));
        LockArgs {
            key_file,
            passphrase_file,
        }
        .to_open(&format!("第 {number} 份（{role}）"))
    }
}
