//! Pages that people hold: the slip of a commitment and the minutes of a draw, as text that any printer prints.
//! Never says anything that tells the list.

pub(crate) mod minutes;
pub(crate) mod slip;
