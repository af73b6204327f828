//! Databases for tests: a file in a folder of its own, or a database on the PostgreSQL of `tests/postgres`.
//! Never outlives its test.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::Engine;
use tempfile::TempDir;

/// Where `tests/postgres` listens.
const SERVER: &str = "postgres://mingcha@127.0.0.1:54329/postgres";
/// A server to use instead, as an address with the name of a database that is there.
const SERVER_VARIABLE: &str = "MINGCHA_TEST_POSTGRES";
/// Sorts as a server does that was set up in Chinese: what relies on the order of bytes fails.
const AS_IN_CHINA: &str = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh'";

/// Numbers the databases of one process.
static MADE: AtomicU32 = AtomicU32::new(0);

/// An empty database, gone when this is dropped.
#[derive(Debug)]
pub struct Database {
    address: String,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Folder(TempDir),
    OnServer { server: String, name: String },
}

impl Database {
    /// A database that nobody else uses. Its name is that of the process with a number: a test that was killed leaves one
    /// behind, which the next process of the same number replaces.
    ///
    /// # Panics
    /// If there is no place for it.
    pub async fn fresh(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::in_folder(),
            Engine::Postgres => Self::on_server().await,
        }
    }

    fn in_folder() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("mingcha.db");
        Self {
            address: format!("sqlite:{}", path.display()),
            kept: Kept::Folder(folder),
        }
    }

    async fn on_server() -> Self {
        let server = server();
        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let name = format!("test_{}_{number}", std::process::id());
        let mut conn = connected(&server).await;
        drop_database(&mut conn, &name).await.unwrap();
        run(&mut conn, format!("CREATE DATABASE {name} {AS_IN_CHINA}"))
            .await
            .unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        Self {
            address: format!("{host}/{name}"),
            kept: Kept::OnServer { server, name },
        }
    }

    /// Its address, as `--database` takes it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The folder with its file; none on a server.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.kept {
            Kept::Folder(folder) => Some(folder.path()),
            Kept::OnServer { .. } => None,
        }
    }

    /// Runs a statement that the program would never run: as somebody who went round it.
    ///
    /// # Errors
    /// What the database says, in its own words.
    pub async fn tamper(&self, statement: &str) -> Result<u64, String> {
        let mut conn = sqlx::AnyConnection::connect(&self.address)
            .await
            .map_err(|e| e.to_string())?;
        let done = conn.execute(AssertSqlSafe(statement.to_owned())).await;
        done.map(|done| done.rows_affected()).map_err(|e| e.to_string())
    }

    /// The first column of what a statement selects, which must be a text.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn texts(&self, statement: &str) -> Vec<String> {
        let mut conn = sqlx::AnyConnection::connect(&self.address).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(statement.to_owned()))
            .fetch_all(&mut conn)
            .await
            .unwrap()
    }

    /// Takes the guards off a table of the ledger.
    ///
    /// # Panics
    /// If it has none.
    pub async fn unguard(&self, table: &str) {
        let on = match &self.kept {
            Kept::Folder(_) => String::new(),
            Kept::OnServer { .. } => format!(" ON {table}"),
        };
        for verb in ["update", "delete"] {
            self.tamper(&format!("DROP TRIGGER {table}_no_{verb}{on}"))
                .await
                .unwrap();
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Kept::OnServer { server, name } = &self.kept else {
            return;
        };
        let (server, name) = (server.clone(), name.clone());
        // The test's own runtime may be the one that is just going down.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut conn = PgConnection::connect(&server).await?;
                drop_database(&mut conn, &name).await
            })
        });
        let _the_next_of_that_name_drops_it = dropping.join();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "where tests find their PostgreSQL is asked here alone"
)]
fn server() -> String {
    std::env::var(SERVER_VARIABLE).unwrap_or_else(|_| SERVER.to_owned())
}

async fn run(conn: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    conn.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}

async fn drop_database(conn: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    run(conn, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

async fn connected(server: &str) -> PgConnection {
    match PgConnection::connect(server).await {
        Ok(conn) => conn,
        Err(_) if server == SERVER => {
            start();
            PgConnection::connect(server).await.unwrap()
        }
        Err(error) => panic!("{SERVER_VARIABLE}={server}: {error}"),
    }
}

/// Starts the server, once however many tests ask for it.
fn start() {
    let lock = File::create(std::env::temp_dir().join("mingcha-test-postgres.lock")).unwrap();
    lock.lock().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/postgres");
    let started = Command::new(script).arg("start").status().unwrap();
    assert!(started.success(), "tests/postgres start: {started}");
}
