//! `spec.schedule` of a CronJob, in UTC: when is its next moment?
//!
//! Upstream: `SpecSchedule.Next` and `ConstantDelaySchedule.Next` of robfig/cron v3.

use serde::Serialize;

use crate::time::{Instant, Span};

/// A schedule, in a run that starts at some moment of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schedule {
    /// When the run starts, in seconds since 1 January 1970, 00:00 UTC.
    pub run_starts: u64,
    /// Which moments it names.
    pub moments: Moments,
}

/// Which moments a schedule names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Moments {
    /// `@every 90m`: so long after the last one; a whole number of seconds, at least one.
    Every(Span),
    /// Five fields.
    Fields(Fields),
}

/// The five fields of a crontab line, each as a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// Minutes, from 0 to 59.
    pub minutes: u64,
    /// Hours, from 0 to 23.
    pub hours: u64,
    /// Days of the month, from 1 to 31.
    pub days: u64,
    /// Months, from 1 to 12.
    pub months: u64,
    /// Days of the week, from 0, Sunday, to 6.
    pub weekdays: u64,
    /// Whether both kinds of day must match, since one of them is `*`; else one of them is enough.
    pub both_days: bool,
}

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;
/// A schedule that names nothing for so long names nothing at all: the 31st of February.
const SEARCHED_DAYS: u64 = 5 * 366;

impl Schedule {
    /// The first moment that it names after `after`; [`Instant::NEVER`] if there is none.
    pub fn next(&self, after: Instant) -> Instant {
        let whole = after.0 / Span::secs(1).0;
        match &self.moments {
            Moments::Every(gap) => Instant::ZERO + Span::secs(whole) + *gap,
            Moments::Fields(fields) => match fields.next(self.run_starts + whole) {
                Some(at) => Instant::ZERO + Span::secs(at - self.run_starts),
                None => Instant::NEVER,
            },
        }
    }
}

impl Fields {
    /// The first second named after this one, both since 1970.
    fn next(&self, after: u64) -> Option<u64> {
        let first = (after / MINUTE + 1) * MINUTE;
        let days = first / DAY..first / DAY + SEARCHED_DAYS;
        days.filter(|day| self.names_day(*day)).find_map(|day| {
            let from = first.saturating_sub(day * DAY) / MINUTE;
            (from..DAY / MINUTE).find(|minute| self.names_minute(*minute)).map(|at| day * DAY + at * MINUTE)
        })
    }

    fn names_minute(&self, minute: u64) -> bool {
        has(self.hours, minute / 60) && has(self.minutes, minute % 60)
    }

    fn names_day(&self, day: u64) -> bool {
        let (month, of_month) = month_and_day(day);
        let of_week = (day + 4) % 7; // 1 January 1970 was a Thursday
        let (by_month, by_week) = (has(self.days, of_month), has(self.weekdays, of_week));
        has(self.months, month) && if self.both_days { by_month && by_week } else { by_month || by_week }
    }
}

fn has(bits: u64, number: u64) -> bool {
    bits & (1 << number) != 0
}

/// Month and day of the month of the `day`-th day since 1970 (Hinnant, "chrono-compatible low-level date algorithms",
/// `civil_from_days`): years are taken to begin in March, so that a leap day is their last.
fn month_and_day(day: u64) -> (u64, u64) {
    let of_era = (day + 719_468) % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * shifted + 2) / 5 + 1;
    (if shifted < 10 { shifted + 3 } else { shifted - 9 }, of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u64 = u64::MAX;
    /// Monday, 1 January 2024.
    const MONDAY: u64 = 1_704_067_200;

    fn fields(minute: u64, hour: u64) -> Fields {
        Fields {
            minutes: 1 << minute,
            hours: 1 << hour,
            days: ALL,
            months: ALL,
            weekdays: ALL,
            both_days: true,
        }
    }

    fn hours_to(fields: Fields, from: Span) -> u64 {
        let schedule = Schedule { run_starts: MONDAY, moments: Moments::Fields(fields) };
        schedule.next(Instant::ZERO + from).0 / Span::hours(1).0
    }

    #[test]
    fn a_moment_is_after_the_last_one() {
        assert_eq!(hours_to(fields(0, 3), Span::ZERO), 3);
        assert_eq!(hours_to(fields(0, 3), Span::hours(3)), 27);
        assert_eq!(hours_to(fields(0, 3), Span::hours(3).saturating_sub(Span::millis(1))), 3);
        assert_eq!(hours_to(fields(0, 0), Span::ZERO), 24);
    }

    #[test]
    fn days_of_the_week_and_of_the_month_are_found() {
        let sunday = Fields { weekdays: 1, ..fields(0, 0) };
        assert_eq!(hours_to(sunday, Span::ZERO), 6 * 24);
        let leap_day = Fields { days: 1 << 29, months: 1 << 2, ..fields(0, 0) };
        assert_eq!(hours_to(leap_day, Span::ZERO), (31 + 28) * 24);
        assert_eq!(hours_to(leap_day, Span::days(60)), (31 + 28 + 4 * 365 + 1) * 24);
        let fifteenth_or_friday =
            Fields { days: 1 << 15, weekdays: 1 << 5, both_days: false, ..fields(0, 0) };
        assert_eq!(hours_to(fifteenth_or_friday, Span::ZERO), 4 * 24);
        assert_eq!(hours_to(fifteenth_or_friday, Span::days(11)), 14 * 24);
    }

    #[test]
    fn a_day_that_never_comes_is_not_waited_for() {
        let never = Fields { days: 1 << 31, months: 1 << 2, ..fields(0, 0) };
        let schedule = Schedule { run_starts: MONDAY, moments: Moments::Fields(never) };
        assert_eq!(schedule.next(Instant::ZERO), Instant::NEVER);
    }

    #[test]
    fn a_gap_counts_from_the_last_whole_second() {
        let schedule = Schedule { run_starts: MONDAY, moments: Moments::Every(Span::mins(90)) };
        let after = Instant::ZERO + Span::millis(1_700);
        assert_eq!(schedule.next(after), Instant::ZERO + Span::secs(1) + Span::mins(90));
    }
}
