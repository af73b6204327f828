//! proptest's way to the random draws: bytes, which shrink to fewer and smaller ones.
//! Never a file of old failures: what failed once belongs into a test with a name.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any};

use crate::cases::Case;
use crate::choices::Choices;

/// Bytes to make choices of.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..600)
}

/// A frozen draw of at most 24 lines.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    bytes().prop_map(|bytes| Case::new(&mut Choices::new(&bytes), 24))
}

/// So many cases.
pub(crate) fn times(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
