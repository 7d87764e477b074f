//! Sequential stopping: run until an interval is narrow enough, or a cap is reached.
//!
//! Runs are made in rounds of fixed sizes, and only the end of a round decides. So the result does not depend on threads,
//! and there are few looks: who looks after every run stops on lucky streaks, and intervals then cover less than they
//! claim (Chow and Robbins, Ann. Math. Statist. 36, 1965, need many runs before the first look). How often these
//! intervals hold the truth all the same is tested (`tests/coverage`).

use std::fmt;
use std::str::FromStr;

use sim_core::spec::Measure;

use crate::record::RunRecord;
use crate::statistics::Estimate;
use crate::summarize::availabilities;

/// Runs after which the cap is reached unless another is given.
pub const MOST_RUNS: u64 = 10_000;

/// Runs before the first look: with 50, one interval in twenty was stopped by luck where repairs have a heavy tail.
pub const FIRST_LOOK: u64 = 100;

/// What to wait for, of every service at every design point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Until {
    /// Which availability.
    pub measure: Measure,
    /// How far its interval may reach from its value.
    pub precision: Precision,
}

/// A half-width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Precision {
    /// Of the availability, as a share.
    Absolute(f64),
    /// As a share of the unavailability.
    Relative(f64),
}

impl Until {
    /// Whether an availability is known well enough.
    pub fn is_reached_by(&self, availability: &Estimate) -> bool {
        let allowed = match self.precision {
            Precision::Absolute(width) => width,
            Precision::Relative(share) => share * (1.0 - availability.value),
        };
        availability.half_width() <= allowed
    }

    /// Whether that of every service is, in the runs of every design point.
    pub fn is_reached(&self, points: &[Vec<RunRecord>]) -> bool {
        let mut services = points.iter().flat_map(|runs| availabilities(runs, self.measure));
        services.all(|availability| self.is_reached_by(&availability))
    }
}

/// Runs at each design point by the end of the round that follows one at `runs`: half as many again, at most `cap`.
pub fn next_look(runs: u64, cap: u64) -> u64 {
    (runs + runs.div_ceil(2)).min(cap)
}

impl FromStr for Until {
    type Err = String;

    /// `availability ±0.0001`, `time availability 10%`.
    fn from_str(text: &str) -> Result<Until, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (measure, precision) = match words[..] {
            ["availability", precision] => (Measure::Request, precision),
            [measure, "availability", precision] => (measure_named(measure)?, precision),
            _ => return Err(EXPECTED.to_owned()),
        };
        Ok(Until { measure, precision: precision.parse()? })
    }
}

const EXPECTED: &str = "write `availability ±0.0001` for a half-width of the availability, or `availability 10%` for \
     one of the unavailability; `time` or `capacity` may stand before it";

fn measure_named(name: &str) -> Result<Measure, String> {
    match name {
        "request" => Ok(Measure::Request),
        "time" => Ok(Measure::Time),
        "capacity" => Ok(Measure::Capacity),
        _ => Err(format!("`{name}` availability is not measured: there is request, time and capacity")),
    }
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(text: &str) -> Result<Precision, String> {
        let absolute = ["±", "+/-", "+-"].iter().find_map(|sign| text.strip_prefix(sign));
        let (digits, precision): (&str, fn(f64) -> Precision) = match (absolute, text.strip_suffix('%')) {
            (Some(share), _) => (share, Precision::Absolute),
            (None, Some(percent)) => (percent, |percent| Precision::Relative(percent / 100.0)),
            (None, None) => return Err(EXPECTED.to_owned()),
        };
        let number: f64 = digits.parse().map_err(|_| EXPECTED.to_owned())?;
        if !(number > 0.0 && number.is_finite()) {
            return Err("a half-width is more than zero".to_owned());
        }
        Ok(precision(number))
    }
}

impl fmt::Display for Until {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.measure {
            Measure::Request => {}
            Measure::Time => write!(out, "time ")?,
            Measure::Capacity => write!(out, "capacity ")?,
        }
        match self.precision {
            Precision::Absolute(width) => write!(out, "availability ±{width}"),
            Precision::Relative(share) => write!(out, "availability {}%", share * 100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Method;

    #[test]
    fn what_people_type() {
        let until = |text: &str| text.parse::<Until>();
        let absolute = |measure| Until { measure, precision: Precision::Absolute(1e-4) };
        assert_eq!(until("availability ±0.0001"), Ok(absolute(Measure::Request)));
        assert_eq!(until("time availability +/-1e-4"), Ok(absolute(Measure::Time)));
        assert_eq!(until(" capacity  availability +-0.0001 "), Ok(absolute(Measure::Capacity)));
        let relative = Until { measure: Measure::Request, precision: Precision::Relative(0.1) };
        assert_eq!(until("request availability 10%"), Ok(relative));
        for text in ["availability ±0.0001", "time availability ±0.0001", "availability 2.5%"] {
            assert_eq!(until(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_cannot_be_meant() {
        for text in [
            "",
            "availability",
            "availability 0.1",
            "availability ±0",
            "availability -5%",
            "±0.1",
            "availability ±x",
        ] {
            assert!(text.parse::<Until>().is_err(), "{text}");
        }
        let error = "node availability ±0.1".parse::<Until>().unwrap_err();
        assert!(error.contains("request, time and capacity"), "{error}");
    }

    #[test]
    fn the_farther_end_decides() {
        let estimate = Estimate { value: 0.99, low: 0.985, high: 0.992, method: Method::SkewedStudent };
        let reached = |text: &str| text.parse::<Until>().unwrap().is_reached_by(&estimate);
        assert!(reached("availability ±0.0051") && !reached("availability ±0.0049"));
        assert!(reached("availability 51%") && !reached("availability 49%"));
    }

    #[test]
    fn what_never_failed_has_no_relative_precision() {
        let perfect = Estimate { value: 1.0, low: 0.9999, high: 1.0, method: Method::AllAlike };
        assert!(!"availability 50%".parse::<Until>().unwrap().is_reached_by(&perfect));
        assert!("availability ±0.001".parse::<Until>().unwrap().is_reached_by(&perfect));
    }

    #[test]
    fn rounds_grow_by_half_up_to_the_cap() {
        let looks: Vec<u64> =
            std::iter::successors(Some(100), |&runs| (runs < 600).then(|| next_look(runs, 600))).collect();
        assert_eq!(looks, [100, 150, 225, 338, 507, 600]);
        assert_eq!(next_look(1, 10), 2);
    }
}
