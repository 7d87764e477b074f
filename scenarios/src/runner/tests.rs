//! Threads, cancelling and broken runs.

use super::*;
use crate::sample;

fn models(n: usize) -> Vec<Model> {
    (0..n).map(|_| Model::new(sample::scenario())).collect()
}

fn job<'a>(
    points: &'a [Model],
    threads: usize,
    cancel: &'a AtomicBool,
    progress: &'a (dyn Fn(u64) + Sync),
) -> Job<'a> {
    Job { points, runs: 0..40, seed: 7, threads, cancel, progress }
}

#[test]
fn any_number_of_threads_gives_the_same_runs_in_order() {
    let (points, cancel) = (models(3), AtomicBool::new(false));
    let run = |threads| execute_with(&job(&points, threads, &cancel, &|_| {}), &sample::outcome).unwrap();
    let one = run(1);
    assert!(one.complete);
    assert!(one.points.iter().all(|runs| runs.iter().map(|run| run.row.run).eq(0..40)));
    assert_eq!(one.points, run(2).points);
    assert_eq!(one.points, run(8).points);
}

#[test]
fn a_job_in_two_halves_gives_the_same_runs() {
    let (points, cancel) = (models(2), AtomicBool::new(false));
    let run = |runs| {
        let job = Job { runs, ..job(&points, 2, &cancel, &|_| {}) };
        execute_with(&job, &sample::outcome).unwrap().points
    };
    let (whole, first, second) = (run(0..9), run(0..4), run(4..9));
    for (point, whole) in whole.iter().enumerate() {
        assert_eq!(*whole, [first[point].as_slice(), &second[point]].concat());
    }
}

#[test]
fn a_run_meets_the_same_luck_at_every_design_point() {
    let (points, cancel) = (models(2), AtomicBool::new(false));
    let runs = execute_with(&job(&points, 2, &cancel, &|_| {}), &sample::outcome).unwrap();
    assert_eq!(runs.points[0], runs.points[1]);
    assert_ne!(runs.points[0][0].row.digest, runs.points[0][1].row.digest);
}

#[test]
fn cancelling_leaves_whole_runs_at_every_design_point() {
    let (points, cancel) = (models(3), AtomicBool::new(false));
    let stop_at_ten = |done| cancel.store(done >= 10, Ordering::Relaxed);
    let runs = execute_with(&job(&points, 1, &cancel, &stop_at_ten), &sample::outcome).unwrap();
    assert!(!runs.complete);
    assert!(runs.points.iter().all(|runs| runs.len() == 3));
}

#[test]
fn cancelling_before_the_first_run_leaves_nothing() {
    let (points, cancel) = (models(3), AtomicBool::new(true));
    let result = execute_with(&job(&points, 2, &cancel, &|_| {}), &sample::outcome);
    assert!(matches!(result, Err(Failure::Cancelled)));
}

#[test]
fn a_broken_run_is_named_whatever_the_number_of_threads() {
    let (points, cancel) = (models(2), AtomicBool::new(false));
    let breaks = |model: &Model, seed: Seed| {
        assert!(seed.run < 5, "negative capacity");
        sample::outcome(model, seed)
    };
    for threads in [1, 2, 8] {
        let result = execute_with(&job(&points, threads, &cancel, &|_| {}), &breaks);
        let Err(Failure::Panicked { point, run, message }) = result else { panic!("must fail") };
        assert_eq!((point, run, message.as_str()), (0, 5, "negative capacity"));
    }
}

#[test]
fn progress_counts_every_run_once() {
    let (points, cancel) = (models(2), AtomicBool::new(false));
    let seen = std::sync::Mutex::new(Vec::new());
    execute_with(&job(&points, 2, &cancel, &|done| seen.lock().unwrap().push(done)), &sample::outcome)
        .unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert!(seen.into_iter().eq(1..=80));
}
