//! Quantiles of the standard normal distribution.

/// Inverse of the standard normal distribution function, to about 1 part in 10^16: PPND16 of Wichura,
/// "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37(3), 1988.
pub(super) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let (shifted, (above, below)) = if r <= 5.0 { (r - 1.6, &SHOULDER) } else { (r - 5.0, &TAIL) };
    let x = polynomial(above, shifted) / polynomial(below, shifted);
    if q < 0.0 { -x } else { x }
}

/// Coefficients of numerator and denominator, from the power 0 up.
type Ratio = ([f64; 8], [f64; 8]);

#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const CENTRE: Ratio = (
    [
        3.3871328727963666080e0,
        1.3314166789178437745e+2,
        1.9715909503065514427e+3,
        1.3731693765509461125e+4,
        4.5921953931549871457e+4,
        6.7265770927008700853e+4,
        3.3430575583588128105e+4,
        2.5090809287301226727e+3,
    ],
    [
        1.0,
        4.2313330701600911252e+1,
        6.8718700749205790830e+2,
        5.3941960214247511077e+3,
        2.1213794301586595867e+4,
        3.9307895800092710610e+4,
        2.8729085735721942674e+4,
        5.2264952788528545610e+3,
    ],
);

#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const SHOULDER: Ratio = (
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
);

#[expect(clippy::excessive_precision, reason = "as printed in the source")]
const TAIL: Ratio = (
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
);

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Standard normal distribution function, by another way: the complementary error function.
    fn normal_probability(x: f64) -> f64 {
        libm::erfc(-x / 2f64.sqrt()) / 2.0
    }

    #[test]
    fn normal_quantile_inverts_the_distribution_function() {
        let powers_of_ten = (1..300).map(|exponent| libm::pow(10.0, -f64::from(exponent)));
        let percents = (1..100).map(|percent| f64::from(percent) / 100.0);
        for p in powers_of_ten.chain(percents) {
            let back = normal_probability(normal_quantile(p));
            assert!((back / p - 1.0).abs() < 1e-11, "{p}: {back}");
        }
    }

    #[test]
    fn normal_quantile_is_odd_and_known_at_975_permille() {
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.25), -normal_quantile(0.75));
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
    }
}
