//! Failure domains as a graph: region over zone over rack over machine. What is under a domain fails with it.

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Dfs;

use crate::ids::{NodeId, RackId, RegionId, ZoneId};
use crate::spec::Cluster;

/// A thing that can fail, with all that stands under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// A region.
    Region(RegionId),
    /// A zone.
    Zone(ZoneId),
    /// A rack.
    Rack(RackId),
    /// One machine.
    Machine(NodeId),
}

/// The failure domains of a cluster.
#[derive(Clone, Debug)]
pub struct Topology {
    graph: DiGraph<Domain, ()>,
    regions: Vec<NodeIndex>,
    zones: Vec<NodeIndex>,
    racks: Vec<NodeIndex>,
    machines: Vec<NodeIndex>,
}

impl Topology {
    /// The domains of a validated cluster.
    pub fn new(cluster: &Cluster) -> Topology {
        let mut graph = DiGraph::new();
        let mut add = |domain, parent: Option<NodeIndex>| {
            let vertex = graph.add_node(domain);
            if let Some(parent) = parent {
                graph.add_edge(parent, vertex, ());
            }
            vertex
        };
        let regions: Vec<_> =
            (0..cluster.regions.len()).map(|id| add(Domain::Region(id.into()), None)).collect();
        let zones: Vec<_> = (cluster.zones.iter().enumerate())
            .map(|(id, zone)| add(Domain::Zone(id.into()), Some(regions[zone.region.index()])))
            .collect();
        let racks: Vec<_> = (cluster.racks.iter().enumerate())
            .map(|(id, rack)| add(Domain::Rack(id.into()), Some(zones[rack.zone.index()])))
            .collect();
        let machines = (cluster.nodes.iter().enumerate())
            .map(|(id, node)| {
                let parent = node.rack.map_or(zones[node.zone.index()], |rack| racks[rack.index()]);
                add(Domain::Machine(id.into()), Some(parent))
            })
            .collect();
        Topology { graph, regions, zones, racks, machines }
    }

    /// The machines that fail when the domain does, in order of ids.
    pub fn machines_under(&self, domain: Domain) -> Vec<NodeId> {
        let mut under = Vec::new();
        let mut search = Dfs::new(&self.graph, self.vertex(domain));
        while let Some(vertex) = search.next(&self.graph) {
            if let Domain::Machine(node) = self.graph[vertex] {
                under.push(node);
            }
        }
        under.sort_unstable();
        under
    }

    fn vertex(&self, domain: Domain) -> NodeIndex {
        match domain {
            Domain::Region(id) => self.regions[id.index()],
            Domain::Zone(id) => self.zones[id.index()],
            Domain::Rack(id) => self.racks[id.index()],
            Domain::Machine(id) => self.machines[id.index()],
        }
    }
}
