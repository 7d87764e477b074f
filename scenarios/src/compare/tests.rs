//! Real runs of small scenarios, where it is known who is better.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::sample;

const ONE_NODE: &str = "
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: one}
spec:
  horizon: 20d
  nodePools: [{name: node, count: 3}]
  faults:
  - {name: crash, kind: machineCrash, timeToFailure: {exponential: {mean: 4d}}, timeToRepair: 1h}
";

/// The scenario as it is, and with each of these changed.
fn contest(measure: Measure, changes: &[&str], repetitions: u64) -> Comparison {
    let text = sample::input(ONE_NODE, 2);
    let all = std::iter::once(Vec::new()).chain(changes.iter().map(|change| vec![(*change).to_owned()]));
    let all: Vec<_> = all.map(|sets| sample::loaded(&text, &sets)).collect();
    let contest = Contest {
        designs: (0..all.len())
            .map(|at| Design { name: format!("design {at}"), input_hash: all[at].input_hash.clone() })
            .collect(),
        models: all.iter().map(|loaded| Model::new(loaded.scenario(&[]).expect("valid").scenario)).collect(),
        measure,
        repetitions,
        seed: 42,
    };
    let cancel = AtomicBool::new(false);
    contest.run(&Execution { threads: 2, cancel: &cancel, progress: &|_| {} }).expect("runs")
}

const LATER: &str = "scenario.spec.timing.nodeMonitorGracePeriod=80s";
const RARER: &str = "scenario.spec.faults.crash.timeToFailure={exponential: {mean: 40d}}";

#[test]
fn rarer_failures_are_better_and_the_pairing_is_worth_it() {
    let found = contest(Measure::Request, &[RARER], 30);
    let [difference] = found.differences.as_slice() else { panic!("one service, two designs") };
    assert_eq!(difference.verdict, Verdict::Better, "{difference:?}");
    let (first, second) = (found.designs[0].availability[0], found.designs[1].availability[0]);
    assert!((difference.difference.value - (second.value - first.value)).abs() < 1e-15);
    assert!(difference.difference.low > 0.0 && difference.runs_needed.is_none());
}

#[test]
fn a_design_beside_itself_is_the_same_in_every_run() {
    let found = contest(Measure::Time, &["scenario.metadata.name=other"], 5);
    let difference = &found.differences[0];
    assert_eq!((difference.verdict, difference.saved), (Verdict::Same, None));
    assert_eq!(difference.difference.half_width(), 0.0);
}

#[test]
fn the_same_failures_make_a_difference_surer_than_two_estimates() {
    // Each failure is noticed 30 s later, and the failures are the same ones.
    let found = contest(Measure::Request, &[LATER], 40);
    let difference = &found.differences[0];
    assert_eq!(difference.verdict, Verdict::Worse);
    assert!(difference.saved.expect("runs differ") > 5.0, "{difference:?}");
}

#[test]
fn intervals_widen_with_the_number_of_comparisons() {
    let alone = contest(Measure::Request, &[LATER], 20);
    let with_another = contest(Measure::Request, &[LATER, RARER], 20);
    assert_eq!(with_another.differences.len(), 2);
    let width = |found: &Comparison| found.differences[0].difference.half_width();
    assert!(width(&with_another) > 1.05 * width(&alone));
}

#[test]
fn services_that_only_some_have_are_left_out() {
    let found = contest(Measure::Request, &["Service/web.metadata.name=other"], 3);
    assert_eq!((found.services.len(), found.left_out.len()), (0, 2), "{found:?}");
    assert!(found.differences.is_empty());
}

#[test]
fn too_few_runs_say_how_many_would_do() {
    let difference = Estimate { value: 1e-4, low: -1e-4, high: 3e-4, ..Estimate::exactly(0.0) };
    assert_eq!(verdict(&difference, true), Verdict::Unclear);
    assert_eq!(runs_needed(&difference, 100), Some(400));
    assert_eq!(runs_needed(&Estimate::exactly(0.0), 100), None);
}
