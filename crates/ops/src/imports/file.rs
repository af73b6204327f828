//! The file of an import, and what it says: read aside, and kept for the next step of the same import.
//! Never gives what was read of other bytes: what is kept goes by their hash.

use std::any::Any;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use sheets::{Import, Objection, SheetError};
use store::imports::Register;
use store::{Conn, StoreError, imports};

use super::book::Book;
use crate::tokens::hex;
use crate::{Refusal, work};

/// Rows of a file that is kept: some tens of megabytes.
const KEPT_ROWS_MAX: usize = 20_000;

/// What was read last. A preview, its pages, the confirmation and the receipt ask for the same.
static LAST: Mutex<Option<Kept>> = Mutex::new(None);

struct Kept {
    register: Register,
    sha256: String,
    said: Arc<dyn Any + Send + Sync>,
}

/// A file that was uploaded: by its bytes, or by where the database has them.
pub(super) struct File {
    bytes: Option<Arc<Vec<u8>>>,
    /// What it says, without any objection, once it was read.
    said: Option<Arc<dyn Any + Send + Sync>>,
    sha256: String,
    bureau: String,
    id: String,
}

/// What a file says.
pub(super) type Said<B> = Arc<Import<<B as sheets::Register>::Record>>;

impl File {
    /// A file that is just uploaded.
    pub(super) fn uploaded(bytes: Vec<u8>) -> Self {
        Self {
            sha256: hex(&Sha256::digest(&bytes)),
            bytes: Some(Arc::new(bytes)),
            said: None,
            bureau: String::new(),
            id: String::new(),
        }
    }

    /// The file of an import.
    pub(super) fn of(bureau: &str, import: &imports::Import) -> Self {
        Self {
            bytes: None,
            said: None,
            sha256: import.sha256.clone(),
            bureau: bureau.to_owned(),
            id: import.id.clone(),
        }
    }

    pub(super) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Its bytes, once it was read.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes.map(Arc::unwrap_or_clone).unwrap_or_default()
    }

    /// What it says, but for the rows that the register objects to.
    pub(super) async fn read<B: Book>(
        &mut self,
        conn: &mut Conn,
        objections: &[Objection],
    ) -> Result<Result<Said<B>, SheetError>, Refusal> {
        let known = self.known::<B>().filter(|_| objections.is_empty());
        if let Some(said) = known {
            return Ok(Ok(said));
        }
        let (bytes, own) = (self.bytes(conn).await?, objections.to_vec());
        let read = move || sheets::import_against::<B>(Cursor::new(bytes.as_slice()), &own);
        let said = match work::aside(read).await? {
            Ok(said) => Arc::new(said),
            Err(error) => return Ok(Err(error)),
        };
        if objections.is_empty() {
            self.keep::<B>(&said);
        }
        Ok(Ok(said))
    }

    fn keep<B: Book>(&mut self, said: &Said<B>) {
        self.said = Some(said.clone());
        if said.accepted.len() + said.refused.len() <= KEPT_ROWS_MAX {
            let kept = Kept {
                register: B::KIND,
                sha256: self.sha256.clone(),
                said: said.clone(),
            };
            *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        }
    }

    fn known<B: Book>(&self) -> Option<Said<B>> {
        if let Some(said) = &self.said {
            return said.clone().downcast().ok();
        }
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let own = last
            .as_ref()
            .filter(|kept| kept.register == B::KIND && kept.sha256 == self.sha256)?;
        own.said.clone().downcast().ok()
    }

    /// Its bytes, which must be those that were uploaded.
    async fn bytes(&mut self, conn: &mut Conn) -> Result<Arc<Vec<u8>>, Refusal> {
        if let Some(bytes) = &self.bytes {
            return Ok(bytes.clone());
        }
        let found = imports::file(conn, &self.bureau, &self.id)
            .await?
            .unwrap_or_default();
        if hex(&Sha256::digest(&found)) != self.sha256 {
            let text = format!("导入 {} 的文件与上传时不同", self.id);
            return Err(StoreError::Damaged(text).into());
        }
        let bytes = Arc::new(found);
        self.bytes = Some(bytes.clone());
        Ok(bytes)
    }
}
