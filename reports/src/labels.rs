//! Names and promises of the things that an outcome knows by number only.

use sim_core::Seed;
use sim_core::ids::{Cause, ServiceId, WorkloadId};
use sim_core::spec::{Objective, Scenario, Service, Workload};
use sim_core::time::Span;

/// Which run it was, and what things are called in it.
#[derive(Clone, Debug)]
pub struct RunLabels {
    /// Name of the scenario.
    pub scenario: String,
    /// Version of Nines.
    pub version: String,
    /// Hash of everything that was read, in hex.
    pub input_hash: String,
    /// Seed of the run.
    pub seed: Seed,
    /// Simulated span of the run, warm-up and all.
    pub horizon: Span,
    /// What sets its design point apart: `replicas 2, zones three`; empty where nothing was varied.
    pub design_point: String,
    /// The command that repeats this run alone; empty where that of the whole result does.
    pub repeat: String,
    /// In the order of the outcome.
    pub services: Vec<ServiceLabel>,
    /// `kind namespace/name`, in the order of the outcome.
    pub workloads: Vec<String>,
    /// In the order of their ids.
    pub faults: Vec<String>,
    /// In the order of their ids.
    pub operations: Vec<String>,
}

/// What a report must know of a service.
#[derive(Clone, Debug)]
pub struct ServiceLabel {
    /// `namespace/name`.
    pub name: String,
    /// What was promised.
    pub objectives: Vec<Objective>,
}

impl RunLabels {
    /// The labels of a scenario.
    pub fn of(scenario: &Scenario, seed: Seed, version: &str, input_hash: &str) -> RunLabels {
        let service = |s: &Service| ServiceLabel {
            name: format!("{}/{}", s.namespace, s.name),
            objectives: s.objectives.clone(),
        };
        RunLabels {
            scenario: scenario.name.clone(),
            version: version.to_owned(),
            input_hash: input_hash.to_owned(),
            seed,
            horizon: scenario.horizon,
            design_point: String::new(),
            repeat: String::new(),
            services: scenario.services.iter().map(service).collect(),
            workloads: scenario.workloads.iter().map(workload_name).collect(),
            faults: scenario.faults.iter().map(|fault| fault.name.clone()).collect(),
            operations: (0..scenario.operations.len())
                .map(|id| scenario.name_of(Cause::Operation(id.into())))
                .collect(),
        }
    }

    /// Name of a service.
    pub fn service(&self, id: ServiceId) -> &str {
        self.services.get(id.index()).map_or("?", |service| &service.name)
    }

    /// Kind and name of a workload.
    pub fn workload(&self, id: WorkloadId) -> &str {
        self.workloads.get(id.index()).map_or("?", |name| name)
    }

    /// Name of what began an outage.
    pub fn cause(&self, cause: Cause) -> &str {
        let name = match cause {
            Cause::Fault(id) => self.faults.get(id.index()),
            Cause::Operation(id) => self.operations.get(id.index()),
        };
        name.map_or("?", |name| name)
    }
}

fn workload_name(workload: &Workload) -> String {
    format!("{} {}/{}", workload.kind.name(), workload.namespace, workload.name)
}
