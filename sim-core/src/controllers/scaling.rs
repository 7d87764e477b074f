//! What a Deployment does when its size changes, and which old sets it forgets.
//!
//! Upstream: `pkg/controller/deployment/sync.go`, `util/deployment_util.go`.

use std::cmp::Reverse;

use crate::controllers::rolling::max_surge;
use crate::spec::Strategy;

/// A ReplicaSet as the scale step sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScaledSet {
    /// `spec.replicas`.
    pub spec: u32,
    /// `status.availableReplicas`.
    pub available: u32,
    /// Annotation `deployment.kubernetes.io/desired-replicas`.
    pub desired: u32,
    /// Annotation `deployment.kubernetes.io/max-replicas`; the Deployment's `status.replicas` where it lacks.
    pub max_replicas: u32,
    /// Whether its template is the Deployment's.
    pub is_new: bool,
}

/// An old ReplicaSet as history cleanup sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OldSet {
    /// `spec.replicas`.
    pub spec: u32,
    /// `status.replicas`.
    pub current: u32,
    /// Whether it is being deleted.
    pub is_deleting: bool,
}

/// Gives the sets their sizes for `desired` pods; sets are in order of creation, oldest first.
pub fn scale(strategy: Strategy, desired: u32, sets: &mut [ScaledSet]) {
    let active: Vec<usize> = (0..sets.len()).filter(|index| sets[*index].spec > 0).collect();
    match active.as_slice() {
        [] => newest(sets).into_iter().for_each(|set| set.spec = desired),
        [only] => sets[*only].spec = desired,
        _ if sets.iter().any(|set| is_saturated(set, desired)) => {
            sets.iter_mut().filter(|set| !set.is_new).for_each(|set| set.spec = 0);
        }
        _ if strategy == Strategy::Recreate => {}
        _ => scale_in_proportion(desired, max_surge(strategy, desired), sets, active),
    }
}

/// Indices of the old sets to delete; sets are in order of their revision, oldest first. Those in use are
/// passed over, and none is deleted in their place.
pub fn forgotten(old: &[OldSet], history_limit: u32) -> impl Iterator<Item = usize> {
    let alive = || old.iter().enumerate().filter(|(_, set)| !set.is_deleting);
    let surplus = alive().count().saturating_sub(history_limit as usize);
    alive().take(surplus).filter(|(_, set)| set.spec == 0 && set.current == 0).map(|(index, _)| index)
}

fn newest(sets: &mut [ScaledSet]) -> Option<&mut ScaledSet> {
    let new = sets.iter().position(|set| set.is_new);
    match new {
        Some(index) => sets.get_mut(index),
        None => sets.last_mut(),
    }
}

fn is_saturated(set: &ScaledSet, desired: u32) -> bool {
    set.is_new && set.spec == desired && set.desired == desired && set.available == desired
}

/// Shares out the difference to `desired + surge` in proportion to size, larger sets first; what rounding leaves
/// goes to the first.
fn scale_in_proportion(desired: u32, surge: u32, sets: &mut [ScaledSet], mut active: Vec<usize>) {
    let allowed = if desired > 0 { i64::from(desired + surge) } else { 0 };
    let to_add = allowed - sets.iter().map(|set| i64::from(set.spec)).sum::<i64>();
    let size = |index: &usize| Reverse(sets[*index].spec);
    if to_add > 0 {
        active.sort_by_key(|index| (size(index), Reverse(*index)));
    } else {
        active.sort_by_key(|index| (size(index), *index));
    }
    let mut left = to_add;
    for index in &active {
        let share = share(&sets[*index], desired, surge);
        let share = if to_add > 0 { share.min(left) } else { share.max(left) };
        resize(&mut sets[*index], share);
        left -= share;
    }
    resize(&mut sets[active[0]], left);
}

/// The change that would keep a set's part of the whole, rounded half away from zero (`getReplicaSetFraction`).
fn share(set: &ScaledSet, desired: u32, surge: u32) -> i64 {
    if desired == 0 {
        return -i64::from(set.spec);
    }
    let (whole, before) = (u64::from(desired + surge), u64::from(set.max_replicas.max(1)));
    let size = (2 * u64::from(set.spec) * whole + before) / (2 * before);
    size as i64 - i64::from(set.spec)
}

fn resize(set: &mut ScaledSet, change: i64) {
    set.spec = (i64::from(set.spec) + change).max(0) as u32;
}
