//! HorizontalPodAutoscaler v2: how many replicas the metrics ask for, and how fast the count may move there.
//!
//! Each pass of the [`controller`] takes the pods and samples of each [`metrics`] ([`grouping`], [`replicas`]), combines what the metrics ask for
//! ([`combine`]), and limits the step ([`behavior`], with the [`history`] that a restarted controller has lost).
//! Upstream: `reconcileAutoscaler` in `pkg/controller/podautoscaler/horizontal.go`.

use serde::Serialize;

pub mod behavior;
pub mod controller;
pub mod grouping;
pub mod history;
pub mod metrics;
pub mod replicas;
pub mod tables;

pub use behavior::{Behavior, Limit, Policy, PolicyKind, ScalingRules, Select};
pub use controller::{HorizontalAutoscalers, Pass};
pub use grouping::{CpuRules, Group, PodView, ReadyCondition, Sample, group};
pub use history::History;
pub use metrics::View;
pub use replicas::{MetricError, PodMetric, Proposal, Tolerances};
pub use tables::Autoscalers;

/// `minReplicas` and `maxReplicas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// `spec.minReplicas`, 1 by default.
    pub min: u32,
    /// `spec.maxReplicas`.
    pub max: u32,
}

/// What a pass has to do before it looks at any metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The target was scaled to 0 by hand: `ScalingDisabled`.
    Disabled,
    /// The count is out of bounds and moves to the nearer one at once.
    Forced(u32),
    /// The metrics decide.
    Metrics,
}

/// How a pass begins, from `spec.replicas` of the target.
pub fn start(current: u32, bounds: Bounds) -> Start {
    match current {
        0 if bounds.min != 0 => Start::Disabled,
        _ if current > bounds.max => Start::Forced(bounds.max),
        _ if current < bounds.min => Start::Forced(bounds.min),
        _ => Start::Metrics,
    }
}

/// The largest proposal of all metrics. If some have failed the others may scale up but not down, and `None` leaves
/// the count as it is: `computeReplicasForMetrics`.
pub fn combine(proposals: &[Result<u32, MetricError>], current: u32) -> Option<u32> {
    let largest = proposals.iter().filter_map(|proposal| proposal.as_ref().ok()).max().copied()?;
    let some_failed = proposals.iter().any(Result::is_err);
    (!some_failed || largest >= current).then_some(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { min: 2, max: 10 };

    #[test]
    fn out_of_bounds_the_count_moves_at_once() {
        assert_eq!(start(0, BOUNDS), Start::Disabled);
        assert_eq!(start(1, BOUNDS), Start::Forced(2));
        assert_eq!(start(11, BOUNDS), Start::Forced(10));
        assert_eq!(start(10, BOUNDS), Start::Metrics);
        assert_eq!(start(0, Bounds { min: 0, max: 10 }), Start::Metrics);
    }

    #[test]
    fn a_failing_metric_blocks_scaling_down_only() {
        let failed = Err(MetricError::NoSamples);
        assert_eq!(combine(&[Ok(3), Ok(7), Ok(5)], 4), Some(7));
        assert_eq!(combine(&[Ok(3), failed], 4), None);
        assert_eq!(combine(&[Ok(4), failed], 4), Some(4));
        assert_eq!(combine(&[failed, failed], 4), None);
    }
}
