//! What a register is to the importer: its columns, how a row is read, and what rows say about each other.
//! Never knows what kind of file a row came from.

use crate::columns::Column;
use crate::finding::Accepted;
use crate::row::RowReader;

/// A register that can be imported: [`crate::Sources`], [`crate::Inspectors`], [`crate::History`].
pub trait Register: Sized {
    /// Its name in Chinese.
    const TITLE: &'static str;
    /// Its fields.
    type Field: Copy + PartialEq + std::fmt::Debug + 'static;
    /// What an accepted row becomes.
    type Record: Clone + PartialEq + std::fmt::Debug;
    /// What a row is while it is compared with the others.
    type Draft;
    /// The columns, in the order of the template.
    const COLUMNS: &'static [(Self::Field, Column)];
    /// Those of the columns that hold dates.
    const DATES: &'static [Self::Field];

    /// Reads a row; what is wrong goes to the reader. None if the row can't be taken.
    fn read(row: &mut RowReader<'_, Self>) -> Option<Self::Draft>;

    /// Compares the rows with each other, refuses what contradicts, joins what belongs together.
    fn settle(rows: Vec<Pending<'_, Self>>) -> Vec<Settled<'_, Self>>;

    /// The cells of a record in the order of [`Register::COLUMNS`], one row for each line it takes.
    fn write(record: &Self::Record) -> Vec<Vec<String>>;
}

/// A row that was read and waits to be compared with the others.
pub struct Pending<'a, R: Register> {
    pub(crate) reader: RowReader<'a, R>,
    pub(crate) draft: R::Draft,
}

/// What became of a row.
pub struct Settled<'a, R: Register> {
    pub(crate) reader: RowReader<'a, R>,
    pub(crate) outcome: Outcome<R::Record>,
}

/// See [`Settled`].
pub(crate) enum Outcome<T> {
    /// Taken.
    Accepted(Accepted<T>),
    /// Part of the record of the row of that number.
    Joined(u32),
    /// Not taken; the reader has the finding.
    Refused,
}
