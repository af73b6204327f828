//! placeholder
pub mod error;
mod grid;
pub mod limits;
mod read;
