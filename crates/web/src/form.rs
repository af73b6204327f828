//! What handlers share: who asks, what a form holds, where a browser goes next.
//! Never interprets a field: operations do.

use askama::Template;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use ops::{Actor, FieldError, Refusal};

use crate::fault::Fault;

/// What a handler gives.
pub(crate) type Answer = Result<Response, Fault>;

/// Cookie that holds one sentence until the next page.
pub(crate) const FLASH: &str = "mingcha-said";

/// Who asks: on routes that are not public there is always somebody.
pub(crate) struct Who(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let actor = parts.extensions.get::<Actor>().cloned();
        actor.map(Self).ok_or_else(|| Refusal::SignedOut.into())
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Fault> {
        Ok(parts.extensions.get::<Actor>().cloned().map(Self))
    }
}

/// The network address of a request.
pub(crate) struct Caller(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let request = Request::from_parts(parts.clone(), axum::body::Body::empty());
        Ok(Self(crate::app::address_of(&request)))
    }
}

/// A form as pairs, in its order; a name may come more than once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// The first value of that name; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map_or("", |(_, value)| value)
    }

    /// All values of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a button or box of that name was pressed or ticked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// A whole number; 0 if it is none.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.get(name).parse().unwrap_or(0)
    }
}

/// The form of a request.
pub(crate) struct Sent(pub(crate) Fields);

impl<S: Send + Sync> axum::extract::FromRequest<S> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        let broken = |_| {
            Fault::from(Refusal::Rule(
                "看不懂这次提交；请回到上一页，刷新后重新填写".to_owned(),
            ))
        };
        pairs.map(|axum::Form(pairs)| Self(Fields(pairs))).map_err(broken)
    }
}

/// Errors of fields, for templates.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors(pub(crate) Vec<FieldError>);

impl Errors {
    /// The error beside a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.text.as_str())
    }

    /// All of them, for the summary over the form.
    pub(crate) fn all(&self) -> &[FieldError] {
        &self.0
    }
}

/// What a form shows again after a refusal; refusals that are not about what was typed go on as faults.
pub(crate) fn shown_again(refusal: Refusal) -> Result<Errors, Fault> {
    match refusal {
        Refusal::Fields(errors) => Ok(Errors(errors)),
        Refusal::Rule(text) => Ok(Errors(vec![FieldError {
            field: String::new(),
            text,
        }])),
        // What was typed stays in sight: it can be compared with what somebody else wrote, or sent again.
        other @ (Refusal::Overtaken | Refusal::Store(_)) => Ok(Errors(vec![FieldError {
            field: String::new(),
            text: other.to_string(),
        }])),
        other @ (Refusal::SignedOut | Refusal::Forbidden(_) | Refusal::Missing(_)) => Err(other.into()),
    }
}

/// One of several, for `select_field` and `choices_field`.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) word: String,
    pub(crate) selected: bool,
}

impl Choice {
    /// Words that are their own values.
    pub(crate) fn of<'a>(words: impl IntoIterator<Item = &'a str>, chosen: &[&str]) -> Vec<Self> {
        let choice = |word: &str| Self {
            value: word.to_owned(),
            word: word.to_owned(),
            selected: chosen.contains(&word),
        };
        words.into_iter().map(choice).collect()
    }

    /// As [`Choice::of`], with an empty one first.
    pub(crate) fn with_blank<'a>(
        blank: &str,
        words: impl IntoIterator<Item = &'a str>,
        chosen: &str,
    ) -> Vec<Self> {
        let first = Self {
            value: String::new(),
            word: blank.to_owned(),
            selected: chosen.is_empty(),
        };
        std::iter::once(first).chain(Self::of(words, &[chosen])).collect()
    }
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Answer {
    Ok(Html(template.render()?).into_response())
}

/// A page that says what is wrong with what was sent.
pub(crate) fn page_of_errors(template: &impl Template) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

/// Goes on to a page that says what was done.
pub(crate) fn done(to: &str, sentence: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let cookie = Cookie::build((FLASH, hex(sentence)))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax);
    if let Ok(value) = HeaderValue::from_str(&cookie.build().to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A file to keep.
pub(crate) fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

/// Type of an .xlsx file.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Percent-encoding of all but letters, digits and `-._~/`, for a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The sentence of a [`FLASH`] cookie.
pub(crate) fn said(cookie: &str) -> Option<String> {
    let digit = |at: usize| {
        cookie
            .get(at..at + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    };
    let bytes: Option<Vec<u8>> = (0..cookie.len()).step_by(2).map(digit).collect();
    String::from_utf8(bytes?).ok()
}
