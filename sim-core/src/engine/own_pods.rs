//! The wiring of what scenarios with StatefulSets, DaemonSets, volumes and nodes out of service have in common: pods with
//! a place of their own.

use super::sim::Sim;
use super::timers::Wake;
use super::wakes::desk;
use crate::controllers::stateful_sets;
use crate::ids::{ClaimId, NodeId, PodId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::spec::WorkloadKind;
use crate::time::Span;
use crate::world::api::{Attachment, Deletion, Owner, Request};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn sync_stateful_set(&mut self, workload: WorkloadId) {
        self.note_sync(Owner::Workload(0), workload);
        let again = stateful_sets::reconcile(workload, &self.moment(), &self.api, &mut self.requests);
        self.timers.arm_earlier(Wake::StatefulSet(workload), again);
    }

    pub(super) fn sync_daemon_set(&mut self, workload: WorkloadId) {
        self.note_sync(Owner::Workload(0), workload);
        let moment = self.moment();
        let again = self.daemon_sets.reconcile(workload, &moment, &self.api, &mut self.requests);
        self.timers.arm_earlier(Wake::DaemonSet(workload), again);
    }

    pub(super) fn sync_volume(&mut self, claim: ClaimId) {
        let (now, requests) = (self.now, &mut self.requests);
        let again = self.attach_detach.reconcile(claim, now, self.model, &self.api, requests);
        self.timers.arm(Wake::Volume(claim), again);
    }

    /// Nothing happens if the pod is not there.
    pub(super) fn delete_pod_of(&mut self, workload: WorkloadId, ordinal: u32, force: bool) {
        let has_place = |pod: &&PodId| self.api.expect_pod(**pod).owner == Owner::Workload(ordinal);
        let Some(pod) = self.api.roster(workload).pods.iter().find(has_place).copied() else { return };
        let grace = force.then_some(Span::ZERO);
        self.requests.push(Request::Delete { pod, grace, why: Deletion::User });
    }

    /// The controller of a workload that controls its pods itself.
    pub(super) fn wake_workload(&mut self, workload: WorkloadId) {
        let controller = match self.model.workload(workload).kind {
            WorkloadKind::DaemonSet(_) => Wake::DaemonSet(workload),
            WorkloadKind::CronJob(_) => Wake::CronJob(workload),
            _ => Wake::StatefulSet(workload),
        };
        self.timers.arm_earlier(controller, self.now + self.controller_delay());
    }

    /// Nodes came or went, or take other pods than before.
    pub(super) fn wake_daemon_sets(&mut self) {
        for at in 0..self.model.daemon_sets().len() {
            let workload = self.model.daemon_sets()[at];
            self.wake_workload(workload);
            self.read_workload(workload);
        }
    }

    pub(super) fn claim_entered(&mut self, pod: PodId) {
        if let Some(claim) = self.api.expect_pod(pod).claim {
            self.timers.room_for_claim(claim);
        }
    }

    /// A volume's pod has come to a node, or no longer needs it.
    pub(super) fn wake_volume_of(&mut self, pod: PodId) {
        if let Some(claim) = self.api.pods_slot(pod).claim {
            self.wake_volume(claim);
        }
    }

    pub(super) fn volume_changed(&mut self, claim: ClaimId) {
        let object = self.api.claim(claim);
        match object.attachment {
            Attachment::Attaching(_) | Attachment::Detaching(_) => return,
            Attachment::Detached => {}
            Attachment::Attached(node) => {
                let waiting = object.pod.filter(|pod| self.api.expect_pod(*pod).node == Some(node));
                if let Some(pod) = waiting.filter(|_| object.in_use == Some(node) && self.leases.runs(node)) {
                    self.kubelets.volume_attached(pod, &mut desk!(self));
                    self.arm_worker(pod);
                    self.note_pulls();
                }
            }
        }
        self.wake_volume(claim);
    }

    /// A node's word about its volumes counts for more or less than before, and so does its taint.
    pub(super) fn node_health_changed(&mut self, node: NodeId) {
        for at in 0..self.api.claims().len() {
            let claim = &self.api.claims()[at];
            if claim.attachment == Attachment::Attached(node) {
                self.wake_volume(claim.id);
            }
        }
        self.plan_removal_out_of_service(node);
    }

    /// A kubelet that has just booted has nothing mounted but for the pods that are still its own.
    pub(super) fn release_volumes(&mut self, node: NodeId) {
        let in_use = self.api.claims().iter().filter(|claim| claim.in_use == Some(node));
        self.requests.extend(in_use.map(|claim| Request::ReleaseVolume(claim.id, node)));
    }

    pub(super) fn plan_removal_out_of_service(&mut self, node: NodeId) {
        let due = self.pod_gc.due_out_of_service(node, self.now, self.model, &self.api);
        self.timers.arm_earlier(Wake::PodGc(node), due);
    }

    /// Nodes' statuses list what they have begun to pull.
    pub(super) fn note_pulls(&mut self) {
        while let Some((node, image)) = self.kubelets.take_pull() {
            self.scheduler.set_image(node, image, true);
        }
    }

    pub(super) fn wake_volume(&mut self, claim: ClaimId) {
        self.timers.arm_earlier(Wake::Volume(claim), self.now + self.controller_delay());
    }
}
