//! Exit codes. They are part of the interface: `--help` and the README list them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every objective is met, or the command has none.
    Met = 0,
    /// An objective is missed.
    Missed = 1,
    /// The input or the command line is wrong.
    BadInput = 2,
    /// Nines broke one of its own rules.
    Internal = 3,
    /// The precision that was asked for is not reached.
    Incomplete = 4,
    /// The user ended it early.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
