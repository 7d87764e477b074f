//! The only place where API objects change: a file for each kind of object, and here who does what.

mod claims;
mod deployments;
mod disruption;
mod endpoints;
mod jobs;
mod nodes;
mod pods;
mod quotas;
mod sets;
mod workloads;

use super::{Api, Change, Request};
use crate::model::Model;
use crate::time::Instant;

/// A write under way: what it may know, and where it says what is different by it.
struct Write<'a> {
    model: &'a Model,
    now: Instant,
    changes: &'a mut Vec<Change>,
}

impl Api {
    /// Applies a request and says what is different; a request that changes nothing says nothing.
    ///
    /// Requests about pods that are gone are dropped, as the API server answers them with 404.
    pub fn commit(&mut self, model: &Model, now: Instant, request: Request, changes: &mut Vec<Change>) {
        let write = &mut Write { model, now, changes };
        match request {
            Request::CreatePod { set, uid } => self.create_pod(set, uid, write),
            Request::CreateBarePod { workload, uid } => self.create_bare_pod(workload, uid, write),
            Request::CreateOwnPod { workload, place, revision, uid } => {
                self.create_own_pod(workload, place, revision, uid, write);
            }
            Request::Bind(pod, node) => self.bind(pod, node, write),
            Request::Delete { pod, grace, why } => self.delete(pod, grace, why, write),
            Request::Remove(pod) => self.remove(pod, write),
            Request::SetPodReady { pod, ready, by } => self.set_pod_ready(pod, ready, by, write),
            Request::SetPodPhase { pod, phase, finished } => {
                self.set_pod_phase(pod, phase, finished, write);
            }
            Request::MarkUnschedulable(pod) => self.mark_unschedulable(pod, write),
            Request::CountRestart(pod) => self.count_restart(pod, write),

            Request::SetNodeReady(node, ready) => self.set_node_ready(node, ready, write),
            Request::SetNodeTaints { node, no_schedule, no_execute } => {
                self.set_node_taints(node, no_schedule, no_execute, write);
            }
            Request::TaintForRemoval(node, is) => self.taint_for_removal(node, is, write),
            Request::SetOutOfService(node, is) => self.set_out_of_service(node, is, write),
            Request::DeleteNode(node) => self.delete_node(node, write),
            Request::RegisterNode(node) => self.register_node(node, write),

            Request::CreateSet { workload, revision, replicas, desired, max } => {
                let set = self.create_set(workload, revision, replicas, write);
                self.annotate_set(set, desired, max);
            }
            Request::ScaleSet(set, replicas) => self.scale_set(set, replicas, write),
            Request::AnnotateSet { set, desired, max } => self.annotate_set(set, desired, max),
            Request::DeleteSet(set) => self.delete_set(set, write),

            Request::CreateDeployment(workload) => self.create_deployment(workload, write),
            Request::Rollout(workload) => self.rollout(workload, None, write),
            Request::FaultyRollout(workload, defect) => self.rollout(workload, Some(defect), write),
            Request::Undo(workload) => self.undo(workload, write),
            Request::SetPaused(workload, paused) => self.set_paused(workload, paused, write),
            Request::Scale(workload, replicas) => self.scale(workload, replicas, write),
            Request::SetDeploymentStatus { workload, status, progress, touch } => {
                self.set_deployment_status(workload, status, progress, touch, write);
            }

            Request::CreateStatefulSet(workload) => self.create_stateful_set(workload, write),
            Request::CompleteUpdate(workload) => self.complete_update(workload, write),
            Request::CreateDaemonSet(workload) => self.create_daemon_set(workload, write),

            Request::SetAttachment(claim, attachment) => self.set_attachment(claim, attachment, write),
            Request::ReleaseVolume(claim, node) => self.release_volume(claim, node, write),

            Request::SyncEndpoints(service) => self.sync_endpoints(service, write),

            Request::SetUnschedulable(node, wanted) => self.set_unschedulable(node, wanted, write),
            Request::Evict { pod, grace, why } => self.evict(pod, grace, why, write),
            Request::SetBudgetStatus(budget, status) => self.set_budget_status(budget, status, write),
            Request::ForgetDisrupted(budget, pod) => self.forget_disrupted(budget, pod),
            Request::Nominate(pod, node) => self.nominate(pod, node, write),

            Request::Job(request) => self.commit_job(request, write),
        }
    }
}

impl Write<'_> {
    fn tell(&mut self, change: Change) {
        self.changes.push(change);
    }
}
