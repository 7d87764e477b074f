//! Storage classes of the scenario, over the default.

use sim_core::spec::VolumeReach;

use super::report::Report;
use crate::diagnostic::codes;
use crate::manifest::Storage;
use crate::scenario_file::{ReachFile, StorageClassFile, defaults};
use crate::tree::decode::decode;

/// Classes by name; the one without a name is for all others.
pub(super) fn compile(files: &[StorageClassFile], report: &mut Report) -> Storage {
    let mut storage = Storage { classes: Default::default(), default: default_reach() };
    for (index, file) in files.iter().enumerate() {
        let is_new = storage.classes.insert(file.name.clone(), reach(file.reach)).is_none();
        if !is_new {
            let message = format!("two storage classes are called `{}`", file.name);
            report.error(&codes::DUPLICATE, &format!("spec.storageClasses.{index}.name"), &message);
        }
    }
    storage.default = storage.classes.remove("").unwrap_or(storage.default);
    storage
}

fn reach(file: ReachFile) -> VolumeReach {
    match file {
        ReachFile::Node => VolumeReach::Node,
        ReachFile::Zone => VolumeReach::Zone,
        ReachFile::Region => VolumeReach::Region,
    }
}

fn default_reach() -> VolumeReach {
    let default = decode(&defaults::VOLUME_REACH.node()).value;
    reach(default.expect("a test reads every default"))
}
