//! JSON Schemas of our own kinds, for editors.

use schemars::schema_for;
use serde_json::{Value, json};

use crate::document::API_VERSION;
use crate::scenario_file::{ScenarioFile, SweepFile};

/// One schema for both kinds, told apart by `kind`.
pub fn schema() -> Value {
    let scenario = schema_for!(ScenarioFile).to_value();
    let sweep = schema_for!(SweepFile).to_value();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Scenario and Sweep of {API_VERSION}"),
        "oneOf": [of_kind("Scenario", scenario), of_kind("Sweep", sweep)],
    })
}

/// Fixes `apiVersion` and `kind`, which the type leaves as any string, and gives the schema an identity of its
/// own so that its references stay inside it.
fn of_kind(kind: &str, mut schema: Value) -> Value {
    schema["properties"]["apiVersion"]["const"] = API_VERSION.into();
    schema["properties"]["kind"]["const"] = kind.into();
    schema["$id"] = format!("https://{API_VERSION}/{}", kind.to_lowercase()).into();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
    }
    schema
}
