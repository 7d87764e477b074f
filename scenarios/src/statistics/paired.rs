//! Two designs under the same luck: the difference of their shares, run by run.

use super::Estimate;
use super::mean::around;
use super::ratio::linear;

/// A difference, and what it gained from the same luck on both sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Share of the second less share of the first.
    pub estimate: Estimate,
    /// Variance that the difference would have with independent runs, divided by the one that it has: as many times as
    /// many unpaired runs would say as much. None where the difference has no variance.
    pub saved: Option<f64>,
}

/// Difference of two [`super::ratio`]s, paired run by run (common random numbers; Law, Simulation Modeling and Analysis,
/// 11.2), with `tail` beyond each end of the interval. None if a whole is zero, or the numbers of runs differ.
pub fn difference(tail: f64, first: &[(f64, f64)], second: &[(f64, f64)]) -> Option<Difference> {
    let ((a, of_a), (b, of_b)) = (linear(first)?, linear(second)?);
    if of_a.len() != of_b.len() {
        return None;
    }
    let apart: Vec<f64> = of_a.iter().zip(&of_b).map(|(a, b)| b - a).collect();
    let squares = |deviations: &[f64]| deviations.iter().map(|d| d * d).sum::<f64>();
    let own = squares(&apart);
    let estimate = around(tail, b - a, &apart, &(-1.0..=1.0));
    Some(Difference { estimate, saved: (own > 0.0).then(|| (squares(&of_a) + squares(&of_b)) / own) })
}
