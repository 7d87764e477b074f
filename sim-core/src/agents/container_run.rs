//! One container as its kubelet sees it: its probes, its crash-loop back-off, and how it is stopped.

use crate::agents::plan::{Plan, Step};
use crate::agents::pod_phase::{ContainerState, Containers, pod_phase};
use crate::agents::probes::Ticker;
use crate::controllers::backoff::{self, Backoff};
use crate::spec::{Container, PodTemplate, Probe, RestartPolicy, Timing};
use crate::time::{Instant, Span};
use crate::world::api::PodPhase;

/// From the stop signal to the kill, at least: `minimumGracePeriodInSeconds`, pkg/kubelet/kuberuntime.
const MINIMUM_GRACE: Span = Span::secs(2);

/// What a kubelet knows of one container.
#[derive(Clone, Copy, Debug)]
pub(super) struct ContainerRun {
    /// What is to happen next.
    pub plan: Plan,
    /// Whether it has a process.
    pub running: bool,
    /// Whether its probes say so.
    pub ready: bool,
    /// Whether its next start asks for its image first: where a pull may fail.
    pub must_pull: bool,
    /// Whether its process exits by itself.
    pub crashes: bool,
    /// Whether its process exits by itself when its work is done, and then with success.
    pub works: Option<bool>,
    /// What was left of that work when the process began to hang.
    left: Span,
    /// Whether its last process ended with exit code 0.
    pub succeeded: bool,
    /// Whether its postStart hook fails.
    pub hook_fails: bool,
    /// Processes started so far.
    pub starts: u32,
    /// The readiness probe of this process.
    pub readiness: Option<Ticker>,
    /// The liveness probe of this process.
    pub liveness: Option<Ticker>,
    /// Its startup probe.
    startup: Option<Ticker>,
    /// When its postStart hook and its startup probe have succeeded: `started` in the pod's status.
    pub started: Instant,
    /// When the last process ended.
    pub ended: Instant,
    /// Crash-loop back-off; none before the first exit.
    pub backoff: Option<backoff::Entry>,
}

/// A process that starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// When.
    pub now: Instant,
    /// From when on it answers.
    pub serving: Instant,
    /// When the pod's probes asked for the first time.
    pub probing_since: Instant,
    /// Whether its postStart hook fails.
    pub hook_fails: bool,
}

/// A container that is to end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// When it learns so.
    pub now: Instant,
    /// When the containers that end before it have ended.
    pub turn: Instant,
    /// The end of its grace period.
    pub deadline: Instant,
    /// Whether its process hangs, and so hears no signal.
    pub hung: bool,
}

/// Phase of a pod with these containers, whose init containers that are there to end are in these states.
pub(super) fn phase(
    init: impl Iterator<Item = ContainerState> + Clone,
    containers: &[ContainerRun],
    template: &PodTemplate,
) -> PodPhase {
    let (sidecars, apps) = containers.split_at(template.sidecars());
    let state = |policy| move |run: &ContainerRun| run.state(policy);
    let sidecars = sidecars.iter().map(state(RestartPolicy::Always));
    let apps = apps.iter().map(state(template.restart_policy));
    pod_phase(Containers { init, sidecars, apps }, template.restart_policy, false)
}

impl ContainerRun {
    /// A container that has never run.
    pub const NEW: ContainerRun = ContainerRun {
        plan: Plan::IDLE,
        running: false,
        ready: false,
        must_pull: false,
        crashes: false,
        works: None,
        left: Span::ZERO,
        succeeded: false,
        hook_fails: false,
        starts: 0,
        readiness: None,
        liveness: None,
        startup: None,
        started: Instant::NEVER,
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
        let stays = match policy {
            RestartPolicy::Always => false,
            RestartPolicy::OnFailure => self.succeeded,
            RestartPolicy::Never => true,
        };
        stays && !self.running && self.starts > 0
    }

    /// When a container starts for the first time, or again after its process ended at `ended`: pkg/kubelet/kuberuntime,
    /// `doBackOff`.
    pub fn decide_start(&mut self, ended: Instant, timing: &Timing) -> Instant {
        if self.starts == 0 {
            return ended;
        }
        ended + Backoff::of_crash_loops(timing).container_exits(&mut self.backoff, ended)
    }

    /// A process starts: what its probes will say, and when. None asks before the postStart hook has ended, for until
    /// then the pod's status does not know the container.
    pub fn begin(&mut self, spec: &Container, start: Start) {
        let Start { now, serving, probing_since, hook_fails } = start;
        self.running = true;
        self.crashes = false;
        (self.works, self.succeeded) = (None, false);
        self.hook_fails = hook_fails;
        self.starts += 1;
        self.plan.set(Step::Serve, serving);
        let hooked = spec.hooks.post_start.map_or(now, |hook| now + hook.takes);
        let ticker = |probe: Option<Probe>, from| {
            let ticker = Ticker::new(probe?, probing_since, now);
            Some(if from > now { ticker.held_until(from) } else { ticker })
        };
        self.startup = ticker(spec.startup, hooked);
        self.started = self.startup.map_or(hooked, |ticker| ticker.success(serving));
        self.readiness = ticker(spec.readiness, self.started);
        self.liveness = ticker(spec.liveness, self.started);
        if hook_fails {
            return self.plan.set(Step::Kill, hooked);
        }
        self.plan.set(Step::Ready, self.readiness.map_or(self.started, |ticker| ticker.success(serving)));
        self.plan.set(Step::Kill, self.failure_before(serving));
    }

    /// A process that exits by itself at `at`, when its work is done.
    pub fn plan_end(&mut self, at: Instant, succeeds: bool) {
        self.works = Some(succeeds);
        self.plan.set(Step::Exit, at);
    }

    /// The process hangs. One that has started up lets probes time out; one that has not goes on refusing connections.
    pub fn plan_hang(&mut self, now: Instant) {
        let is_up = self.plan.at(Step::Serve) == Instant::NEVER;
        self.pause(now);
        let verdict = |ticker: Option<Ticker>| ticker.map_or(Instant::NEVER, |t| t.failure_of_hang(now));
        self.plan.set(Step::Serve, Instant::NEVER);
        self.plan.set(Step::Ready, Instant::NEVER);
        self.plan.set(Step::Unready, verdict(self.readiness));
        if self.started > now {
            self.started = Instant::NEVER;
        }
        let killed = if is_up { verdict(self.liveness) } else { self.failure_before(Instant::NEVER) };
        self.plan.set(Step::Kill, killed);
    }

    /// Its kubelet starts again: probes count from nothing.
    pub fn probe_anew(&mut self, now: Instant, hung: bool) {
        for ticker in [&mut self.readiness, &mut self.liveness, &mut self.startup] {
            *ticker = ticker.map(|ticker| ticker.held_until(now));
        }
        let serving = self.plan.at(Step::Serve);
        if hung {
            self.plan_hang(now);
        } else if self.plan.at(Step::Kill) != Instant::NEVER {
            let booting = serving != Instant::NEVER;
            self.plan.set(Step::Kill, if booting { self.failure_before(serving) } else { Instant::NEVER });
        }
    }

    /// A process that exits when it should begin to answer: whoever does not ask it thinks it well until then.
    pub fn plan_crash(&mut self) {
        self.crashes = true;
        self.works = None;
        self.plan.set(Step::Exit, self.plan.at(Step::Serve));
        self.plan.set(Step::Serve, Instant::NEVER);
        if self.readiness.is_some() || self.startup.is_some() {
            self.plan.set(Step::Ready, Instant::NEVER);
        }
    }

    /// The hung process answers again.
    pub fn plan_recovery(&mut self, now: Instant) {
        if self.works.is_some() {
            self.plan.set(Step::Exit, now + self.left);
        }
        self.plan.set(Step::Unready, Instant::NEVER);
        self.plan.set(Step::Kill, Instant::NEVER);
        if self.started == Instant::NEVER {
            self.started = self.startup.map_or(now, |ticker| ticker.success(now));
        }
        if !self.ready {
            let from = self.started.max(now);
            self.plan.set(Step::Ready, self.readiness.map_or(from, |ticker| ticker.success(from)));
        }
    }

    /// When a startup or liveness probe has failed often enough, if the process refuses connections until `serving`.
    fn failure_before(&self, serving: Instant) -> Instant {
        let asking = self.startup.or(self.liveness);
        asking.and_then(|ticker| ticker.failure_before(serving)).unwrap_or(Instant::NEVER)
    }

    /// A process that hangs does not come to the end of its work.
    fn pause(&mut self, now: Instant) {
        let ends = self.plan.at(Step::Exit);
        if self.works.is_some() && ends != Instant::NEVER {
            self.left = ends.since(now);
            self.plan.set(Step::Exit, Instant::NEVER);
        }
    }

    /// The process exited at `now` as it was to. Returns whether it did so by itself.
    pub fn exit(&mut self, now: Instant) -> bool {
        self.end(now);
        self.succeeded = self.works == Some(true);
        self.crashes || self.works.is_some()
    }

    /// The process ended at `now`.
    pub fn end(&mut self, now: Instant) {
        self.plan = Plan::IDLE;
        self.running = false;
        self.ended = now;
    }

    /// PreStop hook, stop signal, and at the deadline the kill; a process that hangs hears no signal. A hook or a wait for
    /// other containers ends with the grace period, and whatever that is, the signal comes in good time
    /// (`killContainer`, pkg/kubelet/kuberuntime).
    pub fn plan_stop(&mut self, spec: &Container, stop: Stop) {
        let Stop { now, turn, deadline, hung } = stop;
        self.works = None;
        let signalled = (now + spec.pre_stop).max(turn).min(deadline).max(now);
        let killed = deadline.max(signalled + MINIMUM_GRACE);
        let exit = if hung { killed } else { (signalled + spec.shutdown_time).min(killed) };
        if !hung {
            self.plan.set(Step::StopAccepting, (signalled + spec.serves_after_stop_signal).min(exit));
        }
        self.plan.set(Step::Exit, exit);
    }
}
