//! Error budgets: what an outage of a part costs of the requests that an objective lets fail in 30 days.
//!
//! A tenth of ten machines is away; the objective is the one of which that tenth is so many times what it lets fail.

use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed, run};

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::fleet::*;

const MONTH: Span = Span::hours(720);
const MACHINES: u32 = 10;

/// Share of the month's requests that fail while one of ten machines is away for `span`.
fn lost(span: Span) -> (f64, u64) {
    let mut scenario = fleet(1, MACHINES, MONTH, groups(1, MACHINES, MACHINES));
    scenario.faults.push(Fault {
        name: String::from("part"),
        kind: FaultKind::MachineCrash(vec![0.into()]),
        timing: FaultTiming::Scheduled { at: vec![Instant::ZERO + START], duration: span },
    });
    let outcome = run(&Model::new(scenario), Seed { master: 1, run: 0 });
    (outcome.services[0].lost_requests / outcome.services[0].requests, outcome.events)
}

/// The share that the objective lets fail.
fn budget(case: &Case) -> Result<f64, Reason> {
    Ok(1.0 / f64::from(MACHINES) / case.number("burn_rate")?)
}

/// Share of the budget that a window at this burn rate costs.
pub fn consumed(case: &Case) -> Result<Estimate, Reason> {
    let (lost, events) = lost(case.hours("window_h")?);
    let value = lost / budget(case)?;
    Ok(estimate::certain(value, 1e-9, case.exact).after(1, events))
}

/// Hours at this burn rate until nothing is left.
pub fn exhausted(case: &Case) -> Result<Estimate, Reason> {
    let (lost, events) = lost(MONTH);
    let hours = budget(case)? / lost * MONTH.as_hours_f64();
    Ok(estimate::certain(hours, 1e-6, case.exact).after(1, events))
}
