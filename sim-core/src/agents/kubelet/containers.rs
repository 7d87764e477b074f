//! The containers of a pod: their starts, probes, restarts and ends, planned and unplanned.

use super::{Desk, Kubelets};
use crate::agents::container_run;
use crate::agents::plan::{Plan, Step};
use crate::agents::probes::Ticker;
use crate::ids::PodId;
use crate::rng::{EntityKey, Purpose};
use crate::spec::{Container, Distribution, Work};
use crate::time::{Instant, Span};
use crate::world::api::{ReadyBy, Request};

impl Kubelets {
    /// A process ended by itself: the next relist notices.
    pub fn exited(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let first = Instant::ZERO + self.relist_phase[self.workers[pod.index()].node.index()];
        let noticed = first.next_tick(desk.model.scenario().timing.pleg_relist, desk.now);
        let run = self.run(pod, container);
        run.end(desk.now);
        run.plan.set(Step::Notice, noticed);
    }

    /// A process hangs: its probes will find out, if it has any.
    pub fn hung(&mut self, pod: PodId, container: usize, now: Instant) {
        let run = self.run(pod, container);
        let verdict = |ticker: Option<Ticker>| ticker.map_or(Instant::NEVER, |t| t.failure_of_hang(now));
        run.pause(now);
        run.plan.set(Step::Serve, Instant::NEVER);
        run.plan.set(Step::Ready, Instant::NEVER);
        run.plan.set(Step::Unready, verdict(run.readiness));
        run.plan.set(Step::Kill, verdict(run.liveness));
    }

    /// A hung process answers again before its kubelet killed it.
    pub fn unhung(&mut self, pod: PodId, container: usize, now: Instant) {
        let run = self.run(pod, container);
        run.resume(now);
        run.plan.set(Step::Unready, Instant::NEVER);
        run.plan.set(Step::Kill, Instant::NEVER);
        if !run.ready {
            run.plan.set(Step::Ready, run.readiness.map_or(now, |ticker| ticker.success(now)));
        }
    }

    pub(super) fn take(&mut self, step: Step, pod: PodId, container: usize, desk: &mut Desk) {
        match step {
            Step::Notice => self.notice_exit(pod, container, desk),
            Step::Start => self.start(pod, container, desk),
            Step::Serve => desk.physical.serve(pod, container, desk.changes),
            Step::Ready => self.set_ready(pod, container, true, desk),
            Step::Unready => self.set_ready(pod, container, false, desk),
            Step::Kill => self.kill(pod, container, desk),
            Step::StopAccepting => desk.physical.stop_accepting(pod, container, desk.changes),
            Step::Exit => self.exit(pod, container, desk),
        }
    }

    pub(super) fn plan_start(&mut self, pod: PodId, container: usize, decided: Instant, desk: &mut Desk) {
        let node = self.workers[pod.index()].node;
        let spec = &self.template(pod, desk).containers[container];
        let pulled = self.images.ready_at(desk.model, node, spec.image, spec.always_pull, decided);
        let start = pulled + desk.model.scenario().timing.container_start;
        self.run(pod, container).plan.set(Step::Start, start);
    }

    fn start(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let spec = &self.template(pod, desk).containers[container];
        let key = self.workers[pod.index()].key.child(container as u64);
        let probing_since = self.workers[pod.index()].probing_since;
        let run = self.run(pod, container);
        let index = u64::from(run.starts);
        let serving = desk.now + startup_time(spec, key, index, desk);
        run.begin(spec, desk.now, serving, probing_since);
        if let Some(work) = &spec.work {
            let (takes, succeeds) = outcome(work, key, index, desk);
            run.plan_end(desk.now + takes, succeeds);
        }
        desk.physical.start(pod, container, desk.changes);
        if index > 0 {
            desk.requests.push(Request::CountRestart(pod));
        }
        self.report_phase(pod, desk);
    }

    /// The phase that its containers give the pod, if that is news.
    pub(super) fn report_phase(&mut self, pod: PodId, desk: &mut Desk) {
        let policy = self.template(pod, desk).restart_policy;
        let containers = &self.workers[pod.index()].containers;
        let phase = container_run::phase(containers, policy);
        if desk.api.pod(pod).is_some_and(|object| object.phase != phase) {
            let finished = containers.iter().map(|run| run.ended).max().unwrap_or(desk.now);
            desk.requests.push(Request::SetPodPhase { pod, phase, finished });
        }
    }

    fn set_ready(&mut self, pod: PodId, container: usize, ready: bool, desk: &mut Desk) {
        self.run(pod, container).ready = ready;
        let ready = self.workers[pod.index()].containers.iter().all(|run| run.ready);
        desk.requests.push(Request::SetPodReady { pod, ready, by: ReadyBy::Kubelet });
    }

    /// A failed liveness or startup probe: the container is stopped with the pod's grace period. Until it is gone the
    /// pod stays as ready as its readiness probe says: without one, Ready.
    fn kill(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let (spec, grace) = (&template.containers[container], template.termination_grace);
        let run = self.run(pod, container);
        run.plan = Plan::IDLE;
        run.ends = None;
        // A process that hangs does not hear the stop signal.
        let takes = if desk.physical.is_hung(pod, container) { grace } else { spec.shutdown_time.min(grace) };
        run.plan.set(Step::Exit, desk.now + takes);
    }

    fn exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let run = self.run(pod, container);
        run.end(desk.now);
        let by_itself = run.ends.take();
        desk.physical.stop(pod, container, desk.changes);
        if self.is_terminating(pod, desk.api) {
            return;
        }
        match by_itself {
            Some(succeeded) => {
                self.run(pod, container).succeeded = succeeded;
                self.exited(pod, container, desk);
            }
            None => self.notice_exit(pod, container, desk),
        }
    }

    /// Restart, after the crash-loop delay, or not, by the restart policy.
    fn notice_exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        self.set_ready(pod, container, false, desk);
        let policy = self.template(pod, desk).restart_policy;
        let run = self.run(pod, container);
        if run.is_done(policy) {
            return self.report_phase(pod, desk);
        }
        let decided = run.decide_start(run.ended, &desk.model.scenario().timing).max(desk.now);
        self.plan_start(pod, container, decided, desk);
    }
}

/// How long a process runs, and whether it succeeds.
fn outcome(work: &Work, key: EntityKey, index: u64, desk: &Desk) -> (Span, bool) {
    let takes = match &work.run_time {
        Distribution::Deterministic(span) => *span,
        random => random.sample(&mut desk.luck.draw(Purpose::RunTime, key, index)),
    };
    let fails = work.fails > 0.0 && desk.luck.draw(Purpose::ExitStatus, key, index).unit() < work.fails;
    (takes, !fails)
}

fn startup_time(spec: &Container, key: EntityKey, index: u64, desk: &Desk) -> Span {
    match &spec.startup_time {
        Distribution::Deterministic(span) => *span,
        random => random.sample(&mut desk.luck.draw(Purpose::StartupTime, key, index)),
    }
}
