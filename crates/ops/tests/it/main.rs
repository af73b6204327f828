//! The office from outside, on both engines.

mod accounts;
mod audit;
mod office;
mod refused;
