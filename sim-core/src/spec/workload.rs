//! Workloads and the pods that they make.

use serde::Serialize;

use super::{
    CronJobSpec, DaemonSetSpec, Distribution, Handler, Hooks, InitContainer, JobSpec, Labels, PodAffinity,
    Resources, Selector, SpreadConstraint, StatefulSetSpec, Toleration, Work,
};
use crate::ids::{ImageId, TemplateId};
use crate::time::Span;

/// Something that owns pods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Workload {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// Which kind, with what is particular to it.
    pub kind: WorkloadKind,
    /// `spec.replicas`; 1 for a pod without an owner, and as many as nodes take one for a DaemonSet.
    pub replicas: u32,
    /// `spec.minReadySeconds`.
    pub min_ready: Span,
    /// `spec.template`.
    pub template: TemplateId,
}

impl Workload {
    /// `Deployment/default/web`: names the workload in reports, and whose luck it has.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.kind.name(), self.namespace, self.name)
    }
}

/// Kinds of workload.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum WorkloadKind {
    /// `v1 ReplicationController`.
    ReplicationController,
    /// `apps/v1 ReplicaSet` of its own.
    ReplicaSet,
    /// `apps/v1 Deployment`.
    Deployment(DeploymentSpec),
    /// `apps/v1 StatefulSet`.
    StatefulSet(StatefulSetSpec),
    /// `apps/v1 DaemonSet`.
    DaemonSet(DaemonSetSpec),
    /// `batch/v1 Job`.
    Job(JobSpec),
    /// `batch/v1 CronJob`.
    CronJob(CronJobSpec),
    /// A pod without an owner: gone for good once deleted.
    Pod,
}

impl WorkloadKind {
    /// Upstream's name of the kind.
    pub fn name(&self) -> &'static str {
        match self {
            WorkloadKind::ReplicationController => "ReplicationController",
            WorkloadKind::ReplicaSet => "ReplicaSet",
            WorkloadKind::Deployment(_) => "Deployment",
            WorkloadKind::StatefulSet(_) => "StatefulSet",
            WorkloadKind::DaemonSet(_) => "DaemonSet",
            WorkloadKind::Job(_) => "Job",
            WorkloadKind::CronJob(_) => "CronJob",
            WorkloadKind::Pod => "Pod",
        }
    }

    /// What its Jobs are like, if it has any.
    pub fn job(&self) -> Option<&JobSpec> {
        match self {
            WorkloadKind::Job(job) => Some(job),
            WorkloadKind::CronJob(cron) => Some(&cron.job),
            _ => None,
        }
    }

    /// Whether its pods are there to end.
    pub fn is_batch(&self) -> bool {
        self.job().is_some()
    }
}

/// What only a Deployment has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeploymentSpec {
    /// How old pods give way to new ones.
    pub strategy: Strategy,
    /// `spec.progressDeadlineSeconds`.
    pub progress_deadline: Span,
    /// `spec.revisionHistoryLimit`.
    pub revision_history_limit: u32,
    /// `spec.paused`.
    pub paused: bool,
}

/// `spec.strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Strategy {
    /// All old pods go before the first new one comes.
    Recreate,
    /// A few at a time.
    RollingUpdate {
        /// Pods above the desired number; percentages round up.
        max_surge: IntOrPercent,
        /// Pods below the desired number; percentages round down.
        max_unavailable: IntOrPercent,
    },
}

/// Upstream's `IntOrString` where the string is a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum IntOrPercent {
    /// An absolute number.
    Int(u32),
    /// A percentage of the desired number.
    Percent(u32),
}

/// A pod template: what every pod made from it is like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PodTemplate {
    /// Namespace of the pods.
    pub namespace: String,
    /// Labels, without `pod-template-hash`.
    pub labels: Labels,
    /// Containers that run together: sidecars in their order, then app containers, at least one.
    pub containers: Vec<Container>,
    /// What comes before the app containers, in order.
    pub init: Vec<InitContainer>,
    /// Sum of what the containers request, by upstream's rule for init containers too.
    pub requests: Resources,
    /// `spec.nodeName`: bound without the scheduler.
    pub node_name: Option<String>,
    /// `spec.nodeSelector`.
    pub node_selector: Selector,
    /// Required node affinity: one of these terms must hold; `None` asks nothing.
    pub node_affinity: Option<Vec<Selector>>,
    /// Preferred node affinity: `(weight, term)`.
    pub preferred_node_affinity: Vec<(i64, Selector)>,
    /// Inter-pod affinity and anti-affinity.
    pub pod_affinity: PodAffinity,
    /// `spec.topologySpreadConstraints`; empty means the scheduler's system defaults apply.
    pub spread: Vec<SpreadConstraint>,
    /// Tolerations, with the two of admission (300 s) already added.
    pub tolerations: Vec<Toleration>,
    /// Host ports that its containers claim, as `(port, protocol)`.
    pub host_ports: Vec<(u16, String)>,
    /// `spec.priority`.
    pub priority: i32,
    /// `spec.preemptionPolicy`: whether its pods may push out others of lower priority.
    pub preempts: bool,
    /// `spec.terminationGracePeriodSeconds`.
    pub termination_grace: Span,
    /// `spec.restartPolicy`.
    pub restart_policy: RestartPolicy,
    /// Requests per second that one pod can answer; infinite if unknown.
    pub capacity_rps: f64,
    /// What its processes use of a node.
    pub usage: Usage,
}

/// What the processes of a pod use, as metrics-server measures it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Usage {
    /// CPU in thousandths of a core, without any request.
    pub idle_cpu_milli: f64,
    /// CPU in thousandths of a core, for each request per second.
    pub cpu_milli_per_rps: f64,
    /// Memory in bytes, whatever it does.
    pub memory_bytes: u64,
}

impl Usage {
    /// CPU in thousandths of a core while so many requests per second are answered.
    pub fn cpu_milli(&self, requests_per_second: f64) -> f64 {
        self.idle_cpu_milli + self.cpu_milli_per_rps * requests_per_second
    }
}

impl PodTemplate {
    /// How many of its containers are sidecars: the first ones.
    pub fn sidecars(&self) -> usize {
        self.init.iter().filter(|init| matches!(init, InitContainer::Sidecar(_))).count()
    }

    /// Whether a Service or PodDisruptionBudget of this namespace and with this selector concerns its pods.
    pub fn is_selected(&self, namespace: &str, selector: &Selector) -> bool {
        self.namespace == namespace && selector.matches(&self.labels)
    }
}

/// `spec.restartPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RestartPolicy {
    /// Restart whatever the exit code.
    Always,
    /// Restart after a non-zero exit code.
    OnFailure,
    /// Never restart.
    Never,
}

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Reference as in the manifest.
    pub name: String,
    /// Compressed size in bytes, which sets the time to pull it.
    pub size_bytes: u64,
}

/// A sidecar or app container, and how its process behaves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Container {
    /// Name in the pod.
    pub name: String,
    /// Its image.
    pub image: ImageId,
    /// Whether every start asks the registry (`imagePullPolicy: Always`).
    pub always_pull: bool,
    /// Time from the start of the process until it answers requests and probes.
    pub startup_time: Distribution,
    /// What the process does before it exits by itself; `None` if it never does.
    pub work: Option<Work>,
    /// Time for which the process goes on answering new requests after the stop signal.
    pub serves_after_stop_signal: Span,
    /// Time from the stop signal to its exit, if it is not killed first.
    pub shutdown_time: Span,
    /// `lifecycle.preStop.sleep.seconds`, or an assumed length of another preStop hook.
    pub pre_stop: Span,
    /// Readiness probe.
    pub readiness: Option<Probe>,
    /// Liveness probe.
    pub liveness: Option<Probe>,
    /// Startup probe.
    pub startup: Option<Probe>,
    /// Its other hook, and grace periods of its probes.
    pub hooks: Hooks,
}

/// A probe's timing and counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// `initialDelaySeconds`.
    pub initial_delay: Span,
    /// `periodSeconds`.
    pub period: Span,
    /// `timeoutSeconds`.
    pub timeout: Span,
    /// `successThreshold`.
    pub success_threshold: u32,
    /// `failureThreshold`.
    pub failure_threshold: u32,
    /// What it asks.
    pub handler: Handler,
}
