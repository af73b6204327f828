//! Rows of the files of a register that are not imported yet, over all files.
//! Never forgets one: only a row taken from a receipt that names it settles it.

use std::collections::{BTreeMap, BTreeSet};

use sheets::{Import, RefusedRow};

/// A row of one of the files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Which of the files, from 0.
    file: usize,
    /// Row in the file, from 1.
    row: u32,
}

/// The rows that are not imported, each with the place where its cells were last given: the receipt, if one was
/// given and the row is still wrong there.
#[derive(Default)]
pub(super) struct Outstanding(BTreeMap<Place, Place>);

/// Rows by the file in which they were first refused.
pub(super) type Rows = BTreeMap<usize, BTreeSet<u32>>;

/// What a file did about the rows of those before it.
#[derive(Default)]
pub(super) struct Answers {
    /// Rows that it brought.
    pub(super) settled: Rows,
    /// Its own rows that were taken and say that they are a row that nobody misses.
    pub(super) astray: Vec<u32>,
    /// Whether it numbers its rows as receipts do, but is none.
    pub(super) is_no_receipt: bool,
}

impl Outstanding {
    /// How many.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Reads the next file: settles what it answers, adds what it refuses. Takes from its refused rows the numbers
    /// that name no outstanding row, so that a receipt of it calls those rows by their place in this file.
    pub(super) fn next<T>(&mut self, file: usize, found: &mut Import<T>) -> Answers {
        let is_receipt = found.summary.is_receipt;
        let mut answers = Answers {
            is_no_receipt: !is_receipt
                && self.count() > 0
                && found.accepted.iter().any(|row| row.answers.is_some()),
            ..Answers::default()
        };
        // The first file can't answer anything: whatever numbers it has are its own.
        if is_receipt && file > 0 {
            let accepted = found.accepted.iter().map(|row| (row.row, row.answers));
            let joined = found.joined.iter().map(|row| (row.row, row.answers));
            for (row, number) in accepted.chain(joined) {
                match self.named(file, number) {
                    Some(place) => self.settle(place, &mut answers),
                    None => answers.astray.push(row),
                }
            }
        }
        for refused in &mut found.refused {
            self.keep(file, is_receipt, refused);
        }
        answers.astray.sort_unstable();
        answers
    }

    /// The outstanding row of that number in the nearest file before this one. A row that this file has already
    /// named and left wrong is not named twice: each row of a receipt stands for one row.
    fn named(&self, file: usize, number: Option<u32>) -> Option<Place> {
        let row = number?;
        let mut places = (0..file).rev().map(|file| Place { file, row });
        places.find(|place| self.0.get(place).is_some_and(|cells| cells.file < file))
    }

    fn settle(&mut self, place: Place, answers: &mut Answers) {
        self.0.remove(&place);
        answers.settled.entry(place.file).or_default().insert(place.row);
    }

    fn keep(&mut self, file: usize, is_receipt: bool, refused: &mut RefusedRow) {
        let here = Place {
            file,
            row: refused.row,
        };
        let named = self.named(file, refused.answers).filter(|_| is_receipt);
        refused.answers = named.map(|place| place.row);
        self.0.insert(named.unwrap_or(here), here);
    }

    /// The last file that has cells of an outstanding row, and the rows there.
    pub(super) fn latest(&self) -> Option<(usize, BTreeSet<u32>)> {
        let file = self.0.values().map(|cells| cells.file).max()?;
        let rows = self.0.values().filter(|cells| cells.file == file);
        Some((file, rows.map(|cells| cells.row).collect()))
    }

    /// The rows of which that file, the last one, has said nothing.
    pub(super) fn unsaid(&self, last: usize) -> Rows {
        let mut rows = Rows::new();
        for (place, _) in self.0.iter().filter(|(_, cells)| cells.file < last) {
            rows.entry(place.file).or_default().insert(place.row);
        }
        rows
    }
}
