//! 实施方案: the implementation plan as `plan.toml`, and its compiler to the committed files of mcd1 (R5.1b, R5.1d).
//! Never reads a disk, a clock or a generator; what it lets through is what every verifier of a draw accepts.

mod chance;
mod compile;
mod eligibility;
mod filter;
mod finding;
mod index;
mod numbers;
mod past;
mod places;
mod plan;
mod pool;
mod raw;
mod read;
mod references;
mod report;
mod staffing;
mod syntax;
mod terminal;
mod warnings;

pub use chance::{Chance, TierReport};
pub use compile::{Compiled, Registers, Roster, RosterEntry, StratumReport, compile, strata};
pub use filter::{GENERALIST, InspectorFilter, SourceFilter};
pub use finding::{Code, Finding, Warning, WarningCode};
pub use numbers::{Amount, Name, Ratio, StaffRatio};
pub use places::{Places, TeamPlaces};
pub use plan::{
    Ceremony, Disclosure, Exclusions, ImplementationPlan, Item, ListedExclusion, Mandatory, Method, Recusal,
    Slots, Stratum, Team, WeightRule, Window, YearlyCap,
};
pub(crate) use raw::{Where, Words};
pub(crate) use read::{RawAmount, Reader, amount, filter};
pub use report::Report;
pub use staffing::{Out, OutOfDraw};
pub(crate) use syntax::{Document, read as read_toml};

#[cfg(test)]
pub(crate) use tests::fixtures;

#[cfg(test)]
mod tests;
