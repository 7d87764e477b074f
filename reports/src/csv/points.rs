//! One row per design point and service or workload, or per share or outage of one: `points.csv`,
//! `replica-ratio.csv`, `causes.csv`, `outages.csv`.

use scenarios::summary::{Estimate, ServiceSummary, SweepResult};
use sim_core::outcome::Loss;

use super::prefix::{self, table_of_points};
use super::table::{Rows, Table, Written};

/// `points.csv`: one row per design point and service, with means, quantiles, their 95% intervals and how these were
/// made.
pub fn points(result: &SweepResult) -> Table<'_> {
    let mut table = table_of_points(result, &["service", "runs", "measured_s", "price_per_hour"]);
    table.header.extend(ESTIMATES.iter().flat_map(|name| estimate_columns(name)));
    table.header.extend(MEASURES.iter().flat_map(|measure| objective_columns(measure)));
    for (prefix, point) in prefix::points(result) {
        table.part(move |rows| {
            for (name, service) in result.services.iter().zip(&point.services) {
                prefix.begin(rows)?;
                rows.text(name)?;
                rows.plain(point.runs.len())?;
                rows.numbers([result.measured_s, point.price_per_hour])?;
                estimates(service).into_iter().try_for_each(|estimate| estimate_fields(rows, estimate))?;
                MEASURES.iter().try_for_each(|measure| objective_fields(rows, service, measure))?;
                rows.end()?;
            }
            Ok(())
        });
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

fn estimate_columns(name: &str) -> [String; 4] {
    [name.to_owned(), format!("{name}_low"), format!("{name}_high"), format!("{name}_method")]
}

fn estimate_fields(rows: &mut Rows, estimate: Option<Estimate>) -> Written {
    rows.numbers(estimate.map_or([f64::NAN; 3], |e| [e.value, e.low, e.high]))?;
    rows.text(estimate.map_or("", |e| e.method.name()))
}

fn objective_columns(measure: &str) -> Vec<String> {
    let mut columns = vec![format!("{measure}_objective"), format!("{measure}_objective_met")];
    columns.extend(estimate_columns(&format!("share_of_runs_meeting_{measure}_objective")));
    columns
}

/// The strictest objective on a measure; empty fields if there is none.
fn objective_fields(rows: &mut Rows, service: &ServiceSummary, measure: &str) -> Written {
    let on_measure = service.objectives.iter().filter(|objective| objective.measure == measure);
    let Some(objective) = on_measure.max_by(|a, b| a.target.total_cmp(&b.target)) else {
        return (0..6).try_for_each(|_| rows.empty());
    };
    rows.number(objective.target)?;
    rows.plain(objective.met)?;
    estimate_fields(rows, Some(objective.runs_meeting))
}

/// `replica-ratio.csv`: one row per design point and workload: R = N / P, desired over current pods, and what is Ready.
pub fn replica_ratios(result: &SweepResult) -> Table<'_> {
    let mut table = table_of_points(result, &["workload", "runs"]);
    table.header.extend(RATIO_ESTIMATES.iter().flat_map(|name| estimate_columns(name)));
    for (prefix, point) in prefix::points(result) {
        table.part(move |rows| {
            for (name, w) in result.workloads.iter().zip(&point.workloads) {
                prefix.begin(rows)?;
                rows.text(name)?;
                rows.plain(point.runs.len())?;
                let ratio = [w.share_at_ratio_one, w.mean_ratio, w.share_all_ready];
                let estimates = ratio.into_iter().chain([w.mean_ready, w.restarts_per_year]).map(Some);
                estimates.into_iter().try_for_each(|estimate| estimate_fields(rows, estimate))?;
                rows.end()?;
            }
            Ok(())
        });
    }
    table
}

const RATIO_ESTIMATES: [&str; 5] =
    ["share_at_ratio_one", "mean_ratio", "share_all_ready", "mean_ready", "restarts_per_year"];

/// `causes.csv`: why requests were lost, and which faults began the outages: one row per share.
pub fn causes(result: &SweepResult) -> Table<'_> {
    let mut table = table_of_points(result, &["service", "share_of", "cause", "share"]);
    for (prefix, point) in prefix::points(result) {
        table.part(move |rows| {
            for (name, service) in result.services.iter().zip(&point.services) {
                for (share_of, cause, share) in shares(service) {
                    prefix.begin(rows)?;
                    [name, share_of, &cause].into_iter().try_for_each(|text| rows.text(text))?;
                    rows.number(share)?;
                    rows.end()?;
                }
            }
            Ok(())
        });
    }
    table
}

fn shares(service: &ServiceSummary) -> impl Iterator<Item = (&'static str, String, f64)> {
    let lost = Loss::ALL.iter().zip(service.lost_share);
    let lost = lost.map(|(loss, share)| ("lost_requests", format!("{loss:?}"), share));
    lost.chain(service.root_share.iter().map(|(fault, share)| ("outage_time", fault.clone(), *share)))
}

/// Rows of one part of `outages.csv`, which are short and may be many.
const OUTAGES_A_PART: usize = 1 << 14;

/// `outages.csv`: one row per outage, shortest first at each design point.
pub fn outages(result: &SweepResult) -> Table<'_> {
    let mut table = table_of_points(result, &["service", "duration_s"]);
    for (prefix, point) in prefix::points(result) {
        for (name, service) in result.services.iter().zip(&point.services) {
            for durations in service.outage_durations_s.chunks(OUTAGES_A_PART) {
                let prefix = prefix.clone();
                table.part(move |rows| {
                    for &seconds in durations {
                        prefix.begin(rows)?;
                        rows.text(name)?;
                        rows.number(seconds)?;
                        rows.end()?;
                    }
                    Ok(())
                });
            }
        }
    }
    table
}
