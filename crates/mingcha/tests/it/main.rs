//! The command line as a bureau uses it: the real binary, real files, folders of its own for each test.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod account;
mod bureau;
mod misuse;
mod registers;
mod secrecy;
mod steps;
mod verdicts;
