//! Time and randomness of a test.
//! Never asks the machine for either: two runs of a test see the same.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::date;
use ops::{At, Outside};
use sha2::{Digest, Sha256};

/// A clock that stands still until the test moves it. Begins on Monday, 2027-01-04, at nine in China.
#[derive(Debug, Clone)]
pub struct Clock {
    now: Arc<AtomicI64>,
    /// By how much each look of the office moves it.
    step: Arc<AtomicI64>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        const NINE_OF_24_HOURS: i64 = 9 * 60 * 60;
        let midnight = At::end_of(date(2027, 1, 3)).0 + 1_000;
        let clock = Self {
            now: Arc::new(AtomicI64::new(midnight - midnight.rem_euclid(1_000_000))),
            step: Arc::default(),
        };
        clock.advance_seconds(NINE_OF_24_HOURS);
        clock
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> At {
        At(self.now.load(Ordering::SeqCst))
    }

    /// Moves on.
    pub fn advance_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Moves on by whole days.
    pub fn advance_days(&self, days: i64) {
        self.advance_seconds(days * 24 * 60 * 60);
    }

    /// From here on each look of the office is a little later, as with real clocks: for tests that ask for the order
    /// of what happened.
    pub fn run(&self) {
        self.step.store(1, Ordering::SeqCst);
    }

    fn look(&self) -> At {
        At(self
            .now
            .fetch_add(self.step.load(Ordering::SeqCst), Ordering::SeqCst))
    }
}

/// What the office asks of the outside.
#[derive(Debug)]
pub(crate) struct MadeUp {
    clock: Clock,
    asked: AtomicU64,
    kept: Mutex<Vec<String>>,
}

impl MadeUp {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            asked: AtomicU64::new(0),
            kept: Mutex::default(),
        }
    }

    pub(crate) fn kept(&self) -> Vec<String> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Outside for MadeUp {
    fn now(&self) -> At {
        self.clock.look()
    }

    /// The hashes of a counter: always the same, never twice the same.
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst);
            let digest = Sha256::digest(format!("made up {asked}"));
            chunk
                .iter_mut()
                .zip(digest)
                .for_each(|(byte, made_up)| *byte = made_up);
        }
    }

    fn kept(&self) -> Option<String> {
        self.kept().pop()
    }

    fn keep(&self, note: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(note.to_owned());
    }
}
