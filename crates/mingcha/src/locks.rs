//! Passphrases and key files, given as flags or typed without echo.
//! Never prints one, and never keeps one longer than the verb that asked for it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use vault::{Cost, Lock};
use zeroize::Zeroizing;

use crate::{disk, world};

/// With what the secrets of a bureau are locked.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct LockArgs {
    /// 密钥文件（64 位十六进制数字）；与口令二选一
    #[arg(long, value_name = "文件", conflicts_with = "passphrase_file")]
    pub(crate) key_file: Option<PathBuf>,
    /// 从文件第一行读取口令；不给出时在键盘上输入
    #[arg(long, value_name = "文件")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl LockArgs {
    /// The lock to open with; asks at the keyboard if no file was given.
    pub(crate) fn to_open(&self, whose: &str) -> Result<Lock> {
        self.given()?
            .map_or_else(|| typed(&format!("{whose}的口令：")), Ok)
    }

    /// The lock to seal with; a passphrase is asked for twice.
    pub(crate) fn to_seal(&self, whose: &str) -> Result<Lock> {
        if let Some(lock) = self.given()? {
            return Ok(lock);
        }
        let first = prompt(&format!("为{whose}设定口令："))?;
        if *prompt("再输入一次：")? != *first {
            bail!("两次输入的口令不同，什么也没有写；请再来一次");
        }
        lock_of(&first)
    }

    fn given(&self) -> Result<Option<Lock>> {
        if let Some(path) = &self.key_file {
            return key_file(path).map(Some);
        }
        let Some(path) = &self.passphrase_file else {
            return Ok(None);
        };
        let text = Zeroizing::new(disk::read_text(path)?);
        lock_of(text.lines().next().unwrap_or_default()).map(Some)
    }
}

/// The lock of a key file.
pub(crate) fn key_file(path: &Path) -> Result<Lock> {
    let text = Zeroizing::new(disk::read_text(path)?);
    Lock::key_file(&text).with_context(|| format!("密钥文件 {}", path.display()))
}

/// Makes a key file that only its owner can read.
pub(crate) fn make_key_file(path: &Path) -> Result<()> {
    let key = Zeroizing::new(draw::hash::to_hex(&world::random::<32>()?) + "\n");
    disk::write_new(path, key.as_bytes(), disk::Access::Private)
}

fn typed(question: &str) -> Result<Lock> {
    lock_of(&prompt(question)?)
}

fn lock_of(text: &str) -> Result<Lock> {
    Ok(Lock::passphrase(text, Cost::RECOMMENDED)?)
}

/// Asks at the keyboard without echo.
pub(crate) fn prompt(question: &str) -> Result<Zeroizing<String>> {
    let typed = rpassword::prompt_password(question);
    Ok(Zeroizing::new(
        typed.context("键盘输入不可用；请改用相应的文件或参数")?,
    ))
}
