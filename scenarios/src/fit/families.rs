//! Families of distributions: their most likely parameters, likelihood and distribution function.

use serde::Serialize;
use sim_core::spec::Distribution;
use sim_core::time::Span;

use crate::special::{digamma, gamma_cdf, normal_cdf};

/// A family of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// One parameter, its mean.
    Exponential,
    /// Shape and scale.
    Weibull,
    /// Sigma and median.
    Lognormal,
    /// Shape and scale.
    Gamma,
}

/// ln sqrt(2 pi)
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

impl Family {
    /// All of them.
    pub const ALL: [Family; 4] = [Family::Exponential, Family::Weibull, Family::Lognormal, Family::Gamma];

    /// How many parameters are fitted.
    pub fn parameters(self) -> f64 {
        if self == Family::Exponential { 1.0 } else { 2.0 }
    }

    /// The distribution with this shape and scale.
    pub fn distribution(self, shape: f64, scale: Span) -> Distribution {
        match self {
            Family::Exponential => Distribution::Exponential { mean: scale },
            Family::Weibull => Distribution::Weibull { shape, scale },
            Family::Lognormal => Distribution::Lognormal { median: scale, sigma: shape },
            Family::Gamma => Distribution::Gamma { shape, scale },
        }
    }

    /// Shape and scale that make the times most likely.
    pub fn most_likely(self, times: &[f64]) -> (f64, f64) {
        let mean = mean(times.iter().copied());
        let mean_log = self::mean(times.iter().map(|time| libm::log(*time)));
        match self {
            Family::Exponential => (1.0, mean),
            Family::Weibull => weibull(times, mean_log),
            Family::Lognormal => {
                let squares = times.iter().map(|time| libm::log(*time) - mean_log).map(|d| d * d);
                (libm::sqrt(self::mean(squares)), libm::exp(mean_log))
            }
            Family::Gamma => {
                // ln shape - digamma(shape) falls from infinity to 0.
                let spread = libm::log(mean) - mean_log;
                let shape = root(|shape| spread - (libm::log(shape) - digamma(shape)));
                (shape, mean / shape)
            }
        }
    }

    /// The logarithm of the likelihood.
    pub fn log_likelihood(self, times: &[f64], shape: f64, scale: f64) -> f64 {
        let density = |time: &f64| {
            let x = time / scale;
            let log = libm::log(x);
            match self {
                Family::Exponential => -x,
                Family::Weibull => libm::log(shape) + (shape - 1.0) * log - libm::exp(shape * log),
                Family::Lognormal => {
                    let z = log / shape;
                    -z * z / 2.0 - log - libm::log(shape) - LN_SQRT_2PI
                }
                Family::Gamma => (shape - 1.0) * log - x - libm::lgamma(shape),
            }
        };
        times.iter().map(density).sum::<f64>() - times.len() as f64 * libm::log(scale)
    }

    /// Share of times up to `time`.
    pub fn cdf(self, time: f64, shape: f64, scale: f64) -> f64 {
        let x = time / scale;
        match self {
            Family::Exponential => -libm::expm1(-x),
            Family::Weibull => -libm::expm1(-libm::pow(x, shape)),
            Family::Lognormal => normal_cdf(libm::log(x) / shape),
            Family::Gamma => gamma_cdf(shape, x),
        }
    }
}

/// The shape at which sum(x^k ln x) / sum(x^k) - 1/k is the mean of ln x; it rises with k. Times are taken relative to the
/// longest, so that no power overflows.
fn weibull(times: &[f64], mean_log: f64) -> (f64, f64) {
    let longest = libm::log(times.iter().copied().fold(0.0, f64::max));
    let logs: Vec<f64> = times.iter().map(|time| libm::log(*time) - longest).collect();
    let powers = |shape: f64| {
        logs.iter().fold((0.0, 0.0), |(sum, weighted), log| {
            let power = libm::exp(shape * log);
            (sum + power, weighted + power * log)
        })
    };
    let shape = root(|shape| {
        let (sum, weighted) = powers(shape);
        weighted / sum - 1.0 / shape - (mean_log - longest)
    });
    let (sum, _) = powers(shape);
    (shape, libm::exp(longest + libm::log(sum / times.len() as f64) / shape))
}

/// Where a rising function of a shape is zero, by bisection of the shape's logarithm.
fn root(function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (libm::log(1e-3), libm::log(1e5));
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        if function(libm::exp(middle)) < 0.0 { low = middle } else { high = middle }
    }
    libm::exp((low + high) / 2.0)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
