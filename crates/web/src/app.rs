//! The application: its state, and what happens around every request: who asks, what goes wrong, what browsers may do.
//! Never trusts an address or a cookie further than the session that it names.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use ops::{Actor, At, Office, Refusal};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::fault::{Fault, page_of_fault};

/// Name of the session's cookie.
pub(crate) const SESSION: &str = "mingcha-session";
/// Largest form without a file, in bytes.
const FORM_BYTES_MAX: usize = 2 << 20;
/// For how long the numbers beside the menu may be old, in seconds; whoever changes something sees new ones at once.
const COUNTS_SECONDS: i64 = 20;
/// What a page may load: only what this program serves.
const POLICY: &str =
    "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'";

/// How the office is served.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Address under which browsers reach it, without a slash at the end; links in messages begin with it.
    pub url: String,
}

impl Settings {
    /// Whether browsers come by HTTPS, so that cookies go that way alone.
    pub(crate) fn is_https(&self) -> bool {
        self.url.starts_with("https://")
    }
}

/// Numbers beside the menu, by address.
pub(crate) type Counts = Vec<(&'static str, u64)>;

/// What every handler has.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) office: Office,
    pub(crate) settings: Arc<Settings>,
    counts: Arc<Mutex<HashMap<String, (At, Counts)>>>,
}

impl App {
    /// The numbers beside the menu for this person.
    pub(crate) async fn counts(&self, actor: &Actor) -> Counts {
        let now = self.office.now();
        let kept = self.kept().get(&actor.login).cloned();
        if let Some((at, counts)) = kept
            && at <= now
            && now < at.plus_seconds(COUNTS_SECONDS)
        {
            return counts;
        }
        let duties = ops::duties::of(&self.office, actor).await.unwrap_or_default();
        let counts: Counts = duties.iter().map(|duty| (duty.menu, duty.count)).collect();
        self.kept().insert(actor.login.clone(), (now, counts.clone()));
        counts
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, (At, Counts)>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole application.
pub fn router(office: Office, settings: Settings) -> Router {
    let app = App {
        office,
        settings: Arc::new(settings),
        counts: Arc::default(),
    };
    crate::site()
        .into_router()
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(app.clone(), around))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// Around every request: who asks; afterwards a page for what went wrong, and what browsers may do with the answer.
async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let known = match presented(&request).filter(|_| !path.starts_with("/assets/")) {
        Some((token, address)) => ops::sessions::actor(&app.office, &token, &address)
            .await
            .map(Some),
        None => Ok(None),
    };
    let actor = match known {
        Ok(actor) => actor,
        Err(Refusal::SignedOut) => None,
        // Without its database the office knows nobody; to ask for a sign-in would be misleading.
        Err(refusal) => return page_of_fault(&app, None, &path, Fault::from(refusal).into_response()).await,
    };
    if let Some(actor) = actor.clone() {
        request.extensions_mut().insert(actor);
    }
    let writes = request.method() != Method::GET;
    let response = next.run(request).await;
    if writes {
        app.kept().clear();
    }
    let mut response = page_of_fault(&app, actor.as_ref(), &path, response).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The token that a request presents, and where it comes from.
fn presented(request: &Request) -> Option<(String, String)> {
    let jar = CookieJar::from_headers(request.headers());
    let token = jar.get(SESSION)?.value().to_owned();
    Some((token, address_of(request)))
}

/// The address that the connection came from.
pub(crate) fn address_of(request: &Request) -> String {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or_else(|| "-".to_owned(), |ConnectInfo(address)| address.ip().to_string())
}
