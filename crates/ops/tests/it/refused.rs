//! What the database itself refuses, whoever asks.

use testkit::{Engine, Kit, both};

const LEDGER: [&str; 3] = ["ledger_entries", "ledger_leaves", "ledger_checkpoints"];
const VERSIONS: [&str; 4] = [
    "source_versions",
    "inspector_versions",
    "item_versions",
    "plan_versions",
];

#[test]
fn the_ledger_can_be_neither_changed_nor_deleted() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        kit.office.order_ledger().await.unwrap();
        for table in LEDGER {
            let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}");
            let before = kit.database.texts(&count).await;
            assert_ne!(before, ["0"]);
            let column = if table == "ledger_entries" { "actor" } else { "id" };
            let column = if table == "ledger_checkpoints" {
                "note"
            } else {
                column
            };
            let mut attempts = vec![
                format!("UPDATE {table} SET {column} = 'x'"),
                format!("DELETE FROM {table}"),
            ];
            if kit.engine == Engine::Postgres {
                attempts.push(format!("TRUNCATE {table} CASCADE"));
            }
            for attempt in attempts {
                let refused = kit.database.tamper(&attempt).await.unwrap_err();
                assert!(refused.contains("只能追加"), "{attempt}: {refused}");
            }
            assert_eq!(kit.database.texts(&count).await, before);
        }
    });
}

/// A row of a table of versions with a body, whatever its columns are.
async fn version(kit: &Kit, table: &str) -> String {
    let columns = match kit.engine {
        Engine::Sqlite => format!("SELECT name || ' ' || lower(type) FROM pragma_table_info('{table}')"),
        Engine::Postgres => format!(
            "SELECT column_name::text || ' ' || data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for column in kit.database.texts(&columns).await {
        let (name, kind) = column.split_once(' ').unwrap();
        values.push(match (name, kind) {
            ("bureau", _) => "'410899-EEB'".to_owned(),
            ("until_at", _) => i64::MAX.to_string(),
            (_, "text") => "'x'".to_owned(),
            _ => "1".to_owned(),
        });
        names.push(name.to_owned());
    }
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

#[test]
fn r2_1_of_a_version_only_its_end_is_ever_set_and_only_once() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        for table in VERSIONS {
            let insert = version(kit, table).await;
            kit.database.tamper(&insert).await.unwrap();
            let refuse = async |attempt: String| {
                let refused = kit.database.tamper(&attempt).await.unwrap_err();
                assert!(refused.contains("只能追加"), "{attempt}: {refused}");
            };
            refuse(format!("UPDATE {table} SET body = 'other'")).await;
            refuse(format!("UPDATE {table} SET until_at = 5, author = 'other'")).await;
            refuse(format!("DELETE FROM {table}")).await;
            kit.database
                .tamper(&format!("UPDATE {table} SET until_at = 5"))
                .await
                .unwrap();
            refuse(format!("UPDATE {table} SET until_at = 6")).await;
            refuse(format!("UPDATE {table} SET until_at = {}", i64::MAX)).await;
        }
    });
}
