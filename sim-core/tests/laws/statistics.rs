//! Estimates with their 99% intervals, by the central limit theorem: every sample here has hundreds of values.

/// The normal quantile of a 99% interval.
const Z: f64 = 2.576;

/// A mean, and how far the interval reaches to each side.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub mean: f64,
    pub half_width: f64,
}

/// The mean of independent values.
pub fn mean(values: &[f64]) -> Estimate {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    let variance = variance / (values.len() - 1) as f64;
    Estimate { mean, half_width: Z * (variance / values.len() as f64).sqrt() }
}

/// The probability of what is true of some values.
pub fn probability(values: impl Iterator<Item = bool>) -> Estimate {
    mean(&values.map(|value| f64::from(u8::from(value))).collect::<Vec<_>>())
}

/// The variance of independent values: the mean of squared deviations.
pub fn variance(values: &[f64]) -> Estimate {
    let centre = mean(values).mean;
    let squares: Vec<f64> = values.iter().map(|value| (value - centre) * (value - centre)).collect();
    mean(&squares)
}

/// The standard deviation of independent values, by the delta method.
pub fn deviation(values: &[f64]) -> Estimate {
    let variance = variance(values);
    let mean = variance.mean.sqrt();
    Estimate { mean, half_width: variance.half_width / (2.0 * mean) }
}

/// The ratio of two means over independent pairs, by the delta method.
pub fn ratio(pairs: &[(f64, f64)]) -> Estimate {
    let sums = pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let ratio = sums.0 / sums.1;
    let errors: f64 =
        pairs.iter().map(|(above, below)| (above - ratio * below) * (above - ratio * below)).sum();
    Estimate { mean: ratio, half_width: Z * errors.sqrt() / sums.1 }
}

#[test]
fn intervals_are_those_of_the_textbook() {
    let values = [1.0, 2.0, 3.0, 4.0];
    let Estimate { mean, half_width } = mean(&values);
    assert_eq!(mean, 2.5);
    assert!((half_width - Z * (5.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-12);
    assert_eq!(variance(&values).mean, 1.25);
    assert_eq!(ratio(&[(1.0, 2.0), (3.0, 6.0)]).mean, 0.5);
    assert_eq!(ratio(&[(1.0, 2.0), (3.0, 6.0)]).half_width, 0.0);
}
