//! Four invented runs that lose 0, 100, 200 and 300 of 1,000 requests, summed up by hand.

use super::*;
use crate::sample;
use sim_core::{Model, Seed};

fn four_runs() -> PointResult {
    let model = Model::new(sample::scenario());
    let record =
        |run| RunRecord::new(model.scenario(), run, &sample::outcome(&model, Seed { master: 1, run }));
    point(vec![0], model.scenario(), (0..4).map(record).collect())
}

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9 * right.abs().max(1.0), "{left} is not {right}");
}

#[test]
fn availability_is_that_of_all_requests() {
    let point = four_runs();
    let service = &point.services[0];
    close(service.request_availability.value, 0.85);
    // residuals -150, -50, 50, 150: standard error sqrt(50000 x 4/3) / 4000, t of 3 degrees 3.182446305
    let half = 3.182446305 * (50_000.0_f64 * 4.0 / 3.0).sqrt() / 4000.0;
    close(service.request_availability.low, 0.85 - half);
    close(service.annual_downtime_s.value, 0.15 * YEAR_S);
    close(service.annual_downtime_s.high, (0.15 + half) * YEAR_S);
    close(service.time_availability.value, 1.0 - 150.0 / YEAR_S);
    close(service.capacity_availability.value, 1.0 - 300.0 / YEAR_S);
}

#[test]
fn the_objective_is_kept_by_the_run_without_outage() {
    let point = four_runs();
    let objective = &point.services[0].objectives[0];
    assert_eq!((objective.measure.as_str(), objective.target, objective.met), ("request", 0.999, false));
    close(objective.runs_meeting.value, 0.25);
    let kept: Vec<bool> = point.runs.iter().map(|run| run.services[0].objectives_met).collect();
    assert_eq!(kept, [true, false, false, false]);
}

#[test]
fn downtime_quantiles_are_observed_years() {
    let quantiles = four_runs().services[0].annual_downtime_quantiles.clone();
    assert_eq!(quantiles.iter().map(|q| q.0).collect::<Vec<_>>(), QUANTILES);
    close(quantiles[0].1.value, 0.1 * YEAR_S);
    close(quantiles[3].1.value, 0.3 * YEAR_S);
    assert_eq!(quantiles[3].1.high, YEAR_S); // four years bound no 99th percentile
}

#[test]
fn outages_are_pooled_and_traced_to_their_roots() {
    let point = four_runs();
    let service = &point.services[0];
    assert_eq!(service.outage_durations_s, [100.0, 100.0, 200.0, 200.0, 300.0, 300.0]);
    close(service.outages_per_year.value, 1.5);
    assert_eq!(service.root_share, [("crash".to_owned(), 0.5), ("none".to_owned(), 0.5)]);
    assert_eq!(service.lost_share, [0.25, 0.0, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn workloads_and_price() {
    let point = four_runs();
    assert_eq!(point.price_per_hour, 0.25);
    let workload = &point.workloads[0];
    close(workload.share_at_ratio_one.value, 0.5);
    close(workload.mean_ratio.value, 1.5);
    close(workload.restarts_per_year.value, 1.5);
    close(point.runs[3].machines_up, 1.0);
}
