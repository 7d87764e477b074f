//! What must hold while nodes are drained and upgraded, whatever budgets there are.

mod support;

use std::collections::BTreeMap;

use sim_core::engine::Sim;
use sim_core::ids::{BudgetId, Cause, NodeId, PodId, WorkloadId};
use sim_core::observers::timeline::Silent;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::{Api, Deletion};
use sim_core::{Model, Seed, run};
use support::autoscaled::random_cluster_autoscaler;
use support::{PROBE, add_workload, all_pods, cluster, random};

const SEED: Seed = Seed { master: 42, run: 0 };

/// Healthy pods that a budget demands, worked out again from the documentation.
fn demanded(budget: Budget, replicas: u32) -> u32 {
    let rounded_up = |amount| match amount {
        IntOrPercent::Int(pods) => pods,
        IntOrPercent::Percent(percent) => (f64::from(replicas * percent) / 100.0).ceil() as u32,
    };
    match budget {
        Budget::MinAvailable(amount) => rounded_up(amount),
        Budget::MaxUnavailable(amount) => replicas.saturating_sub(rounded_up(amount)),
    }
}

fn healthy(api: &Api, workload: WorkloadId) -> u32 {
    let pods = api.pods_of(workload).map(|pod| api.expect_pod(pod));
    pods.filter(|pod| pod.ready && pod.deletion.is_none()).count() as u32
}

/// Nothing else takes pods in these scenarios: an eviction may bring a workload down to its budget, and not below.
#[test]
fn evictions_never_take_more_than_the_budget_allows() {
    let evicted: usize =
        (0..400).map(|index| evictions_within_budgets(index, random::disruption(index))).sum();
    assert!(evicted > 1_000, "{evicted} pods were evicted");
}

/// Here too, where it is the Cluster Autoscaler that empties nodes.
#[test]
fn nodes_are_scaled_down_within_budgets() {
    let evicted: usize = (0..200).map(|index| evictions_within_budgets(index, scaled_down(index))).sum();
    assert!(evicted > 50, "{evicted} pods were evicted");
}

/// Nothing is done to nodes but by the Cluster Autoscaler, once all pods are up.
fn scaled_down(index: u64) -> Scenario {
    let mut scenario = random::disruption(index);
    scenario.operations.clear();
    scenario.cluster.nodes.iter_mut().for_each(|node| node.spare = false);
    let mut autoscaler = random_cluster_autoscaler(&mut random::numbers("scaled down", index), &scenario);
    autoscaler.pools[0].initial_count = scenario.cluster.nodes.len() as u32;
    autoscaler.scale_down_unneeded_time = Span::mins(10);
    scenario.scaling.cluster = Some(autoscaler);
    scenario
}

/// Runs to the end, and returns how many pods were evicted.
fn evictions_within_budgets(index: u64, scenario: Scenario) -> usize {
    let model = Model::new(scenario);
    let mut sim = Sim::new(&model, SEED, Silent);
    let mut lowest: BTreeMap<WorkloadId, u32> = BTreeMap::new();
    let mut seen: Vec<PodId> = Vec::new();
    let is_evicted = |why| matches!(why, Some(Deletion::Eviction(_) | Deletion::NodeRemoval));
    while sim.step() {
        let api = sim.api();
        for pod in api.pods().filter(|pod| is_evicted(pod.deleted_for)) {
            if !seen.contains(&pod.id) {
                seen.push(pod.id);
                // Pods that are not Ready go without being counted, if the others suffice.
                lowest.insert(pod.workload, healthy(api, pod.workload));
            }
        }
        for (id, budget) in (0..).map(BudgetId).zip(&model.scenario().budgets) {
            let workload = model.covered_by(id)[0];
            let replicas = model.workload(workload).replicas;
            let least = demanded(budget.budget.expect("one is given"), replicas);
            if let Some(left) = lowest.remove(&workload) {
                assert!(left >= least, "scenario {index}: {left} of {least} left of {}", budget.name);
            }
        }
        lowest.clear();
    }
    for workload in (0..model.scenario().workloads.len()).map(WorkloadId::from) {
        let replicas = model.workload(workload).replicas;
        assert_eq!(healthy(sim.api(), workload), replicas, "scenario {index}: all are back in the end");
    }
    seen.len()
}

/// Three replicas on three nodes, each asking for most of one.
fn full_cluster() -> Scenario {
    let mut scenario = cluster(1, 3);
    add_workload(&mut scenario, "low", WorkloadKind::ReplicaSet, 3);
    scenario.templates[0].requests.cpu_milli = 3_000;
    scenario.templates[0].containers[0].shutdown_time = Span::hours(1);
    scenario
}

fn at(seconds: u64) -> Instant {
    Instant::ZERO + Span::secs(seconds)
}

/// After every event: what preemption tried out has left no trace, and no node is promised to a pod that has one.
#[test]
fn preemption_never_overcommits_a_node() {
    for index in 0..100 {
        let mut draw = random::numbers("preemption", index);
        let mut scenario = full_cluster();
        for (number, name) in ["middle", "high", "top"].into_iter().enumerate() {
            let id = add_workload(&mut scenario, name, WorkloadKind::ReplicaSet, 0);
            let template = &mut scenario.templates[id.index()];
            template.priority = 10 * number as i32;
            template.requests.cpu_milli = 500 + draw.below(3_500);
            template.termination_grace = Span::secs(draw.below(40));
            for _ in 0..4 {
                let action = Action::Scale(id, draw.below(4) as u32);
                scenario.operations.push(Operation { at: at(600 + draw.below(600)), action });
            }
        }
        scenario.operations.sort_by_key(|operation| operation.at);
        let model = Model::new(scenario);
        let mut sim = Sim::new(&model, SEED, Silent);
        while sim.step() {
            for (spec, node) in model.scenario().cluster.nodes.iter().zip(sim.api().nodes()) {
                let pods = node.pods.iter().map(|pod| sim.api().expect_pod(*pod).template);
                let cpu: u64 = pods.map(|template| model.template(template).requests.cpu_milli).sum();
                assert!(cpu <= spec.allocatable.cpu_milli, "scenario {index}: {}", spec.name);
            }
        }
    }
}

#[test]
fn an_outage_that_a_drain_begins_names_it() {
    let mut scenario = cluster(1, 2);
    add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, 1);
    scenario.templates[0].node_selector = Selector::default();
    let nodes = [NodeId(0), NodeId(1)];
    for (seconds, node) in [(1_200, nodes[0]), (1_260, nodes[1])] {
        let drain = Drain { node, timeout: None, force: false, disable_eviction: false };
        scenario.operations.push(Operation { at: at(seconds), action: Action::Drain(drain) });
    }
    scenario.operations.insert(1, Operation { at: at(1_230), action: Action::Uncordon(nodes[0]) });
    let outages = &run(&Model::new(scenario), SEED).services[0].outages;
    let roots: Vec<_> =
        outages.iter().filter(|outage| outage.start > at(600)).map(|outage| outage.root).collect();
    assert!(matches!(roots[..], [Some(Cause::Operation(_))]), "{roots:?}");
}

/// What changes between two leaders is nobody's wake-up: the new one has listed every budget, and counts its pods.
#[test]
fn a_new_leader_counts_the_pods_of_every_budget() {
    let mut scenario = cluster(1, 3);
    let web = add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, 3);
    scenario.templates[0].containers[0].readiness = Some(PROBE);
    scenario.budgets.push(DisruptionBudget {
        name: String::from("web"),
        namespace: String::from("default"),
        selector: scenario.services[0].selector.clone(),
        budget: Some(Budget::MinAvailable(IntOrPercent::Int(1))),
        unhealthy_pods: UnhealthyPods::default(),
    });
    scenario.control_plane = Some(random::control_plane(&scenario));
    let hang = FaultKind::ContainerHang(all_pods(&scenario));
    let exit = FaultKind::LeaderCrash(Component::ControllerManager);
    // Within a minute the pods are unready, and for longer than that nobody leads.
    for (kind, duration) in [(hang, Span::mins(20)), (exit, Span::mins(2))] {
        let timing = FaultTiming::Scheduled { at: vec![at(1_200)], duration };
        scenario.faults.push(Fault { name: format!("{duration:?}"), kind, timing });
    }
    let model = Model::new(scenario);
    let mut sim = Sim::new(&model, SEED, Silent);
    let counted = |sim: &Sim<Silent>| sim.api().budget(BudgetId(0)).status.current_healthy;
    while sim.now() < at(1_260) {
        sim.step();
    }
    assert_eq!((healthy(sim.api(), web), counted(&sim)), (0, 3), "nobody counts");
    while sim.now() < at(1_400) {
        sim.step();
    }
    assert_eq!((healthy(sim.api(), web), counted(&sim)), (0, 0));
}

#[test]
fn the_pods_of_a_spare_node_and_the_node_itself_come_with_the_upgrade() {
    let mut scenario = cluster(1, 2);
    scenario.cluster.nodes[1].spare = true;
    add_workload(&mut scenario, "web", WorkloadKind::ReplicaSet, 2);
    scenario.operations.push(Operation {
        at: at(1_200),
        action: Action::Upgrade(NodeUpgrade {
            pool: String::from("pool"),
            nodes: vec![NodeId(0), NodeId(1)],
            how: Renewal::Replace(Span::secs(100)),
            max_surge: 1,
            max_unavailable: 0,
            drain_timeout: None,
            after_timeout: AfterTimeout::Fail,
        }),
    });
    let model = Model::new(scenario);
    let mut sim = Sim::new(&model, SEED, Silent);
    while sim.now() < at(1_190) {
        sim.step();
    }
    let there = |sim: &Sim<Silent>| [0, 1].map(|node| sim.api().node(NodeId(node)).exists);
    assert_eq!((there(&sim), sim.physical().machines_up()), ([true, false], 1));
    while sim.step() {}
    assert_eq!((there(&sim), sim.physical().machines_up()), ([false, true], 1));
    assert_eq!(sim.api().node(NodeId(1)).pods.len(), 2);
}
