//! Pod garbage collection: pods whose Node object is gone are removed, since no kubelet will ever confirm their end; and
//! so are pods that are being deleted on a node that is out of service.
//!
//! Upstream: pkg/controller/podgc/gc_controller.go, `gcOrphaned` and `gcTerminating`. Passes come every 20 s; a node that is missed in
//! one waits 40 s in quarantine, and if it is still missed in a pass after that, its pods are removed by force.
//! Unscheduled pods that are being deleted go at once with the request here, and the pods of this model hardly ever
//! finish, so the other duties of the controller find nothing to do.

use crate::ids::{NodeId, PodId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deletion, Node, NodeReady, Pod, Request};

/// Upstream's `quarantineTime`.
const QUARANTINE: Span = Span::secs(40);

/// The controller's own memory.
#[derive(Clone, Copy, Debug)]
pub struct PodGc {
    phase: Span,
}

impl PodGc {
    /// A controller whose passes come in a phase of their own.
    pub fn new(model: &Model, luck: &Luck) -> PodGc {
        let phase = luck.draw(Purpose::PodGcPhase, EntityKey::new("kube-controller-manager"), 0).unit();
        PodGc { phase: model.scenario().timing.pod_gc_period.part(phase) }
    }

    /// A controller that starts at `now`, with a pass at once.
    pub fn starting(model: &Model, now: Instant) -> PodGc {
        PodGc { phase: Span(now.0 % model.scenario().timing.pod_gc_period.0) }
    }

    /// When the pods of a node are removed whose object vanishes at `now`.
    pub fn due(&self, now: Instant, model: &Model) -> Instant {
        let (first, period) = (Instant::ZERO + self.phase, model.scenario().timing.pod_gc_period);
        let missed = first.next_tick(period, now);
        first.next_tick(period, missed + QUARANTINE)
    }

    /// The next pass after `now`, if it will find something on a node that is out of service.
    pub fn due_out_of_service(&self, node: NodeId, now: Instant, model: &Model, api: &Api) -> Instant {
        let terminating = |pod: &PodId| api.expect_pod(*pod).deletion.is_some();
        if !is_out_of_service(api.node(node)) || !api.node(node).pods.iter().any(terminating) {
            return Instant::NEVER;
        }
        let timing = &model.scenario().timing;
        (Instant::ZERO + self.phase).next_tick(timing.pod_gc_period, now + timing.watch)
    }

    /// Removes the pods of a node that has not come back, or those that end on one that is out of service.
    pub fn collect(&self, node: NodeId, api: &Api, requests: &mut Vec<Request>) {
        let object = api.node(node);
        let is_lost = |pod: &Pod| !object.exists || (is_out_of_service(object) && pod.deletion.is_some());
        let lost = object.pods.iter().copied().filter(|pod| is_lost(api.expect_pod(*pod)));
        requests.extend(lost.map(|pod| Request::Delete {
            pod,
            grace: Some(Span::ZERO),
            why: Deletion::PodGc,
        }));
    }
}

fn is_out_of_service(node: &Node) -> bool {
    node.exists && node.out_of_service && node.ready != NodeReady::True
}
