//! The meter of one service: requests, downtime and outages.

use crate::ids::Cause;
use crate::outcome::{Loss, Outage, ServiceOutcome};
use crate::spec::Service;
use crate::time::{Instant, Span};

/// What holds for a service from now until the next reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Requests per second.
    pub rate: f64,
    /// Endpoints that really answer.
    pub serving: u32,
    /// Share of requests that succeed.
    pub success: f64,
    /// Share of requests lost by reason, in the order of [`Loss::ALL`].
    pub lost: [f64; Loss::ALL.len()],
    /// What may be behind it, if anything is.
    pub cause: Option<Cause>,
}

/// Accumulates the readings of one service.
#[derive(Clone, Debug)]
pub struct ServiceMeter {
    since: Instant,
    last: Reading,
    total: ServiceOutcome,
    open: Option<Outage>,
}

const NOTHING_YET: Reading =
    Reading { rate: 0.0, serving: 0, success: 0.0, lost: [0.0; Loss::ALL.len()], cause: None };

impl ServiceMeter {
    /// A meter at zero, running.
    pub fn new() -> ServiceMeter {
        ServiceMeter { since: Instant::ZERO, last: NOTHING_YET, total: ServiceOutcome::default(), open: None }
    }

    /// A new state of the service.
    pub fn read(&mut self, service: &Service, reading: &Reading, now: Instant) {
        self.advance(service, now);
        self.last = *reading;
        if reading.success < service.outage_below {
            self.open_outage(now);
        } else {
            self.close_outage(now);
        }
    }

    /// Forgets all that was before `now`; an outage under way counts from now on.
    pub fn reset(&mut self, service: &Service, now: Instant) {
        self.advance(service, now);
        self.total = ServiceOutcome::default();
        if let Some(outage) = self.open.take() {
            self.open_outage(now);
            self.open = self.open.map(|fresh| Outage { root: outage.root, ..fresh });
        }
    }

    /// The end of the run.
    pub fn finish(mut self, service: &Service, now: Instant) -> ServiceOutcome {
        self.advance(service, now);
        self.close_outage(now);
        self.total
    }

    fn advance(&mut self, service: &Service, now: Instant) {
        let span = now.since(self.since);
        self.since = now;
        if span == Span::ZERO {
            return;
        }
        let requests = self.last.rate * span.as_secs_f64();
        let lost = requests * (1.0 - self.last.success);
        self.total.requests += requests;
        if lost > 0.0 {
            self.total.lost_requests += lost;
            for (sum, share) in self.total.lost_by.iter_mut().zip(self.last.lost) {
                *sum += requests * share;
            }
        }
        if self.last.serving == 0 {
            self.total.down += span;
        }
        if self.last.serving < service.required_serving {
            self.total.short += span;
        }
        if let Some(outage) = &mut self.open {
            outage.lost_requests += lost;
        }
    }

    fn open_outage(&mut self, now: Instant) {
        let failing = 1.0 - self.last.success;
        let fresh =
            Outage { start: now, end: now, root: self.last.cause, worst: failing, lost_requests: 0.0 };
        let outage = self.open.get_or_insert(fresh);
        outage.worst = outage.worst.max(failing);
        outage.root = outage.root.or(self.last.cause);
    }

    fn close_outage(&mut self, now: Instant) {
        if let Some(outage) = self.open.take().filter(|outage| outage.start < now) {
            self.total.outages.push(Outage { end: now, ..outage });
        }
    }
}

impl Default for ServiceMeter {
    fn default() -> Self {
        ServiceMeter::new()
    }
}
