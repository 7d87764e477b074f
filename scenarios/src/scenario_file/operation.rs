//! Operations in a scenario file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::{one_or_many, one_or_many_schema};
use crate::duration::Duration;

/// A change by people, to a workload, to a node or to a pool of nodes, or by users: a surge of traffic; once or again and
/// again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OperationFile {
    /// A Deployment, StatefulSet or DaemonSet such as `Deployment/web` that gets a new pod template, as by `kubectl rollout restart`.
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
    /// A StatefulSet such as `StatefulSet/db`, of which the pod `ordinal` is deleted.
    pub delete_pod: Option<String>,
    /// Which pod of a StatefulSet.
    pub ordinal: Option<u32>,
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
    /// A node that gets no more pods, as by `kubectl cordon`.
    pub cordon: Option<String>,
    /// A node that gets pods again, as by `kubectl uncordon`.
    pub uncordon: Option<String>,
    /// A node that is cordoned and emptied through the Eviction API, as by `kubectl drain --ignore-daemonsets
    /// --delete-emptydir-data`. It stays cordoned.
    pub drain: Option<String>,
    /// Of a drain: it is given up after so long. Default: never.
    pub timeout: Option<Duration>,
    /// Of a drain: pods without a controller are evicted too; without this they keep it from beginning. Of `deletePod`: as by
    /// `--force --grace-period=0`, the API forgets the pod at once, whatever still runs.
    #[serde(default)]
    pub force: bool,
    /// Of a drain: pods are deleted, and no PodDisruptionBudget is asked.
    #[serde(default)]
    pub disable_eviction: bool,
    /// A pool whose nodes get new software.
    pub upgrade: Option<UpgradeFile>,
    /// A Service such as `web`, or `shop/web` in another namespace than `default`, whose traffic is a multiple of the
    /// usual for a time.
    pub traffic: Option<String>,
    /// How many times the usual rate, after `traffic`. Default: 2.
    pub times: Option<f64>,
    /// How long, after `traffic`.
    #[serde(rename = "for")]
    pub duration: Option<Duration>,
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

/// An upgrade of the nodes of a pool: each is drained, and then rebooted or replaced by a new one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeFile {
    /// Name of the pool.
    pub pool: String,
    /// A managed service whose ways apply where nothing else is said. Default: in place, one node at a time, and drains
    /// that wait for ever.
    pub like: Option<ManagedService>,
    /// What becomes of a drained machine.
    pub how: Option<RenewalFile>,
    /// New nodes that come before old ones are drained; with `how: replace`.
    pub max_surge: Option<u32>,
    /// Nodes that may be away at once without a new one in their stead.
    pub max_unavailable: Option<u32>,
    /// How long a machine is without power when it reboots.
    pub reboot: Option<Duration>,
    /// How long a new machine takes to come, until it has power.
    pub provision: Option<Duration>,
    /// After so long a drain is given up.
    pub drain_timeout: Option<Duration>,
    /// What follows a drain that was given up.
    pub after_timeout: Option<AfterTimeoutFile>,
}

/// Managed Kubernetes services, by their ways to upgrade nodes.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ManagedService {
    /// Google: surge 1; budgets are honoured for 1 h, and then no more.
    Gke,
    /// Amazon's managed node groups: surge 1; a drain that takes 15 min ends the upgrade.
    Eks,
    /// Microsoft: surge 1; a drain that takes 30 min ends the upgrade.
    Aks,
}

/// What becomes of a drained machine.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum RenewalFile {
    /// It reboots, and its node is uncordoned.
    Reboot,
    /// It is deleted with its node, and a new one comes.
    Replace,
}

/// What follows a drain that was given up.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AfterTimeoutFile {
    /// The upgrade ends; the node stays cordoned.
    Fail,
    /// The upgrade goes on: the pods that are left lose their machine.
    Force,
}
