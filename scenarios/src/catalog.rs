//! Ready scenarios, built into the command. The list is written by hand: it is the registry.

use crate::load::Input;

/// A scenario of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogEntry {
    /// Name on the command line.
    pub name: &'static str,
    /// The whole file.
    pub text: &'static str,
}

/// All of them; the first is what runs when nothing is named.
pub const ALL: &[CatalogEntry] = &[
    CatalogEntry { name: "web", text: include_str!("../catalog/web.yaml") },
    CatalogEntry { name: "planner", text: include_str!("../catalog/planner.yaml") },
    CatalogEntry { name: "zone-outage", text: include_str!("../catalog/zone-outage.yaml") },
    CatalogEntry { name: "node-failure", text: include_str!("../catalog/node-failure.yaml") },
    CatalogEntry { name: "rolling-update", text: include_str!("../catalog/rolling-update.yaml") },
    CatalogEntry { name: "dependencies", text: include_str!("../catalog/dependencies.yaml") },
    CatalogEntry { name: "autoscaling", text: include_str!("../catalog/autoscaling.yaml") },
    CatalogEntry { name: "deployment", text: include_str!("../catalog/deployment.yaml") },
    CatalogEntry {
        name: "replication-controller",
        text: include_str!("../catalog/replication-controller.yaml"),
    },
];

/// The entry of this name.
pub fn find(name: &str) -> Option<&'static CatalogEntry> {
    ALL.iter().find(|entry| entry.name == name)
}

impl CatalogEntry {
    /// The question that it answers and what to expect: the comment that opens the file.
    pub fn about(&self) -> String {
        let comment = self.text.lines().map_while(|line| line.strip_prefix('#'));
        comment.map(str::trim).collect::<Vec<_>>().join("\n")
    }

    /// The entry as an input.
    pub fn input(&self) -> Input {
        Input::Text { name: format!("catalog/{}.yaml", self.name), text: self.text.to_owned() }
    }
}
