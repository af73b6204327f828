//! The whole application, called without a socket.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

mod administrators;
mod imports;
mod office;
mod routes;
