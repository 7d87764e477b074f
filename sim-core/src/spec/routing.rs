//! Which endpoints of a Service requests may go to, by where they come in.

use serde::Serialize;

use super::Cluster;
use crate::ids::{NodeId, ServiceId};

/// How requests get to the endpoints of a Service. The default is through kube-proxies, which choose among all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Routing {
    /// The policy for the traffic that it has: `spec.externalTrafficPolicy` for that from outside, else
    /// `spec.internalTrafficPolicy`.
    pub policy: TrafficPolicy,
    /// Which hints its EndpointSlices carry.
    pub hinting: Hinting,
    /// The Service of the ingress controller that its requests come through. Controllers send to all ready endpoints.
    pub entrance: Option<ServiceId>,
}

/// `spec.externalTrafficPolicy` and `spec.internalTrafficPolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum TrafficPolicy {
    /// A node sends to pods anywhere.
    #[default]
    Cluster,
    /// A node sends to its own pods only.
    Local,
}

/// Which hints the EndpointSlices of a Service carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Hinting {
    /// None.
    #[default]
    None,
    /// `spec.trafficDistribution: PreferSameZone`, or `PreferClose`.
    SameZone,
    /// `spec.trafficDistribution: PreferSameNode`.
    SameNode,
    /// `service.kubernetes.io/topology-mode: Auto`.
    InProportion,
}

impl Routing {
    /// Whether it matters where a request comes in.
    pub fn by_place(self) -> bool {
        self.policy != TrafficPolicy::Cluster || self.hinting != Hinting::None
    }

    /// How many places are told apart: nodes, or zones.
    pub fn places(self, cluster: &Cluster) -> usize {
        if self.by_node() { cluster.nodes.len() } else { cluster.zones.len() }
    }

    /// Which of them a node is, or is in.
    pub fn place_of(self, node: NodeId, cluster: &Cluster) -> usize {
        if self.by_node() { node.index() } else { cluster.nodes[node.index()].zone.index() }
    }

    /// Whether the nodes of one zone may choose differently.
    pub fn by_node(self) -> bool {
        self.policy == TrafficPolicy::Local || self.hinting == Hinting::SameNode
    }
}
