//! The Eviction API: whether a pod may go now, and whether its budget pays for it.
//!
//! Upstream: `pkg/registry/core/pod/storage/eviction.go`. The pod and its budget are read and written in one step
//! here, where upstream tries again on a conflict: what is decided is what the last try would decide.

use super::disruption::BudgetStatus;
use crate::spec::UnhealthyPods;
use crate::world::api::PodPhase;

/// Approved evictions that a budget may have on its way: `MaxDisruptedPodSize`.
const MAX_DISRUPTED_PODS: usize = 2000;

/// The pod that is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// `status.phase`.
    pub phase: PodPhase,
    /// Condition Ready.
    pub ready: bool,
    /// Whether it has a `deletionTimestamp`.
    pub terminating: bool,
}

/// A budget that covers the pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoveringBudget {
    /// Its status, as the disruption controller last wrote it and evictions since.
    pub status: BudgetStatus,
    /// `spec.unhealthyPodEvictionPolicy`.
    pub unhealthy_pods: UnhealthyPods,
    /// Whether the status speaks of an older spec (`observedGeneration`).
    pub is_stale: bool,
    /// Size of `status.disruptedPods`.
    pub disrupted_pods: usize,
}

/// What the API answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The pod is deleted; no budget pays.
    Deleted,
    /// The pod is deleted, and its budget allows one disruption less.
    DeletedAndDecremented,
    /// 429: try again later.
    TooManyRequests,
    /// 403: too many evictions are on their way.
    Forbidden,
    /// 500: more than one budget covers the pod.
    Unsupported,
}

/// Decides on an eviction, from the budgets that cover the pod.
pub fn decide(target: Target, budgets: &[CoveringBudget]) -> Verdict {
    if is_no_disruption(target) {
        return Verdict::Deleted;
    }
    match budgets {
        [] => Verdict::Deleted,
        [budget] if !target.ready && lets_unhealthy_go(budget) => Verdict::Deleted,
        [budget] => check_and_decrement(budget),
        _ => Verdict::Unsupported,
    }
}

/// `canIgnorePDB`: the pod does no work, or its end has come already.
fn is_no_disruption(target: Target) -> bool {
    target.terminating || target.phase != PodPhase::Running
}

fn lets_unhealthy_go(budget: &CoveringBudget) -> bool {
    let BudgetStatus { current_healthy, desired_healthy, .. } = budget.status;
    budget.unhealthy_pods == UnhealthyPods::AlwaysAllow
        || (current_healthy >= desired_healthy && desired_healthy > 0)
}

fn check_and_decrement(budget: &CoveringBudget) -> Verdict {
    match budget.status.disruptions_allowed {
        _ if budget.is_stale => Verdict::TooManyRequests,
        _ if budget.disrupted_pods > MAX_DISRUPTED_PODS => Verdict::Forbidden,
        0 => Verdict::TooManyRequests,
        _ => Verdict::DeletedAndDecremented,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: Target = Target { phase: PodPhase::Running, ready: true, terminating: false };

    fn budget(allowed: u32, healthy: u32, desired: u32) -> CoveringBudget {
        let status = BudgetStatus {
            disruptions_allowed: allowed,
            current_healthy: healthy,
            desired_healthy: desired,
            expected_pods: 3,
        };
        CoveringBudget { status, ..CoveringBudget::default() }
    }

    #[test]
    fn a_ready_pod_is_paid_for() {
        assert_eq!(decide(READY, &[budget(1, 3, 2)]), Verdict::DeletedAndDecremented);
        assert_eq!(decide(READY, &[]), Verdict::Deleted);
        assert_eq!(decide(READY, &[budget(1, 3, 2); 2]), Verdict::Unsupported);
    }

    #[test]
    fn an_unready_pod_of_an_unhealthy_application_is_paid_for_like_any_other() {
        let unready = Target { ready: false, ..READY };
        assert_eq!(decide(unready, &[budget(0, 1, 2)]), Verdict::TooManyRequests);
        // With a desired count of 0 nobody can say that the rest suffices.
        assert_eq!(decide(unready, &[budget(1, 1, 0)]), Verdict::DeletedAndDecremented);
        assert_eq!(decide(unready, &[budget(0, 2, 2)]), Verdict::Deleted);
    }

    #[test]
    fn a_status_that_lags_or_overflows_lets_nobody_go() {
        let stale = CoveringBudget { is_stale: true, ..budget(1, 3, 2) };
        let full = |disrupted_pods| CoveringBudget { disrupted_pods, ..budget(1, 3, 2) };
        assert_eq!(decide(READY, &[stale]), Verdict::TooManyRequests);
        assert_eq!(decide(READY, &[full(2001)]), Verdict::Forbidden);
        assert_eq!(decide(READY, &[full(2000)]), Verdict::DeletedAndDecremented);
    }
}
