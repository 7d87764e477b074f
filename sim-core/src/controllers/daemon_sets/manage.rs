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
