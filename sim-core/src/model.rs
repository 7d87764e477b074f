//! From a scenario to its outcome.

use serde::Serialize;

use crate::outcome::{ClusterOutcome, Digest, Outcome, Recording, ServiceOutcome, WorkloadOutcome};
use crate::spec::Scenario;

/// Where all luck of one run comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seed {
    /// The user's seed, common to a whole sweep.
    pub master: u64,
    /// Index of the run at its design point; the same index meets the same luck at every design point.
    pub run: u64,
}

/// A scenario made ready to run: built once, shared by all runs.
#[derive(Clone, Debug)]
pub struct Model {
    scenario: Scenario,
}

impl Model {
    /// Prepares a validated scenario.
    pub fn new(scenario: Scenario) -> Model {
        Model { scenario }
    }

    /// The scenario that it was made from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
}

/// Runs the model once.
pub fn run(model: &Model, _seed: Seed) -> Outcome {
    let scenario = model.scenario();
    Outcome {
        measured: scenario.horizon.saturating_sub(scenario.warm_up),
        services: vec![ServiceOutcome::default(); scenario.services.len()],
        workloads: vec![WorkloadOutcome::default(); scenario.workloads.len()],
        cluster: ClusterOutcome::default(),
        events: 0,
        digest: Digest::default(),
    }
}

/// Runs the model once and tells everything.
pub fn record(model: &Model, seed: Seed) -> Recording {
    Recording { outcome: run(model, seed), timeline: Vec::new(), samples: Vec::new() }
}
