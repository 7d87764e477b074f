//! What the availability of a service depends on: each parameter lowered and raised by itself (a tornado), and those
//! that matter most then moved together (screening by Morris' elementary effects). Every change meets the same luck.

mod morris;
mod parameters;
mod quantity;
mod result;

use sim_core::Model;
use sim_core::spec::{Measure, Scenario};

use crate::compare::loss;
use crate::diagnostic::Diagnostic;
use crate::record::RunRecord;
use crate::runner::{self, Failure, Job, Runs};
use crate::set::Path;
use crate::statistics::{self, Estimate, TAIL};
use crate::summarize::{self, measure_name};
use crate::sweep::{Execution, digest, measured_s, service_names};
use crate::{Compiled, Loaded};

pub use morris::{Effects, Trajectory};
pub use parameters::{Asked, Parameter, parameters};
pub use quantity::Quantity;
pub use result::{Changed, Ranked, Sensitivity};

/// What is to be found out.
pub struct Study<'a> {
    /// The input.
    pub loaded: &'a Loaded,
    /// What is changed.
    pub parameters: Vec<Parameter>,
    /// Index of the service whose availability is looked at.
    pub service: usize,
    /// Which availability.
    pub measure: Measure,
    /// Runs of each design.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
    /// Parameters that are screened, those with the largest effect; 0 for none.
    pub screened: usize,
    /// Trajectories of the screening.
    pub trajectories: usize,
}

/// The tornado before its runs: the scenario as it is, and each end of each parameter that can be had.
pub struct Tornado {
    models: Vec<Model>,
    /// Design of the lower and the upper end of each parameter.
    ends: Vec<[Option<usize>; 2]>,
    refused: Vec<String>,
    notes: Vec<Diagnostic>,
}

impl Tornado {
    /// What there is to say about the scenario as it is.
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The scenario as it is.
    pub fn scenario(&self) -> &Scenario {
        self.models[0].scenario()
    }
}

impl Study<'_> {
    /// Compiles the scenario and its changes; or all problems of the scenario as it is.
    pub fn tornado(&self) -> Result<Tornado, Vec<Diagnostic>> {
        let Compiled { scenario, notes } = self.loaded.scenario(&[])?;
        let mut tornado =
            Tornado { models: vec![Model::new(scenario)], ends: Vec::new(), refused: Vec::new(), notes };
        for parameter in &self.parameters {
            let ends = [parameter.low, parameter.high].map(|end| self.add(&mut tornado, parameter, end));
            tornado.ends.push(ends);
        }
        Ok(tornado)
    }

    /// A value that changes nothing, such as half of one replica, is no other design than the first.
    fn add(&self, tornado: &mut Tornado, parameter: &Parameter, end: Quantity) -> Option<usize> {
        if parameter.value == Some(end) {
            return Some(0);
        }
        match self.model(&[(parameter.path.clone(), end.text())]) {
            Ok(model) if service_names(model.scenario()) == service_names(tornado.scenario()) => {
                tornado.models.push(model);
                Some(tornado.models.len() - 1)
            }
            Ok(_) => None,
            Err(why) => {
                tornado.refused.push(format!("{}={}: {why}", parameter.path, end.text()));
                None
            }
        }
    }

    fn model(&self, settings: &[(Path, String)]) -> Result<Model, String> {
        let first = |problems: Vec<Diagnostic>| problems.first().map_or(String::new(), |p| p.message.clone());
        self.loaded.scenario(settings).map(|compiled| Model::new(compiled.scenario)).map_err(first)
    }

    /// Runs, at most.
    pub fn runs(&self, tornado: &Tornado) -> u64 {
        let screened = self.screened.min(self.parameters.len());
        let screening = if screened == 0 { 0 } else { self.trajectories * (screened + 1) };
        (tornado.models.len() + screening) as u64 * self.repetitions
    }

    /// Runs everything, and ranks.
    pub fn run(&self, tornado: &Tornado, how: &Execution) -> Result<Sensitivity, Failure> {
        let runs = self.execute(&tornado.models, 0, how)?;
        let mut found = self.ranked(tornado, &runs);
        let mut all = runs.points;
        if runs.complete {
            let chosen = self.most_telling(&found, tornado);
            let done = tornado.models.len() as u64 * self.repetitions;
            match self.screen(&chosen, done, how) {
                Ok((effects, points)) => {
                    self.add_effects(&mut found, &chosen, &effects);
                    all.extend(points);
                }
                Err(Failure::Cancelled) => found.complete = false,
                Err(failure) => return Err(failure),
            }
        }
        Ok(Sensitivity { digest: digest(&all), ..found })
    }

    fn execute(&self, models: &[Model], done: u64, how: &Execution) -> Result<Runs, Failure> {
        runner::execute(&Job {
            points: models,
            runs: 0..self.repetitions,
            seed: self.seed,
            threads: how.threads,
            cancel: how.cancel,
            progress: &|more| (how.progress)(done + more),
        })
    }

    fn ranked(&self, tornado: &Tornado, runs: &Runs) -> Sensitivity {
        let scenario = tornado.scenario();
        let base = &runs.points[0];
        let availability = summarize::availabilities(base, self.measure).nth(self.service);
        let changed = |end: Quantity, design: Option<usize>| Changed {
            value: end.text(),
            change: design.and_then(|design| self.change(base, &runs.points[design])),
        };
        let rank = |(parameter, ends): (&Parameter, &[Option<usize>; 2])| {
            let (low, high) = (changed(parameter.low, ends[0]), changed(parameter.high, ends[1]));
            Ranked {
                path: parameter.path.to_string(),
                value: parameter.value.map(Quantity::text),
                swing: result::swing(&low, &high),
                low,
                high,
                effects: None,
            }
        };
        let mut ranked: Vec<Ranked> = self.parameters.iter().zip(&tornado.ends).map(rank).collect();
        ranked.sort_by(|a, b| b.swing.total_cmp(&a.swing));
        Sensitivity {
            scenario: scenario.name.clone(),
            input_hash: self.loaded.input_hash.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            repetitions: base.len() as u64,
            measured_s: measured_s(scenario),
            service: service_names(scenario)[self.service].clone(),
            measure: measure_name(self.measure),
            base: availability.expect("the service is one of the scenario's"),
            parameters: ranked,
            trajectories: 0,
            refused: tornado.refused.clone(),
            digest: String::new(),
            complete: runs.complete,
        }
    }

    fn change(&self, base: &[RunRecord], changed: &[RunRecord]) -> Option<Estimate> {
        let difference = statistics::difference(TAIL, &self.losses(base), &self.losses(changed));
        difference.map(|difference| difference.estimate)
    }

    fn losses(&self, runs: &[RunRecord]) -> Vec<(f64, f64)> {
        runs.iter().map(|run| loss(&run.row.services[self.service], self.measure)).collect()
    }

    /// The parameters with the largest swing, of those whose whole range can be had.
    fn most_telling(&self, found: &Sensitivity, tornado: &Tornado) -> Vec<usize> {
        let whole = |at: &usize| tornado.ends[*at].iter().all(Option::is_some);
        let at = |ranked: &Ranked| self.parameters.iter().position(|p| p.path.to_string() == ranked.path);
        let telling = found.parameters.iter().filter(|ranked| ranked.swing > 0.0);
        telling.filter_map(at).filter(whole).take(self.screened).collect()
    }

    /// Effects of the chosen parameters, and the runs that they come from. A trajectory that leads through a design that
    /// is refused is left out.
    fn screen(
        &self,
        chosen: &[usize],
        done: u64,
        how: &Execution,
    ) -> Result<(Screened, Vec<Vec<RunRecord>>), Failure> {
        let ways = if chosen.is_empty() { 0 } else { self.trajectories };
        let ways = morris::trajectories(chosen.len(), ways, self.seed);
        let (mut kept, mut models) = (Vec::new(), Vec::new());
        for way in ways {
            let designs = way.points.iter().map(|places| self.model(&self.settings(chosen, places)));
            if let Ok(designs) = designs.collect::<Result<Vec<Model>, String>>() {
                kept.push(way);
                models.extend(designs);
            }
        }
        if models.is_empty() {
            return Ok((Screened::default(), Vec::new()));
        }
        let runs = self.execute(&models, done, how)?;
        if !runs.complete {
            return Err(Failure::Cancelled);
        }
        let lost: Vec<f64> =
            runs.points.iter().map(|runs| statistics::ratio(&self.losses(runs)).value).collect();
        let measured: Vec<Vec<f64>> = lost.chunks(chosen.len() + 1).map(<[f64]>::to_vec).collect();
        let effects = morris::effects(&kept, &measured, chosen.len());
        Ok((Screened { effects, trajectories: kept.len() }, runs.points))
    }

    fn settings(&self, chosen: &[usize], places: &[f64]) -> Vec<(Path, String)> {
        let setting = |(&at, &place): (&usize, &f64)| {
            let parameter = &self.parameters[at];
            (parameter.path.clone(), parameter.at(place).text())
        };
        chosen.iter().zip(places).map(setting).collect()
    }

    fn add_effects(&self, found: &mut Sensitivity, chosen: &[usize], screened: &Screened) {
        found.trajectories = screened.trajectories;
        for (&at, effects) in chosen.iter().zip(&screened.effects) {
            let path = self.parameters[at].path.to_string();
            let ranked = found.parameters.iter_mut().find(|ranked| ranked.path == path);
            ranked.into_iter().for_each(|ranked| ranked.effects = Some(*effects));
        }
    }
}

/// What the screening found.
#[derive(Default)]
struct Screened {
    effects: Vec<Effects>,
    trajectories: usize,
}

#[cfg(test)]
mod tests;
