//! Mean of independent runs, and what every other estimator over runs shares with it: values and their deviations.

use std::ops::RangeInclusive;

use super::{Estimate, Method, TAIL, at_most, skewed, special};

/// The skewness of the mean up to which Student's interval is used as it is: there its error is below half a point.
const STRAIGHT: f64 = 0.05;

/// Mean of independent runs, with an interval cut to the `possible` values: Student's, corrected for skewness where
/// that matters.
///
/// Two cases leave nothing to correct. One run bounds nothing: the interval is all that is possible. And where every
/// run met the same extreme value, [`at_most`] says how many others could be different.
pub fn mean(values: &[f64], possible: RangeInclusive<f64>) -> Estimate {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    around(TAIL, mean, &deviations, &possible)
}

/// The interval of an estimate that is `value` plus the mean of `deviations`, one for each run, whose sum is zero, with
/// a probability of `tail` beyond each end.
pub(super) fn around(tail: f64, value: f64, deviations: &[f64], possible: &RangeInclusive<f64>) -> Estimate {
    let n = deviations.len() as f64;
    if deviations.len() < 2 {
        return Estimate { value, low: *possible.start(), high: *possible.end(), method: Method::OneRun };
    }
    let squares: f64 = deviations.iter().map(|d| d * d).sum();
    if squares == 0.0 {
        return all_alike(value, deviations.len() as u64, possible);
    }
    let error = (squares / (n - 1.0) / n).sqrt();
    let student = special::student_quantile(1.0 - tail, n - 1.0);
    let skewness = skewness_of_mean(deviations, squares);
    let (method, (below, above)) = match skewness.abs() <= STRAIGHT {
        true => (Method::Student, (student, student)),
        false => (Method::SkewedStudent, skewed::reach(student, skewness)),
    };
    Estimate {
        value,
        low: (value - below * error).max(*possible.start()),
        high: (value + above * error).min(*possible.end()),
        method,
    }
}

/// Skewness of the values, divided by the root of their number.
fn skewness_of_mean(deviations: &[f64], squares: f64) -> f64 {
    let cubes: f64 = deviations.iter().map(|d| d * d * d).sum();
    cubes / (squares * squares.sqrt())
}

/// All of `n` runs gave `value`: at an end of what is possible, a share of [`at_most`] may be anywhere else.
fn all_alike(value: f64, n: u64, possible: &RangeInclusive<f64>) -> Estimate {
    if value != *possible.start() && value != *possible.end() {
        return Estimate { value, low: value, high: value, method: Method::Student };
    }
    let others = at_most(n);
    let towards = |end: f64| if end.is_finite() { value + others * (end - value) } else { value };
    Estimate {
        value,
        low: towards(*possible.start()),
        high: towards(*possible.end()),
        method: Method::AllAlike,
    }
}
