//! StatefulSets: pods with names, created, updated and deleted one after the other.
//!
//! [`sync`] is one pass of the controller over one set: from the pods that there are to what is done about them.
//! Upstream: `updateStatefulSet` in `pkg/controller/statefulset/stateful_set_control.go`.

mod pass;
mod reconcile;
mod update;

pub use reconcile::reconcile;

pub use crate::spec::{PodManagement, StatefulSetUpdate as UpdateStrategy};
use crate::world::api::PodPhase;

use pass::Pass;

/// What a pass needs to know of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetView {
    /// `spec.replicas`.
    pub replicas: u32,
    /// `spec.ordinals.start`.
    pub start: u32,
    /// `status.currentReplicas`.
    pub current_replicas: u32,
    /// `spec.podManagementPolicy`.
    pub management: PodManagement,
    /// `spec.updateStrategy`.
    pub update: UpdateStrategy,
}

/// A pod of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodView {
    /// The number in its name.
    pub ordinal: u32,
    /// `status.phase`.
    pub phase: PodPhase,
    /// Condition Ready.
    pub ready: bool,
    /// Ready for `minReadySeconds`.
    pub available: bool,
    /// Whether it has a `deletionTimestamp`.
    pub terminating: bool,
    /// Which template it was made from.
    pub revision: Revision,
}

/// Label `controller-revision-hash`, as far as a pass tells one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    /// `status.currentRevision`, or an older one.
    Current,
    /// `status.updateRevision`.
    Update,
}

/// What a pass does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A pod is created.
    Create {
        /// The number in its name.
        ordinal: u32,
        /// The template that it is made from.
        revision: Revision,
    },
    /// A pod is deleted.
    Delete {
        /// The number in its name.
        ordinal: u32,
    },
}

/// One pass: first the replicas, then the pods that are too many, then the update. Pods may be in any order.
pub fn sync(set: &SetView, pods: &[PodView]) -> Vec<Action> {
    let mut pass = Pass::new(set, pods);
    let done = pass.fill().is_break() || pass.shrink().is_break();
    if !done {
        pass.update();
    }
    pass.actions
}

impl PodView {
    /// `isRunningAndReady`.
    fn is_ready(&self) -> bool {
        self.phase == PodPhase::Running && self.ready
    }

    /// `isUnavailable`.
    fn is_unavailable(&self) -> bool {
        !(self.is_ready() && self.available) || self.terminating
    }
}
