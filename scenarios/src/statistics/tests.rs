//! Against values worked out by hand or with exact arithmetic, and against the coverage that is claimed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;

const ANY: RangeInclusive<f64> = f64::NEG_INFINITY..=f64::INFINITY;

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-8, "{left} is not {right}");
}

#[test]
fn student_quantiles_of_the_tables() {
    close(student_t(10), 2.262157163);
    close(student_t(2), 12.706204736);
    close(student_t(31), 2.042272456);
    close(student_t(1001), 1.962339080);
}

#[test]
fn mean_of_ten_numbers() {
    // 1..10: mean 5.5, variance 55/6, half-width 2.262157163 x sqrt(55/60) = 2.165852295
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    let estimate = mean(&values, ANY);
    close(estimate.value, 5.5);
    close(estimate.high - 5.5, 2.262157163 * (55.0_f64 / 60.0).sqrt());
    close(5.5 - estimate.low, estimate.high - 5.5);
}

#[test]
fn mean_stays_among_the_possible_values() {
    let estimate = mean(&[1.0, 1.0, 0.9], SHARE);
    assert_eq!(estimate.high, 1.0);
    assert!(estimate.low < 0.9);
}

#[test]
fn one_run_bounds_nothing() {
    assert_eq!(mean(&[0.999], SHARE), Estimate { value: 0.999, low: 0.0, high: 1.0 });
    assert_eq!(ratio(&[(1.0, 4.0)]), Estimate { value: 0.25, low: 0.0, high: 1.0 });
}

#[test]
fn perfect_runs_do_not_prove_perfection() {
    let estimate = mean(&[1.0; 300], SHARE);
    assert_eq!((estimate.value, estimate.high), (1.0, 1.0));
    close(estimate.low, 0.99);
    close(ratio(&[(0.0, 10.0); 300]).high, 0.01);
}

#[test]
fn equal_runs_away_from_the_ends_have_no_luck_in_them() {
    assert_eq!(mean(&[0.5; 20], SHARE), Estimate { value: 0.5, low: 0.5, high: 0.5 });
}

#[test]
fn nothing_seen_in_a_hundred_years_allows_three_a_century() {
    assert_eq!(rate(&[0.0; 100], 100.0), Estimate { value: 0.0, low: 0.0, high: 0.03 });
    assert_eq!(rule_of_three(2), 1.0);
}

#[test]
fn ratio_weighs_by_requests() {
    // R = 5/300; residuals 1 - 100 R = -2/3 and 4 - 200 R = 2/3;
    // standard error sqrt(2 x 8/9) / 300, times t of one degree of freedom
    let estimate = ratio(&[(1.0, 100.0), (4.0, 200.0)]);
    close(estimate.value, 5.0 / 300.0);
    close(estimate.high - estimate.value, 12.706204736 * (16.0_f64 / 9.0).sqrt() / 300.0);
    assert_eq!(estimate.low, 0.0);
}

#[test]
fn ratio_of_nothing_is_nothing() {
    assert_eq!(ratio(&[(0.0, 0.0), (0.0, 0.0)]), Estimate { value: 0.0, low: 0.0, high: 0.0 });
}

#[test]
fn clopper_pearson_of_the_literature() {
    // 3 of 10: Beta(3, 8) at 2.5% is 0.066739511, Beta(4, 7) at 97.5% is 0.652452857
    let estimate = clopper_pearson(3, 10);
    close(estimate.low, 0.066739511);
    assert!((estimate.high - 0.652452857).abs() < 1e-6);
    // 0 of 10: 1 - 0.025^(1/10)
    close(clopper_pearson(0, 10).high, 1.0 - 0.025_f64.powf(0.1));
    assert_eq!(clopper_pearson(0, 10).low, 0.0);
    close(clopper_pearson(10, 10).low, 0.025_f64.powf(0.1));
    assert_eq!(clopper_pearson(10, 10).high, 1.0);
}

#[test]
fn wilson_of_the_literature() {
    // Newcombe (1998), table I: 81 of 263 and 15 of 148, 0 of 20
    for (hits, n, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)] {
        let estimate = wilson(hits, n);
        assert!((estimate.low - low).abs() < 5e-5 && (estimate.high - high).abs() < 5e-5, "{estimate:?}");
    }
    assert_eq!(wilson(7, 7).high, 1.0);
}

#[test]
fn median_of_ten_lies_between_the_second_and_the_ninth() {
    // P(2 <= Binomial(10, 1/2) <= 8) = 97.85%, the least symmetric choice above 95%
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    assert_eq!(quantile(&values, 0.5, ANY), Estimate { value: 5.0, low: 2.0, high: 9.0 });
}

#[test]
fn a_tail_that_too_few_runs_reach_is_not_bounded() {
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let estimate = quantile(&values, 0.99, 0.0..=1e6);
    assert_eq!((estimate.value, estimate.high), (99.0, 1e6));
    // P(Binomial(100, 0.99) <= 96) = 1.8%, <= 97: 7.9%
    assert_eq!(estimate.low, 97.0);
    assert_eq!(quantile(&[4.0], 0.5, 0.0..=9.0), Estimate { value: 4.0, low: 0.0, high: 9.0 });
}

/// Uniform in (0, 1).
fn uniform(luck: &mut ChaCha8Rng) -> f64 {
    ((luck.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Share of 2,000 experiments whose interval holds the truth.
fn coverage(truth: f64, experiment: impl Fn(&mut ChaCha8Rng) -> Estimate) -> f64 {
    let luck = &mut ChaCha8Rng::seed_from_u64(42);
    let holds = |estimate: Estimate| estimate.low <= truth && truth <= estimate.high;
    (0..2000).filter(|_| holds(experiment(luck))).count() as f64 / 2000.0
}

// Binomial noise of 2,000 experiments at 95% is 0.5 points: bounds below are three of it away.

#[test]
fn student_covers_the_mean() {
    let covered = coverage(0.5, |luck| mean(&(0..20).map(|_| uniform(luck)).collect::<Vec<_>>(), SHARE));
    assert!((0.935..0.965).contains(&covered), "{covered}");
}

#[test]
fn ratio_covers_a_skewed_share() {
    // One run loses 1% of its requests in exponential amounts, with traffic of 1 to 3.
    let run = |luck: &mut ChaCha8Rng| {
        let requests = 1.0 + 2.0 * uniform(luck);
        (-0.01 * requests * uniform(luck).ln(), requests)
    };
    let covered = coverage(0.01, |luck| ratio(&(0..250).map(|_| run(luck)).collect::<Vec<_>>()));
    assert!((0.93..0.965).contains(&covered), "{covered}");
}

#[test]
fn exact_intervals_cover_at_least_what_they_claim() {
    let hits = |luck: &mut ChaCha8Rng| (0..50).filter(|_| uniform(luck) < 0.03).count() as u64;
    assert!(coverage(0.03, |luck| clopper_pearson(hits(luck), 50)) >= 0.945);
    assert!(coverage(0.03, |luck| wilson(hits(luck), 50)) >= 0.90);
}

#[test]
fn order_statistics_cover_a_quantile() {
    let sample = |luck: &mut ChaCha8Rng| {
        let mut values: Vec<f64> = (0..250).map(|_| uniform(luck)).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let covered = coverage(0.95, |luck| quantile(&sample(luck), 0.95, SHARE));
    assert!((0.94..0.985).contains(&covered), "{covered}");
}
