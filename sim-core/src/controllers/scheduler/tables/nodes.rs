//! The nodes in the order in which the scheduler looks at them, and sets of them.

use std::collections::BTreeMap;

use crate::ids::{NodeId, ZoneId};
use crate::spec::{Cluster, Node};

/// Nodes in snapshot order. Everything inside the scheduler is indexed by this position, never by [`NodeId`],
/// so that a decision walks its tables forwards.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    order: Vec<NodeId>,
    positions: Vec<u32>,
    zones: Vec<ZoneId>,
}

impl Snapshot {
    /// Zones in order of their first node take turns, each giving its next node
    /// (`pkg/scheduler/backend/cache/node_tree.go`).
    pub fn new(cluster: &Cluster) -> Snapshot {
        let zones = nodes_by_zone(cluster);
        let longest = zones.iter().map(Vec::len).max().unwrap_or(0);
        let turns = (0..longest).flat_map(|turn| zones.iter().filter_map(move |zone| zone.get(turn)));
        let order: Vec<NodeId> = turns.copied().collect();
        let mut positions = vec![0; order.len()];
        for (at, node) in order.iter().enumerate() {
            positions[node.index()] = at as u32;
        }
        let zones = order.iter().map(|node| cluster.nodes[node.index()].zone).collect();
        Snapshot { order, positions, zones }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Where a node stands in the order.
    pub fn position(&self, node: NodeId) -> usize {
        self.positions[node.index()] as usize
    }

    /// The node at a position.
    pub fn node(&self, at: usize) -> NodeId {
        self.order[at]
    }

    /// The zone of the node at a position.
    pub fn zone(&self, at: usize) -> ZoneId {
        self.zones[at]
    }

    /// The nodes' objects in order.
    pub fn iter<'a>(&'a self, cluster: &'a Cluster) -> impl Iterator<Item = &'a Node> {
        self.order.iter().map(|node| &cluster.nodes[node.index()])
    }
}

fn nodes_by_zone(cluster: &Cluster) -> Vec<Vec<NodeId>> {
    let mut zones: Vec<(ZoneId, Vec<NodeId>)> = Vec::new();
    for (index, node) in cluster.nodes.iter().enumerate() {
        match zones.iter_mut().find(|(zone, _)| *zone == node.zone) {
            Some((_, nodes)) => nodes.push(index.into()),
            None => zones.push((node.zone, vec![index.into()])),
        }
    }
    zones.into_iter().map(|(_, nodes)| nodes).collect()
}

/// Position in [`NodeSets`]; equal sets have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeSetId(u32);

/// Distinct sets of nodes, as flags in snapshot order.
#[derive(Default)]
pub(super) struct NodeSets {
    sets: Vec<Vec<bool>>,
    ids: BTreeMap<Vec<bool>, NodeSetId>,
}

impl NodeSets {
    pub fn intern(&mut self, set: Vec<bool>) -> NodeSetId {
        let next = NodeSetId(self.sets.len() as u32);
        let id = *self.ids.entry(set.clone()).or_insert(next);
        if id == next {
            self.sets.push(set);
        }
        id
    }

    pub fn get(&self, id: NodeSetId) -> &[bool] {
        &self.sets[id.0 as usize]
    }
}
