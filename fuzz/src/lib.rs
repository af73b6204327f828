//! What the fuzz targets check: the promises of the integration tests, on whatever bytes the fuzzer finds.
//! Never a copy of a test: the modules are those of `crates/draw/tests/it`.

#![expect(
    dead_code,
    reason = "the tests use more of the shared modules than the targets do"
)]

use draw::folder::Files;
use draw::hash::Hash32;
use draw::verify::{Verdict, verify};

#[path = "../../crates/draw/tests/it/cases.rs"]
mod cases;
#[path = "../../crates/draw/tests/it/choices.rs"]
mod choices;
#[path = "../../crates/draw/tests/it/damage.rs"]
mod damage;
#[path = "../../crates/draw/tests/it/naive.rs"]
mod naive;
#[path = "../../crates/draw/tests/it/promises.rs"]
mod promises;
#[path = "../../crates/draw/tests/it/reseal.rs"]
mod reseal;
#[path = "../../crates/draw/tests/it/rounds.rs"]
mod rounds;

use cases::Case;
use choices::Choices;
use damage::NAMES;
use naive::Problem;
use rounds::Round;

/// The most lines of a draw: enough for every shape, few enough for thousands of draws a second.
const LINES: usize = 24;

fn case_and_key(bytes: &[u8]) -> (Case, Hash32) {
    let mut choices = Choices::new(bytes);
    let key = choices.hash();
    (Case::new(&mut choices, LINES), key)
}

/// Files of these bytes, cut at each 0, get a verdict; so does a sound draw that these bytes damage.
pub fn verify_never_panics(bytes: &[u8]) {
    let file = |part: &[u8]| {
        let (name, rest) = part.split_first()?;
        Some((NAMES[usize::from(*name) % NAMES.len()].to_owned(), rest.to_vec()))
    };
    let raw: Files = bytes.split(|byte| *byte == 0).filter_map(file).collect();
    assert!(verify(&raw).verdict.exit_code() < 4);

    let mut choices = Choices::new(bytes);
    let mut files = Round::play(&mut choices, LINES).unwrap().files;
    assert!(matches!(verify(&files).verdict, Verdict::Passes | Verdict::Open));
    for _ in 0..=choices.below(4) {
        damage::damage(&mut files, &mut choices);
    }
    assert!(verify(&files).verdict.exit_code() < 4);
    if let Some(files) = reseal::resealed(&files, choices.once_in(2)) {
        assert!(verify(&files).verdict.exit_code() < 4);
    }
}

/// The assignment of a small problem is the one that section 5 of mcd1 defines.
pub fn assignment_equals_definition(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let problem = Problem::new(&mut choices);
    promises::assignment_equals_definition(&problem, &mut choices);
}

/// Each stratum gives exactly its quota, tier by tier.
pub fn quotas_kept(bytes: &[u8]) {
    let (case, key) = case_and_key(bytes);
    promises::quotas_are_kept(&case, &key);
}

/// A quota raised by one keeps everybody who was drawn, where mcd1 promises it.
pub fn a_larger_quota_extends(bytes: &[u8]) {
    let (case, key) = case_and_key(bytes);
    promises::a_larger_quota_extends(&case, &key);
}

/// A ticket follows from the key and the target's own id.
pub fn ticket_independent(bytes: &[u8]) {
    let (case, key) = case_and_key(bytes);
    promises::a_ticket_is_independent(&case, &key);
}
