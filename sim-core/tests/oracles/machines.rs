//! Fleets of machines that fail and are repaired, and what one sees of them on the way through a run.

use sim_core::engine::Sim;
use sim_core::ids::NodeId;
use sim_core::observers::timeline::Silent;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed};

use crate::fleet::{add_crashes, bare_machines, quiet};
use crate::support::{cluster, exponential};

/// Up for one time, down for another, from new.
pub fn renewal(time_to_failure: Distribution, time_to_repair: Distribution) -> FaultTiming {
    FaultTiming::stochastic(time_to_failure, time_to_repair)
}

/// Exponential times.
pub fn memoryless(mttf: Span, mttr: Span) -> FaultTiming {
    exponential(mttf, mttr)
}

/// A Weibull distribution with this mean.
pub fn weibull(shape: f64, mean: Span) -> Distribution {
    let scale = Span::from_secs_f64(mean.as_secs_f64() / libm::tgamma(1.0 + 1.0 / shape));
    Distribution::Weibull { shape, scale }
}

/// A lognormal distribution with this mean.
pub fn lognormal(sigma: f64, mean: Span) -> Distribution {
    let median = Span::from_secs_f64(mean.as_secs_f64() / libm::exp(sigma * sigma / 2.0));
    Distribution::Lognormal { median, sigma }
}

/// Machines without pods, measured after the warm-up for `span`.
pub fn machines(count: u32, warm_up: Span, span: Span, timing: FaultTiming) -> Scenario {
    let mut scenario = bare_machines(count, warm_up + span, timing);
    scenario.warm_up = warm_up;
    scenario
}

/// Machines without pods, machine `m` in zone `m % zones`.
pub fn zoned_machines(zones: u32, count: u32, timing: FaultTiming) -> Scenario {
    let mut scenario = cluster(zones, count);
    quiet(&mut scenario);
    add_crashes(&mut scenario, 0..count, timing);
    scenario
}

/// The run of this number.
pub fn begin(model: &Model, run: u64) -> Sim<'_, Silent> {
    Sim::new(model, Seed { master: 20_261_122, run }, Silent)
}

/// Adds moments at which [`sample`] looks: `kubectl uncordon` of a node that is not cordoned.
pub fn look_every(scenario: &mut Scenario, every: Span) {
    let mut at = Instant::ZERO + scenario.warm_up;
    while at < Instant::ZERO + scenario.horizon {
        scenario.operations.push(Operation { at, action: Action::Uncordon(NodeId(0)) });
        at += every;
    }
}

/// Looks at a run at the moments of its operations; returns the number of events.
pub fn sample(model: &Model, run: u64, mut look: impl FnMut(&Sim<'_, Silent>)) -> u64 {
    let mut moments = model.scenario().operations.iter().map(|operation| operation.at).peekable();
    watch(model, run, |sim| {
        if moments.next_if(|at| *at <= sim.now()).is_some() {
            look(sim);
        }
        true
    })
}

/// Shows a run after each event, as long as that is wanted; returns the number of events.
pub fn watch(model: &Model, run: u64, mut see: impl FnMut(&Sim<'_, Silent>) -> bool) -> u64 {
    let mut sim = begin(model, run);
    let mut events = 0;
    while sim.step() {
        events += 1;
        if !see(&sim) {
            break;
        }
    }
    events
}

/// Whether a machine is up.
pub fn is_up(sim: &Sim<'_, Silent>, machine: u32) -> bool {
    sim.physical().is_up(NodeId(machine))
}
