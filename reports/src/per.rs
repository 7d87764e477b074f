//! What downtime is counted for: a year; or one run, where runs are too short to speak of years.

use scenarios::summary::SweepResult;

use crate::words::YEAR_S;

/// From this span on, a run says something about a year.
const LEAST_FOR_A_YEAR_S: f64 = 28.0 * 86_400.0;

/// The span that downtime and outages are counted for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Per {
    /// A year of 365 days.
    Year,
    /// The measured span of one run, in seconds.
    Run(f64),
}

impl Per {
    /// What suits a result.
    pub fn of(result: &SweepResult) -> Per {
        Per::of_span(result.measured_s)
    }

    /// What suits runs of so many seconds.
    pub fn of_span(measured_s: f64) -> Per {
        if measured_s < LEAST_FOR_A_YEAR_S { Per::Run(measured_s) } else { Per::Year }
    }

    /// Behind a slash: `yr`, `run`.
    pub fn unit(self) -> &'static str {
        match self {
            Per::Year => "yr",
            Per::Run(_) => "run",
        }
    }

    /// In a sentence: `a year`, `a run`.
    pub fn words(self) -> &'static str {
        match self {
            Per::Year => "a year",
            Per::Run(_) => "a run",
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Per::Year => YEAR_S,
            Per::Run(seconds) => seconds,
        }
    }

    /// Downtime in seconds at an availability.
    pub fn downtime_s(self, availability: f64) -> f64 {
        (1.0 - availability) * self.seconds()
    }

    /// What a figure for a year is for this span.
    pub fn of_annual(self, annual: f64) -> f64 {
        match self {
            Per::Year => annual,
            Per::Run(seconds) => annual * seconds / YEAR_S,
        }
    }
}
