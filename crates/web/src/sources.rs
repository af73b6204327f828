//! 污染源名录库: the list with its filters, 一户一档, entering, changing, leaving, what violates R2.2.
//! Never decides whether something is right: `ops::sources` does.

mod edit;
mod key;
mod list;
mod show;

use domain::rights::Permission::{ChangeSources, ReadRegisters};

use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/sources", get(list::list).authorize(ReadRegisters))
        .at("/sources/export", get(list::export).authorize(ReadRegisters))
        .at("/sources/key", get(key::key).authorize(ReadRegisters))
        .at("/sources/key", post(key::check).authorize(ReadRegisters))
        .at("/sources/quality", get(key::quality).authorize(ReadRegisters))
        .at("/sources/new", get(edit::blank).authorize(ChangeSources))
        .at("/sources/new", post(edit::enter).authorize(ChangeSources))
        .at("/sources/{target}", get(show::show).authorize(ReadRegisters))
        .at("/sources/{target}/edit", get(edit::edit).authorize(ChangeSources))
        .at(
            "/sources/{target}/edit",
            post(edit::change).authorize(ChangeSources),
        )
        .at("/sources/{target}/act", get(edit::ask).authorize(ChangeSources))
        .at("/sources/{target}/act", post(edit::act).authorize(ChangeSources))
}
