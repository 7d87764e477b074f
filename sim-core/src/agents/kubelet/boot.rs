//! The machine under a kubelet goes down and comes back: what the kubelet then finds, reports and starts again.

use super::{Desk, Kubelets};
use crate::agents::plan::Plan;
use crate::ids::{NodeId, PodId, TemplateId};
use crate::rng::Purpose;
use crate::spec::{Container, RestartPolicy};
use crate::time::Instant;
use crate::world::api::{PodPhase, ReadyBy, Request};
use crate::world::physical::Physical;

impl Kubelets {
    /// The machine lost power: every plan is void, nobody is told.
    pub fn power_lost(&mut self, node: NodeId, physical: &Physical) {
        self.back(node);
        for pod in physical.pods_on(node) {
            let worker = &mut self.workers[pod.index()];
            worker.terminate_at = Instant::NEVER;
            worker.init.due = Instant::NEVER;
            for run in &mut worker.containers {
                run.plan = Plan::IDLE;
                run.running = false;
                run.ready = false;
            }
        }
    }

    /// The kubelet is back after a boot: it reports what is left of a pod, and ends or restarts it.
    pub fn boot(&mut self, pod: PodId, desk: &mut Desk) {
        if !self.has(pod) {
            return;
        }
        let Some(object) = desk.api.pod(pod).filter(|object| object.deletion.is_none()) else {
            return self.finish(pod, desk);
        };
        if object.is_terminal() {
            return;
        }
        desk.requests.push(Request::SetPodReady { pod, ready: false, by: ReadyBy::Kubelet });
        if desk.model.template(object.template).restart_policy == RestartPolicy::Never
            && object.phase == PodPhase::Running
        {
            // What the runtime finds dead, it takes to have ended now.
            let lost = self.workers[pod.index()].containers.iter_mut().filter(|run| !run.succeeded);
            lost.for_each(|run| run.ended = desk.now);
            return self.report_phase(pod, desk);
        }
        self.restart_probes(pod, object.template, desk);
        let network_ready = desk.now + desk.model.scenario().timing.node_ready;
        self.prepare(pod, network_ready, desk);
    }

    /// A kubelet that just started lets each probe worker sleep for a random part of its period first: the longest
    /// period stands for all of a pod.
    fn restart_probes(&mut self, pod: PodId, template: TemplateId, desk: &Desk) {
        let probes = |c: &Container| [c.readiness, c.liveness, c.startup].into_iter().flatten();
        let periods =
            desk.model.template(template).containers.iter().flat_map(probes).map(|probe| probe.period);
        let worker = &mut self.workers[pod.index()];
        worker.boots += 1;
        if let Some(longest) = periods.max() {
            let phase = desk.luck.draw(Purpose::ProbePhase, worker.key, worker.boots).unit();
            worker.probing_since = desk.now + longest.part(phase);
        }
    }
}
