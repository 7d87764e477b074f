//! Kubelet leases, without an event for any renewal: when the last one before a moment was made.

use crate::ids::NodeId;
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::time::{Instant, Span};

/// The renewals of every node's lease.
#[derive(Clone, Debug)]
pub struct Leases {
    period: Span,
    /// By node: when its kubelet made the first renewal since it started.
    first: Vec<Instant>,
}

impl Leases {
    /// Every kubelet runs since long before the start, in a phase of its own.
    pub fn new(model: &Model, luck: &Luck) -> Leases {
        let period = model.scenario().timing.lease_renewal;
        let phase = |node| luck.draw(Purpose::LeasePhase, model.node_key(NodeId::from(node)), 0).unit();
        let nodes = model.scenario().cluster.nodes.len();
        let first = (0..nodes).map(|node| Instant::ZERO + period.part(phase(node)));
        Leases { period, first: first.collect() }
    }

    /// A kubelet starts, and renews at once and every period from then on.
    pub fn started(&mut self, node: NodeId, now: Instant) {
        self.first[node.index()] = now;
    }

    /// The last renewal up to `now` of a kubelet that ran until then; the start of the run if there was none.
    pub fn last_renewal(&self, node: NodeId, now: Instant) -> Instant {
        let first = self.first[node.index()];
        let periods = now.since(first).0 / self.period.0;
        if now < first { Instant::ZERO } else { first + self.period * periods }
    }
}
