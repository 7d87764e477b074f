//! From design points to a [`SweepResult`]: every combination of levels, its runs, and what they say together.

use std::sync::atomic::AtomicBool;

use sim_core::Model;
use sim_core::spec::Scenario;

use crate::record::RunRecord;
use crate::runner::{self, Failure, Job};
use crate::summarize;
use crate::summary::{FactorAxis, PointResult, SweepResult};

/// What is to be found out: all that a result depends on, besides the version.
pub struct Experiment {
    /// Hash of everything that was read, in hex.
    pub input_hash: String,
    /// What varies; may be empty.
    pub factors: Vec<FactorAxis>,
    /// One per combination in [`combinations`]' order, all of the same services and workloads.
    pub points: Vec<Model>,
    /// Runs at each design point.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
}

/// How to run an experiment: nothing here changes its result, unless it is cancelled.
pub struct Execution<'a> {
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
    /// Set to true to end early.
    pub cancel: &'a AtomicBool,
    /// Told the number of runs done, after each, from any thread.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// A result, and whether it is all that was asked for.
pub struct Findings {
    /// What was found out.
    pub result: SweepResult,
    /// False if it was cancelled: `result.repetitions` then says how many runs each design point has.
    pub complete: bool,
}

impl Experiment {
    /// Runs at all design points together.
    pub fn runs(&self) -> u64 {
        self.points.len() as u64 * self.repetitions
    }

    /// What sets a design point apart, as `path=value`.
    pub fn settings(&self, point: usize) -> Vec<String> {
        let levels = combinations(&self.factors).swap_remove(point);
        let setting =
            |(factor, level): (&FactorAxis, usize)| format!("{}={}", factor.path, factor.values[level]);
        self.factors.iter().zip(levels).map(setting).collect()
    }

    /// Runs everything and sums it up.
    pub fn run(&self, how: &Execution) -> Result<Findings, Failure> {
        let job = Job {
            points: &self.points,
            repetitions: self.repetitions,
            seed: self.seed,
            threads: how.threads,
            cancel: how.cancel,
            progress: how.progress,
        };
        let runs = runner::execute(&job)?;
        Ok(Findings { result: self.sum_up(runs.points), complete: runs.complete })
    }

    fn sum_up(&self, points: Vec<Vec<RunRecord>>) -> SweepResult {
        let scenario = self.points[0].scenario();
        SweepResult {
            scenario: scenario.name.clone(),
            input_hash: self.input_hash.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            repetitions: points[0].len() as u64,
            measured_s: scenario.horizon.saturating_sub(scenario.warm_up).as_secs_f64(),
            services: service_names(scenario),
            workloads: workload_names(scenario),
            factors: self.factors.clone(),
            digest: digest(&points),
            points: self.point_results(points),
        }
    }

    fn point_results(&self, points: Vec<Vec<RunRecord>>) -> Vec<PointResult> {
        let levels = combinations(&self.factors);
        let models = self.points.iter().map(Model::scenario);
        levels.into_iter().zip(models).zip(points).map(|((l, m), r)| summarize::point(l, m, r)).collect()
    }
}

/// Every combination of levels, as indices; the last factor varies fastest. One empty combination without factors.
pub fn combinations(factors: &[FactorAxis]) -> Vec<Vec<usize>> {
    factors.iter().fold(vec![Vec::new()], |shorter, factor| {
        let extend = |prefix: &Vec<usize>| {
            let prefix = prefix.clone();
            (0..factor.levels.len()).map(move |level| [prefix.as_slice(), &[level]].concat())
        };
        shorter.iter().flat_map(extend).collect()
    })
}

/// Names of the measured services, `namespace/name`.
pub fn service_names(scenario: &Scenario) -> Vec<String> {
    scenario.services.iter().map(|service| format!("{}/{}", service.namespace, service.name)).collect()
}

/// Names of the workloads, `kind namespace/name`.
pub fn workload_names(scenario: &Scenario) -> Vec<String> {
    let name = |w: &sim_core::spec::Workload| format!("{} {}/{}", w.kind.name(), w.namespace, w.name);
    scenario.workloads.iter().map(name).collect()
}

/// Design points in order, the runs of each in order: first 64 bits of the BLAKE3 hash of their digests.
fn digest(points: &[Vec<RunRecord>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for run in points.iter().flatten() {
        hasher.update(&run.row.digest.0.to_le_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests;
