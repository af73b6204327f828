//! An office to test with: a clock that is set by hand, randomness that counts, a database of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::rights::{Role, Roles};
use ops::accounts::{Setup, set_up, setup_link};
use ops::{Actor, At, Office, Outside};
use sqlx::{ConnectOptions, Connection, Executor};
use tempfile::TempDir;

pub(crate) const BUREAU: &str = "410899-EEB";
/// 2027-01-04 09:00 in China.
const MONDAY: i64 = 1_799_024_400_000_000;
const SERVER: &str = "postgres://mingcha@127.0.0.1:54329";

#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

struct World {
    now: AtomicI64,
    count: AtomicU64,
}

impl Outside for World {
    fn now(&self) -> At {
        At(self.now.fetch_add(1, Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self
                .count
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&count.to_le_bytes()[..chunk.len()]);
        }
    }

    fn keep(&self, _: &str) {}
}

/// An office that is set up, and the folder it is in.
pub(crate) struct Test {
    pub(crate) office: Office,
    world: Arc<World>,
    folder: TempDir,
    database: Option<String>,
}

impl Test {
    pub(crate) async fn new(engine: Engine) -> Self {
        let folder = TempDir::new().unwrap();
        let (address, database) = match engine {
            Engine::Sqlite => (
                format!("sqlite:{}", folder.path().join("office.db").display()),
                None,
            ),
            Engine::Postgres => {
                let name = fresh_name(&folder);
                administer(&format!("CREATE DATABASE {name}")).await;
                (format!("{SERVER}/{name}"), Some(name))
            }
        };
        let world = Arc::new(World {
            now: AtomicI64::new(MONDAY),
            count: AtomicU64::new(1),
        });
        let office = Office::open(&address, [7; 32], world.clone()).await.unwrap();
        let test = Self {
            office,
            world,
            folder,
            database,
        };
        test.set_up().await;
        test
    }

    async fn set_up(&self) {
        let link = setup_link(&self.office).await.unwrap().unwrap();
        let setup = Setup {
            bureau_code: BUREAU.to_owned(),
            bureau_name: "示例县生态环境分局".to_owned(),
            login: "safety".to_owned(),
            person: "安全管理员".to_owned(),
        };
        set_up(
            &self.office,
            link.reveal(),
            &setup,
            "correct-horse-battery-9",
            "-",
        )
        .await
        .unwrap();
    }

    /// So many days later.
    pub(crate) fn days_later(&self, days: i64) {
        self.world.now.fetch_add(days * 86_400_000_000, Ordering::Relaxed);
    }

    pub(crate) async fn close(self) {
        self.office.close().await;
        if let Some(name) = &self.database {
            administer(&format!("DROP DATABASE {name}")).await;
        }
        drop(self.folder);
    }
}

fn fresh_name(folder: &TempDir) -> String {
    let own = folder
        .path()
        .file_name()
        .unwrap()
        .to_string_lossy()
        .to_lowercase();
    let own: String = own.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("it_{own}_{}", std::process::id())
}

async fn administer(statement: &str) {
    let options: sqlx::postgres::PgConnectOptions = format!("{SERVER}/postgres").parse().unwrap();
    let mut conn = options.connect().await.unwrap();
    conn.execute(sqlx::AssertSqlSafe(statement.to_owned()))
        .await
        .unwrap();
    conn.close().await.unwrap();
}

/// Somebody of the bureau with that role.
pub(crate) fn actor(role: Role) -> Actor {
    Actor {
        login: format!("{role:?}").to_lowercase(),
        person: "某某".to_owned(),
        bureau: BUREAU.to_owned(),
        bureau_name: "示例县生态环境分局".to_owned(),
        department: "办公室".to_owned(),
        certificate: String::new(),
        roles: Roles::new([role]).unwrap(),
        session: String::new(),
        address: "127.0.0.1".to_owned(),
    }
}
