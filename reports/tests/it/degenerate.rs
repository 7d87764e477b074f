//! Little or nothing to show must still be shown sensibly.

use reports::story::Telling;
use reports::table::{self, Look};
use reports::{charts, csv, html, json, png, run};
use scenarios::summary::SweepResult;
use sim_core::outcome::Recording;
use sim_core::time::Span;

use crate::fixture::*;

const LOOK: Look = Look { colour: true, width: 100 };

/// Everything but the disk.
fn all_formats(result: &SweepResult) -> String {
    let tables = [csv::points(result), csv::runs(result), csv::workloads(result), csv::causes(result)];
    let csv = tables.map(|table| String::from_utf8(table.to_csv().unwrap()).unwrap());
    let texts = table::text(result, LOOK) + &table::markdown(result) + &json::text(result).unwrap();
    let pictures = charts::of_sweep(result).unwrap();
    pictures.iter().for_each(|chart| assert!(!png::from_svg(&chart.svg).unwrap().is_empty()));
    texts + &csv.concat() + &html::of_sweep(result, &pictures, None, "nines sweep", &[])
}

#[test]
fn nothing_ever_failed() {
    let said = all_formats(&never_down());
    assert!(said.contains("keeps its objective: request availability 100%"));
    assert!(said.contains("No outage in any run") && said.contains("no request was lost"));
}

#[test]
fn nothing_ever_answered() {
    let said = all_formats(&always_down());
    assert!(said.contains("misses its objective"));
}

#[test]
fn one_run_without_objectives() {
    let said = all_formats(&single_run());
    assert!(said.contains("no objective is set"));
    let table = table::text(&single_run(), LOOK);
    assert!(!table.contains("meet"), "nothing was promised");
}

#[test]
fn no_points_no_services_no_runs() {
    let mut result = replicas_by_spread();
    result.points.iter_mut().for_each(|point| point.runs.clear());
    all_formats(&result);
    result.points.clear();
    assert!(all_formats(&result).contains("Nothing was run."));
    let mut result = single_run();
    result.services.clear();
    result.points[0].services.clear();
    result.points[0].runs.iter_mut().for_each(|run| run.services.clear());
    assert!(all_formats(&result).contains("No service was measured."));
}

#[test]
fn numbers_that_are_none() {
    let mut result = replicas_by_spread();
    for point in &mut result.points {
        let summary = &mut point.services[0];
        for estimate in [&mut summary.request_availability, &mut summary.annual_downtime_s] {
            (estimate.value, estimate.low, estimate.high) = (f64::NAN, f64::NEG_INFINITY, f64::INFINITY);
        }
        summary.annual_downtime_quantiles.clear();
        point.workloads[0].mean_ratio.value = f64::INFINITY;
    }
    assert!(all_formats(&result).contains("unknown"));
}

#[test]
fn a_run_in_which_nothing_happened() {
    let (labels, recording) = recording();
    let mut empty =
        Recording { timeline: Vec::new(), samples: Vec::new(), replicas: Vec::new(), ..recording };
    empty.outcome.measured = Span::ZERO;
    empty.outcome.services[0] = Default::default();
    let charts = charts::of_run(&labels, &empty).unwrap();
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["run", charts::RATIO_CHART]);
    let said = run::summary(&labels, &empty, Telling::LongestOutage(10), LOOK);
    assert!(said.contains("No outage in this run."));
    html::of_run(&labels, &empty, &charts, "nines run", &[]);
}

#[test]
fn a_long_run_makes_a_small_picture() {
    let (labels, mut recording) = recording();
    let pattern = recording.samples.clone();
    for week in 0..2_000u64 {
        recording.samples.extend(pattern.iter().skip(2).map(|sample| {
            let at = sample.at + Span::days(155) + Span::hours(week);
            sim_core::outcome::Sample { at, ..*sample }
        }));
    }
    let charts = charts::of_run(&labels, &recording).unwrap();
    assert!(charts.iter().all(|chart| chart.svg.len() < 150_000));
}
