//! Distributions of durations in a scenario file.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::duration::Duration;

/// A distribution, or a bare duration, which means exactly this long.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionFile {
    /// A bare duration.
    Bare(Duration),
    /// A distribution by name.
    Named(NamedDistribution),
}

/// A distribution by name, with its parameters.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub enum NamedDistribution {
    /// Always exactly this long.
    Deterministic(Duration),
    /// Memoryless: failures that age does not influence.
    Exponential {
        /// Mean.
        mean: Duration,
    },
    /// Weibull: shape below 1 is infant mortality, above 1 wear-out. Give the mean or the scale.
    Weibull {
        /// Shape.
        shape: f64,
        /// Mean.
        mean: Option<Duration>,
        /// Scale: the 63rd percentile.
        scale: Option<Duration>,
    },
    /// Gamma. Give the mean or the scale.
    Gamma {
        /// Shape.
        shape: f64,
        /// Mean: shape x scale.
        mean: Option<Duration>,
        /// Scale.
        scale: Option<Duration>,
    },
    /// Erlang: the sum of several exponential stages.
    Erlang {
        /// Number of stages.
        stages: u32,
        /// Mean of the sum.
        mean: Duration,
    },
    /// Lognormal: repairs, with their long tail.
    Lognormal {
        /// Median.
        median: Duration,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Equally likely between two bounds.
    Uniform {
        /// Least value.
        low: Duration,
        /// Greatest value.
        high: Duration,
    },
    /// Triangular.
    Triangular {
        /// Least value.
        low: Duration,
        /// Most likely value.
        mode: Duration,
        /// Greatest value.
        high: Duration,
    },
    /// Pareto: heavy-tailed.
    Pareto {
        /// Shape; the mean is infinite up to 1.
        shape: f64,
        /// Least value.
        minimum: Duration,
    },
    /// One of these samples, equally likely.
    Empirical(Vec<Duration>),
    /// One of several distributions, chosen by weight.
    Mixture(Vec<Weighted>),
}

/// A part of a mixture.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Weighted {
    /// Weight; weights may have any sum.
    pub weight: f64,
    /// What is drawn from when this part is chosen.
    pub distribution: DistributionFile,
}

impl<'de> Deserialize<'de> for DistributionFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DistributionFile, D::Error> {
        deserializer.deserialize_any(DistributionVisitor)
    }
}

struct DistributionVisitor;

impl<'de> Visitor<'de> for DistributionVisitor {
    type Value = DistributionFile;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a duration, or a distribution such as {exponential: {mean: 30d}}")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<DistributionFile, E> {
        Duration::deserialize(StrDeserializer::new(text)).map(DistributionFile::Bare)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<DistributionFile, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<DistributionFile, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DistributionFile, A::Error> {
        NamedDistribution::deserialize(MapAccessDeserializer::new(map)).map(DistributionFile::Named)
    }
}

impl JsonSchema for DistributionFile {
    fn schema_name() -> Cow<'static, str> {
        "Distribution".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let duration = generator.subschema_for::<Duration>();
        let named = generator.subschema_for::<NamedDistribution>();
        json_schema!({
            "description": "A distribution by name, or a bare duration, which means exactly this long.",
            "anyOf": [duration, named],
            "examples": ["5m", {"exponential": {"mean": "30d"}}, {"lognormal": {"median": "1h", "sigma": 1.41}}],
        })
    }
}
