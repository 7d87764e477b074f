//! From design points to a [`SweepResult`]: every combination of levels, its runs, and what they say together.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use sim_core::Model;
use sim_core::spec::Scenario;

use crate::record::RunRecord;
use crate::runner::{self, Failure, Job, Runs};
use crate::summarize;
use crate::summary::{FactorAxis, PointResult, Stopped, SweepResult};
use crate::until::{FIRST_LOOK, Until, next_look};

/// What is to be found out: all that a result depends on, besides the version.
pub struct Experiment {
    /// Hash of everything that was read, in hex.
    pub input_hash: String,
    /// What varies; may be empty.
    pub factors: Vec<FactorAxis>,
    /// One per combination in [`combinations`]' order, all of the same services and workloads.
    pub points: Vec<Model>,
    /// Runs at each design point; with `stopping`, those before the first look, if they are more than [`FIRST_LOOK`].
    pub repetitions: u64,
    /// When to stop, if more runs may follow.
    pub stopping: Option<Stopping>,
    /// Master seed.
    pub seed: u64,
}

/// What to wait for, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stopping {
    /// The precision that is wanted.
    pub until: Until,
    /// Runs at each design point at most.
    pub most_runs: u64,
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
    /// Runs at all design points together, at most.
    pub fn runs(&self) -> u64 {
        self.points.len() as u64 * self.most_repetitions()
    }

    /// Runs at each design point, at most.
    pub fn most_repetitions(&self) -> u64 {
        self.stopping.map_or(self.repetitions, |stopping| stopping.most_runs)
    }

    /// What sets a design point apart, as `path=value`.
    pub fn settings(&self, point: usize) -> Vec<String> {
        let levels = combinations(&self.factors).swap_remove(point);
        let setting =
            |(factor, level): (&FactorAxis, usize)| format!("{}={}", factor.path, factor.values[level]);
        self.factors.iter().zip(levels).map(setting).collect()
    }

    /// Runs everything and sums it up; with [`Stopping`], round after round.
    pub fn run(&self, how: &Execution) -> Result<Findings, Failure> {
        let first = self
            .stopping
            .map_or(self.repetitions, |stopping| self.repetitions.max(FIRST_LOOK).min(stopping.most_runs));
        let mut runs = self.round(how, 0..first)?;
        let stopped = match self.stopping {
            Some(stopping) => Some(self.wait(how, stopping, &mut runs)?),
            None => None,
        };
        let result = SweepResult { stopped, ..self.sum_up(runs.points) };
        Ok(Findings { result, complete: runs.complete })
    }

    /// Further rounds, until one ends with what was waited for.
    fn wait(&self, how: &Execution, stopping: Stopping, runs: &mut Runs) -> Result<Stopped, Failure> {
        let mut rounds = 1;
        loop {
            let done = runs.points[0].len() as u64;
            let reached = stopping.until.is_reached(&runs.points);
            if reached || !runs.complete || done >= stopping.most_runs {
                return Ok(Stopped::new(stopping, rounds, reached));
            }
            self.extend(how, runs, next_look(done, stopping.most_runs))?;
            rounds += 1;
        }
    }

    fn round(&self, how: &Execution, runs: Range<u64>) -> Result<Runs, Failure> {
        let done = runs.start * self.points.len() as u64;
        runner::execute(&Job {
            points: &self.points,
            runs,
            seed: self.seed,
            threads: how.threads,
            cancel: how.cancel,
            progress: &|more| (how.progress)(done + more),
        })
    }

    /// A further round; whoever ends it at once keeps what was there before.
    fn extend(&self, how: &Execution, runs: &mut Runs, until: u64) -> Result<(), Failure> {
        match self.round(how, runs.points[0].len() as u64..until) {
            Ok(further) => {
                runs.complete = further.complete;
                runs.points.iter_mut().zip(further.points).for_each(|(all, more)| all.extend(more));
            }
            Err(Failure::Cancelled) => runs.complete = false,
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    fn sum_up(&self, points: Vec<Vec<RunRecord>>) -> SweepResult {
        let scenario = self.points[0].scenario();
        SweepResult {
            scenario: scenario.name.clone(),
            input_hash: self.input_hash.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            repetitions: points[0].len() as u64,
            stopped: None,
            measured_s: measured_s(scenario),
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

/// Span of a run that is measured, in seconds.
pub fn measured_s(scenario: &Scenario) -> f64 {
    scenario.horizon.saturating_sub(scenario.warm_up).as_secs_f64()
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
pub(crate) fn digest(points: &[Vec<RunRecord>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for run in points.iter().flatten() {
        hasher.update(&run.row.digest.0.to_le_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests;
