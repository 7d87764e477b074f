//! Quantiles over runs, such as the downtime that 95% of the years stay below.

use std::ops::RangeInclusive;

use super::special::{binomial_mass, binomial_quantile};
use super::{Estimate, Method, TAIL};

/// Quantile of `ascending`, not empty: the least value that a share of `probability` does not exceed.
///
/// The interval lies between two order statistics (David and Nagaraja, Order Statistics, 7.1) and assumes nothing
/// about the distribution. An end that too few runs bound is the end of the `possible` values.
pub fn quantile(ascending: &[f64], probability: f64, possible: RangeInclusive<f64>) -> Estimate {
    let n = ascending.len();
    let rank = ((probability * n as f64).ceil() as usize).clamp(1, n);
    let (low, high) = ranks(n as u64, probability);
    let at = |rank: u64| rank.checked_sub(1).and_then(|index| ascending.get(index as usize)).copied();
    Estimate {
        value: ascending[rank - 1],
        low: at(low).unwrap_or(*possible.start()),
        high: at(high).unwrap_or(*possible.end()),
        method: Method::OrderStatistics,
    }
}

/// Ranks, counted from 1, between which the quantile lies with 95%; 0 and n + 1 are beyond the sample. They begin with
/// 2.5% at each end, and draw together as long as 95% are kept: there are gaps between what ranks can offer.
fn ranks(n: u64, probability: f64) -> (u64, u64) {
    let mass = |hits: u64| binomial_mass(hits, n, probability);
    let mut low = binomial_quantile(TAIL, n, probability);
    let mut high = binomial_quantile(1.0 - TAIL, n, probability) + 1;
    let mut spare = (low..high).map(mass).sum::<f64>() - (1.0 - 2.0 * TAIL);
    while high - low > 1 {
        let (left, right) = (mass(low), mass(high - 1));
        if left.min(right) > spare {
            break;
        }
        spare -= left.min(right);
        (low, high) = if left < right { (low + 1, high) } else { (low, high - 1) };
    }
    (low, high)
}
