//! Pod garbage collection: pods whose Node object is gone are removed, since no kubelet will ever confirm their end.
//!
//! Upstream: pkg/controller/podgc/gc_controller.go, `deleteOrphaned`. Passes come every 20 s; a node that is missed in
//! one waits 40 s in quarantine, and if it is still missed in a pass after that, its pods are removed by force.
//! Unscheduled pods that are being deleted go at once with the request here, and the pods of this model hardly ever
//! finish, so the other duties of the controller find nothing to do.

use crate::ids::NodeId;
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::time::{Instant, Span};
use crate::world::api::{Api, Deletion, Request};

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

    /// Removes the pods of a node, unless it has come back.
    pub fn collect(&self, node: NodeId, api: &Api, requests: &mut Vec<Request>) {
        if api.node(node).exists {
            return;
        }
        let remove = |pod| Request::Delete { pod, grace: Some(Span::ZERO), why: Deletion::PodGc };
        requests.extend(api.node(node).pods.iter().copied().map(remove));
    }
}
