//! Style sheets, pictures and scripts, built into the program.
//! Never reads a file at run time.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
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

/// A browser keeps an asset, and asks each time whether it is still the same: after an upgrade nobody sees old styles.
const CACHE: &str = "public, no-cache";

pub(crate) fn site() -> Site {
    Site::default()
        .at("/assets/{name}", get(asset).public())
        .at("/healthz", get(health).public())
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, bytes)) = ASSETS.iter().find(|(own, _, _)| *own == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{:016x}\"", fingerprint(bytes));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|own| own.as_bytes() == tag.as_bytes());
    let fixed = [(header::CACHE_CONTROL, CACHE.to_owned()), (header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, *kind)], *bytes).into_response()
}

/// FNV-1a: whether two versions of an asset are the same, not whether somebody forged one.
fn fingerprint(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// Whether the program runs and its database answers, for whoever watches it.
async fn health(axum::extract::State(app): axum::extract::State<crate::app::App>) -> Response {
    match ops::audit::checkpoint(&app.office).await {
        Ok(_) => "ok\n".into_response(),
        Err(refusal) => crate::fault::Fault::from(refusal).into_response(),
    }
}
