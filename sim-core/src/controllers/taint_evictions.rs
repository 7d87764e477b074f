//! The taint eviction controller: pods that do not tolerate a `NoExecute` taint for ever are deleted in time.
//!
//! Upstream: pkg/controller/tainteviction/taint_eviction.go. A deletion once planned is kept as it is, until the
//! taint vanishes. No PodDisruptionBudget is asked.

use crate::controllers::eviction_delay::EvictionDelay;
use crate::ids::{NodeId, PodId};
use crate::model::Model;
use crate::time::Instant;
use crate::world::api::{Api, Deletion, Node, NodeReady, Request};

/// Planned deletions: lost in a restart, as upstream's timers are.
#[derive(Clone, Debug, Default)]
pub struct TaintEvictions {
    planned: Vec<Planned>,
}

#[derive(Clone, Copy, Debug)]
struct Planned {
    pod: PodId,
    at: Option<Instant>,
}

impl TaintEvictions {
    /// A node's taints, or the pods on it, changed. Returns when its next pod is to be deleted.
    pub fn node_changed(&mut self, node: NodeId, now: Instant, model: &Model, api: &Api) -> Instant {
        let mut next = Instant::NEVER;
        for pod in &api.node(node).pods {
            let planned = self.slot(*pod);
            let delay = delay(*pod, api.node(node), model, api);
            planned.at = delay.replan(planned.at, now);
            next = next.min(planned.at.unwrap_or(Instant::NEVER));
        }
        next
    }

    /// Deletes the pods whose time has come. Returns when the next one on the node is due.
    pub fn evict(&mut self, node: NodeId, now: Instant, api: &Api, requests: &mut Vec<Request>) -> Instant {
        let mut next = Instant::NEVER;
        for pod in &api.node(node).pods {
            let planned = self.slot(*pod);
            if planned.at.is_some_and(|at| at <= now) {
                planned.at = None;
                requests.push(Request::Delete { pod: *pod, grace: None, why: Deletion::TaintEviction });
            }
            next = next.min(planned.at.unwrap_or(Instant::NEVER));
        }
        next
    }

    fn slot(&mut self, pod: PodId) -> &mut Planned {
        let vacant = Planned { pod, at: None };
        while self.planned.len() <= pod.index() {
            self.planned.push(vacant);
        }
        let slot = &mut self.planned[pod.index()];
        if slot.pod != pod {
            *slot = vacant;
        }
        slot
    }
}

fn delay(pod: PodId, node: &Node, model: &Model, api: &Api) -> EvictionDelay {
    let object = api.expect_pod(pod);
    if object.deletion.is_some() {
        return EvictionDelay::Never;
    }
    let lifecycle = match node.ready {
        _ if !node.no_execute => EvictionDelay::Never,
        NodeReady::Unknown => model.eviction_when_unreachable(object.template),
        NodeReady::True | NodeReady::False => model.eviction_when_not_ready(object.template),
    };
    if node.out_of_service {
        lifecycle.shorter(model.eviction_when_out_of_service(object.template))
    } else {
        lifecycle
    }
}
