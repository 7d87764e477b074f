//! The phase of a pod, from the states of its containers.
//!
//! Upstream: `getPhase` in `pkg/kubelet/kubelet_pods.go`.

use crate::spec::RestartPolicy;
use crate::world::api::PodPhase;

/// State of a container in the pod's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerState {
    /// Not in the status yet.
    Unreported,
    /// Waiting for its first start.
    Waiting,
    /// Running, and whether its startup is complete (`started`).
    Running {
        /// `started`: startup probe and postStart hook are done.
        started: bool,
    },
    /// Terminated with an exit code.
    Exited(i32),
    /// Waiting for another start, after an exit with this code.
    Restarting(i32),
}

/// Containers of a pod, by what they are for.
#[derive(Clone, Copy, Debug)]
pub struct Containers<'a> {
    /// Init containers that run to their end.
    pub init: &'a [ContainerState],
    /// Init containers with `restartPolicy: Always`.
    pub sidecars: &'a [ContainerState],
    /// App containers.
    pub apps: &'a [ContainerState],
}

/// The phase; `finished` if the kubelet has decided that no container starts again.
pub fn pod_phase(containers: Containers, policy: RestartPolicy, finished: bool) -> PodPhase {
    use ContainerState::*;
    let has_not_run = |state: &ContainerState| matches!(state, Waiting | Unreported);
    let is_running = |state: &ContainerState| matches!(state, Running { .. });
    if policy == RestartPolicy::Never && containers.init.iter().any(has_failed) {
        PodPhase::Failed
    } else if !is_initialized(&containers) || containers.both().any(has_not_run) {
        PodPhase::Pending
    } else if containers.both().any(is_running) {
        PodPhase::Running
    } else if containers.apps.is_empty() {
        PodPhase::Pending
    } else {
        stopped_phase(containers.apps, policy, finished)
    }
}

/// The phase of a pod of which no container runs. One that waits for another start has not succeeded.
fn stopped_phase(apps: &[ContainerState], policy: RestartPolicy, finished: bool) -> PodPhase {
    let succeeded = apps.iter().all(|state| *state == ContainerState::Exited(0));
    match policy {
        RestartPolicy::Always if !finished => PodPhase::Running,
        _ if succeeded => PodPhase::Succeeded,
        RestartPolicy::OnFailure if !finished => PodPhase::Running,
        _ => PodPhase::Failed,
    }
}

/// Init containers have ended, and sidecars have started up or the app containers have run before: a sidecar that
/// starts again does not make a pod Pending.
fn is_initialized(containers: &Containers) -> bool {
    use ContainerState::*;
    let is_pending = |state: &ContainerState| matches!(state, Unreported | Waiting | Running { .. });
    let is_starting = |state: &ContainerState| matches!(state, Waiting | Running { started: false });
    let has_run = |state: &ContainerState| matches!(state, Running { .. } | Exited(_) | Restarting(_));
    !containers.init.iter().any(is_pending)
        && (!containers.sidecars.iter().any(is_starting) || containers.apps.iter().any(has_run))
}

fn has_failed(state: &ContainerState) -> bool {
    matches!(state, ContainerState::Exited(code) | ContainerState::Restarting(code) if *code != 0)
}

impl<'a> Containers<'a> {
    /// Those that run for as long as the pod does.
    fn both(&self) -> impl Iterator<Item = &'a ContainerState> {
        self.sidecars.iter().chain(self.apps)
    }
}

#[cfg(test)]
mod tests {
    use super::ContainerState::*;
    use super::*;

    fn phase(apps: &[ContainerState], policy: RestartPolicy, finished: bool) -> PodPhase {
        pod_phase(Containers { init: &[], sidecars: &[], apps }, policy, finished)
    }

    #[test]
    fn on_failure_a_pod_ends_when_every_container_has_succeeded() {
        let policy = RestartPolicy::OnFailure;
        assert_eq!(phase(&[Exited(0), Exited(1)], policy, false), PodPhase::Running);
        assert_eq!(phase(&[Exited(0), Exited(0)], policy, false), PodPhase::Succeeded);
        assert_eq!(phase(&[Exited(0), Exited(1)], policy, true), PodPhase::Failed);
    }

    #[test]
    fn a_crash_loop_is_running_but_never_succeeds() {
        assert_eq!(phase(&[Restarting(1)], RestartPolicy::Always, false), PodPhase::Running);
        assert_eq!(phase(&[Restarting(0)], RestartPolicy::Always, true), PodPhase::Failed);
    }

    #[test]
    fn a_sidecar_that_starts_again_leaves_the_pod_running() {
        let sidecars = [Running { started: false }];
        let phase = |apps| {
            pod_phase(Containers { init: &[], sidecars: &sidecars, apps }, RestartPolicy::Always, false)
        };
        assert_eq!(phase(&[Running { started: true }]), PodPhase::Running);
        assert_eq!(phase(&[Restarting(1)]), PodPhase::Running);
        assert_eq!(phase(&[Waiting]), PodPhase::Pending);
    }
}
