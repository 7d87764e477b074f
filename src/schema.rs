//! `nines schema`: the JSON Schema of scenario files, for editors.

use anyhow::Result;

use crate::exit::Exit;
use crate::output;

pub fn main() -> Result<Exit> {
    output::print(&reports::json::text(&scenarios::schema())?)?;
    Ok(Exit::Met)
}
