//! Which endpoints of a Service requests may go to, by where they come in.

use serde::Serialize;

/// How proxies choose among the endpoints of a Service. The default is to choose among all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Routing {
    /// The policy for the traffic that it has: `spec.externalTrafficPolicy` for that from outside, else
    /// `spec.internalTrafficPolicy`.
    pub policy: TrafficPolicy,
    /// Which hints its EndpointSlices carry.
    pub hinting: Hinting,
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
        self != Routing::default()
    }

    /// Whether the nodes of one zone may choose differently.
    pub fn by_node(self) -> bool {
        self.policy == TrafficPolicy::Local || self.hinting == Hinting::SameNode
    }
}
