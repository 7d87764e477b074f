//! What a probe's worker counts tick by tick, and what the ticker says in advance.

use sim_core::agents::probe_worker::{Counter, Verdict};
use sim_core::agents::probes::Ticker;
use sim_core::rng::Draw;
use sim_core::spec::{Handler, Probe};
use sim_core::time::{Instant, Span};

use crate::support::random;

const PATTERNS: u64 = 20_000;

/// A process and the probe that asks it.
struct Pattern {
    probe: Probe,
    start: Instant,
    phase: Span,
    /// A startup probe holds this one back until then.
    held_until: Instant,
    serving: Instant,
    hung: Instant,
}

fn pattern(index: u64) -> Pattern {
    let mut draw = random::numbers("probe", index);
    let period = Span::secs(1 + draw.below(15));
    let probe = Probe {
        initial_delay: Span::secs(draw.below(2) * draw.below(40)),
        period,
        timeout: Span(1 + draw.below(period.0)),
        success_threshold: 1 + draw.below(3) as u32,
        failure_threshold: 1 + draw.below(5) as u32,
        handler: Handler::Process,
    };
    let start = Instant(draw.below(Span::hours(1).0));
    let serving = start + random_span(&mut draw, 90);
    let held_until = start + Span(draw.below(2) * draw.below(Span::mins(2).0));
    let hung = serving + Span::mins(10) + random_span(&mut draw, 600);
    Pattern { probe, start, phase: Span(draw.below(period.0)), held_until, serving, hung }
}

/// Whole seconds now and then, so that things fall together.
fn random_span(draw: &mut Draw, most: u64) -> Span {
    if draw.below(2) == 0 { Span::secs(draw.below(most)) } else { Span(draw.below(Span::secs(most).0)) }
}

/// Each result that the worker stores, and when it knows.
fn stored(pattern: &Pattern, process_hangs: bool) -> Vec<(Instant, bool)> {
    let Pattern { probe, start, phase, held_until, serving, hung } = *pattern;
    let mut stored = Vec::new();
    let mut counter = Counter::new(Verdict::Unknown);
    for tick in (0..4_000).map(|n| start + phase + probe.period * n) {
        if tick < start + probe.initial_delay || tick < held_until {
            continue;
        }
        let hangs = process_hangs && tick >= hung;
        let success = tick >= serving && !hangs;
        if counter.count(success, &probe) {
            stored.push((if hangs { tick + probe.timeout } else { tick }, success));
        }
    }
    stored
}

fn ticker(pattern: &Pattern) -> Ticker {
    Ticker::new(pattern.probe, pattern.start + pattern.phase, pattern.start).held_until(pattern.held_until)
}

#[test]
fn a_probe_succeeds_at_the_same_instant() {
    for pattern in (0..PATTERNS).map(pattern) {
        let first = stored(&pattern, false).into_iter().find(|(_, success)| *success).expect("in the end");
        assert_eq!(ticker(&pattern).success(pattern.serving), first.0);
    }
}

#[test]
fn a_slow_start_fails_a_probe_at_the_same_instant_or_not_at_all() {
    let mut failures = 0;
    for pattern in (0..PATTERNS).map(pattern) {
        let first = stored(&pattern, false).into_iter().find(|(_, success)| !success).map(|(at, _)| at);
        assert_eq!(ticker(&pattern).failure_before(pattern.serving), first);
        failures += u64::from(first.is_some());
    }
    assert!((PATTERNS / 10..PATTERNS * 9 / 10).contains(&failures), "{failures}: both happen");
}

#[test]
fn a_hang_fails_a_probe_at_the_same_instant() {
    for pattern in (0..PATTERNS).map(pattern) {
        let verdicts = stored(&pattern, true).into_iter();
        let first = verdicts.filter(|(at, _)| *at >= pattern.hung).find(|(_, success)| !success);
        assert_eq!(ticker(&pattern).failure_of_hang(pattern.hung), first.expect("in the end").0);
    }
}
