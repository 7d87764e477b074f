//! A broken rule of our own, caught: people get a sentence and a command to repeat it, not a stack trace.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, MutexGuard};

use anyhow::Result;
use scenarios::runner::panic_message;

use crate::repeat;
use crate::stop::Stop;

/// What each panic said, and where; threads may add to it.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Does `work`; a panic in it becomes an error.
pub fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    set_hook(Box::new(hear));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let message = with_place(&panic_message(payload.as_ref()));
        Err(Stop::Broken { message, repeat: repeat::as_typed() }.into())
    })
}

/// The message of a panic with the line of code that said it.
pub fn with_place(message: &str) -> String {
    heard().iter().find(|told| told.starts_with(message)).cloned().unwrap_or_else(|| message.to_owned())
}

fn hear(info: &PanicHookInfo) {
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    heard().push(panic_message(info.payload()) + &place);
}

fn heard() -> MutexGuard<'static, Vec<String>> {
    HEARD.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_its_place_and_command() {
        let error = caught::<()>(|| panic!("negative capacity")).expect_err("it panics");
        let text = error.to_string();
        assert!(matches!(error.downcast_ref(), Some(Stop::Broken { .. })));
        assert!(text.contains("negative capacity (src/broken.rs:"), "{text}");
        assert!(text.contains("Please report it with your input and this command:\n  nines "), "{text}");
    }
}
