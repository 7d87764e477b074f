//! Presets of faults: figures of known fleets, with their sources. The list is written by hand: it is the registry.

use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Documents, own_text};
use crate::source::Place;
use crate::tree::{Node, Value};

/// Faults by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name.
    pub name: &'static str,
    /// The faults, as they would stand in a scenario, with their sources as comments.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal)*) => {
        /// All of them.
        pub const ALL: &[Preset] =
            &[$(Preset { name: $name, text: include_str!(concat!("../catalog/faults/", $name, ".yaml")) }),*];
    };
}

presets! {
    "cloud-vm"
    "bare-metal-lanl"
    "hpc-lanl"
    "bare-metal-old"
    "google-cell"
    "gpu-rsc1"
    "gpu-rsc2"
    "gpu-llama3"
    "spot"
    "spot-gcp-low"
    "spot-gcp-high"
    "spot-aws-5"
    "spot-aws-20"
    "grid5000"
    "zone"
    "region"
}

/// The preset of this name.
pub fn find(name: &str) -> Option<&'static Preset> {
    ALL.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// What it is: the first paragraph of its comment.
    pub fn about(&self) -> String {
        let comment = self.text.lines().map_while(|line| line.strip_prefix('#'));
        comment.map(str::trim).collect::<Vec<_>>().join(" ")
    }

    fn faults(&self) -> Vec<Node> {
        let node = own_text(&format!("{PREFIX}{}", self.name), self.text).expect("a test reads every preset");
        node.items().to_vec()
    }
}

/// Of the names of sources.
const PREFIX: &str = "preset ";

/// Whether a value stands in a preset rather than in the input.
pub(crate) fn is_preset(place: &Place) -> bool {
    place.source.name.starts_with(PREFIX)
}

/// Puts the faults of presets where the scenario names them.
pub(crate) fn expand(documents: &mut Documents, diagnostics: &mut Vec<Diagnostic>) {
    let Some(scenario) = &mut documents.scenario else { return };
    let Some(faults) = scenario.node.find_mut("spec.faults") else { return };
    let Value::List(items) = &mut faults.value else { return };
    if items.iter().any(|item| item.get("preset").is_some()) {
        let named = std::mem::take(items);
        items.extend(named.into_iter().flat_map(|item| expanded(item, diagnostics)));
    }
}

fn expanded(item: Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    let Some(name) = item.get("preset") else { return vec![item] };
    let preset = name.as_str().and_then(find);
    let message = match preset {
        Some(preset) if item.entries().len() == 1 => return preset.faults(),
        Some(_) => "a preset is taken whole: set the fields of its faults instead".to_owned(),
        None => format!("there is no preset `{}`", name.as_str().unwrap_or_default()),
    };
    let known = ALL.iter().map(|preset| preset.name).collect::<Vec<_>>().join(", ");
    let diagnostic = Diagnostic::new(&codes::PRESET, message).at(&name.place, "");
    diagnostics.push(diagnostic.help(format!("presets are {known}")));
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::FaultFile;
    use crate::tree::decode::decode;

    #[test]
    fn every_preset_says_what_it_is_and_can_be_read() {
        for preset in ALL {
            assert!(preset.about().len() > 30, "{}", preset.name);
            for fault in preset.faults() {
                let decoded = decode::<FaultFile>(&fault);
                assert!(
                    decoded.value.is_some() && decoded.problems.is_empty(),
                    "{}: {decoded:?}",
                    preset.name
                );
                assert!(decoded.unknown.is_empty(), "{}: {:?}", preset.name, decoded.unknown);
            }
        }
    }

    #[test]
    fn every_file_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog/faults");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(find(name.trim_end_matches(".yaml")).is_some(), "{name}");
        }
    }
}
