//! `nines sweep`: every combination of the factors, run many times.

use anyhow::Result;
use reports::verdict;
use reports::write::{Extras, write_sweep};
use scenarios::experiment::experiment;
use scenarios::summary::SweepResult;

use crate::cli::Sweep;
use crate::exit::Exit;
use crate::headline::{announce, mention_start_up};
use crate::simulate::simulate;
use crate::told::{Told, worst_run};
use crate::voice::Voice;
use crate::{input, output, repeat, results};

/// Does it.
pub fn main(args: &Sweep, voice: &Voice) -> Result<Exit> {
    let wanted = input::wanted(&args.experiment, true);
    let loaded = input::load(&args.input)?;
    let experiment = input::accepted(experiment(&loaded, wanted), &args.input, voice)?;
    results::prepare(&args.results)?;
    announce(&experiment, voice);
    mention_start_up(&experiment, voice);
    let findings = simulate(&experiment, args.experiment.runs.threads, &args.input, voice)?;
    let result = &findings.result;
    output::print(&results::summary(result, args.results.format, voice)?)?;

    let reproduce = repeat::command("sweep", &args.input, &experiment);
    let signature = results::signature(&findings, &reproduce);
    let point = telling_point(result);
    let mut told = Told::new(&experiment, point, worst_run(&result.points[point]));
    told.labels.design_point = verdict::point_name(result, point);
    told.labels.repeat =
        repeat::one_run(&args.input, &experiment.settings(point), experiment.seed, told.labels.seed.run);
    let extras = Extras {
        reproduce,
        recording: Some((told.labels, told.recording)),
        threads: args.experiment.runs.threads,
    };
    let written = results::written(&args.results, write_sweep(&args.results.output, result, &extras))?;
    results::close(&args.results, &[written, signature], voice)?;
    Ok(results::exit(&findings, &args.results))
}

/// The design point of which a run is shown: the one that the first service's results turn to.
fn telling_point(result: &SweepResult) -> usize {
    if result.services.is_empty() { 0 } else { verdict::point_of_interest(result, 0).unwrap_or(0) }
}
