//! `nines validate`: every problem of the input at once, and nothing is run.

use anyhow::Result;
use scenarios::experiment::{Wanted, experiment};

use crate::cli::Validate;
use crate::exit::Exit;
use crate::input;
use crate::output;
use crate::voice::Voice;

pub fn main(args: &Validate, voice: &Voice) -> Result<Exit> {
    let loaded = input::load(&args.input)?;
    let experiment =
        input::accepted(experiment(&loaded, Wanted { vary: true, ..Wanted::default() }), &args.input, voice)?;
    let scenario = experiment.points[0].scenario();
    let (nodes, workloads) = (scenario.cluster.nodes.len(), scenario.workloads.len());
    let (services, points) = (scenario.services.len(), experiment.points.len());
    output::print_line(&format!(
        "valid: nodes {nodes} · workloads {workloads} · services {services} · design points {points}"
    ))?;
    Ok(Exit::Met)
}
