//! An office behind its pages, called with whatever a browser or a stranger may send.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use ops::{Actor, Office};
use testkit::{Browser, Engine, Kit, PASSWORD, account};
use tower::ServiceExt as _;

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
    kit: Kit,
}

impl Stage {
    /// An office that is set up.
    pub(crate) async fn new() -> Self {
        let kit = Kit::new(Engine::Sqlite).await;
        Self {
            office: kit.office.clone(),
            security: kit.set_up().await.actor,
            kit,
        }
    }

    /// Adds an account whose owner has set the password.
    pub(crate) async fn add(&self, login: &str, roles: &[&str]) {
        self.kit.add(&account(login, roles)).await;
    }

    /// Signs in; the cookie's value.
    pub(crate) async fn sign_in(&self, login: &str) -> String {
        self.kit.sign_in(login, PASSWORD).await.unwrap().token()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Seen {
        let response: Response<Body> = self.kit.router.clone().oneshot(request).await.unwrap();
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
        .header(header::HOST, Browser::SITE.trim_start_matches("http://"));
    if session.is_empty() {
        return builder;
    }
    builder.header(header::COOKIE, format!("mingcha-session={session}"))
}
