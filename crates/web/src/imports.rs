//! 导入 in the browser: uploading a file, what it would change, confirming it, its receipt.
//! Never decides anything: `ops::imports` does.

mod list;
mod show;
mod upload;

use domain::rights::Permission::ImportRegisters;

use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/imports", get(list::list).authorize(ImportRegisters))
        .at("/imports/new", get(upload::blank).authorize(ImportRegisters))
        .at(
            "/imports/new",
            post(upload::send)
                .up_to(upload::body_bytes_max())
                .authorize(ImportRegisters),
        )
        .at(
            "/imports/template",
            get(upload::template).authorize(ImportRegisters),
        )
        .at("/imports/{id}", get(show::show).authorize(ImportRegisters))
        .at("/imports/{id}", post(show::settle).authorize(ImportRegisters))
        .at(
            "/imports/{id}/receipt",
            get(show::receipt).authorize(ImportRegisters),
        )
}
