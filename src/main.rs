//! The `nines` command: input -> scenario -> runs -> results. It holds no model and no statistics.

mod broken;
mod catalog;
mod cli;
mod compare;
mod completions;
mod exit;
mod explain;
mod fit;
mod headline;
mod input;
mod interrupt;
mod output;
mod plan;
mod progress;
mod repeat;
mod results;
mod run;
mod schema;
mod sensitivity;
mod simulate;
mod stop;
mod sweep;
mod told;
mod validate;
mod voice;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use cli::{Cli, Command};
use exit::Exit;
use voice::Voice;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let voice = Voice::new(&cli);
    let ended = broken::caught(|| dispatch(&cli.command, &voice));
    ended.unwrap_or_else(|error| stop::report(&error, &voice)).into()
}

fn dispatch(command: &Command, voice: &Voice) -> Result<Exit> {
    match command {
        Command::Run(args) => run::main(args, voice),
        Command::Sweep(args) => sweep::main(args, voice),
        Command::Compare(args) => compare::main(args, voice),
        Command::Sensitivity(args) => sensitivity::main(args, voice),
        Command::Validate(args) => validate::main(args, voice),
        Command::Plan(args) => plan::main(args, voice),
        Command::Fit(args) => fit::main(args, voice),
        Command::Catalog(args) => catalog::main(args),
        Command::Explain(args) => explain::main(args),
        Command::Schema => schema::main(),
        Command::Completions(args) => completions::main(args),
    }
}
