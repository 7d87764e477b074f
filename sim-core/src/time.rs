//! Simulated time: integer nanoseconds, because float clocks lose order and portability.

use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::{Deserialize, Serialize};

/// A moment of a run, in nanoseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub u64);

/// A length of simulated time, in nanoseconds; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span(pub u64);

const NANOS_PER_SECOND: u64 = 1_000_000_000;

impl Instant {
    /// The start of every run.
    pub const ZERO: Instant = Instant(0);
    /// Later than every event: "not planned".
    pub const NEVER: Instant = Instant(u64::MAX);

    /// Seconds since the start of the run.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND as f64
    }

    /// The first of `self`, `self + period`, `self + 2 period` ... that is not before `at`. Without a period, every
    /// moment from `self` on is a tick.
    pub fn next_tick(self, period: Span, at: Instant) -> Instant {
        if period == Span::ZERO { self.max(at) } else { self + period * at.since(self).0.div_ceil(period.0) }
    }

    /// The span from `earlier` to `self`, zero if `earlier` is later.
    pub fn since(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than every run: "for ever".
    pub const FOREVER: Span = Span(u64::MAX);

    /// A span of whole nanoseconds.
    pub const fn nanos(nanos: u64) -> Span {
        Span(nanos)
    }

    /// A span of whole milliseconds.
    pub const fn millis(millis: u64) -> Span {
        Span(millis * 1_000_000)
    }

    /// A span of whole seconds.
    pub const fn secs(secs: u64) -> Span {
        Span(secs * NANOS_PER_SECOND)
    }

    /// A span of whole minutes.
    pub const fn mins(mins: u64) -> Span {
        Span::secs(mins * 60)
    }

    /// A span of whole hours.
    pub const fn hours(hours: u64) -> Span {
        Span::secs(hours * 3600)
    }

    /// A span of whole days of 24 hours.
    pub const fn days(days: u64) -> Span {
        Span::hours(days * 24)
    }

    /// The nearest span of `secs` seconds; negative and NaN give zero, too large gives [`Span::FOREVER`].
    pub fn from_secs_f64(secs: f64) -> Span {
        Span((secs * NANOS_PER_SECOND as f64 + 0.5) as u64)
    }

    /// Length in seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND as f64
    }

    /// Length in hours.
    pub fn as_hours_f64(self) -> f64 {
        self.as_secs_f64() / 3600.0
    }

    /// The part of the span that a fraction in [0, 1) of it is.
    pub fn part(self, fraction: f64) -> Span {
        Span((self.0 as f64 * fraction) as u64)
    }

    /// `self - other`, or zero.
    pub fn saturating_sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// Saturates at [`Instant::NEVER`], so that "for ever" stays for ever.
impl Add<Span> for Instant {
    type Output = Instant;
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Instant {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, times: u64) -> Span {
        Span(self.0.saturating_mul(times))
    }
}

impl Div<u64> for Span {
    type Output = Span;
    fn div(self, by: u64) -> Span {
        Span(self.0 / by)
    }
}

impl Sub for Instant {
    type Output = Span;
    fn sub(self, earlier: Instant) -> Span {
        debug_assert!(earlier <= self, "time runs forwards");
        self.since(earlier)
    }
}
