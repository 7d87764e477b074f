//! PodDisruptionBudgets: how many pods people and machines may take away at will.

use serde::Serialize;

use super::{IntOrPercent, Selector};

/// `policy/v1 PodDisruptionBudget`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisruptionBudget {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `spec.selector`: an empty one covers every pod of the namespace.
    pub selector: Selector,
    /// `spec.minAvailable` or `spec.maxUnavailable`; without either nothing may be disrupted.
    pub budget: Option<Budget>,
    /// `spec.unhealthyPodEvictionPolicy`.
    pub unhealthy_pods: UnhealthyPods,
}

/// `spec.minAvailable` or `spec.maxUnavailable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Budget {
    /// So many must stay healthy.
    MinAvailable(IntOrPercent),
    /// So many may be unhealthy.
    MaxUnavailable(IntOrPercent),
}

/// `spec.unhealthyPodEvictionPolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum UnhealthyPods {
    /// Only if enough others are healthy.
    #[default]
    IfHealthyBudget,
    /// Whatever the budget says.
    AlwaysAllow,
}
