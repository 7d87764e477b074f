//! The Cluster Autoscaler in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Share;
use crate::duration::Duration;

/// The Cluster Autoscaler, with upstream's flags. It changes the size of node pools that have `minCount` or `maxCount`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterAutoscalerFile {
    /// It looks at pods and nodes this often. Default: 10s.
    pub scan_interval: Option<Duration>,
    /// Whether it removes nodes. Default: true.
    pub scale_down_enabled: Option<bool>,
    /// No node is removed for this long after one was added. Default: 10m.
    pub scale_down_delay_after_add: Option<Duration>,
    /// A node is removed after being unneeded for this long. Default: 10m.
    pub scale_down_unneeded_time: Option<Duration>,
    /// A node of which less is requested, of CPU and of memory, may be unneeded. Default: 50%.
    pub scale_down_utilization_threshold: Option<Share>,
    /// A node that has not registered this long after it was asked for is given up. Default: 15m.
    pub max_node_provision_time: Option<Duration>,
    /// Pods on a node that is removed have at most this to end. Default: 10m.
    pub max_graceful_termination: Option<Duration>,
    /// So many unready nodes never stop it. Default: 3.
    pub ok_total_unready_count: Option<u32>,
    /// With more than this percentage of nodes unready it does nothing. Default: 45.
    pub max_total_unready_percentage: Option<f64>,
    /// Pods of a lower priority get no node. Default: -10.
    pub expendable_pods_priority_cutoff: Option<i32>,
    /// Which pool grows if several would help. Default: least-waste.
    pub expander: ExpanderFile,
}

/// Choices among pools that would help.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExpanderFile {
    /// Any.
    Random,
    /// The one on which most pods fit.
    MostPods,
    /// The one that leaves the least CPU and memory idle.
    #[default]
    LeastWaste,
    /// The one whose new nodes cost least, by `pricePerHour`.
    Price,
    /// The one with the greatest `priority`.
    Priority,
}
