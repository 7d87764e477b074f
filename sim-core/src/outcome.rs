//! What a run found out. Integers of nanoseconds where time is meant, so that sums are exact.

use serde::Serialize;

use crate::ids::Cause;
use crate::time::{Instant, Span};

/// The result of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Measured span: the horizon less the warm-up.
    pub measured: Span,
    /// One per [`crate::spec::Scenario::services`], in its order.
    pub services: Vec<ServiceOutcome>,
    /// One per [`crate::spec::Scenario::workloads`], in its order.
    pub workloads: Vec<WorkloadOutcome>,
    /// The cluster as a whole.
    pub cluster: ClusterOutcome,
    /// Events that the engine processed.
    pub events: u64,
    /// Fingerprint of every event in order: equal digests mean equal runs.
    pub digest: Digest,
}

/// Fingerprint of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Digest(pub u64);

impl std::fmt::Display for Digest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// What the users of one service met.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ServiceOutcome {
    /// Requests sent.
    pub requests: f64,
    /// Requests that failed, whatever the reason.
    pub lost_requests: f64,
    /// The failed ones by reason, in the order of [`Loss::ALL`].
    pub lost_by: [f64; Loss::ALL.len()],
    /// Time without any serving endpoint.
    pub down: Span,
    /// Time with fewer serving endpoints than required.
    pub short: Span,
    /// Outages in order of their start; those under way at the horizon end there.
    pub outages: Vec<Outage>,
}

/// Why requests fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Loss {
    /// Proxies still send to a pod that is dead or hung: nobody has noticed yet.
    Undetected,
    /// The load balancer still sends to a node that is down.
    LoadBalancer,
    /// No endpoint, and the missing pods wait on a dead node for their eviction.
    AwaitingEviction,
    /// No endpoint, and the missing pods are not created or not placed.
    Pending,
    /// No endpoint, and the missing pods pull, start or fail their first probes.
    Starting,
    /// No endpoint, and the missing containers wait out their crash-loop delay.
    BackOff,
    /// Endpoints answer, but fewer requests than arrive.
    Overload,
    /// A service that this one needs failed.
    Dependency,
    /// They come in at a node that may send to its own endpoints only, and has none.
    NotHere,
}

impl Loss {
    /// Every reason, in the order of [`ServiceOutcome::lost_by`].
    pub const ALL: [Loss; 9] = [
        Loss::Undetected,
        Loss::LoadBalancer,
        Loss::AwaitingEviction,
        Loss::Pending,
        Loss::Starting,
        Loss::BackOff,
        Loss::Overload,
        Loss::Dependency,
        Loss::NotHere,
    ];
}

/// An interval in which too many requests of a service failed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outage {
    /// Onset.
    pub start: Instant,
    /// End.
    pub end: Instant,
    /// What started it; none for a rollout or scaling, for overload, or before the first start.
    pub root: Option<Cause>,
    /// Greatest share of requests that failed at one time, in (0, 1].
    pub worst: f64,
    /// Requests lost in it.
    pub lost_requests: f64,
}

impl Outage {
    /// How long it lasted.
    pub fn duration(&self) -> Span {
        self.end - self.start
    }
}

/// How well a controller kept its number of pods. The replica ratio is R = N / P: desired over current.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorkloadOutcome {
    /// Time with R = 1: as many pods as desired, by the controller's own count.
    pub at_ratio_one: Span,
    /// Time with no pod at all although some were desired: R is infinite.
    pub without_pods: Span,
    /// Time integral of R while finite, in ratio x nanoseconds.
    pub ratio_integral: f64,
    /// Time with all desired replicas Ready, as the API reports it.
    pub all_ready: Span,
    /// Time integral of Ready replicas, in replicas x nanoseconds.
    pub ready_integral: u128,
    /// Time integral of current replicas, in replicas x nanoseconds.
    pub current_integral: u128,
    /// Pods created after the warm-up.
    pub pods_created: u64,
    /// Container restarts after the warm-up.
    pub restarts: u64,
}

/// The cluster's own figures after the warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClusterOutcome {
    /// Time integral of machines that are up, in machines x nanoseconds.
    pub machines_up_integral: u128,
    /// Time integral of nodes that the API reports Ready, in nodes x nanoseconds.
    pub nodes_ready_integral: u128,
    /// Time integral of Ready pods, in pods x nanoseconds.
    pub pods_ready_integral: u128,
    /// Time integral of pods in the API, in pods x nanoseconds.
    pub pods_integral: u128,
    /// Times a fault struck, in the order of [`crate::spec::Scenario::faults`].
    pub fault_counts: Vec<u64>,
    /// Pods deleted by taint eviction.
    pub evictions: u64,
    /// Times a node turned Unknown.
    pub nodes_unknown: u64,
    /// The control plane's own figures, if it can fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_plane: Option<ControlPlaneOutcome>,
}

/// For how long which part of the control plane did its work, after the warm-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ControlPlaneOutcome {
    /// Time in which some API server answered, and could write.
    pub api_available: Span,
    /// Time in which enough members of etcd ran.
    pub etcd_quorum: Span,
    /// Time in which a controller-manager led, and acted.
    pub controller_manager_active: Span,
    /// Time in which a scheduler led, and acted.
    pub scheduler_active: Span,
    /// Times the API became unavailable, elections of etcd included.
    pub api_outages: u64,
    /// Times a controller-manager or a scheduler took over.
    pub failovers: u64,
}

/// A run told in full: for people, charts and tests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recording {
    /// The same outcome as a run that is not recorded.
    pub outcome: Outcome,
    /// What happened, in order.
    pub timeline: Vec<Entry>,
    /// The state of each service whenever it changed, in order of time.
    pub samples: Vec<Sample>,
    /// The replicas of each workload whenever they changed, in order of time.
    pub replicas: Vec<ReplicaSample>,
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Who acted.
    pub actor: Actor,
    /// What happened, in words that name the objects.
    pub text: String,
}

/// Who acts in a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs)] // the names are the components' own
pub enum Actor {
    Fault,
    User,
    Kubelet,
    NodeController,
    TaintEviction,
    PodGc,
    Scheduler,
    ReplicaSet,
    ReplicationController,
    Deployment,
    HorizontalPodAutoscaler,
    ClusterAutoscaler,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    TtlAfterFinished,
    GarbageCollector,
    Quota,
    AttachDetach,
    EndpointSlice,
    KubeProxy,
    IngressController,
    LoadBalancer,
    Traffic,
    Etcd,
    ApiServer,
    ControllerManager,
    Disruption,
    NodeUpgrade,
}

/// The state of one service from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sample {
    /// From when.
    pub at: Instant,
    /// Of which service.
    pub service: crate::ids::ServiceId,
    /// Pods selected that the API holds.
    pub pods: u32,
    /// Of these, Ready in the API.
    pub ready: u32,
    /// Endpoints that the proxies send to.
    pub programmed: u32,
    /// Of these, really answering.
    pub serving: u32,
    /// Share of requests that succeed, in [0, 1].
    pub success: f64,
}

/// The replicas of one workload from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReplicaSample {
    /// From when.
    pub at: Instant,
    /// Of which workload.
    pub workload: crate::ids::WorkloadId,
    /// `spec.replicas`; 1 for a Pod of its own.
    pub desired: u32,
    /// Pods that its controller counts.
    pub current: u32,
    /// Of these, the Ready ones.
    pub ready: u32,
}

impl ReplicaSample {
    /// R = N / P, desired over current; none while there is no pod.
    pub fn ratio(&self) -> Option<f64> {
        (self.current > 0).then(|| f64::from(self.desired) / f64::from(self.current))
    }
}
