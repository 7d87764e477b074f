//! Behaviour of pods in a scenario file: what manifests do not say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{DistributionFile, Share};
use crate::duration::Duration;
use crate::quantity_value::QuantityValue;

/// How the pods of some workloads behave.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodBehaviour {
    /// Name of this entry, for paths such as `scenario.spec.pods.web.startupTime`.
    pub name: Option<String>,
    /// Labels of the pods meant. Default: all pods.
    #[serde(default)]
    pub selector: LabelSelectorFile,
    /// Namespace of the pods meant. Default: any.
    pub namespace: Option<String>,
    /// Time from the start of the process until it answers requests and probes.
    pub startup_time: Option<DistributionFile>,
    /// Time from the start of an app container to its exit by itself, as in a Job. Default: 1m in Jobs and CronJobs; elsewhere
    /// it never exits.
    pub run_time: Option<DistributionFile>,
    /// Share of these exits that are with an error. Default: none.
    pub fails: Option<Share>,
    /// Compressed size of the images, which sets the time to pull them.
    pub image_size: Option<QuantityValue>,
    /// Requests per second that one pod can answer. Default: any number.
    pub requests_per_second: Option<f64>,
    /// CPU that a pod uses without any request. Default: 0.
    pub idle_cpu: Option<QuantityValue>,
    /// CPU time that a request takes, such as 5ms. Default: so much that a pod that gets `requestsPerSecond` uses all of
    /// its CPU request, or its limit if there is no request.
    pub cpu_per_request: Option<Duration>,
    /// Memory that a pod uses, whatever it does. Default: half of its memory request.
    pub memory: Option<QuantityValue>,
    /// Time from the stop signal to the exit of the process.
    pub shutdown_time: Option<Duration>,
    /// Time for which the process goes on answering new requests after the stop signal.
    pub serves_after_stop_signal: Option<Duration>,
    /// Length of a preStop hook whose length cannot be read from the manifest.
    pub pre_stop: Option<Duration>,
    /// Length of a postStart hook whose length cannot be read from the manifest.
    pub post_start: Option<Duration>,
    /// Share of postStart hooks that fail, which kills their container. Default: none.
    pub post_start_fails: Option<Share>,
    /// Time from the start of an init container to its end.
    pub init_run_time: Option<DistributionFile>,
    /// Share of the runs of init containers that end with an error. Default: none.
    pub init_fails: Option<Share>,
}

/// A label selector, as in Kubernetes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelectorFile {
    /// Labels with exactly these values.
    pub match_labels: BTreeMap<String, String>,
    /// Conditions on labels.
    pub match_expressions: Vec<ExpressionFile>,
}

/// A condition on a label.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpressionFile {
    /// Label key.
    pub key: String,
    /// Condition.
    pub operator: OperatorFile,
    /// Values, for `In` and `NotIn`.
    #[serde(default)]
    pub values: Vec<String>,
}

/// Conditions on labels.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
pub enum OperatorFile {
    /// The label has one of the values.
    In,
    /// The label has none of the values.
    NotIn,
    /// The label exists.
    Exists,
    /// The label does not exist.
    DoesNotExist,
}
