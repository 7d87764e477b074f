//! One container as its kubelet sees it: its probes, its crash-loop back-off, and how it is stopped.

use crate::agents::plan::{Plan, Step};
use crate::agents::pod_phase::{ContainerState, Containers, pod_phase};
use crate::agents::probes::Ticker;
use crate::controllers::backoff::{self, Backoff};
use crate::spec::{Container, Probe, RestartPolicy, Timing};
use crate::time::{Instant, Span};
use crate::world::api::PodPhase;

/// What a kubelet knows of one container.
#[derive(Clone, Copy, Debug)]
pub(super) struct ContainerRun {
    /// What is to happen next.
    pub plan: Plan,
    /// Whether it has a process.
    pub running: bool,
    /// Whether its probes say so.
    pub ready: bool,
    /// Whether its process exits by itself, and then with success.
    pub ends: Option<bool>,
    /// What was left of its work when its process began to hang.
    left: Span,
    /// Whether its last process ended with exit code 0.
    pub succeeded: bool,
    /// Processes started so far.
    pub starts: u32,
    /// The readiness probe of this process.
    pub readiness: Option<Ticker>,
    /// The liveness probe of this process.
    pub liveness: Option<Ticker>,
    /// When the last process ended.
    pub ended: Instant,
    /// Crash-loop back-off; none before the first exit.
    pub backoff: Option<backoff::Entry>,
}

/// Phase of a pod that has these containers, and no others.
pub(super) fn phase(apps: &[ContainerRun], policy: RestartPolicy) -> PodPhase {
    let states = |from: usize| apps[from..].iter().map(move |run| run.state(policy));
    let none = apps.len();
    pod_phase(Containers { init: states(none), sidecars: states(none), apps: states(0) }, policy, false)
}

impl ContainerRun {
    /// A container that has never run.
    pub const NEW: ContainerRun = ContainerRun {
        plan: Plan::IDLE,
        running: false,
        ready: false,
        ends: None,
        left: Span::ZERO,
        succeeded: false,
        starts: 0,
        readiness: None,
        liveness: None,
        ended: Instant::ZERO,
        backoff: None,
    };

    /// What the pod's status says of it.
    fn state(&self, policy: RestartPolicy) -> ContainerState {
        match policy {
            _ if self.running => ContainerState::Running { started: true },
            _ if self.starts == 0 => ContainerState::Waiting,
            _ if self.is_done(policy) => ContainerState::Exited(i32::from(!self.succeeded)),
            _ => ContainerState::Restarting(i32::from(!self.succeeded)),
        }
    }

    /// Whether it has ended and is not started again.
    pub fn is_done(&self, policy: RestartPolicy) -> bool {
        let has_ended = !self.running && self.starts > 0;
        has_ended
            && match policy {
                RestartPolicy::Always => false,
                RestartPolicy::OnFailure => self.succeeded,
                RestartPolicy::Never => true,
            }
    }

    /// A process that exits by itself at `at`.
    pub fn plan_end(&mut self, at: Instant, succeeds: bool) {
        self.ends = Some(succeeds);
        self.plan.set(Step::Exit, at);
    }

    /// When a container starts for the first time, or again after its process ended at `ended`: pkg/kubelet/kuberuntime,
    /// `doBackOff`.
    pub fn decide_start(&mut self, ended: Instant, timing: &Timing) -> Instant {
        if self.starts == 0 {
            return ended;
        }
        ended + Backoff::of_crash_loops(timing).container_exits(&mut self.backoff, ended)
    }

    /// A process starts at `now` and will answer from `serving` on: what its probes will say, and when.
    pub fn begin(&mut self, spec: &Container, now: Instant, serving: Instant, probing_since: Instant) {
        self.running = true;
        self.ends = None;
        self.succeeded = false;
        self.starts += 1;
        self.plan.set(Step::Serve, serving);
        let ticker = |probe: Option<Probe>| probe.map(|probe| Ticker::new(probe, probing_since, now));
        let startup = ticker(spec.startup);
        let started = startup.map_or(now, |ticker| ticker.success(serving));
        self.readiness = ticker(spec.readiness).map(|ticker| ticker.held_until(started));
        self.liveness = ticker(spec.liveness).map(|ticker| ticker.held_until(started));
        self.plan.set(Step::Ready, self.readiness.map_or(started, |ticker| ticker.success(serving)));
        let failing = startup.or(self.liveness).and_then(|ticker| ticker.failure_before(serving));
        self.plan.set(Step::Kill, failing.unwrap_or(Instant::NEVER));
    }

    /// A process that hangs does not come to the end of its work.
    pub fn pause(&mut self, now: Instant) {
        if self.ends.is_some() {
            self.left = self.plan.at(Step::Exit).since(now);
            self.plan.set(Step::Exit, Instant::NEVER);
        }
    }

    /// It goes on with its work.
    pub fn resume(&mut self, now: Instant) {
        if self.ends.is_some() {
            self.plan.set(Step::Exit, now + self.left);
        }
    }

    /// The process ended at `now`.
    pub fn end(&mut self, now: Instant) {
        self.plan = Plan::IDLE;
        self.running = false;
        self.ended = now;
    }

    /// PreStop hook, stop signal, and at the deadline the kill; a process that hangs hears no signal.
    pub fn plan_stop(&mut self, spec: &Container, now: Instant, deadline: Instant, hung: bool) {
        self.ends = None;
        let signalled = now + spec.pre_stop;
        // A preStop hook that used up the grace period leaves 2 s (pkg/kubelet/kuberuntime: minimumGracePeriod).
        let killed =
            deadline.max(if signalled >= deadline { deadline + Span::secs(2) } else { deadline }).max(now);
        let signalled = signalled.min(killed);
        let exit = if hung { killed } else { (signalled + spec.shutdown_time).min(killed) };
        if !hung {
            self.plan.set(Step::StopAccepting, (signalled + spec.serves_after_stop_signal).min(exit));
        }
        self.plan.set(Step::Exit, exit);
    }
}
