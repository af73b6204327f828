//! The office's memory: one SQL text for SQLite and PostgreSQL, migrations, and every query.
//! Never decides who may do what, and never commits a change without its entry in the ledger.
//!
//! Reading functions take a [`Conn`]; writing functions take a [`Tx`], which commits only after an entry was recorded.
//! Times are microseconds since 1970 ([`At`]), days are ISO texts, what is not known is an empty text.

pub mod absences;
pub mod accounts;
mod at;
pub mod bureaus;
mod db;
mod error;
pub mod imports;
pub mod inspectors;
pub mod items;
pub mod ledger;
mod migrate;
pub mod page;
pub mod plans;
pub mod sessions;
pub mod sources;
mod sql;
pub mod versions;

pub use at::At;
pub use db::{Conn, Db, Engine, Read, Recorded, Tx, Upkeep};
pub use error::StoreError;
pub use migrate::{NEWEST, tables};
pub use page::{Page, PageRequest};
