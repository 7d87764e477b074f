//! Autoscalers: what changes the number of replicas by itself, and what it looks at.

use serde::Serialize;

use super::{Distribution, Traffic};
use crate::controllers::horizontal_autoscaler::{Behavior, Bounds, Tolerances};
use crate::ids::{NodeId, ServiceId, WorkloadId};
use crate::time::Span;

/// What changes the size of workloads by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scaling {
    /// HorizontalPodAutoscalers, in creation order; a workload has at most one.
    pub autoscalers: Vec<Autoscaler>,
    /// The Cluster Autoscaler, if there is one.
    pub cluster: Option<ClusterAutoscaler>,
}

impl Scaling {
    /// Whether nothing scales by itself.
    pub fn is_empty(&self) -> bool {
        self.autoscalers.is_empty() && self.cluster.is_none()
    }
}

/// An `autoscaling/v2 HorizontalPodAutoscaler`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Autoscaler {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `spec.scaleTargetRef`.
    pub target: WorkloadId,
    /// `spec.minReplicas` and `maxReplicas`.
    pub bounds: Bounds,
    /// `spec.metrics`; at least one.
    pub metrics: Vec<Metric>,
    /// `spec.behavior`; without it older limits apply.
    pub behavior: Option<Behavior>,
    /// How far from its target a metric may be without consequence.
    pub tolerances: Tolerances,
}

impl Autoscaler {
    /// `HorizontalPodAutoscaler/default/web`: whose luck it has.
    pub fn path(&self) -> String {
        format!("HorizontalPodAutoscaler/{}/{}", self.namespace, self.name)
    }
}

/// One of `spec.metrics`. Amounts are in thousandths.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// Its name, as messages show it.
    pub name: String,
    /// Where its samples come from.
    pub source: MetricSource,
    /// `target`.
    pub target: MetricTarget,
}

/// Where the samples of a metric come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum MetricSource {
    /// `type: Resource` or `ContainerResource`: the resource metrics API.
    Resource {
        /// Which resource.
        resource: Resource,
        /// Whether it is of the containers that serve requests: all others use nothing.
        serving: bool,
        /// What a pod's containers request together; `None` if one of them requests nothing.
        request: Option<u64>,
    },
    /// `type: Pods`, metric `requests_per_second`: requests that reach a pod.
    PodRequests,
    /// `type: Object`, metric `requests_per_second` of a Service: requests that its users send.
    ServiceRequests(ServiceId),
    /// `type: Object` or `External`: a value that the scenario gives over time.
    Given(Traffic),
    /// A metric that nobody serves.
    Unavailable,
}

/// Resources that metrics-server measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Resource {
    /// In thousandths of a core.
    Cpu,
    /// In thousandths of a byte.
    Memory,
}

/// `target` of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum MetricTarget {
    /// `averageUtilization`, in percent of what is requested.
    Utilization(u32),
    /// `averageValue`.
    AverageValue(u64),
    /// `value`.
    Value(u64),
}

/// The Cluster Autoscaler, with upstream's flags.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterAutoscaler {
    /// `--scan-interval`.
    pub scan_interval: Span,
    /// `--scale-down-enabled`.
    pub scale_down: bool,
    /// `--scale-down-delay-after-add`.
    pub scale_down_delay_after_add: Span,
    /// `--scale-down-unneeded-time`.
    pub scale_down_unneeded_time: Span,
    /// `--scale-down-utilization-threshold`.
    pub scale_down_utilization_threshold: f64,
    /// `--max-node-provision-time`.
    pub max_node_provision_time: Span,
    /// `--max-graceful-termination-sec`.
    pub max_graceful_termination: Span,
    /// `--ok-total-unready-count`.
    pub ok_total_unready_count: u32,
    /// `--max-total-unready-percentage`.
    pub max_total_unready_percentage: f64,
    /// `--expendable-pods-priority-cutoff`.
    pub expendable_pods_priority_cutoff: i32,
    /// `--expander`.
    pub expander: Expander,
    /// Node groups.
    pub pools: Vec<ScalablePool>,
}

/// `--expander`: which pool grows, if several would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Expander {
    /// Any.
    Random,
    /// The one on which most pods fit.
    MostPods,
    /// The one that leaves the least CPU and memory idle.
    LeastWaste,
    /// The one whose new nodes cost least.
    Price,
    /// The one with the highest priority.
    Priority,
}

/// A pool whose size changes. Its nodes are known from the start; those that are not there have no machine and no
/// object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScalablePool {
    /// All nodes that it may have, in the order in which they come.
    pub nodes: Vec<NodeId>,
    /// So many of them are there at the start.
    pub initial_count: u32,
    /// It never has fewer.
    pub min_count: u32,
    /// From the request to a machine with power, about to start its kubelet.
    pub provision_time: Distribution,
    /// For the expander of that name.
    pub priority: i32,
}
