//! What clients ask of the API server, and what changes by it.

use super::{Attachment, JobChange, JobRequest, NodeReady, Owner, PodPhase, Progress};
use crate::controllers::disruption::BudgetStatus;
use crate::controllers::eviction_api::Verdict;
use crate::controllers::progress::Counters;
use crate::ids::{
    BudgetId, ClaimId, FaultId, NodeId, OperationId, PodId, QuotaId, ServiceId, SetId, WorkloadId,
};
use crate::spec::Defect;
use crate::time::{Instant, Span};

/// A write to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// A controller creates a pod of a set.
    CreatePod {
        /// Its owner.
        set: SetId,
        /// Its UID.
        uid: u64,
    },
    /// A user creates a pod without an owner.
    CreateBarePod {
        /// The workload that is this pod.
        workload: WorkloadId,
        /// Its UID.
        uid: u64,
    },
    /// The controller of a workload that controls pods itself creates one.
    CreateOwnPod {
        /// Its owner.
        workload: WorkloadId,
        /// Its place there: the ordinal in a StatefulSet, the node of a DaemonSet.
        place: u32,
        /// Revision of the template.
        revision: u32,
        /// Its UID.
        uid: u64,
    },
    /// The scheduler binds a pod.
    Bind(PodId, NodeId),
    /// A pod is deleted with a grace period: its object stays until the kubelet confirms.
    Delete {
        /// Which.
        pod: PodId,
        /// Grace period; `None` is the pod's own.
        grace: Option<Span>,
        /// Who wants it.
        why: Deletion,
    },
    /// A pod object is removed: the kubelet confirms its end, or garbage collection forces it.
    Remove(PodId),
    /// Condition Ready of a pod.
    SetPodReady {
        /// Which.
        pod: PodId,
        /// The new value.
        ready: bool,
        /// Who says so: its kubelet, or the node controller for a kubelet that is silent.
        by: ReadyBy,
    },
    /// Phase of a pod.
    SetPodPhase {
        /// Which.
        pod: PodId,
        /// The new value.
        phase: PodPhase,
        /// When the last of its containers ended, if all of them have.
        finished: Instant,
    },
    /// A container of a pod was started again.
    CountRestart(PodId),
    /// Condition Ready of a node.
    SetNodeReady(NodeId, NodeReady),
    /// Taints of a node that follow from its condition Ready.
    SetNodeTaints {
        /// Which.
        node: NodeId,
        /// `NoSchedule`.
        no_schedule: bool,
        /// `NoExecute`.
        no_execute: bool,
    },
    /// A set is created, by a user or by a Deployment.
    CreateSet {
        /// The workload that it is or belongs to.
        workload: WorkloadId,
        /// Revision of the template.
        revision: u32,
        /// `spec.replicas`.
        replicas: u32,
        /// Annotation `desired-replicas`.
        desired: u32,
        /// Annotation `max-replicas`.
        max: u32,
    },
    /// A set is resized.
    ScaleSet(SetId, u32),
    /// A Deployment's bookkeeping on one of its sets.
    AnnotateSet {
        /// Which.
        set: SetId,
        /// `desired-replicas`.
        desired: u32,
        /// `max-replicas`.
        max: u32,
    },
    /// A set without pods is deleted.
    DeleteSet(SetId),
    /// A user creates a Deployment.
    CreateDeployment(WorkloadId),
    /// A user changes the pod template of a workload that has rollouts.
    Rollout(WorkloadId),
    /// A user changes a Deployment's pod template, and it has a fault.
    FaultyRollout(WorkloadId, Defect),
    /// A user goes back to a Deployment's pod template before.
    Undo(WorkloadId),
    /// A user pauses a Deployment, or resumes it.
    SetPaused(WorkloadId, bool),
    /// A user or autoscaler resizes a workload.
    Scale(WorkloadId, u32),
    /// A Deployment's status.
    SetDeploymentStatus {
        /// Which.
        workload: WorkloadId,
        /// Counters.
        status: Counters,
        /// Condition Progressing.
        progress: Progress,
        /// Whether `lastUpdateTime` of Progressing moves to now.
        touch: bool,
    },
    /// The scheduler found no node for a pod.
    MarkUnschedulable(PodId),
    /// The Cluster Autoscaler is about to remove a node, or gives it up.
    TaintForRemoval(NodeId, bool),
    /// A user creates a StatefulSet.
    CreateStatefulSet(WorkloadId),
    /// A StatefulSet's update is complete: its update revision is the current one.
    CompleteUpdate(WorkloadId),
    /// A user creates a DaemonSet.
    CreateDaemonSet(WorkloadId),
    /// A volume's attachment is in another state.
    SetAttachment(ClaimId, Attachment),
    /// A node's status no longer lists a volume as in use.
    ReleaseVolume(ClaimId, NodeId),
    /// An administrator sets or removes the taint `node.kubernetes.io/out-of-service:NoExecute`.
    SetOutOfService(NodeId, bool),
    /// A node's object is removed.
    DeleteNode(NodeId),
    /// A kubelet that starts registers its node, not ready yet.
    RegisterNode(NodeId),
    /// The endpoints of a service are written again from its pods as they are now.
    SyncEndpoints(ServiceId),
    /// `spec.unschedulable` of a node: cordon and uncordon.
    SetUnschedulable(NodeId, bool),
    /// The Eviction API is asked to delete a pod if its budget allows.
    Evict {
        /// Which.
        pod: PodId,
        /// `gracePeriodSeconds`; the pod's own if not given.
        grace: Option<Span>,
        /// Who asks.
        why: Deletion,
    },
    /// Numbers in the status of a budget.
    SetBudgetStatus(BudgetId, BudgetStatus),
    /// A budget's `status.disruptedPods` lists a pod no more.
    ForgetDisrupted(BudgetId, PodId),
    /// `status.nominatedNodeName` of a pod.
    Nominate(PodId, Option<NodeId>),
    /// About Jobs and CronJobs.
    Job(JobRequest),
}

/// Why a pod is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// A `NoExecute` taint outlasted the pod's toleration.
    TaintEviction,
    /// Its owner has too many pods.
    ScaleDown,
    /// Its owner replaces it: it is of an older revision, or has ended.
    Update,
    /// A fault that deletes pods, such as an experiment.
    Fault(FaultId),
    /// A user wants it gone.
    User,
    /// Its node's object is gone, or the node is out of service.
    PodGc,
    /// The Eviction API approved it, for its node is to be removed.
    NodeRemoval,
    /// The Eviction API approved it.
    Eviction(OperationId),
    /// A drain deletes without asking for eviction.
    Drain(OperationId),
    /// This pod, of higher priority, needs its room.
    Preemption(PodId),
    /// Its owner is gone.
    OwnerGone,
}

/// Whose word a pod's Ready condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyBy {
    /// Its kubelet.
    Kubelet,
    /// The node lifecycle controller.
    NodeController,
}

/// What is different after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A pod was created, without a node.
    PodCreated(PodId),
    /// A pod got its node.
    PodBound(PodId, NodeId),
    /// A pod's Ready condition flipped.
    PodReady(PodId, bool, ReadyBy),
    /// A pod's phase changed.
    PodPhase(PodId, PodPhase),
    /// A pod is being deleted.
    PodDeleting(PodId, Deletion),
    /// A pod's object is gone; its slot may be used again after this change was handed on.
    PodRemoved(PodId),
    /// A pod turned out to fit nowhere.
    PodUnschedulable(PodId),
    /// A container restarted.
    PodRestarted(PodId),
    /// A node's Ready condition changed.
    NodeReady {
        /// Which.
        node: NodeId,
        /// From.
        was: NodeReady,
        /// To.
        is: NodeReady,
    },
    /// A node's taints changed.
    NodeTaints(NodeId),
    /// A node's object is gone.
    NodeDeleted(NodeId),
    /// A node's object is there again.
    NodeRegistered(NodeId),
    /// A set was created.
    SetCreated(SetId),
    /// A set was resized from so many replicas.
    SetScaled(SetId, u32),
    /// A set is gone.
    SetDeleted(SetId),
    /// A Deployment's spec changed.
    DeploymentSpec(WorkloadId),
    /// A Deployment's Progressing condition changed.
    DeploymentProgress(WorkloadId, Progress),
    /// A node is out of service by an administrator's word, or no longer.
    NodeOutOfService(NodeId),
    /// The spec of a StatefulSet or DaemonSet changed.
    WorkloadSpec(WorkloadId),
    /// A StatefulSet's update is complete.
    UpdateComplete(WorkloadId),
    /// A volume's attachment, or what is known of its use, changed.
    Volume(ClaimId),
    /// The endpoints of a service changed.
    Endpoints {
        /// Of which service.
        service: ServiceId,
        /// Whether a change concerns those that proxies may send to.
        usable: bool,
    },
    /// A node was cordoned or uncordoned.
    NodeUnschedulable(NodeId),
    /// The Eviction API was asked for a pod, and answered.
    EvictionAnswered(PodId, Verdict),
    /// The taint ToBeDeletedByClusterAutoscaler of a node was set or removed.
    NodeToBeRemoved(NodeId),
    /// The disruption controller has seen a budget for the first time, or found that it allows something else.
    BudgetStatus(BudgetId),
    /// A pod's nomination changed.
    PodNominated(PodId),
    /// A ResourceQuota has no room for a pod.
    PodRefused {
        /// The workload that it was to belong to.
        workload: WorkloadId,
        /// Who wanted it.
        owner: Owner,
        /// Which quota.
        quota: QuotaId,
    },
    /// A Job is different.
    Job(JobChange),
}
