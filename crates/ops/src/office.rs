//! The office: its database, the outside world, and the signing of its ledger.
//! Never commits a change without an entry, and gives each entry its place in the tree right after.

use std::str::FromStr;
use std::sync::Arc;

use ledger::entry::{SALT_BYTES, Visibility};
use ledger::{Entry, Frontier, Hash, Signer, Verifier};
use store::accounts::Installation;
use store::ledger::StoredCheckpoint;
use store::{At, Db, StoreError, Tx};
use tokio::sync::Notify;

use crate::tokens::hex;
use crate::{Actor, Refusal};

/// Entries that get their place at once.
const BATCH: i64 = 5_000;
/// Times that the order of entries is tried while another process orders them too.
const ATTEMPTS: usize = 20;

/// What the office asks of the outside: time, randomness, and a place outside of the database for its newest checkpoint.
pub trait Outside: Send + Sync {
    /// Now.
    fn now(&self) -> At;
    /// Random bytes of the operating system.
    fn fill(&self, bytes: &mut [u8]);
    /// The checkpoint that was kept last, if any.
    fn kept(&self) -> Option<String>;
    /// Keeps a signed checkpoint where whoever rolls back the database does not roll it back too.
    fn keep(&self, note: &str);
}

/// The office.
#[derive(Clone)]
pub struct Office {
    pub(crate) db: Db,
    outside: Arc<dyn Outside>,
    signer: Arc<Signer>,
    committed: Arc<Notify>,
}

/// An act as the ledger names it.
#[derive(Debug, Clone)]
pub struct Deed {
    act: &'static str,
    subject: String,
    ground: String,
    before: Option<Hash>,
    after: Option<Hash>,
    public: bool,
}

impl Deed {
    /// An act on a subject, readable by those who audit.
    pub(crate) fn new(act: &'static str, subject: String) -> Self {
        Self {
            act,
            subject,
            ground: String::new(),
            before: None,
            after: None,
            public: false,
        }
    }

    /// On what ground.
    pub(crate) fn ground(self, ground: &str) -> Self {
        let ground = ground.to_owned();
        Self { ground, ..self }
    }

    /// What it changed.
    pub(crate) fn changed(self, before: Option<&str>, after: Option<&str>) -> Self {
        let hash = |text: Option<&str>| text.map(|text| ledger::tree::leaf(text.as_bytes()));
        Self {
            before: hash(before),
            after: hash(after),
            ..self
        }
    }

    /// Anybody may read it.
    pub(crate) fn public(self) -> Self {
        Self { public: true, ..self }
    }
}

impl Office {
    /// Opens the office on its database. `seed` is the secret half of the key that signs the ledger.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] if the ledger was signed with another key.
    pub async fn open(address: &str, seed: [u8; 32], outside: Arc<dyn Outside>) -> Result<Self, StoreError> {
        let db = Db::open(address, outside.now()).await?;
        let origin = origin_of(&db, seed).await?;
        let signer = Signer::new(&origin, seed).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let office = Self {
            db,
            outside,
            signer: Arc::new(signer),
            committed: Arc::new(Notify::new()),
        };
        office.install(&origin).await?;
        office.refuse_rolled_back().await?;
        Ok(office)
    }

    /// A database that is older than the checkpoint kept outside was rolled back: to go on would sign another past.
    async fn refuse_rolled_back(&self) -> Result<(), StoreError> {
        let damaged = |e: String| StoreError::Damaged(e);
        let Some(note) = self.outside.kept() else {
            return Ok(());
        };
        let verifier = Verifier::parse(&self.signer.verifier_key()).map_err(|e| damaged(e.to_string()))?;
        let kept = verifier
            .open(&note)
            .map_err(|e| damaged(format!("checkpoint.txt 与本账本不符：{e}")))?;
        let mut read = self.db.read().await?;
        let own = store::ledger::checkpoints(&mut read, kept.size.saturating_sub(1), 1).await?;
        let same = own.first().is_some_and(|own| {
            own.size == kept.size && verifier.open(&own.note).is_ok_and(|own| own.root == kept.root)
        });
        if kept.size == 0 || same {
            return Ok(());
        }
        let have = store::ledger::latest(&mut read)
            .await?
            .map_or(0, |latest| latest.size);
        Err(StoreError::RolledBack {
            have,
            kept: kept.size,
        })
    }

    async fn install(&self, origin: &str) -> Result<(), StoreError> {
        let verifier = self.signer.verifier_key();
        let known = store::accounts::installation(&mut *self.db.read().await?).await?;
        match known {
            Some(known) if known.verifier == verifier => Ok(()),
            Some(_) => Err(StoreError::Damaged(
                "账本是用另一把密钥签名的：请把原来的 ledger.key 放回数据文件夹".to_owned(),
            )),
            None => {
                let mut upkeep = self.db.upkeep().await?;
                let origin = origin.to_owned();
                store::accounts::install(&mut upkeep, &Installation { origin, verifier }, self.now()).await?;
                upkeep.commit().await
            }
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> At {
        self.outside.now()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.outside.fill(&mut bytes);
        bytes
    }

    /// A short id that nobody else has.
    pub(crate) fn id(&self) -> String {
        hex(&self.random::<8>())
    }

    /// Records what was done and makes it lasting.
    pub(crate) async fn commit(&self, tx: Tx, actor: &Actor, deed: Deed) -> Result<(), Refusal> {
        self.commit_as(tx, &actor.bureau, &actor.login, &actor.address, deed)
            .await
    }

    /// As [`Office::commit`], for who is not signed in yet.
    pub(crate) async fn commit_as(
        &self,
        tx: Tx,
        bureau: &str,
        actor: &str,
        from: &str,
        deed: Deed,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let visibility = if deed.public {
            Visibility::Public
        } else {
            let salt = self.random::<SALT_BYTES>();
            Visibility::Private { salt }
        };
        let entry = Entry {
            at_micros: now.0,
            bureau: bureau.to_owned(),
            actor: actor.to_owned(),
            // Anybody may read a public entry; where somebody sat is not their business.
            from: if deed.public {
                "-".to_owned()
            } else {
                from.to_owned()
            },
            act: deed.act.to_owned(),
            subject: deed.subject,
            ground: deed.ground,
            before: deed.before,
            after: deed.after,
            visibility,
        };
        let id = format!("{:016x}{}", now.0, hex(&self.random::<8>()));
        tx.record(&id, &entry).await?.commit().await?;
        self.committed.notify_one();
        Ok(())
    }

    /// Waits until something was committed by this process.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Gives all waiting entries their place in the tree and signs the new size and root. Any number of processes may
    /// do it: places and sizes are unique in the database, so two cannot fork the log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn order_ledger(&self) -> Result<u64, StoreError> {
        let (mut placed, mut last) = (0, None);
        for _ in 0..ATTEMPTS {
            match self.order_batch().await {
                Ok(0) => return Ok(placed),
                Ok(more) => placed += more,
                Err(error @ (StoreError::Exists(_) | StoreError::Busy)) => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        // Places that stay taken although nothing is signed there: nobody but a stranger puts leaves like that.
        last.filter(|_| placed == 0).map_or(Ok(placed), Err)
    }

    async fn order_batch(&self) -> Result<u64, StoreError> {
        let mut read = self.db.read().await?;
        if store::ledger::waiting(&mut read).await? == 0 {
            return Ok(0);
        }
        drop(read);
        let mut upkeep = self.db.upkeep().await?;
        let pending = store::ledger::pending(&mut upkeep, BATCH).await?;
        let mut tree = self.grown(store::ledger::latest(&mut upkeep).await?)?;
        let from = tree.size();
        let leaves: Vec<(String, Hash)> = pending
            .into_iter()
            .map(|(id, body)| (id, ledger::tree::leaf(body.as_bytes())))
            .collect();
        leaves.iter().for_each(|(_, hash)| tree.push(*hash));
        if leaves.is_empty() {
            return Ok(0);
        }
        store::ledger::place(&mut upkeep, from, &leaves).await?;
        let note = self.signer.sign(tree.size(), tree.root());
        let checkpoint = StoredCheckpoint {
            size: tree.size(),
            note,
            frontier: tree.to_string(),
            at: self.now(),
        };
        store::ledger::put_checkpoint(&mut upkeep, &checkpoint).await?;
        upkeep.commit().await?;
        self.outside.keep(&checkpoint.note);
        Ok(tree.size() - from)
    }

    /// The tree as it was signed last. Nobody signs the roots of its subtrees by themselves, so they must give the root
    /// that was signed: else somebody edited them, and the log would be forked.
    fn grown(&self, latest: Option<StoredCheckpoint>) -> Result<Frontier, StoreError> {
        let damaged = || StoreError::Damaged("账本的树根与签名不符".to_owned());
        let Some(latest) = latest else {
            return Ok(Frontier::default());
        };
        let tree = Frontier::from_str(&latest.frontier).map_err(|_| damaged())?;
        let verifier = Verifier::parse(&self.signer.verifier_key()).map_err(|_| damaged())?;
        let signed = verifier.open(&latest.note).map_err(|_| damaged())?;
        if signed.size != tree.size() || signed.root != tree.root() {
            return Err(damaged());
        }
        Ok(tree)
    }

    /// The key by which outsiders verify the checkpoints.
    pub(crate) fn verifier_key(&self) -> String {
        self.signer.verifier_key()
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// The name under which this installation signs: the one it has, or a new one after its key.
async fn origin_of(db: &Db, seed: [u8; 32]) -> Result<String, StoreError> {
    let known = store::accounts::installation(&mut *db.read().await?).await?;
    Ok(known.map_or_else(
        || {
            let digest = ledger::tree::leaf(&seed).to_string();
            format!("mingcha/{}", digest.get(..12).unwrap_or(&digest))
        },
        |installation| installation.origin,
    ))
}
