//! Registers in and out of files: workbooks (.xlsx), delimited text (.csv), JSON, receipts, templates.
//! Never trusts a file: everything is bounded by [`limits`], told apart by content, and judged row by row.

mod columns;
mod error;
mod finding;
mod form;
mod grid;
mod guide;
mod history;
mod import;
mod inspectors;
pub mod limits;
mod read;
mod register;
mod row;
mod sources;
mod table;
mod write;

pub use columns::Column;
pub use error::{MissingColumn, SheetError, TooMuch, WrongEncoding, WrongKind};
pub use finding::{
    Accepted, ColumnName, ColumnUse, FileKind, Filled, Finding, FindingKind, Import, JoinedRow, Objection,
    ReadAs, RefusedRow, Summary,
};
pub use form::form;
pub use guide::guide;
pub use history::{History, HistoryField};
pub use import::{import, import_against};
pub use inspectors::{InspectorField, Inspectors};
pub use register::Register;
pub use sources::{SourceField, Sources};
pub use write::{delimited, export, open_data, receipt, template, workbook};
