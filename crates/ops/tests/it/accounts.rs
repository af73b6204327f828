//! Accounts: locks, links, roles, sessions, and the wall between bureaus.

use domain::Term as _;
use domain::rights::Role;
use ops::accounts::{self, Person, Search, State};
use ops::{PageRequest, Refusal, audit, organisation, sessions};
use rstest::rstest;

use crate::stage::{Engine, PASSWORD, Stage, person, stage};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn fields(refusal: &Refusal) -> Vec<(&str, &str)> {
    let Refusal::Fields(errors) = refusal else {
        panic!("{refusal}");
    };
    errors
        .iter()
        .map(|error| (error.field.as_str(), error.text.as_str()))
        .collect()
}

fn rule(refusal: &Refusal) -> &str {
    let Refusal::Rule(text) = refusal else {
        panic!("{refusal}");
    };
    text
}

async fn state(stage: &Stage, actor: &ops::Actor, login: &str) -> State {
    accounts::get(&stage.office, actor, login).await.unwrap().0.state
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_five_wrong_passwords_lock_an_account_in_the_database(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let security = stage.set_up().await;
    stage.add(&security, &person("planner", &["计划员"])).await;
    for _ in 0..5 {
        let refusal = stage.sign_in_with("planner", "wrong-horse-77").await.unwrap_err();
        assert!(rule(&refusal).contains("登录名或口令不对"));
    }
    assert!(matches!(
        state(&stage, &security, "planner").await,
        State::Locked(_)
    ));
    // A program that starts anew knows it too.
    let (other, _) = stage.another().await;
    let refused = accounts::sign_in(&other, "planner", PASSWORD, "10.0.0.2", "")
        .await
        .err();
    assert!(rule(refused.as_ref().unwrap()).contains("锁定"));
    stage.world.wait(14 * MINUTE);
    assert!(stage.sign_in("planner").await.is_err());
    stage.world.wait(2 * MINUTE);
    stage.sign_in("planner").await.unwrap();
    assert_eq!(state(&stage, &security, "planner").await, State::Open);
    // What was wrong before no longer counts.
    stage.sign_in_with("planner", "wrong-horse-77").await.unwrap_err();
    stage.sign_in("planner").await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_who_is_unknown_gets_the_same_sentence_as_who_is_wrong(#[case] engine: Engine) {
    let stage = stage(engine).await;
    stage.set_up().await;
    let wrong = stage
        .sign_in_with("security", "wrong-horse-77")
        .await
        .unwrap_err();
    let unknown = stage.sign_in_with("nobody", PASSWORD).await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_a_link_works_once_and_for_three_days(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    let accept = async |token: &str| accounts::accept(office, token, PASSWORD, "10.0.0.2").await;
    let first = accounts::add(office, &security, &person("planner", &["计划员"]))
        .await
        .unwrap();
    assert_eq!(state(&stage, &security, "planner").await, State::NoPassword);
    assert!(stage.sign_in("planner").await.is_err());
    let second = accounts::invite(office, &security, "planner").await.unwrap();
    let replaced = accept(first.reveal()).await.unwrap_err();
    assert!(rule(&replaced).contains("已经用过"));
    let short = accounts::accept(office, second.reveal(), "short", "10.0.0.2")
        .await
        .unwrap_err();
    assert_eq!(fields(&short)[0].0, "password");
    assert_eq!(accept(second.reveal()).await.unwrap(), "planner");
    assert!(rule(&accept(second.reveal()).await.unwrap_err()).contains("已经用过"));
    let third = accounts::invite(office, &security, "planner").await.unwrap();
    stage.world.wait(3 * DAY + 1);
    assert!(rule(&accept(third.reveal()).await.unwrap_err()).contains("已经过期"));
    assert!(rule(&accept("f00f").await.unwrap_err()).contains("没有这个链接"));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_a_link_ends_sessions_and_lifts_a_lock(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("planner", &["计划员"])).await;
    let (token, _) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    for _ in 0..5 {
        stage.sign_in_with("planner", "wrong-horse-77").await.unwrap_err();
    }
    let link = accounts::invite(office, &security, "planner").await.unwrap();
    stage.actor(&token).await.unwrap();
    accounts::accept(office, link.reveal(), "another-horse-8", "10.0.0.2")
        .await
        .unwrap();
    assert!(matches!(stage.actor(&token).await, Err(Refusal::SignedOut)));
    assert!(stage.sign_in("planner").await.is_err());
    stage.sign_in_with("planner", "another-horse-8").await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_a_link_from_the_machine_is_in_the_ledger(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("auditor", &["审计管理员"])).await;
    let token = accounts::link_from_console(office, "security").await.unwrap();
    accounts::accept(office, token.reveal(), "another-horse-8", "10.0.0.2")
        .await
        .unwrap();
    stage.sign_in_with("security", "another-horse-8").await.unwrap();
    let auditor = stage.sign_in("auditor").await.unwrap();
    let filter = audit::EntryFilter {
        verbs: vec!["invite".to_owned()],
        ..audit::EntryFilter::default()
    };
    let found = audit::list(office, &auditor, &filter, PageRequest::new(1, 20))
        .await
        .unwrap();
    let entry = found.rows[0].entry.as_ref().unwrap();
    assert_eq!((entry.actor.as_str(), entry.from.as_str()), ("-", "console"));
    assert_eq!(entry.subject, "account/security");
    let missing = accounts::link_from_console(office, "nobody").await.err();
    assert!(matches!(missing, Some(Refusal::Missing(_))));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_the_three_administrators_are_never_combined(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("planner", &["计划员"])).await;
    let words = Role::proper_words();
    let administrators = words
        .iter()
        .filter(|word| Role::parse(word).unwrap().is_administrator());
    for administrator in administrators {
        for other in words.iter().filter(|word| *word != administrator) {
            let both = [*administrator, *other];
            let added = accounts::add(office, &security, &person("both", &both))
                .await
                .err();
            let changed = accounts::change(office, &security, &person("planner", &both)).await;
            for refusal in [added.unwrap(), changed.unwrap_err()] {
                let (field, text) = fields(&refusal)[0];
                assert_eq!(field, "roles");
                assert!(text.contains("不能兼任"), "{text}");
            }
        }
    }
    let none = accounts::add(office, &security, &person("none", &[])).await.err();
    assert_eq!(fields(none.as_ref().unwrap())[0].0, "roles");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_nobody_changes_their_own_roles_or_closes_their_own_account(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    let own = accounts::change(office, &security, &person("security", &["计划员"]))
        .await
        .unwrap_err();
    assert!(fields(&own)[0].1.contains("不能改自己的角色"));
    let own = accounts::close(office, &security, "security", true)
        .await
        .unwrap_err();
    assert!(rule(&own).contains("不能停用自己的账号"));
    accounts::change(office, &security, &person("security", &["安全管理员"]))
        .await
        .unwrap();
    // Nobody else may do any of it.
    for role in Role::proper_words() {
        if role == "安全管理员" {
            continue;
        }
        let login = "somebody";
        let of = Person {
            login: login.to_owned(),
            ..person("x", &[role])
        };
        match accounts::get(office, &security, login).await {
            Ok(_) => accounts::change(office, &security, &of).await.unwrap(),
            Err(_) => stage.add(&security, &of).await,
        }
        let actor = stage.sign_in(login).await.unwrap();
        let forbidden = |refusal: Option<Refusal>| matches!(refusal, Some(Refusal::Forbidden(_)));
        assert!(forbidden(
            accounts::add(office, &actor, &person("y", &["计划员"]))
                .await
                .err()
        ));
        assert!(forbidden(accounts::change(office, &actor, &of).await.err()));
        assert!(forbidden(
            accounts::close(office, &actor, "security", true).await.err()
        ));
        assert!(forbidden(
            accounts::invite(office, &actor, "security").await.err()
        ));
        assert!(forbidden(
            sessions::end(office, &actor, "security", &security.session)
                .await
                .err()
        ));
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_what_a_role_needs_is_asked_for(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    let refused = async |person: Person| {
        let refusal = accounts::add(office, &security, &person).await.err().unwrap();
        fields(&refusal)[0].0.to_owned()
    };
    let inspector = person("inspector", &["执法人员"]);
    let without = Person {
        certificate: String::new(),
        ..inspector.clone()
    };
    assert_eq!(refused(without).await, "certificate");
    let nowhere = Person {
        department: String::new(),
        ..person("joint", &["联合部门"])
    };
    assert_eq!(refused(nowhere).await, "department");
    assert_eq!(refused(person("new", &["计划员"])).await, "login");
    assert_eq!(refused(person("security", &["计划员"])).await, "login");
    let elsewhere = Person {
        department: "没有的部门".to_owned(),
        ..inspector
    };
    assert_eq!(refused(elsewhere).await, "department");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_a_closed_department_is_not_given_to_others_but_kept_by_its_own(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("operator", &["系统管理员"])).await;
    stage.add(&security, &person("planner", &["计划员"])).await;
    let operator = stage.sign_in("operator").await.unwrap();
    organisation::close(office, &operator, "办公室", true)
        .await
        .unwrap();
    let again = organisation::close(office, &operator, "办公室", true)
        .await
        .unwrap_err();
    assert!(rule(&again).contains("已经是停用的"));
    let refused = accounts::add(office, &security, &person("other", &["计划员"]))
        .await
        .err();
    assert!(fields(refused.as_ref().unwrap())[0].1.contains("已经停用"));
    accounts::change(office, &security, &person("planner", &["局领导"]))
        .await
        .unwrap();
    let listed = organisation::list(office, &operator).await.unwrap();
    let closed = listed
        .iter()
        .find(|listed| listed.department.name == "办公室")
        .unwrap();
    assert_eq!(closed.accounts, 2);
    organisation::close(office, &operator, "办公室", false)
        .await
        .unwrap();
    stage.add(&security, &person("other", &["计划员"])).await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_a_role_taken_away_or_an_account_closed_takes_effect_at_once(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage
        .add(&security, &person("planner", &["计划员", "局领导"]))
        .await;
    let (token, _) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    // A new name changes nothing of what the account may do.
    let renamed = Person {
        person: "新名字".to_owned(),
        ..person("planner", &["计划员", "局领导"])
    };
    accounts::change(office, &security, &renamed).await.unwrap();
    assert_eq!(stage.actor(&token).await.unwrap().person, "新名字");
    accounts::change(office, &security, &person("planner", &["计划员"]))
        .await
        .unwrap();
    assert!(matches!(stage.actor(&token).await, Err(Refusal::SignedOut)));
    let (token, actor) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    assert!(!actor.roles.contains(Role::Leader));
    accounts::close(office, &security, "planner", true).await.unwrap();
    assert!(matches!(stage.actor(&token).await, Err(Refusal::SignedOut)));
    assert!(stage.sign_in("planner").await.is_err());
    let refused = accounts::invite(office, &security, "planner").await.err();
    assert!(rule(refused.as_ref().unwrap()).contains("停用"));
    accounts::close(office, &security, "planner", false)
        .await
        .unwrap();
    assert!(matches!(stage.actor(&token).await, Err(Refusal::SignedOut)));
    stage.sign_in("planner").await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_sessions_are_listed_ended_and_end_by_themselves(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("planner", &["计划员"])).await;
    let (first, planner) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    let (second, other) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    let listed = sessions::list(office, &planner, "planner").await.unwrap();
    assert_eq!(listed.len(), 2);
    let forbidden = sessions::list(office, &planner, "security").await;
    assert!(matches!(forbidden, Err(Refusal::Forbidden(_))));
    sessions::end(office, &planner, "planner", &other.session)
        .await
        .unwrap();
    assert!(matches!(stage.actor(&second).await, Err(Refusal::SignedOut)));
    stage.actor(&first).await.unwrap();
    // A session of one account cannot be ended under the name of another.
    let crossed = sessions::end(office, &security, "security", &planner.session).await;
    assert!(matches!(crossed, Err(Refusal::Missing(_))));
    sessions::end(office, &security, "planner", &planner.session)
        .await
        .unwrap();
    assert!(matches!(stage.actor(&first).await, Err(Refusal::SignedOut)));
    // Idle for two hours.
    let (idle, _) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    stage.world.wait(HOUR);
    stage.actor(&idle).await.unwrap();
    stage.world.wait(2 * HOUR - 4 * MINUTE);
    stage.actor(&idle).await.unwrap();
    stage.world.wait(2 * HOUR + 1);
    assert!(matches!(stage.actor(&idle).await, Err(Refusal::SignedOut)));
    // In use, but for twelve hours.
    let (long, _) = stage.sign_in_with("planner", PASSWORD).await.unwrap();
    for _ in 0..11 {
        stage.world.wait(HOUR);
        stage.actor(&long).await.unwrap();
    }
    stage.world.wait(HOUR);
    assert!(matches!(stage.actor(&long).await, Err(Refusal::SignedOut)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn g1_one_bureau_does_not_see_or_touch_accounts_of_another(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage.add(&security, &person("theirs", &["安全管理员"])).await;
    stage.add(&security, &person("spy", &["审计管理员"])).await;
    for sql in [
        "INSERT INTO bureaus (code, name, superior, created_at) VALUES ('410898-EEB', '另一个局', '', 1)",
        "UPDATE accounts SET bureau = '410898-EEB', department = '' WHERE login IN ('theirs', 'spy')",
    ] {
        stage.raw(sql).await.unwrap();
    }
    let theirs = stage.sign_in("theirs").await.unwrap();
    let missing = |refusal: Option<Refusal>| matches!(refusal, Some(Refusal::Missing(_)));
    assert!(missing(accounts::get(office, &theirs, "security").await.err()));
    assert!(missing(
        accounts::change(office, &theirs, &person("security", &["计划员"]))
            .await
            .err()
    ));
    assert!(missing(
        accounts::close(office, &theirs, "security", true).await.err()
    ));
    assert!(missing(accounts::invite(office, &theirs, "security").await.err()));
    assert!(missing(sessions::list(office, &theirs, "security").await.err()));
    assert!(missing(
        sessions::end(office, &theirs, "security", &security.session)
            .await
            .err()
    ));
    let all = async |actor| {
        let list = accounts::list(office, actor, &Search::default(), PageRequest::new(1, 100)).await;
        list.unwrap()
            .rows
            .into_iter()
            .map(|row| row.login)
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&theirs).await, ["spy", "theirs"]);
    assert_eq!(all(&security).await, ["security"]);
    // Nor what the others do: of the same log each sees its own.
    let spy = stage.sign_in("spy").await.unwrap();
    let entries = audit::list(
        office,
        &spy,
        &audit::EntryFilter::default(),
        PageRequest::new(1, 100),
    )
    .await;
    let entries = entries.unwrap().rows;
    assert!(
        entries
            .iter()
            .all(|row| row.entry.as_ref().unwrap().bureau == "410898-EEB")
    );
    assert!(!entries.is_empty());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn accounts_are_found_by_text_role_and_state(#[case] engine: Engine) {
    let stage = stage(engine).await;
    let (office, security) = (&stage.office, stage.set_up().await);
    stage
        .add(&security, &person("zhang.san", &["计划员", "局领导"]))
        .await;
    accounts::add(office, &security, &person("li.si", &["执法人员"]))
        .await
        .unwrap();
    let found = async |text: &str, role: &str, state: &str| {
        let search = Search {
            text: text.to_owned(),
            role: role.to_owned(),
            state: state.to_owned(),
        };
        let list = accounts::list(office, &security, &search, PageRequest::new(1, 20))
            .await
            .unwrap();
        list.rows.into_iter().map(|row| row.login).collect::<Vec<_>>()
    };
    assert_eq!(found("", "", "").await, ["li.si", "security", "zhang.san"]);
    assert_eq!(found("ZHANG", "", "").await, ["zhang.san"]);
    assert_eq!(found("1611", "", "").await, ["li.si"]);
    assert_eq!(found("", "局领导", "").await, ["zhang.san"]);
    assert_eq!(found("", "", "未设口令").await, ["li.si"]);
    let page = accounts::list(office, &security, &Search::default(), PageRequest::new(2, 2))
        .await
        .unwrap();
    assert_eq!((page.total, page.rows.len()), (3, 1));
    assert!(page.rows[0].last_sign_in.is_none());
}
