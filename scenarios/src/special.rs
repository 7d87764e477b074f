//! Functions of mathematics that neither the standard library nor `libm` has, the same on every machine.

/// Regularized lower incomplete gamma function P(a, x): the distribution function of a gamma variable of shape `a`. By its
/// series below a + 1 and its continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31, the latter by Lentz).
pub(crate) fn gamma_cdf(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 { front * series(a, x) } else { 1.0 - front * fraction(a, x) }
}

/// The value below which a gamma variable of shape `a` stays with probability `p`, by bisection.
pub(crate) fn gamma_quantile(a: f64, p: f64) -> f64 {
    let (mut low, mut high) = (-800.0, libm::log(a + 50.0 * libm::sqrt(a) + 50.0));
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if gamma_cdf(a, libm::exp(middle)) < p { low = middle } else { high = middle }
    }
    libm::exp((low + high) / 2.0)
}

/// The derivative of ln gamma, by recurrence up to 10 and the asymptotic series from there (Abramowitz and Stegun 6.3.18).
pub(crate) fn digamma(x: f64) -> f64 {
    if x < 10.0 {
        return digamma(x + 1.0) - 1.0 / x;
    }
    let square = 1.0 / (x * x);
    let tail = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square / 240.0)));
    libm::log(x) - 0.5 / x - tail
}

/// The distribution function of the standard normal.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    while term > sum * f64::EPSILON {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum
}

fn fraction(a: f64, x: f64) -> f64 {
    let tiny = f64::MIN_POSITIVE;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut value = d;
    for i in 1..10_000 {
        let step = -f64::from(i) * (f64::from(i) - a);
        b += 2.0;
        let floored = |x: f64| if x.abs() < tiny { tiny } else { x };
        d = 1.0 / floored(step * d + b);
        c = floored(b + step / c);
        value *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use statrs::function::gamma;

    use super::*;

    #[test]
    fn they_agree_with_another_implementation() {
        for a in [0.02, 0.3, 1.0, 2.5, 40.0, 1e4] {
            for x in [0.01, 0.5, 1.0, 3.0, 39.0, 60.0, 9_900.0] {
                let (own, theirs) = (gamma_cdf(a, x), gamma::gamma_lr(a, x));
                assert!((own - theirs).abs() < 1e-9, "{a} {x}: {own} {theirs}");
            }
            assert!((digamma(a) - gamma::digamma(a)).abs() < 1e-8 * digamma(a).abs().max(1.0), "{a}");
            for p in [0.05, 0.5, 0.95] {
                assert!((gamma_cdf(a, gamma_quantile(a, p)) - p).abs() < 1e-9, "{a} {p}");
            }
        }
        assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-12);
    }
}
