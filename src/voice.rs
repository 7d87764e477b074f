//! What is said on standard error: diagnostics, notes and errors, as loud as the user wants.

use scenarios::diagnostic::{self, Diagnostic, Severity};

use crate::cli::{Cli, MessageFormat};
use crate::output;

/// How to speak.
pub struct Voice {
    /// Only errors.
    pub quiet: bool,
    /// Every note.
    pub verbose: bool,
    /// Colours on standard error.
    pub colour: bool,
    /// Colours on standard output.
    pub colour_stdout: bool,
}

/// Notes shown of many, unless asked for all.
const NOTES: usize = 5;

impl Voice {
    /// As the command line asks.
    pub fn new(cli: &Cli) -> Voice {
        Voice {
            quiet: cli.quiet,
            verbose: cli.verbose,
            colour: output::colour_stderr(cli.color),
            colour_stdout: output::colour_stdout(cli.color),
        }
    }

    /// An error that ends the command.
    pub fn error(&self, text: &str) {
        let head = if self.colour { "\x1b[1;31merror\x1b[0m" } else { "error" };
        eprintln!("{head}: {text}");
    }

    /// Something worth knowing.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("note: {text}");
        }
    }

    /// What is about to be done.
    pub fn announce(&self, text: &str) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// Diagnostics of the input; programs get all of them, people as many as they asked for.
    pub fn diagnostics(&self, all: &[Diagnostic], format: MessageFormat) {
        match format {
            MessageFormat::Json => eprint!("{}", diagnostic::json_lines(all)),
            MessageFormat::Human => self.tell(all),
        }
    }

    fn tell(&self, all: &[Diagnostic]) {
        let (notes, rest): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|d| d.severity == Severity::Note);
        let most = if self.verbose {
            notes.len()
        } else if self.quiet {
            0
        } else {
            notes.len().min(NOTES)
        };
        let rest: Vec<_> = rest.into_iter().filter(|d| !self.quiet || d.is_error()).collect();
        eprint!("{}", diagnostic::human(&[&rest[..], &notes[..most]].concat(), self.colour));
        if most < notes.len() {
            self.note(&format!("{} more notes; -v shows them", notes.len() - most));
        }
    }
}
