//! Problems of the scenario file, reported at its fields.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::tree::Node;

/// Where problems go, and the scenario document that they are shown in.
pub(super) struct Report<'a, 'd> {
    pub node: &'a Node,
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
        let diagnostic =
            Diagnostic::new(&crate::diagnostic::codes::NOT_FOUND, format!("there is no {what} `{name}`"));
        self.push(diagnostic.at(self.node.place_of(path), "").help(help));
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
                self.error(
                    &crate::diagnostic::codes::DUPLICATE,
                    &path,
                    format!("two {what} are called `{name}`"),
                );
            }
            seen.push(name);
        }
    }
}
