//! Kolmogorov and Smirnov's distance, with p-values that know that the parameters were fitted.
//!
//! The tables of the test are for distributions that are known beforehand; with fitted ones the distance is shorter
//! (Lilliefors, 1967). So samples of the fitted distribution are drawn, fitted anew, and compared: a parametric bootstrap
//! (Stute, Gonzales Manteiga and Presedo Quindimil, 1993).

use rayon::prelude::*;
use sim_core::Seed;
use sim_core::rng::{EntityKey, Luck, Purpose};
use sim_core::time::Span;

use super::families::Family;

/// Times that all samples together draw, about.
const BUDGET: usize = 500_000;
/// Samples are at least so many, and at most.
const SAMPLES: (usize, usize) = (99, 999);
/// Of samples, since distances do not depend on the scale.
const SCALE: Span = Span::days(1);

/// The greatest distance between the shares of ascending times and a distribution function.
pub fn distance(times: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let count = times.len() as f64;
    let at = |(rank, time): (usize, &f64)| {
        let share = cdf(*time);
        (share - rank as f64 / count).max((rank + 1) as f64 / count - share)
    };
    times.iter().enumerate().map(at).fold(0.0, f64::max)
}

/// Share of samples of so many times that are at least `observed` away from their own fit, the observed one included.
pub fn p_value(family: Family, shape: f64, count: usize, observed: f64) -> f64 {
    let samples = (BUDGET / count).clamp(SAMPLES.0, SAMPLES.1);
    let farther = (0..samples).into_par_iter().filter(|at| sampled(family, shape, count, *at) >= observed);
    (farther.count() + 1) as f64 / (samples + 1) as f64
}

fn sampled(family: Family, shape: f64, count: usize, index: usize) -> f64 {
    let luck = Luck::new(Seed { master: 42, run: 0 });
    let mut draw = luck.draw(Purpose::TimeToFailure, EntityKey::new("fit"), index as u64);
    let distribution = family.distribution(shape, SCALE);
    // No time is zero, even where a shape is so small that half of them round to it.
    let time = |_| distribution.sample(&mut draw).max(Span::nanos(1)).as_secs_f64();
    let mut times: Vec<f64> = (0..count).map(time).collect();
    times.sort_by(f64::total_cmp);
    let (shape, scale) = family.most_likely(&times);
    distance(&times, |time| family.cdf(time, shape, scale))
}
