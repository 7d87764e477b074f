//! A long run of one machine that fails every day.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::experiment::{Wanted, experiment};
use crate::sample;
use crate::sweep::Execution;

const LONG: &str = "
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: long}
spec:
  horizon: 1y
  nodePools: [{name: node, count: 1}]
  pods: [{name: web, startupTime: 30s}]
  faults:
  - name: crash
    kind: machineCrash
    timeToFailure: {exponential: {mean: 22h}}
    timeToRepair: {exponential: {mean: 1h}}
  services:
  - name: web
    traffic: {requestsPerSecond: 10, dailyProfile: [1, 2, 6, 3]}
";

fn one_run(horizon: &str) -> (SweepResult, Scenario, Recording) {
    let sets = [format!("scenario.spec.horizon={horizon}")];
    let loaded = sample::loaded(&sample::input(LONG, 1), &sets);
    let wanted = Wanted { repetitions: Some(1), ..Wanted::default() };
    let (experiment, _) = experiment(&loaded, wanted).expect("valid");
    let cancel = AtomicBool::new(false);
    let how = Execution { threads: 1, cancel: &cancel, progress: &|_| {} };
    let recording = record(&experiment.points[0], Seed { master: experiment.seed, run: 0 });
    let result = experiment.run(&how).expect("a run").result;
    (result, experiment.points[0].scenario().clone(), recording)
}

#[test]
fn slots_add_up_to_the_run() {
    let (_, scenario, recording) = one_run("100d");
    let (service, outcome) = (&scenario.services[0], &recording.outcome.services[0]);
    let slots = Slots { scenario: &scenario, service, samples: samples_of(&recording, ServiceId(0)) };
    let sums = slots.sums(|at| service.traffic.at(at).0, |sample| 1.0 - sample.success);
    let (lost, sent) = sums.iter().fold((0.0, 0.0), |all, slot| (all.0 + slot.0, all.1 + slot.1));
    assert!((sent / outcome.requests - 1.0).abs() < 1e-9, "{sent} {}", outcome.requests);
    assert!((lost / outcome.lost_requests - 1.0).abs() < 1e-6, "{lost} {}", outcome.lost_requests);
}

#[test]
fn a_long_run_has_intervals_of_its_own() {
    let (mut result, scenario, recording) = one_run("1y");
    let before = result.points[0].services[0].clone();
    assert_eq!(before.request_availability.method, Method::OneRun);
    with_batch_means(&mut result, &scenario, &recording);
    let after = &result.points[0].services[0];
    // About 23 h up and 1 h down, and the start of the pod: 95.7% less a little.
    for estimate in [after.request_availability, after.time_availability, after.capacity_availability] {
        assert_eq!(estimate.method, Method::BatchMeans);
        assert!(estimate.low < estimate.value && estimate.value < estimate.high, "{estimate:?}");
        assert!(estimate.half_width() < 0.02, "{estimate:?}");
    }
    assert_eq!(after.request_availability.value, before.request_availability.value);
}

#[test]
fn a_short_run_has_none() {
    let (mut result, scenario, recording) = one_run("60d");
    let before = result.clone();
    with_batch_means(&mut result, &scenario, &recording);
    assert_eq!(result, before);
}

#[test]
fn the_start_is_over_when_the_pod_serves() {
    let (_, scenario, recording) = one_run("1d");
    let first = recording.samples.iter().find(|sample| sample.serving > 0).expect("it serves some time");
    let start = start_up(&scenario, 42).expect("it settles");
    let difference = start.as_secs_f64() - first.at.0 as f64 / 1e9;
    // MSER-5 looks at groups of five slots of five seconds.
    assert!((0.0..=25.0).contains(&difference), "{start:?} {first:?}");
}
