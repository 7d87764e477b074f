//! Which pods count in a metric that has a sample for each pod.
//!
//! Upstream: `groupPods` in `pkg/controller/podautoscaler/replica_calculator.go`.

use crate::time::{Instant, Span};
use crate::world::api::PodPhase;

/// What becomes of a pod in the calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Its sample counts.
    Counted,
    /// It is Pending, or its CPU sample may still show its start: it damps scaling up.
    Unready,
    /// It has no sample: it damps scaling in both directions.
    Missing,
    /// It is being deleted or has failed.
    Skipped,
    /// There is a sample, but no such pod any more.
    Unlisted,
}

/// What decides about a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodView {
    /// Whether it has a `deletionTimestamp`.
    pub terminating: bool,
    /// `status.phase`.
    pub phase: PodPhase,
    /// `status.startTime`.
    pub started: Option<Instant>,
    /// Condition Ready, if it was ever written.
    pub ready: Option<ReadyCondition>,
}

/// Condition Ready of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyCondition {
    /// Whether its status is not False.
    pub holds: bool,
    /// `lastTransitionTime`.
    pub since: Instant,
}

/// When a pod was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// End of the time that it speaks of.
    pub taken: Instant,
    /// Length of that time.
    pub window: Span,
}

/// How long a pod's CPU usage is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuRules {
    /// `horizontal-pod-autoscaler-cpu-initialization-period`.
    pub initialization_period: Span,
    /// `horizontal-pod-autoscaler-initial-readiness-delay`.
    pub initial_readiness_delay: Span,
}

impl Default for CpuRules {
    /// pkg/controller/podautoscaler/config/v1alpha1/defaults.go.
    fn default() -> CpuRules {
        CpuRules { initialization_period: Span::mins(5), initial_readiness_delay: Span::secs(30) }
    }
}

/// The group of a pod; `cpu` only for that resource, for no other metric looks at readiness.
pub fn group(pod: &PodView, sample: Option<Sample>, cpu: Option<CpuRules>, now: Instant) -> Group {
    if pod.terminating || pod.phase == PodPhase::Failed {
        return Group::Skipped;
    }
    if pod.phase == PodPhase::Pending {
        return Group::Unready;
    }
    match (sample, cpu) {
        (None, _) => Group::Missing,
        (Some(sample), Some(rules)) if is_unready(pod, sample, rules, now) => Group::Unready,
        _ => Group::Counted,
    }
}

/// A young pod has to be Ready for a whole window; an old one must have been Ready once.
fn is_unready(pod: &PodView, sample: Sample, rules: CpuRules, now: Instant) -> bool {
    let (Some(started), Some(ready)) = (pod.started, pod.ready) else { return true };
    if started + rules.initialization_period > now {
        !ready.holds || sample.taken < ready.since + sample.window
    } else {
        !ready.holds && started + rules.initial_readiness_delay > ready.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_000_000_000_000);

    fn grouped(started_ago: u64, holds: bool, changed_ago: u64) -> Group {
        let ago = |secs| Instant(NOW.0 - Span::secs(secs).0);
        let ready = Some(ReadyCondition { holds, since: ago(changed_ago) });
        let pod =
            PodView { terminating: false, phase: PodPhase::Running, started: Some(ago(started_ago)), ready };
        let sample = Sample { taken: ago(0), window: Span::secs(30) };
        group(&pod, Some(sample), Some(CpuRules::default()), NOW)
    }

    #[test]
    fn the_initialization_period_ends_after_exactly_five_minutes() {
        assert_eq!(grouped(299, true, 10), Group::Unready);
        assert_eq!(grouped(300, true, 10), Group::Counted);
    }

    #[test]
    fn a_window_that_begins_with_readiness_counts() {
        assert_eq!(grouped(60, true, 30), Group::Counted);
        assert_eq!(grouped(60, true, 29), Group::Unready);
    }

    #[test]
    fn an_old_pod_that_was_ready_counts_although_it_is_not_now() {
        assert_eq!(grouped(600, false, 571), Group::Unready);
        assert_eq!(grouped(600, false, 570), Group::Counted);
    }
}
