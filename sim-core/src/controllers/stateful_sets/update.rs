//! The last part of a pass: pods of an older revision give way, from the highest ordinal down.
//!
//! With `maxUnavailable` this is 1.35's rule. Pods of the older revision that are not available use up the budget too,
//! so that a broken revision of a Parallel set is not replaced: kubernetes/kubernetes#137409, changed after 1.35.

use super::pass::{Pass, Slot};
use super::{Revision, UpdateStrategy};
use crate::spec::IntOrPercent;

impl Pass<'_> {
    pub(super) fn update(&mut self) {
        let UpdateStrategy::RollingUpdate { partition, max_unavailable } = self.set.update else { return };
        let partition = (partition.unwrap_or(0) as usize).min(self.replicas.len());
        match max_unavailable {
            None => self.update_one(partition),
            Some(most) => self.update_several(partition, resolve(most, self.set.replicas)),
        }
    }

    /// The highest outdated pod goes, if those above it are available.
    fn update_one(&mut self, partition: usize) {
        let settles = |slot: &&Slot| is_outdated(slot) || slot.is_unavailable();
        let next = self.replicas[partition..].iter().rev().find(settles).copied();
        if let Some(slot) = next.filter(is_outdated) {
            self.delete(slot.ordinal);
        }
    }

    /// As many outdated pods go as may be unavailable besides those that are (`updateStatefulSetAfterInvariantEstablished`).
    fn update_several(&mut self, partition: usize, max_unavailable: u32) {
        let unavailable = self.replicas.iter().filter(|slot| slot.is_unavailable()).count();
        let budget = (max_unavailable as usize).saturating_sub(unavailable);
        let outdated = self.replicas[partition..].iter().rev().filter(|slot| is_outdated(slot));
        let chosen: Vec<u32> = outdated.take(budget).map(|slot| slot.ordinal).collect();
        chosen.into_iter().for_each(|ordinal| self.delete(ordinal));
    }
}

fn is_outdated(slot: &Slot) -> bool {
    slot.revision != Revision::Update && !slot.is_terminating()
}

/// Percentages round down, but at least one may go: `getStatefulSetMaxUnavailable`.
fn resolve(most: IntOrPercent, replicas: u32) -> u32 {
    match most {
        IntOrPercent::Int(pods) => pods,
        IntOrPercent::Percent(percent) => (u64::from(replicas) * u64::from(percent) / 100) as u32,
    }
    .max(1)
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn pod(ordinal: u32, revision: Revision) -> PodView {
        let phase = PodPhase::Running;
        PodView { ordinal, phase, ready: true, available: true, terminating: false, revision }
    }

    fn set(management: PodManagement, max_unavailable: Option<IntOrPercent>) -> SetView {
        let update = UpdateStrategy::RollingUpdate { partition: Some(0), max_unavailable };
        SetView { replicas: 4, start: 10, current_replicas: 0, management, update }
    }

    fn deleted(ordinals: &[u32]) -> Vec<Action> {
        ordinals.iter().map(|ordinal| Action::Delete { ordinal: *ordinal }).collect()
    }

    #[test]
    fn several_may_go_at_a_time() {
        let pods: Vec<PodView> = (10..14).map(|ordinal| pod(ordinal, Revision::Current)).collect();
        let sync = |most| sync(&set(PodManagement::OrderedReady, Some(most)), &pods);
        assert_eq!(sync(IntOrPercent::Percent(74)), deleted(&[13, 12]));
        assert_eq!(sync(IntOrPercent::Percent(1)), deleted(&[13]));
        assert_eq!(sync(IntOrPercent::Int(9)), deleted(&[13, 12, 11, 10]));
    }

    #[test]
    fn a_broken_revision_uses_up_the_budget_of_a_parallel_set() {
        let mut pods: Vec<PodView> = (10..14).map(|ordinal| pod(ordinal, Revision::Current)).collect();
        pods[0].ready = false;
        let sync = |most| sync(&set(PodManagement::Parallel, most), &pods);
        assert_eq!(sync(Some(IntOrPercent::Int(1))), []);
        assert_eq!(sync(Some(IntOrPercent::Int(2))), deleted(&[13]));
        assert_eq!(sync(None), deleted(&[13]));
    }

    #[test]
    fn a_terminating_pod_of_the_old_revision_is_waited_for() {
        let mut pods: Vec<PodView> = (10..14).map(|ordinal| pod(ordinal, Revision::Current)).collect();
        pods[3].terminating = true;
        assert_eq!(sync(&set(PodManagement::Parallel, None), &pods), []);
    }

    #[test]
    fn a_failed_pod_is_deleted_once() {
        let mut pods: Vec<PodView> = (10..14).map(|ordinal| pod(ordinal, Revision::Current)).collect();
        (pods[3].phase, pods[3].ready, pods[3].available) = (PodPhase::Failed, false, false);
        assert_eq!(sync(&set(PodManagement::Parallel, None), &pods), deleted(&[13]));
        assert_eq!(sync(&set(PodManagement::OrderedReady, None), &pods), deleted(&[13]));
    }

    #[test]
    fn a_hole_gets_the_current_revision_below_the_partition_or_without_one() {
        let pods = [pod(11, Revision::Current), pod(12, Revision::Current), pod(13, Revision::Update)];
        let created = |partition| {
            let update = UpdateStrategy::RollingUpdate { partition, max_unavailable: None };
            let set = SetView { update, current_replicas: 2, ..set(PodManagement::OrderedReady, None) };
            sync(&set, &pods)
        };
        let create = |revision| vec![Action::Create { ordinal: 10, revision }];
        assert_eq!(created(Some(0)), create(Revision::Update));
        assert_eq!(created(Some(1)), create(Revision::Current));
        assert_eq!(created(None), create(Revision::Current));
    }

    #[test]
    fn ordinals_below_the_start_are_too_many() {
        let pods: Vec<PodView> = (8..14).map(|ordinal| pod(ordinal, Revision::Update)).collect();
        assert_eq!(sync(&set(PodManagement::OrderedReady, None), &pods), deleted(&[9]));
        assert_eq!(sync(&set(PodManagement::Parallel, None), &pods), deleted(&[9, 8]));
    }
}
