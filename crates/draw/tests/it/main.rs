//! The draw against its specification: vectors, properties, definition, mutation.

mod vectors;
