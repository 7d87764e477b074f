//! What a study of sensitivity found out, ready to be written in any format.

use serde::Serialize;

use super::Effects;
use crate::statistics::Estimate;

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of everything that was read, in hex.
    pub input_hash: String,
    /// Version of Nines.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// Runs of each design.
    pub repetitions: u64,
    /// Measured span of one run, in seconds.
    pub measured_s: f64,
    /// The service, `namespace/name`.
    pub service: String,
    /// `request`, `time` or `capacity`.
    pub measure: &'static str,
    /// Availability as it is.
    pub base: Estimate,
    /// Largest effect first.
    pub parameters: Vec<Ranked>,
    /// Trajectories of the screening; 0 if there was none.
    pub trajectories: usize,
    /// What could not be changed, and why.
    pub refused: Vec<String>,
    /// Fingerprint of all runs in order, in hex.
    pub digest: String,
    /// Whether every run that was asked for was made.
    pub complete: bool,
}

/// A parameter with its effects on the unavailability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The field.
    pub path: String,
    /// Its value; none where the range was given and the value is not in the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// At the lower end of its range.
    pub low: Changed,
    /// At the upper end.
    pub high: Changed,
    /// Between the least and the greatest unavailability of the three.
    pub swing: f64,
    /// What the screening says, if it was screened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effects: Option<Effects>,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// The value there.
    pub value: String,
    /// Unavailability there less unavailability as it is; none where the value is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Estimate>,
}

/// What lies between the least and the greatest of both ends and no change.
pub fn swing(low: &Changed, high: &Changed) -> f64 {
    let changes = [low, high].into_iter().filter_map(|changed| changed.change).map(|change| change.value);
    let (least, most) = changes.fold((0.0_f64, 0.0_f64), |(least, most), c| (least.min(c), most.max(c)));
    most - least
}
