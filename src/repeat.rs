//! The command that gives the same result again.

use crate::cli::Input;

/// The command line as it was typed.
pub fn as_typed() -> String {
    let arguments = std::env::args().skip(1).map(|argument| quoted(&argument));
    std::iter::once("nines".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// All that the result of `command` depends on, and nothing else.
pub fn command(command: &str, input: &Input, seed: u64, repetitions: u64) -> String {
    let own = [flag("--seed", seed), flag("--repetitions", repetitions)];
    [vec![format!("nines {command}")], inputs(input), own.to_vec()].concat().join(" ")
}

/// One run, at the design point with these `path=value`.
pub fn one_run(input: &Input, levels: &[String], seed: u64, run: u64) -> String {
    let levels = levels.iter().map(|level| format!("--set {}", quoted(level))).collect();
    let own = vec![flag("--seed", seed), flag("--run", run)];
    [vec!["nines run".to_owned()], inputs(input), levels, own].concat().join(" ")
}

fn inputs(input: &Input) -> Vec<String> {
    let scenario = input.scenario.iter().map(|name| quoted(name));
    let files = input.files.iter().map(|file| flag("-f", quoted(file)));
    let presets = input.faults.iter().map(|preset| flag("--faults", quoted(preset)));
    let sets = input.set.iter().map(|set| flag("--set", quoted(set)));
    let horizon = input.horizon.iter().map(|horizon| flag("--horizon", quoted(horizon)));
    scenario.chain(files).chain(presets).chain(sets).chain(horizon).collect()
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
