//! Luck has addresses: adding a fault, a node or a workload leaves what befalls everything else alone.

mod support;

use sim_core::ids::{NodeId, TemplateId, WorkloadId};
use sim_core::outcome::Actor;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed, record};
use support::*;

/// A pod on node n0, which crashes, exits, hangs and is deleted at random, and another one elsewhere.
fn troubled() -> Scenario {
    let mut scenario = cluster(1, 3);
    scenario.horizon = Span::days(20);
    for (name, node) in [("web", "n0"), ("other", "n1")] {
        add_workload(&mut scenario, name, WorkloadKind::ReplicaSet, 1);
        scenario.templates.last_mut().expect("a template").node_name = Some(node.to_owned());
    }
    let web = PodTarget { templates: vec![TemplateId(0)], workloads: vec![WorkloadId(0)] };
    let crash = FaultKind::MachineCrash(vec![NodeId(0), NodeId(1)]);
    add_fault(&mut scenario, "crash", crash, exponential(Span::hours(30), Span::mins(20)));
    let exit = FaultKind::ContainerCrash(web.clone());
    add_fault(&mut scenario, "exit", exit, exponential(Span::hours(5), Span::ZERO));
    let hang = FaultKind::ContainerHang(web.clone());
    add_fault(&mut scenario, "hang", hang, exponential(Span::hours(9), Span::mins(3)));
    let kill = FaultKind::PodKill { target: web, grace: None };
    add_fault(&mut scenario, "kill", kill, exponential(Span::hours(40), Span::ZERO));
    scenario
}

fn add_fault(scenario: &mut Scenario, name: &str, kind: FaultKind, timing: FaultTiming) {
    scenario.faults.push(Fault { name: name.to_owned(), kind, timing });
}

/// When which of those faults struck node n0 or its pod.
fn onsets(scenario: Scenario) -> Vec<(Instant, String)> {
    let own = ["n0 loses power (crash)", "n0 has power", "pod web-"];
    let recording = record(&Model::new(scenario), Seed { master: 5, run: 0 });
    let struck = recording.timeline.into_iter().filter(|entry| entry.actor == Actor::Fault);
    let own = |text: &str| own.iter().any(|part| text.contains(part));
    struck.filter(|entry| own(&entry.text)).map(|entry| (entry.at, entry.text)).collect()
}

fn assert_alone(changed: Scenario, what: &str) {
    let before = onsets(troubled());
    for fault in ["(crash)", "(exit)", "(hang)"] {
        assert!(before.iter().any(|(_, text)| text.contains(fault)), "{fault} strikes: {before:?}");
    }
    assert_eq!(onsets(changed), before, "with {what}");
}

#[test]
fn another_fault_leaves_faults_alone() {
    let mut scenario = troubled();
    let elsewhere = FaultKind::MachineReboot(vec![NodeId(1), NodeId(2)]);
    let fault = Fault {
        name: String::from("reboot"),
        kind: elsewhere,
        timing: exponential(Span::hours(7), Span::mins(2)),
    };
    scenario.faults.insert(0, fault);
    assert_alone(scenario, "another fault, first in the list");
}

#[test]
fn another_node_leaves_faults_alone() {
    let mut scenario = troubled();
    let mut node = scenario.cluster.nodes[0].clone();
    node.name = String::from("n9");
    scenario.cluster.nodes.push(node);
    let FaultKind::MachineCrash(nodes) = &mut scenario.faults[0].kind else { unreachable!("it is a crash") };
    nodes.insert(0, NodeId(3));
    assert_alone(scenario, "another node, first among the targets");
}

#[test]
fn another_target_less_leaves_faults_alone() {
    let mut scenario = troubled();
    let FaultKind::MachineCrash(nodes) = &mut scenario.faults[0].kind else { unreachable!("it is a crash") };
    nodes.retain(|node| *node != NodeId(1));
    assert_alone(scenario, "one target less");
}

#[test]
fn another_workload_leaves_faults_alone() {
    let mut scenario = troubled();
    add_workload(&mut scenario, "more", WorkloadKind::ReplicaSet, 3);
    scenario.templates[2].node_name = Some(String::from("n2"));
    assert_alone(scenario, "another workload");
}
