//! Results to standard output, in the format that was asked for.

use std::io;

use scenarios::summary::SweepResult;
use sim_core::outcome::Recording;

use crate::labels::RunLabels;
use crate::story::Telling;
use crate::table::{self, Look};
use crate::{csv, json, run};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Table,
    /// For programs: everything.
    Json,
    /// For spreadsheets: one row per design point and service, or per outage of a run.
    Csv,
    /// For notes and pull requests.
    Markdown,
}

/// The result of a sweep as text.
pub fn sweep(result: &SweepResult, format: Format, look: Look) -> io::Result<String> {
    match format {
        Format::Table => Ok(table::text(result, look)),
        Format::Json => json::text(result),
        Format::Csv => utf8(csv::points(result).to_csv()?),
        Format::Markdown => Ok(table::markdown(result)),
    }
}

/// A run as text; only tables and Markdown tell a story.
pub fn run(
    labels: &RunLabels,
    recording: &Recording,
    telling: Telling,
    format: Format,
    look: Look,
) -> io::Result<String> {
    match format {
        Format::Table => Ok(run::summary(labels, recording, telling, look)),
        Format::Json => json::text(recording),
        Format::Csv => utf8(csv::run_outages(labels, recording).to_csv()?),
        Format::Markdown => Ok(run::markdown(labels, recording, telling)),
    }
}

fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(io::Error::other)
}
