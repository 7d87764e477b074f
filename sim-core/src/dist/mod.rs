//! Sampling durations: from random numbers to whole nanoseconds, the same on every machine.
//!
//! Logarithms and exponentials come from the portable `libm` crate and stay in this folder. Wherever possible a
//! sample is the inverse of the distribution function at one number, so that two designs with different
//! parameters but the same luck stay comparable; only gamma has to reject.

mod equilibrium;
mod normal;

use crate::rng::Draw;
use crate::spec::Distribution;
use crate::time::Span;
use normal::normal_quantile;

impl Distribution {
    /// One duration.
    pub fn sample(&self, draw: &mut Draw) -> Span {
        match self {
            Distribution::Deterministic(span) => *span,
            Distribution::Exponential { mean } => nanos(float(*mean) * exponential(draw)),
            Distribution::Weibull { shape, scale } => nanos(float(*scale) * weibull(*shape, draw)),
            Distribution::Gamma { shape, scale } => nanos(float(*scale) * gamma(*shape, draw)),
            Distribution::Lognormal { median, sigma } => {
                nanos(float(*median) * libm::exp(sigma * normal(draw)))
            }
            Distribution::Uniform { low, high } => {
                nanos(float(*low) + float(high.saturating_sub(*low)) * draw.unit())
            }
            Distribution::Triangular { low, mode, high } => {
                nanos(triangular(float(*low), float(*mode), float(*high), draw))
            }
            Distribution::Pareto { shape, scale } => {
                nanos(float(*scale) * libm::exp(exponential(draw) / shape))
            }
            Distribution::Empirical(samples) => samples[draw.below(samples.len() as u64) as usize],
            Distribution::Mixture(parts) => pick(parts, draw).sample(draw),
        }
    }

    /// The same distribution of durations that are all `factor` times as long.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Distribution {
        let times = |span: &Span| nanos(float(*span) * factor);
        match self {
            Distribution::Deterministic(span) => Distribution::Deterministic(times(span)),
            Distribution::Exponential { mean } => Distribution::Exponential { mean: times(mean) },
            Distribution::Weibull { shape, scale } => {
                Distribution::Weibull { shape: *shape, scale: times(scale) }
            }
            Distribution::Gamma { shape, scale } => {
                Distribution::Gamma { shape: *shape, scale: times(scale) }
            }
            Distribution::Lognormal { median, sigma } => {
                Distribution::Lognormal { median: times(median), sigma: *sigma }
            }
            Distribution::Uniform { low, high } => {
                Distribution::Uniform { low: times(low), high: times(high) }
            }
            Distribution::Triangular { low, mode, high } => {
                Distribution::Triangular { low: times(low), mode: times(mode), high: times(high) }
            }
            Distribution::Pareto { shape, scale } => {
                Distribution::Pareto { shape: *shape, scale: times(scale) }
            }
            Distribution::Empirical(samples) => Distribution::Empirical(samples.iter().map(times).collect()),
            Distribution::Mixture(parts) => Distribution::Mixture(
                parts.iter().map(|(weight, part)| (*weight, part.scaled(factor))).collect(),
            ),
        }
    }

    /// The mean; [`Span::FOREVER`] if it is infinite.
    pub fn mean(&self) -> Span {
        match self {
            Distribution::Deterministic(span) => *span,
            Distribution::Exponential { mean } => *mean,
            Distribution::Weibull { shape, scale } => nanos(float(*scale) * libm::tgamma(1.0 + 1.0 / shape)),
            Distribution::Gamma { shape, scale } => nanos(shape * float(*scale)),
            Distribution::Lognormal { median, sigma } => {
                nanos(float(*median) * libm::exp(sigma * sigma / 2.0))
            }
            Distribution::Uniform { low, high } => average([*low, *high].into_iter()),
            Distribution::Triangular { low, mode, high } => average([*low, *mode, *high].into_iter()),
            Distribution::Pareto { shape, .. } if *shape <= 1.0 => Span::FOREVER,
            Distribution::Pareto { shape, scale } => nanos(float(*scale) * shape / (shape - 1.0)),
            Distribution::Empirical(samples) => average(samples.iter().copied()),
            Distribution::Mixture(parts) => {
                let weighted = parts.iter().map(|(weight, part)| weight * float(part.mean()));
                nanos(weighted.sum::<f64>() / total_weight(parts))
            }
        }
    }
}

/// Mean 1.
fn exponential(draw: &mut Draw) -> f64 {
    -libm::log(draw.unit())
}

/// Scale 1: an exponential to the power 1/shape.
fn weibull(shape: f64, draw: &mut Draw) -> f64 {
    libm::exp(libm::log(exponential(draw)) / shape)
}

/// Scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000).
fn gamma(shape: f64, draw: &mut Draw) -> f64 {
    if shape < 1.0 {
        let power = libm::exp(-exponential(draw) / shape);
        return gamma(shape + 1.0, draw) * power;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(draw);
        let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
        if v > 0.0 && libm::log(draw.unit()) < x * x / 2.0 + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

fn triangular(low: f64, mode: f64, high: f64, draw: &mut Draw) -> f64 {
    let u = draw.unit();
    let width = high - low;
    if u * width < mode - low {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// One part of a mixture, by weight.
fn pick<'a>(parts: &'a [(f64, Distribution)], draw: &mut Draw) -> &'a Distribution {
    let weight = |(weight, _): &(f64, Distribution)| *weight;
    &parts[pick_weighted(parts.iter().map(weight), draw)].1
}

/// The position of one of these weights, each as likely as it is heavy.
pub(crate) fn pick_weighted(weights: impl ExactSizeIterator<Item = f64> + Clone, draw: &mut Draw) -> usize {
    let last = weights.len() - 1;
    let mut left = draw.unit() * weights.clone().sum::<f64>();
    let chosen = weights.into_iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    // Rounding may leave a little after the last.
    chosen.unwrap_or(last)
}

fn total_weight(parts: &[(f64, Distribution)]) -> f64 {
    parts.iter().map(|(weight, _)| weight).sum()
}

fn average(spans: impl ExactSizeIterator<Item = Span>) -> Span {
    let count = spans.len() as u128;
    let sum: u128 = spans.map(|span| u128::from(span.0)).sum();
    Span(((sum + count / 2) / count) as u64)
}

/// Standard normal.
fn normal(draw: &mut Draw) -> f64 {
    normal_quantile(draw.unit())
}

fn float(span: Span) -> f64 {
    span.0 as f64
}

/// The nearest whole number of nanoseconds; too many become [`Span::FOREVER`].
fn nanos(nanos: f64) -> Span {
    Span((nanos + 0.5) as u64)
}
