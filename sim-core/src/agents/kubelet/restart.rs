//! A kubelet's process alone is gone, and starts again: its containers run on without probes, restarts or deletions.
//!
//! Upstream: the kubelet finds its containers again by the runtime. Probes count from nothing. The results of readiness
//! probes are kept (`ChangeContainerStatusOnKubeletRestart`, off since 1.35).

use super::{Desk, Kubelets};
use crate::agents::container_run::ContainerRun;
use crate::agents::plan::Step;
use crate::ids::{NodeId, PodId};
use crate::time::{Instant, Span};
use crate::world::api::{ReadyBy, Request};

impl Kubelets {
    /// The kubelet of a machine that has power is gone.
    pub fn gone(&mut self, node: NodeId) {
        self.gone.push(node);
    }

    /// The kubelet starts again. Returns whether its containers ran on since it was gone.
    pub fn back(&mut self, node: NodeId) -> bool {
        let at = self.gone.iter().position(|other| *other == node);
        at.map(|at| self.gone.swap_remove(at)).is_some()
    }

    /// Whether the node has power and no kubelet.
    pub(super) fn is_gone(&self, node: NodeId) -> bool {
        !self.gone.is_empty() && self.is_among_gone(node)
    }

    #[cold]
    fn is_among_gone(&self, node: NodeId) -> bool {
        self.gone.contains(&node)
    }

    /// What the kubelet does about a pod of which it knew nothing for a while.
    pub fn resume(&mut self, pod: PodId, desk: &mut Desk) {
        if !self.has(pod) {
            return;
        }
        let grace = self.template(pod, desk).termination_grace;
        match desk.api.pod(pod) {
            None => return self.end_unseen(pod, Span::secs(1), desk),
            // It has heard of the deletion just now, and gives the whole grace period.
            Some(object) if object.deletion.is_some() => return self.end_unseen(pod, grace, desk),
            Some(object) if object.is_terminal() => return,
            Some(_) => {}
        }
        if self.is_untouched(pod) {
            return self.prepare(pod, desk.now, desk);
        }
        let worker = &mut self.workers[pod.index()];
        for (container, run) in worker.containers.iter_mut().enumerate() {
            run.probe_anew(desk.now, desk.physical.is_hung(pod, container));
        }
        worker.init.due = worker.init.due.max(desk.now);
        self.wake(pod, desk);
        let ready = self.workers[pod.index()].containers.iter().all(|run| run.ready);
        desk.requests.push(Request::SetPodReady { pod, ready, by: ReadyBy::Kubelet });
    }

    fn end_unseen(&mut self, pod: PodId, grace: Span, desk: &mut Desk) {
        self.end_by(pod, desk.now + grace, desk);
        self.wake(pod, desk);
    }

    /// Whether the pod was bound while its kubelet was gone.
    fn is_untouched(&self, pod: PodId) -> bool {
        let worker = &self.workers[pod.index()];
        let never_planned = |run: &ContainerRun| run.starts == 0 && run.plan.next() == Instant::NEVER;
        worker.init.due == Instant::NEVER && worker.containers.iter().all(never_planned)
    }

    /// When a process of the pod does something by itself next.
    #[cold]
    pub(super) fn next_of_processes(&self, pod: PodId) -> Instant {
        let containers = &self.workers[pod.index()].containers;
        containers.iter().map(|run| run.plan.next_of_process()).min().unwrap_or(Instant::NEVER)
    }

    /// What processes do by themselves: they start up, stop and exit; only their kubelet would notice.
    #[cold]
    pub(super) fn processes_go_on(&mut self, pod: PodId, desk: &mut Desk) {
        for container in 0..self.workers[pod.index()].containers.len() {
            while let Some(step) = self.run(pod, container).plan.take_due_of_process(desk.now) {
                match step {
                    Step::Serve => desk.physical.serve(pod, container, desk.changes),
                    Step::StopAccepting => desk.physical.stop_accepting(pod, container, desk.changes),
                    _ => {
                        let run = self.run(pod, container);
                        run.exit(desk.now);
                        run.plan.set(Step::Notice, desk.now);
                        desk.physical.stop(pod, container, desk.changes);
                    }
                }
            }
        }
    }
}
