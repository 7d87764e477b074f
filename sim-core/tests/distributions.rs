//! Samples against textbook distribution functions, their means, and the golden digest of each sampler.

use sim_core::Seed;
use sim_core::rng::{EntityKey, Luck, Purpose};
use sim_core::spec::Distribution;
use sim_core::time::Span;
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Pareto, Triangular, Uniform, Weibull};

/// Unit of the textbook side: one hour.
const HOUR: Span = Span::hours(1);

/// Samples of a distribution, each with luck of its own, as a run draws them.
fn samples(distribution: &Distribution, count: u64) -> Vec<Span> {
    let luck = Luck::new(Seed { master: 7, run: 0 });
    let entity = EntityKey::new("test");
    (0..count)
        .map(|index| distribution.sample(&mut luck.draw(Purpose::TimeToFailure, entity, index)))
        .collect()
}

type Cdf = Box<dyn Fn(f64) -> f64>;

/// Continuous distributions, with their distribution functions by another hand.
fn continuous() -> Vec<(Distribution, Cdf)> {
    let mut cases: Vec<(Distribution, Cdf)> = Vec::new();
    let mut case = |distribution, cdf: Cdf| cases.push((distribution, cdf));

    let exp = Exp::new(1.0 / 720.0).unwrap();
    case(Distribution::Exponential { mean: HOUR * 720 }, Box::new(move |x| exp.cdf(x)));
    for shape in [0.7, 1.0, 3.5] {
        let weibull = Weibull::new(shape, 1000.0).unwrap();
        case(Distribution::Weibull { shape, scale: HOUR * 1000 }, Box::new(move |x| weibull.cdf(x)));
    }
    for shape in [0.3, 1.0, 4.0, 25.5] {
        let gamma = Gamma::new(shape, 1.0 / 10.0).unwrap();
        case(Distribution::Gamma { shape, scale: HOUR * 10 }, Box::new(move |x| gamma.cdf(x)));
    }
    for sigma in [0.2, 1.413] {
        let lognormal = LogNormal::new(libm::log(3.0), sigma).unwrap();
        case(Distribution::Lognormal { median: HOUR * 3, sigma }, Box::new(move |x| lognormal.cdf(x)));
    }
    let uniform = Uniform::new(2.0, 5.0).unwrap();
    case(Distribution::Uniform { low: HOUR * 2, high: HOUR * 5 }, Box::new(move |x| uniform.cdf(x)));
    for mode in [1, 4, 9] {
        let triangular = Triangular::new(1.0, 9.0, mode as f64).unwrap();
        let (low, mode, high) = (HOUR, HOUR * mode, HOUR * 9);
        case(Distribution::Triangular { low, mode, high }, Box::new(move |x| triangular.cdf(x)));
    }
    for shape in [0.8, 2.5] {
        let pareto = Pareto::new(2.0, shape).unwrap();
        case(Distribution::Pareto { shape, scale: HOUR * 2 }, Box::new(move |x| pareto.cdf(x)));
    }
    let parts = vec![
        (3.0, Distribution::Uniform { low: HOUR * 2, high: HOUR * 5 }),
        (1.0, Distribution::Exponential { mean: HOUR * 720 }),
    ];
    case(Distribution::Mixture(parts), Box::new(move |x| 0.75 * uniform.cdf(x) + 0.25 * exp.cdf(x)));
    cases
}

/// Kolmogorov and Smirnov's statistic times the root of the number of samples: above 1.95 once in 1000 cases.
fn kolmogorov_smirnov(samples: &[Span], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut hours: Vec<f64> = samples.iter().map(|span| span.as_hours_f64()).collect();
    hours.sort_by(f64::total_cmp);
    let count = hours.len() as f64;
    let distance = |(rank, x): (usize, &f64)| {
        let probability = cdf(*x);
        (probability - rank as f64 / count).max((rank + 1) as f64 / count - probability)
    };
    hours.iter().enumerate().map(distance).fold(0.0, f64::max) * count.sqrt()
}

#[test]
fn samples_follow_their_distribution_function() {
    for (distribution, cdf) in continuous() {
        let statistic = kolmogorov_smirnov(&samples(&distribution, 20_000), cdf);
        assert!(statistic < 1.95, "{distribution:?}: {statistic}");
    }
}

/// The share of residual times up to each of some ascending `times`, as the textbook has it: the integral of 1 - F over
/// the mean, by Simpson's rule from each time to the next.
fn equilibrium(times: &[f64], mean: f64, cdf: &Cdf) -> Vec<f64> {
    let left = |x: f64| 1.0 - cdf(x);
    let mut reached = (0.0, 0.0);
    let mut next = |x: &f64| {
        let (from, sum) = reached;
        let step = (x - from) / 16.0;
        let piece = |at: u32| {
            let low = from + f64::from(at) * step;
            step / 6.0 * (left(low) + 4.0 * left(low + step / 2.0) + left(low + step))
        };
        reached = (*x, sum + (0..16).map(piece).sum::<f64>());
        reached.1 / mean
    };
    times.iter().map(&mut next).collect()
}

#[test]
fn residual_times_follow_the_equilibrium_distribution() {
    let mut cases = continuous();
    cases.push((Distribution::Deterministic(HOUR * 4), Box::new(|x| f64::from(u8::from(x >= 4.0)))));
    let steps = |x: f64| [1.0, 5.0, 9.0].iter().filter(|value| x >= **value).count() as f64 / 3.0;
    cases.push((Distribution::Empirical(vec![HOUR, HOUR * 5, HOUR * 9]), Box::new(steps)));
    for (distribution, cdf) in cases {
        let mean = distribution.mean();
        if mean == Span::FOREVER {
            continue;
        }
        let luck = Luck::new(Seed { master: 7, run: 0 });
        let draw = |index| luck.draw(Purpose::InitialState, EntityKey::new("test"), index);
        let residuals: Vec<Span> = (0..20_000).map(|index| distribution.residual(&mut draw(index))).collect();
        let mut times: Vec<f64> = residuals.iter().map(|span| span.as_hours_f64()).collect();
        times.sort_by(f64::total_cmp);
        let known = equilibrium(&times, mean.as_hours_f64(), &cdf);
        let at = |x: f64| known[times.partition_point(|time| *time < x).min(known.len() - 1)];
        let statistic = kolmogorov_smirnov(&residuals, at);
        assert!(statistic < 1.95, "{distribution:?}: {statistic}");
    }
}

#[test]
fn a_scaled_distribution_is_so_many_times_as_long() {
    for (distribution, _) in continuous() {
        let (short, long) = (samples(&distribution, 100), samples(&distribution.scaled(2.0), 100));
        for (short, long) in short.iter().zip(long) {
            assert!((long.as_hours_f64() - 2.0 * short.as_hours_f64()).abs() < 1e-9, "{distribution:?}");
        }
    }
}

#[test]
fn the_comparison_notices_a_wrong_parameter() {
    let weibull = Weibull::new(0.75, 1000.0).unwrap();
    let wrong = Distribution::Weibull { shape: 0.7, scale: HOUR * 1000 };
    assert!(kolmogorov_smirnov(&samples(&wrong, 20_000), |x| weibull.cdf(x)) > 1.95);
}

#[test]
fn sample_means_approach_the_mean() {
    for (distribution, _) in continuous() {
        let mean = distribution.mean();
        if mean == Span::FOREVER {
            continue;
        }
        let hours: Vec<f64> = samples(&distribution, 20_000).iter().map(|span| span.as_hours_f64()).collect();
        let average = hours.iter().sum::<f64>() / 20_000.0;
        let variance = hours.iter().map(|x| (x - average) * (x - average)).sum::<f64>() / 20_000.0;
        let error = (variance / 20_000.0).sqrt();
        assert!((average - mean.as_hours_f64()).abs() < 3.5 * error, "{distribution:?}: {average} ± {error}");
    }
}

#[test]
fn means_are_the_textbook_s() {
    let hours = |distribution: Distribution| distribution.mean().as_hours_f64();
    // Γ(3) = 2 and Γ(1.5) = √π / 2.
    assert_eq!(hours(Distribution::Weibull { shape: 0.5, scale: HOUR }), 2.0);
    assert_eq!(Distribution::Weibull { shape: 2.0, scale: HOUR }.mean(), Span(3_190_416_931_630));
    assert_eq!(hours(Distribution::Gamma { shape: 2.5, scale: HOUR * 4 }), 10.0);
    assert_eq!(hours(Distribution::Triangular { low: HOUR, mode: HOUR * 2, high: HOUR * 6 }), 3.0);
    assert_eq!(hours(Distribution::Pareto { shape: 3.0, scale: HOUR * 2 }), 3.0);
    assert_eq!(Distribution::Pareto { shape: 1.0, scale: HOUR }.mean(), Span::FOREVER);
    assert_eq!(hours(Distribution::Empirical(vec![HOUR, HOUR * 2, HOUR * 6])), 3.0);
    let parts = vec![(1.0, Distribution::Deterministic(HOUR)), (3.0, Distribution::Deterministic(HOUR * 5))];
    assert_eq!(hours(Distribution::Mixture(parts)), 4.0);
}

#[test]
fn an_empirical_distribution_repeats_its_samples_equally_often() {
    let values = [Span::secs(1), Span::secs(5), Span::secs(9)];
    let drawn = samples(&Distribution::Empirical(values.to_vec()), 30_000);
    for value in values {
        let count = drawn.iter().filter(|span| **span == value).count();
        assert!((9_700..10_300).contains(&count), "{value:?}: {count}"); // 10,000 ± 3.7 standard deviations
    }
}

#[test]
fn degenerate_distributions_are_constant() {
    let bounds = (HOUR, HOUR, HOUR);
    let constants = [
        Distribution::Deterministic(HOUR),
        Distribution::Uniform { low: bounds.0, high: bounds.2 },
        Distribution::Triangular { low: bounds.0, mode: bounds.1, high: bounds.2 },
        Distribution::Empirical(vec![HOUR]),
        Distribution::Mixture(vec![(0.1, Distribution::Deterministic(HOUR))]),
    ];
    for distribution in constants {
        assert!(samples(&distribution, 100).iter().all(|span| *span == HOUR), "{distribution:?}");
        assert_eq!(distribution.mean(), HOUR, "{distribution:?}");
    }
}

#[test]
fn the_same_luck_orders_designs_alike() {
    let luck = Luck::new(Seed { master: 7, run: 0 });
    for index in 0..1_000 {
        let at = |distribution: Distribution| {
            distribution.sample(&mut luck.draw(Purpose::TimeToRepair, EntityKey::new("x"), index))
        };
        let (short, long) = (HOUR * 2, HOUR * 3);
        assert!(
            at(Distribution::Exponential { mean: short }) <= at(Distribution::Exponential { mean: long })
        );
        let weibull = |scale| Distribution::Weibull { shape: 0.7, scale };
        assert!(at(weibull(short)) <= at(weibull(long)));
        let lognormal = |median| Distribution::Lognormal { median, sigma: 1.4 };
        assert!(at(lognormal(short)) <= at(lognormal(long)));
    }
}

/// FNV-1a over the nanoseconds of 10,000 samples.
fn digest(distribution: &Distribution) -> u64 {
    let bytes = samples(distribution, 10_000).into_iter().flat_map(|span| span.0.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A change here changes every result: it needs a line in CHANGELOG.md.
#[test]
fn samples_never_change() {
    let digests: Vec<String> =
        continuous().iter().map(|(distribution, _)| format!("{:016x}", digest(distribution))).collect();
    assert_eq!(
        digests,
        [
            "b5c650af29ba0024",
            "bf813f3b4bc501a7",
            "9568c3c2afdf0ddd",
            "52aae02de2c162a5",
            "dd30a87b3f78a7e4",
            "95e86b2af138e8ad",
            "ebca5d4447e810d4",
            "f5c57f2ccc58ba13",
            "a5f489211c840cee",
            "224ef53c9c0ba4b7",
            "71dccea64fdff757",
            "39991f2bb03ac600",
            "865b005efca294fd",
            "2fe1caa1f106a607",
            "51d5a15faaef7299",
            "1a539c9dcb684d11",
            "4e25eb921017f736"
        ]
    );
}
