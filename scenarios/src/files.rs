//! Files that the scenario or the sweep names: samples and traces. They are read with the other inputs, so that compiling
//! reads nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::set::is_set;
use crate::source::{Place, Source};
use crate::tree::{Node, Value};

/// Texts of files, by the name that the scenario has for them.
#[derive(Clone, Debug, Default)]
pub struct Files(BTreeMap<String, Option<Arc<Source>>>);

impl Files {
    /// Reads every file named by a field `file` below `node`, unless it is there already.
    pub(crate) fn read(&mut self, node: &Node, mut read: impl FnMut(&Path, &Place) -> Option<Arc<Source>>) {
        let mut names = Vec::new();
        find(node, &mut names);
        for (name, place) in names {
            let text = || read(&beside(place, name), place);
            self.0.entry(name.to_owned()).or_insert_with(text);
        }
    }

    /// The text of a file; `Some(None)` if it was tried in vain, which is reported already.
    pub(crate) fn find(&self, name: &str) -> Option<Option<Arc<Source>>> {
        self.0.get(name).cloned()
    }

    /// All texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.values().flatten().map(|source| source.text.as_str())
    }
}

fn find<'a>(node: &'a Node, names: &mut Vec<(&'a str, &'a Place)>) {
    for entry in node.entries() {
        match &entry.value.value {
            Value::Text(name) if entry.key == "file" => names.push((name, &entry.value.place)),
            _ => find(&entry.value, names),
        }
    }
    node.items().iter().for_each(|item| find(item, names));
}

/// Relative names start at the folder of the file that they stand in.
fn beside(place: &Place, name: &str) -> std::path::PathBuf {
    let folder = Path::new(&place.source.name).parent().filter(|_| !is_set(place));
    folder.unwrap_or(Path::new("")).join(name)
}
