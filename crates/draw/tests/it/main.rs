//! The draw against its specification: vectors, properties, definition, mutation.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod afterwards;
mod bottleneck;
mod bundle;
mod cases;
mod ceremony;
mod chance;
mod choices;
mod damage;
mod definition;
mod fields;
mod forms;
mod hostile;
mod law;
mod lines;
mod mutation;
mod naive;
mod promises;
mod rehearsal;
mod reproduce;
mod reseal;
mod rounds;
mod seeds;
mod strategies;
mod vectors;
mod whole;
