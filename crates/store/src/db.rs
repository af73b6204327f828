//! The database behind the office: SQLite built in, or PostgreSQL.
//! Never commits a change of the office's without an entry in its ledger: a [`Tx`] has no commit of its own.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Connection, Executor, Transaction};

use crate::error::StoreError;
use crate::sql::Query;
use crate::{At, migrate};

/// Connections that read at the same time.
const READERS_MAX: u32 = 16;
/// Longest wait for a connection, in seconds.
const WAIT_SECONDS: u64 = 10;
/// What every connection to SQLite begins with: writers do not block readers, a commit is on the disk when it returns.
const SQLITE_SETUP: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; \
                            PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;";

/// A connection that reads.
pub type Conn = sqlx::AnyConnection;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Db {
    engine: Engine,
    readers: AnyPool,
    writers: AnyPool,
}

impl Db {
    /// Opens `sqlite:path` or `postgres://…`, creates what is not there and migrates it.
    ///
    /// # Errors
    /// [`StoreError`]: the address, the connection, a newer version.
    pub async fn open(address: &str, now: At) -> Result<Self, StoreError> {
        let db = Self::connect(address, "rwc").await?;
        migrate::run(&db, now).await?;
        Ok(db)
    }

    /// Opens a database that is there already, and changes nothing in it.
    ///
    /// # Errors
    /// [`StoreError`]: the address, the connection, a newer version.
    pub async fn existing(address: &str) -> Result<Self, StoreError> {
        let db = Self::connect(address, "rw").await?;
        migrate::check(&mut *db.read().await?).await?;
        Ok(db)
    }

    async fn connect(address: &str, mode: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = if address.starts_with("sqlite:") {
            Engine::Sqlite
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            Engine::Postgres
        } else {
            return Err(StoreError::Address(address.to_owned()));
        };
        let url = match engine {
            Engine::Sqlite if !address.contains('?') => format!("{address}?mode={mode}"),
            Engine::Sqlite | Engine::Postgres => address.to_owned(),
        };
        let options =
            AnyConnectOptions::from_str(&url).map_err(|_| StoreError::Address(without_password(address)))?;
        let writers_max = match engine {
            Engine::Sqlite => 1,
            Engine::Postgres => READERS_MAX,
        };
        let writers = pool(engine, writers_max).connect_with(options.clone()).await?;
        let readers = match engine {
            Engine::Sqlite => pool(engine, READERS_MAX).connect_lazy_with(options),
            Engine::Postgres => writers.clone(),
        };
        Ok(Self {
            engine,
            readers,
            writers,
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// [`StoreError::Lost`].
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read(self.readers.acquire().await?))
    }

    /// Begins a change of the office's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(Tx(self.transaction().await?))
    }

    /// Begins what keeps the machine going and is nobody's act: sessions, the order of the ledger, migrations.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upkeep(&self) -> Result<Upkeep, StoreError> {
        Ok(Upkeep(self.transaction().await?))
    }

    async fn transaction(&self) -> Result<Transaction<'static, Any>, StoreError> {
        // SQLite: a transaction that begins by reading could not become a writer while another one writes.
        Ok(match self.engine {
            Engine::Sqlite => self.writers.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.writers.begin().await?,
        })
    }

    /// Closes all connections; SQLite then folds its journal into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

fn pool(engine: Engine, connections: u32) -> AnyPoolOptions {
    let options = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(WAIT_SECONDS));
    match engine {
        Engine::Postgres => options,
        // SQLite rolls back by itself when the disk is full; the driver does not notice and counts one transaction too many.
        // Such a connection is closed, and the next one begins anew.
        Engine::Sqlite => options
            .before_acquire(|conn, _| {
                let clean = !conn.is_in_transaction();
                Box::pin(async move { Ok(clean) })
            })
            .after_connect(|conn, _| {
                Box::pin(async move {
                    conn.execute(SQLITE_SETUP).await?;
                    Ok(())
                })
            }),
    }
}

/// An address without what stands between `:` and `@`.
fn without_password(address: &str) -> String {
    let Some((before, host)) = address.rsplit_once('@') else {
        return address.to_owned();
    };
    let Some((scheme, user)) = before.split_once("://") else {
        return host.to_owned();
    };
    let user = user.split_once(':').map_or(user, |(user, _)| user);
    format!("{scheme}://{user}:…@{host}")
}

/// A connection that reads.
#[derive(Debug)]
pub struct Read(PoolConnection<Any>);

/// A change that is not yet recorded; dropped, it has not happened.
#[derive(Debug)]
pub struct Tx(Transaction<'static, Any>);

/// A change with its entry in the ledger.
#[derive(Debug)]
pub struct Recorded(Tx);

/// What is nobody's act.
#[derive(Debug)]
pub struct Upkeep(Transaction<'static, Any>);

impl Tx {
    /// Records the act that this change is. The id sorts by time: its leaf gets its place in the tree right after.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record(mut self, id: &str, entry: &ledger::Entry) -> Result<Recorded, StoreError> {
        crate::ledger::insert(&mut self, id, entry).await?;
        Ok(Recorded(self))
    }
}

impl Recorded {
    /// Records another act of the same change.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record(self, id: &str, entry: &ledger::Entry) -> Result<Self, StoreError> {
        self.0.record(id, entry).await
    }

    /// Makes it lasting.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.0.commit().await?)
    }
}

impl Upkeep {
    /// Makes it lasting.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }

    /// Runs statements of a migration.
    pub(crate) async fn script(&mut self, text: &str) -> Result<(), StoreError> {
        for statement in text.split(";\n").map(str::trim).filter(|text| !text.is_empty()) {
            Query::new(statement).run(self).await?;
        }
        Ok(())
    }
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Deref for Upkeep {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Upkeep {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
