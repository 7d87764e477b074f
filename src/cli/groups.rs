//! Arguments that several commands take: what to read, how much to run, what to do with the results.

use std::path::PathBuf;

use clap::Args;
use scenarios::until::{MOST_RUNS, Until};

use super::{Format, MessageFormat};

/// What to read.
#[derive(Args)]
#[command(next_help_heading = "Input")]
pub struct Input {
    /// A scenario: a file, or a name from `nines catalog` [default: web, unless -f is given]
    #[arg(help_heading = None::<&str>)]
    pub scenario: Option<String>,

    #[command(flatten)]
    pub reading: Reading,
}

/// What else to read, and how.
#[derive(Args, Clone)]
#[command(next_help_heading = "Input")]
pub struct Reading {
    /// Manifests: a file, a directory (as kubectl reads it), or - for standard input; repeatable
    #[arg(short = 'f', long = "filename", value_name = "FILE|DIR|-")]
    pub files: Vec<String>,

    /// Presets of faults, by name, instead of those of the scenario: `nines explain faults` lists them
    #[arg(long, value_name = "PRESET,...", value_delimiter = ',')]
    pub faults: Vec<String>,

    /// Set a field of a manifest or of the scenario, such as scenario.spec.horizon=30d; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,

    /// Span that one run simulates, such as 30d or 1y
    #[arg(long, value_name = "DURATION")]
    pub horizon: Option<String>,

    /// Take warnings for errors
    #[arg(long)]
    pub strict: bool,

    /// How to print errors, warnings and notes
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
}

/// How much to run.
#[derive(Args)]
#[command(next_help_heading = "Runs")]
pub struct Runs {
    /// Where all luck comes from: the same seed gives the same bytes
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,

    /// Runs at each design point
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub repetitions: Option<u64>,

    /// Threads; 0 is one per core. Results do not depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}

/// How much to run, and when it is enough.
#[derive(Args)]
#[command(next_help_heading = "Runs")]
pub struct Experiment {
    #[command(flatten)]
    pub runs: Runs,

    /// Run until every interval is narrow enough: `availability ±0.0001`, or `availability 10%` of the unavailability;
    /// `time` or `capacity` may stand before it
    #[arg(long, value_name = "PRECISION")]
    pub until: Option<Until>,

    /// With --until: runs at each design point at most
    #[arg(long, value_name = "N", requires = "until", default_value_t = MOST_RUNS, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_runs: u64,
}

/// What to do with the results.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub struct Results {
    /// Folder for tables, charts and the page that shows them
    #[arg(short, long, value_name = "DIR", default_value = "nines-out")]
    pub output: PathBuf,

    /// Format of what is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Exit with 0 even where an objective is missed
    #[arg(long)]
    pub no_gate: bool,
}
