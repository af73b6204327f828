//! The store on both engines: every function of it, and what the database itself refuses.
//! Never tests one engine alone where the other has the function too.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod absences;
mod accounts;
mod audit;
mod bureaus;
mod database;
mod every_function;
mod imports;
mod inspectors;
mod items;
mod ledger;
mod plans;
mod sessions;
mod sources;
mod versions;
