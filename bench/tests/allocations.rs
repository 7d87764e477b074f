//! Nothing is allocated per event once a run is under way: after a year, only lists of outages grow, and they are results.

use std::alloc::System;

use nines_bench::engines::{Engine, Nines};
use nines_bench::work::{Hold, Repair, Work};
use sim_core::engine::Sim;
use sim_core::ids::{TemplateId, WorkloadId};
use sim_core::observers::timeline::Silent;
use sim_core::spec::{Distribution, Fault, FaultKind, FaultTiming, PodTarget, Scenario};
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[path = "../../sim-core/examples/cluster_year/scenario.rs"]
mod scenario;

const YEAR: Span = Span::days(365);

/// One test, because the counters are the whole program's.
#[test]
fn steady_state_allocates_nothing() {
    assert_eq!(allocations_of_the_engine(Hold::new(1_000)), 0);
    assert_eq!(allocations_of_the_engine(Repair::new(1_000)), 0);

    let mut cluster = scenario::cluster(scenario::HUNDRED, YEAR * 2);
    cluster.faults.push(pod_kills(&cluster));
    let services = cluster.services.len();
    let (allocations, events) = second_year(cluster.clone());
    assert!(events > 500_000, "{events} events are too few to mean anything");
    assert!(
        allocations <= services,
        "{allocations}: a list of outages doubles no more than once in its second year"
    );

    cluster.services.iter_mut().for_each(|service| service.outage_below = 0.0);
    let (allocations, events) = second_year(cluster);
    assert_eq!(allocations, 0, "in {events} events of a year without outages");
}

fn allocations_of_the_engine(work: impl Work) -> usize {
    let mut engine = Nines::new(work);
    let mut run = || {
        allocations(|| {
            engine.run(100_000);
        })
    };
    // The test harness, on its own thread, may allocate during the first.
    run().min(run()).min(run())
}

/// Allocations and events of a scenario's second year.
fn second_year(scenario: Scenario) -> (usize, u64) {
    let model = Model::new(scenario);
    let mut sim = Sim::new(&model, Seed { master: 1, run: 0 }, Silent);
    while sim.now() < Instant::ZERO + YEAR {
        sim.step();
    }
    let mut events = 0;
    let allocations = allocations(|| {
        while sim.step() {
            events += 1;
        }
    });
    (allocations, events)
}

fn allocations(action: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    action();
    let change = region.change();
    change.allocations + change.reallocations
}

/// A pod of every workload is deleted about once a week.
fn pod_kills(cluster: &Scenario) -> Fault {
    let target = PodTarget {
        templates: (0..cluster.templates.len()).map(TemplateId::from).collect(),
        workloads: (0..cluster.workloads.len()).map(WorkloadId::from).collect(),
    };
    let mean = Span::days(7);
    Fault {
        name: "kills".into(),
        kind: FaultKind::PodKill { target, grace: None },
        timing: FaultTiming::stochastic(Distribution::Exponential { mean }, Distribution::Deterministic(Span::ZERO)),
    }
}
