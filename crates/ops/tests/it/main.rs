//! What people do with the office, on both engines.

mod inspectors;
mod items;
mod office;
mod scheme;
