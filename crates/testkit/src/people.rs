//! People with accounts, who are signed in.
//! Never made by a way that people do not go: each has a one-time link, sets a password and signs in.

use std::ops::Deref;

use domain::Term;
use domain::rights::Role;
use ops::Actor;
use ops::accounts::{self, Setup};
use store::bureaus;

use crate::browser::Browser;
use crate::kit::{BUREAU, BUREAU_NAME, Kit};
use crate::made_up;

/// The password of everybody.
pub const PASSWORD: &str = "made up, 12 or more";

/// Somebody with an account. Is also a [`Browser`] in which this person is signed in.
#[derive(Clone)]
pub struct Person {
    /// Who it is to operations.
    pub actor: Actor,
    browser: Browser,
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Person {
    /// Sets up the office, as whoever opens the printed link does.
    pub(crate) async fn first(kit: &Kit) -> Self {
        let link = accounts::setup_link(&kit.office).await.unwrap().unwrap();
        let setup = Setup {
            bureau_code: BUREAU.to_owned(),
            bureau_name: BUREAU_NAME.to_owned(),
            login: "security".to_owned(),
            person: "示例安全".to_owned(),
        };
        accounts::set_up(&kit.office, link.reveal(), &setup, PASSWORD, "-")
            .await
            .unwrap();
        Self::signed_in(kit, "security").await
    }

    async fn signed_in(kit: &Kit, login: &str) -> Self {
        let token = accounts::sign_in(&kit.office, login, PASSWORD, "-", "testkit")
            .await
            .unwrap();
        let actor = ops::sessions::actor(&kit.office, token.reveal(), "-")
            .await
            .unwrap();
        let browser = kit.visitor();
        browser.put_cookie("mingcha-session", token.reveal());
        Self { actor, browser }
    }

    /// Signs in again by the page, for tests that move the clock beyond the end of a session.
    ///
    /// # Panics
    /// If the office refuses.
    pub async fn sign_in(&self) {
        let fields = [("login", self.actor.login.as_str()), ("password", PASSWORD)];
        let page = self.post("/sign-in", &fields).await;
        assert!(page.location.is_some(), "{}", page.words());
    }
}

impl Kit {
    /// Somebody new with that role, in the department where such people are. An inspector is the one whose number in the
    /// register, as [`made_up::inspector`] makes them, is that of how many inspectors there are.
    ///
    /// # Panics
    /// If the office refuses.
    pub async fn person(&self, role: Role) -> Person {
        let department = match role {
            Role::Planner | Role::Supervisor => "办公室",
            Role::Brigade | Role::Inspector => "环境监察大队",
            Role::JointDepartment => "市场监督管理局",
            Role::Leader
            | Role::SystemAdministrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator => "",
        };
        self.person_of(role, department).await
    }

    /// As [`Kit::person`], in a department, which is added if it is not there.
    ///
    /// # Panics
    /// If the office refuses.
    pub async fn person_of(&self, role: Role, department: &str) -> Person {
        let first = self.set_up().await;
        self.department(department).await;
        let number = self.next_number();
        let login = format!("{}{number}", stem(role));
        let certificate = match role {
            Role::Inspector => made_up::inspector(self.next_inspector())
                .certificate
                .number
                .to_string(),
            Role::Planner
            | Role::Brigade
            | Role::Leader
            | Role::Supervisor
            | Role::JointDepartment
            | Role::SystemAdministrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator => String::new(),
        };
        let person = accounts::Person {
            login: login.clone(),
            person: format!("示例{}", role.word()),
            department: department.to_owned(),
            certificate,
            roles: vec![role.word().to_owned()],
        };
        let link = accounts::add(&self.office, &first.actor, &person).await.unwrap();
        accounts::accept(&self.office, link.reveal(), PASSWORD, "-")
            .await
            .unwrap();
        Person::signed_in(self, &login).await
    }

    async fn department(&self, name: &str) {
        let known = bureaus::departments(&mut self.db.read().await.unwrap(), BUREAU)
            .await
            .unwrap();
        if name.is_empty() || known.iter().any(|known| known.name == name) {
            return;
        }
        let mut tx = self.db.begin().await.unwrap();
        bureaus::add_department(&mut tx, BUREAU, name, "联合部门", self.clock.now())
            .await
            .unwrap();
        self.commit(tx).await;
    }
}

fn stem(role: Role) -> &'static str {
    match role {
        Role::Planner => "planner",
        Role::Brigade => "brigade",
        Role::Leader => "leader",
        Role::Supervisor => "supervisor",
        Role::Inspector => "inspector",
        Role::JointDepartment => "joint",
        Role::SystemAdministrator => "system",
        Role::SecurityAdministrator => "security",
        Role::AuditAdministrator => "audit",
    }
}
