//! Operations in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::{one_or_many, one_or_many_schema};
use crate::duration::Duration;

/// A change by people, once or again and again: a rollout, its pause or undoing, a scaling, the deletion of a node.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperationFile {
    /// A Deployment such as `Deployment/web` that gets a new pod template, as by `kubectl rollout restart`.
    pub rollout: Option<String>,
    /// What is wrong with the template of `rollout`. Default: nothing.
    pub fails: Option<DefectFile>,
    /// A Deployment that goes back to its pod template before, as by `kubectl rollout undo`.
    pub rollback: Option<String>,
    /// A Deployment that is paused, as by `kubectl rollout pause`.
    pub pause: Option<String>,
    /// A Deployment that is resumed, as by `kubectl rollout resume`.
    pub resume: Option<String>,
    /// A workload such as `Deployment/web` that gets another number of replicas.
    pub scale: Option<String>,
    /// The number of replicas after `scale`.
    pub replicas: Option<u32>,
    /// A node whose object is deleted, as by `kubectl delete node`: its pods are garbage collected. It registers again
    /// when its kubelet restarts.
    pub delete_node: Option<String>,
    /// Moments, counted from the start of the run.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(schema_with = "one_or_many_schema")]
    pub at: Vec<Duration>,
    /// Period of repetition; the first time is after one period, or at `at`.
    pub every: Option<Duration>,
}

/// Faults of a pod template.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum DefectFile {
    /// The processes of its app containers exit when they should begin to answer.
    Crash,
    /// Its images do not exist.
    Image,
}
