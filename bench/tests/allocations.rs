//! Nothing is allocated per event once a run is under way. What still grows is the list of outages, a result.

use std::alloc::System;

use nines_bench::engines::{Engine, Nines};
use nines_bench::work::{Hold, Repair, Work};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[path = "../../sim-core/examples/cluster_year/scenario.rs"]
mod scenario;

/// One test, because the counters are the whole program's.
#[test]
fn steady_state_allocates_nothing() {
    assert_eq!(allocations_of_the_engine(Hold::new(1_000)), 0);
    assert_eq!(allocations_of_the_engine(Repair::new(1_000)), 0);
    let per_event = allocations_per_event_of_a_cluster();
    assert!(per_event < 1.0 / 300.0, "{per_event} allocations per event in a cluster's second year");
}

fn allocations_of_the_engine(work: impl Work) -> usize {
    let mut engine = Nines::new(work);
    let region = Region::new(ALLOCATOR);
    engine.run(100_000);
    let change = region.change();
    change.allocations + change.reallocations
}

/// What two years allocate more than one year, per event that they have more.
fn allocations_per_event_of_a_cluster() -> f64 {
    let (one, two) = (allocations_and_events(1), allocations_and_events(2));
    assert!(two.1 > one.1, "no event in the second year");
    two.0.saturating_sub(one.0) as f64 / (two.1 - one.1) as f64
}

fn allocations_and_events(years: u64) -> (usize, u64) {
    let horizon = sim_core::time::Span::days(365 * years);
    let model = sim_core::Model::new(scenario::cluster(scenario::HUNDRED, horizon));
    let region = Region::new(ALLOCATOR);
    let outcome = sim_core::run(&model, sim_core::Seed { master: 1, run: 0 });
    let change = region.change();
    (change.allocations + change.reallocations, outcome.events)
}
