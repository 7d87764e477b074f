//! Every estimator over runs, on what it is used for.

use scenarios::statistics::*;

use crate::machine::{Machine, Repair, YEAR, exponential, normal, uniform};
use crate::{Coverage, coverage, coverage_in};

/// Fails about nine times a year.
const OFTEN: Machine = Machine { mttf: 1000.0, repair: Repair::Exponential(10.0) };
/// The same with LANL's repairs: the skewness of one repair is 23.
const HEAVY: Machine = Machine { mttf: 1000.0, repair: Repair::Lognormal(1.0) };
/// Fails once in twenty years.
const SELDOM: Machine = Machine { mttf: 20.0 * YEAR, repair: Repair::Exponential(10.0) };
/// The same with LANL's repairs.
const SELDOM_HEAVY: Machine = Machine { mttf: 20.0 * YEAR, repair: Repair::Lognormal(1.0) };

fn of_mean(machine: Machine, runs: usize) -> Coverage {
    coverage(machine.unavailability(), |luck| mean(&machine.down_shares(runs, luck), SHARE))
}

#[test]
fn mean_of_runs() {
    of_mean(OFTEN, 20).holds("mean", "20 years of 9 exponential repairs");
    of_mean(OFTEN, 100).holds("mean", "100 years of 9 exponential repairs");
    of_mean(HEAVY, 30).holds("mean", "30 years of 9 lognormal repairs");
    of_mean(HEAVY, 100).holds("mean", "100 years of 9 lognormal repairs");
}

#[test]
fn mean_of_rare_failures() {
    of_mean(SELDOM, 250).claims_less("mean", "12 exponential repairs in 250 years");
    of_mean(SELDOM_HEAVY, 250).holds("mean", "12 lognormal repairs in 250 years");
    of_mean(SELDOM_HEAVY, 1000).holds("mean", "50 lognormal repairs in 1,000 years");
}

/// Traffic differs from run to run by as much as a factor of three.
fn of_ratio(machine: Machine, runs: usize) -> Coverage {
    coverage(machine.unavailability(), |luck| {
        let run = |_| {
            let requests = 1.0 + 2.0 * uniform(luck);
            (machine.down_share(luck) * requests, requests)
        };
        ratio(&(0..runs).map(run).collect::<Vec<_>>())
    })
}

#[test]
fn ratio_of_requests() {
    of_ratio(OFTEN, 20).holds("ratio", "20 years of 9 exponential repairs");
    of_ratio(HEAVY, 100).holds("ratio", "100 years of 9 lognormal repairs");
    of_ratio(SELDOM_HEAVY, 250).holds("ratio", "12 lognormal repairs in 250 years");
}

#[test]
fn rate_of_outages() {
    let covered = coverage(1.0, |luck| {
        let outages = |_| {
            let mut at = exponential(luck, 1.0);
            std::iter::from_fn(|| {
                let inside = at < 1.0;
                at += exponential(luck, 1.0);
                inside.then_some(())
            })
            .count() as f64
        };
        let years: Vec<f64> = (0..50).map(outages).collect();
        rate(&years, 50.0)
    });
    covered.holds("rate", "once a year, in 50 years");
}

/// Over truths of every size, since the coverage of a discrete thing goes up and down with the truth.
fn of_probability(runs: u64, estimate: fn(u64, u64) -> Estimate) -> Coverage {
    // The truth is moved to 0, and the interval with it.
    coverage_in(4000, 0.0, |luck| {
        let truth = uniform(luck);
        let hits = (0..runs).filter(|_| uniform(luck) < truth).count() as u64;
        let Estimate { value, low, high, method } = estimate(hits, runs);
        Estimate { value: value - truth, low: low - truth, high: high - truth, method }
    })
}

#[test]
fn probabilities() {
    of_probability(50, wilson).holds("Wilson", "50 runs");
    of_probability(250, wilson).holds("Wilson", "250 runs");
    of_probability(250, clopper_pearson).holds("Clopper-Pearson", "250 runs");
    // Exact intervals promise at least 95%: with few runs it is more.
    let few =
        of_probability(20, clopper_pearson).told("Clopper-Pearson", "20 runs: at least 95% is promised");
    assert!(few.covered >= 95.0);
}

#[test]
fn never_seen_is_at_most_three_in_n() {
    // Of experiments with a truth at the bound, 5% see nothing and would be wrong.
    let truth = at_most(100);
    let nothing = |luck: &mut _| (0..100).all(|_| uniform(luck) >= truth);
    let bound = |luck: &mut _| if nothing(luck) { 0.99 * truth } else { 1.0 };
    let covered = coverage(truth, |luck| Estimate { high: bound(luck), ..Estimate::exactly(0.0) });
    covered.holds("at most", "0 of 100");
}

#[test]
fn quantiles() {
    for (probability, z, runs) in [(0.5, 0.0, 50), (0.9, 1.2815515655, 100), (0.95, 1.6448536270, 250)] {
        let truth = f64::exp(1.41 * z);
        let covered = coverage(truth, |luck| {
            let mut downtimes: Vec<f64> = (0..runs).map(|_| (1.41 * normal(luck)).exp()).collect();
            downtimes.sort_by(f64::total_cmp);
            quantile(&downtimes, probability, 0.0..=f64::INFINITY)
        });
        covered.holds("quantile", &format!("{:.0}% of {runs} lognormal years", 100.0 * probability));
    }
}

/// Downtime of one run, hour by hour.
fn slots(machine: Machine, years: usize, luck: &mut rand_chacha::ChaCha8Rng) -> Vec<(f64, f64)> {
    let days = years * 365;
    let mut slots = vec![(0.0, 24.0); days];
    for down in machine.run(days as f64 * 24.0, luck) {
        let (first, last) = ((down.from / 24.0) as usize, ((down.to / 24.0) as usize).min(days - 1));
        for (day, slot) in slots.iter_mut().enumerate().take(last + 1).skip(first) {
            let day = day as f64 * 24.0;
            slot.0 += down.to.min(day + 24.0) - down.from.max(day);
        }
    }
    slots
}

#[test]
fn batches_of_one_long_run() {
    for (machine, years, case) in [
        (OFTEN, 30, "one run of 30 years with 9 exponential repairs each"),
        (HEAVY, 100, "one run of 100 years with 9 lognormal repairs each"),
    ] {
        let truth = machine.unavailability();
        let covered = coverage_in(1000, truth, |luck| batch_means(&slots(machine, years, luck)));
        covered.holds("batch means", case);
    }
}

#[test]
fn paired_difference() {
    // The second design repairs in two thirds of the time, of the same failures.
    let losses = |luck: &mut _| {
        let repairs: f64 = HEAVY.run(YEAR, luck).iter().map(|down| down.to - down.from).sum();
        let spread = 0.8 + 0.4 * uniform(luck);
        ((repairs, YEAR), (repairs * spread * 2.0 / 3.0, YEAR))
    };
    let covered = coverage(-HEAVY.unavailability() / 3.0, |luck| {
        let (first, second): (Vec<_>, Vec<_>) = (0..100).map(|_| losses(luck)).unzip();
        difference(TAIL, &first, &second).expect("of the same runs").estimate
    });
    covered.holds("paired difference", "100 years of 9 lognormal repairs, a third less");
}
