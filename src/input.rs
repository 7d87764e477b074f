//! From the command line to what was read.

use anyhow::{Result, bail};
use scenarios::experiment::Wanted;
use scenarios::sweep::Stopping;
use scenarios::{Diagnostic, Loaded, Options, catalog};

use crate::cli::{Experiment, Input};
use crate::stop::Stop;
use crate::voice::Voice;

/// Scenario that is run where the user names none.
const DEFAULT: &str = "web";

/// Reads all inputs. What was wrong with their text is among the diagnostics of `Loaded`.
pub fn load(args: &Input) -> Result<Loaded> {
    let mut inputs = Vec::new();
    match &args.scenario {
        Some(name) => inputs.push(scenario(name)?),
        None if args.reading.files.is_empty() => inputs.push(scenario(DEFAULT)?),
        None => {}
    }
    inputs.extend(args.reading.files.iter().map(|file| scenarios::Input::from(file.as_str())));
    let options = Options { strict: args.reading.strict, ..Options::default() };
    Ok(scenarios::load(&inputs, &sets(args), options))
}

/// What the command line has to say about an experiment.
pub fn wanted(args: &Experiment, vary: bool) -> Wanted {
    let stopping = args.until.map(|until| Stopping { until, most_runs: args.max_runs });
    Wanted { vary, seed: args.runs.seed, repetitions: args.runs.repetitions, stopping }
}

/// Gives the value, having told its notes, or tells why there is none and stops.
pub fn accepted<T>(
    value: Result<(T, Vec<Diagnostic>), Vec<Diagnostic>>,
    args: &Input,
    voice: &Voice,
) -> Result<T> {
    match value {
        Ok((value, notes)) => {
            voice.diagnostics(&notes, args.reading.message_format);
            Ok(value)
        }
        Err(problems) => {
            voice.diagnostics(&problems, args.reading.message_format);
            Err(Stop::BadInput.into())
        }
    }
}

/// A file if there is one, or else an entry of the catalog.
fn scenario(name: &str) -> Result<scenarios::Input> {
    if name == "-" || std::path::Path::new(name).exists() {
        return Ok(scenarios::Input::from(name));
    }
    match catalog::find(name) {
        Some(entry) => Ok(entry.input()),
        None => bail!("{name} is neither a file nor a scenario of the catalog, which has: {}", names()),
    }
}

fn names() -> String {
    catalog::ALL.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ")
}

/// Presets come first, so that their fields can be set.
fn sets(args: &Input) -> Vec<String> {
    let presets: Vec<String> = args.reading.faults.iter().map(|name| format!("{{preset: {name}}}")).collect();
    let faults = (!presets.is_empty()).then(|| format!("scenario.spec.faults=[{}]", presets.join(", ")));
    let horizon = args.reading.horizon.iter().map(|horizon| format!("scenario.spec.horizon={horizon}"));
    faults.into_iter().chain(args.reading.set.iter().cloned()).chain(horizon).collect()
}
