//! Results for spreadsheets and data frames: RFC 4180 with `\n`, one header, units in the column names,
//! numbers in their shortest exact form, empty where there is no number. One file per table.

use std::io;

use ::csv::{Terminator, WriterBuilder};
use scenarios::summary::{Estimate, PointResult, RunRow, ServiceSummary, SweepResult};
use sim_core::outcome::{Loss, Recording};

use crate::labels::RunLabels;
use crate::per::Per;

/// A table on its way to a file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Rows with as many fields.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new(header: &[&str]) -> Table {
        Table { header: header.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }

    /// The file.
    pub fn to_csv(&self) -> io::Result<Vec<u8>> {
        let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
        writer.write_record(&self.header)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|error| error.into_error())
    }
}

/// Columns that every table of a sweep begins with: which scenario, seed and design point, and its levels.
fn table_of_points(result: &SweepResult, columns: &[&str]) -> Table {
    let mut table = Table::new(&["scenario", "seed", "point"]);
    table.header.extend(factor_columns(result, columns));
    table.header.extend(columns.iter().map(|&name| name.to_owned()));
    table
}

/// Labels of factors, or their paths where a label would be taken twice.
fn factor_columns(result: &SweepResult, taken: &[&str]) -> Vec<String> {
    let is_taken = |label: &str| {
        let factors = result.factors.iter().filter(|factor| factor.label == label).count();
        factors > 1 || taken.contains(&label) || ["scenario", "seed", "point"].contains(&label)
    };
    let column = |label: &str, path: &str| if is_taken(label) { path.to_owned() } else { label.to_owned() };
    result.factors.iter().map(|factor| column(&factor.label, &factor.path)).collect()
}

fn point_fields(result: &SweepResult, index: usize, point: &PointResult) -> Vec<String> {
    let mut fields = vec![result.scenario.clone(), result.seed.to_string(), index.to_string()];
    fields.extend(
        result.factors.iter().zip(&point.levels).map(|(factor, &level)| factor.levels[level].clone()),
    );
    fields
}

/// `runs.csv`: one row per design point, run and service.
pub fn runs(result: &SweepResult) -> Table {
    let mut table = table_of_points(result, RUN_COLUMNS);
    for (index, point) in result.points.iter().enumerate() {
        for run in &point.runs {
            for service in 0..result.services.len() {
                let mut row = point_fields(result, index, point);
                row.extend(run_fields(result, run, service));
                table.rows.push(row);
            }
        }
    }
    table
}

const RUN_COLUMNS: &[&str] = &[
    "run",
    "service",
    "requests",
    "lost_requests",
    "request_availability",
    "time_availability",
    "capacity_availability",
    "annual_downtime_s",
    "outages",
    "longest_outage_s",
    "outage_s",
    "objectives_met",
    "events",
    "mean_machines_up",
    "mean_nodes_ready",
    "mean_pods_ready",
    "evictions",
    "digest",
];

fn run_fields(result: &SweepResult, run: &RunRow, service: usize) -> Vec<String> {
    let s = &run.services[service];
    vec![
        run.run.to_string(),
        result.services[service].clone(),
        number(s.requests),
        number(s.lost_requests),
        number(s.request_availability),
        number(s.time_availability),
        number(s.capacity_availability),
        number(Per::Year.downtime_s(s.request_availability)),
        s.outages.to_string(),
        number(s.longest_outage_s),
        number(s.outage_s),
        s.objectives_met.to_string(),
        run.events.to_string(),
        number(run.machines_up),
        number(run.nodes_ready),
        number(run.pods_ready),
        run.evictions.to_string(),
        run.digest.clone(),
    ]
}

/// `workloads.csv`: one row per design point, run and workload.
pub fn workloads(result: &SweepResult) -> Table {
    let columns =
        ["run", "workload", "share_at_ratio_one", "mean_ratio", "share_all_ready", "mean_ready", "restarts"];
    let mut table = table_of_points(result, &columns);
    for (index, point) in result.points.iter().enumerate() {
        for run in &point.runs {
            for (name, w) in result.workloads.iter().zip(&run.workloads) {
                let mut row = point_fields(result, index, point);
                row.extend([
                    run.run.to_string(),
                    name.clone(),
                    number(w.share_at_ratio_one),
                    number(w.mean_ratio),
                ]);
                row.extend([number(w.share_all_ready), number(w.mean_ready), w.restarts.to_string()]);
                table.rows.push(row);
            }
        }
    }
    table
}

/// `replica-ratio.csv`: one row per design point and workload: R = N / P, desired over current pods, and what is Ready.
pub fn replica_ratios(result: &SweepResult) -> Table {
    let mut table = table_of_points(result, &["workload", "runs"]);
    table.header.extend(RATIO_ESTIMATES.iter().flat_map(|name| estimate_columns(name)));
    for (index, point) in result.points.iter().enumerate() {
        for (name, w) in result.workloads.iter().zip(&point.workloads) {
            let mut row = point_fields(result, index, point);
            row.extend([name.clone(), point.runs.len().to_string()]);
            let ratio = [w.share_at_ratio_one, w.mean_ratio, w.share_all_ready];
            let estimates = ratio.into_iter().chain([w.mean_ready, w.restarts_per_year]);
            row.extend(estimates.flat_map(|estimate| estimate_fields(Some(estimate))));
            table.rows.push(row);
        }
    }
    table
}

const RATIO_ESTIMATES: [&str; 5] =
    ["share_at_ratio_one", "mean_ratio", "share_all_ready", "mean_ready", "restarts_per_year"];

/// `points.csv`: one row per design point and service, with means, quantiles and their 95% intervals.
pub fn points(result: &SweepResult) -> Table {
    let mut table = table_of_points(result, &["service", "runs", "measured_s", "price_per_hour"]);
    table.header.extend(ESTIMATES.iter().flat_map(|name| estimate_columns(name)));
    table.header.extend(MEASURES.iter().flat_map(|measure| objective_columns(measure)));
    for (index, point) in result.points.iter().enumerate() {
        for (name, service) in result.services.iter().zip(&point.services) {
            let mut row = point_fields(result, index, point);
            row.extend([name.clone(), point.runs.len().to_string()]);
            row.extend([number(result.measured_s), number(point.price_per_hour)]);
            row.extend(estimates(service).into_iter().flat_map(estimate_fields));
            row.extend(MEASURES.iter().flat_map(|measure| objective_fields(service, measure)));
            table.rows.push(row);
        }
    }
    table
}

/// The estimates of `points.csv`, in the order of [`estimates`].
const ESTIMATES: [&str; 9] = [
    "request_availability",
    "time_availability",
    "capacity_availability",
    "outages_per_year",
    "annual_downtime_s",
    "annual_downtime_p50_s",
    "annual_downtime_p90_s",
    "annual_downtime_p95_s",
    "annual_downtime_p99_s",
];

const QUANTILES: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

const MEASURES: [&str; 3] = ["request", "time", "capacity"];

fn estimates(service: &ServiceSummary) -> Vec<Option<Estimate>> {
    let s = service;
    let means = [s.request_availability, s.time_availability, s.capacity_availability];
    let mut estimates: Vec<Option<Estimate>> = means.map(Some).to_vec();
    estimates.extend([Some(s.outages_per_year), Some(s.annual_downtime_s)]);
    let known = |wanted: f64| s.annual_downtime_quantiles.iter().find(|(p, _)| (p - wanted).abs() < 1e-9);
    estimates.extend(QUANTILES.map(|wanted| known(wanted).map(|(_, estimate)| *estimate)));
    estimates
}

fn estimate_columns(name: &str) -> [String; 3] {
    [name.to_owned(), format!("{name}_low"), format!("{name}_high")]
}

fn estimate_fields(estimate: Option<Estimate>) -> [String; 3] {
    estimate.map_or_else(Default::default, |e| [number(e.value), number(e.low), number(e.high)])
}

fn objective_columns(measure: &str) -> Vec<String> {
    let mut columns = vec![format!("{measure}_objective"), format!("{measure}_objective_met")];
    columns.extend(estimate_columns(&format!("share_of_runs_meeting_{measure}_objective")));
    columns
}

/// The strictest objective on a measure; empty fields if there is none.
fn objective_fields(service: &ServiceSummary, measure: &str) -> Vec<String> {
    let on_measure = service.objectives.iter().filter(|objective| objective.measure == measure);
    match on_measure.max_by(|a, b| a.target.total_cmp(&b.target)) {
        None => vec![String::new(); 5],
        Some(objective) => [number(objective.target), objective.met.to_string()]
            .into_iter()
            .chain(estimate_fields(Some(objective.runs_meeting)))
            .collect(),
    }
}

/// `causes.csv`: why requests were lost, and which faults began the outages: one row per share.
pub fn causes(result: &SweepResult) -> Table {
    let mut table = table_of_points(result, &["service", "share_of", "cause", "share"]);
    for (index, point) in result.points.iter().enumerate() {
        for (name, service) in result.services.iter().zip(&point.services) {
            for (share_of, cause, share) in shares(service) {
                let mut row = point_fields(result, index, point);
                row.extend([name.clone(), share_of.to_owned(), cause, number(share)]);
                table.rows.push(row);
            }
        }
    }
    table
}

fn shares(service: &ServiceSummary) -> impl Iterator<Item = (&'static str, String, f64)> {
    let lost = Loss::ALL.iter().zip(service.lost_share);
    let lost = lost.map(|(loss, share)| ("lost_requests", format!("{loss:?}"), share));
    lost.chain(service.root_share.iter().map(|(fault, share)| ("outage_time", fault.clone(), *share)))
}

/// `outages.csv`: one row per outage, shortest first at each design point.
pub fn outages(result: &SweepResult) -> Table {
    let mut table = table_of_points(result, &["service", "duration_s"]);
    for (index, point) in result.points.iter().enumerate() {
        for (name, service) in result.services.iter().zip(&point.services) {
            for &seconds in &service.outage_durations_s {
                let mut row = point_fields(result, index, point);
                row.extend([name.clone(), number(seconds)]);
                table.rows.push(row);
            }
        }
    }
    table
}

/// `timeline.csv` of one run.
pub fn timeline(recording: &Recording) -> Table {
    let mut table = Table::new(&["at_ns", "at_s", "actor", "what"]);
    table.rows.extend(recording.timeline.iter().map(|entry| {
        let at = entry.at;
        vec![at.0.to_string(), number(at.as_secs_f64()), format!("{:?}", entry.actor), entry.text.clone()]
    }));
    table
}

/// `samples.csv` of one run: the state of each service from the given moment on.
pub fn samples(labels: &RunLabels, recording: &Recording) -> Table {
    let mut table =
        Table::new(&["at_ns", "at_s", "service", "pods", "ready", "programmed", "serving", "success_share"]);
    table.rows.extend(recording.samples.iter().map(|s| {
        let mut row =
            vec![s.at.0.to_string(), number(s.at.as_secs_f64()), labels.service(s.service).to_owned()];
        row.extend([s.pods, s.ready, s.programmed, s.serving].map(|count| count.to_string()));
        row.push(number(s.success));
        row
    }));
    table
}

/// `run_outages.csv` of one run: one row per outage of each service.
pub fn run_outages(labels: &RunLabels, recording: &Recording) -> Table {
    let mut table = Table::new(&[
        "service",
        "start_ns",
        "start_s",
        "duration_s",
        "root_fault",
        "worst_failing_share",
        "lost_requests",
    ]);
    for (service, outcome) in labels.services.iter().zip(&recording.outcome.services) {
        table.rows.extend(outcome.outages.iter().map(|outage| {
            let mut row =
                vec![service.name.clone(), outage.start.0.to_string(), number(outage.start.as_secs_f64())];
            row.push(number(outage.duration().as_secs_f64()));
            row.push(outage.root.map_or(String::new(), |cause| labels.cause(cause).to_owned()));
            row.extend([number(outage.worst), number(outage.lost_requests)]);
            row
        }));
    }
    table
}

/// The shortest decimal that reads back as the same number; empty if it is none.
fn number(value: f64) -> String {
    // An empty sum is -0, which nobody means.
    if value.is_finite() { (value + 0.0).to_string() } else { String::new() }
}
