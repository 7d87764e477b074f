//! `nines explain`: what a diagnostic means, and what to do; presets of faults and every default, with their sources.

use anyhow::{Result, bail};
use scenarios::compile::version;
use scenarios::diagnostic::codes::{self, Code};
use scenarios::presets::{self, Preset};
use scenarios::scenario_file::{defaults, timing_defaults};

use crate::cli::Explain;
use crate::exit::Exit;
use crate::output;

pub fn main(args: &Explain) -> Result<Exit> {
    let text = match (args.topic.as_deref(), &args.kubernetes) {
        (Some("defaults"), version) => defaults_in_force(version.as_deref())?,
        (_, Some(_)) => bail!("--kubernetes goes with `nines explain defaults`"),
        (None, None) => codes::ALL.iter().map(|code| line(code)).collect(),
        (Some("faults"), None) => presets::ALL.iter().map(in_short).collect(),
        (Some(id), None) => match (codes::explain(id), presets::find(id)) {
            (Some(code), _) => format!("{}\n{}\n", line(code), output::folded(code.explanation)),
            (_, Some(preset)) => preset.text.to_owned(),
            _ => bail!(
                "there is no diagnostic {id}; `nines explain` lists all, `nines explain faults` presets"
            ),
        },
    };
    output::print(&text)?;
    Ok(Exit::Met)
}

fn in_short(preset: &Preset) -> String {
    format!("{}\n{}\n", preset.name, indented(&output::folded(&preset.about()), "    "))
}

fn line(code: &Code) -> String {
    format!("{} {:<8} {}\n", code.id, code.severity.to_string(), code.title)
}

/// Everything that applies where the input says nothing, as it would be written there.
fn defaults_in_force(kubernetes: Option<&str>) -> Result<String> {
    let version = kubernetes.unwrap_or(defaults::KUBERNETES_VERSION.value);
    let (minor, note) = match version::rules_of(version) {
        Ok(rules) => rules,
        Err(why) => bail!(why),
    };
    let mut text = note.map(|note| format!("{note}.\n")).unwrap_or_default();
    text += &format!("Defaults of Kubernetes 1.{minor}, where manifests and scenario say nothing else\n\n");
    for default in defaults::TABLE {
        let value = if default == &defaults::KUBERNETES_VERSION { version } else { default.value };
        text += &entry(default.field, value, default.meaning, default.source);
    }
    for default in timing_defaults(minor) {
        let field = format!("scenario.spec.timing.{}", default.field);
        text += &entry(&field, &default.value, default.meaning.trim_end_matches('.'), default.source);
    }
    Ok(text)
}

fn entry(field: &str, value: &str, meaning: &str, source: &str) -> String {
    let value = match value.trim_end().contains('\n') {
        true => indented(&format!("\n{}", value.trim_end()), "    "),
        false => format!(" {value}"),
    };
    format!("{field}:{value}\n{}\n", indented(&format!("# {meaning} [{source}]"), "    "))
}

fn indented(text: &str, by: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{by}{line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
