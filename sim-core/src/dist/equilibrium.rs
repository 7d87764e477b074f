//! Durations met in the middle: how long a renewal process that has run for ever still stays as it is.
//!
//! Whoever looks at a random instant meets a long duration more easily than a short one. The duration met has the
//! length-biased density x f(x) / mean, and the instant lies anywhere in it, so what remains of it has the density
//! (1 - F(x)) / mean: the equilibrium distribution (Cox, "Renewal Theory", 1962, chapter 5).

use super::{exponential, float, gamma, nanos, normal, pick_weighted, triangular};
use crate::rng::Draw;
use crate::spec::Distribution;
use crate::time::Span;

impl Distribution {
    /// What remains, at a random instant, of a duration that is under way. The mean must be finite.
    pub fn residual(&self, draw: &mut Draw) -> Span {
        let whole = self.length_biased(draw);
        nanos(float(whole) * draw.unit())
    }

    /// A duration with a chance in proportion to its length.
    fn length_biased(&self, draw: &mut Draw) -> Span {
        match self {
            Distribution::Deterministic(span) => *span,
            Distribution::Exponential { mean } => nanos(float(*mean) * gamma(2.0, draw)),
            Distribution::Weibull { shape, scale } => {
                // (x / scale)^shape is a gamma variable with 1 + 1 / shape.
                nanos(float(*scale) * libm::pow(gamma(1.0 + 1.0 / shape, draw), 1.0 / shape))
            }
            Distribution::Gamma { shape, scale } => nanos(float(*scale) * gamma(shape + 1.0, draw)),
            Distribution::Lognormal { median, sigma } => {
                nanos(float(*median) * libm::exp(sigma * sigma + sigma * normal(draw)))
            }
            Distribution::Uniform { low, high } => {
                let (low, high) = (float(*low), float(*high));
                nanos((low * low + draw.unit() * (high * high - low * low)).sqrt())
            }
            Distribution::Triangular { low, mode, high } => {
                nanos(biased_triangular(float(*low), float(*mode), float(*high), draw))
            }
            Distribution::Pareto { shape, scale } => {
                assert!(*shape > 1.0, "an infinite mean has no equilibrium");
                nanos(float(*scale) * libm::exp(exponential(draw) / (shape - 1.0)))
            }
            Distribution::Empirical(samples) => {
                samples[pick_weighted(samples.iter().map(|sample| float(*sample)), draw)]
            }
            Distribution::Mixture(parts) => {
                let by_time = parts.iter().map(|(weight, part)| weight * float(part.mean()));
                parts[pick_weighted(by_time, draw)].1.length_biased(draw)
            }
        }
    }
}

/// By rejection: a sample is kept with a chance in proportion to its length.
fn biased_triangular(low: f64, mode: f64, high: f64, draw: &mut Draw) -> f64 {
    loop {
        let length = triangular(low, mode, high, draw);
        if draw.unit() * high <= length {
            return length;
        }
    }
}
