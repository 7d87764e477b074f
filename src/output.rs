//! Standard output. A reader who has seen enough (`| head`) is no error.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::cli::When;

/// Prints `text`.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Prints `text` and an end of line.
pub fn print_line(text: &str) -> Result<()> {
    print(&format!("{}\n", text.trim_end_matches('\n')))
}

/// Whether to colour what goes to standard output.
pub fn colour_stdout(when: When) -> bool {
    colour(when, std::io::stdout().is_terminal())
}

/// Whether to colour what goes to standard error.
pub fn colour_stderr(when: When) -> bool {
    colour(when, std::io::stderr().is_terminal())
}

/// Columns of the terminal, or of a page if there is none.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

/// The flag first, then NO_COLOR (no-color.org), then CLICOLOR_FORCE (bixense.com/clicolors).
fn colour(when: When, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto => {
            terminal
                || (set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0"))
        }
    }
}

/// Text in lines that fit.
pub fn folded(text: &str) -> String {
    let width = width().min(100);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("never empty");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            *line = [line.as_str(), word].join(if line.is_empty() { "" } else { " " });
        }
    }
    lines.join("\n")
}
