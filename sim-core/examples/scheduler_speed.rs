//! How long one scheduling decision takes: `cargo run --release -p nines-sim-core --example scheduler_speed`.
//!
//! A full cluster in which pods leave and are placed again, one at a time.

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::Arc;

use common::*;
use sim_core::controllers::scheduler::{Decision, Scheduler, Tables};
use sim_core::ids::{NodeId, TemplateId};
use sim_core::spec::Scenario;

const DECISIONS: u32 = 20_000;
const BATCHES: u32 = 10;
/// Nodes, templates, pods.
const SIZES: [(usize, usize, usize); 5] =
    [(3, 3, 10), (100, 1, 1000), (100, 10, 1000), (100, 50, 1000), (1200, 50, 7000)];

fn main() {
    println!(
        "{:>6} {:>10} {:>6} {:>12} {:>14}",
        "nodes", "templates", "pods", "ns/decision", "ns/(pod, node)"
    );
    for (nodes, templates, pods) in SIZES {
        let nanos = churn(&cluster(nodes, templates), nodes, templates, pods);
        println!("{nodes:>6} {templates:>10} {pods:>6} {nanos:>12.0} {:>14.1}", nanos / nodes as f64);
    }
}

fn cluster(nodes: usize, templates: usize) -> Scenario {
    let mut scenario = scenario();
    for node in 0..nodes {
        add_node_in_zone(&mut scenario, &format!("n{node}"), ["a", "b", "c"][node % 3]);
    }
    for index in 0..templates {
        let mut template = template([("app", format!("app{index}").as_str())]);
        template.requests = resources(100 + 10 * index as u64, (100 + index as u64) << 20);
        add_template(&mut scenario, template, deployment());
    }
    scenario
}

/// Time in which a pod is removed, placed and assumed again: the mean of the best batch, for machines are shared.
fn churn(scenario: &Scenario, nodes: usize, templates: usize, pods: usize) -> f64 {
    let mut scheduler = Scheduler::new(Arc::new(Tables::new(scenario)));
    for node in 0..nodes {
        scheduler.set_image(NodeId::from(node), sim_core::ids::ImageId(0), node % 4 != 0);
    }
    let mut state = 1u64;
    let mut draw = move |n: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % n
    };
    let mut placed: Vec<(TemplateId, NodeId)> = (0..pods)
        .map(|pod| {
            let template = TemplateId::from(pod % templates);
            (template, place(&mut scheduler, template, &mut draw))
        })
        .collect();
    let mut batch = || {
        #[expect(clippy::disallowed_types, reason = "an example measures; the model does not")]
        let start = std::time::Instant::now();
        for _ in 0..DECISIONS {
            let pod = draw(pods as u64) as usize;
            let (template, node) = placed[pod];
            scheduler.pod_terminating(template, 0, node);
            scheduler.pod_removed(template, 0, node, true);
            placed[pod].1 = place(&mut scheduler, template, &mut draw);
        }
        start.elapsed().as_nanos() as f64 / f64::from(DECISIONS)
    };
    (0..BATCHES).map(|_| batch()).fold(f64::INFINITY, f64::min)
}

fn place(scheduler: &mut Scheduler, template: TemplateId, draw: &mut impl FnMut(u64) -> u64) -> NodeId {
    match scheduler.schedule(template, 0, draw) {
        Decision::Bound(node) => {
            scheduler.assume(template, 0, node);
            node
        }
        Decision::Unschedulable(rejections) => panic!("the cluster is large enough: {rejections:?}"),
    }
}
