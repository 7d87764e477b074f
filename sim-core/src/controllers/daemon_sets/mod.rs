//! DaemonSets: one pod on every node that takes one.
//!
//! Upstream: pkg/controller/daemon/daemon_controller.go. The rules are in `fit` (which nodes), `manage` (a pod for
//! each of them) and `roll` (updates); the scheduler binds the pods, for each names its node.

mod fit;
mod manage;
mod reconcile;
mod roll;

pub use fit::{Fit, Lasting};
pub use reconcile::{DaemonSets, count};

use crate::ids::{NodeId, PodId};

/// A node and the set's pods that name it.
#[derive(Clone, Copy, Debug)]
pub struct NodeView<'a> {
    /// Which.
    pub node: NodeId,
    /// Whether it is to have a pod; `None` if its object is gone.
    pub fit: Option<Fit>,
    /// In creation order.
    pub pods: &'a [PodView],
}

/// A pod of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodView {
    /// Which.
    pub pod: PodId,
    /// The node that it names.
    pub node: NodeId,
    /// Whether it has a node.
    pub bound: bool,
    /// Whether it was made from the current template.
    pub updated: bool,
    /// Condition Ready.
    pub ready: bool,
    /// Ready for `minReadySeconds`.
    pub available: bool,
    /// Whether it has a `deletionTimestamp`.
    pub terminating: bool,
    /// Phase Failed or Succeeded.
    pub ended: bool,
}

/// What a sync does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A pod is created for a node.
    Create(NodeId),
    /// A pod is deleted.
    Delete(PodId),
    /// A pod that has ended is deleted, unless its node has to wait out its back-off.
    DeleteEnded(PodId),
}
