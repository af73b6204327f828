//! The office in the browser: routes, pages, assets.
//! Never decides anything: a handler reads what was sent, calls one operation, and renders what came back.

mod accounts;
mod app;
mod assets;
mod audit;
mod duties;
mod fault;
mod form;
mod frame;
mod history;
mod imports;
mod inspectors;
mod items;
mod lists;
mod organisation;
mod plans;
mod register;
mod sessions;
mod site;
mod sources;

pub use app::{Settings, router};
pub use site::{Access, RouteInfo};

use site::Site;

/// All routes with who may use them.
#[must_use]
pub fn routes() -> Vec<RouteInfo> {
    site().routes().to_vec()
}

/// Every page of the office. An area adds its own here.
fn site() -> Site {
    [
        assets::site(),
        accounts::site(),
        audit::site(),
        duties::site(),
        imports::site(),
        inspectors::site(),
        items::site(),
        organisation::site(),
        plans::site(),
        sessions::site(),
        sources::site(),
    ]
    .into_iter()
    .fold(Site::default(), Site::and)
}
