//! Exponential back-off: the one that controllers and kubelets share.
//!
//! Upstream: `client-go/util/flowcontrol/backoff.go`, `doBackOff` of `kuberuntime_manager.go`, and the
//! scheduler's `calculateBackoffDuration`.

use crate::spec::Timing;
use crate::time::{Instant, Span};

/// Settings of a back-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// First delay.
    pub initial: Span,
    /// Greatest delay.
    pub max: Span,
    /// An entry idle for longer than this is as new.
    pub reset_after: Span,
}

/// What is remembered of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Delay in force.
    pub delay: Span,
    /// When it was set.
    pub updated: Instant,
}

impl Backoff {
    /// With upstream's idle time of twice the maximum.
    pub fn new(initial: Span, max: Span) -> Backoff {
        Backoff { initial, max, reset_after: max * 2 }
    }

    /// The kubelet's for crashing containers.
    pub fn of_crash_loops(timing: &Timing) -> Backoff {
        Backoff {
            initial: timing.crash_backoff_initial.min(timing.crash_backoff_max),
            max: timing.crash_backoff_max,
            reset_after: timing.crash_backoff_reset,
        }
    }

    /// The entry after a try at `now` because of an event at `event` (`Next`).
    pub fn next(&self, entry: Option<Entry>, event: Instant, now: Instant) -> Entry {
        let delay = match entry {
            Some(entry) if !self.is_expired(entry, event) => (entry.delay * 2).min(self.max),
            _ => self.initial,
        };
        Entry { delay, updated: now }
    }

    /// Whether an event has to wait at `now` (`IsInBackOffSince`).
    pub fn is_waiting(&self, entry: Option<Entry>, event: Instant, now: Instant) -> bool {
        entry.is_some_and(|entry| !self.is_expired(entry, event) && now.since(event) < entry.delay)
    }

    /// Whether an entry is old enough to be forgotten (`GC`).
    pub fn is_expired(&self, entry: Entry, now: Instant) -> bool {
        now.since(entry.updated) > self.reset_after
    }

    /// A container exits: how long the kubelet waits before it starts it again. The first time it does not wait,
    /// and it does not tell a failure from a success.
    pub fn container_exits(&self, entry: &mut Option<Entry>, exit: Instant) -> Span {
        let in_force = entry.filter(|entry| !self.is_expired(*entry, exit));
        let wait = in_force.map_or(Span::ZERO, |entry| entry.delay);
        *entry = Some(self.next(*entry, exit, exit + wait));
        wait
    }
}

/// Delay after so many failures in a row: none after none, then doubling from `initial` up to `max`.
pub fn delay_after(failures: u32, initial: Span, max: Span) -> Span {
    match failures {
        0 => Span::ZERO,
        _ => (initial * (1u64 << (failures - 1).min(63))).min(max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_runs_ten_minutes_starts_again_at_once() {
        let backoff = Backoff::of_crash_loops(&Timing::for_kubernetes(34));
        let mut entry = None;
        assert_eq!(backoff.container_exits(&mut entry, Instant::ZERO), Span::ZERO);
        assert_eq!(backoff.container_exits(&mut entry, Instant::ZERO + Span::secs(600)), Span::secs(10));
        let restarted = entry.unwrap().updated;
        assert_eq!(backoff.container_exits(&mut entry, restarted + Span::secs(601)), Span::ZERO);
        assert_eq!(entry.unwrap().delay, Span::secs(10));
    }
}
