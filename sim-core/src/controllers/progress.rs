//! Is a rollout done, does it move, or has it stood still for too long?
//!
//! Upstream: `pkg/controller/deployment/util/deployment_util.go`.

use crate::time::Span;

/// `progressDeadlineSeconds` of this many seconds and more is no deadline (`math.MaxInt32`).
const NO_DEADLINE: Span = Span::secs(i32::MAX as u64);

/// Counters of a Deployment's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// `status.replicas`.
    pub replicas: u32,
    /// `status.updatedReplicas`.
    pub updated: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
    /// `status.availableReplicas`.
    pub available: u32,
}

/// Reason of the condition Progressing, as far as deadlines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressReason {
    /// A rollout is under way: `ReplicaSetUpdated`, `NewReplicaSetCreated` and the like.
    Updating,
    /// `NewReplicaSetAvailable`: it is finished, and what happens to pods later is no rollout.
    Finished,
    /// `ProgressDeadlineExceeded`.
    DeadlineExceeded,
}

/// Whether all pods are of the new template, and available (`DeploymentComplete`).
pub fn is_complete(status: Counters, desired: u32) -> bool {
    status.updated == desired && status.replicas == desired && status.available == desired
}

/// Whether anything moved forwards (`DeploymentProgressing`).
pub fn has_progressed(before: Counters, after: Counters) -> bool {
    let old = |status: Counters| i64::from(status.replicas) - i64::from(status.updated);
    after.updated > before.updated
        || old(after) < old(before)
        || after.ready > before.ready
        || after.available > before.available
}

/// Whether the rollout has not moved for longer than its deadline (`DeploymentTimedOut`); `since_update` is the
/// age of the condition's `lastUpdateTime`.
pub fn is_timed_out(reason: ProgressReason, since_update: Span, deadline: Span) -> bool {
    match reason {
        _ if deadline >= NO_DEADLINE => false,
        ProgressReason::Finished => false,
        ProgressReason::DeadlineExceeded => true,
        ProgressReason::Updating => since_update > deadline,
    }
}
