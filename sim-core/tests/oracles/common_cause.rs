//! Beta factor: shocks strike all machines of a group, and each is repaired by itself.

use sim_core::Model;
use sim_core::ids::{FaultId, NodeId};
use sim_core::spec::*;
use sim_core::time::Span;
use sim_core::{Seed, run};

use crate::case::{Case, Reason, hours};
use crate::estimate::Estimate;
use crate::fleet::{YEAR, add_crashes, fleet, groups};
use crate::machines::{memoryless, renewal};
use crate::sampling;

/// Groups of `n` machines side by side, of which `k` must be up.
fn scenario(case: &Case) -> Result<Scenario, Reason> {
    let n = case.count("n")?;
    let count = 30 / n;
    let (mttf, beta) = (case.number("MTTF_h")?, case.number("beta")?);
    let mut scenario = fleet(1, n * count, YEAR * 20, groups(count, n, case.count("k")?));
    add_crashes(&mut scenario, 0..n * count, memoryless(hours(mttf / (1.0 - beta)), case.hours("MTTR_h")?));
    let group = |number: u32| NodeGroup {
        name: format!("group-{number}"),
        nodes: (number * n..(number + 1) * n).map(NodeId).collect(),
    };
    let groups = (0..count).map(group).collect();
    let shock = Shock { of: FaultId(0), groups, sizes: Vec::new(), window: Span::ZERO, share: beta };
    scenario.faults.push(Fault {
        name: String::from("shock"),
        kind: FaultKind::Shock(shock),
        timing: renewal(
            Distribution::Exponential { mean: hours(mttf / beta) },
            Distribution::Deterministic(Span::ZERO),
        ),
    });
    Ok(scenario)
}

/// Unavailability in the long run.
pub fn unavailability(case: &Case) -> Result<Estimate, Reason> {
    let model = Model::new(scenario(case)?);
    Ok(sampling::ratio(case.exact, |index| {
        let outcome = run(&model, Seed { master: 1, run: index });
        let short = outcome.services.iter().map(|service| service.short.as_hours_f64()).sum();
        ((short, outcome.services.len() as f64 * outcome.measured.as_hours_f64()), outcome.events)
    }))
}
