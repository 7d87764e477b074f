//! Against values worked out by hand, with exact arithmetic or by an independent implementation.

use statrs::distribution::{Beta, Binomial, ContinuousCDF, Discrete, DiscreteCDF, Normal, StudentsT};

use super::special::*;
use super::*;

const ANY: RangeInclusive<f64> = f64::NEG_INFINITY..=f64::INFINITY;

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9 * right.abs().max(1.0), "{left} is not {right}");
}

fn student_t(n: usize) -> f64 {
    student_quantile(1.0 - TAIL, (n - 1) as f64)
}

#[test]
fn student_quantiles_of_the_tables() {
    for (n, quantile) in [(10, 2.262157163), (2, 12.706204736), (31, 2.042272456), (1001, 1.962339080)] {
        assert!((student_t(n) - quantile).abs() < 1e-9, "{n}: {}", student_t(n));
    }
}

#[test]
fn quantiles_agree_with_an_independent_implementation() {
    // Theirs finds quantiles by halving and stops early, so ours must lead back to where they came from.
    for p in [0.5, 0.975, 0.9875, 0.999, 0.99999] {
        close(Normal::new(0.0, 1.0).unwrap().cdf(normal_quantile(p)), p);
        for degrees in [1.0, 2.0, 5.0, 29.0, 249.0, 1e5] {
            close(StudentsT::new(0.0, 1.0, degrees).unwrap().cdf(student_quantile(p, degrees)), p);
        }
    }
    for (a, b) in [(1.0, 50.0), (3.0, 8.0), (0.5, 0.5), (250.0, 1.0), (4000.0, 90.0)] {
        let theirs = Beta::new(a, b).unwrap();
        for x in [0.001, 0.2, 0.5, 0.975, 0.9999] {
            assert!((incomplete_beta(a, b, x) - theirs.cdf(x)).abs() < 1e-11, "{a} {b} {x}");
            close(theirs.cdf(beta_quantile(a, b, x)), x);
        }
    }
    for (n, hit) in [(2, 0.3), (10, 0.5), (100, 0.99), (250, 0.95), (10_000, 0.001)] {
        let theirs = Binomial::new(hit, n).unwrap();
        for probability in [TAIL, 0.5, 1.0 - TAIL] {
            let k = binomial_quantile(probability, n, hit);
            assert_eq!(k, theirs.inverse_cdf(probability), "{n} {hit} {probability}");
            assert!((binomial_mass(k, n, hit) - theirs.pmf(k)).abs() < 1e-10);
        }
    }
}

#[test]
fn mean_of_ten_numbers() {
    // 1..10: mean 5.5, variance 55/6, half-width 2.262157163 x sqrt(55/60) = 2.165852295
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    let estimate = mean(&values, ANY);
    close(estimate.value, 5.5);
    close(estimate.high - 5.5, student_t(10) * (55.0_f64 / 60.0).sqrt());
    close(5.5 - estimate.low, estimate.high - 5.5);
    assert_eq!(estimate.method, Method::Student);
}

#[test]
fn skewed_values_reach_farther_where_their_tail_is() {
    // Nine zeros and a ten: mean 1, standard error 1, skewness / sqrt(10) = 720 / 90^1.5 = 0.843274
    let mut values = [0.0; 10];
    values[9] = 10.0;
    let estimate = mean(&values, ANY);
    let a = 0.843274042711568_f64;
    let below = 3.0 / a * ((1.0 + a * (student_t(10) - a / 6.0)).cbrt() - 1.0);
    assert_eq!(estimate.method, Method::SkewedStudent);
    close(1.0 - estimate.low, below);
    // The long side is at its longest: 9.36972 standard errors, found by trying 200,000 skewnesses.
    assert!((estimate.high - 1.0 - 9.369720714).abs() < 1e-7, "{estimate:?}");
    let mirrored = mean(&values.map(|value| -value), ANY);
    assert_eq!((mirrored.low, mirrored.high), (-estimate.high, -estimate.low));
}

#[test]
fn mean_stays_among_the_possible_values() {
    let estimate = mean(&[1.0, 1.0, 0.9], SHARE);
    assert_eq!(estimate.high, 1.0);
    assert!(estimate.low < 0.9);
}

#[test]
fn one_run_bounds_nothing() {
    let one = Estimate { value: 0.999, low: 0.0, high: 1.0, method: Method::OneRun };
    assert_eq!(mean(&[0.999], SHARE), one);
    assert_eq!(ratio(&[(1.0, 4.0)]), Estimate { value: 0.25, ..one });
}

#[test]
fn perfect_runs_do_not_prove_perfection() {
    // 1 - 5%^(1/300): a little less than 3/300
    let estimate = mean(&[1.0; 300], SHARE);
    assert_eq!((estimate.value, estimate.high, estimate.method), (1.0, 1.0, Method::AllAlike));
    close(estimate.low, 0.05_f64.powf(1.0 / 300.0));
    assert!(estimate.low > 0.99);
    close(ratio(&[(0.0, 10.0); 300]).high, 1.0 - 0.05_f64.powf(1.0 / 300.0));
}

#[test]
fn equal_runs_away_from_the_ends_have_no_luck_in_them() {
    let estimate = mean(&[0.5; 20], SHARE);
    assert_eq!((estimate.value, estimate.low, estimate.high), (0.5, 0.5, 0.5));
}

#[test]
fn nothing_seen_in_a_hundred_years_allows_three_a_century() {
    let estimate = rate(&[0.0; 100], 100.0);
    assert_eq!((estimate.value, estimate.low, estimate.method), (0.0, 0.0, Method::NoneSeen));
    close(estimate.high, 20.0_f64.ln() / 100.0);
    close(at_most(1), 0.95);
}

#[test]
fn ratio_weighs_by_requests() {
    // R = 5/300; residuals 1 - 100 R = -2/3 and 4 - 200 R = 2/3;
    // standard error sqrt(2 x 8/9) / 300, times t of one degree of freedom
    let estimate = ratio(&[(1.0, 100.0), (4.0, 200.0)]);
    close(estimate.value, 5.0 / 300.0);
    close(estimate.high - estimate.value, student_t(2) * (16.0_f64 / 9.0).sqrt() / 300.0);
    assert_eq!(estimate.low, 0.0);
}

#[test]
fn ratio_of_nothing_is_nothing() {
    assert_eq!(ratio(&[(0.0, 0.0), (0.0, 0.0)]), Estimate::exactly(0.0));
}

#[test]
fn clopper_pearson_of_the_literature() {
    // 3 of 10: Beta(3, 8) at 2.5% is 0.066739511, Beta(4, 7) at 97.5% is 0.652452857
    let estimate = clopper_pearson(3, 10);
    assert!((estimate.low - 0.066739511).abs() < 1e-9, "{estimate:?}");
    assert!((estimate.high - 0.652452857).abs() < 1e-6, "{estimate:?}");
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
    // P(2 <= Binomial(10, 1/2) <= 8) = 97.85%; without one of its ends it would be 93.5%
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    let estimate = quantile(&values, 0.5, ANY);
    assert_eq!((estimate.value, estimate.low, estimate.high), (5.0, 2.0, 9.0));
}

#[test]
fn ranks_draw_together_while_95_percent_are_kept() {
    // P(88 <= Binomial(100, 0.92) <= 96): 2.5% at each end would be ranks 86 and 98, with 97.4%
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let estimate = quantile(&values, 0.92, ANY);
    let theirs = Binomial::new(0.92, 100).unwrap();
    let held = theirs.cdf(estimate.high as u64 - 1) - theirs.cdf(estimate.low as u64 - 1);
    assert!((0.95..0.97).contains(&held), "{estimate:?} {held}");
}

#[test]
fn a_tail_that_too_few_runs_reach_is_not_bounded() {
    let values: Vec<f64> = (1..=100).map(f64::from).collect();
    let estimate = quantile(&values, 0.99, 0.0..=1e6);
    assert_eq!((estimate.value, estimate.high), (99.0, 1e6));
    // P(Binomial(100, 0.99) <= 96) = 1.8%, <= 97: 7.9%
    assert_eq!(estimate.low, 97.0);
    let one = quantile(&[4.0], 0.5, 0.0..=9.0);
    assert_eq!((one.value, one.low, one.high), (4.0, 0.0, 9.0));
}

#[test]
fn batches_of_thirty_slots_are_the_slots() {
    let slots: Vec<(f64, f64)> = (0..30).map(|slot| (f64::from(slot % 3), 10.0)).collect();
    let (batches, runs) = (batch_means(&slots), ratio(&slots));
    assert_eq!((batches.value, batches.low, batches.high), (runs.value, runs.low, runs.high));
    assert_eq!(batches.method, Method::BatchMeans);
}

#[test]
fn a_beginning_unlike_the_rest_is_cut_off() {
    let wave = |slot: usize| (slot as f64 * 0.7).sin();
    let settled: Vec<f64> = (0..200).map(wave).collect();
    assert_eq!(mser5(&settled), Some(0));
    let mut rising = settled.clone();
    rising.iter_mut().take(40).enumerate().for_each(|(at, value)| *value -= 40.0 - at as f64);
    assert_eq!(mser5(&rising), Some(40));
    let never: Vec<f64> = (0..200).map(|slot| slot as f64).collect();
    assert_eq!(mser5(&never), None);
    assert_eq!(mser5(&[1.0; 4]), None);
}

#[test]
fn the_same_luck_on_both_sides_leaves_the_difference() {
    // The second loses one in a hundred requests more than the first, whatever the year.
    let first: Vec<(f64, f64)> = [3.0, 9.0, 1.0, 7.0].map(|lost| (lost, 100.0)).to_vec();
    let second: Vec<(f64, f64)> = first.iter().map(|run| (run.0 + 1.0, 100.0)).collect();
    let same = difference(TAIL, &first, &second).expect("of requests");
    close(same.estimate.value, 0.01);
    assert!(same.estimate.half_width() < 1e-12, "{same:?}");
    // Now the second has years of its own: 1 2 0 5 more. Variances 40/3, 20.917, and of the difference 14/3.
    let second: Vec<(f64, f64)> = [4.0, 11.0, 1.0, 12.0].map(|lost| (lost, 100.0)).to_vec();
    let other = difference(TAIL, &first, &second).expect("of requests");
    close(other.saved.expect("a variance"), (40.0 + 86.0) / 14.0);
    assert!(difference(TAIL, &first, &second[1..]).is_none());
    assert!(difference(TAIL, &[(0.0, 0.0)], &[(0.0, 0.0)]).is_none());
}
