//! Moments as the database holds them.
//! Never asks what time it is.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The time of the bureaus: China has one.
const CHINA: Offset = Offset::constant(8);

/// A moment: microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct At(pub i64);

impl At {
    /// Later than every moment: until when the version of a record holds that holds today.
    pub const FOREVER: Self = Self(i64::MAX);

    /// So many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The day in China.
    #[must_use]
    pub fn day(self) -> Date {
        self.datetime().date()
    }

    /// The last moment of a day in China.
    #[must_use]
    pub fn end_of(day: Date) -> Self {
        let end = day.at(23, 59, 59, 999_999_000);
        CHINA
            .to_timestamp(end)
            .map_or(Self::FOREVER, |at| Self(at.as_microsecond()))
    }

    fn datetime(self) -> jiff::civil::DateTime {
        let at = Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX);
        CHINA.to_datetime(at)
    }
}

impl fmt::Display for At {
    /// `2027-01-04 09:30:00`, in China.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.datetime().strftime("%Y-%m-%d %H:%M:%S"))
    }
}
