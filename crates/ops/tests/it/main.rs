//! What people do with the office, on both engines.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod inspectors;
mod office;
