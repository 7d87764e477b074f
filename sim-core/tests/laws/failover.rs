//! Pods that are replaced elsewhere when their node dies, and requests that go to the dead in the meantime.

use sim_core::ids::TemplateId;
use sim_core::outcome::{Outcome, ServiceOutcome};
use sim_core::spec::*;
use sim_core::time::Span;

use crate::cases::{Case, case};
use crate::fleet::{add_crashes, outcomes};
use crate::statistics::*;
use crate::support::*;

/// `replicas` pods on as many nodes, with two nodes to spare. Machines are repaired after half an hour: later than their
/// pods are replaced, and soon enough to always leave a node.
fn replicated(replicas: u32, mttf: Span, startup: Span, toleration: u64) -> Scenario {
    let nodes = replicas + 2;
    let mut scenario = cluster(1, nodes);
    add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, replicas);
    scenario.warm_up = Span::mins(10);
    scenario.horizon = mttf * 20;
    instant(&mut scenario);
    let template = &mut scenario.templates[0];
    template.tolerations = admission_tolerations(Some(toleration));
    template.containers[0].startup_time = Distribution::Deterministic(startup);
    // Ready as soon as it has started up, to the microsecond.
    template.containers[0].readiness = Some(Probe { period: Span::nanos(1_000), ..PROBE });
    template.pod_affinity.required_anti.push(PodAffinityTerm {
        topology_key: String::from("kubernetes.io/hostname"),
        selector: Selector::from_labels(&template.labels),
        namespaces: None,
    });
    let time_to_failure = Distribution::Exponential { mean: mttf };
    let time_to_repair = Distribution::Deterministic(Span::mins(30));
    add_crashes(&mut scenario, 0..nodes, FaultTiming::stochastic(time_to_failure, time_to_repair));
    scenario
}

/// The laws know detection, toleration and start-up; every other latency is none.
fn instant(scenario: &mut Scenario) {
    make_recovery_instant(scenario);
    make_control_instant(scenario);
    scenario.timing.crash_backoff_initial = Span::ZERO;
    scenario.timing.crash_backoff_max = Span::ZERO;
}

/// One replica under the timings that the case's mean time to detection tells.
fn single_replica(case: &Case) -> Scenario {
    let mut scenario =
        replicated(1, case.hours("node_MTTF_h"), case.secs("start_s"), case.number("evict_s") as u64);
    // Mean detection: grace - renewal / 2 + period / 2.
    let (renewal, period, grace) = match case.number("detect_s") {
        37.5 => (10, 5, 40),
        47.5 => (10, 5, 50),
        19.0 => (4, 2, 20),
        other => panic!("which timing is noticed after {other} s?"),
    };
    scenario.timing.lease_renewal = Span::secs(renewal);
    scenario.timing.node_monitor_period = Span::secs(period);
    scenario.timing.node_monitor_grace_period = Span::secs(grace);
    scenario
}

/// Some 12,000 outages of each kind: within 3% of the unavailability.
#[test]
fn a_single_replica_is_away_for_detection_toleration_and_start() {
    for name in [
        "pod_single_replica_nodefail_k8s_default_pre132_MTTF720h",
        "pod_single_replica_nodefail_k8s_default_pre132_MTTF8760h",
        "pod_single_replica_nodefail_k8s_default_132plus_MTTF720h",
        "pod_single_replica_nodefail_k8s_default_132plus_MTTF8760h",
        "pod_single_replica_nodefail_kubespray_fast_MTTF720h",
        "pod_single_replica_nodefail_kubespray_fast_MTTF8760h",
        "pod_single_replica_nodefail_legacy_pre113_MTTF8760h",
    ] {
        let case = case(name);
        let up = |o: &Outcome| 1.0 - o.services[0].down.as_hours_f64() / o.measured.as_hours_f64();
        let values: Vec<f64> = outcomes(single_replica(&case), 600).iter().map(up).collect();
        case.agrees_as_availability(mean(&values), 0.03);
    }
}

/// Within 0.1%. Before 1.13 the pod eviction timeout of 300 s counted from the last renewal seen: a toleration of 260 s
/// after a grace period of 40 s.
#[test]
fn an_outage_after_a_crash_lasts_as_long_as_its_parts() {
    for (name, like) in [
        ("node_fail_total_outage_default_pre132", "pod_single_replica_nodefail_k8s_default_pre132_MTTF720h"),
        (
            "node_fail_total_outage_default_132plus",
            "pod_single_replica_nodefail_k8s_default_132plus_MTTF720h",
        ),
        ("node_fail_total_outage_legacy18", "pod_single_replica_nodefail_legacy_pre113_MTTF8760h"),
    ] {
        let outcomes = outcomes(single_replica(&case(like)), 600);
        let outages = outcomes.iter().flat_map(|outcome| &outcome.services[0].outages);
        let seconds: Vec<f64> = outages.map(|outage| outage.duration().as_secs_f64()).collect();
        case(name).agrees(mean(&seconds), 0.001);
    }
}

/// Until a dead endpoint is taken out it gets its share of the requests: within 3%.
#[test]
fn requests_go_to_the_dead_until_they_are_noticed() {
    for name in [
        "lb_stale_endpoint_fail_R1",
        "lb_stale_endpoint_fail_R2",
        "lb_stale_endpoint_fail_R3",
        "lb_stale_endpoint_fail_R5",
        "lb_stale_endpoint_fail_R10",
    ] {
        let case = case(name);
        assert_eq!((case.number("Td_s"), case.number("Tr_s")), (37.5, 302.5));
        let mut scenario = replicated(case.count("R"), case.hours("MTTF_h"), Span::millis(2_500), 300);
        scenario.timing.node_monitor_grace_period = Span::secs(40);
        let lost = |o: &Outcome| o.services[0].lost_requests / o.services[0].requests;
        let runs = 600 / u64::from(case.count("R")).min(3);
        let values: Vec<f64> = outcomes(scenario, runs).iter().map(lost).collect();
        case.agrees(mean(&values), 0.03);
    }
}

/// Containers crash, each down for 12 s; nodes crash, each for 340 s: 37.5 to notice, 290 of toleration, half a second
/// for the sandbox and 12 to start again. Within 3%.
#[test]
fn two_risks_add_up() {
    let share = case("pod_competing_risks");
    assert_eq!((share.number("crash_outage_s"), share.number("node_outage_s")), (12.0, 340.0));
    let mut scenario = replicated(1, share.hours("node_MTTF_h"), Span::secs(12), 290);
    scenario.horizon = Span::hours(8760 * 20);
    scenario.timing.node_monitor_grace_period = Span::secs(40);
    scenario.timing.sandbox = Span::millis(500);
    scenario.faults.push(Fault {
        name: String::from("crash"),
        kind: FaultKind::ContainerCrash(PodTarget { templates: vec![TemplateId(0)], workloads: Vec::new() }),
        timing: exponential(share.hours("crash_MTTF_h"), Span::ZERO),
    });
    let outcomes = outcomes(scenario, 100);
    let down = |service: &ServiceOutcome, measured: Span| service.down.as_secs_f64() / measured.as_secs_f64();
    let down: Vec<f64> = outcomes.iter().map(|o| down(&o.services[0], o.measured)).collect();
    let of_all = |value: fn(f64) -> f64| mean(&down.iter().map(|share| value(*share)).collect::<Vec<_>>());
    share.agrees_as_availability(of_all(|down| 1.0 - down), 0.03);
    case("pod_competing_risks_annual_downtime").agrees(of_all(|down| down * 8760.0 * 3600.0), 0.03);
}
