//! A pod for each node that is to have one, and none elsewhere. Upstream: `podsShouldBeOnNode`.

use super::{Action, Fit, NodeView, PodView};

/// What a node's pods need; `surges` if an update may have two of them on a node.
pub(super) fn manage(on: &NodeView, surges: bool, actions: &mut Vec<Action>) {
    let delete = |pod: &PodView| Action::Delete(pod.pod);
    match on.fit {
        // Pod garbage collection removes those that were bound.
        None => actions.extend(on.pods.iter().filter(|pod| !pod.bound && !pod.terminating).map(delete)),
        Some(Fit::Nothing) => actions.extend(on.pods.iter().filter(|pod| !pod.terminating).map(delete)),
        Some(Fit::Run) if on.pods.is_empty() => actions.push(Action::Create(on.node)),
        Some(fit) => keep_one(on, fit, surges, actions),
    }
}

/// A pod that terminates keeps its successor waiting, unless the set surges.
fn keep_one(on: &NodeView, fit: Fit, surges: bool, actions: &mut Vec<Action>) {
    let present = || on.pods.iter().filter(|pod| !pod.terminating);
    actions.extend(present().filter(|pod| pod.ended).map(|pod| Action::DeleteEnded(pod.pod)));
    let running = || present().filter(|pod| !pod.ended);
    if !surges {
        let spare = running().skip(1);
        return actions.extend(spare.map(|pod| Action::Delete(pod.pod)));
    }
    if running().next().is_none() && fit == Fit::Run && !present().any(|pod| pod.ended) {
        actions.push(Action::Create(on.node));
    }
    let mut old = running().filter(|pod| !pod.updated);
    let mut new = running().filter(|pod| pod.updated);
    if let (Some(old), Some(new)) = (old.next(), new.next())
        && (!old.ready || new.available)
    {
        actions.push(Action::Delete(old.pod));
    }
    actions.extend(old.chain(new).map(|pod| Action::Delete(pod.pod)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, PodId};

    const POD: PodView = PodView {
        pod: PodId { slot: 0, generation: 0 },
        node: NodeId(0),
        bound: true,
        updated: true,
        ready: true,
        available: true,
        terminating: false,
        ended: false,
    };

    fn managed(fit: Option<Fit>, pods: &[PodView], surges: bool) -> Vec<Action> {
        let mut actions = Vec::new();
        manage(&NodeView { node: NodeId(0), fit, pods }, surges, &mut actions);
        actions
    }

    #[test]
    fn a_terminating_pod_keeps_its_successor_waiting() {
        let terminating = [PodView { terminating: true, ..POD }];
        assert_eq!(managed(Some(Fit::Run), &[], false), [Action::Create(NodeId(0))]);
        assert_eq!(managed(Some(Fit::Run), &terminating, false), []);
        assert_eq!(managed(Some(Fit::Run), &terminating, true), [Action::Create(NodeId(0))]);
    }

    #[test]
    fn a_node_that_takes_no_new_pod_keeps_its_own() {
        assert_eq!(managed(Some(Fit::Keep), &[], false), []);
        assert_eq!(managed(Some(Fit::Keep), &[POD], false), []);
        assert_eq!(managed(Some(Fit::Nothing), &[POD], false), [Action::Delete(POD.pod)]);
    }

    #[test]
    fn a_pod_for_a_node_that_is_gone_is_deleted_only_before_it_is_bound() {
        assert_eq!(managed(None, &[POD], false), []);
        assert_eq!(managed(None, &[PodView { bound: false, ..POD }], false), [Action::Delete(POD.pod)]);
    }

    #[test]
    fn a_pod_that_has_ended_goes_when_its_back_off_lets_it() {
        let ended = [PodView { ended: true, ..POD }];
        assert_eq!(managed(Some(Fit::Run), &ended, false), [Action::DeleteEnded(POD.pod)]);
        assert_eq!(managed(Some(Fit::Run), &ended, true), [Action::DeleteEnded(POD.pod)]);
    }

    #[test]
    fn of_two_pods_without_surge_the_older_stays() {
        let newer = PodView { pod: PodId { slot: 1, generation: 0 }, ..POD };
        assert_eq!(managed(Some(Fit::Run), &[POD, newer], false), [Action::Delete(newer.pod)]);
    }
}
