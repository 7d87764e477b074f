//! `nines compare`: designs under the same luck.

use anyhow::{Result, bail};
use reports::{compare as report, write};
use scenarios::compare::{Comparison, Contest, Design};
use scenarios::experiment::{Wanted, experiment};
use sim_core::Model;

use crate::cli::{Compare, Format};
use crate::exit::Exit;
use crate::repeat;
use crate::simulate::with_progress;
use crate::voice::Voice;
use crate::{input, output, results};

/// Does it.
pub fn main(args: &Compare, voice: &Voice) -> Result<Exit> {
    let contest = contest(args, voice)?;
    results::prepare(&args.results)?;
    voice.announce(&report::headline(&contest));
    let runs = contest.models.len() as u64 * contest.repetitions;
    let again = |design: usize, run| repeat::one_run(&args.designs()[design].1, &[], contest.seed, run);
    let comparison = with_progress(runs, args.runs.threads, again, voice, |how| contest.run(how))?;
    print(args, &comparison, voice)?;
    let reproduce = repeat::compare(args, contest.seed, contest.repetitions);
    let files = write::write_comparison(&args.results.output, &comparison, &reproduce);
    let lines = [results::written(&args.results, files)?, signature(&comparison, &reproduce)];
    results::close(&args.results, &lines, voice)?;
    Ok(exit(args, &comparison))
}

/// Reads every design; what is wrong with any of them is told before anything is run.
fn contest(args: &Compare, voice: &Voice) -> Result<Contest> {
    let designs = args.designs();
    if designs.len() < 2 {
        bail!("there is nothing to compare {} with: name another scenario, or a --change", designs[0].0);
    }
    let mut contest = Contest {
        designs: Vec::new(),
        models: Vec::new(),
        measure: args.measure.into(),
        repetitions: 0,
        seed: 0,
    };
    for (at, (name, input)) in designs.into_iter().enumerate() {
        let loaded = input::load(&input)?;
        let wanted = Wanted { seed: args.runs.seed, repetitions: args.runs.repetitions, ..Wanted::default() };
        let mut experiment = input::accepted(experiment(&loaded, wanted), &input, voice)?;
        if at == 0 {
            (contest.repetitions, contest.seed) = (experiment.repetitions, experiment.seed);
        }
        contest.designs.push(Design { name, input_hash: experiment.input_hash });
        contest.models.push(experiment.points.remove(0));
    }
    if let (common, left_out) = contest.services()
        && common.is_empty()
    {
        bail!("no service is in every design, so there is nothing to compare: {}", left_out.join(", "));
    }
    mention_horizons(&contest.models, voice);
    Ok(contest)
}

fn mention_horizons(models: &[Model], voice: &Voice) {
    let horizon = |model: &Model| model.scenario().horizon;
    if models.iter().any(|model| horizon(model) != horizon(&models[0])) {
        voice.note("the designs are simulated for different spans; --horizon sets one for all");
    }
}

fn print(args: &Compare, comparison: &Comparison, voice: &Voice) -> Result<()> {
    let text = match args.results.format {
        Format::Table => report::text(comparison, results::look(voice)),
        Format::Markdown => report::markdown(comparison),
        Format::Json => reports::json::text(comparison)?,
        Format::Csv => String::from_utf8_lossy(&reports::csv::differences(comparison).to_csv()?).into_owned(),
    };
    output::print(&text)
}

fn signature(comparison: &Comparison, reproduce: &str) -> String {
    let hashes: Vec<&str> =
        comparison.designs.iter().map(|result| result.design.input_hash.as_str()).collect();
    let origin = results::origin(&comparison.version, &hashes.join(" "), &comparison.digest);
    results::signed(comparison.complete, comparison.repetitions, reproduce, &origin)
}

/// As for a sweep: it is enough that one design keeps its objectives.
fn exit(args: &Compare, comparison: &Comparison) -> Exit {
    let mut met = comparison.designs.iter().map(|result| result.objectives_met != Some(false));
    if comparison.complete { results::verdict(met.any(|met| met), &args.results) } else { Exit::Interrupted }
}
