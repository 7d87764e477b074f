//! The control plane, where it can fail: for how long which part of it did its work.

use scenarios::summary::{ControlPlaneSummary, SweepResult};
use sim_core::outcome::{ControlPlaneOutcome, Recording};
use sim_core::time::Span;

use crate::grid::{Cell, Column, Grid, Row};
use crate::per::Per;
use crate::{ratio, verdict, words};

/// What its parts do while they work.
const PARTS: [&str; 4] =
    ["API answers and can write", "etcd has a quorum", "controller-manager acts", "scheduler acts"];

/// At the design point that matters; empty where it cannot fail.
pub fn at_point_of_interest(result: &SweepResult) -> Grid {
    let point = ratio::point_for_workloads(result);
    let summary = point.and_then(|point| result.points[point].control_plane.as_ref());
    let (Some(point), Some(summary)) = (point, summary) else { return Grid::default() };
    let name = verdict::point_name(result, point);
    let at = if name.is_empty() { name } else { format!(" ({name})") };
    grid(&at, shares(summary), Per::of(result))
}

/// In one run; empty where it cannot fail.
pub fn of_run(recording: &Recording) -> Grid {
    let measured = recording.outcome.measured;
    let Some(plane) = &recording.outcome.cluster.control_plane else { return Grid::default() };
    grid("", shares_of_run(plane, measured), Per::Run(measured.as_secs_f64()))
}

fn shares(summary: &ControlPlaneSummary) -> [f64; 4] {
    let s = summary;
    [s.api_availability, s.etcd_quorum, s.controller_manager_active, s.scheduler_active].map(|e| e.value)
}

fn shares_of_run(plane: &ControlPlaneOutcome, measured: Span) -> [f64; 4] {
    let p = plane;
    let spans = [p.api_available, p.etcd_quorum, p.controller_manager_active, p.scheduler_active];
    spans.map(|span| if measured == Span::ZERO { 1.0 } else { span.as_secs_f64() / measured.as_secs_f64() })
}

fn grid(at: &str, shares: [f64; 4], per: Per) -> Grid {
    let row = |(part, share): (&str, f64)| Row {
        cells: vec![
            Cell::plain(part),
            Cell::plain(words::plain_availability(share)),
            Cell::plain(words::duration(per.downtime_s(share))),
        ],
        remark: String::new(),
    };
    Grid {
        caption: format!("Control plane, share of time{at}"),
        columns: vec![
            Column::words("part"),
            Column::numbers("time"),
            Column::numbers(format!("not/{}", per.unit())),
        ],
        rows: PARTS.into_iter().zip(shares).map(row).collect(),
    }
}
