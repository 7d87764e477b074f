//! How often something happens per unit of time.

use super::mean::mean;
use super::{Estimate, Method, SURE};

/// Mean number of occurrences per unit of time; `exposure` is the time of all runs together.
///
/// Nothing seen in all that time still allows a rate of -ln 5% = 3.00 per `exposure` (95% sure; the zero of a Poisson
/// process).
pub fn rate(per_run: &[f64], exposure: f64) -> Estimate {
    if per_run.iter().all(|rate| *rate == 0.0) {
        let high = -libm::log(1.0 - SURE) / exposure;
        return Estimate { value: 0.0, low: 0.0, high, method: Method::NoneSeen };
    }
    mean(per_run, 0.0..=f64::INFINITY)
}
