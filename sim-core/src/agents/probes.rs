//! Probes without ticks: when a probe that asks every period will have reached its verdict.
//!
//! Upstream: pkg/kubelet/prober/worker.go. A pod's probe worker asks once when the pod is admitted and every period
//! from then on, whatever becomes of its containers; after a restart of the kubelet it first sleeps for a random part
//! of a period.

use crate::spec::{Handler, Probe};
use crate::time::{Instant, Span};

/// A probe at work on one run of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticker {
    probe: Probe,
    first: Instant,
}

impl Ticker {
    /// The probe of a container that starts at `start`, by a worker that asks at `origin` and every period from then
    /// on, but not before the initial delay has passed.
    pub fn new(probe: Probe, origin: Instant, start: Instant) -> Ticker {
        let ticker = Ticker { probe, first: origin };
        ticker.held_until(start + probe.initial_delay)
    }

    /// The same probe, but asking nothing before `from`: until then a startup probe holds it back.
    pub fn held_until(self, from: Instant) -> Ticker {
        Ticker { first: self.at_or_after(from), ..self }
    }

    /// When it has succeeded often enough, if the process answers from `serving` on.
    pub fn success(&self, serving: Instant) -> Instant {
        self.at_or_after(serving) + self.probe.period * u64::from(self.probe.success_threshold - 1)
    }

    /// When it has failed often enough, if the process refuses connections until `serving`; `None` if it
    /// succeeds before.
    pub fn failure_before(&self, serving: Instant) -> Option<Instant> {
        let verdict = self.first + self.failing();
        (verdict < serving).then_some(verdict)
    }

    /// When it has failed often enough, if the process hangs from `hung` on: each question times out, unless the kernel
    /// answers it.
    pub fn failure_of_hang(&self, hung: Instant) -> Instant {
        if self.probe.handler == Handler::Socket {
            return Instant::NEVER;
        }
        self.at_or_after(hung) + self.failing() + self.probe.timeout
    }

    /// From the first failure to the last that it takes.
    fn failing(&self) -> Span {
        self.probe.period * u64::from(self.probe.failure_threshold - 1)
    }

    fn at_or_after(&self, at: Instant) -> Instant {
        self.first.next_tick(self.probe.period, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Probe = Probe {
        initial_delay: Span::ZERO,
        period: Span::secs(10),
        timeout: Span::secs(1),
        success_threshold: 1,
        failure_threshold: 3,
        handler: Handler::Process,
    };

    fn secs(secs: u64) -> Instant {
        Instant::ZERO + Span::secs(secs)
    }

    #[test]
    fn a_hang_is_detected_after_21_to_31_seconds() {
        let ticker = Ticker::new(DEFAULT, secs(4), secs(0));
        assert_eq!(ticker.failure_of_hang(secs(104)), secs(125));
        assert_eq!(ticker.failure_of_hang(secs(105)), secs(135));
    }

    #[test]
    fn readiness_comes_at_a_tick_after_the_initial_delay() {
        let probe = Probe { initial_delay: Span::secs(15), ..DEFAULT };
        let ticker = Ticker::new(probe, secs(4), secs(0));
        assert_eq!(ticker.success(secs(2)), secs(24));
        assert_eq!(ticker.success(secs(25)), secs(34));
    }

    #[test]
    fn a_slow_start_fails_a_liveness_probe_at_its_third_tick() {
        let ticker = Ticker::new(DEFAULT, secs(4), secs(0));
        assert_eq!(ticker.failure_before(secs(20)), None);
        assert_eq!(ticker.failure_before(secs(60)), Some(secs(24)));
        assert_eq!(ticker.held_until(secs(50)).failure_before(secs(90)), Some(secs(74)));
    }

    #[test]
    fn several_successes_take_several_periods() {
        let probe = Probe { success_threshold: 3, ..DEFAULT };
        assert_eq!(Ticker::new(probe, secs(4), secs(0)).success(secs(0)), secs(24));
    }
}
