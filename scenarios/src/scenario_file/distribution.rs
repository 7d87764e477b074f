//! Distributions of durations in a scenario file.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

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
    /// Memoryless: failures that age does not influence. Give one of the fields.
    Exponential {
        /// Mean.
        mean: Option<Duration>,
        /// Median.
        median: Option<Duration>,
        /// 95th percentile.
        p95: Option<Duration>,
    },
    /// Weibull: shape below 1 is infant mortality, above 1 wear-out. Scale: the 63rd percentile.
    Weibull(Shaped),
    /// Gamma. The mean is shape x scale.
    Gamma(Shaped),
    /// Erlang: the sum of several exponential stages.
    Erlang {
        /// Number of stages.
        stages: u32,
        /// Mean of the sum.
        mean: Duration,
    },
    /// Lognormal: repairs, with their long tail. Two fields say it all, such as median and sigma, or median and p95.
    Lognormal {
        /// Standard deviation of the logarithm.
        sigma: Option<f64>,
        /// Coefficient of variation: standard deviation / mean.
        cv: Option<f64>,
        /// Median.
        median: Option<Duration>,
        /// Mean.
        mean: Option<Duration>,
        /// 95th percentile.
        p95: Option<Duration>,
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
        shape: Option<f64>,
        /// Coefficient of variation: standard deviation / mean.
        cv: Option<f64>,
        /// Least value.
        minimum: Option<Duration>,
        /// Mean.
        mean: Option<Duration>,
        /// Median.
        median: Option<Duration>,
        /// 95th percentile.
        p95: Option<Duration>,
    },
    /// One of some samples, equally likely.
    Empirical(Samples),
    /// One of several distributions, chosen by weight.
    Mixture(Vec<Weighted>),
}

/// What is said of a Weibull or gamma distribution: its shape, its coefficient of variation, or median and 95th
/// percentile; and besides, unless it is the median, its mean, its median or its scale.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Shaped {
    /// Shape.
    pub shape: Option<f64>,
    /// Coefficient of variation: standard deviation / mean.
    pub cv: Option<f64>,
    /// Mean.
    pub mean: Option<Duration>,
    /// Median.
    pub median: Option<Duration>,
    /// 95th percentile.
    pub p95: Option<Duration>,
    /// Scale.
    pub scale: Option<Duration>,
}

/// Samples of a duration, in place or in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Samples {
    /// In place.
    Listed(Vec<Duration>),
    /// In a CSV file.
    File(SampleFile),
}

/// A CSV file with a sample in each line: seconds, or durations with their unit.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SampleFile {
    /// Name of the file, from the folder of the file that names it.
    pub file: String,
    /// Heading of the column. Default: the first column, with or without a heading.
    pub column: Option<String>,
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

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Samples, D::Error> {
        deserializer.deserialize_any(SamplesVisitor)
    }
}

struct SamplesVisitor;

impl<'de> Visitor<'de> for SamplesVisitor {
    type Value = Samples;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of durations, or a file such as {file: repairs.csv}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Samples, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Samples::Listed)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Samples, A::Error> {
        SampleFile::deserialize(MapAccessDeserializer::new(map)).map(Samples::File)
    }
}

impl JsonSchema for Samples {
    fn schema_name() -> Cow<'static, str> {
        "Samples".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let listed = generator.subschema_for::<Vec<Duration>>();
        let file = generator.subschema_for::<SampleFile>();
        json_schema!({
            "description": "Samples of a duration, in place or in a CSV file.",
            "anyOf": [listed, file],
        })
    }
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
