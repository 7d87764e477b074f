//! Ctrl-C: the first asks for an orderly end, the second ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Starts to listen; the flag turns true when the user wants an end.
pub fn flag() -> &'static AtomicBool {
    let heard = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Interrupted as i32);
        }
    };
    // It fails only where a handler stands already, and then there is nothing to do.
    ctrlc::try_set_handler(heard).ok();
    &ASKED
}
