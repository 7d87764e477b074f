//! `kind: Sweep`: what varies, and how often each combination is run.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::Metadata;

/// A sweep over all combinations of the levels of some factors.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Sweep")]
pub struct SweepFile {
    /// Always `nines.dev/v1alpha1`.
    pub api_version: String,
    /// Always `Sweep`.
    pub kind: String,
    /// Name of the sweep.
    #[serde(default)]
    pub metadata: Metadata,
    /// The sweep.
    pub spec: SweepFileSpec,
}

/// Factors and repetitions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SweepFileSpec {
    /// What varies. The last factor varies fastest.
    #[serde(default)]
    pub factors: Vec<FactorFile>,
    /// Runs of each combination. Default: 100.
    pub repetitions: Option<u64>,
    /// Seed that all luck comes from. Default: 42.
    pub seed: Option<u64>,
}

/// A field that varies.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactorFile {
    /// Short name for tables and axes. Default: the last part of the path.
    pub name: Option<String>,
    /// The field: `Deployment/web.spec.replicas`, `scenario.spec.faults.node-crash.timeToRepair`.
    pub path: String,
    /// Its values: a list, or a range `{from, to, step}`.
    pub levels: LevelsFile,
}

/// The levels of a factor.
#[derive(Clone, Debug)]
pub enum LevelsFile {
    /// One by one.
    List(Vec<LevelFile>),
    /// Evenly spaced.
    Range(RangeFile),
}

/// A level: any value, or `{label, value}`.
#[derive(Clone, Debug)]
pub struct LevelFile {
    /// Name in tables and on axes; the value itself if none is given.
    pub label: Option<String>,
    /// The value that the field gets.
    pub value: serde_json::Value,
}

/// Evenly spaced numbers, both ends included.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RangeFile {
    /// First level.
    pub from: f64,
    /// Greatest level that may occur.
    pub to: f64,
    /// Distance. Default: 1.
    pub step: Option<f64>,
}

impl<'de> Deserialize<'de> for LevelsFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<LevelsFile, D::Error> {
        deserializer.deserialize_any(LevelsVisitor)
    }
}

struct LevelsVisitor;

impl<'de> Visitor<'de> for LevelsVisitor {
    type Value = LevelsFile;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of values, or a range such as {from: 1, to: 5}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LevelsFile, A::Error> {
        let mut levels = Vec::new();
        while let Some(value) = list.next_element::<serde_json::Value>()? {
            levels.push(LevelFile::from(value));
        }
        Ok(LevelsFile::List(levels))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LevelsFile, A::Error> {
        RangeFile::deserialize(MapAccessDeserializer::new(map)).map(LevelsFile::Range)
    }
}

impl From<serde_json::Value> for LevelFile {
    fn from(value: serde_json::Value) -> LevelFile {
        let parts: Option<BTreeMap<String, serde_json::Value>> = serde_json::from_value(value.clone()).ok();
        match parts {
            Some(mut parts)
                if parts.len() == 2 && parts.contains_key("label") && parts.contains_key("value") =>
            {
                let label = parts.remove("label").map(|label| plain(&label));
                LevelFile { label, value: parts.remove("value").unwrap_or_default() }
            }
            _ => LevelFile { label: None, value },
        }
    }
}

impl LevelFile {
    /// What tables and axes show.
    pub fn shown(&self) -> String {
        self.label.clone().unwrap_or_else(|| plain(&self.value))
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl JsonSchema for LevelsFile {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Levels".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let range = generator.subschema_for::<RangeFile>();
        json_schema!({
            "description": "A list of values, each plain or as {label, value}; or a range.",
            "anyOf": [{ "type": "array" }, range],
            "examples": [[1, 2, 3], { "from": 1, "to": 5, "step": 2 }],
        })
    }
}
