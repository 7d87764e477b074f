//! `control-plane.csv`: one row per design point and run.

use scenarios::summary::SweepResult;

use super::prefix::{self, table_of_points};
use super::table::Table;

const COLUMNS: &[&str] = &[
    "run",
    "api_availability",
    "etcd_quorum",
    "controller_manager_active",
    "scheduler_active",
    "api_outages",
    "failovers",
];

/// For which share of each run which part of the control plane did its work; none where it cannot fail.
pub fn control_plane(result: &SweepResult) -> Option<Table<'_>> {
    let mut table = table_of_points(result, COLUMNS);
    for (prefix, point) in prefix::points(result) {
        table.part(move |rows| {
            for run in &point.runs {
                let Some(plane) = &run.control_plane else { continue };
                prefix.begin(rows)?;
                rows.plain(run.run)?;
                rows.numbers([plane.api_availability, plane.etcd_quorum])?;
                rows.numbers([plane.controller_manager_active, plane.scheduler_active])?;
                rows.plain(plane.api_outages)?;
                rows.plain(plane.failovers)?;
                rows.end()?;
            }
            Ok(())
        });
    }
    result.points.iter().any(|point| point.control_plane.is_some()).then_some(table)
}
