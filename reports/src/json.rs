//! Results for other programs: the types of the result as they are, pretty-printed.

use std::io;

use serde::Serialize;

/// One JSON document with a newline at its end; numbers that are not finite become `null`.
pub fn text(result: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(result)? + "\n")
}
