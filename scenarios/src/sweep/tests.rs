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
        seed: 42,
    };
    let result = experiment.sum_up(vec![records(42, 4), records(42, 4)]);
    assert_eq!(result.services, ["shop/web"]);
    assert_eq!(result.workloads, ["ReplicationController shop/web"]);
    assert_eq!(result.measured_s, 365.0 * 86_400.0);
    assert_eq!(result.points.iter().map(|point| point.levels[0]).collect::<Vec<_>>(), [0, 1]);
    assert_eq!((result.repetitions, result.points[1].runs.len()), (4, 4));
}
