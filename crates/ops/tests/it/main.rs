//! What people do with the office, on both engines.

mod items;
mod office;
