//! Problems of the scenario file, reported at its fields.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::files::Files;
use crate::source::Source;
use crate::tree::Node;

/// Where problems go, and the scenario document that they are shown in.
pub(super) struct Report<'a, 'd> {
    pub node: &'a Node,
    pub files: &'a Files,
    pub diagnostics: &'d mut Vec<Diagnostic>,
}

impl Report<'_, '_> {
    /// Reports at a path such as `spec.faults.0.name`.
    pub fn error(&mut self, code: &'static Code, path: &str, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(code, message).at(self.node.place_of(path), "");
        self.push(diagnostic.severity(Severity::Error));
    }

    /// Reports a doubt at a path.
    pub fn warn(&mut self, code: &'static Code, path: &str, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(code, message).at(self.node.place_of(path), "");
        self.push(diagnostic.severity(Severity::Warning));
    }

    /// Reports a name that refers to nothing, with those that would.
    pub fn not_found<'n>(
        &mut self,
        path: &str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let mut known: Vec<&str> = known.take(12).collect();
        known.dedup();
        let help = match known.is_empty() {
            true => format!("there is no {what} at all"),
            false => format!("there is {}", known.join(", ")),
        };
        let diagnostic = Diagnostic::new(&codes::NOT_FOUND, format!("there is no {what} `{name}`"));
        self.push(diagnostic.at(self.node.place_of(path), "").help(help));
    }

    /// The text of a file that is named at a path, unless it could not be read.
    pub fn file(&mut self, name: &str, path: &str) -> Option<Arc<Source>> {
        self.files.find(name).unwrap_or_else(|| {
            let message = format!("{name} was not read");
            let help = "files are named by a field `file` of the scenario or of the sweep";
            let diagnostic = Diagnostic::new(&codes::UNREADABLE, message);
            self.push(diagnostic.at(self.node.place_of(path), "").help(help));
            None
        })
    }

    /// Reports anything.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports names that occur twice in a list of the scenario.
    pub fn check_unique<'n>(&mut self, list: &str, what: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen: Vec<&str> = Vec::new();
        for (index, name) in names.enumerate() {
            if seen.contains(&name) {
                let path = format!("spec.{list}.{index}.name");
                self.error(&codes::DUPLICATE, &path, format!("two {what} are called `{name}`"));
            }
            seen.push(name);
        }
    }
}
