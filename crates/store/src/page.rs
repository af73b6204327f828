//! A page of a list, with the exact total.
//! Never holds more rows than a page may have.

/// Rows of a page at most.
pub const ROWS_MAX: u64 = 100;
/// The last page that can be asked for.
const PAGE_MAX: u64 = 10_000_000;

/// Which page, from 1, of how many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    page: u64,
    size: u64,
}

impl PageRequest {
    /// Page 0 is page 1; more rows than [`ROWS_MAX`] are not given.
    #[must_use]
    pub fn new(page: u64, size: u64) -> Self {
        Self {
            page: page.clamp(1, PAGE_MAX),
            size: size.clamp(1, ROWS_MAX),
        }
    }

    /// The page, from 1.
    #[must_use]
    pub fn page(self) -> u64 {
        self.page
    }

    /// Rows of a page.
    #[must_use]
    pub fn size(self) -> u64 {
        self.size
    }

    /// The rows as SQL takes them: how many, after how many.
    pub(crate) fn limits(self) -> (i64, i64) {
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let before = i64::try_from(self.page - 1)
            .unwrap_or(i64::MAX)
            .saturating_mul(size);
        (size, before)
    }
}

/// What a page holds.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Rows of all pages together, exactly.
    pub total: u64,
    /// What was asked for.
    pub request: PageRequest,
}

impl<T> Page<T> {
    /// A page of rows that are all at hand.
    #[must_use]
    pub fn of(all: Vec<T>, request: PageRequest) -> Self {
        let total = all.len() as u64;
        let before = usize::try_from(request.page.saturating_sub(1).saturating_mul(request.size));
        let size = usize::try_from(request.size).unwrap_or(usize::MAX);
        let rows = all
            .into_iter()
            .skip(before.unwrap_or(usize::MAX))
            .take(size)
            .collect();
        Self { rows, total, request }
    }
}
