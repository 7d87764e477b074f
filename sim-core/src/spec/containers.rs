//! What surrounds the run of an app container: init containers before it, hooks at its start, its end.

use serde::Serialize;

use super::Distribution;
use crate::ids::ImageId;
use crate::time::Span;

/// One of `spec.initContainers`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum InitContainer {
    /// Runs to its end before the next one starts.
    Task(InitTask),
    /// `restartPolicy: Always`, a native sidecar: the next one starts once it has started up. It is one of the
    /// template's containers, at this position.
    Sidecar(usize),
}

/// An init container that is there to end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InitTask {
    /// Name in the pod.
    pub name: String,
    /// Its image.
    pub image: ImageId,
    /// Whether every start asks the registry (`imagePullPolicy: Always`).
    pub always_pull: bool,
    /// From its start to its end.
    pub run_time: Distribution,
    /// Share of its runs that end with an error.
    pub fails: f64,
}

/// Hooks of a container, and what its probes say about its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Hooks {
    /// `lifecycle.postStart`, if there is one.
    pub post_start: Option<PostStart>,
    /// `livenessProbe.terminationGracePeriodSeconds`; `None` is the pod's own.
    pub liveness_grace: Option<Span>,
    /// `startupProbe.terminationGracePeriodSeconds`; `None` is the pod's own.
    pub startup_grace: Option<Span>,
}

/// A postStart hook.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PostStart {
    /// How long it runs: until then the container has not started.
    pub takes: Span,
    /// Share of its runs that fail, which kills the container.
    pub fails: f64,
}

/// What a probe asks: what it learns of a process that hangs depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Handler {
    /// `httpGet`, `grpc`, or an `exec` of a command that asks the process: a process that hangs lets it time out.
    #[default]
    Process,
    /// `tcpSocket`: the kernel accepts connections for a process that hangs.
    Socket,
}
