//! Back-off of controllers, of crashing containers and of unschedulable pods.

use serde_json::{Value, json};
use sim_core::controllers::backoff::{Backoff, Entry, delay_after};
use sim_core::controllers::jobs::backoff::Record;
use sim_core::time::{Instant, Span};

use crate::fields::{NOW, ago, list, number};
use crate::{Answer, fields};

pub fn answer(case: &Value) -> Answer {
    let initial = seconds(case, "initial_s");
    let backoff = Backoff::new(initial, seconds(case, "max_s"));
    match case["fn"].as_str()? {
        "sequence" => Some(sequence(case, backoff)),
        "reset" => Some(reset(case, backoff)),
        "gc" => Some(gc(case, backoff)),
        "timeline" => Some(timeline(case, backoff)),
        "crashloop" => Some(crash_loop(case, backoff)),
        "scheduler_backoff" => {
            let delay = delay_after(number(case, "attempts"), backoff.initial, backoff.max);
            Some(json!({ "expect_s": delay.as_secs_f64() }))
        }
        "job_backoff" => Some(job(case, backoff.max)),
        "job_record" => Some(job_record(case)),
        _ => None,
    }
}

fn sequence(case: &Value, backoff: Backoff) -> Value {
    let mut entry: Option<Entry> = None;
    let mut delays = Vec::new();
    for second in 0..list(case, "expect_delay_before_each_next").len() as u64 {
        delays.push(entry.map_or(0.0, |entry| entry.delay.as_secs_f64()));
        entry = Some(backoff.next(entry, at(second), at(second)));
    }
    json!({ "expect_delay_before_each_next": delays })
}

fn reset(case: &Value, backoff: Backoff) -> Value {
    let entry = at_maximum(backoff);
    let now = entry.updated + seconds(case, "idle_s");
    json!({
        "expect_in_backoff": backoff.is_waiting(Some(entry), entry.updated, now),
        "expect_delay_after_next_s": backoff.next(Some(entry), now, now).delay.as_secs_f64(),
    })
}

fn gc(case: &Value, backoff: Backoff) -> Value {
    let entry = at_maximum(backoff);
    json!({ "expect_kept": !backoff.is_expired(entry, entry.updated + seconds(case, "idle_s")) })
}

fn timeline(case: &Value, backoff: Backoff) -> Value {
    let mut entry: Option<Entry> = None;
    let mut seen = Vec::new();
    for step in list(case, "expect_in_backoff_at") {
        let now = at(u64::from(number(step, "t")));
        let waiting = entry.is_some_and(|e| backoff.is_waiting(entry, e.updated, now));
        if !waiting {
            entry = Some(backoff.next(entry, now, now));
        }
        seen.push(json!({ "t": step["t"], "in_backoff": waiting }));
    }
    json!({ "expect_in_backoff_at": seen })
}

fn crash_loop(case: &Value, backoff: Backoff) -> Value {
    let (mut entry, mut now) = (None, Instant::ZERO);
    let mut waits = Vec::new();
    for _ in list(case, "expect_wait_s") {
        let wait = backoff.container_exits(&mut entry, now);
        waits.push(wait.as_secs_f64());
        now += wait;
    }
    json!({ "expect_wait_s": waits })
}

fn job(case: &Value, max: Span) -> Value {
    let record = Record {
        failures: number(case, "failures_since_last_success"),
        last_failure: ago(case, "seconds_since_last_failure"),
    };
    json!({ "expect_remaining_s": record.remaining(seconds(case, "base_s"), max, NOW).as_secs_f64() })
}

fn job_record(case: &Value) -> Value {
    let at = |millis: &Value| {
        let millis = millis.as_i64().expect("a time in milliseconds");
        Instant(NOW.0.saturating_add_signed(millis * 1_000_000))
    };
    let times = |field: &str| list(case, field).iter().map(at).collect::<Vec<_>>();
    let stored = &case["stored_last_failure_ms"];
    let stored = Record {
        failures: number(case, "stored_failures"),
        last_failure: (!stored.is_null()).then(|| at(stored)),
    };
    let record = stored.after(&times("new_failure_times_ms"), &times("new_success_times_ms"));
    let millis = |at: Instant| (at.0 as i64 - NOW.0 as i64) / 1_000_000;
    json!({
        "expect_failures": record.failures,
        "expect_last_failure_ms": record.last_failure.map(millis),
    })
}

fn at_maximum(backoff: Backoff) -> Entry {
    let mut entry = None;
    for second in 0..10 {
        entry = Some(backoff.next(entry, at(second), at(second)));
    }
    entry.expect("ten steps were made")
}

fn at(second: u64) -> Instant {
    Instant::ZERO + Span::secs(second)
}

fn seconds(case: &Value, field: &str) -> Span {
    fields::seconds(case, field).unwrap_or(Span::ZERO)
}
