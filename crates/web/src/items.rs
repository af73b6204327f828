//! 抽查事项清单: the list, one item with its checklist and versions, writing, publishing, retiring, and the public pages.
//! Never decides whether something is right: `ops::items` does.

mod act;
mod changes;
mod edit;
mod list;
mod public;
mod show;

use domain::rights::Permission::{EditItems, ReadItems};

use crate::site::{Site, get, post};

pub(crate) fn site() -> Site {
    Site::default()
        .at("/items", get(list::list).authorize(ReadItems))
        .at("/items/new", get(edit::blank).authorize(EditItems))
        .at("/items/new", post(edit::draft).authorize(EditItems))
        .at("/items/{code}", get(show::show).authorize(ReadItems))
        .at("/items/{code}/edit", get(edit::edit).authorize(EditItems))
        .at("/items/{code}/edit", post(edit::amend).authorize(EditItems))
        .at("/items/{code}/act", get(act::ask).authorize(EditItems))
        .at("/items/{code}/act", post(act::act).authorize(EditItems))
        .at("/public/items", get(public::list).public())
        .at("/public/items.csv", get(public::open_data).public())
        .at("/public/items/{code}", get(public::show).public())
}
