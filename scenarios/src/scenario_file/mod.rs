//! Our own kinds of object, as people write them: `Scenario` and `Sweep` of `nines.dev/v1alpha1`.
//!
//! The doc comments here are the descriptions in the JSON Schema. Fields that are left out have the values of
//! [`defaults::TABLE`].

mod cluster;
pub mod defaults;
mod distribution;
mod fault;
mod operation;
mod pods;
mod service;
mod share;
mod sweep;
mod timing;

pub use cluster::*;
pub use distribution::*;
pub use fault::*;
pub use operation::*;
pub use pods::*;
pub use service::*;
pub use share::Share;
pub use sweep::*;
pub use timing::*;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::duration::Duration;

/// What is simulated: a cluster, its faults, the traffic it serves and what was promised.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Scenario")]
pub struct ScenarioFile {
    /// Always `nines.dev/v1alpha1`.
    pub api_version: String,
    /// Always `Scenario`.
    pub kind: String,
    /// Name of the scenario.
    #[serde(default)]
    pub metadata: Metadata,
    /// The scenario.
    pub spec: Option<ScenarioSpec>,
}

/// What names an object.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Its name, shown in reports.
    #[serde(default)]
    pub name: String,
}

/// The parts of a scenario. All are optional: a bare manifest has a default for each.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScenarioSpec {
    /// Simulated span of one run, warm-up included. Default 1y.
    pub horizon: Option<Duration>,
    /// Start of each run that is left out of every measure. Default 1h.
    pub warm_up: Option<Duration>,
    /// Kubernetes version whose rules and defaults apply, in quotes: "1.29" to "1.35". Default "1.35".
    pub kubernetes_version: Option<String>,
    /// Regions, zones and racks, where names alone do not say it.
    pub topology: Topology,
    /// Groups of alike nodes, besides any Node manifests. Default: 6 nodes in 3 zones, if there is no Node manifest.
    pub node_pools: Vec<NodePool>,
    /// How pods behave, by selector. The first entry that matches a workload applies.
    pub pods: Vec<PodBehaviour>,
    /// Traffic, dependencies and promises of Services.
    pub services: Vec<ServiceBehaviour>,
    /// What goes wrong, and when. Default: the faults of a cluster of cloud VMs.
    pub faults: Vec<FaultFile>,
    /// What people do to workloads while the cluster runs.
    pub operations: Vec<OperationFile>,
    /// Timings of the cluster's own machinery, where they differ from upstream's defaults.
    pub timing: TimingFile,
}
