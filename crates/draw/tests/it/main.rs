//! The draw against its specification: vectors, properties, definition, mutation.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod vectors;
