//! Ratio of two sums over runs, such as lost requests to all requests.

use super::mean::around;
use super::{Estimate, Method, SHARE, TAIL};

/// Share of `parts` in `wholes` over all runs, `(part, whole)` each, with the interval of the ratio estimator: that of
/// the mean of its linear deviations. Zero if the wholes are.
///
/// Unlike the mean of the runs' own shares it gives each request the same weight.
pub fn ratio(runs: &[(f64, f64)]) -> Estimate {
    match linear(runs) {
        Some((ratio, deviations)) => around(TAIL, ratio, &deviations, &SHARE),
        None => Estimate { value: 0.0, low: 0.0, high: 0.0, method: Method::Nothing },
    }
}

/// The ratio, and what each run moves it by: (part - ratio x whole) / mean whole (delta method; Cochran, Sampling
/// Techniques, 6.4). None if the wholes are zero.
///
/// The jackknife gives the same up to a share of 1/n of the spread of the wholes, which for requests is small.
pub fn linear(runs: &[(f64, f64)]) -> Option<(f64, Vec<f64>)> {
    let part: f64 = runs.iter().map(|run| run.0).sum();
    let whole: f64 = runs.iter().map(|run| run.1).sum();
    if whole <= 0.0 {
        return None;
    }
    let (ratio, mean_whole) = (part / whole, whole / runs.len() as f64);
    Some((ratio, runs.iter().map(|run| (run.0 - ratio * run.1) / mean_whole).collect()))
}
