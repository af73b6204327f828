//! The administrators' pages, and the ledger as strangers read it.

use axum::http::StatusCode;

use testkit::PASSWORD;

use crate::office::Stage;

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn a_link_is_shown_once_and_lets_its_owner_in() {
    let stage = Stage::new().await;
    let security = stage.sign_in("security").await;
    let form = "login=planner&person=Zhang&department=&certificate=&roles=计划员";
    let seen = stage.post("/accounts/new", &security, form).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let path = between(&seen.text, testkit::Browser::SITE, "</pre>").to_owned();
    assert!(path.starts_with("/invitation/"));
    let again = stage.get("/accounts/planner", &security).await;
    assert!(again.text.contains("有一个待用的链接") && !again.text.contains(&path));
    let password = &format!("password={PASSWORD}&again={PASSWORD}");
    let set = stage.post(&path, "", password).await;
    assert_eq!((set.status, set.to.as_str()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(
        stage.post(&path, "", password).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let session = stage.sign_in("planner").await;
    assert_eq!(stage.get("/", &session).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refused_account_keeps_what_was_typed() {
    let stage = Stage::new().await;
    let security = stage.sign_in("security").await;
    let form = "login=Wrong&person=Zhang&department=&certificate=77&roles=计划员&roles=审计管理员";
    let seen = stage.post("/accounts/new", &security, form).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "value=\"Wrong\"",
        "value=\"Zhang\"",
        "value=\"77\"",
        "value=\"计划员\" checked",
        "不能兼任",
    ] {
        assert!(seen.text.contains(kept), "{kept}");
    }
}

#[tokio::test]
async fn the_security_administrator_ends_sessions_closes_and_opens() {
    let stage = Stage::new().await;
    stage.add("planner", &["计划员"]).await;
    let (security, planner) = (stage.sign_in("security").await, stage.sign_in("planner").await);
    let page = stage.get("/accounts/planner", &security).await.text;
    let end = between(
        &page,
        "<form method=\"post\" action=\"/accounts/planner/sessions",
        "\"",
    )
    .to_owned();
    let ended = stage
        .post(&format!("/accounts/planner/sessions{end}"), &security, "")
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(stage.get("/", &planner).await.to.starts_with("/sign-in"));
    assert_eq!(
        stage
            .post("/accounts/planner/act", &security, "do=close")
            .await
            .to,
        "/accounts/planner"
    );
    assert!(stage.get("/accounts", &security).await.text.contains("停用（"));
    let twice = stage.post("/accounts/planner/act", &security, "do=close").await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        stage.post("/accounts/planner/act", &security, "do=open").await.to,
        "/accounts/planner"
    );
    let own = stage.post("/accounts/security/act", &security, "do=close").await;
    assert!(own.text.contains("不能停用自己的账号"));
}

#[tokio::test]
async fn departments_are_added_closed_and_opened() {
    let stage = Stage::new().await;
    stage.add("operator", &["系统管理员"]).await;
    let operator = stage.sign_in("operator").await;
    let form = "name=法规股&kind=股室";
    assert_eq!(
        stage.post("/departments", &operator, form).await.to,
        "/departments"
    );
    let twice = stage.post("/departments", &operator, form).await;
    assert!(twice.text.contains("已经有同名的部门") && twice.text.contains("value=\"法规股\""));
    let nameless = stage.post("/departments", &operator, "name=&kind=股室").await;
    assert!(nameless.text.contains("部门名称没有填写"));
    let closed = stage
        .post("/departments/act", &operator, "do=close&name=法规股")
        .await;
    assert_eq!(closed.to, "/departments");
    assert!(
        stage
            .get("/departments", &operator)
            .await
            .text
            .contains("重新启用")
    );
    let missing = stage.get("/departments/act?do=close&name=none", &operator).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_auditor_reads_finds_proves_and_verifies() {
    let stage = Stage::new().await;
    stage.add("auditor", &["审计管理员"]).await;
    let auditor = stage.sign_in("auditor").await;
    stage.office.order_ledger().await.unwrap();
    let list = stage.get("/audit", &auditor).await.text;
    assert!(list.contains("账号：登录") && list.contains("auditor本人（auditor）"));
    let none = stage.get("/audit?who=nobody", &auditor).await.text;
    assert!(none.contains("没有符合条件的存证"));
    let add = stage
        .get("/audit?area=account&verb=%E5%A2%9E%E5%8A%A0", &auditor)
        .await
        .text;
    assert!(add.contains("存证共 <b>1</b> 条"));
    let id = between(&add, "class=\"acts\"><a href=\"/audit/", "\"").to_owned();
    let entry = stage.get(&format!("/audit/{id}"), &auditor).await.text;
    assert!(
        entry.contains("与校验点相符") && entry.contains("&#34;act&#34;:&#34;account.add&#34;"),
        "{entry}"
    );
    let sound = stage.post("/audit/verify", &auditor, "").await.text;
    assert!(sound.contains("账本完好"));
    let foreign = stage
        .post("/audit/verify", &auditor, "checkpoint=nonsense")
        .await
        .text;
    assert!(foreign.contains("账本有问题") && foreign.contains("不能采信"));
    let note = stage.get("/ledger/checkpoint", "").await.text;
    let pasted: String = note.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let own = stage
        .post("/audit/verify", &auditor, &format!("checkpoint={pasted}"))
        .await
        .text;
    assert!(own.contains("账本完好") && own.contains("<dd>1 个</dd>"));
}

#[tokio::test]
async fn strangers_read_checkpoint_key_and_leaves() {
    let stage = Stage::new().await;
    let before = stage.get("/ledger", "").await;
    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(stage.get("/ledger/checkpoint", "").await.text, "");
    stage.office.order_ledger().await.unwrap();
    let checkpoint = stage.get("/ledger/checkpoint", "").await;
    assert!(checkpoint.kind.starts_with("text/plain") && checkpoint.text.contains("\n2\n"));
    let key = stage.get("/ledger/key", "").await;
    let origin = checkpoint.text.lines().next().unwrap();
    assert!(key.kind.starts_with("text/plain") && key.text.starts_with(&format!("{origin}+")));
    let leaves = stage.get("/ledger/leaves?from=0", "").await.text;
    let leaves: Vec<serde_json::Value> = leaves
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(leaves.len(), 2);
    assert_eq!((&leaves[0]["index"], &leaves[1]["index"]), (&0.into(), &1.into()));
    // Both were done at one time of this clock.
    let mut texts: Vec<Option<&str>> = leaves.iter().map(|leaf| leaf["entry"].as_str()).collect();
    texts.sort_unstable();
    assert!(texts[0].is_none() && texts[1].is_some_and(|text| text.contains("office.setup")));
    assert_eq!(leaves[1]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(stage.get("/ledger/leaves?from=2", "").await.text, "");
    let page = stage.get("/ledger?all=1", "").await.text;
    assert!(page.contains("系统：首次设置") && page.contains("不公开"));
    assert!(
        !page.contains("account.sign-in") && !page.contains("security\"}"),
        "private texts stay private"
    );
}

#[tokio::test]
async fn the_table_of_rights_is_shown_as_it_is() {
    let stage = Stage::new().await;
    let security = stage.sign_in("security").await;
    let page = stage.get("/rights", &security).await.text;
    for rule in domain::rights::TABLE {
        assert!(page.contains(rule.permission.title()));
    }
    let cells: usize = domain::rights::TABLE.iter().map(|rule| rule.bureau.len()).sum();
    assert_eq!(page.matches("<td>本机关</td>").count(), cells);
}
