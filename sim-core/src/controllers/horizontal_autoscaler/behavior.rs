//! How far the count may move in one step: `spec.behavior`, or the older limits where it is left out.
//!
//! Upstream: `convertDesiredReplicasWithBehaviorRate` and `convertDesiredReplicasWithRules` in
//! `pkg/controller/podautoscaler/horizontal.go`; defaults in `pkg/apis/autoscaling/v2/defaults.go`.

use serde::Serialize;

use super::Bounds;
use super::history::History;
use crate::time::{Instant, Span};

/// `spec.behavior` with its defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Behavior {
    /// `scaleUp`.
    pub up: ScalingRules,
    /// `scaleDown`.
    pub down: ScalingRules,
}

/// Rules for one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScalingRules {
    /// `stabilizationWindowSeconds`.
    pub stabilization: Span,
    /// `selectPolicy`.
    pub select: Select,
    /// `policies`; at least one.
    pub policies: Vec<Policy>,
}

/// `selectPolicy`: which policy decides if there are several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Select {
    /// The one that allows the largest change.
    #[default]
    Max,
    /// The one that allows the smallest change.
    Min,
    /// None: the count does not move in this direction.
    Disabled,
}

/// One of `policies`: so much in any `periodSeconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// `type`.
    pub kind: PolicyKind,
    /// `value`.
    pub value: u32,
    /// `periodSeconds`.
    pub period: Span,
}

/// What the value of a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PolicyKind {
    /// Pods.
    Pods,
    /// A percentage of the replicas at the start of the period.
    Percent,
}

/// Reason of the condition ScalingLimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are upstream's
pub enum Limit {
    DesiredWithinRange,
    TooFewReplicas,
    TooManyReplicas,
    ScaleUpLimit,
    ScaleDownLimit,
}

impl Default for Behavior {
    fn default() -> Behavior {
        Behavior { up: ScalingRules::up(), down: ScalingRules::down() }
    }
}

impl ScalingRules {
    /// Double, or add 4 pods, every 15 s; at once.
    pub fn up() -> ScalingRules {
        let policy = |kind, value| Policy { kind, value, period: Span::secs(15) };
        let policies = vec![policy(PolicyKind::Pods, 4), policy(PolicyKind::Percent, 100)];
        ScalingRules { stabilization: Span::ZERO, select: Select::Max, policies }
    }

    /// Everything at once, to the highest recommendation of the last 5 minutes
    /// (`horizontal-pod-autoscaler-downscale-stabilization`).
    pub fn down() -> ScalingRules {
        let policies = vec![Policy { kind: PolicyKind::Percent, value: 100, period: Span::secs(15) }];
        ScalingRules { stabilization: Span::mins(5), select: Select::Max, policies }
    }

    /// The most replicas that the rules allow: `calculateScaleUpLimitWithScalingRules`.
    pub fn up_limit(&self, current: u32, history: &History, now: Instant) -> i64 {
        let allowed = |policy: &Policy| {
            let base = history.at_start_of(policy.period, current, now);
            match policy.kind {
                PolicyKind::Pods => base + i64::from(policy.value),
                // Rounded up, for otherwise a small set would never grow.
                PolicyKind::Percent => (base as f64 * (1.0 + f64::from(policy.value) / 100.0)).ceil() as i64,
            }
        };
        let allowed = self.policies.iter().map(allowed);
        match self.select {
            Select::Max => allowed.max(),
            Select::Min => allowed.min(),
            Select::Disabled => None,
        }
        .unwrap_or(i64::from(current))
    }

    /// The fewest replicas that the rules allow: `calculateScaleDownLimitWithBehaviors`.
    pub fn down_limit(&self, current: u32, history: &History, now: Instant) -> i64 {
        let allowed = |policy: &Policy| {
            let base = history.at_start_of(policy.period, current, now);
            match policy.kind {
                PolicyKind::Pods => base - i64::from(policy.value),
                PolicyKind::Percent => (base as f64 * (1.0 - f64::from(policy.value) / 100.0)) as i64,
            }
        };
        let allowed = self.policies.iter().map(allowed);
        match self.select {
            Select::Max => allowed.min(),
            Select::Min => allowed.max(),
            Select::Disabled => None,
        }
        .unwrap_or(i64::from(current))
    }

    /// The longest `periodSeconds`.
    pub fn longest_period(&self) -> Span {
        self.policies.iter().map(|policy| policy.period).max().unwrap_or(Span::ZERO)
    }
}

/// The count after the policies and bounds: a limit never moves it the other way.
pub fn limit(
    behavior: &Behavior,
    bounds: Bounds,
    current: u32,
    desired: u32,
    history: &History,
    now: Instant,
) -> (u32, Limit) {
    if desired > current {
        let allowed = behavior.up.up_limit(current, history, now).max(i64::from(current));
        at_most(desired, bounds.max, allowed)
    } else if desired < current {
        let allowed = behavior.down.down_limit(current, history, now).min(i64::from(current));
        at_least(desired, bounds.min, allowed)
    } else {
        (desired, Limit::DesiredWithinRange)
    }
}

/// The count after the limits of an autoscaler without `spec.behavior`: up to the double, or to 4.
pub fn limit_without_behavior(bounds: Bounds, current: u32, desired: u32) -> (u32, Limit) {
    if desired < bounds.min {
        return (bounds.min, Limit::TooFewReplicas);
    }
    at_most(desired, bounds.max, (2 * i64::from(current)).max(4))
}

fn at_most(desired: u32, max: u32, allowed: i64) -> (u32, Limit) {
    let (most, limit) = if i64::from(max) > allowed {
        (allowed as u32, Limit::ScaleUpLimit)
    } else {
        (max, Limit::TooManyReplicas)
    };
    if desired > most { (most, limit) } else { (desired, Limit::DesiredWithinRange) }
}

fn at_least(desired: u32, min: u32, allowed: i64) -> (u32, Limit) {
    let (least, limit) = if i64::from(min) < allowed {
        (allowed as u32, Limit::ScaleDownLimit)
    } else {
        (min, Limit::TooFewReplicas)
    };
    if desired < least { (least, limit) } else { (desired, Limit::DesiredWithinRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { min: 1, max: 100 };

    fn limited(behavior: &Behavior, current: u32, desired: u32) -> (u32, Limit) {
        limit(behavior, BOUNDS, current, desired, &History::default(), Instant::ZERO)
    }

    #[test]
    fn by_default_it_doubles_but_adds_four_at_least() {
        let default = Behavior::default();
        let steps: Vec<u32> = [1, 5, 10, 20].iter().map(|n| limited(&default, *n, 100).0).collect();
        assert_eq!(steps, [5, 10, 20, 40]);
    }

    #[test]
    fn a_disabled_direction_does_not_move() {
        let rules = |rules| ScalingRules { select: Select::Disabled, ..rules };
        let behavior = Behavior { up: rules(ScalingRules::up()), down: rules(ScalingRules::down()) };
        assert_eq!(limited(&behavior, 10, 50), (10, Limit::ScaleUpLimit));
        assert_eq!(limited(&behavior, 10, 5), (10, Limit::ScaleDownLimit));
        assert_eq!(limited(&behavior, 10, 10), (10, Limit::DesiredWithinRange));
    }

    #[test]
    fn a_percentage_down_keeps_what_rounding_leaves() {
        let policy = Policy { kind: PolicyKind::Percent, value: 10, period: Span::secs(60) };
        let down = ScalingRules { policies: vec![policy], ..ScalingRules::down() };
        assert_eq!(limited(&Behavior { down, ..Behavior::default() }, 5, 1), (4, Limit::ScaleDownLimit));
    }
}
