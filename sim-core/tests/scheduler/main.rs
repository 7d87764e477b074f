//! kube-scheduler's decisions on clusters that a Kubernetes engineer can check in the head.

#[path = "../common/mod.rs"]
mod common;
mod oracle;
mod preemption;
mod queue;
mod random;

use std::sync::Arc;

use common::*;
use sim_core::controllers::scheduler::{
    Confines, Decision, Events, NodeTaints, Plugin, Reason, Scheduler, Tables,
};
use sim_core::ids::{NodeId, TemplateId};
use sim_core::spec::{Scenario, WorkloadKind};

fn three_zones(nodes_per_zone: usize) -> Scenario {
    let mut scenario = scenario();
    for zone in ["a", "b", "c"] {
        for index in 0..nodes_per_zone {
            add_node_in_zone(&mut scenario, &format!("{zone}{index}"), zone);
        }
    }
    scenario
}

fn scheduler(scenario: &Scenario) -> Scheduler {
    Scheduler::new(Arc::new(Tables::new(scenario)))
}

/// Places pods one after the other, ties going to the first node in snapshot order.
fn place(scheduler: &mut Scheduler, template: TemplateId, pods: usize) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    for _ in 0..pods {
        let Decision::Bound(node) = scheduler.schedule(template, 0, |_| 0) else { break };
        scheduler.assume(template, 0, node);
        nodes.push(node);
    }
    nodes
}

#[test]
fn system_defaults_spread_a_deployment_over_zones_and_nodes() {
    let mut scenario = three_zones(2);
    let web = add_template(&mut scenario, template([("app", "web")]), deployment());
    let mut scheduler = scheduler(&scenario);
    let mut nodes = place(&mut scheduler, web, 6);
    let zones: Vec<_> = nodes[..3].iter().map(|n| scenario.cluster.nodes[n.index()].zone).collect();
    assert!(zones[0] != zones[1] && zones[1] != zones[2] && zones[0] != zones[2], "{zones:?}");
    nodes.sort();
    nodes.dedup();
    assert_eq!(nodes.len(), 6, "one pod on each node");
}

#[test]
fn a_bare_pod_without_service_is_not_spread() {
    let mut scenario = three_zones(1);
    let bare = add_template(&mut scenario, template([("app", "bare")]), WorkloadKind::Pod);
    let mut scheduler = scheduler(&scenario);
    place(&mut scheduler, bare, 1);
    let spread = Plugin::ALL.iter().position(|p| *p == Plugin::PodTopologySpread).unwrap();
    assert!(scheduler.explain(bare, 0).iter().all(|candidate| candidate.scores[spread] == 0));
}

#[test]
fn terminating_pods_hold_their_room_but_do_not_count_for_spreading() {
    let mut scenario = three_zones(1);
    let mut web = template([("app", "web")]);
    web.requests = resources(3000, 1 << 30);
    let web = add_template(&mut scenario, web, deployment());
    let mut scheduler = scheduler(&scenario);
    let node = place(&mut scheduler, web, 1)[0];
    scheduler.pod_terminating(web, 0, node);
    assert_eq!(scheduler.rejection(web, 0, node), Some(Reason::InsufficientCpu));
    let scores: Vec<_> = scheduler.explain(web, 0).iter().map(|candidate| candidate.scores[2]).collect();
    assert_eq!(scores, [100, 100], "no pod counts, so both other nodes are equal");
    scheduler.pod_removed(web, 0, node, true);
    assert_eq!(scheduler.rejection(web, 0, node), None);
}

#[test]
fn a_revision_of_a_deployment_is_spread_apart_from_the_others() {
    let mut scenario = three_zones(1);
    let web = add_template(&mut scenario, template([("app", "web")]), deployment());
    let mut scheduler = scheduler(&scenario);
    scheduler.assume(web, 1, NodeId(0));
    let spread = |scheduler: &mut Scheduler, revision| -> Vec<u32> {
        scheduler.explain(web, revision).iter().map(|candidate| candidate.scores[2]).collect()
    };
    assert_eq!(spread(&mut scheduler, 2), [100, 100, 100]);
    assert!(spread(&mut scheduler, 1)[0] < 100);
}

#[test]
fn a_cluster_without_ready_nodes_rejects_with_reasons() {
    let mut scenario = three_zones(1);
    scenario.cluster.nodes[2].unschedulable = true;
    let web = add_template(&mut scenario, template([("app", "web")]), deployment());
    let mut scheduler = scheduler(&scenario);
    scheduler.set_taints(NodeId(0), NodeTaints::UNREACHABLE);
    scheduler.set_taints(NodeId(1), NodeTaints::NOT_READY);
    let Decision::Unschedulable(rejections) = scheduler.schedule(web, 0, |_| 0) else { panic!() };
    let reasons: Vec<_> = rejections.iter().collect();
    assert_eq!(reasons, [(Reason::Unschedulable, 1), (Reason::Taint, 2)]);
    scheduler.set_taints(NodeId(1), NodeTaints::NONE);
    assert_eq!(scheduler.schedule(web, 0, |_| 0), Decision::Bound(NodeId(1)));
}

#[test]
fn a_dead_zone_still_counts_as_a_domain_unless_taints_are_honoured() {
    for (honor_taints, expected) in [(false, Some(Reason::SpreadSkew)), (true, None)] {
        let mut scenario = three_zones(1);
        let mut web = template([("app", "web")]);
        let mut spread = constraint(ZONE, 1, true, has_label("app"));
        spread.honor_taints = honor_taints;
        web.spread.push(spread);
        let web = add_template(&mut scenario, web, deployment());
        let mut scheduler = scheduler(&scenario);
        scheduler.set_taints(NodeId(2), NodeTaints::UNREACHABLE);
        assert_eq!(place(&mut scheduler, web, 2).len(), 2);
        assert_eq!(scheduler.rejection(web, 0, NodeId(0)), expected, "honor_taints: {honor_taints}");
    }
}

#[test]
fn a_volume_keeps_its_pod_in_its_zone() {
    let mut scenario = three_zones(2);
    let db = add_template(&mut scenario, template([("app", "db")]), WorkloadKind::ReplicaSet);
    let mut scheduler = scheduler(&scenario);
    let zone = scenario.cluster.nodes[2].zone;
    let mut schedule = |confines| scheduler.schedule_within(db, 0, confines, |_| 0);
    assert_eq!(schedule(Confines::VolumeInZone(zone)), Decision::Bound(NodeId(2)));
    assert_eq!(schedule(Confines::VolumeOnNode(NodeId(3))), Decision::Bound(NodeId(3)));
    for node in [NodeId(2), NodeId(3)] {
        scheduler.set_taints(node, NodeTaints::UNREACHABLE);
    }
    let Decision::Unschedulable(rejections) =
        scheduler.schedule_within(db, 0, Confines::VolumeInZone(zone), |_| 0)
    else {
        panic!("the zone is down")
    };
    assert_eq!(rejections.iter().collect::<Vec<_>>(), [(Reason::Taint, 2), (Reason::VolumeAffinity, 4)]);
    assert_eq!(scheduler.helped_by(db, &rejections), Events::NODE_TAINTS);
}

#[test]
fn a_pod_of_a_daemon_set_goes_to_the_node_that_it_names() {
    let mut scenario = three_zones(1);
    let agent = add_template(&mut scenario, template([("app", "agent")]), WorkloadKind::Pod);
    let mut scheduler = scheduler(&scenario);
    let mut schedule = || scheduler.schedule_within(agent, 0, Confines::Name(NodeId(1)), |_| 0);
    assert_eq!([schedule(), schedule()], [Decision::Bound(NodeId(1)); 2]);
    scheduler.set_taints(NodeId(1), NodeTaints::NOT_READY);
    let Decision::Unschedulable(rejections) =
        scheduler.schedule_within(agent, 0, Confines::Name(NodeId(1)), |_| 0)
    else {
        panic!("the node takes no pod")
    };
    assert_eq!(rejections.iter().collect::<Vec<_>>(), [(Reason::Taint, 1), (Reason::NodeAffinity, 2)]);
}
