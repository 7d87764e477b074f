//! Reboots that kubelets hold up: when machines go, and when they come back.

mod support;

use sim_core::engine::Sim;
use sim_core::ids::NodeId;
use sim_core::observers::timeline::Silent;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::PodPhase;
use sim_core::{Model, Seed};
use support::{add_workload, cluster};

const SEED: Seed = Seed { master: 42, run: 0 };
const REBOOT: u64 = 1_200;

fn at(seconds: u64) -> Instant {
    Instant::ZERO + Span::secs(seconds)
}

/// One node is told to reboot, which takes a minute; its pod needs 10 s to end.
fn reboot(period: Span) -> Scenario {
    let mut scenario = cluster(1, 1);
    add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, 1);
    scenario.templates[0].containers[0].shutdown_time = Span::secs(10);
    scenario.timing.shutdown_grace_period = period;
    add_fault(&mut scenario, FaultKind::MachineReboot(vec![NodeId(0)]), REBOOT, Span::secs(60));
    scenario
}

fn add_fault(scenario: &mut Scenario, kind: FaultKind, seconds: u64, duration: Span) {
    let timing = FaultTiming::Scheduled { at: vec![at(seconds)], duration };
    scenario.faults.push(Fault { name: format!("fault-{seconds}"), kind, timing });
}

/// The seconds after the order in whose middle the machine is down; and how many of its pods have failed by then.
fn outage(scenario: Scenario) -> (Vec<u64>, usize) {
    let model = Model::new(scenario);
    let mut sim = Sim::new(&model, SEED, Silent);
    let mut down = Vec::new();
    for second in 0..200 {
        run_until(at(REBOOT + second) + Span::millis(500), &mut sim);
        if !sim.physical().is_up(NodeId(0)) {
            down.push(second);
        }
    }
    let failed = sim.api().pods().filter(|pod| pod.phase == PodPhase::Failed).count();
    (down, failed)
}

fn run_until(end: Instant, sim: &mut Sim<Silent>) {
    loop {
        let before = sim.clone();
        sim.step();
        if sim.now() > end {
            *sim = before;
            return;
        }
    }
}

fn seconds(range: std::ops::Range<u64>) -> Vec<u64> {
    range.collect()
}

#[test]
fn without_a_period_a_reboot_is_a_crash() {
    assert_eq!(outage(reboot(Span::ZERO)), (seconds(0..60), 0));
}

#[test]
fn a_machine_waits_for_its_pods_and_its_repair_for_the_machine() {
    assert_eq!(outage(reboot(Span::secs(30))), (seconds(10..70), 1));
}

/// The process is killed at the end of the period, which is its last chance.
#[test]
fn a_machine_waits_no_longer_than_the_period() {
    assert_eq!(outage(reboot(Span::secs(4))), (seconds(4..64), 1));
}

/// Its lock goes with the kubelet, and its pods are there again after the boot.
#[test]
fn a_kubelet_that_dies_holds_nothing_up() {
    let mut scenario = reboot(Span::secs(30));
    let nodes = vec![NodeId(0)];
    add_fault(&mut scenario, FaultKind::KubeletCrash(nodes), REBOOT + 3, Span::secs(1));
    assert_eq!(outage(scenario), (seconds(3..63), 0));
}

#[test]
fn a_machine_that_crashes_meanwhile_is_back_when_both_are_over() {
    let mut scenario = reboot(Span::secs(30));
    let nodes = vec![NodeId(0)];
    add_fault(&mut scenario, FaultKind::MachineCrash(nodes), REBOOT + 3, Span::secs(2));
    assert_eq!(outage(scenario), (seconds(3..63), 0));
}
