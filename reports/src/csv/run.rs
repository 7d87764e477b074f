//! One run in full: `run-timeline.csv`, `run-samples.csv`, `run-replica-ratio.csv`, `run-outages.csv`.

use sim_core::outcome::{Recording, ReplicaSample};
use sim_core::time::Instant;

use super::table::{Rows, Table, Written};
use crate::labels::RunLabels;
use crate::ratio;

/// Rows of one part of a table.
const ROWS_A_PART: usize = 4096;

/// `run-timeline.csv`: what happened.
pub fn timeline(recording: &Recording) -> Table<'_> {
    let mut table = Table::new(&["at_ns", "at_s", "actor", "what"]);
    for entries in recording.timeline.chunks(ROWS_A_PART) {
        table.part(move |rows| {
            entries.iter().try_for_each(|entry| {
                moment(rows, entry.at)?;
                rows.plain(format_args!("{:?}", entry.actor))?;
                rows.text(&entry.text)?;
                rows.end()
            })
        });
    }
    table
}

/// `run-samples.csv`: the state of each service from the given moment on.
pub fn samples<'a>(labels: &'a RunLabels, recording: &'a Recording) -> Table<'a> {
    let mut table =
        Table::new(&["at_ns", "at_s", "service", "pods", "ready", "programmed", "serving", "success_share"]);
    for samples in recording.samples.chunks(ROWS_A_PART) {
        table.part(move |rows| {
            samples.iter().try_for_each(|s| {
                moment(rows, s.at)?;
                rows.text(labels.service(s.service))?;
                [s.pods, s.ready, s.programmed, s.serving].into_iter().try_for_each(|n| rows.plain(n))?;
                rows.number(s.success)?;
                rows.end()
            })
        });
    }
    table
}

/// `run-replica-ratio.csv`: R = N / P of each controller from the given moment on; empty while it has no pod.
pub fn replica_ratio<'a>(labels: &'a RunLabels, recording: &'a Recording) -> Table<'a> {
    let mut table = Table::new(&["at_ns", "at_s", "workload", "desired", "current", "ready", "ratio"]);
    let controlled = |sample: &&ReplicaSample| ratio::is_controlled(labels.workload(sample.workload));
    for samples in recording.replicas.chunks(ROWS_A_PART) {
        table.part(move |rows| {
            samples.iter().filter(controlled).try_for_each(|s| {
                moment(rows, s.at)?;
                rows.text(labels.workload(s.workload))?;
                [s.desired, s.current, s.ready].into_iter().try_for_each(|count| rows.plain(count))?;
                rows.number(s.ratio().unwrap_or(f64::NAN))?;
                rows.end()
            })
        });
    }
    table
}

/// `run-outages.csv`: one row per outage of each service.
pub fn run_outages<'a>(labels: &'a RunLabels, recording: &'a Recording) -> Table<'a> {
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
        table.part(move |rows| {
            outcome.outages.iter().try_for_each(|outage| {
                rows.text(&service.name)?;
                moment(rows, outage.start)?;
                rows.number(outage.duration().as_secs_f64())?;
                rows.text(outage.root.map_or("", |cause| labels.cause(cause)))?;
                rows.numbers([outage.worst, outage.lost_requests])?;
                rows.end()
            })
        });
    }
    table
}

fn moment(rows: &mut Rows, at: Instant) -> Written {
    rows.plain(at.0)?;
    rows.number(at.as_secs_f64())
}
