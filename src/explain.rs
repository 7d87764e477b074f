//! `nines explain`: what a diagnostic means, and what to do.

use anyhow::{Result, bail};
use scenarios::diagnostic::codes::{self, Code};

use crate::cli::Explain;
use crate::exit::Exit;
use crate::output;

pub fn main(args: &Explain) -> Result<Exit> {
    match args.code.as_deref() {
        None => output::print(&codes::ALL.iter().map(|code| line(code)).collect::<String>())?,
        Some(id) => match codes::explain(id) {
            Some(code) => output::print(&format!("{}\n{}\n", line(code), output::folded(code.explanation)))?,
            None => bail!("there is no diagnostic {id}; `nines explain` lists all"),
        },
    }
    Ok(Exit::Met)
}

fn line(code: &Code) -> String {
    format!("{} {:<8} {}\n", code.id, code.severity.to_string(), code.title)
}
