//! People with accounts, who are signed in.
//! Never made by a way that people do not go: each has a one-time link, sets a password and signs in.

use std::ops::Deref;

use domain::Term;
use domain::rights::{Role, Roles};
use ops::accounts::{self, Setup};
use ops::{Actor, Refusal};
use store::bureaus;

use crate::browser::Browser;
use crate::kit::{BUREAU, BUREAU_NAME, Kit};
use crate::made_up;

/// The password of everybody.
pub const PASSWORD: &str = "made up, 12 or more";

/// The cookie of a session.
const SESSION: &str = "mingcha-session";

/// Somebody with an account. Is also a [`Browser`] in which this person is signed in.
#[derive(Debug, Clone)]
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
        kit.sign_in("security", PASSWORD).await.unwrap()
    }

    /// The token of the session.
    ///
    /// # Panics
    /// If the browser has forgotten it.
    #[must_use]
    pub fn token(&self) -> String {
        self.cookie(SESSION).unwrap()
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

/// What the security administrator types for somebody of 办公室 with roles.
#[must_use]
pub fn account(login: &str, roles: &[&str]) -> accounts::Person {
    let is_inspector = roles.contains(&Role::Inspector.word());
    accounts::Person {
        login: login.to_owned(),
        person: format!("{login}本人"),
        department: "办公室".to_owned(),
        certificate: if is_inspector { "16110000001" } else { "" }.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

/// Somebody of 办公室 with that role and without an account, for operations that ask for nothing else.
///
/// # Panics
/// Never: one role can always be held.
#[must_use]
pub fn actor(role: Role) -> Actor {
    Actor {
        login: stem(role).to_owned(),
        person: "某某".to_owned(),
        bureau: BUREAU.to_owned(),
        bureau_name: BUREAU_NAME.to_owned(),
        department: "办公室".to_owned(),
        certificate: String::new(),
        roles: Roles::new([role]).unwrap(),
        session: String::new(),
        address: "-".to_owned(),
    }
}

impl Kit {
    /// Adds an account whose owner has set the password that everybody has.
    ///
    /// # Panics
    /// If the office refuses.
    pub async fn add(&self, account: &accounts::Person) {
        let first = self.set_up().await;
        let link = accounts::add(&self.office, &first.actor, account).await.unwrap();
        accounts::accept(&self.office, link.reveal(), PASSWORD, "-")
            .await
            .unwrap();
    }

    /// Signs in.
    ///
    /// # Errors
    /// What the office says to who may not.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<Person, Refusal> {
        let token = accounts::sign_in(&self.office, login, password, "-", "testkit").await?;
        let actor = ops::sessions::actor(&self.office, token.reveal(), "-").await?;
        let browser = self.visitor();
        browser.put_cookie(SESSION, token.reveal());
        Ok(Person { actor, browser })
    }

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
        self.set_up().await;
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
        self.add(&person).await;
        self.sign_in(&login, PASSWORD).await.unwrap()
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
