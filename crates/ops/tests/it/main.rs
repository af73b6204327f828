//! Operations on both engines, by people with roles.
//! Never goes around them to a state that they would not reach.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

mod plans;
