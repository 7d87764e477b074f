//! One machine with one pod: an alternating renewal process.

use std::sync::OnceLock;

use sim_core::outcome::ServiceOutcome;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use crate::cases::case;
use crate::fleet::*;
use crate::statistics::*;
use crate::support::*;

/// 60,000 machine years: 1,000 first years of sixty machines, each with a service of its own.
fn first_years() -> &'static [ServiceOutcome] {
    static YEARS: OnceLock<Vec<ServiceOutcome>> = OnceLock::new();
    YEARS.get_or_init(|| {
        let case = case("single_machine_interval_A_1y");
        let mut scenario = fleet(1, 60, YEAR, groups(60, 1, 1));
        add_machine_crashes(&mut scenario, case.hours("MTTF_h"), case.hours("MTTR_h"));
        outcomes(scenario, 1_000).into_iter().flat_map(|outcome| outcome.services).collect()
    })
}

fn annual_downtime_hours() -> Vec<f64> {
    first_years().iter().map(|service| service.down.as_hours_f64()).collect()
}

fn steady_state(time_to_failure: Distribution, time_to_repair: Distribution) -> Estimate {
    let mut scenario = fleet(1, 10, Span::hours(8760 * 20), groups(10, 1, 1));
    // Machines are not new any more.
    scenario.warm_up = Span::hours(10_000);
    add_crashes(&mut scenario, 0..10, FaultTiming::stochastic(time_to_failure, time_to_repair));
    let outcomes = outcomes(scenario, 60);
    let up = |service: &ServiceOutcome, measured: Span| {
        1.0 - service.down.as_hours_f64() / measured.as_hours_f64()
    };
    let all = outcomes.iter().flat_map(|o| o.services.iter().map(|service| up(service, o.measured)));
    mean(&all.collect::<Vec<_>>())
}

/// Availability 0.990099 within 5% of the unavailability, whatever the shapes: here wear-in and a heavy tail.
#[test]
fn only_the_means_matter_in_the_long_run() {
    let case = case("single_machine_A_weibull");
    let hours = |hours: f64| Span::from_secs_f64(3600.0 * hours);
    let lifetime = Distribution::Weibull { shape: 0.7, scale: hours(1000.0 / libm::tgamma(1.0 + 1.0 / 0.7)) };
    let sigma = 1.413;
    let median = hours(10.0 / libm::exp(sigma * sigma / 2.0));
    case.agrees_as_availability(steady_state(lifetime, Distribution::Lognormal { median, sigma }), 0.05);
    let lifetime = Distribution::Weibull { shape: 1.5, scale: hours(1000.0 / libm::tgamma(1.0 + 1.0 / 1.5)) };
    let repair = Distribution::Deterministic(hours(10.0));
    case.agrees_as_availability(steady_state(lifetime, repair), 0.03);
    let exponential = |mean| Distribution::Exponential { mean: hours(mean) };
    case.agrees_as_availability(steady_state(exponential(1000.0), exponential(10.0)), 0.04);
}

/// A(t) from many short runs, within 5% of the unavailability then: a thousand machines in each, over one second.
#[test]
fn point_availability_decays_to_the_steady_state() {
    let names = [
        ("single_machine_A_t1", 3_000),
        ("single_machine_A_t10", 450),
        ("single_machine_A_t100", 400),
        ("single_machine_A_t1000", 400),
    ];
    for (name, runs) in names {
        let case = case(name);
        let timing = exponential(case.hours("MTTF_h"), case.hours("MTTR_h"));
        let mut scenario = bare_machines(1_000, case.hours("t_h") + Span::secs(1), timing);
        scenario.warm_up = case.hours("t_h");
        let up = |up: u128| up as f64 / 1_000.0 / Span::secs(1).0 as f64;
        let values: Vec<f64> =
            outcomes(scenario, runs).iter().map(|o| up(o.cluster.machines_up_integral)).collect();
        case.agrees_as_availability(mean(&values), 0.05);
    }
}

/// Within 2% of the unavailability.
#[test]
fn interval_availability_of_the_first_year() {
    let case = case("single_machine_interval_A_1y");
    let values: Vec<f64> = annual_downtime_hours().iter().map(|down| 1.0 - down / 8760.0).collect();
    case.agrees_as_availability(mean(&values), 0.02);
}

/// Within 2%. That a year begins up takes 0.1% off both, for 10 hours of correlation in 8760.
#[test]
fn annual_downtime_varies_as_it_should() {
    let downtime = annual_downtime_hours();
    case("single_machine_downtime_sd_1y_stationary").agrees(deviation(&downtime), 0.02);
    let rate = variance(&downtime);
    let per_hour = Estimate { mean: rate.mean / 8760.0, half_width: rate.half_width / 8760.0 };
    case("single_machine_downtime_asymp_var_rate").agrees(per_hour, 0.03);
}

/// Takács' distribution of the downtime of a year: within 6% where 3% of years are that good, 1% in the middle.
#[test]
fn annual_downtime_is_distributed_as_takacs_says() {
    let names = [
        ("single_machine_P_annual_downtime_le_24h", 0.06),
        ("single_machine_P_annual_downtime_le_87.6h", 0.01),
    ];
    for (name, relative) in names {
        let case = case(name);
        let most = case.number("x_h");
        let within = annual_downtime_hours().into_iter().map(|down| down <= most);
        case.agrees(probability(within), relative);
    }
}

/// Within 2%.
#[test]
fn a_month_without_outage() {
    let case = case("single_machine_P_no_outage_30d");
    let month = Instant::ZERO + START + case.hours("T_h");
    let quiet = |service: &ServiceOutcome| service.outages.first().is_none_or(|outage| outage.start >= month);
    case.agrees(probability(first_years().iter().map(quiet)), 0.02);
}

/// The availability that requests meet is the one that time meets when nothing else goes wrong.
#[test]
fn requests_are_lost_in_proportion_to_downtime() {
    for service in &first_years()[..100] {
        let share = service.lost_requests / service.requests;
        let down = service.down.as_hours_f64() / 8760.0;
        assert!((share - down).abs() < 1e-9, "{share} of requests, {down} of the time");
        let outages: Span = service.outages.iter().fold(Span::ZERO, |sum, outage| sum + outage.duration());
        assert_eq!(outages, service.down);
    }
}
