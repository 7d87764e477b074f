//! What only a DaemonSet has.

use serde::Serialize;

use super::IntOrPercent;

/// What only a DaemonSet has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DaemonSetSpec {
    /// `spec.updateStrategy`.
    pub update: DaemonSetUpdate,
}

/// `spec.updateStrategy` of a DaemonSet. Percentages are of the nodes that should have a pod, and round up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DaemonSetUpdate {
    /// Pods are updated when somebody deletes them.
    OnDelete,
    /// A few nodes at a time.
    RollingUpdate {
        /// Nodes that may have an old and a new pod at a time.
        max_surge: IntOrPercent,
        /// Nodes that may be without an available pod at a time.
        max_unavailable: IntOrPercent,
    },
}
