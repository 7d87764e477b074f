//! Distribution functions and quantiles that intervals are made of: normal, Student's, beta and binomial.
//!
//! Only `+ - * /`, `sqrt` and the portable `libm` are used, so an interval has the same bytes on every platform. A test
//! holds each function to an independent implementation.

use std::f64::consts::{PI, SQRT_2};

/// Steps of a continued fraction or of a search for a root; none comes near.
const MOST_STEPS: usize = 100_000;

/// Relative size of what is no longer worth a step.
const TINY: f64 = 1e-15;

/// Quantile of the standard normal distribution, for probabilities from 1/2 to 1.
pub fn normal_quantile(probability: f64) -> f64 {
    let distribution = |x: f64| libm::erfc(-x / SQRT_2) / 2.0;
    let density = |x: f64| libm::exp(-x * x / 2.0) / (2.0 * PI).sqrt();
    root(probability, 0.0, (0.0, f64::INFINITY), distribution, density)
}

/// Quantile of Student's distribution, for probabilities from 1/2 to 1.
pub fn student_quantile(probability: f64, degrees: f64) -> f64 {
    let upper = |t: f64| incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t)) / 2.0;
    let scale = libm::lgamma((degrees + 1.0) / 2.0) - libm::lgamma(degrees / 2.0);
    let density = |t: f64| {
        let power = -(degrees + 1.0) / 2.0 * libm::log1p(t * t / degrees);
        libm::exp(scale + power) / (degrees * PI).sqrt()
    };
    root(probability, normal_quantile(probability), (0.0, f64::INFINITY), |t| 1.0 - upper(t), density)
}

/// Quantile of the beta distribution.
pub fn beta_quantile(a: f64, b: f64, probability: f64) -> f64 {
    let density = |x: f64| libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - log_beta(a, b));
    root(probability, a / (a + b), (0.0, 1.0), |x| incomplete_beta(a, b, x), density)
}

/// Probability of exactly `k` hits in `n` trials.
pub fn binomial_mass(k: u64, n: u64, probability: f64) -> f64 {
    let (hits, misses) = (k as f64, (n - k) as f64);
    let ways = -log_beta(hits + 1.0, misses + 1.0) - libm::log(n as f64 + 1.0);
    libm::exp(ways + hits * libm::log(probability) + misses * libm::log1p(-probability))
}

/// Probability of at most `k` hits in `n` trials.
pub fn binomial_distribution(k: u64, n: u64, probability: f64) -> f64 {
    if k >= n { 1.0 } else { incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - probability) }
}

/// The least number of hits in `n` trials that is not exceeded with `probability`.
pub fn binomial_quantile(probability: f64, n: u64, hit: f64) -> u64 {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if binomial_distribution(middle, n, hit) >= probability {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The regularized incomplete beta function (NIST, Digital Library of Mathematical Functions, 8.17.5 and 8.17.22).
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return f64::from(u8::from(x >= 1.0));
    }
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta(a, b));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// The continued fraction of the incomplete beta function, from its head on (Lentz's method: Thompson and Barnett,
/// J. Comput. Phys. 64, 1986).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let never_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / never_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = below;
    for step in 1..MOST_STEPS {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = value;
        for part in [even, odd] {
            below = 1.0 / never_zero(1.0 + part * below);
            above = never_zero(1.0 + part / above);
            value *= above * below;
        }
        if (value - before).abs() <= TINY * value.abs() {
            break;
        }
    }
    value
}

/// Where a distribution function has the value `probability`: Newton's steps, halving where they leave the bracket.
fn root(
    probability: f64,
    start: f64,
    (mut low, mut high): (f64, f64),
    distribution: impl Fn(f64) -> f64,
    density: impl Fn(f64) -> f64,
) -> f64 {
    let mut x = start;
    for _ in 0..MOST_STEPS {
        let missing = probability - distribution(x);
        (low, high) = if missing > 0.0 { (x, high) } else { (low, x) };
        let newton = x + missing / density(x);
        let halved = if high.is_finite() { (low + high) / 2.0 } else { 2.0 * low + 1.0 };
        let next = if newton > low && newton < high { newton } else { halved };
        if (next - x).abs() <= TINY * x.abs() {
            return next;
        }
        x = next;
    }
    x
}
