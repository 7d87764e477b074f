//! Counts of failures when repair takes no time.

use sim_core::outcome::Outcome;
use sim_core::spec::*;
use sim_core::time::Span;

use crate::cases::case;
use crate::fleet::*;
use crate::statistics::*;

pub fn repaired_at_once(time_to_failure: Distribution) -> FaultTiming {
    FaultTiming::stochastic(time_to_failure, Distribution::Deterministic(Span::ZERO))
}

/// Failures per machine, one value a run.
pub fn failures(scenario: Scenario, runs: u64) -> Vec<f64> {
    let machines = scenario.cluster.nodes.len() as f64;
    let count = |outcome: &Outcome| outcome.cluster.fault_counts[0] as f64 / machines;
    outcomes(scenario, runs).iter().map(count).collect()
}

/// New machines fail more often, or less, than once per mean lifetime: within 1% and 2%.
#[test]
fn new_machines_fail_by_the_renewal_function() {
    for (name, relative) in [("weibull_renewal_k0.7_T1000", 0.02), ("weibull_renewal_k2_T1000", 0.01)] {
        let case = case(name);
        let shape = case.number("weibull_shape");
        let scale = Span::from_secs_f64(3600.0 * case.number("mean_h") / libm::tgamma(1.0 + 1.0 / shape));
        let timing = repaired_at_once(Distribution::Weibull { shape, scale });
        let values = failures(bare_machines(500, case.hours("T_h"), timing), 200);
        case.agrees(mean(&values), relative);
    }
}

/// A fleet's failures are a Poisson process: within 1%, and 3% for a quiet day.
#[test]
fn a_fleet_fails_as_poisson_says() {
    let month = case("fleet_poisson_mean");
    let machines = month.count("nodes");
    let timing = |mean| repaired_at_once(Distribution::Exponential { mean });
    let counts = failures(bare_machines(machines, month.hours("T_h"), timing(month.hours("MTTF_h"))), 4_000);
    let counts: Vec<f64> = counts.iter().map(|each| each * f64::from(machines)).collect();
    month.agrees(mean(&counts), 0.01);

    let day = case("fleet_poisson_p0_day");
    let counts = failures(bare_machines(machines, day.hours("T_h"), timing(day.hours("MTTF_h"))), 12_000);
    day.agrees(probability(counts.iter().map(|count| *count == 0.0)), 0.03);
}
