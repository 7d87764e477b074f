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

/// Notes told in a line each; with -v all are told, and shown at their place.
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
        let loud = |diagnostic: &&Diagnostic| match diagnostic.severity {
            Severity::Error => true,
            Severity::Warning => !self.quiet,
            Severity::Note => self.verbose,
        };
        let shown: Vec<Diagnostic> = all.iter().filter(loud).cloned().collect();
        eprint!("{}", diagnostic::human(&shown, self.colour));
        let notes = all.iter().filter(|d| d.severity == Severity::Note && !self.verbose);
        let (first, rest) =
            notes.map(in_one_line).enumerate().partition::<Vec<_>, _>(|(index, _)| *index < NOTES);
        first.iter().for_each(|(_, line)| self.note(line));
        if !rest.is_empty() {
            self.note(&format!("{} more notes; -v shows them", rest.len()));
        }
    }
}

fn in_one_line(note: &Diagnostic) -> String {
    match &note.help {
        Some(help) => format!("{} ({help})", note.message),
        None => note.message.clone(),
    }
}
