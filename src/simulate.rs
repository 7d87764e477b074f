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
    let progress = Progress::new(experiment.runs(), voice.quiet);
    let tell = |done| progress.tell(done);
    let findings = experiment.run(&Execution { threads, cancel: interrupt::flag(), progress: &tell });
    progress.finish();
    match findings {
        Ok(findings) => Ok(findings),
        Err(Failure::Cancelled) => Err(Stop::Interrupted.into()),
        Err(Failure::Threads(why)) => bail!("cannot start threads: {why}"),
        Err(Failure::Panicked { point, run, message }) => {
            let repeat = repeat::one_run(input, &experiment.settings(point), experiment.seed, run);
            Err(Stop::Broken { message: broken::with_place(&message), repeat }.into())
        }
    }
}
