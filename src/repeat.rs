//! The command that gives the same result again.

use clap::ValueEnum;
use scenarios::sensitivity::Sensitivity as Found;
use scenarios::sweep::Experiment;

use crate::cli::{Compare, Input, MeasureName, Reading, Sensitivity};

/// The command line as it was typed.
pub fn as_typed() -> String {
    let arguments = std::env::args().skip(1).map(|argument| quoted(&argument));
    std::iter::once("nines".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// All that the result of `command` depends on, and nothing else.
pub fn command(command: &str, input: &Input, experiment: &Experiment) -> String {
    let own = vec![flag("--seed", experiment.seed), flag("--repetitions", experiment.repetitions)];
    let stopping = experiment.stopping.map(|stopping| {
        [flag("--until", quoted(&stopping.until.to_string())), flag("--max-runs", stopping.most_runs)]
    });
    let stopping = stopping.into_iter().flatten().collect();
    [vec![format!("nines {command}")], inputs(input), own, stopping].concat().join(" ")
}

/// The same of a comparison.
pub fn compare(args: &Compare, seed: u64, repetitions: u64) -> String {
    let scenarios = args.scenarios.iter().map(|name| quoted(name)).collect();
    let changes = args.change.iter().map(|change| flag("--change", quoted(change))).collect();
    let own = vec![measure(args.measure), flag("--seed", seed), flag("--repetitions", repetitions)];
    [vec!["nines compare".to_owned()], scenarios, changes, reading(&args.reading), own].concat().join(" ")
}

/// The same of a study of sensitivity.
pub fn sensitivity(args: &Sensitivity, found: &Found) -> String {
    let own = vec![
        measure(args.measure),
        flag("--service", quoted(&found.service)),
        flag("--low", args.low),
        flag("--high", args.high),
        flag("--screen", args.screen),
        flag("--trajectories", args.trajectories),
        flag("--seed", found.seed),
        flag("--repetitions", found.repetitions),
    ];
    let parameters =
        args.parameters.iter().map(|asked| flag("--parameter", quoted(&asked.to_string()))).collect();
    [vec!["nines sensitivity".to_owned()], inputs(&args.input), parameters, own].concat().join(" ")
}

fn measure(name: MeasureName) -> String {
    name.to_possible_value().map_or(String::new(), |name| flag("--measure", name.get_name()))
}

/// One run, at the design point with these `path=value`.
pub fn one_run(input: &Input, levels: &[String], seed: u64, run: u64) -> String {
    let levels = levels.iter().map(|level| format!("--set {}", quoted(level))).collect();
    let own = vec![flag("--seed", seed), flag("--run", run)];
    [vec!["nines run".to_owned()], inputs(input), levels, own].concat().join(" ")
}

fn inputs(input: &Input) -> Vec<String> {
    let scenario = input.scenario.iter().map(|name| quoted(name));
    scenario.chain(reading(&input.reading)).collect()
}

fn reading(reading: &Reading) -> Vec<String> {
    let files = reading.files.iter().map(|file| flag("-f", quoted(file)));
    let presets = reading.faults.iter().map(|preset| flag("--faults", quoted(preset)));
    let sets = reading.set.iter().map(|set| flag("--set", quoted(set)));
    let horizon = reading.horizon.iter().map(|horizon| flag("--horizon", quoted(horizon)));
    files.chain(presets).chain(sets).chain(horizon).collect()
}

fn flag(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name} {value}")
}

/// For a POSIX shell, plain where that is enough.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("k8s/web.yaml"), "k8s/web.yaml");
        assert_eq!(quoted("Deployment/*.spec.replicas=3"), "'Deployment/*.spec.replicas=3'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
