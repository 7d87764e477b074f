//! Schedules of CronJobs, as `cron.ParseStandard` of robfig/cron v3 reads them.

use std::ops::RangeInclusive;

use sim_core::spec::{Fields, Moments};
use sim_core::time::Span;

/// A field: which numbers it has, and names for the first of them.
struct Field {
    title: &'static str,
    range: RangeInclusive<u32>,
    names: &'static [&'static str],
}

const MINUTE: Field = Field { title: "minute", range: 0..=59, names: &[] };
const HOUR: Field = Field { title: "hour", range: 0..=23, names: &[] };
const DAY: Field = Field { title: "day of the month", range: 1..=31, names: &[] };
const MONTH: Field = Field {
    title: "month",
    range: 1..=12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAY: Field = Field {
    title: "day of the week",
    range: 0..=6,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// The moments that a schedule names, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Moments, String> {
    let text = text.trim();
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Err("a time zone has no place in a schedule".to_owned());
    }
    if let Some(gap) = text.strip_prefix("@every ") {
        return every(gap);
    }
    let text = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        other => other,
    };
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return Err(format!("it has {} fields, not five", fields.len()));
    };
    let ((days, any_day), (weekdays, any_weekday)) = (DAY.parse(day)?, WEEKDAY.parse(weekday)?);
    Ok(Moments::Fields(Fields {
        minutes: MINUTE.parse(minute)?.0,
        hours: HOUR.parse(hour)?.0,
        days,
        months: MONTH.parse(month)?.0,
        weekdays,
        both_days: any_day || any_weekday,
    }))
}

/// Parts of a second are left out, and less than one is one (`cron.Every`).
fn every(gap: &str) -> Result<Moments, String> {
    let parsed: crate::duration::Duration = gap.trim().parse()?;
    Ok(Moments::Every(Span::secs((parsed.0.0 / Span::secs(1).0).max(1))))
}

impl Field {
    /// The numbers as bits, and whether it is `*`.
    fn parse(&self, text: &str) -> Result<(u64, bool), String> {
        let parts: Vec<(u64, bool)> =
            text.split(',').map(|part| self.part(part)).collect::<Result<_, _>>()?;
        Ok(parts.into_iter().fold((0, false), |(bits, any), (more, star)| (bits | more, any || star)))
    }

    /// `*`, `7`, `1-5`, `*/2`, `1-9/2`; `3/2` goes on to the end.
    fn part(&self, text: &str) -> Result<(u64, bool), String> {
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(self.number(step)?)),
            None => (text, None),
        };
        let is_star = matches!(range, "*" | "?");
        let (low, high) = match range.split_once('-') {
            _ if is_star => (*self.range.start(), *self.range.end()),
            Some((low, high)) => (self.value(low)?, self.value(high)?),
            None if step.is_some() => (self.value(range)?, *self.range.end()),
            None => (self.value(range)?, self.value(range)?),
        };
        if low > high || step == Some(0) {
            return Err(format!("`{text}` names no {}", self.title));
        }
        let bits = (low..=high).step_by(step.unwrap_or(1) as usize).fold(0, |bits, at| bits | 1 << at);
        Ok((bits, is_star && step.is_none_or(|step| step == 1)))
    }

    /// A number or a name.
    fn value(&self, text: &str) -> Result<u32, String> {
        let name = text.to_ascii_lowercase();
        if let Some(at) = self.names.iter().position(|other| *other == name) {
            return Ok(at as u32 + self.range.start());
        }
        let number = self.number(text)?;
        let out_of_range = || {
            format!("{number} is not a {} from {} to {}", self.title, self.range.start(), self.range.end())
        };
        self.range.contains(&number).then_some(number).ok_or_else(out_of_range)
    }

    fn number(&self, text: &str) -> Result<u32, String> {
        text.parse().map_err(|_| format!("`{text}` is not a {}", self.title))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        match parse(text) {
            Ok(Moments::Fields(fields)) => fields,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn numbers_names_ranges_and_steps_are_read() {
        assert_eq!(fields("*/20 * * * *").minutes, 1 | 1 << 20 | 1 << 40);
        assert_eq!(fields("5,50-52 * * * *").minutes, 1 << 5 | 0b111 << 50);
        assert_eq!(fields("0 9-17/4 * * *").hours, 1 << 9 | 1 << 13 | 1 << 17);
        assert_eq!(fields("0 20/2 * * *").hours, 1 << 20 | 1 << 22);
        assert_eq!(fields("0 0 * * Mon-fri").weekdays, 0b11_1110);
        assert_eq!(fields("0 0 1 JAN,12 *").months, 1 << 1 | 1 << 12);
        assert_eq!(fields("@weekly"), fields("0 0 * * sun"));
        assert_eq!(parse("@every 1h30m"), Ok(Moments::Every(Span::mins(90))));
    }

    #[test]
    fn days_of_both_kinds_are_alternatives_unless_one_is_any() {
        assert!(fields("0 0 13 * *").both_days && fields("0 0 * * 5").both_days);
        assert!(!fields("0 0 13 * 5").both_days && !fields("0 0 */2 * 5").both_days);
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in
            ["", "* * * *", "60 * * * *", "0 0 0 * *", "0 0 * * 7", "5-1 * * * *", "*/0 * * * *", "@often"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
