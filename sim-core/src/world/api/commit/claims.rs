//! Writes about PersistentVolumeClaims: made with the first pod of a place, and kept when it goes
//! (`persistentVolumeClaimRetentionPolicy: Retain`).

use super::Write;
use crate::ids::{ClaimId, NodeId, PodId, WorkloadId};
use crate::spec::{VolumeReach, WorkloadKind};
use crate::world::api::{Api, Attachment, Change, Claim, Owner};

impl Api {
    /// A new pod uses the claim of its place, if its workload has any.
    pub(super) fn enter_claim(&mut self, id: PodId, write: &Write) {
        let pod = &self.pods[id.index()];
        let (WorkloadKind::StatefulSet(spec), Owner::Workload(place)) =
            (&write.model.workload(pod.workload).kind, pod.owner)
        else {
            return;
        };
        if let Some(reach) = spec.volume {
            let claim = self.claim_of(pod.workload, place, reach);
            self.claims[claim.index()].pod = Some(id);
            self.pods[id.index()].claim = Some(claim);
        }
    }

    /// A pod is bound: a volume that was never used is made where it goes.
    pub(super) fn settle_claim(&mut self, pod: PodId, node: NodeId) {
        if let Some(claim) = self.pods[pod.index()].claim {
            self.claims[claim.index()].home.get_or_insert(node);
        }
    }

    /// A pod's object is gone.
    pub(super) fn leave_claim(&mut self, pod: PodId) {
        if let Some(claim) = self.pods[pod.index()].claim {
            self.claims[claim.index()].pod = None;
        }
    }

    /// A volume that is attached counts as in use until its node says otherwise (`actual_state_of_world.go`).
    pub(super) fn set_attachment(&mut self, claim: ClaimId, attachment: Attachment, write: &mut Write) {
        let object = &mut self.claims[claim.index()];
        object.attachment = attachment;
        object.in_use = match attachment {
            Attachment::Attached(node) => Some(node),
            Attachment::Detached => None,
            Attachment::Attaching(_) | Attachment::Detaching(_) => object.in_use,
        };
        write.tell(Change::Volume(claim));
    }

    /// Not while another pod of the same place is on the node.
    pub(super) fn release_volume(&mut self, claim: ClaimId, node: NodeId, write: &mut Write) {
        let pod = self.claims[claim.index()].pod.and_then(|pod| self.pod(pod));
        let is_used = pod.is_some_and(|pod| pod.node == Some(node) && !pod.is_terminal());
        let object = &mut self.claims[claim.index()];
        if object.in_use == Some(node) && !is_used {
            object.in_use = None;
            write.tell(Change::Volume(claim));
        }
    }

    fn claim_of(&mut self, workload: WorkloadId, place: u32, reach: VolumeReach) -> ClaimId {
        let same = |claim: &Claim| claim.workload == workload && claim.place == place;
        if let Some(known) = self.claims.iter().position(same) {
            return ClaimId::from(known);
        }
        let id = ClaimId::from(self.claims.len());
        let attachment = Attachment::Detached;
        self.claims.push(Claim {
            id,
            workload,
            place,
            reach,
            home: None,
            pod: None,
            attachment,
            in_use: None,
        });
        id
    }
}
