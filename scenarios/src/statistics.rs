//! Estimates with 95% intervals: what many runs say, and how sure that is.
//!
//! Everything here is reporting: it is outside the digest. Sums run in the order of the runs, and quantiles of
//! distributions are rounded to ten digits, so that neither threads nor a platform's `ln` show in a result.

use std::ops::RangeInclusive;

use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

use crate::summary::Estimate;

/// Values of an availability, or of any other share.
pub const SHARE: RangeInclusive<f64> = 0.0..=1.0;

/// Probability left out at each end of an interval.
const TAIL: f64 = 0.025;

/// Mean of independent runs, with Student's interval cut to the `possible` values.
///
/// Two cases leave Student nothing to say. One run bounds nothing: the interval is all that is possible. And where
/// every run met the same extreme value, the [`rule_of_three`] says how many others could be different.
pub fn mean(values: &[f64], possible: RangeInclusive<f64>) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if values.len() < 2 {
        return anything(mean, &possible);
    }
    if squares == 0.0 && (mean == *possible.start() || mean == *possible.end()) {
        return unanimous(mean, values.len() as u64, &possible);
    }
    around(mean, student_t(values.len()) * (squares / (n - 1.0) / n).sqrt(), &possible)
}

/// Share of `parts` in `wholes` over all runs, `(part, whole)` each, with the interval of the ratio estimator
/// (delta method; Cochran, Sampling Techniques, 6.4). Zero if the wholes are.
///
/// Unlike the mean of the runs' own shares it gives each request the same weight.
pub fn ratio(runs: &[(f64, f64)]) -> Estimate {
    let n = runs.len() as f64;
    let part: f64 = runs.iter().map(|run| run.0).sum();
    let whole: f64 = runs.iter().map(|run| run.1).sum();
    if whole <= 0.0 {
        return Estimate { value: 0.0, low: 0.0, high: 0.0 };
    }
    let ratio = part / whole;
    if runs.len() < 2 {
        return anything(ratio, &SHARE);
    }
    if ratio == 0.0 || ratio == 1.0 {
        return unanimous(ratio, runs.len() as u64, &SHARE);
    }
    let squares: f64 = runs.iter().map(|run| run.0 - ratio * run.1).map(|residual| residual * residual).sum();
    around(ratio, student_t(runs.len()) * (squares * n / (n - 1.0)).sqrt() / whole, &SHARE)
}

/// Mean number of rare occurrences per unit of time; `exposure` is the time of all runs together.
///
/// Nothing seen in all that time still allows a rate of three per `exposure`.
pub fn rate(per_run: &[f64], exposure: f64) -> Estimate {
    if per_run.iter().all(|rate| *rate == 0.0) {
        return Estimate { value: 0.0, low: 0.0, high: 3.0 / exposure };
    }
    mean(per_run, 0.0..=f64::INFINITY)
}

/// `hits` of `n` with Wilson's score interval: close to 95% on average; for tables and charts.
pub fn wilson(hits: u64, n: u64) -> Estimate {
    const Z: f64 = 1.959_963_984_540_054; // normal quantile of 97.5%
    if n == 0 {
        return Estimate { value: 0.0, low: 0.0, high: 1.0 };
    }
    let (share, n) = (hits as f64 / n as f64, n as f64);
    let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let spread = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let estimate = around(centre, spread, &SHARE);
    Estimate { value: share, low: estimate.low.min(share), high: estimate.high.max(share) }
}

/// `hits` of `n` with the interval of Clopper and Pearson: at least 95%, whatever the truth; for promises.
pub fn clopper_pearson(hits: u64, n: u64) -> Estimate {
    let (k, all) = (hits as f64, n as f64);
    let value = if n == 0 { 0.0 } else { k / all };
    let low = if hits == 0 { 0.0 } else { beta_quantile(k, all - k + 1.0, TAIL) };
    let high = if hits == n { 1.0 } else { beta_quantile(k + 1.0, all - k, 1.0 - TAIL) };
    Estimate { value, low, high }
}

/// The greatest share (95% sure, one-sided) of a thing that was seen in none of `n` runs: 3 in n.
pub fn rule_of_three(n: u64) -> f64 {
    (3.0 / n as f64).min(1.0)
}

/// Quantile of `ascending`, not empty: the least value that a share of `probability` does not exceed.
///
/// The interval lies between two order statistics (David and Nagaraja, Order Statistics, 7.1) and assumes nothing
/// about the distribution. An end that too few runs bound is the end of the `possible` values.
pub fn quantile(ascending: &[f64], probability: f64, possible: RangeInclusive<f64>) -> Estimate {
    let n = ascending.len();
    let rank = ((probability * n as f64).ceil() as usize).clamp(1, n);
    let below = Binomial::new(probability, n as u64).expect("a probability");
    let low_rank = below.inverse_cdf(TAIL) as usize;
    let high_rank = below.inverse_cdf(1.0 - TAIL) as usize + 1;
    let at = |rank: usize| rank.checked_sub(1).and_then(|index| ascending.get(index)).copied();
    Estimate {
        value: ascending[rank - 1],
        low: at(low_rank).unwrap_or(*possible.start()),
        high: at(high_rank).unwrap_or(*possible.end()),
    }
}

/// 97.5% quantile of Student's distribution for a mean of `n` values.
fn student_t(n: usize) -> f64 {
    let distribution = StudentsT::new(0.0, 1.0, (n - 1) as f64).expect("at least two values");
    ten_digits(distribution.inverse_cdf(1.0 - TAIL))
}

fn beta_quantile(a: f64, b: f64, probability: f64) -> f64 {
    ten_digits(Beta::new(a, b).expect("positive shapes").inverse_cdf(probability))
}

fn ten_digits(value: f64) -> f64 {
    format!("{value:.9e}").parse().expect("a number that was just written")
}

fn around(value: f64, half_width: f64, possible: &RangeInclusive<f64>) -> Estimate {
    Estimate {
        value,
        low: (value - half_width).max(*possible.start()),
        high: (value + half_width).min(*possible.end()),
    }
}

fn anything(value: f64, possible: &RangeInclusive<f64>) -> Estimate {
    Estimate { value, low: *possible.start(), high: *possible.end() }
}

/// All of `n` runs gave `value`: a share of 3 in n may be anywhere else.
fn unanimous(value: f64, n: u64, possible: &RangeInclusive<f64>) -> Estimate {
    let others = rule_of_three(n);
    let towards = |end: f64| if end.is_finite() { value + others * (end - value) } else { value };
    Estimate { value, low: towards(*possible.start()), high: towards(*possible.end()) }
}

#[cfg(test)]
mod tests;
