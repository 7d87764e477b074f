//! The update of a set: old pods give way on a few nodes at a time. Upstream: `rollingUpdate` in
//! pkg/controller/daemon/update.go, whose walk over nodes in random order is one in order of ids here.

use super::{Action, Fit, NodeView, PodView};
use crate::ids::NodeId;
use crate::spec::{DaemonSetUpdate, IntOrPercent};

/// What the update of a set does next; for a set whose every node is as it should be.
pub(super) fn roll(update: DaemonSetUpdate, nodes: &[NodeView]) -> Vec<Action> {
    let DaemonSetUpdate::RollingUpdate { max_surge, max_unavailable } = update else { return Vec::new() };
    let desired = nodes.iter().filter(|on| on.fit == Some(Fit::Run)).count();
    let (surge, unavailable) = (share(max_surge, desired), share(max_unavailable, desired));
    if surge > 0 {
        return create_beside(nodes, surge);
    }
    // An impossible configuration is taken for the default.
    delete_first(nodes, unavailable.max(1))
}

/// Without surge: old pods that are not available go in any case, others as far as nodes may be unavailable.
fn delete_first(nodes: &[NodeView], max_unavailable: usize) -> Vec<Action> {
    let (mut unavailable, mut broken, mut candidates) = (0, Vec::new(), Vec::new());
    for on in nodes.iter().filter(|on| is_counted(on)) {
        match Pair::of(on.pods) {
            Some(Pair { old: Some(old), new: None }) if old.available => candidates.push(old),
            Some(Pair { old: Some(old), new: None }) => {
                unavailable += 1;
                broken.push(old);
            }
            Some(Pair { old: None, new: Some(new) }) if new.available => {}
            _ => unavailable += 1,
        }
    }
    candidates.truncate(max_unavailable.saturating_sub(unavailable));
    broken.into_iter().chain(candidates).map(|pod| Action::Delete(pod.pod)).collect()
}

/// With surge: a new pod comes beside the old one, which goes when the new one is available.
fn create_beside(nodes: &[NodeView], max_surge: usize) -> Vec<Action> {
    let mut actions = Vec::new();
    let (mut surging, mut candidates): (usize, Vec<NodeId>) = (0, Vec::new());
    for on in nodes.iter().filter(|on| is_counted(on)) {
        match Pair::of(on.pods) {
            Some(Pair { old: None, .. }) => {}
            Some(Pair { old: Some(old), new: None }) if old.available => candidates.push(on.node),
            Some(Pair { old: Some(_), new: None }) => actions.push(Action::Create(on.node)),
            Some(Pair { old: Some(old), new: Some(new) }) if new.available => {
                actions.push(Action::Delete(old.pod));
            }
            _ => surging += 1,
        }
    }
    let free = max_surge.saturating_sub(surging);
    actions.extend(candidates.into_iter().take(free).map(Action::Create));
    actions
}

/// Nodes that are to have a pod, and nodes that have one all the same.
fn is_counted(on: &NodeView) -> bool {
    on.fit == Some(Fit::Run) || !on.pods.is_empty()
}

/// Percentages round up: `GetScaledValueFromIntOrPercent` in pkg/controller/daemon/util.
fn share(of: IntOrPercent, nodes: usize) -> usize {
    match of {
        IntOrPercent::Int(number) => number as usize,
        IntOrPercent::Percent(percent) => (nodes * percent as usize).div_ceil(100),
    }
}

/// The old and the new pod of a node: `findUpdatedPodsOnNode`.
struct Pair<'a> {
    old: Option<&'a PodView>,
    new: Option<&'a PodView>,
}

impl Pair<'_> {
    /// `None` if there are several of a kind.
    fn of(pods: &[PodView]) -> Option<Pair<'_>> {
        let mut pair = Pair { old: None, new: None };
        for pod in pods.iter().filter(|pod| !pod.terminating) {
            let place = if pod.updated { &mut pair.new } else { &mut pair.old };
            if place.replace(pod).is_some() {
                return None;
            }
        }
        Some(pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PodId;

    fn pod(slot: u32, updated: bool, available: bool) -> PodView {
        PodView {
            pod: PodId { slot, generation: 0 },
            node: NodeId(0),
            bound: true,
            updated,
            ready: available,
            available,
            terminating: false,
            ended: false,
        }
    }

    /// Node 0 up to date, node 1 with an old pod that is not available, nodes 2 and 3 with old ones that are.
    fn rolled(update: DaemonSetUpdate, change: impl FnOnce(&mut [Vec<PodView>; 4])) -> Vec<Action> {
        let mut pods = [
            vec![pod(0, true, true)],
            vec![pod(1, false, false)],
            vec![pod(2, false, true)],
            vec![pod(3, false, true)],
        ];
        change(&mut pods);
        let view = |(node, pods): (usize, &'_ Vec<PodView>)| (NodeId::from(node), pods.clone());
        let owned: Vec<_> = pods.iter().enumerate().map(view).collect();
        let nodes: Vec<_> =
            owned.iter().map(|(node, pods)| NodeView { node: *node, fit: Some(Fit::Run), pods }).collect();
        roll(update, &nodes)
    }

    fn rolling(max_surge: IntOrPercent, max_unavailable: IntOrPercent) -> DaemonSetUpdate {
        DaemonSetUpdate::RollingUpdate { max_surge, max_unavailable }
    }

    fn delete(slot: u32) -> Action {
        Action::Delete(PodId { slot, generation: 0 })
    }

    const NONE: IntOrPercent = IntOrPercent::Int(0);

    #[test]
    fn a_broken_old_pod_goes_and_uses_up_the_budget() {
        let one = rolling(NONE, IntOrPercent::Int(1));
        assert_eq!(rolled(one, |_| ()), [delete(1)]);
        assert_eq!(rolled(one, |pods| pods[1][0].terminating = true), []);
        assert_eq!(rolled(one, |pods| pods[1][0] = pod(1, true, true)), [delete(2)]);
    }

    #[test]
    fn percentages_round_up() {
        let thirty = IntOrPercent::Percent(30);
        assert_eq!(rolled(rolling(NONE, thirty), |_| ()), [delete(1), delete(2)]);
        let create = |node| Action::Create(NodeId(node));
        assert_eq!(rolled(rolling(thirty, NONE), |_| ()), [create(1), create(2), create(3)]);
    }

    #[test]
    fn a_surging_node_loses_its_old_pod_once_the_new_one_is_available() {
        let one = rolling(IntOrPercent::Int(1), NONE);
        let beside = |available| move |pods: &mut [Vec<PodView>; 4]| pods[1].push(pod(4, true, available));
        assert_eq!(rolled(one, beside(false)), []);
        assert_eq!(rolled(one, beside(true)), [delete(1), Action::Create(NodeId(2))]);
    }

    #[test]
    fn an_update_on_delete_waits_for_somebody_to_delete() {
        assert_eq!(rolled(DaemonSetUpdate::OnDelete, |_| ()), []);
    }
}
