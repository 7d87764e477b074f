//! Counts of failures when repair takes no time.

use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

use crate::case::{Case, Reason};
use crate::estimate::Estimate;
use crate::fleet::bare_machines;
use crate::machines::*;
use crate::sampling;

fn failures(count: u32, span: Span, lifetime: Distribution) -> impl Fn(u64) -> (u64, u64) {
    let timing = renewal(lifetime, Distribution::Deterministic(Span::ZERO));
    let model = Model::new(bare_machines(count, span, timing));
    move |index| {
        let outcome = run(&model, Seed { master: 1, run: index });
        (outcome.cluster.fault_counts[0], outcome.events)
    }
}

/// Failures of a new machine up to a time.
pub fn function(case: &Case) -> Result<Estimate, Reason> {
    const MACHINES: u32 = 100;
    let lifetime = weibull(case.number("weibull_shape")?, case.hours("mean_h")?);
    let run = failures(MACHINES, case.hours("T_h")?, lifetime);
    Ok(sampling::ratio(case.exact, |index| {
        let (failures, events) = run(index);
        ((failures as f64, f64::from(MACHINES)), events)
    }))
}

fn fleet(case: &Case) -> Result<impl Fn(u64) -> (u64, u64), Reason> {
    let lifetime = Distribution::Exponential { mean: case.hours("MTTF_h")? };
    Ok(failures(case.count("nodes")?, case.hours("T_h")?, lifetime))
}

/// Failures of a fleet.
pub fn fleet_mean(case: &Case) -> Result<Estimate, Reason> {
    let run = fleet(case)?;
    Ok(sampling::ratio(case.exact, |index| {
        let (failures, events) = run(index);
        ((failures as f64, 1.0), events)
    }))
}

/// Probability that nothing of a fleet fails.
pub fn fleet_quiet(case: &Case) -> Result<Estimate, Reason> {
    let run = fleet(case)?;
    Ok(sampling::share(case.exact, |index| {
        let (failures, events) = run(index);
        ((u64::from(failures == 0), 1), events)
    }))
}
