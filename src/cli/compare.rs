//! `nines compare`.

use clap::{Args, ValueEnum};
use sim_core::spec::Measure;

use super::{Input, Reading, Results, Runs};

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines compare before.yaml after.yaml       two scenarios, each with its manifests
  nines compare web --change Deployment/web.spec.replicas=3
                                             a scenario as it is, and with a change
  nines compare a.yaml b.yaml c.yaml -f k8s/ the same manifests in each; b and c against a")]
pub struct Compare {
    /// Scenarios: files, or names from `nines catalog`; the others are compared with the first
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<String>,

    /// One more design: the first scenario with this field set; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    pub change: Vec<String>,

    /// Which availability to compare
    #[arg(long, value_name = "MEASURE", default_value = "request")]
    pub measure: MeasureName,

    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub runs: Runs,
    #[command(flatten)]
    pub results: Results,
}

impl Compare {
    /// Each design: what it is called, and what to read for it.
    pub fn designs(&self) -> Vec<(String, Input)> {
        let input = |scenario: &String, reading| Input { scenario: Some(scenario.clone()), reading };
        let named = |name: &String| (name.clone(), input(name, self.reading.clone()));
        let changed = |change: &String| {
            let mut reading = self.reading.clone();
            reading.set.push(change.clone());
            (change.clone(), input(&self.scenarios[0], reading))
        };
        self.scenarios.iter().map(named).chain(self.change.iter().map(changed)).collect()
    }
}

/// A kind of availability.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeasureName {
    Request,
    Time,
    Capacity,
}

impl From<MeasureName> for Measure {
    fn from(name: MeasureName) -> Measure {
        match name {
            MeasureName::Request => Measure::Request,
            MeasureName::Time => Measure::Time,
            MeasureName::Capacity => Measure::Capacity,
        }
    }
}
