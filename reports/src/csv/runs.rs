//! One row per run: `runs.csv`, `workloads.csv`.

use scenarios::summary::{RunRow, RunService, RunWorkload, SweepResult};

use super::prefix::{self, Prefix, table_of_points};
use super::table::{Rows, Table, Written};
use crate::per::Per;

/// Rows of one part of a table, about.
const ROWS_A_PART: usize = 4096;

/// `runs.csv`: one row per design point, run and service.
pub fn runs(result: &SweepResult) -> Table<'_> {
    by_run(result, table_of_points(result, RUN_COLUMNS), &result.services, |rows, run, service| {
        run_fields(rows, run, &run.services[service])
    })
}

/// `workloads.csv`: one row per design point, run and workload.
pub fn workloads(result: &SweepResult) -> Table<'_> {
    by_run(result, table_of_points(result, WORKLOAD_COLUMNS), &result.workloads, |rows, run, workload| {
        workload_fields(rows, &run.workloads[workload])
    })
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

const WORKLOAD_COLUMNS: &[&str] =
    &["run", "workload", "share_at_ratio_one", "mean_ratio", "share_all_ready", "mean_ready", "restarts"];

/// Adds a row for each run and each of the things that it says something about.
fn by_run<'a>(
    result: &'a SweepResult,
    mut table: Table<'a>,
    names: &'a [String],
    fields: impl Fn(&mut Rows, &RunRow, usize) -> Written + Copy + Send + Sync + 'a,
) -> Table<'a> {
    for (prefix, point) in prefix::points(result) {
        for runs in point.runs.chunks(ROWS_A_PART.div_ceil(names.len().max(1))) {
            let prefix = prefix.clone();
            table.part(move |rows| {
                runs.iter().try_for_each(|run| rows_of_run(rows, &prefix, run, names, fields))
            });
        }
    }
    table
}

fn rows_of_run(
    rows: &mut Rows,
    prefix: &Prefix,
    run: &RunRow,
    names: &[String],
    fields: impl Fn(&mut Rows, &RunRow, usize) -> Written,
) -> Written {
    for (index, name) in names.iter().enumerate() {
        prefix.begin(rows)?;
        rows.plain(run.run)?;
        rows.text(name)?;
        fields(rows, run, index)?;
        rows.end()?;
    }
    Ok(())
}

fn run_fields(rows: &mut Rows, run: &RunRow, s: &RunService) -> Written {
    rows.numbers([s.requests, s.lost_requests])?;
    rows.numbers([s.request_availability, s.time_availability, s.capacity_availability])?;
    rows.number(Per::Year.downtime_s(s.request_availability))?;
    rows.plain(s.outages)?;
    rows.numbers([s.longest_outage_s, s.outage_s])?;
    rows.plain(s.objectives_met)?;
    rows.plain(run.events)?;
    rows.numbers([run.machines_up, run.nodes_ready, run.pods_ready])?;
    rows.plain(run.evictions)?;
    rows.plain(run.digest)
}

fn workload_fields(rows: &mut Rows, w: &RunWorkload) -> Written {
    rows.numbers([w.share_at_ratio_one, w.mean_ratio, w.share_all_ready, w.mean_ready])?;
    rows.plain(w.restarts)
}
