//! What an implementation plan must and must not do, clause by clause.

mod contents;
mod documents;
mod drawn;
mod eligible;
pub(crate) mod fixtures;
mod forms;
mod left_out;
mod many;
mod properties;
mod report;
