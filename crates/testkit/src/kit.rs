//! The application of one test.
//! Never lets a test see another one's rows: each has a database of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use ledger::Entry;
use ledger::entry::Visibility;
use ops::Office;
use store::bureaus::{self, Bureau};
use store::versions::Stamp;
use store::{Db, Engine, Tx};
use tokio::sync::OnceCell;

use crate::browser::Browser;
use crate::database::Database;
use crate::made_up;
use crate::outside::{Clock, MadeUp};
use crate::people::Person;

/// Code of the bureau that [`Kit::set_up`] sets up.
pub const BUREAU: &str = "410899-EEB";
/// Its name.
pub const BUREAU_NAME: &str = "示例县生态环境局";
/// Code of the bureau that [`Kit::other_bureau`] adds.
pub const OTHER_BUREAU: &str = "410898-EEB";

/// The secret half of the key that signs the ledgers of tests.
const SEED: [u8; 32] = [7; 32];

/// The whole application, on a database of its own.
pub struct Kit {
    /// Which database it is.
    pub engine: Engine,
    /// The clock of the office.
    pub clock: Clock,
    /// The office.
    pub office: Office,
    /// Its database by another door, for what the office does not offer.
    pub db: Db,
    /// All its pages.
    pub router: Router,
    /// The database behind it.
    pub database: Database,
    outside: Arc<MadeUp>,
    first: OnceCell<Person>,
    named: AtomicU32,
    inspectors: AtomicU32,
}

/// Runs a test on both engines, each in a thread of its name, so that a failure says where.
///
/// # Panics
/// If the test fails on either.
pub fn both<F: AsyncFn(&Kit) + Sync>(test: F) {
    let test = &test;
    std::thread::scope(|scope| {
        for (name, engine) in [("SQLite", Engine::Sqlite), ("PostgreSQL", Engine::Postgres)] {
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread.spawn_scoped(scope, move || on(engine, test)).unwrap();
        }
    });
}

/// Runs a test on one engine, where what it asks has nothing to do with the database.
///
/// # Panics
/// If the test fails.
pub fn on<F: AsyncFn(&Kit)>(engine: Engine, test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let kit = Kit::new(engine).await;
        test(&kit).await;
        kit.close().await;
    });
}

impl Kit {
    /// An office that nobody has set up yet.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn new(engine: Engine) -> Self {
        let (clock, database) = (Clock::new(), Database::fresh(engine).await);
        let outside = Arc::new(MadeUp::new(clock.clone()));
        let office = Office::open(database.address(), SEED, outside.clone())
            .await
            .unwrap();
        let settings = web::Settings {
            url: Browser::SITE.to_owned(),
        };
        Self {
            engine,
            clock,
            db: Db::existing(database.address()).await.unwrap(),
            router: web::router(office.clone(), settings),
            office,
            database,
            outside,
            first: OnceCell::new(),
            named: AtomicU32::new(0),
            inspectors: AtomicU32::new(0),
        }
    }

    /// Sets up the bureau, if nobody has yet, and gives its first security administrator.
    ///
    /// # Panics
    /// If the office refuses.
    pub async fn set_up(&self) -> Person {
        self.first.get_or_init(|| Person::first(self)).await.clone()
    }

    /// Adds another bureau, of which nobody of [`BUREAU`] may see anything.
    ///
    /// # Panics
    /// If it is there.
    pub async fn other_bureau(&self) -> &'static str {
        self.set_up().await;
        let bureau = Bureau {
            code: OTHER_BUREAU.to_owned(),
            name: "邻县生态环境局".to_owned(),
            superior: String::new(),
        };
        let mut tx = self.db.begin().await.unwrap();
        bureaus::add_bureau(&mut tx, &bureau, self.clock.now())
            .await
            .unwrap();
        self.commit(tx).await;
        OTHER_BUREAU
    }

    /// A browser in which nobody is signed in.
    #[must_use]
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// The signed checkpoints that the office gave to the outside, the newest last.
    #[must_use]
    pub fn kept_checkpoints(&self) -> Vec<String> {
        self.outside.kept()
    }

    /// The office as another process opens it on the same database, with the same clock.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn another_office(&self) -> Office {
        self.opened_again().await.unwrap()
    }

    /// As [`Kit::another_office`], where the office may refuse its database.
    ///
    /// # Errors
    /// As `Office::open`.
    pub async fn opened_again(&self) -> Result<Office, ops::StoreError> {
        Office::open(self.database.address(), SEED, self.outside.clone()).await
    }

    /// Makes a change lasting that the office would not make by itself.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn commit(&self, tx: Tx) {
        let number = self.named.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.now();
        let entry = Entry {
            at_micros: now.0,
            bureau: BUREAU.to_owned(),
            actor: "-".to_owned(),
            from: "-".to_owned(),
            act: "test.made-up".to_owned(),
            subject: format!("test/{number}"),
            ground: String::new(),
            before: None,
            after: None,
            visibility: Visibility::Public,
        };
        let id = format!("{:016x}{number:016x}", now.0);
        let recorded = tx.record(&id, &entry).await.unwrap();
        recorded.commit().await.unwrap();
    }

    /// Puts the sources of these numbers, from 1, into the register, as [`made_up::source`] makes them; fast.
    ///
    /// # Panics
    /// If they are there.
    pub async fn fill_sources(&self, count: u32) {
        let confirmed_on = Some(self.clock.now().day());
        let entry = |number| store::sources::Entry {
            source: made_up::source(number),
            inside: true,
            confirmed_on,
        };
        let entries: Vec<_> = (1..=count).map(|number| (1, entry(number))).collect();
        self.set_up().await;
        let mut tx = self.db.begin().await.unwrap();
        let stamp = self.stamp("source.enter");
        store::sources::add(&mut tx, BUREAU, &entries, &stamp)
            .await
            .unwrap();
        self.commit(tx).await;
    }

    /// Puts the inspectors of these numbers, from 1, into the register, as [`made_up::inspector`] makes them; fast.
    ///
    /// # Panics
    /// If they are there.
    pub async fn fill_inspectors(&self, count: u32) {
        let joined_on = Some(self.clock.now().day());
        let entry = |number| store::inspectors::Entry {
            inspector: made_up::inspector(number),
            department: "环境监察大队".to_owned(),
            inside: true,
            joined_on,
            left_on: None,
        };
        let entries: Vec<_> = (1..=count).map(|number| (1, entry(number))).collect();
        self.set_up().await;
        let mut tx = self.db.begin().await.unwrap();
        let stamp = self.stamp("inspector.enter");
        store::inspectors::add(&mut tx, BUREAU, &entries, &stamp)
            .await
            .unwrap();
        self.commit(tx).await;
    }

    /// A stamp of now, by the first security administrator.
    #[must_use]
    pub fn stamp(&self, act: &str) -> Stamp {
        Stamp {
            at: self.clock.now(),
            act: act.to_owned(),
            ground: "测试".to_owned(),
            author: "security".to_owned(),
        }
    }

    /// A number that no other call of this kit gets.
    pub(crate) fn next_number(&self) -> u32 {
        self.named.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The number of the next inspector with an account.
    pub(crate) fn next_inspector(&self) -> u32 {
        self.inspectors.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.db.close().await;
        self.office.close().await;
    }
}
