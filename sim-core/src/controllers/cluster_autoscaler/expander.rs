//! Which pool grows, if several would help.
//!
//! Upstream: `cluster-autoscaler/expander`. Ties are broken at random.

use crate::ids::{NodeId, PodId};
use crate::model::Model;
use crate::rng::Draw;
use crate::spec::{ClusterAutoscaler as Spec, Expander};
use crate::world::api::Api;

/// What one pool could do.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// Position of the pool.
    pub pool: usize,
    /// Nodes that it would get.
    pub nodes: Vec<NodeId>,
    /// Pods that would fit on them.
    pub pods: Vec<PodId>,
}

/// The growth to carry out.
pub fn choose(
    spec: &Spec,
    options: Vec<Growth>,
    api: &Api,
    model: &Model,
    luck: &mut Draw,
) -> Option<Growth> {
    let cost = |growth: &Growth| match spec.expander {
        Expander::Random => 0.0,
        Expander::MostPods => -(growth.pods.len() as f64),
        Expander::LeastWaste => waste(growth, api, model),
        Expander::Price => growth.nodes.iter().map(|node| price(*node, model)).sum(),
        Expander::Priority => -f64::from(spec.pools[growth.pool].priority),
    };
    let costs: Vec<f64> = options.iter().map(cost).collect();
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let mut best: Vec<Growth> =
        options.into_iter().zip(costs).filter(|(_, cost)| *cost <= least).map(|(growth, _)| growth).collect();
    match best.len() {
        0 | 1 => best.pop(),
        ties => Some(best.swap_remove(luck.below(ties as u64) as usize)),
    }
}

/// Shares of CPU and memory that would lie idle on the new nodes, added up (`waste/waste.go`).
fn waste(growth: &Growth, api: &Api, model: &Model) -> f64 {
    let requests = |pod: &PodId| &model.template(api.expect_pod(*pod).template).requests;
    let offered = |node: &NodeId| &model.scenario().cluster.nodes[node.index()].allocatable;
    let asked = growth.pods.iter().map(requests);
    let (cpu, memory) = asked.fold((0, 0), |sum, r| (sum.0 + r.cpu_milli, sum.1 + r.memory_bytes));
    let all = growth.nodes.iter().map(offered);
    let (all_cpu, all_memory) = all.fold((0, 0), |sum, r| (sum.0 + r.cpu_milli, sum.1 + r.memory_bytes));
    let idle = |used: u64, all: u64| all.saturating_sub(used) as f64 / all.max(1) as f64;
    idle(cpu, all_cpu) + idle(memory, all_memory)
}

fn price(node: NodeId, model: &Model) -> f64 {
    model.scenario().cluster.nodes[node.index()].price_per_hour
}
