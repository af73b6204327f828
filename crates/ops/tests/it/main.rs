//! What people do with the office, as the regulation wants it, on both engines.
//! Never goes round an operation to make something happen that people do.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

mod accounts;
mod audit;
mod imports;
mod inspectors;
mod items;
mod plans;
mod refused;
mod scheme;
mod sources;
