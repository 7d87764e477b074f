//! Ends before there is a result, and how they are told.

use std::fmt::{self, Display, Formatter};

use crate::exit::Exit;
use crate::voice::Voice;

/// Why a command ends without its result.
#[derive(Debug)]
pub enum Stop {
    /// The input is wrong; diagnostics have said how.
    BadInput,
    /// The user ended it before anything was done.
    Interrupted,
    /// Nines broke one of its own rules.
    Broken {
        /// What the rule said.
        message: String,
        /// Commands that show it again, if any is known.
        repeat: String,
    },
}

impl Display for Stop {
    fn fmt(&self, out: &mut Formatter) -> fmt::Result {
        match self {
            Stop::BadInput => write!(out, "nothing was run"),
            Stop::Interrupted => write!(out, "interrupted before the first run was finished"),
            Stop::Broken { message, repeat } => write!(
                out,
                "Nines broke one of its own rules: {message}\n\
                 This is a fault of Nines, not of your input. Please report it with your input and this command:\n  \
                 {repeat}   (Nines {})",
                env!("CARGO_PKG_VERSION")
            ),
        }
    }
}

impl std::error::Error for Stop {}

/// Says what was not said yet, and with what code to exit.
pub fn report(error: &anyhow::Error, voice: &Voice) -> Exit {
    let exit = match error.downcast_ref::<Stop>() {
        Some(Stop::BadInput) => return Exit::BadInput,
        Some(Stop::Interrupted) => Exit::Interrupted,
        Some(Stop::Broken { .. }) => Exit::Internal,
        None => Exit::BadInput,
    };
    voice.error(&format!("{error:#}"));
    exit
}
