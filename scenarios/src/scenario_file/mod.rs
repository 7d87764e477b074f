//! Our own kinds of object, as people write them: `Scenario` and `Sweep` of `nines.dev/v1alpha1`.
//!
//! The doc comments here are the descriptions in the JSON Schema. Fields that are left out have the values of
//! [`defaults::TABLE`].

mod autoscaler;
mod cluster;
mod control_plane;
pub mod defaults;
mod distribution;
mod fault;
mod load_balancer;
mod metric;
mod operation;
mod pods;
mod service;
mod share;
mod storage;
mod sweep;
mod timing;

pub use autoscaler::*;
pub use cluster::*;
pub use control_plane::*;
pub use distribution::*;
pub use fault::*;
pub use load_balancer::*;
pub use metric::*;
pub use operation::*;
pub use pods::*;
pub use service::*;
pub use share::Share;
pub use storage::*;
pub use sweep::*;
pub use timing::*;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

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
    /// Moment at which each run begins, in UTC, for the schedules of CronJobs. Default 2024-01-01T00:00:00Z, a Monday.
    pub start: Option<String>,
    /// Start of each run that is left out of every measure. Default 1h.
    pub warm_up: Option<Duration>,
    /// Kubernetes version whose rules and defaults apply, in quotes: "1.29" to "1.35". Default "1.35".
    #[serde(deserialize_with = "quoted_version")]
    pub kubernetes_version: Option<String>,
    /// Regions, zones and racks, where names alone do not say it.
    pub topology: Topology,
    /// Groups of alike nodes, besides any Node manifests. Default: 6 nodes in 3 zones, if there is no Node manifest.
    pub node_pools: Vec<NodePool>,
    /// The Cluster Autoscaler; none unless it is here.
    pub cluster_autoscaler: Option<ClusterAutoscalerFile>,
    /// The machines of the control plane, which may fail. Default: it never fails. With `{}`, three stacked machines.
    pub control_plane: Option<ControlPlaneFile>,
    /// How pods behave, by selector. The first entry that matches a workload applies.
    pub pods: Vec<PodBehaviour>,
    /// Where the volumes of claims can be used, by storage class. Default: in one zone.
    pub storage_classes: Vec<StorageClassFile>,
    /// Traffic, dependencies and promises of Services.
    pub services: Vec<ServiceBehaviour>,
    /// Metrics that HorizontalPodAutoscalers look at, besides those of pods and Services.
    pub metrics: Vec<MetricFile>,
    /// What goes wrong, and when; `{preset: NAME}` stands for the faults of a preset. Default: those of `cloud-vm`.
    #[schemars(schema_with = "faults_schema")]
    pub faults: Vec<FaultFile>,
    /// What people do to workloads and nodes while the cluster runs.
    pub operations: Vec<OperationFile>,
    /// The load balancer in front of Services that are reached from outside.
    pub load_balancer: LoadBalancerFile,
    /// Timings of the cluster's own machinery, where they differ from upstream's defaults.
    pub timing: TimingFile,
}

/// Presets are put in before the list is read.
fn faults_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let fault = generator.subschema_for::<FaultFile>();
    let names: Vec<&str> = crate::presets::ALL.iter().map(|preset| preset.name).collect();
    let preset = schemars::json_schema!({
        "type": "object",
        "properties": { "preset": { "enum": names } },
        "required": ["preset"],
        "additionalProperties": false,
    });
    schemars::json_schema!({ "type": "array", "items": { "anyOf": [fault, preset] } })
}

/// YAML reads an unquoted 1.30 as the number 1.3, so numbers are refused.
fn quoted_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = Option<String>;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("a Kubernetes version such as \"1.35\"")
        }

        fn visit_unit<E>(self) -> Result<Option<String>, E> {
            Ok(None)
        }

        fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Option<String>, E> {
            Err(E::custom("the version must be in quotes: without them, 1.30 is the number 1.3"))
        }
    }
    deserializer.deserialize_any(Visitor)
}
