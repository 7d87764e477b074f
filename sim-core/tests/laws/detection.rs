//! From a crash to a node that is Unknown: leases, monitor passes and the grace period.

use sim_core::engine::Sim;
use sim_core::ids::NodeId;
use sim_core::observers::timeline::Silent;
use sim_core::spec::Distribution;
use sim_core::spec::FaultTiming;
use sim_core::time::{Instant, Span};
use sim_core::world::api::NodeReady;
use sim_core::{Model, Seed};

use crate::cases::{Case, case};
use crate::fleet::add_crashes;
use crate::statistics::*;
use crate::support::cluster;

const MACHINES: u32 = 40;
/// Crashed and Unknown, perhaps still since the crash before.
const NOTICED: Instant = Instant::NEVER;

/// Seconds from each of some twenty thousand crashes to Unknown. The law knows no latency, so the watch has none.
fn latencies(case: &Case) -> Vec<f64> {
    let mut scenario = cluster(1, MACHINES);
    scenario.horizon = Span::hours(500);
    scenario.timing.watch = Span::ZERO;
    scenario.timing.lease_renewal = case.secs("lease_renew_s");
    scenario.timing.node_monitor_period = case.secs("node_monitor_period_s");
    scenario.timing.node_monitor_grace_period = case.secs("grace_s");
    let time_to_failure = Distribution::Exponential { mean: Span::hours(10) };
    let time_to_repair = Distribution::Deterministic(Span::mins(10));
    add_crashes(&mut scenario, 0..MACHINES, FaultTiming::stochastic(time_to_failure, time_to_repair));
    let model = Model::new(scenario);
    (0..12).flat_map(|run| watch(Sim::new(&model, Seed { master: 1, run }, Silent))).collect()
}

fn watch(mut sim: Sim<'_, Silent>) -> Vec<f64> {
    let mut latencies = Vec::new();
    let mut down_since = [None::<Instant>; MACHINES as usize];
    while sim.step() {
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
    }
    latencies
}

/// Within 0.2%, the deviation within 2%.
#[test]
fn a_crash_is_noticed_a_grace_period_after_the_last_renewal_that_was_seen() {
    let forty = case("node_notready_latency_mean_grace40");
    let latencies_forty = latencies(&forty);
    assert!(latencies_forty.len() > 20_000, "{}", latencies_forty.len());
    forty.agrees(mean(&latencies_forty), 0.002);
    case("node_notready_latency_sd_grace40").agrees(deviation(&latencies_forty), 0.02);
    let fifty = case("node_notready_latency_mean_grace50");
    fifty.agrees(mean(&latencies(&fifty)), 0.002);
}

/// The extremes are approached and never passed.
#[test]
fn a_crash_is_noticed_no_sooner_and_no_later() {
    for (earliest, latest) in [
        ("node_notready_latency_min_grace40", "node_notready_latency_max_grace40"),
        ("node_notready_latency_min_grace20", "node_notready_latency_max_grace20"),
    ] {
        let latencies = latencies(&case(earliest));
        assert!(latencies.iter().all(|seconds| case(earliest).exact <= *seconds));
        assert!(latencies.iter().any(|seconds| *seconds < case(earliest).exact + 0.4));
        never_later(&latencies, latest);
    }
    never_later(&latencies(&case("node_notready_latency_max_grace50")), "node_notready_latency_max_grace50");
}

fn never_later(latencies: &[f64], latest: &str) {
    let latest = case(latest).exact;
    assert!(latencies.iter().all(|seconds| *seconds <= latest));
    assert!(latencies.iter().any(|seconds| *seconds > latest - 0.4));
}
