//! How long a Job waits before it replaces a failed pod.
//!
//! Upstream: `pkg/controller/job/backoff_utils.go`.

use crate::controllers::backoff::delay_after;
use crate::time::{Instant, Span};

/// Delay after the first failure: `DefaultJobPodFailureBackOff`.
pub const DEFAULT_BACKOFF: Span = Span::secs(10);
/// Greatest delay: `MaxJobPodFailureBackOff`.
pub const MAX_BACKOFF: Span = Span::mins(10);

/// What a Job, or one of its indexes, remembers of its pods that finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Failures since the last success.
    pub failures: u32,
    /// When the last of them finished.
    pub last_failure: Option<Instant>,
}

impl Record {
    /// The record after more pods finished, at these times: `newBackoffRecord`. A success at the time of a failure
    /// came after it.
    pub fn after(self, failed: &[Instant], succeeded: &[Instant]) -> Record {
        let success = succeeded.iter().max();
        let counts = |at: &&Instant| success.is_none_or(|success| *at > success);
        let before = if success.is_some() { Record::default() } else { self };
        Record {
            failures: before.failures + failed.iter().filter(counts).count() as u32,
            last_failure: failed.iter().filter(counts).max().copied().or(before.last_failure),
        }
    }

    /// How long from now until a pod may be created: `getRemainingTime`.
    pub fn remaining(&self, base: Span, max: Span, now: Instant) -> Span {
        let delay = match self.failures {
            // The first delay is not capped.
            1 => base,
            failures => delay_after(failures, base, max),
        };
        delay.saturating_sub(self.last_failure.map_or(Span::ZERO, |at| now.since(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant(60_000_000_000);

    #[test]
    fn a_success_starts_afresh() {
        let record = Record { failures: 3, last_failure: Some(AT) };
        assert_eq!(record.after(&[], &[]), record);
        assert_eq!(record.after(&[], &[AT]), Record::default());
        assert_eq!(record.after(&[AT], &[AT]), Record::default());
    }

    #[test]
    fn delays_double_up_to_ten_minutes() {
        let after = |failures| {
            Record { failures, last_failure: Some(AT) }.remaining(DEFAULT_BACKOFF, MAX_BACKOFF, AT)
        };
        let delays: Vec<u64> = (0..9).map(|failures| after(failures).0 / 1_000_000_000).collect();
        assert_eq!(delays, [0, 10, 20, 40, 80, 160, 320, 600, 600]);
    }
}
