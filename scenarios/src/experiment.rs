//! From what was read to what is run: the Sweep's combinations, each compiled to a model.

use sim_core::Model;
use sim_core::spec::Scenario;

use crate::diagnostic::{Diagnostic, codes};
use crate::set::Path;
use crate::summary::FactorAxis;
use crate::sweep::{Experiment, Stopping, combinations, service_names, workload_names};
use crate::{Compiled, Factor, Loaded};

/// What the command line has to say about an experiment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Whether the factors of the Sweep vary; else there is one design point.
    pub vary: bool,
    /// Master seed, instead of the Sweep's.
    pub seed: Option<u64>,
    /// Runs at each design point, instead of the Sweep's; with `stopping`, those before the first look.
    pub repetitions: Option<u64>,
    /// When to stop, if more runs may follow.
    pub stopping: Option<Stopping>,
}

/// What an experiment was made of: notes on the way, or every problem.
pub type Made = Result<(Experiment, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Compiles every design point that is `wanted` of what was `loaded`.
pub fn experiment(loaded: &Loaded, wanted: Wanted) -> Made {
    let sweep = loaded.check_sweep()?.unwrap_or_default();
    let factors: &[Factor] = if wanted.vary { &sweep.factors } else { &[] };
    let axes: Vec<FactorAxis> = factors.iter().map(axis).collect();
    let settings = combinations(&axes).into_iter().map(|levels| settings(factors, &levels));
    let (scenarios, notes) = compile_all(loaded, settings)?;
    let experiment = Experiment {
        input_hash: loaded.input_hash.clone(),
        factors: axes,
        points: scenarios.into_iter().map(Model::new).collect(),
        repetitions: wanted.repetitions.unwrap_or(sweep.repetitions),
        stopping: wanted.stopping,
        seed: wanted.seed.unwrap_or(sweep.seed),
    };
    Ok((experiment, notes))
}

fn axis(factor: &Factor) -> FactorAxis {
    let levels = factor.levels.iter().map(|level| level.label.clone()).collect();
    let values = factor.levels.iter().map(|level| level.value.clone()).collect();
    FactorAxis { label: factor.label.clone(), path: factor.path.to_string(), levels, values }
}

fn settings(factors: &[Factor], levels: &[usize]) -> Vec<(Path, String)> {
    let setting =
        |(factor, level): (&Factor, &usize)| (factor.path.clone(), factor.levels[*level].value.clone());
    factors.iter().zip(levels).map(setting).collect()
}

/// All scenarios, or every different problem of all of them.
fn compile_all(
    loaded: &Loaded,
    settings: impl Iterator<Item = Vec<(Path, String)>>,
) -> Result<(Vec<Scenario>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut scenarios, mut notes, mut problems) = (Vec::<Scenario>::new(), Vec::new(), Vec::new());
    for overrides in settings {
        match loaded.scenario(&overrides) {
            Ok(Compiled { scenario, notes: more }) => {
                problems.extend(scenarios.first().and_then(|first| differs(first, &scenario, &overrides)));
                add_new(&mut notes, more);
                scenarios.push(scenario);
            }
            Err(more) => add_new(&mut problems, more),
        }
    }
    if problems.is_empty() { Ok((scenarios, notes)) } else { Err(problems) }
}

fn add_new(known: &mut Vec<Diagnostic>, more: Vec<Diagnostic>) {
    for diagnostic in more {
        if !known.contains(&diagnostic) {
            known.push(diagnostic);
        }
    }
}

/// Results stand side by side, so every design point must have the same services and workloads.
fn differs(first: &Scenario, other: &Scenario, overrides: &[(Path, String)]) -> Option<Diagnostic> {
    let same = service_names(first) == service_names(other) && workload_names(first) == workload_names(other);
    let point =
        overrides.iter().map(|(path, value)| format!("{path}={value}")).collect::<Vec<_>>().join(", ");
    let problem = || {
        let message =
            format!("with {point} there are other services or workloads than at the first design point");
        Diagnostic::new(&codes::SWEEP, message).help("vary fields that neither name nor remove objects")
    };
    (!same).then(problem)
}

#[cfg(test)]
mod tests;
