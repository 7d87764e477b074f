//! The arithmetic of a rolling update: how many pods the new set may have, and how many the old ones must lose.
//!
//! Upstream: `pkg/controller/deployment/rolling.go` and `util/deployment_util.go`.

use crate::spec::{IntOrPercent, Strategy};

/// `maxSurge` and `maxUnavailable` as numbers of pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fenceposts {
    /// Pods above the desired number.
    pub surge: u32,
    /// Pods below the desired number.
    pub unavailable: u32,
}

/// A ReplicaSet as a rollout sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetSize {
    /// `spec.replicas`.
    pub spec: u32,
    /// `status.availableReplicas`.
    pub available: u32,
}

/// Surge rounds up, unavailability rounds down, and both must not be 0, for then nothing could move.
pub fn resolve_fenceposts(
    max_surge: IntOrPercent,
    max_unavailable: IntOrPercent,
    desired: u32,
) -> Fenceposts {
    let part = |percent: u32| u64::from(desired) * u64::from(percent);
    let surge = match max_surge {
        IntOrPercent::Int(pods) => pods,
        IntOrPercent::Percent(percent) => part(percent).div_ceil(100) as u32,
    };
    let unavailable = match max_unavailable {
        IntOrPercent::Int(pods) => pods,
        IntOrPercent::Percent(percent) => (part(percent) / 100) as u32,
    };
    Fenceposts { surge, unavailable: if surge == 0 { unavailable.max(1) } else { unavailable } }
}

/// Pods that a Deployment may have above the desired number: none when it recreates.
pub fn max_surge(strategy: Strategy, desired: u32) -> u32 {
    match strategy {
        Strategy::Recreate => 0,
        Strategy::RollingUpdate { max_surge, max_unavailable } => {
            resolve_fenceposts(max_surge, max_unavailable, desired).surge
        }
    }
}

/// Pods that a Deployment may lack: never more than it has, and none when it recreates.
pub fn max_unavailable(strategy: Strategy, desired: u32) -> u32 {
    match strategy {
        Strategy::Recreate => 0,
        Strategy::RollingUpdate { max_surge, max_unavailable } => {
            resolve_fenceposts(max_surge, max_unavailable, desired).unavailable.min(desired)
        }
    }
}

/// Size of the new set when it is made, `total` being the sum of the sizes of all sets (`NewRSNewReplicas`).
pub fn new_set_size(strategy: Strategy, desired: u32, total: u32, new: u32) -> u32 {
    let ceiling = match strategy {
        Strategy::Recreate => return desired,
        Strategy::RollingUpdate { .. } => desired + max_surge(strategy, desired),
    };
    new + ceiling.saturating_sub(total).min(desired.saturating_sub(new))
}

/// Size of the new set in the next step (`reconcileNewReplicaSet`).
pub fn reconcile_new(strategy: Strategy, desired: u32, total: u32, new: u32) -> u32 {
    if new >= desired { desired } else { new_set_size(strategy, desired, total, new) }
}

/// Shrinks the old sets, oldest first, as far as availability allows. Returns whether any shrank
/// (`reconcileOldReplicaSets`).
pub fn reconcile_old(strategy: Strategy, desired: u32, old: &mut [SetSize], new: SetSize) -> bool {
    let old_total = total_spec(old);
    if old_total == 0 {
        return false;
    }
    let min_available = desired - max_unavailable(strategy, desired);
    let new_unavailable = i64::from(new.spec) - i64::from(new.available);
    let budget = i64::from(old_total + new.spec) - i64::from(min_available) - new_unavailable;
    if budget <= 0 {
        return false;
    }
    // Availability is as last reported, whatever the cleaning takes away.
    let available = old.iter().map(|set| set.available).sum::<u32>() + new.available;
    let cleaned = clean_unhealthy(old, budget as u32);
    let drained = drain(old, available.saturating_sub(min_available));
    cleaned + drained > 0
}

/// Takes up to `most` unavailable pods away from old sets, oldest first. Returns how many
/// (`cleanupUnhealthyReplicas`).
pub fn clean_unhealthy(old: &mut [SetSize], most: u32) -> u32 {
    shrink(old, most, |set| set.spec.saturating_sub(set.available))
}

/// Takes up to `excess` pods away from old sets, oldest first. Returns how many
/// (`scaleDownOldReplicaSetsForRollingUpdate`).
pub fn drain(old: &mut [SetSize], excess: u32) -> u32 {
    shrink(old, excess, |set| set.spec)
}

/// Sum of the desired sizes of sets.
pub fn total_spec(sets: &[SetSize]) -> u32 {
    sets.iter().map(|set| set.spec).sum()
}

fn shrink(old: &mut [SetSize], most: u32, dispensable: impl Fn(&SetSize) -> u32) -> u32 {
    let mut left = most;
    for set in old {
        let taken = dispensable(set).min(left);
        set.spec -= taken;
        left -= taken;
    }
    most - left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four pods, a surge of one, one unavailable, all old pods available; each line is one sync.
    #[test]
    fn a_rollout_of_four_pods_goes_step_by_step() {
        let one = IntOrPercent::Int(1);
        let strategy = Strategy::RollingUpdate { max_surge: one, max_unavailable: one };
        let mut old = [SetSize { spec: 4, available: 4 }];
        let mut new = SetSize { spec: new_set_size(strategy, 4, 4, 0), available: 0 };
        assert_eq!(new.spec, 1);
        assert!(reconcile_old(strategy, 4, &mut old, new));
        assert_eq!(old[0].spec, 3);
        new.spec = reconcile_new(strategy, 4, 4, new.spec);
        assert_eq!(new.spec, 2);
        old[0].available = 3;
        assert!(!reconcile_old(strategy, 4, &mut old, new), "wait for a new pod");
        new.available = 1;
        assert!(reconcile_old(strategy, 4, &mut old, new));
        assert_eq!(old[0].spec, 2);
    }
}
