//! What a recorder hears is what the meters measure, and hearing it changes nothing.

mod support;

use sim_core::ids::WorkloadId;
use sim_core::outcome::{Recording, ReplicaSample, WorkloadOutcome};
use sim_core::time::{Instant, Span};
use sim_core::{Model, Seed, record, run};
use support::random;

const SEED: Seed = Seed { master: 42, run: 0 };

/// The samples of one workload, each with how long it holds.
fn spells(recording: &Recording, workload: WorkloadId) -> Vec<(ReplicaSample, Span)> {
    let own: Vec<_> = recording.replicas.iter().filter(|sample| sample.workload == workload).collect();
    let end = Instant::ZERO + recording.outcome.measured;
    let ends = own.iter().skip(1).map(|next| next.at).chain([end]);
    own.iter().zip(ends).map(|(sample, until)| (**sample, until - sample.at)).collect()
}

fn assert_agrees(outcome: &WorkloadOutcome, spells: &[(ReplicaSample, Span)], scenario: u64) {
    let time = |holds: fn(&ReplicaSample) -> bool| {
        spells.iter().filter(|(sample, _)| holds(sample)).fold(Span::ZERO, |sum, (_, span)| sum + *span)
    };
    assert_eq!(time(|s| s.desired == s.current), outcome.at_ratio_one, "scenario {scenario}");
    assert_eq!(time(|s| s.current == 0 && s.desired > 0), outcome.without_pods, "scenario {scenario}");
    assert_eq!(time(|s| s.ready >= s.desired), outcome.all_ready, "scenario {scenario}");
    let current: u128 = spells.iter().map(|(s, span)| u128::from(s.current) * u128::from(span.0)).sum();
    assert_eq!(current, outcome.current_integral, "scenario {scenario}");
}

#[test]
fn samples_of_replicas_add_up_to_the_meters() {
    let mut changes = 0;
    for index in 0..60 {
        let scenario = if index % 2 == 0 { random::trouble(index) } else { random::rollout(index) };
        let model = Model::new(scenario);
        let recording = record(&model, SEED);
        assert_eq!(recording.outcome, run(&model, SEED), "scenario {index}");
        for (at, outcome) in recording.outcome.workloads.iter().enumerate() {
            let spells = spells(&recording, WorkloadId::from(at));
            changes += spells.len();
            assert_agrees(outcome, &spells, index);
        }
    }
    assert!(changes > 1_000, "only {changes} changes");
}

#[test]
fn a_workload_has_one_sample_an_instant_and_only_changes() {
    let recording = record(&Model::new(random::trouble(4)), SEED);
    assert!(recording.replicas.windows(2).all(|pair| pair[0].at <= pair[1].at));
    for at in 0..recording.outcome.workloads.len() {
        let spells = spells(&recording, WorkloadId::from(at));
        assert!(spells.iter().all(|(_, span)| *span > Span::ZERO), "{spells:?}");
    }
}
