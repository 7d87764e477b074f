//! PodDisruptionBudgets: how many pods may be disrupted now.
//!
//! Upstream: `pkg/controller/disruption/disruption.go`. Both kinds of percentage round up there, and are taken of
//! what the controllers of the pods want, not of the pods that there are.

mod sync;

pub use sync::sync;

use crate::spec::{Budget, IntOrPercent};
use crate::time::{Instant, Span};

/// For how long an evicted pod that is still there counts as lost: `DeletionTimeout`.
pub const DELETION_TIMEOUT: Span = Span::mins(2);

/// A pod with the budget's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoveredPod {
    /// Condition Ready.
    pub ready: bool,
    /// Whether it has a `deletionTimestamp`.
    pub terminating: bool,
    /// When the Eviction API approved its deletion: `status.disruptedPods`.
    pub disrupted: Option<Instant>,
    /// Its controller; none for a pod of its own.
    pub controller: Option<Controller>,
}

/// What scales pods: the Deployment behind a ReplicaSet, else the owner itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Controller {
    /// Which one.
    pub uid: u64,
    /// Its `spec.replicas`.
    pub scale: u32,
}

/// What the arithmetic needs to know of the pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pods with the budget's labels.
    pub pods: u32,
    /// Those of them that are healthy.
    pub healthy: u32,
    /// Sum of the scales of their controllers.
    pub scale: u32,
}

/// Numbers of the budget's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetStatus {
    /// `disruptionsAllowed`.
    pub disruptions_allowed: u32,
    /// `currentHealthy`.
    pub current_healthy: u32,
    /// `desiredHealthy`.
    pub desired_healthy: u32,
    /// `expectedPods`.
    pub expected_pods: u32,
}

/// Counts pods, and each controller once. A pod without a controller adds to the healthy ones, but to no scale.
pub fn tally(pods: &[CoveredPod], now: Instant) -> Tally {
    let mut controllers: Vec<Controller> = pods.iter().filter_map(|pod| pod.controller).collect();
    controllers.sort_unstable();
    controllers.dedup_by_key(|controller| controller.uid);
    Tally {
        pods: pods.len() as u32,
        healthy: pods.iter().filter(|pod| is_healthy(pod, now)).count() as u32,
        scale: controllers.iter().map(|controller| controller.scale).sum(),
    }
}

/// The status of a budget; without a budget nothing may be disrupted.
pub fn status(budget: Option<Budget>, tally: Tally) -> BudgetStatus {
    let (expected, desired) = match budget {
        None => (0, 0),
        Some(Budget::MinAvailable(IntOrPercent::Int(pods))) => (tally.pods, pods),
        Some(Budget::MinAvailable(percent)) => (tally.scale, round_up(percent, tally.scale)),
        Some(Budget::MaxUnavailable(most)) => {
            (tally.scale, tally.scale.saturating_sub(round_up(most, tally.scale)))
        }
    };
    // A budget whose first pods are just coming must not let them go before it has counted them.
    let allowed = if expected == 0 { 0 } else { tally.healthy.saturating_sub(desired) };
    BudgetStatus {
        disruptions_allowed: allowed,
        current_healthy: tally.healthy,
        desired_healthy: desired,
        expected_pods: expected,
    }
}

/// Whether an approved eviction still counts, and until when; for how long, if the pod never goes
/// (`buildDisruptedPodMap`).
pub fn disrupted_until(pod: &CoveredPod, now: Instant) -> Option<Instant> {
    let until = pod.disrupted? + DELETION_TIMEOUT;
    (!pod.terminating && until >= now).then_some(until)
}

/// `countHealthyPods`.
fn is_healthy(pod: &CoveredPod, now: Instant) -> bool {
    let expected_to_go = pod.disrupted.is_some_and(|at| at + DELETION_TIMEOUT > now);
    pod.ready && !pod.terminating && !expected_to_go
}

fn round_up(part: IntOrPercent, whole: u32) -> u32 {
    match part {
        IntOrPercent::Int(pods) => pods,
        IntOrPercent::Percent(percent) => (u64::from(whole) * u64::from(percent)).div_ceil(100) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: CoveredPod = CoveredPod { ready: true, terminating: false, disrupted: None, controller: None };

    #[test]
    fn each_controller_counts_once_and_pods_of_their_own_only_as_healthy() {
        let of = |uid, scale| CoveredPod { controller: Some(Controller { uid, scale }), ..POD };
        let pods = [of(1, 3), of(2, 4), of(1, 3), POD, CoveredPod { terminating: true, ..of(2, 4) }];
        assert_eq!(tally(&pods, Instant::ZERO), Tally { pods: 5, healthy: 4, scale: 7 });
    }

    #[test]
    fn an_evicted_pod_that_stays_is_healthy_again_after_two_minutes() {
        let evicted = CoveredPod { disrupted: Some(Instant::ZERO), ..POD };
        let at = |secs| Instant::ZERO + Span::secs(secs);
        assert_eq!(tally(&[evicted], at(119)).healthy, 0);
        assert_eq!(tally(&[evicted], at(120)).healthy, 1);
        assert_eq!(disrupted_until(&evicted, at(120)), Some(at(120)));
        assert_eq!(disrupted_until(&evicted, at(121)), None);
    }

    #[test]
    fn no_disruption_is_allowed_to_what_nobody_expects() {
        let budget = Some(Budget::MinAvailable(IntOrPercent::Int(0)));
        assert_eq!(status(budget, Tally::default()).disruptions_allowed, 0);
        let bare = Tally { pods: 3, healthy: 3, scale: 0 };
        assert_eq!(status(Some(Budget::MaxUnavailable(IntOrPercent::Int(1))), bare).disruptions_allowed, 0);
        assert_eq!(status(budget, bare).disruptions_allowed, 3);
        assert_eq!(status(None, bare).disruptions_allowed, 0);
    }

    #[test]
    fn more_may_be_unavailable_than_there_are() {
        let all = Tally { pods: 4, healthy: 4, scale: 4 };
        let status = status(Some(Budget::MaxUnavailable(IntOrPercent::Percent(150))), all);
        assert_eq!((status.desired_healthy, status.disruptions_allowed), (0, 4));
    }
}
