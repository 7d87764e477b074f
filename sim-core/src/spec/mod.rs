//! The input of a run: typed, validated, complete. Nothing here is optional because a file left it out:
//! defaults were applied by whoever built it, and from here on nothing can fail.

mod autoscaling;
mod cluster;
mod containers;
mod control_plane;
mod daemon_set;
mod disruption;
mod distribution;
mod fault;
mod job;
mod labels;
mod operation;
mod placement;
mod quota;
mod routing;
mod schedule;
mod service;
mod stateful_set;
mod timing;
mod workload;

pub use autoscaling::*;
pub use cluster::*;
pub use containers::*;
pub use control_plane::*;
pub use daemon_set::*;
pub use disruption::*;
pub use distribution::*;
pub use fault::*;
pub use job::*;
pub use labels::*;
pub use operation::*;
pub use placement::*;
pub use quota::*;
pub use routing::*;
pub use schedule::*;
pub use service::*;
pub use stateful_set::*;
pub use timing::*;
pub use workload::*;

use serde::Serialize;

use crate::time::Span;

/// Everything that a run depends on, besides its seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// Name shown in reports.
    pub name: String,
    /// Simulated span of one run, from an empty cluster on; includes the warm-up.
    pub horizon: Span,
    /// Part at the start of the run that is left out of every measure.
    pub warm_up: Span,
    /// Control-plane, node and network timings.
    pub timing: Timing,
    /// Regions, zones, racks and nodes.
    pub cluster: Cluster,
    /// The machines that the control plane runs on; without any it never fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_plane: Option<ControlPlane>,
    /// Container images that templates name.
    pub images: Vec<Image>,
    /// Pod templates that workloads name.
    pub templates: Vec<PodTemplate>,
    /// What owns pods, and pods without an owner, in creation order.
    pub workloads: Vec<Workload>,
    /// Services: what users reach, and so what availability is measured on.
    pub services: Vec<Service>,
    /// PodDisruptionBudgets.
    pub budgets: Vec<DisruptionBudget>,
    /// ResourceQuotas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// What people do to the cluster while it runs.
    pub operations: Vec<Operation>,
    /// What changes the size of workloads by itself.
    #[serde(skip_serializing_if = "Scaling::is_empty")]
    pub scaling: Scaling,
}
