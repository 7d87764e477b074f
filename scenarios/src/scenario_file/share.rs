//! A share of a whole, written as a fraction or in per cent.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::scalar;

/// A number in (0, 1].
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(pub f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let text = text.trim();
        // Shifting the decimal point in the text is exact, dividing by 100 is not.
        let value: Option<f64> = match text.strip_suffix('%') {
            Some(percent) => format!("{}e-2", percent.trim()).parse().ok(),
            None => text.parse().ok(),
        };
        match value {
            Some(share) if share > 0.0 && share <= 1.0 => Ok(Share(share)),
            Some(share) if share > 1.0 && share <= 100.0 && !text.ends_with('%') => {
                Err(format!("`{text}` is more than all: write {text}% or {}", share / 100.0))
            }
            _ => Err(format!("`{text}` is not a share such as 99.95% or 0.9995")),
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Share, D::Error> {
        scalar::deserialize(deserializer, "a share such as 99.95% or 0.9995")
    }
}

impl JsonSchema for Share {
    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "description": "A share above 0 and at most 1: 0.9995 or 99.95%.",
            "examples": ["99.95%", 0.9995],
        })
    }
}
