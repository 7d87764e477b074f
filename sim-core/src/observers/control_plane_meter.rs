//! The meter of the control plane: for how long which part of it did its work.

use crate::outcome::ControlPlaneOutcome;
use crate::time::Instant;

/// Which parts work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Working {
    /// Some API server answers, and can write.
    pub api: bool,
    /// Enough members of etcd run.
    pub quorum: bool,
    /// A controller-manager leads, and acts.
    pub controller_manager: bool,
    /// A scheduler leads, and acts.
    pub scheduler: bool,
}

/// Accumulates the times in which each part works.
#[derive(Clone, Copy, Debug)]
pub struct ControlPlaneMeter {
    since: Instant,
    now: Working,
    total: ControlPlaneOutcome,
}

impl ControlPlaneMeter {
    /// All is well.
    pub fn new() -> ControlPlaneMeter {
        let now = Working { api: true, quorum: true, controller_manager: true, scheduler: true };
        ControlPlaneMeter { since: Instant::ZERO, now, total: ControlPlaneOutcome::default() }
    }

    /// What works from `now` on. Returns whether that is new.
    pub fn read(&mut self, working: Working, now: Instant) -> bool {
        let changes = self.now != working;
        if changes {
            self.advance(now);
            self.total.api_outages += u64::from(self.now.api && !working.api);
            self.now = working;
        }
        changes
    }

    /// Someone took over.
    pub fn count_failover(&mut self) {
        self.total.failovers += 1;
    }

    /// Forgets all that was before `now`.
    pub fn reset(&mut self, now: Instant) {
        (self.since, self.total) = (now, ControlPlaneOutcome::default());
    }

    /// The end of the run.
    pub fn finish(mut self, now: Instant) -> ControlPlaneOutcome {
        self.advance(now);
        self.total
    }

    fn advance(&mut self, now: Instant) {
        let span = now.since(self.since);
        self.since = now;
        let parts = [
            (self.now.api, &mut self.total.api_available),
            (self.now.quorum, &mut self.total.etcd_quorum),
            (self.now.controller_manager, &mut self.total.controller_manager_active),
            (self.now.scheduler, &mut self.total.scheduler_active),
        ];
        for (_, time) in parts.into_iter().filter(|(works, _)| *works) {
            *time += span;
        }
    }
}

impl Default for ControlPlaneMeter {
    fn default() -> Self {
        ControlPlaneMeter::new()
    }
}
