//! Many runs on all cores, and the same bytes whatever their number.
//!
//! Threads take the next run from one list (run by run, all design points of a run first) and reduce its outcome on
//! the spot. What comes out depends on the list alone: results are put back in its order before anyone reads them.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sim_core::outcome::Outcome;
use sim_core::{Model, Seed};

use crate::record::RunRecord;

/// What to run, and how.
pub struct Job<'a> {
    /// One model per design point.
    pub points: &'a [Model],
    /// Runs at each design point, by their indices. The same run meets the same luck at every point.
    pub runs: Range<u64>,
    /// Master seed.
    pub seed: u64,
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
    /// Set to true to end early: runs under way are finished, no other is begun.
    pub cancel: &'a AtomicBool,
    /// Told the number of runs done, after each, from any thread.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Runs that every design point has finished.
#[derive(Debug)]
pub struct Runs {
    /// For each design point, its runs in order; all have the same number.
    pub points: Vec<Vec<RunRecord>>,
    /// Whether nothing was left out.
    pub complete: bool,
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// No run was finished at every design point before the end was asked for.
    Cancelled,
    /// The simulation broke one of its own rules.
    Panicked {
        /// Index of the design point.
        point: usize,
        /// Index of the run.
        run: u64,
        /// What the broken rule said.
        message: String,
    },
    /// The system gave no threads.
    Threads(String),
}

/// Runs the job.
pub fn execute(job: &Job) -> Result<Runs, Failure> {
    execute_with(job, &sim_core::run)
}

type Simulate = dyn Fn(&Model, Seed) -> Outcome + Sync;

fn execute_with(job: &Job, simulate: &Simulate) -> Result<Runs, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(job.threads)
        .build()
        .map_err(|error| Failure::Threads(error.to_string()))?;
    let queue = Queue::new(job, simulate);
    let mut finished: Vec<Finished> = pool.broadcast(|_| queue.work()).into_iter().flatten().collect();
    finished.sort_by_key(|unit| unit.index);
    in_order(job, finished)
}

/// The list of runs that the threads share. Unit k is run k / points at design point k % points.
struct Queue<'a> {
    job: &'a Job<'a>,
    simulate: &'a Simulate,
    next: AtomicU64,
    done: AtomicU64,
    stop: AtomicBool,
}

struct Finished {
    index: u64,
    result: Result<RunRecord, String>,
}

impl<'a> Queue<'a> {
    fn new(job: &'a Job<'a>, simulate: &'a Simulate) -> Queue<'a> {
        Queue {
            job,
            simulate,
            next: AtomicU64::new(0),
            done: AtomicU64::new(0),
            stop: AtomicBool::new(false),
        }
    }

    fn work(&self) -> Vec<Finished> {
        std::iter::from_fn(|| self.take()).map(|index| self.finish(index)).collect()
    }

    fn take(&self) -> Option<u64> {
        if self.stop.load(Ordering::Relaxed) || self.job.cancel.load(Ordering::Relaxed) {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        (index < self.job.points.len() as u64 * self.job.repetitions()).then_some(index)
    }

    fn finish(&self, index: u64) -> Finished {
        let (point, run) = self.job.unit(index);
        let attempt = catch_unwind(AssertUnwindSafe(|| self.simulate(&self.job.points[point], run)));
        if attempt.is_err() {
            self.stop.store(true, Ordering::Relaxed);
        }
        (self.job.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1);
        Finished { index, result: attempt.map_err(|payload| panic_message(payload.as_ref())) }
    }

    fn simulate(&self, model: &Model, run: u64) -> RunRecord {
        let seed = Seed { master: self.job.seed, run };
        RunRecord::new(model.scenario(), run, &(self.simulate)(model, seed))
    }
}

impl Job<'_> {
    fn repetitions(&self) -> u64 {
        self.runs.end - self.runs.start
    }

    fn unit(&self, index: u64) -> (usize, u64) {
        let points = self.points.len() as u64;
        ((index % points) as usize, self.runs.start + index / points)
    }
}

/// Since units are taken in order, those that are finished are the first ones: whole runs, and then a rest.
fn in_order(job: &Job, finished: Vec<Finished>) -> Result<Runs, Failure> {
    let runs = finished.len() as u64 / job.points.len().max(1) as u64;
    let mut points: Vec<Vec<RunRecord>> = job.points.iter().map(|_| Vec::new()).collect();
    for unit in finished {
        let (point, run) = job.unit(unit.index);
        match unit.result {
            Ok(_) if run >= job.runs.start + runs => {}
            Ok(record) => points[point].push(record),
            Err(message) => return Err(Failure::Panicked { point, run, message }),
        }
    }
    if runs == 0 { Err(Failure::Cancelled) } else { Ok(Runs { points, complete: runs == job.repetitions() }) }
}

/// What a panic said.
pub fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests;
