//! Pods that their kubelet ends of its own accord: they fail, and nobody has deleted them.
//!
//! Upstream: `killPodFunc` with a status of its own, pkg/kubelet/pod_workers.go. The phase is reported when no container
//! runs any more (`mergePodStatus`, pkg/kubelet/status/status_manager.go); until then the pod is as Ready as its readiness
//! probe says, and stays in endpoints (kubernetes/kubernetes#116965).

use super::{Desk, Kubelets, NO_POD, Worker};
use crate::agents::container_run::{self, ContainerRun};
use crate::ids::{NodeId, PodId};
use crate::time::Instant;
use crate::world::api::{PodPhase, ReadyBy, Request};

impl Kubelets {
    /// The kubelet of a node takes no more pods.
    pub fn begin_shutdown(&mut self, node: NodeId) {
        self.shutting_down.push(node);
    }

    /// Ends a pod that fails by that. Returns whether it does: not one that ends anyway.
    pub fn fail(&mut self, pod: PodId, deadline: Instant, desk: &mut Desk) -> bool {
        if !self.has(pod) || self.workers[pod.index()].failing || self.is_terminating(pod, desk.api) {
            return false;
        }
        self.workers[pod.index()].failing = true;
        self.end_by(pod, deadline, desk);
        self.workers[pod.index()].containers.iter_mut().for_each(ContainerRun::plan_refusals);
        self.wake(pod, desk);
        true
    }

    /// Whether nothing of the pod runs, and nothing is to.
    pub fn has_ended(&self, pod: PodId) -> bool {
        let is_over = |worker: &Worker| worker.failing && worker.containers.iter().all(|run| !run.running);
        self.worker(pod).is_none_or(is_over)
    }

    /// The API knows that a pod has failed: its worker has nothing left to do.
    pub fn let_go_of_failed(&mut self, pod: PodId, desk: &mut Desk) {
        if !self.worker(pod).is_some_and(|worker| worker.failing) {
            return;
        }
        let worker = &mut self.workers[pod.index()];
        worker.pod = NO_POD;
        desk.physical.clear(pod, desk.changes);
        if let Some(claim) = worker.claim {
            desk.requests.push(Request::ReleaseVolume(claim, worker.node));
        }
    }

    /// Whether the kubelet of the node takes no pods.
    pub(super) fn rejects_pods(&self, node: NodeId) -> bool {
        !self.shutting_down.is_empty() && self.shutting_down.contains(&node)
    }

    /// A pod that is not admitted fails at once (`rejectPod`, pkg/kubelet/kubelet.go).
    pub(super) fn reject(&mut self, pod: PodId, noticed: Instant) {
        let worker = &mut self.workers[pod.index()];
        (worker.failing, worker.terminate_at) = (true, noticed);
    }

    /// It has failed, unless it had succeeded already.
    #[cold]
    pub(super) fn report_failure(&mut self, pod: PodId, desk: &mut Desk) {
        let (template, worker) = (self.template(pod, desk), &self.workers[pod.index()]);
        let phase = match container_run::phase(worker.init.states(template), &worker.containers, template) {
            PodPhase::Succeeded => PodPhase::Succeeded,
            _ => PodPhase::Failed,
        };
        if desk.api.pod(pod).is_some_and(|object| !object.is_terminal()) {
            desk.requests.push(Request::SetPodReady { pod, ready: false, by: ReadyBy::Kubelet });
            desk.requests.push(Request::SetPodPhase { pod, phase, finished: desk.now });
        }
    }
}
