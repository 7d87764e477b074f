//! A Kubernetes quantity as a field of our own files: a string or a number.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::quantity;

/// The text of a valid quantity that is not negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityValue(pub String);

impl QuantityValue {
    /// In whole units.
    pub fn units(&self) -> u64 {
        quantity::parse_units(&self.0).unwrap_or_default()
    }

    /// In thousandths of a unit.
    pub fn milli_units(&self) -> u64 {
        quantity::parse_milli_units(&self.0).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for QuantityValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QuantityValue, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = QuantityValue;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a quantity such as 500m or 2Gi")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<QuantityValue, E> {
                let fits = quantity::parse_units(text).and_then(|_| quantity::parse_milli_units(text));
                fits.map(|_| QuantityValue(text.to_owned())).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<QuantityValue, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<QuantityValue, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for QuantityValue {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number"],
            "description": "A Kubernetes quantity: 500m, 2, 1.5Gi.",
            "examples": ["500m", "16Gi"],
        })
    }
}
