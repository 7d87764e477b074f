//! The first two parts of a pass: the replicas that should be there, and the pods that should not.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use super::{Action, PodManagement, PodView, Revision, SetView, UpdateStrategy};
use crate::world::api::PodPhase;

/// A pass under way.
pub(super) struct Pass<'a> {
    pub(super) set: &'a SetView,
    /// By ordinal, from `spec.ordinals.start` on.
    pub(super) replicas: Vec<Slot>,
    /// Pods outside the range, highest ordinal first.
    condemned: Vec<PodView>,
    first_unavailable: Option<u32>,
    pub(super) actions: Vec<Action>,
}

/// The place of a replica: the pod that is there, or the one that is to come.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) ordinal: u32,
    pub(super) revision: Revision,
    pub(super) pod: Option<PodView>,
}

impl Slot {
    pub(super) fn is_unavailable(&self) -> bool {
        self.pod.is_none_or(|pod| pod.is_unavailable())
    }

    pub(super) fn is_terminating(&self) -> bool {
        self.pod.is_some_and(|pod| pod.terminating)
    }
}

impl<'a> Pass<'a> {
    pub(super) fn new(set: &'a SetView, pods: &[PodView]) -> Pass<'a> {
        let range = set.start..set.start.saturating_add(set.replicas);
        let replicas: Vec<Slot> = range.clone().map(|ordinal| slot(set, pods, ordinal)).collect();
        let outside = pods.iter().filter(|pod| !range.contains(&pod.ordinal));
        let mut condemned: Vec<PodView> = outside.copied().collect();
        condemned.sort_by_key(|pod| Reverse(pod.ordinal));
        let missing = replicas.iter().find(|slot| slot.is_unavailable()).map(|slot| slot.ordinal);
        let failing = || condemned.iter().rev().find(|pod| pod.is_unavailable()).map(|pod| pod.ordinal);
        let first_unavailable = missing.or_else(failing);
        Pass { set, replicas, condemned, first_unavailable, actions: Vec::new() }
    }

    /// `processReplica` for every replica; breaks where an ordered set has to wait.
    pub(super) fn fill(&mut self) -> ControlFlow<()> {
        (0..self.replicas.len()).try_for_each(|index| self.process_replica(self.replicas[index]))
    }

    /// `processCondemned` for every pod that is too many.
    pub(super) fn shrink(&mut self) -> ControlFlow<()> {
        (0..self.condemned.len()).try_for_each(|index| self.process_condemned(self.condemned[index]))
    }

    pub(super) fn delete(&mut self, ordinal: u32) {
        let delete = Action::Delete { ordinal };
        if !self.actions.contains(&delete) {
            self.actions.push(delete);
        }
    }

    fn process_replica(&mut self, slot: Slot) -> ControlFlow<()> {
        let Some(pod) = slot.pod else {
            self.actions.push(Action::Create { ordinal: slot.ordinal, revision: slot.revision });
            return self.wait();
        };
        if matches!(pod.phase, PodPhase::Failed | PodPhase::Succeeded) {
            if !pod.terminating {
                self.delete(pod.ordinal);
            }
            // Its successor is created when the object is gone.
            return self.wait();
        }
        if pod.is_unavailable() { self.wait() } else { ControlFlow::Continue(()) }
    }

    fn process_condemned(&mut self, pod: PodView) -> ControlFlow<()> {
        if pod.terminating {
            return self.wait();
        }
        let is_first = self.first_unavailable == Some(pod.ordinal);
        if pod.is_unavailable() && !is_first && self.is_ordered() {
            return ControlFlow::Break(());
        }
        self.delete(pod.ordinal);
        self.wait()
    }

    /// An ordered set does nothing more in this pass.
    fn wait(&self) -> ControlFlow<()> {
        if self.is_ordered() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn is_ordered(&self) -> bool {
        self.set.management == PodManagement::OrderedReady
    }
}

/// The pod of an ordinal; if there is none, one of the revision that the partition gives it. Without a partition
/// as many stay at the current revision as are (`newVersionedStatefulSetPod`).
fn slot(set: &SetView, pods: &[PodView], ordinal: u32) -> Slot {
    let pod = pods.iter().find(|pod| pod.ordinal == ordinal).copied();
    let kept = match set.update {
        UpdateStrategy::OnDelete => 0,
        UpdateStrategy::RollingUpdate { partition, .. } => partition.unwrap_or(set.current_replicas),
    };
    let new = if ordinal - set.start < kept { Revision::Current } else { Revision::Update };
    Slot { ordinal, revision: pod.map_or(new, |pod| pod.revision), pod }
}
