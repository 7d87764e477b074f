//! `nines completions`: the completion script of a shell.

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::{Cli, Completions};
use crate::exit::Exit;
use crate::output;

pub fn main(args: &Completions) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "nines", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Met)
}
