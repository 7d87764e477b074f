//! What is told of a control plane that can fail, and that nothing is of one that cannot.

use reports::{control_plane, csv, html, table};
use scenarios::summary::{ControlPlaneSummary, Estimate, RunControlPlane, SweepResult};

use crate::fixture;

/// Runs in which the API was away for the given shares of the time, and the leaders for twice as long.
fn with_control_plane() -> SweepResult {
    let mut result = fixture::single_run();
    let away = 1e-4;
    let run = RunControlPlane {
        api_availability: 1.0 - away,
        etcd_quorum: 1.0 - away / 2.0,
        controller_manager_active: 1.0 - 2.0 * away,
        scheduler_active: 1.0 - 2.0 * away,
        api_outages: 3,
        failovers: 5,
    };
    let exactly = Estimate::exactly;
    for point in &mut result.points {
        point.runs.iter_mut().for_each(|row| row.control_plane = Some(run.clone()));
        point.control_plane = Some(ControlPlaneSummary {
            api_availability: exactly(run.api_availability),
            etcd_quorum: exactly(run.etcd_quorum),
            controller_manager_active: exactly(run.controller_manager_active),
            scheduler_active: exactly(run.scheduler_active),
            api_outages_per_year: exactly(3.0),
            failovers_per_year: exactly(5.0),
        });
    }
    result
}

#[test]
fn its_parts_are_told_with_the_time_that_they_were_away() {
    let grid = control_plane::at_point_of_interest(&with_control_plane());
    let cells: Vec<Vec<&str>> =
        grid.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
    assert_eq!(cells[0], ["API answers and can write", "99.990%", "53 min"]);
    assert_eq!(cells[2], ["controller-manager acts", "99.980%", "1 h 45 min"]);
    let look = table::Look { colour: false, width: 100 };
    assert!(table::text(&with_control_plane(), look).contains("Control plane, share of time"));
    assert!(table::markdown(&with_control_plane()).contains("### Control plane"));
    assert!(html::of_sweep(&with_control_plane(), &[], None, "", &[]).contains("<h2>Control plane</h2>"));
}

#[test]
fn its_table_has_a_row_for_each_run() {
    let result = with_control_plane();
    let table = csv::control_plane(&result).expect("it can fail").to_csv().expect("it is written");
    let text = String::from_utf8(table).expect("it is text");
    let runs: usize = result.points.iter().map(|point| point.runs.len()).sum();
    assert_eq!(text.lines().count(), 1 + runs);
    assert!(text.lines().nth(1).expect("a run").ends_with(",0.9999,0.99995,0.9998,0.9998,3,5"), "{text}");
}

#[test]
fn nothing_is_told_of_one_that_cannot_fail() {
    let result = fixture::single_run();
    assert!(control_plane::at_point_of_interest(&result).rows.is_empty());
    assert!(csv::control_plane(&result).is_none());
    let look = table::Look { colour: false, width: 100 };
    assert!(!table::text(&result, look).contains("Control plane"));
}
