//! `nines plan`: what would be run, what fails together, and where one failure is enough.
//!
//! Of a Sweep it looks at the design that the files have, as `nines run` does.

use anyhow::Result;
use scenarios::experiment::{Wanted, experiment};
use scenarios::plan::Plan;

use crate::cli::{self, PlanFormat};
use crate::exit::Exit;
use crate::headline::{extent, headline};
use crate::input;
use crate::output;
use crate::voice::Voice;

pub fn main(args: &cli::Plan, voice: &Voice) -> Result<Exit> {
    let loaded = input::load(&args.input)?;
    let sweep = experiment(&loaded, Wanted { vary: true, ..Wanted::default() });
    let sweep = input::accepted(sweep, &args.input, voice)?;
    let base = loaded.scenario(&[]).map(|compiled| (compiled.scenario, Vec::new()));
    let plan = Plan::of(&input::accepted(base, &args.input, voice)?);
    match args.format {
        PlanFormat::Table => {
            output::print_line(&format!("{}\n{}\n{plan}", headline(&sweep), extent(&sweep)))?
        }
        PlanFormat::Json => output::print(&reports::json::text(&plan)?)?,
    }
    Ok(Exit::Met)
}
