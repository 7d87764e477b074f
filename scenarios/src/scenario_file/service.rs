//! Traffic and promises of Services in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Share;
use crate::duration::Duration;

/// What is known of a Service besides its manifest.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceBehaviour {
    /// `metadata.name` of the Service.
    pub name: String,
    /// Namespace of the Service. Default: `default`.
    pub namespace: Option<String>,
    /// Requests that users send to it.
    #[serde(default)]
    pub traffic: TrafficFile,
    /// Services whose answers it needs for each answer of its own: `name` or `namespace/name`.
    #[serde(default)]
    pub depends_on: Vec<String>,
    /// What was promised.
    #[serde(default)]
    pub objectives: Vec<ObjectiveFile>,
    /// It is an outage when less than this share of requests succeeds. Default: 99%.
    pub outage_below: Option<Share>,
    /// Serving endpoints that count as enough for capacity availability. Default: enough for the peak traffic if the
    /// capacity of a pod is known, else all replicas.
    pub required_serving: Option<u32>,
}

/// Requests over time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TrafficFile {
    /// Mean requests per second. Default: 100.
    pub requests_per_second: Option<f64>,
    /// Relative rates of equal parts of a day, usually 24 hours; the mean is kept. Default: constant.
    pub daily_profile: Vec<f64>,
}

/// A promise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectiveFile {
    /// Which availability. Default: request.
    #[serde(default)]
    pub measure: MeasureFile,
    /// Least share promised: 99.95% or 0.9995.
    pub target: Share,
    /// Window of the promise, for error budgets. Default: 30d.
    pub window: Option<Duration>,
}

/// Measures of availability.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum MeasureFile {
    /// Share of requests that succeed.
    #[default]
    Request,
    /// Share of time with at least one serving endpoint.
    Time,
    /// Share of time with enough serving endpoints.
    Capacity,
}
