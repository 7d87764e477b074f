//! From a crash to a node that is Unknown: leases, monitor passes and the grace period.

use sim_core::Model;
use sim_core::ids::NodeId;
use sim_core::spec::*;
use sim_core::time::{Instant, Span};
use sim_core::world::api::NodeReady;

use crate::case::{Case, Reason};
use crate::estimate::{self, Estimate};
use crate::fleet::add_crashes;
use crate::machines::*;
use crate::sampling;
use crate::support::cluster;

const MACHINES: u32 = 40;
/// Crashed and Unknown, perhaps still since the crash before.
const NOTICED: Instant = Instant::NEVER;

/// Machines that crash often. The law knows no latency, so the watch has none.
fn model(case: &Case) -> Result<Model, Reason> {
    let mut scenario = cluster(1, MACHINES);
    scenario.horizon = Span::hours(500);
    scenario.timing.watch = Span::ZERO;
    scenario.timing.lease_renewal = case.secs("lease_renew_s")?;
    scenario.timing.node_monitor_period = case.secs("node_monitor_period_s")?;
    scenario.timing.node_monitor_grace_period = case.secs("grace_s")?;
    let lifetime = Distribution::Exponential { mean: Span::hours(10) };
    let repair = Distribution::Deterministic(Span::mins(10));
    add_crashes(&mut scenario, 0..MACHINES, renewal(lifetime, repair));
    Ok(Model::new(scenario))
}

/// Seconds from each crash of a run to Unknown.
fn latencies(model: &Model, run: u64) -> (Vec<f64>, u64) {
    let mut latencies = Vec::new();
    let mut down_since = [None::<Instant>; MACHINES as usize];
    let events = watch(model, run, |sim| {
        for (node, since) in (0..MACHINES).map(NodeId).zip(&mut down_since) {
            if sim.physical().is_up(node) {
                *since = None;
                continue;
            }
            let unknown = sim.api().node(node).ready == NodeReady::Unknown;
            let crash = *since.get_or_insert(if unknown { NOTICED } else { sim.now() });
            if unknown && crash != NOTICED {
                latencies.push((sim.now() - crash).as_secs_f64());
                *since = Some(NOTICED);
            }
        }
        true
    });
    (latencies, events)
}

fn estimated(case: &Case, estimate: impl Fn(&[f64]) -> Estimate) -> Result<Estimate, Reason> {
    let model = model(case)?;
    Ok(sampling::values(|run| latencies(&model, run), estimate))
}

/// Mean.
pub fn mean(case: &Case) -> Result<Estimate, Reason> {
    estimated(case, |seconds| estimate::mean(seconds, case.exact))
}

/// Standard deviation.
pub fn deviation(case: &Case) -> Result<Estimate, Reason> {
    estimated(case, |seconds| estimate::deviation(seconds, case.exact))
}

/// The least of all, which is never passed and approached as the phases let it.
pub fn least(case: &Case) -> Result<Estimate, Reason> {
    let gap = gap(case)?;
    estimated(case, |seconds| {
        let least = seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let reach = gap.reach(seconds.len());
        let chance = gap.chance(least - case.exact, seconds.len());
        Estimate { value: least, low: least - reach, high: least, chance, runs: 0, events: 0 }
    })
}

/// The greatest of all.
pub fn greatest(case: &Case) -> Result<Estimate, Reason> {
    let gap = gap(case)?;
    estimated(case, |seconds| {
        let greatest = seconds.iter().copied().fold(0.0, f64::max);
        let reach = gap.reach(seconds.len());
        let chance = gap.chance(case.exact - greatest, seconds.len());
        Estimate { value: greatest, low: greatest, high: greatest + reach, chance, runs: 0, events: 0 }
    })
}

/// How far the extreme of many latencies stays from the bound. A latency is less than `x` from a bound if two independent
/// phases, uniform over `renewal` and `period`, add up to less than `x`: chance x² / (2 renewal period).
struct Gap {
    area: f64,
}

fn gap(case: &Case) -> Result<Gap, Reason> {
    Ok(Gap { area: 2.0 * case.number("lease_renew_s")? * case.number("node_monitor_period_s")? })
}

impl Gap {
    /// With 99% the bound is no further away.
    fn reach(&self, latencies: usize) -> f64 {
        (self.area * libm::log(100.0) / latencies as f64).sqrt()
    }

    /// The chance of a gap that is wider; none below the bound.
    fn chance(&self, gap: f64, latencies: usize) -> f64 {
        if gap < 0.0 { 0.0 } else { libm::exp(-gap * gap / self.area * latencies as f64) }
    }
}
