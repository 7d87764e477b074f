//! The attach-detach controller: a volume is attached to the node of its pod, and to no other.
//!
//! Upstream: pkg/controller/volume/attachdetach/reconciler/reconciler.go. A volume that its pod no longer needs is
//! detached once its node has unmounted it. A node that says nothing is waited for: `maxWaitForUnmountDuration`, counted
//! from when the pod's object was gone, and only then does a node that is not ready lose the volume by force. The taint
//! `node.kubernetes.io/out-of-service` spares the wait.

use crate::ids::{ClaimId, NodeId};
use crate::model::Model;
use crate::spec::VolumeReach;
use crate::time::Instant;
use crate::world::api::{Api, Attachment, Claim, NodeReady, Request};

/// The controller's own memory.
#[derive(Clone, Debug, Default)]
pub struct AttachDetach {
    volumes: Vec<Volume>,
}

#[derive(Clone, Copy, Debug)]
struct Volume {
    /// When the operation under way ends.
    ends: Instant,
    /// Since when nobody needs the volume where it is (`DetachRequestedTime`).
    unneeded_since: Option<Instant>,
}

impl AttachDetach {
    /// Takes a volume one step towards where it is needed. Returns when to look again although nothing else happens.
    pub fn reconcile(
        &mut self,
        claim: ClaimId,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) -> Instant {
        let object = api.claim(claim);
        if object.reach == VolumeReach::Node {
            return Instant::NEVER;
        }
        let needed_at = needed_at(object, api);
        match object.attachment {
            Attachment::Detached => {
                let Some(node) = needed_at else { return Instant::NEVER };
                requests.push(Request::SetAttachment(claim, Attachment::Attaching(node)));
                self.begin(claim, now + model.scenario().timing.volume_attach)
            }
            Attachment::Attaching(node) => self.end(object, Attachment::Attached(node), now, requests),
            Attachment::Detaching(_) => self.end(object, Attachment::Detached, now, requests),
            Attachment::Attached(node) if needed_at == Some(node) => {
                self.volume(claim).unneeded_since = None;
                Instant::NEVER
            }
            Attachment::Attached(node) => self.detach(object, node, now, model, api, requests),
        }
    }

    fn detach(
        &mut self,
        claim: &Claim,
        node: NodeId,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) -> Instant {
        let timing = &model.scenario().timing;
        let since = *self.volume(claim.id).unneeded_since.get_or_insert(now);
        let forced_at = since + timing.volume_force_detach;
        let object = api.node(node);
        let is_unmounted = claim.in_use != Some(node);
        let is_healthy = object.exists && object.ready == NodeReady::True;
        let is_out_of_service = object.exists && object.out_of_service;
        if is_unmounted || is_out_of_service || (!is_healthy && now >= forced_at) {
            self.volume(claim.id).unneeded_since = None;
            requests.push(Request::SetAttachment(claim.id, Attachment::Detaching(node)));
            return self.begin(claim.id, now + timing.volume_detach);
        }
        if is_healthy { Instant::NEVER } else { forced_at }
    }

    fn begin(&mut self, claim: ClaimId, ends: Instant) -> Instant {
        self.volume(claim).ends = ends;
        ends
    }

    fn end(
        &mut self,
        claim: &Claim,
        attachment: Attachment,
        now: Instant,
        requests: &mut Vec<Request>,
    ) -> Instant {
        let ends = self.volume(claim.id).ends;
        if now < ends {
            return ends;
        }
        requests.push(Request::SetAttachment(claim.id, attachment));
        Instant::NEVER
    }

    fn volume(&mut self, claim: ClaimId) -> &mut Volume {
        let new = Volume { ends: Instant::ZERO, unneeded_since: None };
        if self.volumes.len() <= claim.index() {
            self.volumes.resize(claim.index() + 1, new);
        }
        &mut self.volumes[claim.index()]
    }
}

/// The node of the pod that uses the volume; one that has ended does not (`DetermineVolumeAction`).
fn needed_at(claim: &Claim, api: &Api) -> Option<NodeId> {
    let pod = api.pod(claim.pod?)?;
    pod.node.filter(|_| !pod.is_terminal())
}
