//! How many runs a case gets: until its interval is narrow enough, or its work is done.
//!
//! Work is counted in events of the engine, so that a table is the same on every machine. Looking is rare (after 60, 90,
//! 135... runs), and begins late enough not to stop by luck.

use crate::estimate::{self, Estimate};

/// The half-width to stop at, as a share of the value; somewhat less than the 5% that are asked for.
const GOAL: f64 = 0.04;
/// Events that a case may cost.
const WORK: u64 = 10_000_000;
/// Likewise, where each event is dear: a run looks at every machine, or the scheduler at every node.
const DEAR_WORK: u64 = 1_500_000;
/// A case is given up if all its work would leave an interval this much wider than the goal.
const HOPELESS: f64 = 2.5;
const FIRST_LOOK: u64 = 60;

/// Whether and when it was enough.
struct Plan {
    work: u64,
    runs: u64,
    events: u64,
    next_look: u64,
}

impl Plan {
    fn of(work: u64) -> Plan {
        Plan { work, runs: 0, events: 0, next_look: FIRST_LOOK }
    }

    fn ran(&mut self, events: u64) {
        self.runs += 1;
        self.events += events;
    }

    fn may_stop(&mut self) -> bool {
        let looks = self.runs >= self.next_look;
        self.next_look = if looks { self.next_look * 3 / 2 } else { self.next_look };
        looks
    }

    fn is_out_of_work(&self) -> bool {
        self.events >= self.work && self.runs >= 10
    }

    /// Whether this is narrow enough, or never will be.
    fn is_done_with(&self, estimate: &Estimate) -> bool {
        let relative = estimate.half_width() / estimate.value.abs();
        let in_the_end = relative * (self.events as f64 / self.work as f64).min(1.0).sqrt();
        relative <= GOAL || in_the_end > HOPELESS * GOAL
    }
}

/// The ratio of what runs give: each a part, a whole and its events.
pub fn ratio(exact: f64, run: impl FnMut(u64) -> ((f64, f64), u64)) -> Estimate {
    ratio_within(WORK, exact, run)
}

/// Likewise, where events are dear.
pub fn dear_ratio(exact: f64, run: impl FnMut(u64) -> ((f64, f64), u64)) -> Estimate {
    ratio_within(DEAR_WORK, exact, run)
}

fn ratio_within(work: u64, exact: f64, mut run: impl FnMut(u64) -> ((f64, f64), u64)) -> Estimate {
    let (mut plan, mut pairs) = (Plan::of(work), Vec::new());
    loop {
        let (pair, events) = run(plan.runs);
        pairs.push(pair);
        plan.ran(events);
        let out = plan.is_out_of_work();
        if plan.may_stop() || out {
            let estimate = estimate::ratio(&pairs, exact);
            if out || plan.is_done_with(&estimate) {
                return estimate.after(plan.runs, plan.events);
            }
        }
    }
}

/// A probability: each run gives hits, independent trials and its events.
pub fn share(exact: f64, mut run: impl FnMut(u64) -> ((u64, u64), u64)) -> Estimate {
    let (mut plan, mut hits, mut trials) = (Plan::of(WORK), 0, 0);
    loop {
        let (seen, events) = run(plan.runs);
        hits += seen.0;
        trials += seen.1;
        plan.ran(events);
        let out = plan.is_out_of_work();
        if plan.may_stop() || out {
            let estimate = estimate::share(hits, trials, exact);
            if out || plan.is_done_with(&estimate) {
                return estimate.after(plan.runs, plan.events);
            }
        }
    }
}

/// Whatever is estimated from all values together; each run gives values and its events.
pub fn values(
    mut run: impl FnMut(u64) -> (Vec<f64>, u64),
    estimate: impl Fn(&[f64]) -> Estimate,
) -> Estimate {
    let (mut plan, mut values) = (Plan::of(WORK), Vec::new());
    loop {
        let (more, events) = run(plan.runs);
        values.extend(more);
        plan.ran(events);
        let out = plan.is_out_of_work();
        if plan.may_stop() || out {
            let estimate = estimate(&values);
            if out || plan.is_done_with(&estimate) {
                return estimate.after(plan.runs, plan.events);
            }
        }
    }
}
