//! The graph of services that need each other.

use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, Reversed};
use sim_core::spec::Scenario;

/// An edge from each service to each that it needs; vertices are positions in the scenario's list.
pub struct Dependencies(DiGraph<(), ()>);

impl Dependencies {
    /// The graph of `scenario`.
    pub fn of(scenario: &Scenario) -> Dependencies {
        let mut graph = DiGraph::new();
        for _ in &scenario.services {
            graph.add_node(());
        }
        for (at, service) in scenario.services.iter().enumerate() {
            for needed in &service.depends_on {
                graph.update_edge(NodeIndex::new(at), NodeIndex::new(needed.index()), ());
            }
        }
        Dependencies(graph)
    }

    /// Services that `service` needs, directly or not, in the scenario's order.
    pub fn needs(&self, service: usize) -> Vec<usize> {
        self.reach(service, Outgoing)
    }

    /// Services that need `service`, directly or not, in the scenario's order.
    pub fn needed_by(&self, service: usize) -> Vec<usize> {
        self.reach(service, Incoming)
    }

    /// Groups of services that need each other, and services that need themselves.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let to_itself = |vertex: NodeIndex| self.0.contains_edge(vertex, vertex);
        let mut cycles: Vec<Vec<usize>> = tarjan_scc(&self.0)
            .into_iter()
            .filter(|group| group.len() > 1 || to_itself(group[0]))
            .map(|group| sorted(group.into_iter()))
            .collect();
        cycles.sort();
        cycles
    }

    fn reach(&self, service: usize, direction: Direction) -> Vec<usize> {
        let start = NodeIndex::new(service);
        let mut search = Dfs::new(&self.0, start);
        let reached: Vec<NodeIndex> = std::iter::from_fn(|| match direction {
            Outgoing => search.next(&self.0),
            Incoming => search.next(Reversed(&self.0)),
        })
        .collect();
        sorted(reached.into_iter().filter(|vertex| *vertex != start))
    }
}

fn sorted(vertices: impl Iterator<Item = NodeIndex>) -> Vec<usize> {
    let mut positions: Vec<usize> = vertices.map(NodeIndex::index).collect();
    positions.sort_unstable();
    positions
}
