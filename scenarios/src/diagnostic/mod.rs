//! What is wrong, doubtful or assumed about the input, at its place and with the next step.

pub mod codes;
mod render;

pub use codes::Code;
pub use render::{human, json_lines};

use crate::source::Place;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is run.
    Error,
    /// The result may not be what the user wants.
    Warning,
    /// Something was assumed or left out.
    Note,
}

/// One problem, doubt or assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Stable code, for `nines explain`.
    pub code: &'static Code,
    /// How much it matters; the code's own unless strictness raised it.
    pub severity: Severity,
    /// What is the matter, in the user's words.
    pub message: String,
    /// Places that show it; the first is the principal one.
    pub labels: Vec<Label>,
    /// The next step.
    pub help: Option<String>,
}

/// A place with a few words about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic without a place yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        Diagnostic { code, severity: code.severity, message, labels: Vec::new(), help: None }
    }

    /// Adds a place; the first added is the principal one.
    pub fn at(mut self, place: &Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place: place.clone(), text: text.into() });
        self
    }

    /// Sets the next step.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Changes how much it matters.
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// Whether it forbids a run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Whether any of them forbids a run.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

impl std::fmt::Display for Severity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}
