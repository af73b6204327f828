//! The secret folder of a draw: sealed envelopes with mode 0600, and the record of who looked.
//! Never holds anything of the list in the clear; the public folder never holds anything of this one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use draw::ceremony::{Secrets, Texts};
use draw::form::MAX_SHARES;
use draw::hash::{Alg, Hash32, from_hex, to_hex};
use draw::public::Rule;
use draw::record::Fields;
use draw::share::{Share, committed};
use serde::{Deserialize, Serialize};
use vault::{Lock, Secret};

use crate::disk::{self, Access, FolderLock};
use crate::world;

/// What was frozen: staff and eligibility stay secret until the reveal, and the roster for good.
#[derive(Serialize, Deserialize)]
pub(crate) struct Frozen {
    plan: String,
    pool: String,
    staff: String,
    elig: String,
    elig_salt: String,
    public: String,
    /// Who is behind each pseudonym.
    pub(crate) roster: Vec<Person>,
}

/// An inspector behind a pseudonym.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    /// The name in `staff.tsv`.
    pub(crate) pseudonym: String,
    /// 姓名.
    pub(crate) name: String,
    /// 所在单位.
    pub(crate) unit: String,
    /// 执法证编号.
    pub(crate) certificate: String,
}

impl Frozen {
    /// Takes in what a plan was compiled to, and its rule of the public value.
    pub(crate) fn new(texts: Texts, public: &Rule, elig_salt: Hash32, roster: Vec<Person>) -> Self {
        let Texts {
            plan,
            pool,
            staff,
            elig,
        } = texts;
        Self {
            plan,
            pool,
            staff,
            elig,
            elig_salt: elig_salt.to_string(),
            public: public.to_string(),
            roster,
        }
    }

    /// The rule of the public value, as the plan has it.
    pub(crate) fn public(&self) -> Result<Rule> {
        Rule::parse(&self.public).context("封存的冻结数据不完整")
    }

    /// The texts.
    pub(crate) fn texts(&self) -> Texts {
        let [plan, pool, staff, elig] = [&self.plan, &self.pool, &self.staff, &self.elig].map(String::clone);
        Texts {
            plan,
            pool,
            staff,
            elig,
        }
    }

    /// Salt of the commitment to staff and eligibility.
    pub(crate) fn elig_salt(&self) -> Result<Hash32> {
        Hash32::from_hex(&self.elig_salt).context("封存的冻结数据不完整")
    }
}

#[derive(Serialize, Deserialize)]
struct SealedShare {
    machine: String,
    input: String,
}

impl SealedShare {
    fn of(share: &Share) -> Self {
        Self {
            machine: share.machine.to_string(),
            input: to_hex(&share.input),
        }
    }

    fn share(&self) -> Result<Share> {
        let machine = Hash32::from_hex(&self.machine).context("封存的份额不完整")?;
        Ok(Share {
            machine,
            input: from_hex(&self.input).context("封存的份额不完整")?,
        })
    }
}

/// What exists once the draw is open. It is sealed before anything of it is acknowledged in public, and holds the
/// records that do so: what a crash kept from the public folder is written by whatever verb comes next.
#[derive(Serialize, Deserialize)]
struct SealedList {
    /// Hash of the commitment that all this belongs to.
    commitment: String,
    /// Public records by file name: `2-draw.txt`, then `sub-1.txt` and so on.
    records: BTreeMap<String, String>,
    shares: Vec<SealedShare>,
    result: String,
    subs: String,
}

/// What a holder hands to the desk: the commitment to a share, which tells nothing of it.
pub(crate) struct SharePaper {
    /// The hash of the draw.
    pub(crate) alg: Alg,
    /// Role of the holder.
    pub(crate) role: String,
    /// `share.j`.
    pub(crate) committed: Hash32,
}

/// The sealed list, and what it has to do with the public folder.
pub(crate) struct ListLog {
    /// Hash of the commitment that all this belongs to.
    pub(crate) commitment: Hash32,
    /// The public records that acknowledge it, by file name.
    pub(crate) records: BTreeMap<String, String>,
    /// What the reveal makes public.
    pub(crate) secrets: Secrets,
}

/// Envelopes are as long as whole pages of this many bytes.
const PAGE_BYTES: usize = 4096;
const FROZEN: &str = "frozen.sealed";
const LIST: &str = "list.sealed";
const LOOKS: &str = "looks.tsv";

/// A secret folder.
pub(crate) struct SecretFolder {
    path: PathBuf,
    draw: String,
    _lock: FolderLock,
}

impl SecretFolder {
    /// Takes the secret folder of a draw for this command alone.
    pub(crate) fn take(path: &Path, draw: &str) -> Result<Self> {
        let lock = disk::lock_folder(path)?;
        Ok(Self {
            path: path.to_owned(),
            draw: draw.to_owned(),
            _lock: lock,
        })
    }

    /// Makes the secret folder of a draw if it is not there, and takes it.
    pub(crate) fn make(path: &Path, draw: &str) -> Result<Self> {
        disk::make_private_folder(path)?;
        Self::take(path, draw)
    }

    /// Whether something was frozen.
    pub(crate) fn is_frozen(&self) -> bool {
        self.path.join(FROZEN).exists()
    }

    /// Whether the draw was opened.
    pub(crate) fn has_list(&self) -> bool {
        self.path.join(LIST).exists()
    }

    /// An envelope opens only under its own name in its own draw.
    fn label(&self, file: &str) -> String {
        format!("{}/{file}", self.draw)
    }

    fn seal<T: Serialize>(&self, file: &str, content: &T, lock: &Lock) -> Result<Vec<u8>> {
        let mut content = serde_json::to_vec(content).context("无法写成封存内容")?;
        // Blanks up to a whole page, so that the length does not tell who was drawn or who comes next.
        content.resize(content.len().next_multiple_of(PAGE_BYTES), b' ');
        let content = Secret::new(content);
        Ok(vault::seal(&content, &self.label(file), lock, &world::random()?)?)
    }

    fn open<T: for<'a> Deserialize<'a>>(&self, file: &str, lock: &Lock) -> Result<T> {
        let path = self.path.join(file);
        if !path.exists() {
            bail!(
                "缺少 {}：请先完成前一步，或检查 --secrets 指的文件夹",
                path.display()
            );
        }
        let content = vault::open(&disk::read(&path)?, &self.label(file), lock);
        let content = content.with_context(|| path.display().to_string())?;
        serde_json::from_slice(content.reveal()).with_context(|| format!("{} 的内容不完整", path.display()))
    }

    /// Seals what is frozen, once.
    pub(crate) fn freeze(&self, frozen: &Frozen, lock: &Lock) -> Result<()> {
        self.refuse_existing(FROZEN, "这次抽取已经冻结；要重新冻结，请另立编号、另用文件夹")?;
        disk::write_new(
            &self.path.join(FROZEN),
            &self.seal(FROZEN, frozen, lock)?,
            Access::Private,
        )
    }

    /// What was frozen.
    pub(crate) fn frozen(&self, lock: &Lock) -> Result<Frozen> {
        self.open(FROZEN, lock)
    }

    fn refuse_existing(&self, file: &str, why: &str) -> Result<()> {
        let path = self.path.join(file);
        if path.exists() {
            bail!("{} 已经存在：{why}", path.display());
        }
        Ok(())
    }

    /// Seals a holder's share under the holder's own lock, and writes what the holder hands to the desk.
    pub(crate) fn put_share(
        &self,
        number: usize,
        role: &str,
        alg: Alg,
        share: &Share,
        lock: &Lock,
    ) -> Result<Hash32> {
        let (file, paper) = (share_file(number), self.path.join(paper_file(number)));
        // A share whose paper was never written was interrupted: its own holder can complete it.
        let is_interrupted = self.path.join(&file).exists() && !paper.exists();
        let share = if is_interrupted {
            &self.share(number, lock)?
        } else {
            share
        };
        if !is_interrupted {
            self.refuse_existing(&file, "这一份已经做过；要重做，请先由持有人自己删除它")?;
            disk::write_new(
                &self.path.join(&file),
                &self.seal(&file, &SealedShare::of(share), lock)?,
                Access::Private,
            )?;
        }
        let committed = committed(alg, &self.draw, number, &share.secret(alg));
        let text = format!(
            "mingcha-share\ndraw={}\nnumber={number}\nalg={}\nrole={role}\nshare={committed}\n",
            self.draw,
            alg.name()
        );
        disk::write_new(&paper, text.as_bytes(), Access::Private)?;
        Ok(committed)
    }

    /// What the holders handed to the desk, in the order of their numbers, without gaps.
    pub(crate) fn papers(&self) -> Result<Vec<SharePaper>> {
        let there = |number: &usize| {
            [paper_file(*number), share_file(*number)]
                .iter()
                .any(|file| self.path.join(file).exists())
        };
        let numbers: Vec<usize> = (1..=MAX_SHARES).filter(there).collect();
        if let Some((missing, _)) = (1..).zip(&numbers).find(|(expected, number)| expected != *number) {
            bail!(
                "缺少第 {missing} 份份额，而后面的份额已经做好：请补上，或由持有人重新编号，不能漏掉任何一位"
            );
        }
        numbers
            .into_iter()
            .map(|number| self.paper(number, &self.path.join(paper_file(number))))
            .collect()
    }

    fn paper(&self, number: usize, path: &Path) -> Result<SharePaper> {
        let bytes = disk::read(path)?;
        let read = || {
            let mut f = Fields::parse(&bytes, "mingcha-share")?;
            f.take("draw", |text| (text == self.draw).then_some(()))?;
            f.take("number", |text| (text == number.to_string()).then_some(()))?;
            Ok::<_, String>(SharePaper {
                alg: f.take("alg", Alg::from_name)?,
                role: f.text("role")?.to_owned(),
                committed: f.take("share", Hash32::from_hex)?,
            })
        };
        read().map_err(|wrong| anyhow::anyhow!("{}：{wrong}", path.display()))
    }

    /// A holder's share.
    pub(crate) fn share(&self, number: usize, lock: &Lock) -> Result<Share> {
        self.open::<SealedShare>(&share_file(number), lock)?.share()
    }

    /// Seals the list with the public records that acknowledge it.
    pub(crate) fn put_list(&self, log: &ListLog, lock: &Lock) -> Result<()> {
        let ListLog {
            commitment,
            records,
            secrets,
        } = log;
        let list = SealedList {
            commitment: commitment.to_string(),
            records: records.clone(),
            shares: secrets.shares.iter().map(SealedShare::of).collect(),
            result: secrets.result.clone(),
            subs: secrets.subs.clone(),
        };
        disk::replace(
            &self.path.join(LIST),
            &self.seal(LIST, &list, lock)?,
            Access::Private,
        )
    }

    /// The list and its records.
    pub(crate) fn list(&self, frozen: &Frozen, lock: &Lock) -> Result<ListLog> {
        let SealedList {
            commitment,
            records,
            shares,
            result,
            subs,
        } = self.open(LIST, lock)?;
        let shares = shares.iter().map(SealedShare::share).collect::<Result<_>>()?;
        let (texts, elig_salt) = (frozen.texts(), frozen.elig_salt()?);
        Ok(ListLog {
            commitment: Hash32::from_hex(&commitment).context("封存的名单不完整")?,
            records,
            secrets: Secrets {
                texts,
                elig_salt,
                shares,
                result,
                subs,
            },
        })
    }

    /// Records that somebody looks at the list, before the look (R5.3b).
    pub(crate) fn record_look(&self, at: &str, who: &str, ground: &str) -> Result<()> {
        disk::append_private(&self.path.join(LOOKS), &format!("{at}\t{who}\t{ground}\n"))
    }
}

fn share_file(number: usize) -> String {
    format!("share-{number}.sealed")
}

fn paper_file(number: usize) -> String {
    format!("share-{number}.txt")
}
