//! Durations as people write them: `30s`, `1h30m`, `30d`, `1y`. A year is 365 days; months have no fixed length.

use std::borrow::Cow;
use std::str::FromStr;

use jiff::SpanRelativeTo;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use sim_core::time::Span;

use crate::scalar;

/// A duration in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub Span);

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Duration, String> {
        let text = text.trim();
        if text.parse::<f64>().is_ok_and(|number| number != 0.0) {
            return Err(format!("`{text}` has no unit: write {text}s, {text}m, {text}h or {text}d"));
        }
        if text == "0" {
            return Ok(Duration(Span::ZERO));
        }
        let span: jiff::Span =
            text.parse().map_err(|_| format!("`{text}` is not a duration such as 30s, 1h30m or 7d"))?;
        nanoseconds(span, text).map(|nanos| Duration(Span::nanos(nanos)))
    }
}

fn nanoseconds(span: jiff::Span, text: &str) -> Result<u64, String> {
    if span.get_months() != 0 {
        return Err(format!("`{text}` has months, which have no fixed length: use days"));
    }
    let years = i128::from(span.get_years()) * i128::from(Span::days(365).0);
    let rest =
        span.years(0).to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|error| error.to_string())?;
    u64::try_from(years + rest.as_nanos()).map_err(|_| match span.is_negative() {
        true => format!("`{text}` is negative"),
        false => format!("`{text}` is longer than 584 years"),
    })
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        scalar::deserialize(deserializer, "a duration such as 30s, 1h30m or 7d")
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A duration with its unit: 30s, 1h30m, 7d, 2w, 1y (365 days).",
            "examples": ["30s", "1h30m", "7d"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> Result<u64, String> {
        text.parse::<Duration>().map(|duration| duration.0.0)
    }

    #[test]
    fn units_that_people_write() {
        for (text, span) in [
            ("30s", Span::secs(30)),
            ("1h30m", Span::mins(90)),
            ("500ms", Span::millis(500)),
            ("1.5h", Span::mins(90)),
            ("7d", Span::days(7)),
            ("2w", Span::days(14)),
            ("1y", Span::days(365)),
            ("PT1H", Span::hours(1)),
            ("0", Span::ZERO),
        ] {
            assert_eq!(nanos(text), Ok(span.0), "{text}");
        }
    }

    #[test]
    fn ambiguous_and_impossible_durations_are_refused() {
        for (text, reason) in [
            ("90", "has no unit"),
            ("1mo", "months"),
            ("-5m", "negative"),
            ("700y", "longer than"),
            ("soon", "not a duration"),
            ("", "not a duration"),
        ] {
            let error = nanos(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
