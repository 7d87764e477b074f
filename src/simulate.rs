//! Runs an experiment with a progress bar, ready to be interrupted.

use anyhow::{Result, bail};
use scenarios::runner::Failure;
use scenarios::sweep::{Execution, Experiment, Findings};

use crate::broken;
use crate::cli;
use crate::interrupt;
use crate::progress::Progress;
use crate::repeat;
use crate::stop::Stop;
use crate::voice::Voice;

/// Runs it.
pub fn simulate(
    experiment: &Experiment,
    threads: usize,
    input: &cli::Input,
    voice: &Voice,
) -> Result<Findings> {
    let again = |point, run| repeat::one_run(input, &experiment.settings(point), experiment.seed, run);
    with_progress(experiment.runs(), threads, again, voice, |how| experiment.run(how))
}

/// Runs anything that makes at most so many runs; `again` repeats a run of a design point that broke a rule.
pub fn with_progress<T>(
    runs: u64,
    threads: usize,
    again: impl Fn(usize, u64) -> String,
    voice: &Voice,
    run: impl FnOnce(&Execution) -> Result<T, Failure>,
) -> Result<T> {
    let progress = Progress::new(runs, voice.quiet);
    let tell = |done| progress.tell(done);
    let found = run(&Execution { threads, cancel: interrupt::flag(), progress: &tell });
    progress.finish();
    match found {
        Ok(found) => Ok(found),
        Err(Failure::Cancelled) => Err(Stop::Interrupted.into()),
        Err(Failure::Threads(why)) => bail!("cannot start threads: {why}"),
        Err(Failure::Panicked { point, run, message }) => {
            let repeat = again(point, run);
            Err(Stop::Broken { message: broken::with_place(&message), repeat }.into())
        }
    }
}
