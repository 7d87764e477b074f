//! Designs side by side under the same luck: each run meets the same failures in every design, so that most of what is
//! chance cancels in the difference (common random numbers; decision 0002 says why luck has addresses).

use serde::Serialize;
use sim_core::Model;
use sim_core::spec::{Measure, Scenario};

use crate::record::RunRecord;
use crate::runner::{self, Failure, Job};
use crate::statistics::{self, Estimate, TAIL};
use crate::summarize::{self, measure_name};
use crate::summary::{PointResult, RunService};
use crate::sweep::{Execution, digest, measured_s, service_names};

/// What is to be compared, and how.
pub struct Contest {
    /// One per design; the first is what the others are compared with.
    pub designs: Vec<Design>,
    /// One per design.
    pub models: Vec<Model>,
    /// Which availability.
    pub measure: Measure,
    /// Runs of each design.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
}

/// A design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Design {
    /// What it is called.
    pub name: String,
    /// Hash of everything that was read for it, in hex.
    pub input_hash: String,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Version of Nines.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// Runs of each design.
    pub repetitions: u64,
    /// Measured span of one run of the first design, in seconds.
    pub measured_s: f64,
    /// `request`, `time` or `capacity`.
    pub measure: &'static str,
    /// Services that every design has, `namespace/name`.
    pub services: Vec<String>,
    /// Services that some design has not.
    pub left_out: Vec<String>,
    /// One per design.
    pub designs: Vec<DesignResult>,
    /// Each other design against the first, service by service.
    pub differences: Vec<Difference>,
    /// Fingerprint of all runs in order, in hex.
    pub digest: String,
    /// Whether every run that was asked for was made.
    pub complete: bool,
}

/// One design by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DesignResult {
    /// Its name and input.
    #[serde(flatten)]
    pub design: Design,
    /// Price of all nodes per hour, in the user's currency; 0 if no price was given.
    pub price_per_hour: f64,
    /// Whether it keeps all of its objectives; none if it has none.
    pub objectives_met: Option<bool>,
    /// Availability of each common service.
    pub availability: Vec<Estimate>,
}

/// A service in another design than the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Index of the service.
    pub service: usize,
    /// Index of the design.
    pub design: usize,
    /// Availability there less availability in the first design. All intervals of a comparison together hold with 95%
    /// (Bonferroni).
    pub difference: Estimate,
    /// How many times as many unpaired runs would be as sure; none where no run differs.
    pub saved: Option<f64>,
    /// What it means.
    pub verdict: Verdict,
    /// Runs of each design that would tell a difference of this size, where these do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_needed: Option<u64>,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// More available than the first.
    Better,
    /// Less available than the first.
    Worse,
    /// The same in every run.
    Same,
    /// These runs do not tell.
    Unclear,
}

impl Contest {
    /// Runs everything, and compares.
    pub fn run(&self, how: &Execution) -> Result<Comparison, Failure> {
        let runs = runner::execute(&Job {
            points: &self.models,
            runs: 0..self.repetitions,
            seed: self.seed,
            threads: how.threads,
            cancel: how.cancel,
            progress: how.progress,
        })?;
        Ok(Comparison { complete: runs.complete, ..self.compare(runs.points) })
    }

    /// Services of all designs, and those of only some.
    pub fn services(&self) -> (Vec<String>, Vec<String>) {
        common_services(self.models.iter().map(Model::scenario))
    }

    fn compare(&self, points: Vec<Vec<RunRecord>>) -> Comparison {
        let (services, left_out) = self.services();
        let paired = Paired { contest: self, services: &services, points: &points };
        let differences = paired.differences();
        let mut comparison = Comparison {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            repetitions: points[0].len() as u64,
            measured_s: measured_s(self.models[0].scenario()),
            measure: measure_name(self.measure),
            designs: Vec::new(),
            differences,
            digest: digest(&points),
            complete: true,
            left_out,
            services,
        };
        let designs = self.designs.iter().zip(&self.models).zip(points);
        comparison.designs = designs
            .map(|((design, model), runs)| self.design(design, model, runs, &comparison.services))
            .collect();
        comparison
    }

    fn design(
        &self,
        design: &Design,
        model: &Model,
        runs: Vec<RunRecord>,
        services: &[String],
    ) -> DesignResult {
        let scenario = model.scenario();
        let all: Vec<Estimate> = summarize::availabilities(&runs, self.measure).collect();
        let point = summarize::point(Vec::new(), scenario, runs);
        DesignResult {
            design: design.clone(),
            price_per_hour: point.price_per_hour,
            objectives_met: objectives_met(&point),
            availability: services.iter().map(|name| all[index_of(scenario, name)]).collect(),
        }
    }
}

fn objectives_met(point: &PointResult) -> Option<bool> {
    let objectives = || point.services.iter().flat_map(|service| &service.objectives);
    objectives().next().map(|_| objectives().all(|objective| objective.met))
}

fn common_services<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> (Vec<String>, Vec<String>) {
    let each: Vec<Vec<String>> = scenarios.map(service_names).collect();
    let mut all: Vec<String> = Vec::new();
    for name in each.iter().flatten() {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    all.into_iter().partition(|name| each.iter().all(|names| names.contains(name)))
}

fn index_of(scenario: &Scenario, service: &str) -> usize {
    service_names(scenario).iter().position(|name| name == service).expect("every design has it")
}

/// The runs of all designs, of which those with the same index belong together.
struct Paired<'a> {
    contest: &'a Contest,
    services: &'a [String],
    points: &'a [Vec<RunRecord>],
}

impl Paired<'_> {
    fn differences(&self) -> Vec<Difference> {
        let others = 1..self.points.len();
        let of_design = |design| (0..self.services.len()).map(move |service| (design, service));
        others.flat_map(of_design).map(|(design, service)| self.difference(design, service)).collect()
    }

    fn difference(&self, design: usize, service: usize) -> Difference {
        let comparisons = (self.points.len() - 1) * self.services.len();
        let (first, second) = (self.losses(0, service), self.losses(design, service));
        let found = statistics::difference(TAIL / comparisons as f64, &first, &second);
        let lost = found.map_or(Estimate::exactly(0.0), |found| found.estimate);
        let difference = lost.mirrored();
        let saved = found.and_then(|found| found.saved);
        let verdict = verdict(&difference, saved.is_some());
        let runs_needed = runs_needed(&difference, first.len()).filter(|_| verdict == Verdict::Unclear);
        Difference { service, design, difference, saved, verdict, runs_needed }
    }

    /// What is lost, of what, in each run of a design.
    fn losses(&self, design: usize, service: usize) -> Vec<(f64, f64)> {
        let index = index_of(self.contest.models[design].scenario(), &self.services[service]);
        let runs = self.points[design].iter().map(|run| &run.row.services[index]);
        runs.map(|run| loss(run, self.contest.measure)).collect()
    }
}

/// What a run of a service lost, and of what.
pub fn loss(run: &RunService, measure: Measure) -> (f64, f64) {
    match measure {
        Measure::Request => (run.lost_requests, run.requests),
        Measure::Time => (1.0 - run.time_availability, 1.0),
        Measure::Capacity => (1.0 - run.capacity_availability, 1.0),
    }
}

fn verdict(difference: &Estimate, differs: bool) -> Verdict {
    match () {
        () if !differs && difference.value == 0.0 => Verdict::Same,
        () if difference.low > 0.0 => Verdict::Better,
        () if difference.high < 0.0 => Verdict::Worse,
        () => Verdict::Unclear,
    }
}

/// Half-widths shrink with the root of the number of runs.
fn runs_needed(difference: &Estimate, runs: usize) -> Option<u64> {
    let times = (difference.half_width() / difference.value).abs();
    let needed = (times * times * runs as f64).ceil();
    (difference.value != 0.0 && needed.is_finite()).then_some(needed as u64)
}

#[cfg(test)]
mod tests;
