//! Distributions of a scenario file, with their parameters checked.

use sim_core::spec::Distribution;
use sim_core::time::Span;

use super::report::Report;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::scenario_file::{DistributionFile, NamedDistribution, Weighted};

/// Compiles a distribution that stands at a path; an invalid one is reported.
pub(super) fn compile(file: &DistributionFile, path: &str, report: &mut Report) -> Distribution {
    convert(file).unwrap_or_else(|problem| {
        report.error(&codes::DISTRIBUTION, path, problem);
        Distribution::Deterministic(Span::secs(1))
    })
}

fn convert(file: &DistributionFile) -> Result<Distribution, String> {
    use NamedDistribution::*;
    let named = match file {
        DistributionFile::Bare(Duration(span)) => return Ok(Distribution::Deterministic(*span)),
        DistributionFile::Named(named) => named,
    };
    match named {
        Deterministic(Duration(span)) => Ok(Distribution::Deterministic(*span)),
        Exponential { mean } => Ok(Distribution::Exponential { mean: positive(*mean, "mean")? }),
        Weibull { shape, mean, scale } => weibull(positive_number(*shape, "shape")?, *mean, *scale),
        Gamma { shape, mean, scale } => gamma(positive_number(*shape, "shape")?, *mean, *scale),
        Erlang { stages: 0, .. } => Err("erlang needs at least one stage".to_owned()),
        Erlang { stages, mean } => gamma(f64::from(*stages), Some(*mean), None),
        Lognormal { median, sigma } => Ok(Distribution::Lognormal {
            median: positive(*median, "median")?,
            sigma: positive_number(*sigma, "sigma")?,
        }),
        Uniform { low, high } => {
            ordered(&[*low, *high]).map(|()| Distribution::Uniform { low: low.0, high: high.0 })
        }
        Triangular { low, mode, high } => ordered(&[*low, *mode, *high]).map(|()| Distribution::Triangular {
            low: low.0,
            mode: mode.0,
            high: high.0,
        }),
        Pareto { shape, minimum } => Ok(Distribution::Pareto {
            shape: positive_number(*shape, "shape")?,
            scale: positive(*minimum, "minimum")?,
        }),
        Empirical(samples) if samples.is_empty() => Err("empirical needs samples".to_owned()),
        Empirical(samples) => Ok(Distribution::Empirical(samples.iter().map(|sample| sample.0).collect())),
        Mixture(parts) if parts.is_empty() => Err("a mixture needs parts".to_owned()),
        Mixture(parts) => parts.iter().map(part).collect::<Result<_, _>>().map(Distribution::Mixture),
    }
}

fn part(part: &Weighted) -> Result<(f64, Distribution), String> {
    Ok((positive_number(part.weight, "weight")?, convert(&part.distribution)?))
}

/// The mean of a Weibull is scale x gamma(1 + 1 / shape).
fn weibull(shape: f64, mean: Option<Duration>, scale: Option<Duration>) -> Result<Distribution, String> {
    let scale = scale_of(mean, scale, libm::tgamma(1.0 + 1.0 / shape))?;
    Ok(Distribution::Weibull { shape, scale })
}

/// The mean of a gamma distribution is scale x shape.
fn gamma(shape: f64, mean: Option<Duration>, scale: Option<Duration>) -> Result<Distribution, String> {
    Ok(Distribution::Gamma { shape, scale: scale_of(mean, scale, shape)? })
}

fn scale_of(
    mean: Option<Duration>,
    scale: Option<Duration>,
    mean_of_unit_scale: f64,
) -> Result<Span, String> {
    match (mean, scale) {
        (None, Some(scale)) => positive(scale, "scale"),
        (Some(mean), None) => {
            let scale = Span::from_secs_f64(positive(mean, "mean")?.as_secs_f64() / mean_of_unit_scale);
            positive(Duration(scale), "scale that gives this mean")
        }
        _ => Err("give either the mean or the scale".to_owned()),
    }
}

fn positive(Duration(span): Duration, name: &str) -> Result<Span, String> {
    if span == Span::ZERO { Err(format!("the {name} must be positive")) } else { Ok(span) }
}

fn positive_number(value: f64, name: &str) -> Result<f64, String> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(format!("the {name} must be positive")) }
}

fn ordered(bounds: &[Duration]) -> Result<(), String> {
    let ascending = bounds.windows(2).all(|pair| pair[0] <= pair[1]) && bounds.first() < bounds.last();
    if ascending { Ok(()) } else { Err("bounds must ascend".to_owned()) }
}
