//! Plays some days of a cluster of 100 nodes and 1,000 pods and prints its events: `cluster DAYS`.

#[path = "../../../sim-core/examples/cluster_year/scenario.rs"]
mod scenario;

use sim_core::time::Span;
use sim_core::{Model, Seed, run};

fn main() {
    let days = std::env::args().nth(1).and_then(|days| days.parse().ok()).expect("cluster DAYS");
    let model = Model::new(scenario::cluster(scenario::HUNDRED, Span::days(days)));
    println!("{}", run(&model, Seed { master: 1, run: 0 }).events);
}
