//! What a sweep found out, ready to be written in any format.

use serde::{Serialize, Serializer};
use sim_core::outcome::{Digest, Loss};

pub use crate::statistics::{Estimate, Method};
use crate::sweep::Stopping;

/// The result of a sweep; a sweep without factors has one design point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepResult {
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of everything that was read, in hex.
    pub input_hash: String,
    /// Version of Nines.
    pub version: String,
    /// Master seed.
    pub seed: u64,
    /// Runs at each design point.
    pub repetitions: u64,
    /// How it ended, if it went on until an interval was narrow enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// Measured span of one run, in seconds.
    pub measured_s: f64,
    /// Names of the measured services, `namespace/name`.
    pub services: Vec<String>,
    /// Names of the workloads, `kind namespace/name`.
    pub workloads: Vec<String>,
    /// What varied.
    pub factors: Vec<FactorAxis>,
    /// One per design point; the last factor varies fastest.
    pub points: Vec<PointResult>,
    /// Fingerprint of all runs in order, in hex.
    pub digest: String,
}

/// How a sweep ended that went on until every interval was narrow enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// What was waited for: `availability ±0.0001`.
    pub until: String,
    /// Runs at each design point at most.
    pub most_runs: u64,
    /// Rounds that it took.
    pub rounds: u32,
    /// Whether it was reached.
    pub reached: bool,
}

impl Stopped {
    /// After this many rounds.
    pub fn new(stopping: Stopping, rounds: u32, reached: bool) -> Stopped {
        Stopped { until: stopping.until.to_string(), most_runs: stopping.most_runs, rounds, reached }
    }
}

/// One factor and its levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactorAxis {
    /// Short name for tables and axes.
    pub label: String,
    /// Path that it sets.
    pub path: String,
    /// Short names of the levels.
    pub levels: Vec<String>,
    /// What each level sets there, as `--set` takes it.
    pub values: Vec<String>,
}

/// All runs at one design point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointResult {
    /// For each factor, the index of its level.
    pub levels: Vec<usize>,
    /// Price of all nodes per hour, in the user's currency; 0 if no price was given.
    pub price_per_hour: f64,
    /// One per service.
    pub services: Vec<ServiceSummary>,
    /// One per workload.
    pub workloads: Vec<WorkloadSummary>,
    /// The control plane, if it can fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_plane: Option<ControlPlaneSummary>,
    /// One per run, in order.
    pub runs: Vec<RunRow>,
}

/// One service at one design point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceSummary {
    /// Request availability: mean over runs.
    pub request_availability: Estimate,
    /// Time availability: mean over runs.
    pub time_availability: Estimate,
    /// Capacity availability: mean over runs.
    pub capacity_availability: Estimate,
    /// Objectives of the service.
    pub objectives: Vec<ObjectiveSummary>,
    /// Annual downtime in seconds, (1 - request availability) x one year: mean over runs.
    pub annual_downtime_s: Estimate,
    /// Quantiles of annual downtime over runs: `(probability, seconds)` at 0.5, 0.9, 0.95 and 0.99.
    pub annual_downtime_quantiles: Vec<(f64, Estimate)>,
    /// Outages a year: mean over runs.
    pub outages_per_year: Estimate,
    /// Durations of all outages of all runs in seconds, ascending.
    pub outage_durations_s: Vec<f64>,
    /// Share of lost requests by reason, in the order of [`Loss::ALL`]; all zero if none was lost.
    pub lost_share: [f64; Loss::ALL.len()],
    /// Share of outage time by root: `(fault or operation, share)`, largest first; "none" where neither started it.
    pub root_share: Vec<(String, f64)>,
}

/// One objective of one service at one design point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObjectiveSummary {
    /// `request`, `time` or `capacity`.
    pub measure: String,
    /// Promised share.
    pub target: f64,
    /// Whether the mean over runs keeps it.
    pub met: bool,
    /// Share of runs that keep it.
    pub runs_meeting: Estimate,
}

/// One workload at one design point: means over runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadSummary {
    /// Share of time with replica ratio R = N / P = 1 (desired over current).
    pub share_at_ratio_one: Estimate,
    /// Time mean of R while finite.
    pub mean_ratio: Estimate,
    /// Share of time with every desired replica Ready.
    pub share_all_ready: Estimate,
    /// Mean Ready replicas.
    pub mean_ready: Estimate,
    /// Mean container restarts a year.
    pub restarts_per_year: Estimate,
}

/// The control plane at one design point: means over runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ControlPlaneSummary {
    /// Share of time in which some API server answered, and could write.
    pub api_availability: Estimate,
    /// Share of time in which enough members of etcd ran.
    pub etcd_quorum: Estimate,
    /// Share of time in which a controller-manager led, and acted.
    pub controller_manager_active: Estimate,
    /// Share of time in which a scheduler led, and acted.
    pub scheduler_active: Estimate,
    /// Times a year that the API became unavailable, elections of etcd included.
    pub api_outages_per_year: Estimate,
    /// Times a year that a controller-manager or a scheduler took over.
    pub failovers_per_year: Estimate,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRow {
    /// Index of the run at its design point.
    pub run: u64,
    /// Fingerprint; in hex where it is written.
    #[serde(serialize_with = "in_hex")]
    pub digest: Digest,
    /// Events processed.
    pub events: u64,
    /// Mean machines up.
    pub machines_up: f64,
    /// Mean nodes Ready in the API.
    pub nodes_ready: f64,
    /// Mean Ready pods.
    pub pods_ready: f64,
    /// Pods deleted by taint eviction.
    pub evictions: u64,
    /// One per service.
    pub services: Vec<RunService>,
    /// One per workload.
    pub workloads: Vec<RunWorkload>,
    /// The control plane, if it can fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_plane: Option<RunControlPlane>,
}

/// The control plane in one run: shares of time, and how often what happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunControlPlane {
    /// Some API server answered, and could write.
    pub api_availability: f64,
    /// Enough members of etcd ran.
    pub etcd_quorum: f64,
    /// A controller-manager led, and acted.
    pub controller_manager_active: f64,
    /// A scheduler led, and acted.
    pub scheduler_active: f64,
    /// Times the API became unavailable.
    pub api_outages: u64,
    /// Times a controller-manager or a scheduler took over.
    pub failovers: u64,
}

/// One service in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunService {
    /// Requests sent.
    pub requests: f64,
    /// Requests that failed.
    pub lost_requests: f64,
    /// Share of requests that succeeded; 1 if none was sent.
    pub request_availability: f64,
    /// Share of time with a serving endpoint.
    pub time_availability: f64,
    /// Share of time with enough serving endpoints.
    pub capacity_availability: f64,
    /// Outages.
    pub outages: u64,
    /// Longest outage, in seconds.
    pub longest_outage_s: f64,
    /// Sum of outages, in seconds.
    pub outage_s: f64,
    /// Whether every objective of the service is kept; true if it has none.
    pub objectives_met: bool,
}

/// One workload in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunWorkload {
    /// Share of time with replica ratio R = 1.
    pub share_at_ratio_one: f64,
    /// Time mean of R while finite.
    pub mean_ratio: f64,
    /// Share of time with every desired replica Ready.
    pub share_all_ready: f64,
    /// Mean Ready replicas.
    pub mean_ready: f64,
    /// Container restarts.
    pub restarts: u64,
}

fn in_hex<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(digest)
}
