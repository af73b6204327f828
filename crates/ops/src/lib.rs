//! What people do with the office: one function a command or question, which checks the right, opens the transaction
//! and writes the ledger.
//! Never renders a page, and never writes SQL.

pub mod accounts;
mod actor;
pub mod audit;
pub mod duties;
pub mod imports;
pub mod inspectors;
pub mod items;
mod office;
pub mod organisation;
pub mod plans;
mod refusal;
pub mod sessions;
pub mod sources;
mod tokens;
mod work;

pub use actor::Actor;
pub use office::{Deed, Office, Outside};
pub use refusal::{FieldError, Refusal};
pub use store::versions::{AsOf, Stamp, Version};
pub use store::{At, Page, PageRequest, StoreError};
pub use tokens::Token;
