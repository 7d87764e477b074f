//! API objects, with the fields that behaviour depends on.

use crate::controllers::endpoint_hints::Hints;
use crate::controllers::progress::Counters;
use crate::ids::{NodeId, PodId, SetId, TemplateId, WorkloadId};
use crate::time::{Instant, Span};

/// A Pod.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Identity.
    pub id: PodId,
    /// Whether the object is in the store.
    pub exists: bool,
    /// Workload that it belongs to.
    pub workload: WorkloadId,
    /// Controller; none for a pod of its own.
    pub owner: Option<SetId>,
    /// Template that it was made from.
    pub template: TemplateId,
    /// Revision of the Deployment's template; 0 where there is none.
    pub revision: u32,
    /// The how-many-th pod of its workload.
    pub ordinal: u64,
    /// `metadata.uid`, seeded: breaks ties as upstream's random one does.
    pub uid: u64,
    /// `metadata.creationTimestamp`.
    pub created: Instant,
    /// `spec.nodeName`.
    pub node: Option<NodeId>,
    /// `status.phase`.
    pub phase: PodPhase,
    /// Condition Ready.
    pub ready: bool,
    /// `lastTransitionTime` of Ready.
    pub ready_since: Instant,
    /// Sum of `restartCount`.
    pub restarts: u32,
    /// `metadata.deletionTimestamp`, which lies a grace period after the request.
    pub deletion: Option<Instant>,
}

/// `status.phase`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodPhase {
    /// Not all containers have run yet.
    Pending,
    /// At least one container runs or will again.
    Running,
    /// Every container exited with 0 and stays so.
    Succeeded,
    /// Every container exited and stays so, one with an error.
    Failed,
}

impl Pod {
    /// What ReplicaSets count: not terminal and not being deleted.
    pub fn is_active(&self) -> bool {
        self.deletion.is_none() && !self.is_terminal()
    }

    /// Phase Succeeded or Failed.
    pub fn is_terminal(&self) -> bool {
        matches!(self.phase, PodPhase::Succeeded | PodPhase::Failed)
    }

    /// Ready and active: counted in `status.readyReplicas`.
    pub fn counts_as_ready(&self) -> bool {
        self.ready && self.is_active()
    }
}

/// A ReplicaSet, or a ReplicationController, which behaves alike.
#[derive(Clone, Debug)]
pub struct ReplicaSet {
    /// Identity.
    pub id: SetId,
    /// Whether the object is in the store.
    pub exists: bool,
    /// Workload that it is, or that it belongs to.
    pub workload: WorkloadId,
    /// Template of its pods.
    pub template: TemplateId,
    /// Revision of the Deployment's template.
    pub revision: u32,
    /// `metadata.creationTimestamp`.
    pub created: Instant,
    /// `spec.replicas`.
    pub replicas: u32,
    /// `spec.minReadySeconds`.
    pub min_ready: Span,
    /// Annotation `deployment.kubernetes.io/desired-replicas`.
    pub desired_annotation: u32,
    /// Annotation `deployment.kubernetes.io/max-replicas`.
    pub max_annotation: u32,
    /// All its pods, terminating ones too, in creation order.
    pub pods: Vec<PodId>,
    /// Pods that count: `status.replicas`.
    pub active: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
}

/// A Deployment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// `spec.replicas`.
    pub replicas: u32,
    /// `spec.paused`.
    pub paused: bool,
    /// Number of the current template: 1, and one more with each rollout.
    pub revision: u32,
    /// Condition Progressing.
    pub progress: Progress,
    /// `lastUpdateTime` of Progressing.
    pub progressed_at: Instant,
    /// Counters as last published in its status.
    pub status: Counters,
}

/// Condition Progressing of a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// True: a rollout is under way.
    Updating,
    /// True, NewReplicaSetAvailable: the last rollout is complete.
    Complete,
    /// False, ProgressDeadlineExceeded.
    DeadlineExceeded,
}

/// Condition Ready of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeReady {
    /// The kubelet says so.
    True,
    /// The kubelet says no.
    False,
    /// The kubelet says nothing.
    Unknown,
}

/// A Node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Whether the object is in the store.
    pub exists: bool,
    /// Condition Ready.
    pub ready: NodeReady,
    /// `node.kubernetes.io/not-ready` or `unreachable`, `NoSchedule`.
    pub no_schedule: bool,
    /// `node.kubernetes.io/not-ready` or `unreachable`, `NoExecute`.
    pub no_execute: bool,
    /// Pods bound to it, in order of binding.
    pub pods: Vec<PodId>,
}

impl Default for Node {
    /// A node as the run begins: registered and Ready.
    fn default() -> Node {
        Node { exists: true, ready: NodeReady::True, no_schedule: false, no_execute: false, pods: Vec::new() }
    }
}

/// All EndpointSlices of a Service.
#[derive(Clone, Debug, Default)]
pub struct EndpointSlice {
    /// Its endpoints, in order of their appearance.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod behind it.
    pub pod: PodId,
    /// `nodeName`.
    pub node: NodeId,
    /// Condition `ready`.
    pub ready: bool,
    /// Condition `serving`.
    pub serving: bool,
    /// Condition `terminating`.
    pub terminating: bool,
    /// `hints`.
    pub hints: Hints,
}

impl EndpointSlice {
    /// Puts the endpoint of a pod in its place, or takes it out. Returns what was there.
    pub(super) fn write(&mut self, pod: PodId, endpoint: Option<Endpoint>) -> Option<Endpoint> {
        let place = self.endpoints.iter().position(|other| other.pod == pod);
        match (place, endpoint) {
            (Some(place), Some(endpoint)) => Some(std::mem::replace(&mut self.endpoints[place], endpoint)),
            (Some(place), None) => Some(self.endpoints.remove(place)),
            (None, Some(endpoint)) => {
                self.endpoints.push(endpoint);
                None
            }
            (None, None) => None,
        }
    }
}

impl Endpoint {
    /// Its conditions, from those of its pod: `podToEndpoint` in staging/src/k8s.io/endpointslice/utils.go.
    pub fn new(
        pod: PodId,
        node: NodeId,
        serving: bool,
        terminating: bool,
        publish_not_ready: bool,
    ) -> Endpoint {
        let ready = publish_not_ready || (serving && !terminating);
        Endpoint { pod, node, ready, serving, terminating, hints: Hints::default() }
    }

    /// Ready, or serving while it terminates: others never matter to a proxy.
    pub fn may_be_sent_to(&self) -> bool {
        self.ready || (self.serving && self.terminating)
    }
}
