//! A browser without a screen: it keeps cookies, sends forms and files, and follows redirects.
//! Never runs a script: what works here works without one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use tower::ServiceExt;

use crate::page::Page;

/// Redirects that are followed at most.
const REDIRECTS_MAX: usize = 5;
/// What stands between the parts of a form with a file.
const BOUNDARY: &str = "----mingcha-testkit";

/// A browser; a clone shares its cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    /// Where the office says it is.
    pub const SITE: &'static str = "http://mingcha.test";

    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Arc::default(),
        }
    }

    fn cookies(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a cookie.
    pub fn put_cookie(&self, name: &str, value: &str) {
        self.cookies().insert(name.to_owned(), value.to_owned());
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().get(name).cloned()
    }

    /// Asks for a page; follows nothing.
    pub async fn get(&self, path: &str) -> Page {
        self.ask(Method::GET, path, "", Vec::new()).await
    }

    /// Sends a form; follows nothing.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        self.ask(Method::POST, path, kind, pairs.join("&").into_bytes())
            .await
    }

    /// Sends a form and goes where that leads.
    ///
    /// # Panics
    /// If it leads round in a circle.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post(path, fields).await;
        self.follow(page).await
    }

    /// Sends a form with a file; follows nothing. The file is field, name and content.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        let (field, name, content) = file;
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.ask(Method::POST, path, &kind, body).await
    }

    /// Goes where a page leads.
    ///
    /// # Panics
    /// If it leads round in a circle.
    pub async fn follow(&self, page: Page) -> Page {
        let mut page = page;
        for _ in 0..REDIRECTS_MAX {
            let Some(location) = page.location.clone() else {
                return page;
            };
            page = self
                .get(location.strip_prefix(Self::SITE).unwrap_or(&location))
                .await;
        }
        panic!(
            "more than {REDIRECTS_MAX} redirects, the last to {:?}",
            page.location
        )
    }

    async fn ask(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let host = Self::SITE.trim_start_matches("http://");
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, host);
        if method == Method::POST {
            request = request
                .header(header::ORIGIN, Self::SITE)
                .header(header::CONTENT_TYPE, kind);
        }
        let sent: Vec<String> = self
            .cookies()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !sent.is_empty() {
            request = request.header(header::COOKIE, sent.join("; "));
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        self.keep(&head.headers);
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Page::new(head.status.as_u16(), head.headers, bytes)
    }

    fn keep(&self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.to_lowercase().contains("max-age=0") {
                self.cookies().remove(name);
            } else {
                self.put_cookie(name, value);
            }
        }
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
    }
    encoded
}
