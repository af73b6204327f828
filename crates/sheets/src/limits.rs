//! The limits of what is read: each a named constant with its unit and the reason for its size.
//! Never a limit that an honest register of a province would meet in one file.

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// Parts of a workbook (entries of its zip container); pictures and comments of a real one come to some hundred.
pub const PARTS_MAX: u64 = 2_000;
/// Directory of the zip container, in bytes: the parts above with names of ordinary length.
pub const DIRECTORY_BYTES_MAX: u64 = 1 << 20;
/// All parts that are read, inflated, in bytes: counted while inflating, whatever the container declares.
pub const INFLATED_BYTES_MAX: u64 = 192 << 20;
/// Elements, ends of elements and texts of all parts that are read together: less than a second of work, and some
/// 2,000,000 cells.
pub const XML_NODES_MAX: u64 = 12_000_000;
/// Between two `<` of an XML part, in bytes: one full cell with every character escaped.
/// The XML reader buffers that much and no more.
pub const XML_RUN_BYTES_MAX: usize = 512 << 10;
/// Elements inside one another; a workbook has about ten.
pub const XML_DEPTH_MAX: usize = 64;
/// Worksheets.
pub const SHEETS_MAX: usize = 200;
/// Cell formats; a spreadsheet program itself stops at 65,490.
pub const CELL_FORMATS_MAX: usize = 65_490;
/// Shared strings, and their bytes together: they are held while the sheets are read.
pub const SHARED_STRINGS_MAX: usize = 1_000_000;
/// See [`SHARED_STRINGS_MAX`].
pub const SHARED_STRING_BYTES_MAX: usize = 32 << 20;

/// Rows that hold anything.
pub const ROWS_MAX: u32 = 200_000;
/// Cells that hold anything.
pub const CELLS_MAX: u32 = 4_000_000;
/// Columns; the widest register seen has 40.
pub const COLUMNS_MAX: u16 = 200;
/// Characters of a cell, as spreadsheets have it.
pub const CELL_CHARS_MAX: usize = 32_767;
/// Bytes of text of a table, all cells together.
pub const TABLE_BYTES_MAX: usize = 96 << 20;

/// Rows from the top among which the header must be.
pub const HEADER_ROWS_MAX: usize = 30;
/// Findings of all kinds.
pub const FINDINGS_MAX: usize = 100_000;
/// Rows refused; more than that means that the columns are wrong, not the rows. They are held for the receipt.
pub const REFUSED_ROWS_MAX: usize = 5_000;
/// Rows of one site, each with a licence of its own.
pub const LICENCES_MAX: usize = 50;
