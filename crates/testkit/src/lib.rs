//! The whole application in a test: its database on either engine, a clock that the test moves, people who are signed in.
//! Never part of the program, and never shares anything between two tests.
//!
//! ```no_run
//! testkit::both(async |kit| {
//!     let brigade = kit.person(domain::Role::Brigade).await;
//!     kit.fill_sources(30).await;
//!     let page = brigade.get("/sources").await;
//!     assert_eq!(page.h1(), "污染源");
//! });
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

mod browser;
mod database;
mod kit;
mod made_up;
mod outside;
mod page;
mod people;

pub use browser::Browser;
pub use database::Database;
pub use kit::{BUREAU, BUREAU_NAME, Kit, OTHER_BUREAU, both, on};
pub use made_up::{inspector, ordinary_source, source, typed};
pub use outside::Clock;
pub use page::{Element, Page};
pub use people::{PASSWORD, Person, account, actor};
pub use store::Engine;
