//! What autoscalers do, whatever goes wrong; and that the passes they leave out would have changed nothing.

mod support;

use sim_core::engine::Sim;
use sim_core::observers::timeline::Silent;
use sim_core::spec::Scenario;
use sim_core::time::Span;
use sim_core::{Model, Seed, run};
use support::autoscaled::autoscaled;

const SEED: Seed = Seed { master: 42, run: 0 };

/// The same traffic, told in so many parts that every autoscaler is woken four times a minute.
fn kept_awake(mut scenario: Scenario) -> Scenario {
    let parts = (Span::days(1).0 / Span::secs(15).0) as usize;
    for service in &mut scenario.services {
        service.traffic.daily_profile = vec![1.0; parts];
    }
    scenario
}

#[test]
fn passes_that_are_left_out_would_have_changed_nothing() {
    let mut left_out = 0;
    for index in 0..150 {
        let slept = run(&Model::new(autoscaled(index)), SEED);
        let awake = run(&Model::new(kept_awake(autoscaled(index))), SEED);
        assert_eq!(slept.workloads, awake.workloads, "scenario {index}");
        assert_eq!(slept.cluster, awake.cluster, "scenario {index}");
        left_out += awake.events - slept.events;
    }
    assert!(left_out > 100_000, "{left_out} events fewer: they sleep at all");
}

#[test]
fn replicas_come_within_their_bounds_and_pools_keep_their_least_size() {
    for index in 0..100 {
        let model = Model::new(autoscaled(index));
        let mut sim = Sim::new(&model, SEED, Silent);
        while sim.step() {}
        for spec in &model.scenario().scaling.autoscalers {
            let of_set = || sim.api().set(sim.api().sets_of(spec.target)[0]).replicas;
            let of_stateful_set = sim.api().stateful_set(spec.target).map(|set| set.replicas);
            let of_deployment = sim.api().deployment(spec.target).map(|deployment| deployment.replicas);
            let replicas = of_deployment.or(of_stateful_set).unwrap_or_else(of_set);
            let is_off = replicas == 0;
            assert!(
                is_off || (spec.bounds.min..=spec.bounds.max).contains(&replicas),
                "scenario {index}: {replicas} replicas, {:?}",
                spec.bounds
            );
        }
    }
}
