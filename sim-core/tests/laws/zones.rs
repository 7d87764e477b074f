//! Zones that fail, with machines in them that fail too.

use sim_core::ids::ZoneId;
use sim_core::outcome::Outcome;
use sim_core::spec::*;

use crate::cases::{Case, case};
use crate::fleet::*;
use crate::statistics::*;
use crate::support::*;

/// Fifty years of a cluster of `zones_Z*_m*`, as often as asked, with a service for each number of machines required.
fn half_centuries(case: &Case, required: &[u32], runs: u64) -> Vec<Outcome> {
    let zones = case.count("zones");
    let machines = zones * case.count("nodes_per_zone");
    let whole = |required: &u32| Group { machines: 0..machines, required: *required };
    let mut scenario = fleet(zones, machines, YEAR * 50, required.iter().map(whole));
    add_machine_crashes(&mut scenario, case.hours("node_MTTF_h"), case.hours("node_MTTR_h"));
    scenario.faults.push(Fault {
        name: String::from("zone"),
        kind: FaultKind::ZoneOutage((0..zones).map(ZoneId).collect()),
        timing: exponential(case.hours("zone_MTTF_h"), case.hours("zone_MTTR_h")),
    });
    outcomes(scenario, runs)
}

fn unavailability(outcomes: &[Outcome], service: usize) -> Estimate {
    let share =
        |outcome: &Outcome| outcome.services[service].short.as_hours_f64() / outcome.measured.as_hours_f64();
    mean(&outcomes.iter().map(share).collect::<Vec<_>>())
}

/// Two zones: every zone outage counts. Within 4%.
#[test]
fn two_zones_cannot_lose_one() {
    let case = case("zones_Z2_m3_k4_U");
    case.agrees(unavailability(&half_centuries(&case, &[case.count("k")], 250), 0), 0.04);
}

/// Three zones of one machine: two must be down at once, which takes 120,000 years to see often enough for 10%.
#[test]
fn three_zones_of_one_machine() {
    let case = case("zones_Z3_m1_k2_U");
    case.agrees(unavailability(&half_centuries(&case, &[case.count("k")], 2_400), 0), 0.1);
}

/// Three zones of two machines, of which four must be up, within 12%; or three, which fails with two zones only, within
/// 30%.
#[test]
fn three_zones_of_two_machines() {
    let four = case("zones_Z3_m2_k4_U");
    let three = case("zones_Z3_m2_k3_U");
    let outcomes = half_centuries(&four, &[four.count("k"), three.count("k")], 1_200);
    four.agrees(unavailability(&outcomes, 0), 0.12);
    three.agrees(unavailability(&outcomes, 1), 0.3);
}
