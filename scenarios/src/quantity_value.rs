//! A Kubernetes quantity as a field of our own files: a string or a number.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::{quantity, scalar};

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

impl FromStr for QuantityValue {
    type Err = String;

    fn from_str(text: &str) -> Result<QuantityValue, String> {
        quantity::parse_units(text)?;
        quantity::parse_milli_units(text)?;
        Ok(QuantityValue(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for QuantityValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QuantityValue, D::Error> {
        scalar::deserialize(deserializer, "a quantity such as 500m or 2Gi")
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
