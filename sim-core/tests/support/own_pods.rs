//! Random scenarios of workloads that control their pods themselves: StatefulSets with volumes, and DaemonSets.

use sim_core::ids::NodeId;
use sim_core::rng::Draw;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use super::random::{TROUBLE, add_faults, add_operations, numbers, random_limit, small_cluster, vary};
use super::*;

/// The `index`-th random scenario with faults of every kind.
pub fn trouble(index: u64) -> Scenario {
    let mut draw = numbers("own pods", index);
    let mut scenario = small_cluster(&mut draw);
    for workload in 0..1 + draw.below(3) {
        let kind = random_kind(&mut draw);
        let replicas = draw.below(7) as u32;
        let id = add_workload(&mut scenario, &format!("w{workload}"), kind.clone(), replicas);
        vary(&mut scenario, id, &mut draw);
        if matches!(kind, WorkloadKind::DaemonSet(_)) {
            let tolerations = &mut scenario.templates[id.index()].tolerations;
            tolerations.iter_mut().for_each(|toleration| toleration.seconds = None);
        }
    }
    scenario.timing.kubernetes_minor = 34 + draw.below(2) as u32;
    add_faults(&mut scenario, &mut draw);
    add_operations(&mut scenario, &mut draw);
    take_a_node_out_of_service(&mut scenario, &mut draw);
    scenario
}

fn random_kind(draw: &mut Draw) -> WorkloadKind {
    match draw.below(3) {
        0 => WorkloadKind::DaemonSet(DaemonSetSpec { update: random_daemon_update(draw) }),
        _ => WorkloadKind::StatefulSet(random_stateful_set(draw)),
    }
}

fn random_stateful_set(draw: &mut Draw) -> StatefulSetSpec {
    let partition = [None, Some(0), Some(draw.below(4) as u32)][draw.below(3) as usize];
    let max_unavailable = Some(random_limit(draw));
    let volumes = [None, Some(VolumeReach::Zone), Some(VolumeReach::Node), Some(VolumeReach::Region)];
    StatefulSetSpec {
        management: if draw.below(2) == 0 { PodManagement::OrderedReady } else { PodManagement::Parallel },
        update: StatefulSetUpdate::RollingUpdate { partition, max_unavailable },
        start: draw.below(2) as u32,
        volume: volumes[draw.below(4) as usize],
    }
}

fn random_daemon_update(draw: &mut Draw) -> DaemonSetUpdate {
    let none = IntOrPercent::Int(0);
    let some = IntOrPercent::Int(1 + draw.below(2) as u32);
    match draw.below(3) {
        0 => DaemonSetUpdate::OnDelete,
        1 => DaemonSetUpdate::RollingUpdate { max_surge: none, max_unavailable: some },
        _ => DaemonSetUpdate::RollingUpdate { max_surge: some, max_unavailable: none },
    }
}

/// Whether its machine is down or not; and some time later it is back.
fn take_a_node_out_of_service(scenario: &mut Scenario, draw: &mut Draw) {
    let node = NodeId::from(draw.below(scenario.cluster.nodes.len() as u64) as usize);
    let mut at = Instant(draw.below(TROUBLE.0));
    for is in [true, false] {
        scenario.operations.push(Operation { at, action: Action::SetOutOfService(node, is) });
        at += Span::secs(1 + draw.below(3600));
    }
    scenario.operations.sort_by_key(|operation| operation.at);
}
