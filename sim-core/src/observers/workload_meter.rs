//! The meter of one workload: the replica ratio R = N / P, desired over current, and what is Ready.

use crate::outcome::WorkloadOutcome;
use crate::time::{Instant, Span};

/// How many replicas a workload wants and has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replicas {
    /// `spec.replicas`.
    pub desired: u32,
    /// Pods that its controller counts.
    pub current: u32,
    /// Of these, the Ready ones.
    pub ready: u32,
}

/// Accumulates the replicas of one workload.
#[derive(Clone, Debug, Default)]
pub struct WorkloadMeter {
    since: Instant,
    last: Replicas,
    total: WorkloadOutcome,
}

impl WorkloadMeter {
    /// A new state of the workload.
    pub fn read(&mut self, replicas: Replicas, now: Instant) {
        self.advance(now);
        self.last = replicas;
    }

    /// A pod was created.
    pub fn count_pod(&mut self) {
        self.total.pods_created += 1;
    }

    /// A container was restarted.
    pub fn count_restart(&mut self) {
        self.total.restarts += 1;
    }

    /// Forgets all that was before `now`.
    pub fn reset(&mut self, now: Instant) {
        self.advance(now);
        self.total = WorkloadOutcome::default();
    }

    /// The end of the run.
    pub fn finish(mut self, now: Instant) -> WorkloadOutcome {
        self.advance(now);
        self.total
    }

    fn advance(&mut self, now: Instant) {
        let span = now.since(self.since);
        self.since = now;
        if span == Span::ZERO {
            return;
        }
        let Replicas { desired, current, ready } = self.last;
        if desired == current {
            self.total.at_ratio_one += span;
        }
        if current > 0 {
            self.total.ratio_integral += f64::from(desired) / f64::from(current) * span.0 as f64;
        } else if desired > 0 {
            self.total.without_pods += span;
        } else {
            // Nothing wanted and nothing there is as desired.
            self.total.ratio_integral += span.0 as f64;
        }
        if ready >= desired {
            self.total.all_ready += span;
        }
        self.total.ready_integral += u128::from(ready) * u128::from(span.0);
        self.total.current_integral += u128::from(current) * u128::from(span.0);
    }
}
