//! Style sheets, pictures and scripts, built into the program.
//! Never reads a file at run time.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::site::{Site, get};

macro_rules! assets {
    ($($name:literal $kind:literal),* $(,)?) => {
        const ASSETS: &[(&str, &str, &[u8])] = &[
            $(($name, $kind, include_bytes!(concat!("../assets/", $name)))),*
        ];
    };
}

assets! {
    "tokens.css" "text/css; charset=utf-8",
    "base.css" "text/css; charset=utf-8",
    "layout.css" "text/css; charset=utf-8",
    "components.css" "text/css; charset=utf-8",
    "print.css" "text/css; charset=utf-8",
    "icons.svg" "image/svg+xml",
    "icon.svg" "image/svg+xml",
}

/// How long a browser may keep an asset, in seconds: an hour, so that a new version shows the same morning.
const CACHE: &str = "public, max-age=3600";

pub(crate) fn site() -> Site {
    Site::default()
        .at("/assets/{name}", get(asset).public())
        .at("/healthz", get(health).public())
}

async fn asset(Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().find(|(own, _, _)| *own == name);
    match found {
        Some((_, kind, bytes)) => (
            [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, CACHE)],
            *bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether the program runs and its database answers, for whoever watches it.
async fn health(axum::extract::State(app): axum::extract::State<crate::app::App>) -> Response {
    match ops::audit::checkpoint(&app.office).await {
        Ok(_) => "ok\n".into_response(),
        Err(refusal) => crate::fault::Fault::from(refusal).into_response(),
    }
}
