//! Operations in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::{one_or_many, one_or_many_schema};
use crate::duration::Duration;

/// A change by people: a rollout, a scaling, a taint or the deletion of a pod or node, once or again and again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperationFile {
    /// A Deployment, StatefulSet or DaemonSet such as `Deployment/web` that gets a new pod template, as by `kubectl rollout restart`.
    pub rollout: Option<String>,
    /// A workload such as `Deployment/web` that gets another number of replicas.
    pub scale: Option<String>,
    /// The number of replicas after `scale`.
    pub replicas: Option<u32>,
    /// A StatefulSet such as `StatefulSet/db`, of which the pod `ordinal` is deleted.
    pub delete_pod: Option<String>,
    /// Which pod of a StatefulSet.
    pub ordinal: Option<u32>,
    /// Whether it is deleted as by `--force --grace-period=0`: the API forgets it at once, whatever still runs.
    pub force: Option<bool>,
    /// A node that gets the taint `key`.
    pub taint: Option<String>,
    /// A node that loses the taint `key`.
    pub untaint: Option<String>,
    /// The taint: `node.kubernetes.io/out-of-service`, with effect `NoExecute`, is the only one so far. It says that the
    /// machine will not come back: its pods are removed, and their volumes detached without delay.
    pub key: Option<String>,
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
