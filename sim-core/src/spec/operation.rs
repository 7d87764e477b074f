//! Operations: what people do to workloads while the cluster runs.

use serde::Serialize;

use crate::ids::{NodeId, WorkloadId};
use crate::time::Instant;

/// One scheduled change by a user.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// When.
    pub at: Instant,
    /// What.
    pub action: Action,
}

/// What is wrong with a pod template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Defect {
    /// Each process of an app container exits instead of answering, after its startup time.
    Crash,
    /// The registry does not have the images of its app containers.
    Image,
}

/// What the user changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Action {
    /// A new pod template of a Deployment, alike in all that the model sees (`kubectl rollout restart`).
    Rollout(WorkloadId),
    /// A new pod template with a fault in it.
    FaultyRollout(WorkloadId, Defect),
    /// `kubectl rollout undo`: back to the template before. Nothing happens without one, or while it is paused.
    Undo(WorkloadId),
    /// `kubectl rollout pause` and `resume`.
    SetPaused(WorkloadId, bool),
    /// `kubectl scale`.
    Scale(WorkloadId, u32),
    /// `kubectl delete node`: the object goes, the machine runs on. It comes back when its kubelet starts again.
    DeleteNode(NodeId),
}
