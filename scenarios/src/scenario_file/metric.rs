//! Metrics in a scenario file: what autoscalers may look at besides pods.

use schemars::JsonSchema;
use serde::Deserialize;

/// An external metric, or one of an object: a value over time.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricFile {
    /// Name, as in `metric.name` of a HorizontalPodAutoscaler's metric.
    pub name: String,
    /// Its mean.
    pub value: f64,
    /// Relative values of equal parts of a day, usually 24 hours; the mean is kept. Default: constant.
    #[serde(default)]
    pub daily_profile: Vec<f64>,
}
