//! mcd1: a draw that is sealed, then opened, then unsealed (抽取). Specification: `docs/mcd1.md`.
//!
//! This crate does no I/O, knows no clock and no generator; everything it decides follows from its
//! arguments, so that strangers can audit it alone. What it promises: the list is a pure function of
//! secret shares committed before a public value was known, and of that value.
//!
//! | file | section of mcd1 |
//! |---|---|
//! | [`hash`], [`merkle`] | 2, notation |
//! | [`form`], [`record`], [`table`], [`plan`] | 2 and 3, the forms of the files |
//! | [`public`] | 4, the public value |
//! | [`share`], [`select`], [`assign`], [`substitute`] | 5, the draw |
//! | [`folder`], [`verify`] | 3 and 6, kinds of folder and the nine checks |
//! | [`ceremony`] | the same steps from the side of those who hold the draw |
//! | [`trial`] | rehearsals before the commitment: vacancies and bottlenecks |

pub mod assign;
pub mod ceremony;
pub mod folder;
pub mod form;
pub mod hash;
pub mod list;
pub mod merkle;
pub mod parallel;
pub mod plan;
pub mod public;
pub mod record;
pub mod select;
pub mod share;
pub mod substitute;
pub mod table;
pub mod trial;
pub mod verify;
