//! Fits of distributions to times that were measured: maximum likelihood, and how good each fit is.

mod families;
mod goodness;

use serde::Serialize;
use sim_core::spec::Distribution;
use sim_core::time::Span;

pub use families::Family;

/// A distribution fitted to times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// Its family.
    pub family: Family,
    /// Shape or sigma; 1 for an exponential.
    pub shape: f64,
    /// Scale in seconds: the mean of an exponential, the median of a lognormal.
    pub scale_s: f64,
    /// Logarithm of the likelihood of the times, in seconds.
    pub log_likelihood: f64,
    /// Akaike's information criterion: twice the parameters less twice the log-likelihood. Least is best.
    pub aic: f64,
    /// Kolmogorov and Smirnov's distance: the greatest between the shares below a time, measured and fitted.
    pub distance: f64,
    /// How often samples of the fitted distribution itself, fitted anew, are at least as far away.
    pub p_value: f64,
}

/// Times, and the fits of all families to them, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fitted {
    /// The times in seconds, ascending.
    pub times_s: Vec<f64>,
    /// The fits by their AIC.
    pub fits: Vec<Fit>,
}

/// Fewer times than this say nothing about a shape.
pub const LEAST_TIMES: usize = 3;

/// Fits all families to positive times in seconds. Says why if that is impossible.
pub fn fit(mut times_s: Vec<f64>) -> Result<Fitted, String> {
    times_s.sort_by(f64::total_cmp);
    if times_s.len() < LEAST_TIMES {
        return Err(format!("{} complete times are too few: {LEAST_TIMES} is the least", times_s.len()));
    }
    if !times_s.iter().all(|time| *time > 0.0 && time.is_finite()) {
        return Err("times are positive and finite".to_owned());
    }
    if times_s.first() == times_s.last() {
        return Err("all times are equal: a deterministic time fits".to_owned());
    }
    let mut fits: Vec<Fit> = Family::ALL.iter().map(|family| of_family(*family, &times_s)).collect();
    fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    Ok(Fitted { times_s, fits })
}

fn of_family(family: Family, times_s: &[f64]) -> Fit {
    let (shape, scale_s) = family.most_likely(times_s);
    let log_likelihood = family.log_likelihood(times_s, shape, scale_s);
    let distance = goodness::distance(times_s, |time| family.cdf(time, shape, scale_s));
    Fit {
        family,
        shape,
        scale_s,
        log_likelihood,
        aic: 2.0 * family.parameters() - 2.0 * log_likelihood,
        distance,
        p_value: goodness::p_value(family, shape, times_s.len(), distance),
    }
}

impl Fit {
    /// Share of times up to `time_s`.
    pub fn cdf(&self, time_s: f64) -> f64 {
        self.family.cdf(time_s, self.shape, self.scale_s)
    }

    /// The distribution.
    pub fn distribution(&self) -> Distribution {
        self.family.distribution(self.shape, Span::from_secs_f64(self.scale_s))
    }

    /// As it would stand in a scenario.
    pub fn snippet(&self) -> String {
        let (shape, scale) = (rounded(self.shape), length(self.scale_s));
        match self.family {
            Family::Exponential => format!("{{exponential: {{mean: {scale}}}}}"),
            Family::Weibull => format!("{{weibull: {{shape: {shape}, scale: {scale}}}}}"),
            Family::Gamma => format!("{{gamma: {{shape: {shape}, scale: {scale}}}}}"),
            Family::Lognormal => format!("{{lognormal: {{median: {scale}, sigma: {shape}}}}}"),
        }
    }
}

/// Four digits that count, in the largest unit that has one before the point.
fn length(secs: f64) -> String {
    let units = [(3600.0, "h"), (60.0, "m"), (1.0, "s"), (1e-3, "ms")];
    let (unit, name) = units.into_iter().find(|(unit, _)| secs >= *unit).unwrap_or((1e-3, "ms"));
    format!("{}{name}", rounded(secs / unit))
}

fn rounded(number: f64) -> String {
    let digits = (3 - number.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use sim_core::Seed;
    use sim_core::rng::{EntityKey, Luck, Purpose};

    use super::*;

    fn sample(distribution: &Distribution, count: usize) -> Vec<f64> {
        let luck = Luck::new(Seed { master: 11, run: 0 });
        let mut draw = luck.draw(Purpose::TimeToFailure, EntityKey::new("test"), 0);
        (0..count).map(|_| distribution.sample(&mut draw).as_secs_f64()).collect()
    }

    #[test]
    fn the_family_that_made_the_times_is_found_again() {
        let cases =
            [(Family::Weibull, 0.7, 1000.0), (Family::Lognormal, 1.41, 3600.0), (Family::Gamma, 4.0, 60.0)];
        for (family, shape, scale_s) in cases {
            let made = family.distribution(shape, Span::from_secs_f64(scale_s));
            let best = fit(sample(&made, 2_000)).unwrap().fits.remove(0);
            assert_eq!(best.family, family);
            assert!((best.shape / shape - 1.0).abs() < 0.08, "{best:?}");
            assert!((best.scale_s / scale_s - 1.0).abs() < 0.1, "{best:?}");
            assert!(best.p_value > 0.05, "{best:?}");
            assert_eq!(
                best.distribution(),
                family.distribution(best.shape, Span::from_secs_f64(best.scale_s))
            );
        }
    }

    #[test]
    fn a_family_that_does_not_fit_has_a_small_p_value() {
        let made = Family::Weibull.distribution(0.5, Span::hours(1));
        let fits = fit(sample(&made, 500)).unwrap().fits;
        let exponential = fits.iter().find(|fit| fit.family == Family::Exponential).unwrap();
        assert!(exponential.p_value < 0.02 && exponential.aic > fits[0].aic, "{exponential:?}");
    }

    /// p-values of the right family are uniform: about one in five is below 0.2, though parameters are fitted.
    #[test]
    fn p_values_are_honest() {
        let luck = Luck::new(Seed { master: 12, run: 0 });
        let made = Family::Weibull.distribution(1.5, Span::hours(1));
        let p_value = |index| {
            let mut draw = luck.draw(Purpose::TimeToFailure, EntityKey::new("test"), index);
            let mut times: Vec<f64> = (0..50).map(|_| made.sample(&mut draw).as_secs_f64()).collect();
            times.sort_by(f64::total_cmp);
            of_family(Family::Weibull, &times).p_value
        };
        let below = (0..100).filter(|index| p_value(*index) < 0.2).count();
        assert!((8..33).contains(&below), "{below} of 100"); // 20 ± 3 standard deviations
    }

    #[test]
    fn what_cannot_be_fitted_is_told() {
        assert!(fit(vec![1.0, 2.0]).unwrap_err().contains("too few"));
        assert!(fit(vec![5.0; 9]).unwrap_err().contains("equal"));
        assert!(fit(vec![0.0, 1.0, 2.0]).unwrap_err().contains("positive"));
    }

    #[test]
    fn snippets_are_short() {
        let fit = |family, shape, scale_s| Fit {
            family,
            shape,
            scale_s,
            log_likelihood: 0.0,
            aic: 0.0,
            distance: 0.0,
            p_value: 0.0,
        };
        assert_eq!(fit(Family::Exponential, 1.0, 7200.0).snippet(), "{exponential: {mean: 2h}}");
        assert_eq!(fit(Family::Weibull, 0.73456, 90.0).snippet(), "{weibull: {shape: 0.7346, scale: 1.5m}}");
        assert_eq!(fit(Family::Lognormal, 2.0, 12.3456).snippet(), "{lognormal: {median: 12.35s, sigma: 2}}");
    }
}
