//! What can be typed: commands, arguments, and the help that explains them.

mod compare;
mod groups;
mod sensitivity;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use compare::{Compare, MeasureName};
pub use groups::{Experiment, Input, Reading, Results, Runs};
pub use sensitivity::Sensitivity;

/// How many nines do your services really have? Nines plays years of failures against ordinary Kubernetes manifests,
/// on a simulated cluster, and says what the users of each Service would have met.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
#[command(
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are heeded as well
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, help_heading = "Output")]
    pub color: When,

    /// Say less: no progress, no notes
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Say more: every note on what was assumed and left out
    #[arg(short, long, global = true, help_heading = "Output")]
    pub verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  nines sweep                                       the embedded example: replicas in one zone and in three
  kubectl get nodes,deploy,rs,rc,svc -A -o yaml | nines run -f -
                                                    your own cluster, a hundred years of failures
  nines run -f k8s/ --set Deployment/web.spec.replicas=3
                                                    your manifests, with another number of replicas
  nines run web --worst                             the longest outage, as a story
  nines explain N014                                what a diagnostic means, and what to do";

const EXIT_CODES: &str = "\
Exit codes:
  0    every objective is met, or there is none
  1    an objective is missed (0 with --no-gate)
  2    the input or the command line is wrong; nothing was run
  3    Nines broke one of its own rules: please report it
  4    incomplete: --max-runs came before the precision of --until
  130  interrupted; results cover the runs finished until then";

#[derive(Subcommand)]
pub enum Command {
    /// Run one design many times: how available is it, and why not more?
    Run(Run),
    /// Run every combination of a Sweep's factors: what does each replica, zone or timeout buy?
    Sweep(Sweep),
    /// Run designs under the same luck: which is better, by how much, and how sure is that?
    Compare(Compare),
    /// Change every parameter, and rank them: what does the availability depend on?
    Sensitivity(Sensitivity),
    /// Check the input and run nothing
    Validate(Validate),
    /// Say what would be run, what fails together, and where one failure is enough
    Plan(Plan),
    /// Fit distributions to a failure trace: how long machines stay up, and how long they are down
    Fit(Fit),
    /// List the ready scenarios, or print one to start from
    Catalog(Catalog),
    /// Explain a diagnostic such as N014 or a preset of faults, or list all defaults
    Explain(Explain),
    /// Print the JSON Schema of the scenario file, for editors
    Schema,
    /// Print the completion script of a shell
    Completions(Completions),
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines run                                  the embedded scenario `web`
  nines run -f k8s/ -f scenario.yaml         a directory of manifests, and a scenario
  nines run web --worst                      the longest outage of all runs, as a story
  nines run web --run 17 --timeline 200      the first 200 lines of run 17")]
pub struct Run {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub experiment: Experiment,
    #[command(flatten)]
    pub results: Results,

    /// Tell the longest outage of all runs as a story
    #[arg(long, conflicts_with = "run", help_heading = "Story")]
    pub worst: bool,

    /// Tell run number N from its beginning
    #[arg(long, value_name = "N", help_heading = "Story")]
    pub run: Option<u64>,

    /// Lines of a story at most
    #[arg(long, value_name = "LINES", default_value_t = 24, help_heading = "Story")]
    pub timeline: usize,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines sweep                                the embedded scenario `web`
  nines sweep web --repetitions 2000 -o out  narrower intervals
  nines sweep web --until 'availability 10%' as many runs as it takes
  nines sweep -f k8s/ -f sweep.yaml --format csv > points.csv

A Sweep is a document of kind Sweep in any input:
  apiVersion: nines.dev/v1alpha1
  kind: Sweep
  ...                                        `nines catalog web` prints a whole one")]
pub struct Sweep {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub experiment: Experiment,
    #[command(flatten)]
    pub results: Results,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines validate -f k8s/ --strict
  helm template . | nines validate -f - --message-format json")]
pub struct Validate {
    #[command(flatten)]
    pub input: Input,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines plan web
  nines plan -f cluster.yaml --format json")]
pub struct Plan {
    #[command(flatten)]
    pub input: Input,

    /// Format of what is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: PlanFormat,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines fit failures.csv                     lines of entity,down,up: n-1,2006-01-31T12:00:00Z,2006-01-31T12:05:00Z
  nines fit event_trace.tab -o out           events of the Failure Trace Archive")]
pub struct Fit {
    /// The trace: CSV with entity,down,up, or events of the Failure Trace Archive
    pub file: PathBuf,

    /// Folder for the charts
    #[arg(short, long, value_name = "DIR", default_value = "nines-out", help_heading = "Output")]
    pub output: PathBuf,

    /// Format of what is printed
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    pub format: PlanFormat,
}

#[derive(Args)]
pub struct Catalog {
    /// Print this scenario
    pub name: Option<String>,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines explain                              all diagnostics, a line each
  nines explain N014                         what one means, and what to do
  nines explain faults                       the presets of faults, and where they come from
  nines explain hpc-lanl                     one of them, as it would stand in a scenario
  nines explain defaults --kubernetes 1.30   every default in force, and where it comes from")]
pub struct Explain {
    /// A diagnostic's code, `defaults`, `faults` or a preset of them; nothing lists all diagnostics
    pub topic: Option<String>,
    /// With `defaults`: the Kubernetes version whose defaults apply [default: that of a scenario without one]
    #[arg(long, value_name = "VERSION")]
    pub kubernetes: Option<String>,
}

#[derive(Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    Table,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    Human,
    Json,
}
