//! The outside: the clock and the operating system's generator. The only module that asks for either.
//! Never gives the same randomness twice.

use anyhow::{Context, Result};
use draw::record::Time;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The time of the bureaus: China has one.
const CHINA: Offset = Offset::constant(8);

/// Where the time comes from.
pub(crate) enum Clock {
    /// The computer's.
    System,
    /// A scripted one, for the demonstration: each look is a minute later.
    Scripted(std::cell::Cell<Timestamp>),
}

impl Clock {
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "this is the module that asks")]
    fn look(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Scripted(next) => {
                let now = next.get();
                next.set(
                    now.saturating_add(jiff::SignedDuration::from_mins(1))
                        .unwrap_or(now),
                );
                now
            }
        }
    }

    /// Now, in microseconds since 1970.
    pub(crate) fn micros(&self) -> i64 {
        self.look().as_microsecond()
    }

    /// Now, as mcd1 writes it.
    pub(crate) fn now(&self) -> Result<Time> {
        written(self.look())
    }
}

fn written(at: Timestamp) -> Result<Time> {
    let text = CHINA
        .to_datetime(at)
        .strftime("%Y-%m-%dT%H:%M:%S+08:00")
        .to_string();
    Time::parse(&text).with_context(|| format!("计算机的时间不合理：{text}"))
}

/// Fresh random bytes of the operating system.
#[expect(clippy::disallowed_methods, reason = "this is the module that asks")]
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("操作系统没有给出随机数：{e}"))?;
    Ok(bytes)
}

/// Fills with fresh random bytes of the operating system, for a server that runs. One that has no randomness must not
/// go on: whatever it made next could be guessed.
#[expect(clippy::disallowed_methods, reason = "this is the module that asks")]
pub(crate) fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}
