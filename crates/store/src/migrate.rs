//! Migrations: each a text that both engines understand after a few words are put in, applied once and in order.
//! Never goes back, and never touches a database that is newer than this program.

use sqlx::any::AnyRow;

use crate::At;
use crate::db::{Conn, Db, Engine, Upkeep};
use crate::error::StoreError;
use crate::sql::{Query, int, text};

/// The migrations in order; a released one never changes.
const MIGRATIONS: &[(&str, &str)] = &[("office", include_str!("../migrations/0001_office.sql"))];

/// The newest version that this program knows.
pub const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Tables of which the database refuses every change and deletion.
const APPEND_ONLY: &[&str] = &["ledger_entries", "ledger_leaves", "ledger_checkpoints"];
/// Tables of versions: nothing is deleted, and of a version only its end is ever set.
const VERSIONED: &[(&str, &str)] = &[
    ("source_versions", "target"),
    ("inspector_versions", "certificate"),
    ("item_versions", "code"),
    ("plan_versions", "number"),
];
/// Tables of what may be withdrawn: nothing is deleted, and what is withdrawn does not change any more.
const WITHDRAWN: &[&str] = &["leaves", "recusals"];

pub(crate) async fn run(db: &Db, now: At) -> Result<(), StoreError> {
    let mut upkeep = db.upkeep().await?;
    let engine = db.engine();
    upkeep.script(&in_dialect(engine, MIGRATION_TABLE)).await?;
    let found = check(&mut upkeep).await?;
    let missing = (1..).zip(MIGRATIONS).filter(|(version, _)| *version > found);
    for (version, (name, script)) in missing {
        upkeep.script(&in_dialect(engine, script)).await?;
        let mut query = Query::new("INSERT INTO schema_migrations (version, name, applied_at) VALUES (");
        query.value(version).with(", ", *name).with(", ", now).push(")");
        query.run(&mut upkeep).await?;
    }
    if found == 0 {
        guard(&mut upkeep, engine).await?;
    }
    upkeep.commit().await
}

/// The version of the database, which must not be newer than this program.
pub(crate) async fn check(conn: &mut Conn) -> Result<i64, StoreError> {
    let found = Query::new("SELECT COALESCE(MAX(version), 0) FROM schema_migrations")
        .count(conn)
        .await?;
    let found = i64::try_from(found).unwrap_or(i64::MAX);
    if found > NEWEST {
        return Err(StoreError::Newer { found, known: NEWEST });
    }
    Ok(found)
}

const MIGRATION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version {int} PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at {int} NOT NULL
) {strict}";

/// Puts in what the engines call differently. SQLite's INTEGER has 64 bits, PostgreSQL's has 32.
fn in_dialect(engine: Engine, script: &str) -> String {
    let (int, bytes, strict) = match engine {
        Engine::Sqlite => ("INTEGER", "BLOB", "STRICT"),
        Engine::Postgres => ("BIGINT", "BYTEA", ""),
    };
    let lines = script.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.replace("{int}", int)
        .replace("{bytes}", bytes)
        .replace("{strict}", strict)
}

/// The database itself refuses to change what may never change (architecture, invariant 9).
async fn guard(upkeep: &mut Upkeep, engine: Engine) -> Result<(), StoreError> {
    for table in APPEND_ONLY {
        refuse(upkeep, engine, table, "UPDATE", "").await?;
        refuse(upkeep, engine, table, "DELETE", "").await?;
    }
    for (table, _) in VERSIONED {
        let columns = columns(engine, upkeep, table).await?;
        let others = columns
            .iter()
            .map(|(name, _, _)| name)
            .filter(|name| *name != "until_at");
        let changed: String = others
            .map(|name| format!(" OR NEW.{name} <> OLD.{name}"))
            .collect();
        let all_but_its_end = format!("WHEN (OLD.until_at <> {}{changed})", At::FOREVER.0);
        refuse(upkeep, engine, table, "UPDATE", &all_but_its_end).await?;
        refuse(upkeep, engine, table, "DELETE", "").await?;
    }
    for table in WITHDRAWN {
        refuse(upkeep, engine, table, "UPDATE", "WHEN (OLD.withdrawn_at <> 0)").await?;
        refuse(upkeep, engine, table, "DELETE", "").await?;
    }
    Ok(())
}

async fn refuse(
    upkeep: &mut Upkeep,
    engine: Engine,
    table: &str,
    verb: &str,
    when: &str,
) -> Result<(), StoreError> {
    let name = format!("{table}_no_{}", verb.to_lowercase());
    let why = format!("{table} 只能追加，不能改动或删除");
    let statements = match engine {
        Engine::Sqlite => vec![format!(
            "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )],
        Engine::Postgres => vec![
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{why}'; END $$ LANGUAGE plpgsql"
            ),
            format!(
                "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE PROCEDURE {name}()"
            ),
        ],
    };
    for statement in statements {
        Query::new(&statement).run(upkeep).await?;
    }
    // PostgreSQL can empty a table without deleting a row.
    if engine == Engine::Postgres && verb == "DELETE" {
        let statement = format!(
            "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE PROCEDURE {name}()"
        );
        Query::new(&statement).run(upkeep).await?;
    }
    Ok(())
}

/// Tables with their columns, as this database has them, both in alphabetical order: what a test compares between the engines.
///
/// # Errors
/// [`StoreError`].
pub async fn tables(
    engine: Engine,
    conn: &mut Conn,
) -> Result<Vec<(String, Vec<(String, String, bool)>)>, StoreError> {
    let names = match engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1"
        }
    };
    let mut tables = Vec::new();
    for row in Query::new(names).all(conn).await? {
        let table = text(&row, "name")?;
        let columns = columns(engine, conn, &table).await?;
        tables.push((table, columns));
    }
    Ok(tables)
}

async fn columns(
    engine: Engine,
    conn: &mut Conn,
    table: &str,
) -> Result<Vec<(String, String, bool)>, StoreError> {
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT name, lower(type) AS type, (\"notnull\" OR pk > 0) AS required FROM pragma_table_info("
        }
        Engine::Postgres => {
            "SELECT column_name::text AS name, data_type::text AS type, (is_nullable = 'NO')::int::bigint AS required \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ("
        }
    };
    let mut query = Query::new(sql);
    query.value(table).push(") ORDER BY 1");
    let of = |row: &AnyRow| {
        let kind = match text(row, "type")?.as_str() {
            "integer" | "bigint" => "int".to_owned(),
            "blob" | "bytea" => "bytes".to_owned(),
            other => other.to_owned(),
        };
        Ok((text(row, "name")?, kind, int(row, "required")? != 0))
    };
    query.all(conn).await?.iter().map(of).collect()
}
