//! Fields of a case. What a field must not be stops the case; the runner says so.

use serde_json::Value;
use sim_core::spec::IntOrPercent;
use sim_core::time::{Instant, Span};

/// The moment at which a case is decided: late enough for everything that it says to have happened before.
pub const NOW: Instant = Instant(1_000_000_000_000_000_000);

/// A field that is a number, 0 if it is left out or null.
pub fn number(value: &Value, field: &str) -> u32 {
    number_or(value, field, 0)
}

/// A field that is a number, or what it is if it is left out or null.
pub fn number_or(value: &Value, field: &str, default: u32) -> u32 {
    match &value[field] {
        Value::Null => default,
        given => whole(given).unwrap_or_else(|| panic!("`{field}` is {given}: not a whole number")),
    }
}

/// A field that is an amount of something, `None` if it is left out or null.
pub fn amount(value: &Value, field: &str) -> Option<u64> {
    match &value[field] {
        Value::Null => None,
        given => Some(given.as_u64().unwrap_or_else(|| panic!("`{field}` is {given}: not an amount"))),
    }
}

/// The elements of a field that is a list.
pub fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

/// A field that is a word, empty if it is left out or null.
pub fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    match &value[field] {
        Value::Null => "",
        given => given.as_str().unwrap_or_else(|| panic!("`{field}` is {given}: not a word")),
    }
}

/// A field that is true or false, false if it is left out or null.
pub fn flag(value: &Value, field: &str) -> bool {
    match &value[field] {
        Value::Null => false,
        given => given.as_bool().unwrap_or_else(|| panic!("`{field}` is {given}: neither true nor false")),
    }
}

/// A field that is a number of seconds, `None` if it is left out or null.
pub fn seconds(value: &Value, field: &str) -> Option<Span> {
    match &value[field] {
        Value::Null => None,
        given => {
            let seconds = given.as_f64().unwrap_or_else(|| panic!("`{field}` is {given}: not a time"));
            Some(Span::from_secs_f64(seconds))
        }
    }
}

/// The moment that a field says lies so many seconds back.
pub fn ago(value: &Value, field: &str) -> Option<Instant> {
    seconds(value, field).map(|ago| Instant(NOW.0 - ago.0))
}

/// An `IntOrString`; `None` where upstream reports an error.
pub fn int_or_percent(value: &Value) -> Option<IntOrPercent> {
    match value {
        Value::String(text) => text.strip_suffix('%')?.parse().ok().map(IntOrPercent::Percent),
        _ => whole(value).map(IntOrPercent::Int),
    }
}

fn whole(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}
