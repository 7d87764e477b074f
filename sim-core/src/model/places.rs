//! Where requests come in, and where endpoints are.

use super::Model;
use crate::ids::{NodeId, ServiceId, ZoneId};
use crate::spec::Node;

impl Model {
    /// Services of which it matters where their requests come in.
    pub fn routed_services(&self) -> &[ServiceId] {
        &self.routed
    }

    /// Every node.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.scenario.cluster.nodes.len()).map(NodeId::from)
    }

    /// Nodes on which clients in the cluster run: all but those of the control plane, unless there are no others.
    pub fn client_nodes(&self) -> impl Iterator<Item = NodeId> {
        let is_worker = |node: &Node| !node.is_control_plane();
        let nodes = &self.scenario.cluster.nodes;
        let any_worker = nodes.iter().any(is_worker);
        self.nodes().filter(move |node| !any_worker || is_worker(&nodes[node.index()]))
    }

    /// The zone of a node.
    pub fn zone_of(&self, node: NodeId) -> ZoneId {
        self.scenario.cluster.nodes[node.index()].zone
    }

    /// The zone of a node as endpoints tell it: none if the node has no label for it.
    pub fn zone_hint(&self, node: NodeId) -> Option<ZoneId> {
        let zone = self.zone_of(node);
        (!self.scenario.cluster.zones[zone.index()].name.is_empty()).then_some(zone)
    }
}
