//! The columns of a register: one table that drives reading, the template and the handbook.
//! Never decides what a cell means, only which column it stands in.

use std::collections::HashSet;

use domain::text::half_width;

use crate::error::MissingColumn;
use crate::grid::Row;

/// A column that a register may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its proper title.
    pub title: &'static str,
    /// Other titles that mean the same, the likelier first.
    pub synonyms: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
    /// What to write in it, for the template's second row and the handbook.
    pub hint: &'static str,
    /// The words to choose from, if it is a closed list.
    pub choices: Option<fn() -> Vec<&'static str>>,
}

impl Column {
    /// A column that may be missing.
    pub(crate) const fn new(
        title: &'static str,
        synonyms: &'static [&'static str],
        hint: &'static str,
    ) -> Self {
        Self {
            title,
            synonyms,
            required: false,
            hint,
            choices: None,
        }
    }

    /// A column that must be there.
    pub(crate) const fn required(
        title: &'static str,
        synonyms: &'static [&'static str],
        hint: &'static str,
    ) -> Self {
        Self {
            title,
            synonyms,
            required: true,
            hint,
            choices: None,
        }
    }

    /// A column that holds one word of a closed list.
    pub(crate) const fn choice(
        title: &'static str,
        synonyms: &'static [&'static str],
        hint: &'static str,
        choices: fn() -> Vec<&'static str>,
    ) -> Self {
        Self {
            title,
            synonyms,
            required: false,
            hint,
            choices: Some(choices),
        }
    }

    /// How well a title fits: 0 is the proper title, then the synonyms; none if it does not.
    fn rank(&self, title: &str) -> Option<usize> {
        let mut names = std::iter::once(&self.title).chain(self.synonyms);
        // 单位名称（全称） is 单位名称; but a title that is known with its brackets is taken at its word first.
        let bare = without_brackets(title);
        let known = names.clone().position(|name| is_same(name, title));
        known.or_else(|| names.position(|name| is_same(name, bare)))
    }
}

/// Columns that a file may have and nobody reads: its own numbering, and those that a receipt adds.
pub(crate) const IGNORED: [&str; 5] = ["序号", ROW_NUMBER, PROBLEM, ADVICE, "NO."];

/// Where a receipt says which row of the original it has; what was wrong with it; and what to write instead.
pub(crate) const ROW_NUMBER: &str = "行号";
pub(crate) const PROBLEM: &str = "问题";
pub(crate) const ADVICE: &str = "建议";

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileColumn<F> {
    /// From 0.
    pub(crate) column: u16,
    /// As the file has it.
    pub(crate) title: String,
    pub(crate) role: Role<F>,
}

/// What a column of a file is to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role<F> {
    /// A field of the register.
    Field(F),
    /// Numbering and the like.
    Ignored,
    /// Not of the register: kept and reported.
    Unknown,
}

/// The header of a file.
#[derive(Debug, Clone)]
pub(crate) struct Header<F> {
    pub(crate) row: u32,
    pub(crate) columns: Vec<FileColumn<F>>,
}

impl<F: Copy + PartialEq> Header<F> {
    /// Reads a row as if it were the header.
    pub(crate) fn of(row: &Row, table: &[(F, Column)]) -> Self {
        let titles: Vec<(u16, String)> = row
            .cells()
            .map(|(column, cell)| (column, cell.text.to_owned()))
            .collect();
        let mut columns: Vec<FileColumn<F>> = titles
            .into_iter()
            .map(|(column, title)| unassigned(column, title))
            .collect();
        for (field, column) in table {
            let free = columns
                .iter()
                .enumerate()
                .filter(|(_, own)| own.role == Role::Unknown);
            let fit = free
                .filter_map(|(at, own)| Some((column.rank(&own.title)?, at)))
                .min();
            if let Some(own) = fit.and_then(|(_, at)| columns.get_mut(at)) {
                own.role = Role::Field(*field);
            }
        }
        Self {
            row: row.number,
            columns,
        }
    }

    /// How many fields of the register the row names.
    pub(crate) fn fields(&self) -> usize {
        self.columns
            .iter()
            .filter(|column| matches!(column.role, Role::Field(_)))
            .count()
    }

    /// The column of a field.
    pub(crate) fn column(&self, field: F) -> Option<&FileColumn<F>> {
        self.columns
            .iter()
            .find(|column| column.role == Role::Field(field))
    }

    /// The column of a receipt that says which row of the original a row is: the last one, where receipts add it.
    pub(crate) fn row_numbers(&self) -> Option<u16> {
        let own = self
            .columns
            .iter()
            .rfind(|own| own.role == Role::Ignored && is_same(ROW_NUMBER, &own.title));
        own.map(|own| own.column)
    }

    /// Whether these are the columns of a receipt.
    pub(crate) fn is_receipt(&self) -> bool {
        let mut titles = self.columns.iter().map(|own| &own.title);
        self.row_numbers().is_some() && titles.any(|title| is_same(PROBLEM, title) || is_same(ADVICE, title))
    }

    /// Columns that must be there and are not.
    pub(crate) fn missing(&self, table: &[(F, Column)]) -> Vec<MissingColumn> {
        let absent = table
            .iter()
            .filter(|(field, column)| column.required && self.column(*field).is_none());
        absent
            .map(|(_, column)| MissingColumn {
                title: column.title,
                synonyms: column.synonyms,
            })
            .collect()
    }

    /// Whether the row is the hints of the template: most of its cells are the hints of their columns.
    pub(crate) fn is_hints(&self, row: &Row, table: &[(F, Column)]) -> bool {
        let hints: HashSet<&str> = table.iter().map(|(_, column)| column.hint).collect();
        let (mut same, mut other) = (0, 0);
        for (_, cell) in row.cells() {
            if hints.contains(cell.text) {
                same += 1;
            } else {
                other += 1;
            }
        }
        same > other
    }
}

fn unassigned<F>(column: u16, title: String) -> FileColumn<F> {
    let ignored = IGNORED.iter().any(|ignored| is_same(ignored, &title));
    FileColumn {
        column,
        title,
        role: if ignored { Role::Ignored } else { Role::Unknown },
    }
}

/// Whether two titles are the same but for what people add: blanks, full-width forms, case, a star, a colon.
fn is_same(one: &str, other: &str) -> bool {
    bare_chars(one).eq(bare_chars(other))
}

fn bare_chars(title: &str) -> impl Iterator<Item = char> {
    let half = title
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '\u{FEFF}'));
    half.flat_map(char::to_uppercase)
}

/// `单位名称(全称)` to `单位名称`.
fn without_brackets(title: &str) -> &str {
    let inside = title.trim_end().strip_suffix([')', '）']);
    inside
        .and_then(|rest| rest.rsplit_once(['(', '（']))
        .map_or(title, |(bare, _)| bare)
}
