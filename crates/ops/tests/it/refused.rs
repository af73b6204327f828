//! What the database itself refuses, whoever asks.

use rstest::rstest;
use sqlx::Row as _;

use crate::stage::{Engine, stage};

const LEDGER: [&str; 3] = ["ledger_entries", "ledger_leaves", "ledger_checkpoints"];
const VERSIONS: [&str; 4] = [
    "source_versions",
    "inspector_versions",
    "item_versions",
    "plan_versions",
];

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_the_ledger_can_be_neither_changed_nor_deleted(#[case] engine: Engine) {
    let stage = stage(engine).await;
    stage.set_up().await;
    stage.office.order_ledger().await.unwrap();
    for table in LEDGER {
        let count = format!("SELECT COUNT(*) FROM {table}");
        let before: i64 = stage.raw(&count).await.unwrap()[0].get(0);
        assert!(before > 0);
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
        if engine == Engine::Postgres {
            attempts.push(format!("TRUNCATE {table} CASCADE"));
        }
        for attempt in attempts {
            let refused = stage.raw(&attempt).await.err().unwrap().to_string();
            assert!(refused.contains("只能追加"), "{attempt}: {refused}");
        }
        let after: i64 = stage.raw(&count).await.unwrap()[0].get(0);
        assert_eq!(after, before);
    }
}

/// A row of a table of versions with a body, whatever its columns are.
async fn version(stage: &crate::stage::Stage, table: &str) -> String {
    let columns = match stage.engine {
        Engine::Sqlite => format!("SELECT name, lower(type) AS type FROM pragma_table_info('{table}')"),
        Engine::Postgres => format!(
            "SELECT column_name::text AS name, data_type::text AS type FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for row in stage.raw(&columns).await.unwrap() {
        let (name, kind): (String, String) = (row.get("name"), row.get("type"));
        values.push(match (name.as_str(), kind.as_str()) {
            ("bureau", _) => "'410899-EEB'".to_owned(),
            ("until_at", _) => i64::MAX.to_string(),
            (_, "text") => "'x'".to_owned(),
            _ => "1".to_owned(),
        });
        names.push(name);
    }
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn r2_1_of_a_version_only_its_end_is_ever_set_and_only_once(#[case] engine: Engine) {
    let stage = stage(engine).await;
    stage.set_up().await;
    for table in VERSIONS {
        let insert = version(&stage, table).await;
        stage.raw(&insert).await.unwrap();
        let refuse = async |attempt: String| {
            let refused = stage.raw(&attempt).await.err().unwrap().to_string();
            assert!(refused.contains("只能追加"), "{attempt}: {refused}");
        };
        refuse(format!("UPDATE {table} SET body = 'other'")).await;
        refuse(format!("UPDATE {table} SET until_at = 5, author = 'other'")).await;
        refuse(format!("DELETE FROM {table}")).await;
        stage
            .raw(&format!("UPDATE {table} SET until_at = 5"))
            .await
            .unwrap();
        refuse(format!("UPDATE {table} SET until_at = 6")).await;
        refuse(format!("UPDATE {table} SET until_at = {}", i64::MAX)).await;
    }
}
