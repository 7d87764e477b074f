//! The taint eviction controller: pods that do not tolerate a `NoExecute` taint for ever are deleted in time.
//!
//! Upstream: pkg/controller/tainteviction/taint_eviction.go. A deletion once planned is kept as it is, until the
//! taint vanishes. No PodDisruptionBudget is asked.

use crate::ids::{NodeId, PodId};
use crate::model::Model;
use crate::time::Instant;
use crate::world::api::{Api, Deletion, NodeReady, Request};

/// Planned deletions: lost in a restart, as upstream's timers are.
#[derive(Clone, Debug, Default)]
pub struct TaintEvictions {
    planned: Vec<Planned>,
}

#[derive(Clone, Copy, Debug)]
struct Planned {
    pod: PodId,
    at: Instant,
}

impl TaintEvictions {
    /// A node's taints, or the pods on it, changed. Returns when its next pod is to be deleted.
    pub fn node_changed(&mut self, node: NodeId, now: Instant, model: &Model, api: &Api) -> Instant {
        let tainted = api.node(node).no_execute;
        let mut next = Instant::NEVER;
        for pod in &api.node(node).pods {
            let planned = self.slot(*pod);
            if !tainted {
                planned.at = Instant::NEVER;
            } else if planned.at == Instant::NEVER {
                planned.at = deadline(*pod, api.node(node).ready, now, model, api);
            }
            next = next.min(planned.at);
        }
        next
    }

    /// Deletes the pods whose time has come. Returns when the next one on the node is due.
    pub fn evict(&mut self, node: NodeId, now: Instant, api: &Api, requests: &mut Vec<Request>) -> Instant {
        let mut next = Instant::NEVER;
        for pod in &api.node(node).pods {
            let planned = self.slot(*pod);
            if planned.at <= now {
                planned.at = Instant::NEVER;
                requests.push(Request::Delete { pod: *pod, grace: None, why: Deletion::TaintEviction });
            }
            next = next.min(planned.at);
        }
        next
    }

    fn slot(&mut self, pod: PodId) -> &mut Planned {
        let vacant = Planned { pod, at: Instant::NEVER };
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

fn deadline(pod: PodId, ready: NodeReady, now: Instant, model: &Model, api: &Api) -> Instant {
    let object = api.expect_pod(pod);
    if object.deletion.is_some() {
        return Instant::NEVER;
    }
    let toleration = match ready {
        NodeReady::Unknown => model.toleration_of_silence(object.template),
        NodeReady::True | NodeReady::False => model.toleration_of_not_ready(object.template),
    };
    toleration.map_or(Instant::NEVER, |span| now + span)
}
