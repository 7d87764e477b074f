//! Plays years of a cluster of 100 nodes and 1,000 pods and tells what an event costs:
//! `cargo run --release -p nines-sim-core --example cluster_year`.

mod scenario;

use std::hint::black_box;

use scenario::{HUNDRED, cluster};
use sim_core::time::Span;
use sim_core::{Model, Seed, run};

/// Years, each a run of its own.
const RUNS: u64 = 5;

#[expect(clippy::disallowed_types, reason = "an example measures; the model does not")]
fn main() {
    let model = Model::new(cluster(HUNDRED, Span::days(365)));
    println!("{:>6}{:>12}{:>10}{:>14}  digest", "run", "events", "ms", "ns/event");
    for index in 0..RUNS {
        let start = std::time::Instant::now();
        let outcome = black_box(run(&model, Seed { master: 1, run: index }));
        let elapsed = start.elapsed();
        let cost = elapsed.as_nanos() as f64 / outcome.events as f64;
        println!(
            "{index:>6}{:>12}{:>10.1}{cost:>14.0}  {:?}",
            outcome.events,
            elapsed.as_secs_f64() * 1e3,
            outcome.digest
        );
    }
}
