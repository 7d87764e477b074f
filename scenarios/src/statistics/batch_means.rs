//! One long run, cut into batches that are taken for runs.

use super::ratio::ratio;
use super::{Estimate, Method};

/// Batches of a run: enough for Student's quantile to be small, few enough for each to be long (Schmeiser, Oper. Res. 30,
/// 1982: between 10 and 30).
pub const BATCHES: usize = 30;

/// Share of the parts in the wholes of a series of equal slots of time, `(part, whole)` each, with the interval over
/// batches of neighbouring slots. It holds where a batch is long beside what makes neighbours alike: many times the
/// mean time between outages, and their length.
pub fn batch_means(slots: &[(f64, f64)]) -> Estimate {
    let batches: Vec<(f64, f64)> = (0..BATCHES).map(|batch| sums(&slots[part(slots.len(), batch)])).collect();
    let estimate = ratio(&batches);
    match estimate.method {
        Method::Student | Method::SkewedStudent => Estimate { method: Method::BatchMeans, ..estimate },
        _ => estimate,
    }
}

fn part(slots: usize, batch: usize) -> std::ops::Range<usize> {
    slots * batch / BATCHES..slots * (batch + 1) / BATCHES
}

fn sums(slots: &[(f64, f64)]) -> (f64, f64) {
    slots.iter().fold((0.0, 0.0), |sum, slot| (sum.0 + slot.0, sum.1 + slot.1))
}
