//! An office behind its pages: a clock that stands still, randomness that counts, people who are signed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use ops::accounts::{Person, Setup};
use ops::{Actor, At, Office, Outside};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::Settings;

pub(crate) const PASSWORD: &str = "correct-horse-7";

struct World(AtomicU64);

impl Outside for World {
    fn now(&self) -> At {
        At(1_799_024_400_000_000)
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }

    fn keep(&self, _: &str) {}
}

/// What a browser sees.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    /// Where it is sent on to.
    pub(crate) to: String,
    pub(crate) kind: String,
    pub(crate) text: String,
}

pub(crate) struct Stage {
    pub(crate) office: Office,
    pub(crate) security: Actor,
    router: Router,
    _folder: TempDir,
}

impl Stage {
    /// An office that is set up.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("mingcha.db").display());
        let world = Arc::new(World(AtomicU64::new(1)));
        let office = Office::open(&address, [7; 32], world).await.unwrap();
        let token = ops::accounts::setup_link(&office).await.unwrap().unwrap();
        let setup = Setup {
            bureau_code: "410899-EEB".to_owned(),
            bureau_name: "示例县生态环境分局".to_owned(),
            login: "security".to_owned(),
            person: "安全员".to_owned(),
        };
        ops::accounts::set_up(&office, token.reveal(), &setup, PASSWORD, "-")
            .await
            .unwrap();
        let settings = Settings {
            url: "https://mingcha.example".to_owned(),
        };
        let router = web::router(office.clone(), settings);
        let token = ops::accounts::sign_in(&office, "security", PASSWORD, "-", "")
            .await
            .unwrap();
        let security = ops::sessions::actor(&office, token.reveal(), "-").await.unwrap();
        Self {
            office,
            security,
            router,
            _folder: folder,
        }
    }

    /// Adds an account whose owner has set the password.
    pub(crate) async fn add(&self, login: &str, roles: &[&str]) {
        let token = ops::accounts::add(&self.office, &self.security, &person(login, roles))
            .await
            .unwrap();
        ops::accounts::accept(&self.office, token.reveal(), PASSWORD, "-")
            .await
            .unwrap();
    }

    /// Signs in; the cookie's value.
    pub(crate) async fn sign_in(&self, login: &str) -> String {
        let token = ops::accounts::sign_in(&self.office, login, PASSWORD, "-", "")
            .await
            .unwrap();
        token.reveal().to_owned()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Seen {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let text = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (status, to, kind) = (
            response.status(),
            text(header::LOCATION),
            text(header::CONTENT_TYPE),
        );
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Seen {
            status,
            to,
            kind,
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str, session: &str) -> Seen {
        self.send(request("GET", path, session).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form whose values need no encoding.
    pub(crate) async fn post(&self, path: &str, session: &str, form: &str) -> Seen {
        let request =
            request("POST", path, session).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }
}

/// A request with a session, or without one if it is empty.
pub(crate) fn request(method: &str, path: &str, session: &str) -> axum::http::request::Builder {
    let builder = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
        .header(header::HOST, "mingcha.example");
    if session.is_empty() {
        return builder;
    }
    builder.header(header::COOKIE, format!("mingcha-session={session}"))
}

/// Somebody with roles.
pub(crate) fn person(login: &str, roles: &[&str]) -> Person {
    let is_inspector = roles.contains(&"执法人员");
    Person {
        login: login.to_owned(),
        person: format!("{login}本人"),
        department: "办公室".to_owned(),
        certificate: if is_inspector { "16110000001" } else { "" }.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}
