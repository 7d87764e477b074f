//! What comes before the app containers of a pod: init containers, each to its end, and sidecars until they have
//! started up, in the order of the manifest.
//!
//! Upstream: `computeInitContainerActions` in pkg/kubelet/kuberuntime/kuberuntime_container.go. The pod's worker takes
//! the next step when a relist has told it of the last one, so each step ends at a relist. A pod whose sandbox is new,
//! as after a boot, takes all steps again.

use super::pulls::Wanted;
use super::{Desk, Kubelets};
use crate::agents::pod_phase::ContainerState;
use crate::controllers::backoff::{self, Backoff};
use crate::ids::PodId;
use crate::rng::Purpose;
use crate::spec::{Distribution, InitContainer, InitTask, PodTemplate, RestartPolicy, Timing};
use crate::time::Instant;
use crate::world::api::Request;
use crate::world::physical::{News, PhysicalChange};

/// How far a pod is before its app containers start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Init {
    /// Which one of the template's init containers is at work; as many as there are when they are through.
    step: usize,
    /// When it goes on.
    pub due: Instant,
    /// What the task at work is doing.
    state: ContainerState,
    /// Whether its next start asks for its image first: where a pull may fail.
    must_pull: bool,
    /// Whether this run of it ends with an error.
    fails: bool,
    /// When this run of it ends, or the last one ended.
    ended: Instant,
    backoff: Option<backoff::Entry>,
    /// Processes of tasks so far: each has luck of its own.
    runs: u64,
}

impl Init {
    /// A pod that has not begun.
    pub const NEW: Init = Init {
        step: 0,
        due: Instant::NEVER,
        state: ContainerState::Waiting,
        must_pull: false,
        fails: false,
        ended: Instant::ZERO,
        backoff: None,
        runs: 0,
    };

    /// Whether the task at work waits out its crash-loop delay.
    pub fn backs_off(&self, now: Instant) -> bool {
        matches!(self.state, ContainerState::Restarting(_))
            && self.backoff.is_some_and(|entry| entry.updated > now)
    }

    /// What the pod's status says of its tasks.
    pub fn states<'a>(
        &'a self,
        template: &'a PodTemplate,
    ) -> impl Iterator<Item = ContainerState> + Clone + 'a {
        let tasks =
            template.init.iter().enumerate().filter(|(_, init)| matches!(init, InitContainer::Task(_)));
        tasks.map(|(step, _)| match step.cmp(&self.step) {
            std::cmp::Ordering::Less => ContainerState::Exited(0),
            std::cmp::Ordering::Equal => self.state,
            std::cmp::Ordering::Greater => ContainerState::Waiting,
        })
    }

    /// The steps are to be taken anew, from the first one on.
    fn restart(&mut self) {
        (self.step, self.state) = (0, ContainerState::Waiting);
    }

    fn advance(&mut self) {
        self.step += 1;
        (self.state, self.backoff) = (ContainerState::Waiting, None);
    }

    /// The task at work ended with an error: when it starts again.
    fn decide_restart(&mut self, timing: &Timing) -> Instant {
        self.state = ContainerState::Restarting(1);
        self.ended + Backoff::of_crash_loops(timing).container_exits(&mut self.backoff, self.ended)
    }
}

impl Kubelets {
    /// A sandbox is there: the first init container starts, or without any all containers do.
    pub(super) fn begin_init(&mut self, pod: PodId, sandboxed: Instant, desk: &mut Desk) {
        self.workers[pod.index()].init.restart();
        self.plan_init(pod, sandboxed, desk);
    }

    /// What is due of the pod's init containers, if something is.
    pub(super) fn go_on_with_init(&mut self, pod: PodId, desk: &mut Desk) {
        let init = &mut self.workers[pod.index()].init;
        init.due = Instant::NEVER;
        let (step, state) = (init.step, init.state);
        match &self.template(pod, desk).init[step] {
            InitContainer::Sidecar(container) => self.see_sidecar(pod, *container, desk),
            InitContainer::Task(_) if matches!(state, ContainerState::Running { .. }) => {
                self.see_end(pod, desk)
            }
            InitContainer::Task(task) => self.pull_or_run(pod, task, desk),
        }
    }

    /// The sidecar that the others wait for has a process: they wait for its start-up to be seen.
    pub(super) fn await_sidecar(&mut self, pod: PodId, container: usize, desk: &Desk) {
        let step = self.workers[pod.index()].init.step;
        let at_work = self.template(pod, desk).init.get(step);
        if at_work == Some(&InitContainer::Sidecar(container)) {
            let started = self.run(pod, container).started;
            self.workers[pod.index()].init.due = self.relist_after(pod, started, desk);
        }
    }

    /// Plans the start of the init container at work, or of the app containers behind the last one.
    fn plan_init(&mut self, pod: PodId, from: Instant, desk: &mut Desk) {
        let template = self.template(pod, desk);
        match template.init.get(self.workers[pod.index()].init.step) {
            None => self.plan_starts(pod, template.sidecars(), from, desk),
            Some(InitContainer::Task(task)) => self.plan_task(pod, task, from, desk),
            Some(InitContainer::Sidecar(container)) => {
                let decided = self.run(pod, *container).decide_start(from, &desk.model.scenario().timing);
                self.plan_start(pod, *container, decided, desk);
            }
        }
    }

    fn plan_task(&mut self, pod: PodId, task: &InitTask, from: Instant, desk: &mut Desk) {
        if desk.model.pulls_may_fail() {
            let init = &mut self.workers[pod.index()].init;
            (init.must_pull, init.due) = (true, from);
            return;
        }
        let node = self.workers[pod.index()].node;
        let pulled = self.images.ready_at(desk.model, node, task.image, task.always_pull, from);
        self.workers[pod.index()].init.due = pulled + desk.model.scenario().timing.container_start;
    }

    fn pull_or_run(&mut self, pod: PodId, task: &InitTask, desk: &mut Desk) {
        if !self.workers[pod.index()].init.must_pull {
            return self.run_task(pod, task, desk);
        }
        let wanted = Wanted { image: task.image, always_pull: task.always_pull, is_app: false };
        let pulled = self.pull(pod, wanted, desk);
        let init = &mut self.workers[pod.index()].init;
        init.must_pull = pulled.is_err();
        let start = pulled.map(|at| at + desk.model.scenario().timing.container_start);
        init.due = start.unwrap_or_else(|again| again);
    }

    fn run_task(&mut self, pod: PodId, task: &InitTask, desk: &mut Desk) {
        let worker = &mut self.workers[pod.index()];
        let key = worker.key.child(worker.init.step as u64);
        let mut draw = desk.luck.draw(Purpose::InitContainer, key, worker.init.runs);
        let run_time = match &task.run_time {
            Distribution::Deterministic(span) => *span,
            random => random.sample(&mut draw),
        };
        worker.init.fails = task.fails > 0.0 && draw.unit() < task.fails;
        worker.init.runs += 1;
        worker.init.state = ContainerState::Running { started: true };
        worker.init.ended = desk.now + run_time;
        let step = worker.init.step;
        desk.changes.push(PhysicalChange::News(pod, News::InitStarts(step)));
        self.workers[pod.index()].init.due = self.relist_after(pod, desk.now + run_time, desk);
    }

    /// A relist shows that the task at work has ended: the next one starts, or the same one again.
    fn see_end(&mut self, pod: PodId, desk: &mut Desk) {
        let policy = self.template(pod, desk).restart_policy;
        let init = &mut self.workers[pod.index()].init;
        if !init.fails {
            init.advance();
            return self.plan_init(pod, desk.now, desk);
        }
        desk.changes.push(PhysicalChange::News(pod, News::InitFails(init.step)));
        if policy == RestartPolicy::Never {
            init.state = ContainerState::Exited(1);
            return self.report_phase(pod, desk);
        }
        let decided = init.decide_restart(&desk.model.scenario().timing).max(desk.now);
        desk.requests.push(Request::CountRestart(pod));
        self.plan_init(pod, decided, desk);
    }

    fn see_sidecar(&mut self, pod: PodId, container: usize, desk: &mut Desk) {
        let run = self.run(pod, container);
        if run.running && run.started <= desk.now {
            self.workers[pod.index()].init.advance();
            self.plan_init(pod, desk.now, desk);
        }
    }
}
