//! The simulation against mathematics: cases whose availability has a closed form.

mod support;

use sim_core::ids::{NodeId, ZoneId};
use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};
use support::*;

/// Mean and half-width of the 99.9% interval over runs. The runs are seeded, so a case that passes always passes;
/// the wide interval keeps the number of cases from mattering.
fn estimate(runs: u64, mut value: impl FnMut(u64) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (0..runs).map(&mut value).collect();
    let mean = values.iter().sum::<f64>() / runs as f64;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (runs - 1) as f64;
    (mean, 3.29 * (variance / runs as f64).sqrt())
}

/// Share of time with at least `required` serving endpoints, over `runs` runs.
fn capacity_availability(scenario: Scenario, runs: u64) -> (f64, f64) {
    let model = Model::new(scenario);
    estimate(runs, |run_index| {
        let outcome = run(&model, Seed { master: 1, run: run_index });
        1.0 - outcome.services[0].short.as_secs_f64() / outcome.measured.as_secs_f64()
    })
}

/// `nodes` nodes in `zones` zones, one pod on each that stays there, of which `required` must serve.
fn one_pod_per_node(zones: u32, nodes: u32, required: u32) -> Scenario {
    let mut scenario = cluster(zones, nodes);
    scenario.horizon = Span::days(365 * 20);
    scenario.warm_up = Span::days(10);
    for node in 0..nodes {
        add_workload(&mut scenario, &format!("on-n{node}"), WorkloadKind::ReplicaSet, 1);
        scenario.templates[node as usize].node_name = Some(format!("n{node}"));
        scenario.templates[node as usize].labels = [("app", "all")].into_iter().collect();
    }
    scenario.services.truncate(1);
    scenario.services[0].selector = Selector::from_labels(&[("app", "all")].into_iter().collect());
    scenario.services[0].required_serving = required;
    make_recovery_instant(&mut scenario);
    scenario
}

fn assert_agrees((mean, half_width): (f64, f64), exact: f64, relative: f64) {
    assert!((mean - exact).abs() <= half_width, "{mean} ± {half_width} misses {exact}");
    let unavailability = 1.0 - exact;
    assert!(half_width <= relative * unavailability, "± {half_width} is too wide to mean anything");
}

#[test]
fn one_node_one_pod_is_up_mttf_of_mttf_plus_mttr() {
    let mut scenario = one_pod_per_node(1, 1, 1);
    add_machine_crashes(&mut scenario, Span::hours(1000), Span::hours(10));
    assert_agrees(capacity_availability(scenario, 400), 0.990_099_009_900_990_1, 0.05);
}

#[test]
fn availability_does_not_depend_on_the_shape_of_repair() {
    let mut scenario = one_pod_per_node(1, 1, 1);
    scenario.faults.push(Fault {
        name: String::from("crash"),
        kind: FaultKind::MachineCrash(vec![NodeId(0)]),
        timing: FaultTiming::Stochastic {
            time_to_failure: Distribution::Weibull {
                shape: 1.5,
                scale: Span::from_secs_f64(1000.0 / 0.902_745_292_950_933_6 * 3600.0),
            },
            time_to_repair: Distribution::Deterministic(Span::hours(10)),
        },
    });
    assert_agrees(capacity_availability(scenario, 400), 0.990_099_009_900_990_1, 0.05);
}

#[test]
fn two_of_three() {
    let mut scenario = one_pod_per_node(1, 3, 2);
    add_machine_crashes(&mut scenario, Span::hours(990), Span::hours(10));
    assert_agrees(capacity_availability(scenario, 1_500), 0.999_702, 0.1);
}

#[test]
fn three_of_four_poor_machines() {
    let mut scenario = one_pod_per_node(1, 4, 3);
    add_machine_crashes(&mut scenario, Span::hours(90), Span::hours(10));
    assert_agrees(capacity_availability(scenario, 150), 0.9477, 0.02);
}

#[test]
fn two_zones_of_three_nodes_need_four() {
    let mut scenario = one_pod_per_node(2, 6, 4);
    add_machine_crashes(&mut scenario, Span::hours(2880), Span::hours(1));
    scenario.faults.push(Fault {
        name: String::from("zone"),
        kind: FaultKind::ZoneOutage(vec![ZoneId(0), ZoneId(1)]),
        timing: exponential(Span::hours(8760), Span::hours(4)),
    });
    assert_agrees(capacity_availability(scenario, 400), 1.0 - 0.000_912_617_716_474_380_4, 0.06);
}
