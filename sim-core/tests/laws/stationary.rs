//! Machines that have run for ever when a run begins.

use sim_core::spec::*;
use sim_core::time::Span;

use crate::cases::case;
use crate::fleet::*;
use crate::renewal::{failures, repaired_at_once};
use crate::statistics::*;

fn stationary(time_to_failure: Distribution, time_to_repair: Distribution) -> FaultTiming {
    FaultTiming::Stochastic { time_to_failure, time_to_repair, initially: Initially::Stationary }
}

fn weibull(shape: f64, mean: Span) -> Distribution {
    let scale = Span::from_secs_f64(mean.as_secs_f64() / libm::tgamma(1.0 + 1.0 / shape));
    Distribution::Weibull { shape, scale }
}

fn within(estimate: Estimate, exact: f64, widest: f64) {
    let Estimate { mean, half_width } = estimate;
    println!("exact {exact:.6e}, estimated {mean:.6e} ± {half_width:.2e}");
    assert!((mean - exact).abs() <= half_width, "{mean} ± {half_width} misses {exact}");
    assert!(half_width <= widest * exact, "± {half_width} is wider than {widest} of {exact}");
}

/// New machines of Weibull 0.7 fail 40% more often in their first mean lifetime than old ones, which fail once: within
/// 1.5%.
#[test]
fn in_its_first_mean_lifetime_a_new_machine_fails_more_often() {
    let case = case("weibull_renewal_k0.7_T1000");
    let mean_life = case.hours("mean_h");
    let ttf = weibull(case.number("weibull_shape"), mean_life);
    let fleet = |timing| failures(bare_machines(500, case.hours("T_h"), timing), 150);
    let old = stationary(ttf.clone(), Distribution::Deterministic(Span::ZERO));
    within(mean(&fleet(old)), 1.0, 0.015);
    let new = mean(&fleet(repaired_at_once(ttf))).mean;
    assert!((1.38..1.42).contains(&new), "{new}");
}

/// A machine that begins stationary is as available in its first minutes, and at any time after, as in the long run:
/// within 4% of the unavailability, whatever the shapes.
#[test]
fn availability_is_the_same_at_all_times() {
    let hours = Span::hours;
    let shapes = [
        (Distribution::Exponential { mean: hours(1000) }, Distribution::Exponential { mean: hours(10) }),
        (weibull(0.7, hours(1000)), Distribution::Uniform { low: hours(5), high: hours(15) }),
        (weibull(3.0, hours(1000)), Distribution::Gamma { shape: 0.5, scale: hours(20) }),
        (
            Distribution::Triangular { low: hours(0), mode: hours(1000), high: hours(2000) },
            Distribution::Deterministic(hours(10)),
        ),
    ];
    for (up, down) in shapes {
        for from in [Span::ZERO, hours(8), hours(500)] {
            let mut scenario =
                bare_machines(1_000, from + Span::secs(1), stationary(up.clone(), down.clone()));
            scenario.warm_up = from;
            let down = |up: u128| 1.0 - up as f64 / 1_000.0 / Span::secs(1).0 as f64;
            let values: Vec<f64> =
                outcomes(scenario, 500).iter().map(|o| down(o.cluster.machines_up_integral)).collect();
            within(mean(&values), 10.0 / 1010.0, 0.04);
        }
    }
}

/// The spread of annual downtime from a stationary start: within 2%.
#[test]
fn annual_downtime_of_a_stationary_year() {
    let case = case("single_machine_downtime_sd_1y_stationary");
    let exponential = |mean| Distribution::Exponential { mean };
    let mut scenario = fleet(1, 60, case.hours("T_h"), groups(60, 1, 1));
    let timing = stationary(exponential(case.hours("MTTF_h")), exponential(case.hours("MTTR_h")));
    add_crashes(&mut scenario, 0..60, timing);
    let services = outcomes(scenario, 700).into_iter().flat_map(|outcome| outcome.services);
    let downtime: Vec<f64> = services.map(|service| service.down.as_hours_f64()).collect();
    case.agrees(deviation(&downtime), 0.02);
    within(mean(&downtime), 8760.0 * 10.0 / 1010.0, 0.02);
}
