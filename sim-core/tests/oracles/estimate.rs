//! Estimates with 99% intervals, and how surprising the exact value makes them.

use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

/// Probability left out at each end of an interval.
const TAIL: f64 = 0.005;

/// What was found, how sure that is, and what it cost.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Chance of a result at least this far off, if the exact value is true.
    pub chance: f64,
    pub runs: u64,
    pub events: u64,
}

/// The ratio of two means over independent runs, by the delta method (Cochran, Sampling Techniques, 6.4); the mean, where
/// every second value is 1.
pub fn ratio(pairs: &[(f64, f64)], exact: f64) -> Estimate {
    let n = pairs.len() as f64;
    let sums = pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    if sums.0 == 0.0 || sums.1 == 0.0 {
        return nothing_seen();
    }
    let value = sums.0 / sums.1;
    let squares: f64 =
        pairs.iter().map(|pair| pair.0 - value * pair.1).map(|residual| residual * residual).sum();
    around(value, (squares * n / (n - 1.0)).sqrt() / sums.1.abs(), n - 1.0, exact)
}

/// What never happened can be as rare as anything.
fn nothing_seen() -> Estimate {
    Estimate { value: 0.0, low: 0.0, high: f64::INFINITY, chance: 1.0, runs: 0, events: 0 }
}

/// The mean of independent values.
pub fn mean(values: &[f64], exact: f64) -> Estimate {
    ratio(&values.iter().map(|value| (*value, 1.0)).collect::<Vec<_>>(), exact)
}

/// The variance of independent values: the mean of squared deviations.
pub fn variance(values: &[f64], exact: f64) -> Estimate {
    let centre = values.iter().sum::<f64>() / values.len() as f64;
    let squares: Vec<f64> = values.iter().map(|value| (value - centre) * (value - centre)).collect();
    mean(&squares, exact)
}

/// The standard deviation of independent values.
pub fn deviation(values: &[f64], exact: f64) -> Estimate {
    variance(values, exact * exact).map(f64::sqrt)
}

/// So many hits of independent trials, by Clopper and Pearson.
pub fn share(hits: u64, trials: u64, exact: f64) -> Estimate {
    let (h, n) = (hits as f64, trials as f64);
    let beta = |a, b, at| Beta::new(a, b).expect("positive shapes").inverse_cdf(at);
    let low = if hits == 0 { 0.0 } else { beta(h, n - h + 1.0, TAIL) };
    let high = if hits == trials { 1.0 } else { beta(h + 1.0, n - h, 1.0 - TAIL) };
    let truth = Binomial::new(exact.clamp(0.0, 1.0), trials).expect("a probability");
    let below = truth.cdf(hits);
    let above = if hits == 0 { 1.0 } else { truth.sf(hits - 1) };
    Estimate { value: h / n, low, high, chance: (2.0 * below.min(above)).min(1.0), runs: 0, events: 0 }
}

/// What every run gives alike, to a tolerance that is the resolution of what the runs imitate.
pub fn certain(value: f64, tolerance: f64, exact: f64) -> Estimate {
    let (low, high) = (value - tolerance, value + tolerance);
    let chance = if (low..=high).contains(&exact) { 1.0 } else { 0.0 };
    Estimate { value, low, high, chance, runs: 0, events: 0 }
}

fn around(value: f64, error: f64, freedom: f64, exact: f64) -> Estimate {
    let student = StudentsT::new(0.0, 1.0, freedom).expect("some runs");
    let reach = student.inverse_cdf(1.0 - TAIL) * error;
    let distance = (value - exact).abs();
    let chance = if distance == 0.0 { 1.0 } else { 2.0 * student.sf(distance / error) };
    Estimate { value, low: value - reach, high: value + reach, chance, runs: 0, events: 0 }
}

impl Estimate {
    /// How far the interval reaches to its longer side.
    pub fn half_width(&self) -> f64 {
        (self.high - self.value).max(self.value - self.low)
    }

    /// An estimate of an increasing function of what this one estimates.
    pub fn map(self, of: impl Fn(f64) -> f64) -> Estimate {
        Estimate { value: of(self.value), low: of(self.low.max(0.0)), high: of(self.high), ..self }
    }

    /// An estimate of 1 less what this one estimates.
    pub fn complement(self) -> Estimate {
        Estimate { value: 1.0 - self.value, low: 1.0 - self.high, high: 1.0 - self.low, ..self }
    }

    /// With what it cost.
    pub fn after(self, runs: u64, events: u64) -> Estimate {
        Estimate { runs, events, ..self }
    }
}

#[test]
fn intervals_are_those_of_the_textbook() {
    // Student's 99.5% quantile with 3 degrees of freedom: 5.841.
    let of_four = mean(&[1.0, 2.0, 3.0, 4.0], 2.5);
    assert!((of_four.half_width() - 5.841 * (5.0_f64 / 12.0).sqrt()).abs() < 1e-3);
    assert_eq!(of_four.chance, 1.0);
    assert!(mean(&[1.0, 1.1, 0.9, 1.0], 2.0).chance < 0.001);
    assert_eq!(variance(&[1.0, 2.0, 3.0, 4.0], 1.25).value, 1.25);
    // Clopper and Pearson, 0 of 10: 1 - 0.005^(1/10).
    assert!((share(0, 10, 0.1).high - 0.411).abs() < 1e-3);
    assert!(share(0, 1_000, 0.1).chance < 1e-9);
}
