//! Through the whole of it: input, engine, runner, record, estimator.

use std::sync::atomic::AtomicBool;

use scenarios::runner::{Job, execute};
use scenarios::statistics::{Estimate, mean};
use scenarios::{Input, Options, load};
use sim_core::Model;

use crate::coverage_in;

/// A machine that fails every ten hours on average, for one.
const MACHINE: &str = "
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: machine}
spec:
  horizon: 100h
  warmUp: 0s
  nodePools: [{name: node, count: 1, zones: [a]}]
  faults:
  - name: crash
    kind: machineCrash
    timeToFailure: {exponential: {mean: 10h}}
    timeToRepair: {exponential: {mean: 1h}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
";

/// Mean share of [0, T] in which a machine is up that begins so, with failure rate 1/10 and repair rate 1 an hour:
/// A + (1 - A)(1 - exp(-rT)) / rT, where r is their sum.
fn truth() -> f64 {
    let (available, rate) = (10.0 / 11.0, 1.1 * 100.0);
    available + (1.0 - available) * (1.0 - f64::exp(-rate)) / rate
}

const RUNS: usize = 15;
const EXPERIMENTS: usize = 1000;

#[test]
fn machines_up_in_the_engine() {
    let input = Input::Text { name: "machine.yaml".into(), text: MACHINE.into() };
    let compiled = load(&[input], &[], Options::default()).scenario(&[]).expect("valid");
    let points = [Model::new(compiled.scenario)];
    let cancel = AtomicBool::new(false);
    let runs = 0..(RUNS * EXPERIMENTS) as u64;
    let job = Job { points: &points, runs, seed: 42, threads: 0, cancel: &cancel, progress: &|_| {} };
    let runs = execute(&job).expect("runs").points.remove(0);
    let up: Vec<f64> = runs.iter().map(|run| run.row.machines_up).collect();
    let mut experiments = up.chunks(RUNS);
    let next = |_: &mut _| -> Estimate { mean(experiments.next().expect("one more"), 0.0..=1.0) };
    coverage_in(EXPERIMENTS, truth(), next).holds("mean, in the engine", "15 runs of 10 exponential repairs");
}
