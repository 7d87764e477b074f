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

/// States of a pod's containers, by what they are for.
#[derive(Clone, Debug)]
pub struct Containers<Tasks, Lasting> {
    /// Init containers that run to their end.
    pub init: Tasks,
    /// Init containers with `restartPolicy: Always`.
    pub sidecars: Lasting,
    /// App containers.
    pub apps: Lasting,
}

/// The phase; `finished` if the kubelet has decided that no container starts again.
pub fn pod_phase<Tasks, Lasting>(
    containers: Containers<Tasks, Lasting>,
    policy: RestartPolicy,
    finished: bool,
) -> PodPhase
where
    Tasks: Iterator<Item = ContainerState> + Clone,
    Lasting: Iterator<Item = ContainerState> + Clone,
{
    use ContainerState::*;
    let Containers { mut init, sidecars, apps } = containers.clone();
    let mut lasting = sidecars.chain(apps.clone());
    if policy == RestartPolicy::Never && init.any(has_failed) {
        PodPhase::Failed
    } else if !is_initialized(containers)
        || lasting.clone().any(|state| matches!(state, Waiting | Unreported))
    {
        PodPhase::Pending
    } else if lasting.any(|state| matches!(state, Running { .. })) {
        PodPhase::Running
    } else {
        stopped_phase(apps, policy, finished)
    }
}

/// The phase of a pod of which no container runs. One that waits for another start has not succeeded.
fn stopped_phase(
    mut apps: impl Iterator<Item = ContainerState>,
    policy: RestartPolicy,
    finished: bool,
) -> PodPhase {
    let succeeded = apps.all(|state| state == ContainerState::Exited(0));
    match policy {
        RestartPolicy::Always if !finished => PodPhase::Running,
        _ if succeeded => PodPhase::Succeeded,
        RestartPolicy::OnFailure if !finished => PodPhase::Running,
        _ => PodPhase::Failed,
    }
}

/// Init containers have ended, and sidecars have started up or the app containers have run before: a sidecar that
/// starts again does not make a pod Pending.
fn is_initialized(
    containers: Containers<impl Iterator<Item = ContainerState>, impl Iterator<Item = ContainerState>>,
) -> bool {
    use ContainerState::*;
    let Containers { mut init, mut sidecars, mut apps } = containers;
    let is_pending = |state| matches!(state, Unreported | Waiting | Running { .. });
    let is_starting = |state| matches!(state, Waiting | Running { started: false });
    let has_run = |state| matches!(state, Running { .. } | Exited(_) | Restarting(_));
    !init.any(is_pending) && (!sidecars.any(is_starting) || apps.any(has_run))
}

fn has_failed(state: ContainerState) -> bool {
    matches!(state, ContainerState::Exited(code) | ContainerState::Restarting(code) if code != 0)
}

#[cfg(test)]
mod tests {
    use super::ContainerState::*;
    use super::*;

    fn phase(apps: &[ContainerState], policy: RestartPolicy, finished: bool) -> PodPhase {
        with_sidecars(&[], apps, policy, finished)
    }

    fn with_sidecars(
        sidecars: &[ContainerState],
        apps: &[ContainerState],
        policy: RestartPolicy,
        finished: bool,
    ) -> PodPhase {
        let containers = Containers {
            init: [].iter().copied(),
            sidecars: sidecars.iter().copied(),
            apps: apps.iter().copied(),
        };
        pod_phase(containers, policy, finished)
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
        let phase = |apps: &[ContainerState]| with_sidecars(&sidecars, apps, RestartPolicy::Always, false);
        assert_eq!(phase(&[Running { started: true }]), PodPhase::Running);
        assert_eq!(phase(&[Restarting(1)]), PodPhase::Running);
        assert_eq!(phase(&[Waiting]), PodPhase::Pending);
    }
}
