//! The containers of a pod: their starts, probes, restarts and ends, planned and unplanned.

use super::pulls::Wanted;
use super::{Desk, Kubelets};
use crate::agents::container_run::{self, Start, Stop};
use crate::agents::plan::{Plan, Step};
use crate::ids::PodId;
use crate::rng::{EntityKey, Purpose};
use crate::spec::{Container, Defect, Distribution, Work};
use crate::time::{Instant, Span};
use crate::world::api::{ReadyBy, Request};
use crate::world::physical::{News, PhysicalChange};

impl Kubelets {
    /// A process ended by itself: the next relist notices.
    pub fn exited(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let noticed = self.relist_after(pod, desk.now, desk);
        let run = self.run(pod, container);
        run.end(desk.now);
        run.plan.set(Step::Notice, noticed);
    }

    /// The first relist of the pod's kubelet from a moment on.
    pub(super) fn relist_after(&self, pod: PodId, at: Instant, desk: &Desk) -> Instant {
        let first = Instant::ZERO + self.relist_phase[self.workers[pod.index()].node.index()];
        first.next_tick(desk.model.scenario().timing.pleg_relist, at)
    }

    /// A process hangs: its probes will find out, if it has any.
    pub fn hung(&mut self, pod: PodId, container: usize, now: Instant) {
        self.run(pod, container).plan_hang(now);
    }

    /// A hung process answers again before its kubelet killed it.
    pub fn unhung(&mut self, pod: PodId, container: usize, desk: &Desk) {
        self.run(pod, container).plan_recovery(desk.now);
        self.await_sidecar(pod, container, desk);
    }

    pub(super) fn take(&mut self, step: Step, pod: PodId, container: usize, desk: &mut Desk) {
        match step {
            Step::Notice => self.notice_exit(pod, container, desk),
            Step::Start => self.pull_or_start(pod, container, desk),
            Step::Serve => desk.physical.serve(pod, container, desk.changes),
            Step::Ready => self.set_ready(pod, container, true, desk),
            Step::Unready => self.set_ready(pod, container, false, desk),
            Step::Kill => self.kill(pod, container, desk),
            Step::StopAccepting => desk.physical.stop_accepting(pod, container, desk.changes),
            Step::Exit => self.exit(pod, container, desk),
        }
    }

    pub(super) fn plan_start(&mut self, pod: PodId, container: usize, decided: Instant, desk: &mut Desk) {
        if desk.model.pulls_may_fail() {
            let run = self.run(pod, container);
            run.must_pull = true;
            return run.plan.set(Step::Start, decided);
        }
        let node = self.workers[pod.index()].node;
        let spec = &self.template(pod, desk).containers[container];
        let pulled = self.images.ready_at(desk.model, node, spec.image, spec.always_pull, decided);
        let start = pulled + desk.model.scenario().timing.container_start;
        self.run(pod, container).plan.set(Step::Start, start);
    }

    fn pull_or_start(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        if self.run(pod, container).must_pull {
            self.pull_first(pod, container, desk);
        } else {
            self.start(pod, container, desk);
        }
    }

    #[cold]
    fn pull_first(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let spec = &template.containers[container];
        let is_app = container >= template.sidecars();
        let wanted = Wanted { image: spec.image, always_pull: spec.always_pull, is_app };
        let pulled = self.pull(pod, wanted, desk);
        let run = self.run(pod, container);
        run.must_pull = pulled.is_err();
        let start = pulled.map(|at| at + desk.model.scenario().timing.container_start);
        run.plan.set(Step::Start, start.unwrap_or_else(|again| again));
    }

    fn start(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let worker = &mut self.workers[pod.index()];
        let template = desk.model.template(worker.template);
        let spec = &template.containers[container];
        let key = worker.key.child(container as u64);
        let run = &mut worker.containers[container];
        let index = u64::from(run.starts);
        let serving = desk.now + startup_time(spec, key, index, desk);
        let hook_fails = hook_fails(spec, key, index, desk);
        run.begin(spec, Start { now: desk.now, serving, probing_since: worker.probing_since, hook_fails });
        if let Some(work) = &spec.work {
            let (takes, succeeds) = outcome(work, key, index, desk);
            run.plan_end(desk.now + takes, succeeds);
        }
        if worker.defect == Some(Defect::Crash) && container >= template.sidecars() {
            run.plan_crash();
        }
        if !template.init.is_empty() {
            self.await_sidecar(pod, container, desk);
        }
        desk.physical.start(pod, container, desk.changes);
        if index > 0 {
            desk.requests.push(Request::CountRestart(pod));
        }
        self.report_phase(pod, desk);
    }

    /// The phase that its containers give the pod, if that is news.
    pub(super) fn report_phase(&mut self, pod: PodId, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let worker = &self.workers[pod.index()];
        let phase = container_run::phase(worker.init.states(template), &worker.containers, template);
        if desk.api.pod(pod).is_some_and(|object| object.phase != phase) {
            let finished = worker.containers.iter().map(|run| run.ended).max().unwrap_or(desk.now);
            desk.requests.push(Request::SetPodPhase { pod, phase, finished });
        }
    }

    fn set_ready(&mut self, pod: PodId, container: usize, ready: bool, desk: &mut Desk) {
        self.run(pod, container).ready = ready;
        let ready = self.workers[pod.index()].containers.iter().all(|run| run.ready);
        desk.requests.push(Request::SetPodReady { pod, ready, by: ReadyBy::Kubelet });
    }

    /// A failed liveness or startup probe, or postStart hook: the container is stopped with a grace period. Until it is
    /// gone the pod stays as ready as its readiness probe says: without one, Ready.
    #[inline(never)]
    fn kill(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let template = self.template(pod, desk);
        let spec = &template.containers[container];
        let serves = desk.physical.is_serving(pod, container);
        let hung = desk.physical.is_hung(pod, container);
        if self.run(pod, container).hook_fails {
            desk.changes.push(PhysicalChange::News(pod, News::HookFails(container)));
        }
        let run = self.run(pod, container);
        let (hooks, failed_startup) = (&spec.hooks, run.started > desk.now);
        let own = if failed_startup { hooks.startup_grace } else { hooks.liveness_grace };
        let deadline = desk.now + own.unwrap_or(template.termination_grace);
        let unready = run.plan.at(Step::Unready);
        run.plan = Plan::IDLE;
        run.plan.set(Step::Unready, unready);
        run.plan_stop(spec, Stop { now: desk.now, turn: desk.now, deadline, hung });
        if !serves {
            run.plan.set(Step::StopAccepting, Instant::NEVER);
        }
    }

    fn exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let run = self.run(pod, container);
        let (by_itself, crashes) = (run.exit(desk.now), run.crashes);
        desk.physical.stop(pod, container, desk.changes);
        if self.is_terminating(pod, desk.api) {
            return;
        }
        if crashes {
            desk.changes.push(PhysicalChange::News(pod, News::Crashes(container)));
        }
        if by_itself {
            let noticed = self.relist_after(pod, desk.now, desk);
            return self.run(pod, container).plan.set(Step::Notice, noticed);
        }
        self.notice_exit(pod, container, desk);
    }

    /// Restart, after the crash-loop delay, or not, by the restart policy.
    fn notice_exit(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        self.set_ready(pod, container, false, desk);
        let template = self.template(pod, desk);
        let is_app = container >= template.sidecars();
        if is_app && self.run(pod, container).is_done(template.restart_policy) {
            return self.note_done(pod, desk);
        }
        if !is_app && self.is_through(pod, desk) {
            return self.report_phase(pod, desk);
        }
        let run = self.run(pod, container);
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

fn hook_fails(spec: &Container, key: EntityKey, index: u64, desk: &Desk) -> bool {
    let share = spec.hooks.post_start.map_or(0.0, |hook| hook.fails);
    share > 0.0 && desk.luck.draw(Purpose::PostStart, key, index).unit() < share
}
