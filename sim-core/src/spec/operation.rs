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

/// What the user changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Action {
    /// A new pod template of a Deployment, StatefulSet or DaemonSet, alike in all that the model sees (`kubectl rollout restart`).
    Rollout(WorkloadId),
    /// `kubectl scale`.
    Scale(WorkloadId, u32),
    /// `kubectl delete pod NAME-ORDINAL` of a StatefulSet.
    DeletePod {
        /// The StatefulSet.
        workload: WorkloadId,
        /// Which of its pods.
        ordinal: u32,
        /// With `--force --grace-period=0`: the object goes at once, whatever still runs.
        force: bool,
    },
    /// `kubectl taint node NAME node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`, or the removal of that taint.
    SetOutOfService(NodeId, bool),
    /// `kubectl delete node`: the object goes, the machine runs on. It comes back when its kubelet starts again.
    DeleteNode(NodeId),
}
