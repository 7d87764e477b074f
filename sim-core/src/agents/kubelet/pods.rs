//! A pod from its first sight on its node until nothing is left of it there: upstream's pod workers.

use super::init::Init;
use super::{Desk, Kubelets, NO_POD, Worker};
use crate::agents::container_run::{ContainerRun, Stop};
use crate::agents::plan::{Plan, Step};
use crate::ids::{Cause, NodeId, PodId, TemplateId};
use crate::rng::EntityKey;
use crate::time::{Instant, Span};
use crate::world::api::{Api, Request};

impl Kubelets {
    /// The kubelet sees a pod that was bound to its node: volume, then sandbox, then images, then containers.
    /// `replaces` is what cost the pod's forerunner.
    pub fn admit(&mut self, pod: PodId, node: NodeId, replaces: Option<Cause>, desk: &mut Desk) {
        let object = desk.api.expect_pod(pod);
        let template = desk.model.template(object.template);
        let key = desk.model.workload_key(object.workload).child(object.ordinal);
        let worker = self.worker_slot(pod);
        worker.node = node;
        worker.template = object.template;
        worker.defect = object.defect;
        worker.key = key;
        worker.probing_since = desk.now + desk.model.scenario().timing.watch;
        worker.boots = 0;
        worker.terminate_at = Instant::NEVER;
        worker.init = Init::NEW;
        worker.failed_pulls.clear();
        worker.claim = object.claim;
        worker.containers.clear();
        worker.containers.resize(template.containers.len(), ContainerRun::NEW);
        desk.physical.place(pod, node, template.containers.len(), replaces);
        if desk.physical.runs_kubelet(node) {
            let noticed = desk.now + desk.model.scenario().timing.watch;
            self.prepare(pod, noticed, desk);
        }
    }

    /// The volume that a pod waits for has come to its node.
    pub fn volume_attached(&mut self, pod: PodId, desk: &mut Desk) {
        if self.has(pod) && desk.physical.runs_kubelet(self.workers[pod.index()].node) {
            let noticed = desk.now + desk.model.scenario().timing.watch;
            self.prepare(pod, noticed, desk);
        }
    }

    /// The kubelet learns that the pod is to end.
    pub fn terminate(&mut self, pod: PodId, desk: &mut Desk) {
        if self.has(pod) && desk.physical.runs_kubelet(self.workers[pod.index()].node) {
            self.workers[pod.index()].terminate_at = desk.now + desk.model.scenario().timing.watch;
        }
    }

    /// The object of a pod is gone although its kubelet never confirmed: what still runs is killed.
    pub fn orphaned(&mut self, pod: PodId, desk: &mut Desk) {
        let node = self.workers[pod.index()].node;
        if !desk.physical.is_up(node) {
            return self.finish(pod, desk);
        }
        if self.is_gone(node) {
            return; // it runs on until its kubelet is back
        }
        self.workers[pod.index()].terminate_at = desk.now + desk.model.scenario().timing.watch;
    }

    /// A pod waits for its volume before all else (`WaitForAttachAndMount`).
    pub(super) fn prepare(&mut self, pod: PodId, from: Instant, desk: &mut Desk) {
        let worker = &self.workers[pod.index()];
        let Some(claim) = worker.claim else { return self.create_sandbox(pod, from, desk) };
        if desk.api.claim(claim).is_at(worker.node) {
            self.create_sandbox(pod, from + desk.model.scenario().timing.volume_mount, desk);
        }
    }

    /// Sandbox and images, for all containers of a pod that do not run.
    fn create_sandbox(&mut self, pod: PodId, from: Instant, desk: &mut Desk) {
        let sandboxed = from + desk.model.scenario().timing.sandbox;
        self.begin_init(pod, sandboxed, desk);
    }

    /// Plans the starts of the containers from `first` on. The kubelet waits for the postStart hook of one before it
    /// starts the next.
    pub(super) fn plan_starts(&mut self, pod: PodId, first: usize, from: Instant, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let mut from = from;
        let sidecars = template.sidecars();
        for (container, spec) in template.containers.iter().enumerate().skip(first) {
            if container >= sidecars && self.run(pod, container).is_done(template.restart_policy) {
                continue;
            }
            let decided = self.run(pod, container).decide_start(from, &desk.model.scenario().timing);
            self.plan_start(pod, container, decided, desk);
            if let Some(hook) = spec.hooks.post_start {
                from = self.run(pod, container).plan.at(Step::Start) + hook.takes;
            }
        }
    }

    /// What is due of the pod as a whole.
    #[cold]
    pub(super) fn end_or_go_on(&mut self, pod: PodId, desk: &mut Desk) {
        if self.workers[pod.index()].terminate_at <= desk.now {
            self.begin_termination(pod, desk);
        }
        if self.workers[pod.index()].init.due <= desk.now {
            self.go_on_with_init(pod, desk);
        }
    }

    /// PreStop, stop signal, and at the deadline the kill: upstream's `killContainer`, for all containers at once. A
    /// sidecar gets its stop signal when the app containers and the sidecars after it have ended
    /// (pkg/kubelet/kuberuntime/kuberuntime_termination_order.go). An init container ends at once.
    pub(super) fn begin_termination(&mut self, pod: PodId, desk: &mut Desk) {
        let deletion = desk.api.pod(pod).and_then(|object| object.deletion);
        // A forced deletion leaves no object: the kubelet still gives one second.
        self.end_by(pod, deletion.unwrap_or(desk.now + Span::secs(1)), desk);
    }

    /// The same, by a deadline.
    pub(super) fn end_by(&mut self, pod: PodId, deadline: Instant, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let sidecars = template.sidecars();
        let worker = &mut self.workers[pod.index()];
        worker.terminate_at = Instant::NEVER;
        worker.init.due = Instant::NEVER;
        let mut others_end = desk.now;
        for (container, run) in worker.containers.iter_mut().enumerate().rev() {
            let readiness = (run.plan.at(Step::Ready), run.plan.at(Step::Unready));
            run.plan = Plan::IDLE;
            if run.running {
                // Readiness goes on being probed; startup and liveness do not.
                run.plan.set(Step::Ready, readiness.0);
                run.plan.set(Step::Unready, readiness.1);
                let turn = if container < sidecars { others_end } else { desk.now };
                let stop =
                    Stop { now: desk.now, turn, deadline, hung: desk.physical.is_hung(pod, container) };
                run.plan_stop(&template.containers[container], stop);
                others_end = others_end.max(run.plan.at(Step::Exit));
            }
        }
    }

    /// Nothing of the pod runs any more, and nothing is to.
    pub(super) fn finish_if_ended(&mut self, pod: PodId, desk: &mut Desk) {
        let worker = &self.workers[pod.index()];
        let ended = worker.terminate_at == Instant::NEVER && worker.containers.iter().all(|run| !run.running);
        if ended && self.is_terminating(pod, desk.api) {
            self.finish(pod, desk);
        }
    }

    pub(super) fn finish(&mut self, pod: PodId, desk: &mut Desk) {
        let worker = &mut self.workers[pod.index()];
        worker.pod = NO_POD;
        desk.physical.clear(pod, desk.changes);
        desk.requests.push(Request::Remove(pod));
        if let Some(claim) = worker.claim.filter(|_| desk.physical.is_up(worker.node)) {
            desk.requests.push(Request::ReleaseVolume(claim, worker.node));
        }
    }

    pub(super) fn is_terminating(&self, pod: PodId, api: &Api) -> bool {
        api.pod(pod).is_none_or(|object| object.deletion.is_some())
    }

    /// A worker for the pod in the place that its slot has.
    fn worker_slot(&mut self, pod: PodId) -> &mut Worker {
        while self.workers.len() <= pod.index() {
            self.workers.push(Worker {
                pod: NO_POD,
                node: NodeId(0),
                template: TemplateId(0),
                defect: None,
                key: EntityKey(0),
                probing_since: Instant::ZERO,
                boots: 0,
                terminate_at: Instant::NEVER,
                init: Init::NEW,
                failed_pulls: Vec::new(),
                claim: None,
                containers: Vec::new(),
            });
        }
        let worker = &mut self.workers[pod.index()];
        debug_assert_eq!(worker.pod, NO_POD, "one pod in a slot at a time");
        worker.pod = pod;
        worker
    }
}
