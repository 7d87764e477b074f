//! `nines catalog`: the ready scenarios.

use anyhow::{Result, bail};
use scenarios::catalog::{self, CatalogEntry};

use crate::cli::Catalog;
use crate::exit::Exit;
use crate::output;

pub fn main(args: &Catalog) -> Result<Exit> {
    match &args.name {
        None => output::print(&list())?,
        Some(name) => match catalog::find(name) {
            Some(entry) => output::print(entry.text)?,
            None => bail!("the catalog has no {name}; it has:\n{}", list()),
        },
    }
    Ok(Exit::Met)
}

fn list() -> String {
    let widest = catalog::ALL.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let line = |entry: &CatalogEntry| format!("  {:<widest$}  {}\n", entry.name, question(entry));
    catalog::ALL.iter().map(line).collect()
}

/// The first sentence of what the entry says about itself.
fn question(entry: &CatalogEntry) -> String {
    entry.about().lines().next().unwrap_or_default().to_owned()
}
