//! Estimates with 95% intervals: what many runs say, and how sure that is. One file an estimator; which measure uses
//! which, and how often each holds the truth, is in `docs/statistics.md`.
//!
//! Everything here is reporting: it is outside the digest. Sums run in the order of the runs, and logarithms and the
//! like come from the portable `libm`, so that neither threads nor a platform show in a result.

mod batch_means;
mod mean;
mod paired;
mod probability;
mod quantile;
mod rate;
mod ratio;
mod skewed;
mod special;
mod warm_up;

use std::ops::RangeInclusive;

use serde::Serialize;

pub use batch_means::{BATCHES, batch_means};
pub use mean::mean;
pub use paired::{Difference, difference};
pub use probability::{at_most, clopper_pearson, wilson};
pub use quantile::quantile;
pub use rate::rate;
pub use ratio::ratio;
pub use warm_up::mser5;

/// Values of an availability, or of any other share.
pub const SHARE: RangeInclusive<f64> = 0.0..=1.0;

/// Probability left out at each end of an interval.
pub const TAIL: f64 = 0.025;

/// How sure a one-sided statement is.
const SURE: f64 = 0.95;

/// A mean, proportion or quantile with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Best single value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How the interval was made.
    pub method: Method,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// There is none: the value is known, or nothing was measured.
    Nothing,
    /// Student's, over runs.
    Student,
    /// Student's, corrected for the skewness of the runs.
    SkewedStudent,
    /// Student's over batches of one long run, corrected for skewness where that matters.
    BatchMeans,
    /// One run bounds nothing: all that is possible.
    OneRun,
    /// Every run met the same extreme: how many others could have met another.
    AllAlike,
    /// Nothing was seen: how often it could happen all the same.
    NoneSeen,
    /// Wilson's score interval.
    Wilson,
    /// Clopper and Pearson's exact interval.
    ClopperPearson,
    /// Between two runs of the sample in order.
    OrderStatistics,
}

impl Method {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Nothing => "nothing",
            Method::Student => "student",
            Method::SkewedStudent => "skewedStudent",
            Method::BatchMeans => "batchMeans",
            Method::OneRun => "oneRun",
            Method::AllAlike => "allAlike",
            Method::NoneSeen => "noneSeen",
            Method::Wilson => "wilson",
            Method::ClopperPearson => "clopperPearson",
            Method::OrderStatistics => "orderStatistics",
        }
    }
}

impl Estimate {
    /// A value that is known.
    pub fn exactly(value: f64) -> Estimate {
        Estimate { value, low: value, high: value, method: Method::Nothing }
    }

    /// The farther of the two ends: what stands after ±.
    pub fn half_width(&self) -> f64 {
        (self.value - self.low).max(self.high - self.value)
    }

    /// The share that is left of the whole: availability for unavailability, and back.
    pub fn complement(self) -> Estimate {
        Estimate { value: 1.0 - self.value, low: 1.0 - self.high, high: 1.0 - self.low, ..self }
    }

    /// The same seen from the other side: what is lost for what is gained.
    pub fn mirrored(self) -> Estimate {
        Estimate { value: 0.0 - self.value, low: 0.0 - self.high, high: 0.0 - self.low, ..self }
    }

    /// The same in another unit.
    pub fn times(self, factor: f64) -> Estimate {
        Estimate { value: self.value * factor, low: self.low * factor, high: self.high * factor, ..self }
    }
}

#[cfg(test)]
mod tests;
