//! Accounts: locks, links, roles, sessions, and the wall between bureaus.

use domain::Term as _;
use domain::rights::Role;
use ops::accounts::{self, Person, Search, State};
use ops::{Actor, PageRequest, Refusal, audit, organisation, sessions};
use testkit::{Kit, PASSWORD, account, both};

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

async fn state(kit: &Kit, actor: &Actor, login: &str) -> State {
    accounts::get(&kit.office, actor, login).await.unwrap().0.state
}

/// Whose request the token of that session makes now.
async fn resumed(kit: &Kit, session: &testkit::Person) -> Result<Actor, Refusal> {
    sessions::actor(&kit.office, &session.token(), "-").await
}

#[test]
fn five_wrong_passwords_lock_an_account_in_the_database() {
    both(async |kit: &Kit| {
        let security = kit.set_up().await.actor;
        kit.add(&account("planner", &["计划员"])).await;
        for _ in 0..5 {
            let refusal = kit.sign_in("planner", "wrong-horse-77").await.unwrap_err();
            assert!(rule(&refusal).contains("登录名或口令不对"));
        }
        assert!(matches!(state(kit, &security, "planner").await, State::Locked(_)));
        // A program that starts anew knows it too.
        let other = kit.another_office().await;
        let refused = accounts::sign_in(&other, "planner", PASSWORD, "10.0.0.2", "")
            .await
            .err();
        assert!(rule(refused.as_ref().unwrap()).contains("锁定"));
        kit.clock.advance_seconds(14 * MINUTE);
        assert!(kit.sign_in("planner", PASSWORD).await.is_err());
        kit.clock.advance_seconds(2 * MINUTE);
        kit.sign_in("planner", PASSWORD).await.unwrap();
        assert_eq!(state(kit, &security, "planner").await, State::Open);
        // What was wrong before no longer counts.
        kit.sign_in("planner", "wrong-horse-77").await.unwrap_err();
        kit.sign_in("planner", PASSWORD).await.unwrap();
    });
}

#[test]
fn who_is_unknown_gets_the_same_sentence_as_who_is_wrong() {
    both(async |kit: &Kit| {
        kit.set_up().await;
        let wrong = kit.sign_in("security", "wrong-horse-77").await.unwrap_err();
        let unknown = kit.sign_in("nobody", PASSWORD).await.unwrap_err();
        assert_eq!(wrong.to_string(), unknown.to_string());
    });
}

#[test]
fn a_link_works_once_and_for_three_days() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        let accept = async |token: &str| accounts::accept(office, token, PASSWORD, "10.0.0.2").await;
        let first = accounts::add(office, &security, &account("planner", &["计划员"]))
            .await
            .unwrap();
        assert_eq!(state(kit, &security, "planner").await, State::NoPassword);
        assert!(kit.sign_in("planner", PASSWORD).await.is_err());
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
        kit.clock.advance_seconds(3 * DAY + 1);
        assert!(rule(&accept(third.reveal()).await.unwrap_err()).contains("已经过期"));
        assert!(rule(&accept("f00f").await.unwrap_err()).contains("没有这个链接"));
    });
}

#[test]
fn a_link_ends_sessions_and_lifts_a_lock() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("planner", &["计划员"])).await;
        let session = kit.sign_in("planner", PASSWORD).await.unwrap();
        for _ in 0..5 {
            kit.sign_in("planner", "wrong-horse-77").await.unwrap_err();
        }
        let link = accounts::invite(office, &security, "planner").await.unwrap();
        resumed(kit, &session).await.unwrap();
        accounts::accept(office, link.reveal(), "another-horse-8", "10.0.0.2")
            .await
            .unwrap();
        assert!(matches!(resumed(kit, &session).await, Err(Refusal::SignedOut)));
        assert!(kit.sign_in("planner", PASSWORD).await.is_err());
        kit.sign_in("planner", "another-horse-8").await.unwrap();
    });
}

#[test]
fn a_link_from_the_machine_is_in_the_ledger() {
    both(async |kit: &Kit| {
        let office = &kit.office;
        kit.add(&account("auditor", &["审计管理员"])).await;
        let token = accounts::link_from_console(office, "security").await.unwrap();
        accounts::accept(office, token.reveal(), "another-horse-8", "10.0.0.2")
            .await
            .unwrap();
        kit.sign_in("security", "another-horse-8").await.unwrap();
        let auditor = kit.sign_in("auditor", PASSWORD).await.unwrap().actor;
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
    });
}

#[test]
fn the_three_administrators_are_never_combined() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("planner", &["计划员"])).await;
        let words = Role::proper_words();
        let administrators = words
            .iter()
            .filter(|word| Role::parse(word).unwrap().is_administrator());
        for administrator in administrators {
            for other in words.iter().filter(|word| *word != administrator) {
                let both = [*administrator, *other];
                let added = accounts::add(office, &security, &account("both", &both))
                    .await
                    .err();
                let changed = accounts::change(office, &security, &account("planner", &both)).await;
                for refusal in [added.unwrap(), changed.unwrap_err()] {
                    let (field, text) = fields(&refusal)[0];
                    assert_eq!(field, "roles");
                    assert!(text.contains("不能兼任"), "{text}");
                }
            }
        }
        let none = accounts::add(office, &security, &account("none", &[]))
            .await
            .err();
        assert_eq!(fields(none.as_ref().unwrap())[0].0, "roles");
    });
}

#[test]
fn nobody_changes_their_own_roles_or_closes_their_own_account() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        let own = accounts::change(office, &security, &account("security", &["计划员"]))
            .await
            .unwrap_err();
        assert!(fields(&own)[0].1.contains("不能改自己的角色"));
        let own = accounts::close(office, &security, "security", true)
            .await
            .unwrap_err();
        assert!(rule(&own).contains("不能停用自己的账号"));
        accounts::change(office, &security, &account("security", &["安全管理员"]))
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
                ..account("x", &[role])
            };
            match accounts::get(office, &security, login).await {
                Ok(_) => accounts::change(office, &security, &of).await.unwrap(),
                Err(_) => kit.add(&of).await,
            }
            let actor = kit.sign_in(login, PASSWORD).await.unwrap().actor;
            let forbidden = |refusal: Option<Refusal>| matches!(refusal, Some(Refusal::Forbidden(_)));
            assert!(forbidden(
                accounts::add(office, &actor, &account("y", &["计划员"]))
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
    });
}

#[test]
fn what_a_role_needs_is_asked_for() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        let refused = async |person: Person| {
            let refusal = accounts::add(office, &security, &person).await.err().unwrap();
            fields(&refusal)[0].0.to_owned()
        };
        let inspector = account("inspector", &["执法人员"]);
        let without = Person {
            certificate: String::new(),
            ..inspector.clone()
        };
        assert_eq!(refused(without).await, "certificate");
        let nowhere = Person {
            department: String::new(),
            ..account("joint", &["联合部门"])
        };
        assert_eq!(refused(nowhere).await, "department");
        assert_eq!(refused(account("new", &["计划员"])).await, "login");
        assert_eq!(refused(account("security", &["计划员"])).await, "login");
        let elsewhere = Person {
            department: "没有的部门".to_owned(),
            ..inspector
        };
        assert_eq!(refused(elsewhere).await, "department");
    });
}

#[test]
fn a_closed_department_is_not_given_to_others_but_kept_by_its_own() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("operator", &["系统管理员"])).await;
        kit.add(&account("planner", &["计划员"])).await;
        let operator = kit.sign_in("operator", PASSWORD).await.unwrap().actor;
        organisation::close(office, &operator, "办公室", true)
            .await
            .unwrap();
        let again = organisation::close(office, &operator, "办公室", true)
            .await
            .unwrap_err();
        assert!(rule(&again).contains("已经是停用的"));
        let refused = accounts::add(office, &security, &account("other", &["计划员"]))
            .await
            .err();
        assert!(fields(refused.as_ref().unwrap())[0].1.contains("已经停用"));
        accounts::change(office, &security, &account("planner", &["局领导"]))
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
        kit.add(&account("other", &["计划员"])).await;
    });
}

#[test]
fn a_role_taken_away_or_an_account_closed_takes_effect_at_once() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("planner", &["计划员", "局领导"])).await;
        let session = kit.sign_in("planner", PASSWORD).await.unwrap();
        // A new name changes nothing of what the account may do.
        let renamed = Person {
            person: "新名字".to_owned(),
            ..account("planner", &["计划员", "局领导"])
        };
        accounts::change(office, &security, &renamed).await.unwrap();
        assert_eq!(resumed(kit, &session).await.unwrap().person, "新名字");
        accounts::change(office, &security, &account("planner", &["计划员"]))
            .await
            .unwrap();
        assert!(matches!(resumed(kit, &session).await, Err(Refusal::SignedOut)));
        let session = kit.sign_in("planner", PASSWORD).await.unwrap();
        assert!(!session.actor.roles.contains(Role::Leader));
        accounts::close(office, &security, "planner", true).await.unwrap();
        assert!(matches!(resumed(kit, &session).await, Err(Refusal::SignedOut)));
        assert!(kit.sign_in("planner", PASSWORD).await.is_err());
        let refused = accounts::invite(office, &security, "planner").await.err();
        assert!(rule(refused.as_ref().unwrap()).contains("停用"));
        accounts::close(office, &security, "planner", false)
            .await
            .unwrap();
        assert!(matches!(resumed(kit, &session).await, Err(Refusal::SignedOut)));
        kit.sign_in("planner", PASSWORD).await.unwrap();
    });
}

#[test]
fn sessions_are_listed_ended_and_end_by_themselves() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("planner", &["计划员"])).await;
        let first = kit.sign_in("planner", PASSWORD).await.unwrap();
        let second = kit.sign_in("planner", PASSWORD).await.unwrap();
        let (planner, other) = (&first.actor, &second.actor);
        let listed = sessions::list(office, planner, "planner").await.unwrap();
        assert_eq!(listed.len(), 2);
        let forbidden = sessions::list(office, planner, "security").await;
        assert!(matches!(forbidden, Err(Refusal::Forbidden(_))));
        sessions::end(office, planner, "planner", &other.session)
            .await
            .unwrap();
        assert!(matches!(resumed(kit, &second).await, Err(Refusal::SignedOut)));
        resumed(kit, &first).await.unwrap();
        // A session of one account cannot be ended under the name of another.
        let crossed = sessions::end(office, &security, "security", &planner.session).await;
        assert!(matches!(crossed, Err(Refusal::Missing(_))));
        sessions::end(office, &security, "planner", &planner.session)
            .await
            .unwrap();
        assert!(matches!(resumed(kit, &first).await, Err(Refusal::SignedOut)));
        // Idle for two hours.
        let idle = kit.sign_in("planner", PASSWORD).await.unwrap();
        kit.clock.advance_seconds(HOUR);
        resumed(kit, &idle).await.unwrap();
        kit.clock.advance_seconds(2 * HOUR - 4 * MINUTE);
        resumed(kit, &idle).await.unwrap();
        kit.clock.advance_seconds(2 * HOUR + 1);
        assert!(matches!(resumed(kit, &idle).await, Err(Refusal::SignedOut)));
        // In use, but for twelve hours.
        let long = kit.sign_in("planner", PASSWORD).await.unwrap();
        for _ in 0..11 {
            kit.clock.advance_seconds(HOUR);
            resumed(kit, &long).await.unwrap();
        }
        kit.clock.advance_seconds(HOUR);
        assert!(matches!(resumed(kit, &long).await, Err(Refusal::SignedOut)));
    });
}

#[test]
fn one_bureau_does_not_see_or_touch_accounts_of_another() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("theirs", &["安全管理员"])).await;
        kit.add(&account("spy", &["审计管理员"])).await;
        for sql in [
            "INSERT INTO bureaus (code, name, superior, created_at) VALUES ('410898-EEB', '另一个局', '', 1)",
            "UPDATE accounts SET bureau = '410898-EEB', department = '' WHERE login IN ('theirs', 'spy')",
        ] {
            kit.database.tamper(sql).await.unwrap();
        }
        let theirs = kit.sign_in("theirs", PASSWORD).await.unwrap().actor;
        let missing = |refusal: Option<Refusal>| matches!(refusal, Some(Refusal::Missing(_)));
        assert!(missing(accounts::get(office, &theirs, "security").await.err()));
        assert!(missing(
            accounts::change(office, &theirs, &account("security", &["计划员"]))
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
        let spy = kit.sign_in("spy", PASSWORD).await.unwrap().actor;
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
    });
}

#[test]
fn accounts_are_found_by_text_role_and_state() {
    both(async |kit: &Kit| {
        let (office, security) = (&kit.office, kit.set_up().await.actor);
        kit.add(&account("zhang.san", &["计划员", "局领导"])).await;
        accounts::add(office, &security, &account("li.si", &["执法人员"]))
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
    });
}

#[test]
fn of_guesses_that_are_sent_at_once_only_five_are_answered() {
    both(async |kit: &Kit| {
        let login = kit.person(Role::Planner).await.actor.login;
        let guess = || {
            let (office, login) = (kit.office.clone(), login.clone());
            tokio::spawn(async move {
                accounts::sign_in(&office, &login, "wrong-horse-7", "-", "-")
                    .await
                    .is_ok()
            })
        };
        // All are let in before the first is found wrong.
        let guesses: Vec<_> = (0..12).map(|_| guess()).collect();
        for guess in guesses {
            assert!(!guess.await.unwrap());
        }
        let mut read = kit.db.read().await.unwrap();
        let account = store::accounts::find(&mut read, &login).await.unwrap().unwrap();
        assert_eq!(
            account.failures, 5,
            "whoever comes after the lock is not told whether the guess was right"
        );
    });
}
