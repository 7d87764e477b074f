//! `nines run`: one design, many runs of it; or one of them, told.

use anyhow::Result;
use reports::run::objectives_hold;
use reports::story::{self, Telling};
use reports::write::{Extras, write_run, write_sweep};
use scenarios::Loaded;
use scenarios::experiment::experiment;
use scenarios::one_run::with_batch_means;
use scenarios::sweep::Experiment;

use crate::cli::{Format, Run};
use crate::exit::Exit;
use crate::headline::{announce, mention_start_up};
use crate::simulate::simulate;
use crate::told::{Told, worst_run};
use crate::voice::Voice;
use crate::{input, output, repeat, results};

/// Does it.
pub fn main(args: &Run, voice: &Voice) -> Result<Exit> {
    let wanted = input::wanted(&args.experiment, false);
    let loaded = input::load(&args.input)?;
    let experiment = input::accepted(experiment(&loaded, wanted), &args.input, voice)?;
    mention_factors(&loaded, voice);
    results::prepare(&args.results)?;
    match args.run {
        Some(run) => tell_one(args, &experiment, run, voice),
        None => sum_up(args, &experiment, voice),
    }
}

fn mention_factors(loaded: &Loaded, voice: &Voice) {
    if loaded.sweep().is_some_and(|sweep| !sweep.factors.is_empty()) {
        voice.note("`run` leaves the factors of the Sweep as the files have them; `nines sweep` varies them");
    }
}

/// All runs together, and the story of the longest outage among them.
fn sum_up(args: &Run, experiment: &Experiment, voice: &Voice) -> Result<Exit> {
    announce(experiment, voice);
    mention_start_up(experiment, voice);
    let mut findings = simulate(experiment, args.experiment.runs.threads, &args.input, voice)?;
    let worst = Told::new(experiment, 0, worst_run(&findings.result.points[0]));
    if findings.result.repetitions == 1 {
        with_batch_means(&mut findings.result, experiment.points[0].scenario(), &worst.recording);
    }
    let result = &findings.result;
    let story = Telling::LongestOutage(args.timeline);
    let format = args.results.format;
    if args.worst {
        output::print(&worst.text(story, format, voice)?)?;
    } else {
        output::print(&results::summary(result, format, voice)?)?;
        if format == Format::Table {
            output::print(&format!("\n{}", story::told(&worst.labels, &worst.recording, story)))?;
        }
    }
    if format == Format::Table {
        output::print(&worst.would_it_have_helped(experiment, 0, voice))?;
    }

    let reproduce = repeat::command(command(args), &args.input, experiment);
    let signature = results::signature(&findings, &reproduce);
    let extras = Extras {
        reproduce,
        recording: Some((worst.labels, worst.recording)),
        threads: args.experiment.runs.threads,
    };
    let written = results::written(&args.results, write_sweep(&args.results.output, result, &extras))?;
    results::close(&args.results, &[written, signature], voice)?;
    Ok(results::exit(&findings, &args.results))
}

fn command(args: &Run) -> &'static str {
    if args.worst { "run --worst" } else { "run" }
}

/// One run alone, from its beginning.
fn tell_one(args: &Run, experiment: &Experiment, run: u64, voice: &Voice) -> Result<Exit> {
    let told = Told::new(experiment, 0, run);
    output::print(&told.text(Telling::Timeline(args.timeline), args.results.format, voice)?)?;
    let reproduce = repeat::one_run(&args.input, &[], experiment.seed, run);
    let signature = results::signature_of_run(&told, &reproduce);
    let files = write_run(&args.results.output, &told.labels, &told.recording, &reproduce);
    results::close(&args.results, &[results::written(&args.results, files)?, signature], voice)?;
    Ok(results::verdict(objectives_hold(&told.labels, &told.recording), &args.results))
}
