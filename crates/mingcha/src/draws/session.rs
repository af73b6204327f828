//! A command at work on a draw: both folders taken, what was frozen opened, and what a crash left undone completed.
//! Never goes on with two folders that contradict each other.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use draw::ceremony::Secrets;
use draw::folder::{COMMIT, DRAW, ELIG, Files, Folder, PLAN, POOL, RESULT, STAFF, SUBS, sub_name};
use draw::hash::Hash32;
use draw::plan::Plan;
use draw::record::Commit;
use vault::Lock;

use super::secrets::{Frozen, ListLog, SecretFolder};
use super::{DrawArgs, parsed};
use crate::disk::{self, Access, FolderLock};

/// See the module.
pub(crate) struct Session {
    folder: PathBuf,
    /// The public folder as it is.
    pub(crate) public: Files,
    /// The secret folder.
    pub(crate) secrets: SecretFolder,
    /// What was frozen.
    pub(crate) frozen: Frozen,
    lock: Lock,
    list: Option<ListLog>,
    /// Records that were sealed but not yet public, and are now.
    pub(crate) completed: Vec<String>,
    _folder_lock: FolderLock,
}

impl Session {
    /// Takes both folders of a draw.
    pub(crate) fn begin(of: &DrawArgs) -> Result<Self> {
        disk::refuse_nested(&of.folder, &of.secrets)?;
        let folder_lock = disk::lock_folder(&of.folder)?;
        let public = disk::read_draw(&of.folder)?;
        let secrets = SecretFolder::take(&of.secrets, &draw_number(&public)?)?;
        let lock = of.lock.to_open("经办人")?;
        let frozen = secrets.frozen(&lock)?;
        let list = if secrets.has_list() {
            Some(secrets.list(&frozen, &lock)?)
        } else {
            None
        };
        let mut session = Self {
            folder: of.folder.clone(),
            public,
            secrets,
            frozen,
            lock,
            list,
            completed: Vec::new(),
            _folder_lock: folder_lock,
        };
        session.refuse_edited()?;
        session.complete()?;
        Ok(session)
    }

    /// What was frozen must still be what is public.
    fn refuse_edited(&self) -> Result<()> {
        let texts = self.frozen.texts();
        for (name, text) in [(PLAN, &texts.plan), (POOL, &texts.pool)] {
            if self.public.get(name).map(Vec::as_slice) != Some(text.as_bytes()) {
                bail!(
                    "公开文件夹中的 {name} 不是冻结的那一份，可能被改动、换过或丢失；\
                     请找回原件（或另立编号重新冻结），什么也没有写"
                );
            }
        }
        Ok(())
    }

    /// Writes the records that were sealed and never became public; refuses what contradicts them.
    fn complete(&mut self) -> Result<()> {
        let Some(list) = &self.list else {
            if self.public.contains_key(DRAW) {
                bail!("抽取已经开出，而保密文件夹里没有名单（list.sealed）：请检查 --secrets，或从备份找回");
            }
            return Ok(());
        };
        let subs = (1..)
            .map(sub_name)
            .take_while(|name| self.public.contains_key(name));
        let public = [DRAW.to_owned()]
            .into_iter()
            .filter(|name| self.public.contains_key(name))
            .chain(subs);
        if let Some(name) = public.into_iter().find(|name| !list.records.contains_key(name)) {
            bail!(
                "公开文件夹已有 {name}，而保密文件夹里的名单（list.sealed）还不知道它：名单是旧的，请从较新的备份找回"
            );
        }
        if self.commitment()? != list.commitment {
            bail!("保密文件夹中的名单属于另一份承诺：请检查两个文件夹是不是同一次抽取的");
        }
        for (name, text) in &list.records {
            match self.public.get(name) {
                Some(bytes) if bytes == text.as_bytes() => {}
                Some(_) => bail!("公开文件夹中的 {name} 与封存时的不同，可能被改动过；请找回原件"),
                None => {
                    disk::write_new(&self.folder.join(name), text.as_bytes(), Access::Public)?;
                    self.public.insert(name.clone(), text.clone().into_bytes());
                    self.completed.push(name.clone());
                }
            }
        }
        Ok(())
    }

    /// The public folder, parsed.
    pub(crate) fn parsed(&self) -> Result<Folder<'_>> {
        if !self.public.contains_key(COMMIT) {
            bail!("这次抽取还没有承诺：请先执行 mingcha draw commit");
        }
        parsed(&self.public)
    }

    /// Hash of the commitment; of it alone, since other records may be missing until they are completed.
    fn commitment(&self) -> Result<Hash32> {
        let bytes = self
            .public
            .get(COMMIT)
            .context("公开文件夹中没有 1-commit.txt，可能丢失；请找回原件")?;
        let commit = Commit::parse(bytes).map_err(|wrong| anyhow!("{COMMIT}：{wrong}"))?;
        Ok(commit.alg.hash(&[bytes]))
    }

    /// The secrets of an opened draw.
    pub(crate) fn list(&self) -> Result<&Secrets> {
        let list = self.list.as_ref().map(|list| &list.secrets);
        list.context("这次抽取还没有开出，没有名单：请先执行 mingcha draw open")
    }

    /// Whether the draw was opened.
    pub(crate) const fn is_opened(&self) -> bool {
        self.list.is_some()
    }

    /// Seals what a step leads to, then writes its record: from the first on it has happened.
    pub(crate) fn record(&self, after: &Files, name: &str, secrets: Secrets) -> Result<()> {
        let record = after.get(name).context("没有可写的记录")?;
        let text = String::from_utf8(record.clone()).context("记录不是文字")?;
        let mut records = self
            .list
            .as_ref()
            .map(|list| list.records.clone())
            .unwrap_or_default();
        records.insert(name.to_owned(), text);
        let log = ListLog {
            commitment: self.commitment()?,
            records,
            secrets,
        };
        self.secrets.put_list(&log, &self.lock)?;
        disk::write_new(&self.folder.join(name), record, Access::Public)
    }

    /// Makes the public folder what `after` says. The record named last is written last, since it acknowledges; and
    /// only once the folder on the disk is, with it, the one that was verified.
    pub(crate) fn publish(&self, after: &Files, last: &str) -> Result<()> {
        for (name, bytes) in after.iter().filter(|(name, _)| *name != last) {
            let path = self.folder.join(name);
            match self.public.get(name) {
                Some(there) if there == bytes => {}
                // Before the reveal these mean nothing: what an interrupted one left, or somebody put there, gives way.
                Some(_) if [STAFF, ELIG, RESULT, SUBS].contains(&name.as_str()) => {
                    disk::replace(&path, bytes, Access::Public)?;
                }
                Some(_) => bail!("公开文件夹中的 {name} 不是应有的内容，可能被改动过；请找回原件"),
                None => disk::write_new(&path, bytes, Access::Public)?,
            }
        }
        let mut there = disk::read_draw(&self.folder)?;
        there.extend(after.get(last).map(|bytes| (last.to_owned(), bytes.clone())));
        if there != *after {
            bail!("公开文件夹在执行过程中被改动，什么也没有确认；请检查后再执行一次");
        }
        disk::write_new(&self.folder.join(last), &after[last], Access::Public)
    }

    /// Writes a page for printing, anew each time.
    pub(crate) fn print(&self, name: &str, text: &str) -> Result<()> {
        disk::replace(&self.folder.join(name), text.as_bytes(), Access::Public)
    }

    /// What was completed, as a sentence; empty if nothing was.
    pub(crate) fn told(&self) -> String {
        if self.completed.is_empty() {
            return String::new();
        }
        format!(
            "上一次命令没有写完的记录已补写：{}。\n",
            self.completed.join("、")
        )
    }
}

/// The draw number of the frozen plan.
fn draw_number(files: &Files) -> Result<String> {
    let bytes = files
        .get(PLAN)
        .context("公开文件夹中没有 plan.txt：请先冻结（mingcha draw freeze）")?;
    let plan = Plan::parse(bytes).map_err(|wrong| anyhow!("{PLAN}：{wrong}"))?;
    Ok(plan.draw)
}
