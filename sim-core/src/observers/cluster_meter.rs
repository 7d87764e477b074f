//! The cluster's own figures: machines, nodes and pods over time.

use crate::outcome::ClusterOutcome;
use crate::time::Instant;

/// Counts over the whole cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Machines with power.
    pub machines_up: u32,
    /// Nodes that the API reports Ready.
    pub nodes_ready: u32,
    /// Pods in the API.
    pub pods: u32,
    /// Of these, Ready ones.
    pub pods_ready: u32,
}

/// Accumulates the counts.
#[derive(Clone, Debug)]
pub struct ClusterMeter {
    since: Instant,
    /// The counts as they are now.
    now: Counts,
    total: ClusterOutcome,
}

impl ClusterMeter {
    /// All machines are up, no pod exists.
    pub fn new(machines: usize, faults: usize) -> ClusterMeter {
        let all = machines as u32;
        ClusterMeter {
            since: Instant::ZERO,
            now: Counts { machines_up: all, nodes_ready: all, ..Counts::default() },
            total: ClusterOutcome { fault_counts: vec![0; faults], ..ClusterOutcome::default() },
        }
    }

    /// Changes the counts from `now` on.
    pub fn change(&mut self, now: Instant, change: impl FnOnce(&mut Counts)) {
        self.advance(now);
        change(&mut self.now);
    }

    /// Counts an occurrence.
    pub fn tally(&mut self, count: impl FnOnce(&mut ClusterOutcome)) {
        count(&mut self.total);
    }

    /// Forgets all that was before `now`.
    pub fn reset(&mut self, now: Instant) {
        let faults = self.total.fault_counts.len();
        self.since = now;
        self.total = ClusterOutcome { fault_counts: vec![0; faults], ..ClusterOutcome::default() };
    }

    /// The end of the run.
    pub fn finish(mut self, now: Instant) -> ClusterOutcome {
        self.advance(now);
        self.total
    }

    fn advance(&mut self, now: Instant) {
        let span = u128::from(now.since(self.since).0);
        self.since = now;
        self.total.machines_up_integral += u128::from(self.now.machines_up) * span;
        self.total.nodes_ready_integral += u128::from(self.now.nodes_ready) * span;
        self.total.pods_integral += u128::from(self.now.pods) * span;
        self.total.pods_ready_integral += u128::from(self.now.pods_ready) * span;
    }
}
