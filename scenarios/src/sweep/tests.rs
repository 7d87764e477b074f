//! Design points, and the digest of all runs.

use super::*;
use crate::sample;
use sim_core::Seed;

fn factor(levels: &[&str]) -> FactorAxis {
    FactorAxis {
        label: "f".to_owned(),
        path: "p".to_owned(),
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        values: levels.iter().map(|level| (*level).to_owned()).collect(),
    }
}

fn records(master: u64, runs: u64) -> Vec<RunRecord> {
    let model = Model::new(sample::scenario());
    let record = |run| RunRecord::new(model.scenario(), run, &sample::outcome(&model, Seed { master, run }));
    (0..runs).map(record).collect()
}

#[test]
fn the_last_factor_varies_fastest() {
    let points = combinations(&[factor(&["1", "2"]), factor(&["none", "zone", "host"])]);
    assert_eq!(points, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
}

#[test]
fn no_factor_is_one_design_point() {
    assert_eq!(combinations(&[]), [Vec::<usize>::new()]);
}

#[test]
fn the_digest_sees_every_run_and_its_place() {
    let (a, b) = (records(1, 3), records(2, 3));
    let both = digest(&[a.clone(), b.clone()]);
    assert_eq!(both.len(), 16);
    assert_eq!(both, digest(&[a.clone(), b.clone()]));
    assert_ne!(both, digest(&[b.clone(), a.clone()]));
    assert_ne!(both, digest(&[a, b[..2].to_vec()]));
}

#[test]
fn the_result_says_what_was_run() {
    let experiment = Experiment {
        input_hash: "abc".to_owned(),
        factors: vec![factor(&["1", "2"])],
        points: vec![Model::new(sample::scenario()), Model::new(sample::scenario())],
        repetitions: 4,
        stopping: None,
        seed: 42,
    };
    let result = experiment.sum_up(vec![records(42, 4), records(42, 4)]);
    assert_eq!(result.services, ["shop/web"]);
    assert_eq!(result.workloads, ["ReplicationController shop/web"]);
    assert_eq!(result.measured_s, 365.0 * 86_400.0);
    assert_eq!(result.points.iter().map(|point| point.levels[0]).collect::<Vec<_>>(), [0, 1]);
    assert_eq!((result.repetitions, result.points[1].runs.len()), (4, 4));
}

/// Nothing fails in these runs, so each one more makes the interval shorter.
fn stopping(until: &str, most_runs: u64, threads: usize) -> Findings {
    let experiment = Experiment {
        input_hash: "abc".to_owned(),
        factors: Vec::new(),
        points: vec![Model::new(sample::scenario())],
        repetitions: 10,
        stopping: Some(Stopping { until: until.parse().unwrap(), most_runs }),
        seed: 42,
    };
    let cancel = AtomicBool::new(false);
    experiment.run(&Execution { threads, cancel: &cancel, progress: &|_| {} }).unwrap()
}

#[test]
fn a_cap_ends_what_cannot_be_reached() {
    let findings = stopping("availability 1%", 240, 1);
    let stopped = findings.result.stopped.expect("it was waited for something");
    assert_eq!((stopped.rounds, stopped.reached, stopped.most_runs), (4, false, 240));
    assert_eq!((findings.result.repetitions, findings.complete), (240, true));
    assert_eq!(findings.result.points[0].runs.len(), 240);
}

#[test]
fn rounds_end_where_the_precision_is_reached_whatever_the_threads() {
    let one = stopping("availability ±0.02", 10_000, 1).result;
    let stopped = one.stopped.as_ref().expect("it was waited for something");
    assert!(stopped.reached && stopped.rounds > 1, "{stopped:?} after {}", one.repetitions);
    assert_eq!(one, stopping("availability ±0.02", 10_000, 4).result);
    // 1 - 5%^(1/n) is 2% at 149 runs: the first look after that is at 150.
    assert_eq!(one.repetitions, 150);
}
