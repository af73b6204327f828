//! An office for what goes round it: a clock that never shows one time twice, randomness that counts, a database of its own.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ops::accounts::{Person, Setup};
use ops::{Actor, At, Office, Outside, Refusal};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use testkit::Database;
pub(crate) use testkit::Engine;

/// 2027-01-04 09:00 in China.
const NOW: i64 = 1_799_024_400_000_000;
pub(crate) const PASSWORD: &str = "correct-horse-7";

/// The outside.
pub(crate) struct World {
    now: AtomicI64,
    next: AtomicU64,
    kept: Mutex<Vec<String>>,
}

impl World {
    fn new(number: u64) -> Arc<Self> {
        Arc::new(Self {
            now: AtomicI64::new(NOW),
            next: AtomicU64::new(number << 32),
            kept: Mutex::default(),
        })
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The checkpoints that were kept outside.
    pub(crate) fn kept(&self) -> Vec<String> {
        self.kept.lock().unwrap().clone()
    }
}

impl Outside for World {
    fn now(&self) -> At {
        // Each look is a little later, as with real clocks.
        At(self.now.fetch_add(1, Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.next.fetch_add(1, Ordering::SeqCst).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }

    fn keep(&self, note: &str) {
        self.kept.lock().unwrap().push(note.to_owned());
    }
}

/// An office with all that a test needs to know of it.
pub(crate) struct Stage {
    pub(crate) office: Office,
    pub(crate) world: Arc<World>,
    pub(crate) address: String,
    pub(crate) engine: Engine,
    _database: Database,
}

/// An office on an empty database.
pub(crate) async fn stage(engine: Engine) -> Stage {
    let database = Database::fresh(engine).await;
    let address = database.address().to_owned();
    let world = World::new(1);
    let office = Office::open(&address, [7; 32], world.clone()).await.unwrap();
    Stage {
        office,
        world,
        address,
        engine,
        _database: database,
    }
}

impl Stage {
    /// Another process on the same database.
    pub(crate) async fn another(&self) -> (Office, Arc<World>) {
        let world = World::new(2);
        let office = Office::open(&self.address, [7; 32], world.clone()).await.unwrap();
        (office, world)
    }

    /// Sets the office up; the security administrator.
    pub(crate) async fn set_up(&self) -> Actor {
        let token = ops::accounts::setup_link(&self.office).await.unwrap().unwrap();
        let setup = Setup {
            bureau_code: "410899-EEB".to_owned(),
            bureau_name: "示例县生态环境分局".to_owned(),
            login: "security".to_owned(),
            person: "安全员".to_owned(),
        };
        ops::accounts::set_up(&self.office, token.reveal(), &setup, PASSWORD, "10.0.0.1")
            .await
            .unwrap();
        self.sign_in("security").await.unwrap()
    }

    /// Signs in with the password that all have.
    pub(crate) async fn sign_in(&self, login: &str) -> Result<Actor, Refusal> {
        self.sign_in_with(login, PASSWORD).await.map(|(_, actor)| actor)
    }

    /// As [`Stage::sign_in`], with the token of the session.
    pub(crate) async fn sign_in_with(&self, login: &str, password: &str) -> Result<(String, Actor), Refusal> {
        let token = ops::accounts::sign_in(&self.office, login, password, "10.0.0.2", "test").await?;
        let actor = self.actor(token.reveal()).await?;
        Ok((token.reveal().to_owned(), actor))
    }

    /// Whose request a token makes.
    pub(crate) async fn actor(&self, token: &str) -> Result<Actor, Refusal> {
        ops::sessions::actor(&self.office, token, "10.0.0.2").await
    }

    /// Adds an account whose owner has set the password.
    pub(crate) async fn add(&self, security: &Actor, person: &Person) {
        let token = ops::accounts::add(&self.office, security, person).await.unwrap();
        ops::accounts::accept(&self.office, token.reveal(), PASSWORD, "10.0.0.2")
            .await
            .unwrap();
    }

    /// Goes round the program.
    pub(crate) async fn raw(&self, sql: &str) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut conn = AnyConnection::connect(&self.address).await?;
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut conn)
            .await;
        conn.close().await?;
        rows
    }

    /// Takes the guard off a table.
    pub(crate) async fn unguard(&self, table: &str) {
        for verb in ["update", "delete"] {
            let on = match self.engine {
                Engine::Sqlite => String::new(),
                Engine::Postgres => format!(" ON {table}"),
            };
            self.raw(&format!("DROP TRIGGER {table}_no_{verb}{on}"))
                .await
                .unwrap();
        }
    }
}

/// Somebody with roles.
pub(crate) fn person(login: &str, roles: &[&str]) -> Person {
    let is_inspector = roles.contains(&"执法人员");
    Person {
        login: login.to_owned(),
        person: format!("{login}本人"),
        department: "办公室".to_owned(),
        certificate: if is_inspector { "16110000001" } else { "" }.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}
