//! Distributions of two parameters from what people know of them: shape, coefficient of variation, mean, percentiles.
//!
//! Each of these families has a shape, which alone decides how a distribution is spread, and a scale, which stretches it.
//! So first the shape is found, from the spread; then the scale, from one length.

use sim_core::spec::Distribution;
use sim_core::time::Span;

use crate::duration::Duration;
use crate::scenario_file::Shaped;
use crate::special;

/// A family of distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Weibull,
    Gamma,
    /// Its shape is called sigma, its scale is its median.
    Lognormal,
    /// Its scale is its minimum.
    Pareto,
}

/// The standard normal 95th percentile.
const Z95: f64 = 1.644_853_626_951_472_2;
/// Shapes beyond these are no distribution that anybody means.
const SHAPES: (f64, f64) = (0.02, 1e5);

impl Family {
    /// The distribution of which this is said.
    pub fn find(self, given: &Shaped) -> Result<Distribution, String> {
        let given = if self == Family::Lognormal { with_sigma(given)? } else { *given };
        let shape = self.shape(&given)?;
        let scale = self.scale(shape, &given)?;
        Ok(match self {
            Family::Weibull => Distribution::Weibull { shape, scale },
            Family::Gamma => Distribution::Gamma { shape, scale },
            Family::Lognormal => Distribution::Lognormal { median: scale, sigma: shape },
            Family::Pareto => Distribution::Pareto { shape, scale },
        })
    }

    fn shape(self, given: &Shaped) -> Result<f64, String> {
        let (name, _) = self.names();
        match (given.shape, given.cv, given.median, given.p95) {
            (Some(shape), None, _, None) => positive_number(shape, name),
            (None, Some(cv), _, None) => self.shape_of_cv(positive_number(cv, "cv")?),
            (None, None, Some(median), Some(p95)) => self.shape_of_ratio(ratio(median, p95)?),
            _ if self == Family::Lognormal => {
                Err("give the sigma, the cv, median and p95, or median and mean".to_owned())
            }
            _ => Err(format!("give the {name}, the cv, or median and p95")),
        }
    }

    fn scale(self, shape: f64, given: &Shaped) -> Result<Span, String> {
        let (_, name) = self.names();
        let (length, called, at_unit_scale) = match (given.scale, given.mean, given.median) {
            (Some(scale), None, None) => return positive(scale, name),
            (None, Some(mean), None) => (mean, "mean", self.mean(shape)?),
            (None, None, Some(median)) => (median, "median", self.median(shape)),
            _ if self == Family::Lognormal => return Err("give either the median or the mean".to_owned()),
            _ => return Err(format!("give either the mean, the median or the {name}")),
        };
        let scale = Span::from_secs_f64(positive(length, called)?.as_secs_f64() / at_unit_scale);
        match scale {
            Span::ZERO => Err(format!("no {name} is short enough for this {called}")),
            Span::FOREVER => Err(format!("no {name} is long enough for this {called}")),
            scale => Ok(scale),
        }
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Family::Weibull | Family::Gamma => ("shape", "scale"),
            Family::Lognormal => ("sigma", "median"),
            Family::Pareto => ("shape", "minimum"),
        }
    }

    /// The mean of scale 1.
    fn mean(self, shape: f64) -> Result<f64, String> {
        match self {
            Family::Weibull => Ok(libm::tgamma(1.0 + 1.0 / shape)),
            Family::Gamma => Ok(shape),
            Family::Lognormal => Ok(libm::exp(shape * shape / 2.0)),
            Family::Pareto if shape <= 1.0 => {
                Err("the mean is infinite with a shape of at most 1".to_owned())
            }
            Family::Pareto => Ok(shape / (shape - 1.0)),
        }
    }

    /// The median of scale 1.
    fn median(self, shape: f64) -> f64 {
        match self {
            Family::Weibull => libm::pow(std::f64::consts::LN_2, 1.0 / shape),
            Family::Gamma => special::gamma_quantile(shape, 0.5),
            Family::Lognormal => 1.0,
            Family::Pareto => libm::pow(2.0, 1.0 / shape),
        }
    }

    fn shape_of_cv(self, cv: f64) -> Result<f64, String> {
        match self {
            Family::Weibull => decreasing(cv, weibull_cv),
            Family::Gamma => Ok(1.0 / (cv * cv)),
            Family::Lognormal => Ok(libm::sqrt(libm::log1p(cv * cv))),
            Family::Pareto => Ok(1.0 + libm::sqrt(1.0 + 1.0 / (cv * cv))),
        }
    }

    /// The shape at which the 95th percentile is so many times the median.
    fn shape_of_ratio(self, ratio: f64) -> Result<f64, String> {
        let log = libm::log(ratio);
        match self {
            Family::Weibull => Ok(libm::log(libm::log(20.0) / std::f64::consts::LN_2) / log),
            Family::Gamma => decreasing(ratio, |shape| {
                special::gamma_quantile(shape, 0.95) / special::gamma_quantile(shape, 0.5)
            }),
            Family::Lognormal => Ok(log / Z95),
            Family::Pareto => Ok(std::f64::consts::LN_10 / log),
        }
    }
}

/// Of a lognormal distribution, mean and median together give the sigma: their ratio is exp(sigma^2 / 2).
fn with_sigma(given: &Shaped) -> Result<Shaped, String> {
    let Shaped { shape: None, cv: None, mean: Some(mean), median: Some(median), p95: None, .. } = *given
    else {
        return Ok(*given);
    };
    if mean <= median {
        return Err("the mean must be longer than the median".to_owned());
    }
    let ratio = mean.0.as_secs_f64() / positive(median, "median")?.as_secs_f64();
    let sigma = libm::sqrt(2.0 * libm::log(ratio));
    Ok(Shaped { shape: Some(sigma), median: Some(median), ..Shaped::default() })
}

fn weibull_cv(shape: f64) -> f64 {
    let second = libm::lgamma(1.0 + 2.0 / shape) - 2.0 * libm::lgamma(1.0 + 1.0 / shape);
    libm::sqrt(libm::expm1(second))
}

/// The shape at which a function that falls with it has this value, by bisection of its logarithm.
fn decreasing(value: f64, function: impl Fn(f64) -> f64) -> Result<f64, String> {
    let (mut low, mut high) = (libm::log(SHAPES.0), libm::log(SHAPES.1));
    if !(function(SHAPES.1) < value && value < function(SHAPES.0)) {
        return Err("no shape gives this spread".to_owned());
    }
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if function(libm::exp(middle)) > value { low = middle } else { high = middle }
    }
    Ok(libm::exp((low + high) / 2.0))
}

fn ratio(median: Duration, p95: Duration) -> Result<f64, String> {
    let median = positive(median, "median")?;
    if p95.0 <= median {
        return Err("the p95 must be longer than the median".to_owned());
    }
    Ok(p95.0.as_secs_f64() / median.as_secs_f64())
}

pub(super) fn positive(Duration(span): Duration, name: &str) -> Result<Span, String> {
    if span == Span::ZERO { Err(format!("the {name} must be positive")) } else { Ok(span) }
}

pub(super) fn positive_number(value: f64, name: &str) -> Result<f64, String> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(format!("the {name} must be positive")) }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Gamma, LogNormal, Weibull};
    use statrs::statistics::Distribution as _;

    use super::*;

    const HOUR: Duration = Duration(Span::hours(1));

    fn near(a: f64, b: f64) {
        assert!((a / b - 1.0).abs() < 1e-6, "{a} is not {b}");
    }

    fn hours(span: Span) -> f64 {
        span.as_hours_f64()
    }

    #[test]
    fn median_and_p95_are_met() {
        let given = Shaped { median: Some(HOUR), p95: Some(Duration(Span::hours(10))), ..Shaped::default() };
        let Ok(Distribution::Weibull { shape, scale }) = Family::Weibull.find(&given) else { panic!() };
        let weibull = Weibull::new(shape, hours(scale)).unwrap();
        near(weibull.cdf(1.0), 0.5);
        near(weibull.cdf(10.0), 0.95);
        let Ok(Distribution::Gamma { shape, scale }) = Family::Gamma.find(&given) else { panic!() };
        let gamma = Gamma::new(shape, 1.0 / hours(scale)).unwrap();
        near(gamma.cdf(1.0), 0.5);
        near(gamma.cdf(10.0), 0.95);
        let Ok(Distribution::Lognormal { median, sigma }) = Family::Lognormal.find(&given) else { panic!() };
        let lognormal = LogNormal::new(hours(median).ln(), sigma).unwrap();
        near(lognormal.cdf(1.0), 0.5);
        near(lognormal.cdf(10.0), 0.95);
        let by_mean =
            Shaped { median: Some(HOUR), mean: Some(Duration(Span::hours(3))), ..Shaped::default() };
        let Ok(Distribution::Lognormal { median, sigma }) = Family::Lognormal.find(&by_mean) else {
            panic!()
        };
        near(LogNormal::new(hours(median).ln(), sigma).unwrap().mean().unwrap(), 3.0);
        let Ok(Distribution::Pareto { shape, scale }) = Family::Pareto.find(&given) else { panic!() };
        near(1.0 - (hours(scale) / 1.0).powf(shape), 0.5);
        near(1.0 - (hours(scale) / 10.0).powf(shape), 0.95);
    }

    #[test]
    fn mean_and_coefficient_of_variation_are_met() {
        for cv in [0.3, 1.0, 4.0] {
            let given = Shaped { mean: Some(HOUR), cv: Some(cv), ..Shaped::default() };
            let Ok(Distribution::Weibull { shape, scale }) = Family::Weibull.find(&given) else { panic!() };
            let weibull = Weibull::new(shape, hours(scale)).unwrap();
            near(weibull.mean().unwrap(), 1.0);
            near(weibull.std_dev().unwrap(), cv);
            let Ok(Distribution::Gamma { shape, scale }) = Family::Gamma.find(&given) else { panic!() };
            let gamma = Gamma::new(shape, 1.0 / hours(scale)).unwrap();
            near(gamma.mean().unwrap(), 1.0);
            near(gamma.std_dev().unwrap(), cv);
            let Ok(Distribution::Lognormal { median, sigma }) = Family::Lognormal.find(&given) else {
                panic!()
            };
            let lognormal = LogNormal::new(hours(median).ln(), sigma).unwrap();
            near(lognormal.mean().unwrap(), 1.0);
            near(lognormal.std_dev().unwrap(), cv);
            let Ok(Distribution::Pareto { shape, scale }) = Family::Pareto.find(&given) else { panic!() };
            near(hours(scale) * shape / (shape - 1.0), 1.0);
            near((shape * (shape - 2.0)).sqrt().recip(), cv);
        }
    }

    #[test]
    fn impossible_parameters_are_refused() {
        let day = Some(Duration(Span::days(1)));
        let refused = [
            Shaped { median: day, p95: Some(HOUR), ..Shaped::default() },
            Shaped { mean: day, p95: day, ..Shaped::default() },
            Shaped { shape: Some(f64::NAN), mean: day, ..Shaped::default() },
            Shaped { shape: Some(-1.0), mean: day, ..Shaped::default() },
            Shaped { cv: Some(f64::INFINITY), mean: day, ..Shaped::default() },
            Shaped { cv: Some(0.0), mean: day, ..Shaped::default() },
            Shaped { cv: Some(1.0), shape: Some(1.0), mean: day, ..Shaped::default() },
            Shaped { cv: Some(1e9), mean: day, ..Shaped::default() },
            Shaped { shape: Some(2.0), ..Shaped::default() },
            Shaped { shape: Some(2.0), mean: day, median: day, ..Shaped::default() },
            Shaped { shape: Some(2.0), mean: Some(Duration(Span::ZERO)), ..Shaped::default() },
        ];
        for given in refused {
            assert!(Family::Weibull.find(&given).is_err(), "{given:?}");
        }
        let heavy = Shaped { shape: Some(0.9), mean: day, ..Shaped::default() };
        assert!(Family::Pareto.find(&heavy).is_err());
    }
}
