//! Which moment of a schedule a CronJob has to see to now. Upstream: `mostRecentScheduleTime` in
//! pkg/controller/cronjob/utils.go.

use crate::spec::Schedule;
use crate::time::{Instant, Span};

/// Since when moments count: `status.lastScheduleTime`, or the creation of a CronJob that has made no Job yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    /// That time.
    pub at: Instant,
}

/// The moments that have come since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The latest of them.
    pub most_recent: Option<Instant>,
    /// How many there were, by upstream's estimate. Up to 1.20 more than 100 stopped the CronJob; since then an event
    /// tells of it, and no more.
    pub count: u64,
}

/// The moments that have come by `now`. With a `deadline` those before it are not looked for.
pub fn most_recent(schedule: &Schedule, last: Last, deadline: Option<Span>, now: Instant) -> Missed {
    let earliest = deadline.map_or(last.at, |deadline| last.at.max(now_less(now, deadline)));
    let first = schedule.next(earliest);
    if now < first {
        return Missed { most_recent: None, count: 0 };
    }
    let second = schedule.next(first);
    if now < second {
        return Missed { most_recent: Some(first), count: 1 };
    }
    let count = estimate(first, second, now);
    Missed { most_recent: latest(schedule, first, second, count, now), count }
}

/// As many as there would be if all gaps were like the first.
fn estimate(first: Instant, second: Instant, now: Instant) -> u64 {
    now.since(first).0 / second.since(first).0 + 1
}

/// The search begins two gaps early, for where they differ.
fn latest(schedule: &Schedule, first: Instant, second: Instant, count: u64, now: Instant) -> Option<Instant> {
    let from = first + second.since(first) * (count - 2);
    let moments = std::iter::successors(Some(schedule.next(from)), |moment| Some(schedule.next(*moment)));
    moments.take_while(|moment| *moment <= now).last()
}

fn now_less(now: Instant, span: Span) -> Instant {
    Instant::ZERO + now.since(Instant::ZERO + span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Fields, Moments};

    fn hourly() -> Schedule {
        let all = u64::MAX;
        let fields =
            Fields { minutes: 1, hours: all, days: all, months: all, weekdays: all, both_days: true };
        Schedule { run_starts: 0, moments: Moments::Fields(fields) }
    }

    fn at(minutes: u64) -> Instant {
        Instant::ZERO + Span::mins(minutes)
    }

    fn since(last: u64, deadline: Option<u64>, now: u64) -> (Option<Instant>, u64) {
        let missed = most_recent(&hourly(), Last { at: at(last) }, deadline.map(Span::mins), at(now));
        (missed.most_recent, missed.count)
    }

    /// The cases of `TestMostRecentScheduleTime` that a schedule by the hour has.
    #[test]
    fn only_the_latest_of_the_missed_moments_counts() {
        assert_eq!(since(0, None, 59), (None, 0));
        assert_eq!(since(0, None, 60), (Some(at(60)), 1));
        assert_eq!(since(0, None, 119), (Some(at(60)), 1));
        assert_eq!(since(0, None, 302), (Some(at(300)), 5));
        assert_eq!(since(60, None, 302), (Some(at(300)), 4));
        assert_eq!(since(0, None, 105 * 60 + 1).1, 105);
    }

    #[test]
    fn a_deadline_leaves_out_what_is_too_old() {
        assert_eq!(since(0, Some(1), 302), (None, 0));
        assert_eq!(since(0, Some(10), 302), (Some(at(300)), 1));
        assert_eq!(since(0, Some(70), 302), (Some(at(300)), 2));
    }
}
