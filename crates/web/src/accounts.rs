//! Setting up, one-time links, signing in.
//! Never says whether a login name exists.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, SameSite};
use ops::accounts::{self, Setup};
use serde::Deserialize;

use crate::app::{App, SESSION};
use crate::fault::Fault;
use crate::form::{Answer, Caller, Errors, Sent, Who, page, page_of_errors, shown_again};
use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/setup/{token}", get(setup).public())
        .at("/setup/{token}", post(set_up).public())
        .at("/invitation/{token}", get(invitation).public())
        .at("/invitation/{token}", post(accept).public())
        .at("/sign-in", get(sign_in).public())
        .at("/sign-in", post(signed_in).public())
}

#[derive(Template)]
#[template(path = "accounts/setup.html")]
struct SetupPage {
    title: String,
    token: String,
    setup: Setup,
    errors: Errors,
}

async fn setup(State(app): State<App>, Path(token): Path<String>) -> Answer {
    if !accounts::invited(&app.office, &token).await?.is_empty() {
        return Ok(Redirect::to(&format!("/invitation/{token}")).into_response());
    }
    page(&SetupPage {
        title: "首次设置".to_owned(),
        token,
        setup: Setup::default(),
        errors: Errors::default(),
    })
}

async fn set_up(
    State(app): State<App>,
    Path(token): Path<String>,
    Caller(from): Caller,
    Sent(sent): Sent,
) -> Answer {
    let setup = Setup {
        bureau_code: sent.get("bureau_code").to_owned(),
        bureau_name: sent.get("bureau_name").to_owned(),
        login: sent.get("login").to_owned(),
        person: sent.get("person").to_owned(),
    };
    let password = sent.get("password");
    let done = match same(password, sent.get("again")) {
        Ok(()) => accounts::set_up(&app.office, &token, &setup, password, &from).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => enter(&app, &setup.login, password, &from, &HeaderMap::new(), "/").await,
        Err(refusal) => page_of_errors(&SetupPage {
            title: "首次设置".to_owned(),
            token,
            setup,
            errors: shown_again(refusal)?,
        }),
    }
}

fn same(password: &str, again: &str) -> Result<(), ops::Refusal> {
    if password == again {
        return Ok(());
    }
    let text = "两次输入的口令不一样；请重新输入";
    Err(ops::Refusal::Fields(vec![ops::FieldError::new("again", text)]))
}

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct InvitationPage {
    title: String,
    token: String,
    login: String,
    errors: Errors,
}

async fn invitation(State(app): State<App>, Path(token): Path<String>) -> Answer {
    let login = accounts::invited(&app.office, &token).await?;
    if login.is_empty() {
        return Ok(Redirect::to(&format!("/setup/{token}")).into_response());
    }
    page(&InvitationPage {
        title: "设置口令".to_owned(),
        token,
        login,
        errors: Errors::default(),
    })
}

async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    Caller(from): Caller,
    Sent(sent): Sent,
) -> Answer {
    let login = accounts::invited(&app.office, &token).await?;
    let password = sent.get("password");
    let done = match same(password, sent.get("again")) {
        Ok(()) => accounts::accept(&app.office, &token, password, &from).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(login) => enter(&app, &login, password, &from, &HeaderMap::new(), "/").await,
        Err(refusal) => page_of_errors(&InvitationPage {
            title: "设置口令".to_owned(),
            token,
            login,
            errors: shown_again(refusal)?,
        }),
    }
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    title: String,
    login: String,
    to: String,
    errors: Errors,
}

#[derive(Deserialize)]
struct SignInQuery {
    #[serde(default)]
    to: String,
}

async fn sign_in(who: Option<Who>, Query(query): Query<SignInQuery>) -> Answer {
    if who.is_some() {
        return Ok(Redirect::to(inside(&query.to)).into_response());
    }
    page(&SignInPage {
        title: "登录".to_owned(),
        login: String::new(),
        to: query.to,
        errors: Errors::default(),
    })
}

async fn signed_in(
    State(app): State<App>,
    Caller(from): Caller,
    headers: HeaderMap,
    Sent(sent): Sent,
) -> Answer {
    let (login, to) = (sent.get("login"), sent.get("to"));
    match enter(&app, login, sent.get("password"), &from, &headers, to).await {
        Ok(response) => Ok(response),
        Err(fault) => page_of_errors(&SignInPage {
            title: "登录".to_owned(),
            login: login.to_owned(),
            to: to.to_owned(),
            errors: shown_again(fault.into())?,
        }),
    }
}

/// An address of this site: nobody is led elsewhere after signing in. Browsers drop blanks and turn `\\` into `/`.
fn inside(to: &str) -> &str {
    let mut rest = to.bytes();
    let is_path = rest.next() == Some(b'/') && !matches!(rest.next(), Some(b'/' | b'\\'));
    if is_path && to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        to
    } else {
        "/"
    }
}

/// Signs in and goes on.
async fn enter(
    app: &App,
    login: &str,
    password: &str,
    from: &str,
    headers: &HeaderMap,
    to: &str,
) -> Result<Response, Fault> {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let token = accounts::sign_in(&app.office, login, password, from, agent).await?;
    let mut response = Redirect::to(inside(to)).into_response();
    let cookie = Cookie::build((SESSION, token.reveal()))
        .path("/")
        .http_only(true)
        .secure(app.settings.is_https())
        .same_site(SameSite::Lax)
        .build()
        .to_string();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_led_to_another_site_after_signing_in() {
        for own in ["/", "/sources?level=%E5%B8%82%E6%8E%A7&page=2", "/plans/2027-Q1"] {
            assert_eq!(inside(own), own);
        }
        for other in [
            "",
            "//evil",
            "/\\evil",
            "/\t/evil",
            "https://evil",
            "/x\r\ny",
            "/中文",
            "evil",
        ] {
            assert_eq!(inside(other), "/", "{other:?}");
        }
    }
}
