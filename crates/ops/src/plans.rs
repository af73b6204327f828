//! 年度计划 (R5.1a) and 实施方案 (R5.1b).
//! Never changes one without its ground and its author.

pub mod annual;
mod duty;
pub mod scheme;
pub mod scope;
pub mod workflow;

pub(crate) use duty::duties;
pub use store::plans::{Filter, Kind, Plan};
pub use workflow::{Act, Standing};
