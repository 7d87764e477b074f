//! A run with everything that happened in it.

use std::cmp::Reverse;

use anyhow::Result;
use reports::labels::RunLabels;
use reports::story::Telling;
use reports::{csv, json, remedy, run, table};
use scenarios::remedy::remedies;
use scenarios::summary::{PointResult, RunRow};
use scenarios::sweep::Experiment;
use sim_core::ids::ServiceId;
use sim_core::outcome::Recording;
use sim_core::{Seed, record};

use crate::cli::Format;
use crate::output;
use crate::voice::Voice;

/// A recorded run, and what things are called in it.
pub struct Told {
    pub labels: RunLabels,
    pub recording: Recording,
}

impl Told {
    /// Runs `run` of a design point once more, and listens.
    pub fn new(experiment: &Experiment, point: usize, run: u64) -> Told {
        let (model, seed) = (&experiment.points[point], Seed { master: experiment.seed, run });
        let labels = RunLabels::of(model.scenario(), seed, env!("CARGO_PKG_VERSION"), &experiment.input_hash);
        Told { labels, recording: record(model, seed) }
    }

    /// What a change would have made of the run for the service with the longest outage, as a table for a terminal; nothing if it had none.
    pub fn would_it_have_helped(&self, experiment: &Experiment, point: usize, voice: &Voice) -> String {
        let services = &self.recording.outcome.services;
        let longest = |s: &usize| services[*s].outages.iter().map(|outage| outage.duration()).max();
        let hit =
            (0..services.len()).filter(|s| longest(s).is_some()).max_by_key(|s| (longest(s), Reverse(*s)));
        let Some(service) = hit else { return String::new() };
        let scenario = experiment.points[point].scenario();
        let remedies = remedies(scenario, ServiceId::from(service), self.labels.seed);
        let look = table::Look { colour: voice.colour_stdout, width: output::width() };
        table::captioned(&remedy::grid(&self.labels.services[service].name, &remedies), look)
    }

    /// The run in the format that was asked for.
    pub fn text(&self, telling: Telling, format: Format, voice: &Voice) -> Result<String> {
        let look = table::Look { colour: voice.colour_stdout, width: output::width() };
        Ok(match format {
            Format::Table => run::summary(&self.labels, &self.recording, telling, look),
            Format::Markdown => run::markdown(&self.labels, &self.recording, telling),
            Format::Json => json::text(&self.recording)?,
            Format::Csv => String::from_utf8_lossy(&csv::timeline(&self.recording).to_csv()?).into_owned(),
        })
    }
}

/// The run with the longest outage; the first of several, and the first run if there was none.
pub fn worst_run(point: &PointResult) -> u64 {
    let longest =
        |row: &RunRow| row.services.iter().map(|service| service.longest_outage_s).fold(0.0, f64::max);
    let worse = |worst: &RunRow, row: &RunRow| longest(row) > longest(worst);
    point
        .runs
        .iter()
        .reduce(|worst, row| if worse(worst, row) { row } else { worst })
        .map_or(0, |row| row.run)
}
