//! `nines sensitivity`: which parameters matter.

use anyhow::{Result, anyhow, bail};
use reports::{sensitivity as report, write};
use scenarios::Loaded;
use scenarios::experiment::{Wanted, experiment};
use scenarios::sensitivity::{Sensitivity as Found, Study, parameters};
use scenarios::sweep::service_names;
use sim_core::spec::Scenario;

use crate::cli::{Format, Sensitivity};
use crate::exit::Exit;
use crate::simulate::with_progress;
use crate::voice::Voice;
use crate::{input, output, repeat, results};

/// Does it.
pub fn main(args: &Sensitivity, voice: &Voice) -> Result<Exit> {
    let loaded = input::load(&args.input)?;
    let study = study(args, &loaded, voice)?;
    let tornado = input::accepted(study.tornado().map(|tornado| (tornado, Vec::new())), &args.input, voice)?;
    results::prepare(&args.results)?;
    voice.announce(&report::headline(&study, tornado.scenario()));
    let again = |_, run| repeat::one_run(&args.input, &[], study.seed, run);
    let runs = study.runs(&tornado);
    let found = with_progress(runs, args.runs.threads, again, voice, |how| study.run(&tornado, how))?;
    print(args, &found, voice)?;
    let reproduce = repeat::sensitivity(args, &found);
    let files = write::write_sensitivity(&args.results.output, &found, &reproduce);
    let origin = results::origin(&found.version, &found.input_hash, &found.digest);
    let signature = results::signed(found.complete, found.repetitions, &reproduce, &origin);
    results::close(&args.results, &[results::written(&args.results, files)?, signature], voice)?;
    Ok(if found.complete { Exit::Met } else { Exit::Interrupted })
}

/// Notes of the input are told here, and its problems.
fn study<'a>(args: &Sensitivity, loaded: &'a Loaded, voice: &Voice) -> Result<Study<'a>> {
    let wanted = Wanted { seed: args.runs.seed, repetitions: args.runs.repetitions, ..Wanted::default() };
    let experiment = input::accepted(experiment(loaded, wanted), &args.input, voice)?;
    let parameters =
        parameters(loaded, &args.parameters, (args.low, args.high)).map_err(|problem| anyhow!(problem))?;
    if parameters.is_empty() {
        bail!("the input has no parameter that could be scaled");
    }
    Ok(Study {
        loaded,
        parameters,
        service: service(args, experiment.points[0].scenario())?,
        measure: args.measure.into(),
        repetitions: experiment.repetitions,
        seed: experiment.seed,
        screened: args.screen,
        trajectories: args.trajectories,
    })
}

fn service(args: &Sensitivity, scenario: &Scenario) -> Result<usize> {
    let names = service_names(scenario);
    let Some(wanted) = &args.service else {
        let promised = scenario.services.iter().position(|service| !service.objectives.is_empty());
        return if names.is_empty() { bail!("no service is measured") } else { Ok(promised.unwrap_or(0)) };
    };
    let is_wanted = |name: &&String| *name == wanted || name.strip_prefix("default/") == Some(wanted);
    let position = names.iter().position(|name| is_wanted(&name));
    position.ok_or_else(|| anyhow!("there is no service {wanted}; there is {}", names.join(", ")))
}

fn print(args: &Sensitivity, found: &Found, voice: &Voice) -> Result<()> {
    let text = match args.results.format {
        Format::Table => report::text(found, results::look(voice)),
        Format::Markdown => report::markdown(found),
        Format::Json => reports::json::text(found)?,
        Format::Csv => String::from_utf8_lossy(&reports::csv::sensitivity(found).to_csv()?).into_owned(),
    };
    output::print(&text)
}
