//! The office from outside, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail by panicking"
)]

mod accounts;
mod audit;
mod office;
mod refused;
