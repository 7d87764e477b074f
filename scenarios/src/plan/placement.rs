//! The graph of places: from the cluster through its failure domains and nodes to replicas and services.

use std::collections::BTreeMap;

use petgraph::algo::dominators::{self, Dominators};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;
use sim_core::spec::{Scenario, WorkloadKind};

use super::hosts;
use crate::sweep::workload_names;

/// A vertex of the graph, by position in the scenario's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Cluster,
    Region(usize),
    Zone(usize),
    Rack(usize),
    Node(usize),
    /// A replica of a workload: the first or, where there are more, another.
    Replica(usize, u8),
    Service(usize),
}

impl Point {
    /// Every failure domain, the widest first.
    pub fn domains(scenario: &Scenario) -> Vec<Point> {
        let cluster = &scenario.cluster;
        let regions = (0..cluster.regions.len()).map(Point::Region);
        let zones = (0..cluster.zones.len()).map(Point::Zone);
        let racks = (0..cluster.racks.len()).map(Point::Rack);
        regions.chain(zones).chain(racks).chain((0..cluster.nodes.len()).map(Point::Node)).collect()
    }

    /// What to call it.
    pub fn kind_and_name(self, scenario: &Scenario) -> (&'static str, String) {
        let cluster = &scenario.cluster;
        match self {
            Point::Cluster => ("cluster", String::new()),
            Point::Region(at) => ("region", cluster.regions[at].clone()),
            Point::Zone(at) => ("zone", cluster.zones[at].name.clone()),
            Point::Rack(at) => ("rack", cluster.racks[at].name.clone()),
            Point::Node(at) => ("node", cluster.nodes[at].name.clone()),
            Point::Replica(at, _) => ("the only replica of", workload_names(scenario).swap_remove(at)),
            Point::Service(at) => ("service", scenario.services[at].name.clone()),
        }
    }

    /// In a few words.
    pub fn describe(self, scenario: &Scenario) -> String {
        let (kind, name) = self.kind_and_name(scenario);
        let only_pod = |at: usize| scenario.workloads[at].kind == WorkloadKind::Pod;
        match self {
            Point::Replica(at, _) if only_pod(at) => format!("{name}, which nothing replaces"),
            _ if name.is_empty() => format!("the {kind} of nodes without label"),
            _ => format!("{kind} {name}"),
        }
    }
}

/// The graph, and what lies on every path from the cluster to a vertex.
pub struct Placement {
    graph: DiGraph<Point, ()>,
    vertices: BTreeMap<Point, NodeIndex>,
    dominators: Dominators<NodeIndex>,
}

impl Placement {
    /// Builds the graph of `scenario`.
    pub fn of(scenario: &Scenario) -> Placement {
        let mut graph = DiGraph::new();
        let mut vertices = BTreeMap::new();
        for (from, to) in edges(scenario) {
            let mut vertex = |point| *vertices.entry(point).or_insert_with(|| graph.add_node(point));
            let (from, to) = (vertex(from), vertex(to));
            graph.add_edge(from, to, ());
        }
        let root = *vertices.entry(Point::Cluster).or_insert_with(|| graph.add_node(Point::Cluster));
        let dominators = dominators::simple_fast(&graph, root);
        Placement { graph, vertices, dominators }
    }

    /// What a service's own pods cannot do without, the widest first. Nothing for one that has no place to run.
    pub fn single_points(&self, service: usize) -> Vec<Point> {
        let vertex = self.vertices.get(&Point::Service(service));
        let above = vertex.and_then(|vertex| self.dominators.strict_dominators(*vertex));
        let mut points: Vec<Point> = above.into_iter().flatten().map(|vertex| self.graph[vertex]).collect();
        points.retain(|point| *point != Point::Cluster);
        points.sort_unstable();
        points
    }

    /// Number of nodes in a failure domain.
    pub fn nodes_in(&self, domain: Point) -> usize {
        self.nodes(domain).count()
    }

    /// A domain's share of all allocatable CPU.
    pub fn cpu_share(&self, scenario: &Scenario, domain: Point) -> f64 {
        let nodes = &scenario.cluster.nodes;
        let cpu = |node: usize| if nodes[node].spare { 0 } else { nodes[node].allocatable.cpu_milli };
        let all: u64 = (0..scenario.cluster.nodes.len()).map(cpu).sum();
        self.nodes(domain).map(cpu).sum::<u64>() as f64 / all.max(1) as f64
    }

    fn nodes(&self, domain: Point) -> impl Iterator<Item = usize> {
        let start = self.vertices.get(&domain);
        let mut reach = start.map(|vertex| Dfs::new(&self.graph, *vertex));
        let points =
            std::iter::from_fn(move || reach.as_mut()?.next(&self.graph).map(|vertex| self.graph[vertex]));
        points.filter_map(|point| if let Point::Node(at) = point { Some(at) } else { None })
    }
}

fn edges(scenario: &Scenario) -> Vec<(Point, Point)> {
    let cluster = &scenario.cluster;
    let regions = (0..cluster.regions.len()).map(|at| (Point::Cluster, Point::Region(at)));
    let zones = cluster.zones.iter().enumerate();
    let zones = zones.map(|(at, zone)| (Point::Region(zone.region.index()), Point::Zone(at)));
    let racks = cluster.racks.iter().enumerate();
    let racks = racks.map(|(at, rack)| (Point::Zone(rack.zone.index()), Point::Rack(at)));
    let there = cluster.nodes.iter().enumerate().filter(|(_, node)| !node.spare);
    let nodes = there.map(|(at, node)| {
        let around = node.rack.map_or(Point::Zone(node.zone.index()), |rack| Point::Rack(rack.index()));
        (around, Point::Node(at))
    });
    let services = (0..scenario.services.len()).flat_map(|service| service_edges(scenario, service));
    regions.chain(zones).chain(racks).chain(nodes).chain(services).collect()
}

/// Node -> replica -> service. Two replicas stand for any greater number: enough that neither is on every path.
fn service_edges(scenario: &Scenario, service: usize) -> Vec<(Point, Point)> {
    let mut edges = Vec::new();
    for (workload, nodes) in hosts::of_service(scenario, service) {
        for number in 0..scenario.workloads[workload].replicas.min(2) as u8 {
            let replica = Point::Replica(workload, number);
            edges.push((replica, Point::Service(service)));
            edges.extend(nodes.iter().map(|node| (Point::Node(*node), replica)));
        }
    }
    edges
}
