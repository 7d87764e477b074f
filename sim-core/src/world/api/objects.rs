//! API objects, with the fields that behaviour depends on.

use super::Deletion;
use crate::controllers::disruption::BudgetStatus;
use crate::controllers::progress::Counters;
use crate::ids::{ClaimId, JobId, NodeId, PodId, SetId, TemplateId, WorkloadId};
use crate::spec::Defect;
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
    /// Who controls it.
    pub owner: Owner,
    /// The claim whose volume it uses.
    pub claim: Option<ClaimId>,
    /// Template that it was made from.
    pub template: TemplateId,
    /// Revision of its workload's template; 0 where there is none.
    pub revision: u32,
    /// What is wrong with the template that it was made from.
    pub defect: Option<Defect>,
    /// The how-many-th pod of its workload.
    pub ordinal: u64,
    /// `metadata.uid`, seeded: breaks ties as upstream's random one does.
    pub uid: u64,
    /// `metadata.creationTimestamp`.
    pub created: Instant,
    /// `spec.nodeName`.
    pub node: Option<NodeId>,
    /// `status.nominatedNodeName`: where it made room for itself.
    pub nominated: Option<NodeId>,
    /// `status.startTime`: when its kubelet first saw it.
    pub started: Option<Instant>,
    /// Condition PodScheduled is False for want of a node; written only where an autoscaler reads it.
    pub unschedulable: bool,
    /// `status.phase`.
    pub phase: PodPhase,
    /// Condition Ready.
    pub ready: bool,
    /// `lastTransitionTime` of Ready.
    pub ready_since: Instant,
    /// Sum of `restartCount`.
    pub restarts: u32,
    /// When the last of its containers ended, once the pod has: `finishedAt`, in whole seconds.
    pub finished: Option<Instant>,
    /// Whether the status of its Job counts it as finished: it has no finalizer `batch.kubernetes.io/job-tracking` any more.
    pub counted: bool,
    /// `metadata.deletionTimestamp`, which lies a grace period after the request.
    pub deletion: Option<Instant>,
    /// Who wanted it deleted first: of what is no fault of its own, condition DisruptionTarget tells.
    pub deleted_for: Option<Deletion>,
}

/// Who controls a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody: it is a workload of its own.
    Nobody,
    /// A ReplicaSet or ReplicationController, to which its pods are all alike.
    Set(SetId),
    /// Its workload, in which it has a place of its own: the ordinal in a StatefulSet, the node of a DaemonSet.
    Workload(u32),
    /// A Job, which may be one of many that a CronJob has made.
    Job {
        /// Which.
        job: JobId,
        /// `batch.kubernetes.io/job-completion-index`; 0 where there is none.
        index: u32,
    },
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

    /// `IsPodAvailable`: Ready for `minReadySeconds`.
    pub fn is_available(&self, min_ready: Span, now: Instant) -> bool {
        self.ready && now >= self.ready_since + min_ready
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
    /// What is wrong with its template.
    pub defect: Option<Defect>,
    /// Annotation `deployment.kubernetes.io/revision`: greater than that of any other set when it became the new one.
    pub deployed: u32,
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

/// The pods that belong to a workload with no set between: its own, if it controls pods itself or is one.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// All of them, terminating ones too, in creation order.
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
    /// Number of the current template: 1, and one more with each rollout that is not an undo.
    pub revision: u32,
    /// What is wrong with the current template.
    pub defect: Option<Defect>,
    /// Rollouts so far, undos and the first one included.
    pub rollouts: u32,
    /// Condition Progressing.
    pub progress: Progress,
    /// `lastUpdateTime` of Progressing.
    pub progressed_at: Instant,
    /// Counters as last published in its status.
    pub status: Counters,
}

/// A StatefulSet.
#[derive(Clone, Debug)]
pub struct StatefulSet {
    /// `spec.replicas`.
    pub replicas: u32,
    /// `status.currentRevision`: that of the last update that was completed.
    pub current_revision: u32,
    /// `status.updateRevision`: that of the template.
    pub update_revision: u32,
}

/// A DaemonSet.
#[derive(Clone, Debug)]
pub struct DaemonSet {
    /// Number of the current template: 1, and one more with each rollout.
    pub revision: u32,
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
    /// `spec.unschedulable`, which comes with a taint.
    pub unschedulable: bool,
    /// `node.kubernetes.io/not-ready` or `unreachable`, `NoSchedule`.
    pub no_schedule: bool,
    /// `node.kubernetes.io/not-ready` or `unreachable`, `NoExecute`.
    pub no_execute: bool,
    /// `ToBeDeletedByClusterAutoscaler`, `NoSchedule`.
    pub to_be_removed: bool,
    /// `node.kubernetes.io/out-of-service`, `NoExecute`: an administrator says that the machine will not come back.
    pub out_of_service: bool,
    /// Pods bound to it, in order of binding.
    pub pods: Vec<PodId>,
}

impl Default for Node {
    /// A node as the run begins: registered and Ready.
    fn default() -> Node {
        Node {
            exists: true,
            ready: NodeReady::True,
            unschedulable: false,
            no_schedule: false,
            no_execute: false,
            to_be_removed: false,
            out_of_service: false,
            pods: Vec::new(),
        }
    }
}

/// A PodDisruptionBudget.
#[derive(Clone, Debug, Default)]
pub struct DisruptionBudget {
    /// Whether the disruption controller has seen it (`status.observedGeneration`).
    pub observed: bool,
    /// Its numbers, as the disruption controller last wrote them and evictions since.
    pub status: BudgetStatus,
    /// `status.disruptedPods`: pods whose eviction was approved, and when.
    pub disrupted: Vec<(PodId, Instant)>,
}
