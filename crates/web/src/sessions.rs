//! One's own sessions, and signing out.
//! Never shows a token.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect};
use domain::rights::Permission;
use ops::sessions;

use crate::app::App;
use crate::form::{Answer, Who, done, page};
use crate::frame::{Frame, Said, crumb, forget_said};
use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/sessions", get(list).authorize(Permission::SeeOwnDuties))
        .at(
            "/sessions/{id}/end",
            post(end).authorize(Permission::SeeOwnDuties),
        )
        .at("/sign-out", post(sign_out).authorize(Permission::SeeOwnDuties))
}

/// A session as a row.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) begun: String,
    pub(crate) seen: String,
    pub(crate) own: bool,
}

/// A session as whoever asks sees it.
pub(crate) fn row(session: sessions::Session, actor: &ops::Actor) -> Row {
    Row {
        own: session.id == actor.session,
        id: session.id,
        address: session.address,
        agent: session.agent,
        begun: session.created_at.to_string(),
        seen: session.seen_at.to_string(),
    }
}

#[derive(Template)]
#[template(path = "sessions/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

async fn list(State(app): State<App>, Who(actor): Who, said: Said) -> Answer {
    let sessions = sessions::list(&app.office, &actor, &actor.login).await?;
    let rows = sessions.into_iter().map(|session| row(session, &actor)).collect();
    let frame = Frame::new(&app, &actor, "我的会话", "/sessions", vec![crumb("我的会话", "")]).await;
    let frame = frame.saying(said);
    page(&List { frame, rows }).map(forget_said)
}

async fn end(State(app): State<App>, Who(actor): Who, Path(id): Path<String>) -> Answer {
    sessions::end(&app.office, &actor, &actor.login, &id).await?;
    Ok(done("/sessions", "已经退出那一处登录。"))
}

async fn sign_out(State(app): State<App>, Who(actor): Who) -> Answer {
    sessions::sign_out(&app.office, &actor).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let forget = HeaderValue::from_static("mingcha-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}
