//! Distributions of a scenario file, with their parameters checked.

use sim_core::spec::Distribution;
use sim_core::time::Span;

use super::given::{Family, positive, positive_number};
use super::report::Report;
use crate::diagnostic::codes;
use crate::duration::Duration;
use crate::samples;
use crate::scenario_file::{DistributionFile, NamedDistribution, SampleFile, Samples, Shaped, Weighted};

/// Compiles a distribution that stands at a path; an invalid one is reported.
pub(super) fn compile(file: &DistributionFile, path: &str, report: &mut Report) -> Distribution {
    convert(file, path, report).unwrap_or_else(|problem| {
        if let Some(problem) = problem {
            report.error(&codes::DISTRIBUTION, path, problem);
        }
        Distribution::Deterministic(Span::secs(1))
    })
}

/// The distribution, or what is wrong with it, unless that is reported already.
type Converted = Result<Distribution, Option<String>>;

fn convert(file: &DistributionFile, path: &str, report: &mut Report) -> Converted {
    use NamedDistribution::*;
    let named = match file {
        DistributionFile::Bare(Duration(span)) => return Ok(Distribution::Deterministic(*span)),
        DistributionFile::Named(named) => named,
    };
    let converted =
        match named {
            Empirical(Samples::File(file)) => return read(file, path, report),
            Mixture(parts) => return mixture(parts, path, report),
            Deterministic(Duration(span)) => Ok(Distribution::Deterministic(*span)),
            Exponential { mean, median, p95 } => exponential(*mean, *median, *p95),
            Weibull(given) => Family::Weibull.find(given),
            Gamma(given) => Family::Gamma.find(given),
            Erlang { stages: 0, .. } => Err("erlang needs at least one stage".to_owned()),
            Erlang { stages, mean } => {
                let shape = Some(f64::from(*stages));
                Family::Gamma.find(&Shaped { shape, mean: Some(*mean), ..Shaped::default() })
            }
            Lognormal { sigma, cv, median, mean, p95 } => Family::Lognormal.find(&Shaped {
                shape: *sigma,
                cv: *cv,
                mean: *mean,
                median: *median,
                p95: *p95,
                scale: None,
            }),
            Pareto { shape, cv, minimum, mean, median, p95 } => Family::Pareto.find(&Shaped {
                shape: *shape,
                cv: *cv,
                mean: *mean,
                median: *median,
                p95: *p95,
                scale: *minimum,
            }),
            Uniform { low, high } => {
                ordered(&[*low, *high]).map(|()| Distribution::Uniform { low: low.0, high: high.0 })
            }
            Triangular { low, mode, high } => ordered(&[*low, *mode, *high])
                .map(|()| Distribution::Triangular { low: low.0, mode: mode.0, high: high.0 }),
            Empirical(Samples::Listed(samples)) if samples.is_empty() => {
                Err("empirical needs samples".to_owned())
            }
            Empirical(Samples::Listed(samples)) => {
                Ok(Distribution::Empirical(samples.iter().map(|sample| sample.0).collect()))
            }
        };
    converted.map_err(Some)
}

/// The factor from the mean is ln 2 for the median, and ln 20 for the 95th percentile.
fn exponential(
    mean: Option<Duration>,
    median: Option<Duration>,
    p95: Option<Duration>,
) -> Result<Distribution, String> {
    let (given, name, factor) = match (mean, median, p95) {
        (Some(mean), None, None) => (mean, "mean", 1.0),
        (None, Some(median), None) => (median, "median", std::f64::consts::LN_2),
        (None, None, Some(p95)) => (p95, "p95", libm::log(20.0)),
        _ => return Err("give the mean, the median or the p95".to_owned()),
    };
    let mean = Span::from_secs_f64(positive(given, name)?.as_secs_f64() / factor);
    Ok(Distribution::Exponential { mean })
}

fn read(file: &SampleFile, path: &str, report: &mut Report) -> Converted {
    let source = report.file(&file.file, path).ok_or(None)?;
    samples::read(&source, file.column.as_deref()).map(Distribution::Empirical).map_err(|problems| {
        problems.into_iter().for_each(|problem| report.push(problem));
        None
    })
}

fn mixture(parts: &[Weighted], path: &str, report: &mut Report) -> Converted {
    if parts.is_empty() {
        return Err(Some("a mixture needs parts".to_owned()));
    }
    let part = |part: &Weighted| {
        let weight = positive_number(part.weight, "weight").map_err(Some)?;
        Ok((weight, convert(&part.distribution, path, report)?))
    };
    parts.iter().map(part).collect::<Result<_, _>>().map(Distribution::Mixture)
}

fn ordered(bounds: &[Duration]) -> Result<(), String> {
    let ascending = bounds.windows(2).all(|pair| pair[0] <= pair[1]) && bounds.first() < bounds.last();
    if ascending { Ok(()) } else { Err("bounds must ascend".to_owned()) }
}
