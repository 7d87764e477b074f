//! Random scenarios in which machines are taken back with notice, fail together, and are down when a run begins.

use sim_core::ids::{FaultId, NodeId};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

use super::own_pods;

/// The `index`-th random scenario, with spot machines in bursts besides its own faults, a group that fails as a whole, and
/// a trace.
pub fn shared_fate(index: u64) -> Scenario {
    let mut scenario = own_pods::trouble(index);
    let nodes: Vec<NodeId> = (0..scenario.cluster.nodes.len()).map(NodeId::from).collect();
    let spot = FaultId::from(scenario.faults.len());
    let group = NodeGroup { name: String::from("all"), nodes: nodes.clone() };
    let shock = Shock {
        of: spot,
        groups: vec![group.clone()],
        sizes: vec![(2, 1.0), (5, 1.0)],
        window: Span::mins(1),
        share: 0.3,
    };
    let exponential = |mean| Distribution::Exponential { mean };
    let random = |mean, repair, initially| FaultTiming::Stochastic {
        time_to_failure: exponential(mean),
        time_to_repair: repair,
        initially,
    };
    let (begins, at_once) = (Initially::Stationary, Distribution::Deterministic(Span::ZERO));
    let notice = Span::secs(40 * (index % 3));
    let minutes = |from: u64, until: u64| Downtime {
        from: Instant::ZERO + Span::mins(from),
        until: Instant::ZERO + Span::mins(until),
    };
    let history = vec![minutes(0, 5), minutes(5, 6), minutes(50, 90)];
    let faults = [
        (
            "spot",
            FaultKind::SpotInterruption { nodes: nodes.clone(), notice },
            random(Span::hours(4), exponential(Span::mins(3)), begins),
        ),
        ("bursts", FaultKind::Shock(shock), random(Span::hours(2), at_once, begins)),
        (
            "group",
            FaultKind::GroupOutage(vec![group]),
            random(Span::hours(9), exponential(Span::mins(2)), Initially::New),
        ),
        ("past", FaultKind::MachineCrash(vec![nodes[0]]), FaultTiming::Replayed(vec![history])),
    ];
    let fault =
        |(name, kind, timing): (&str, FaultKind, FaultTiming)| Fault { name: name.to_owned(), kind, timing };
    scenario.faults.extend(faults.map(fault));
    scenario
}
