//! Kubelet leases, without an event for any renewal: when the last one before a moment was made.

use crate::ids::NodeId;
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::time::{Instant, Span};

/// The renewals of every node's lease.
#[derive(Clone, Debug)]
pub struct Leases {
    period: Span,
    /// By node: when its kubelet, if it runs, made the first renewal since it started.
    first: Vec<Option<Instant>>,
}

impl Leases {
    /// Every kubelet runs since long before the start, in a phase of its own.
    pub fn new(model: &Model, luck: &Luck) -> Leases {
        let period = model.scenario().timing.lease_renewal;
        let phase = |node| luck.draw(Purpose::LeasePhase, model.node_key(NodeId::from(node)), 0).unit();
        let nodes = model.scenario().cluster.nodes.len();
        let first = (0..nodes).map(|node| Some(Instant::ZERO + period.part(phase(node))));
        Leases { period, first: first.collect() }
    }

    /// Whether the node's kubelet runs.
    pub fn runs(&self, node: NodeId) -> bool {
        self.first[node.index()].is_some()
    }

    /// A kubelet starts, and renews at once and every period from then on.
    pub fn start(&mut self, node: NodeId, now: Instant) {
        self.first[node.index()] = Some(now);
    }

    /// A kubelet stops. Returns its last renewal, or `None` if it did not run; the start of the run stands for
    /// renewals before it.
    pub fn stop(&mut self, node: NodeId, now: Instant) -> Option<Instant> {
        let first = self.first[node.index()].take()?;
        let periods = now.since(first).0 / self.period.0;
        Some(if now < first { Instant::ZERO } else { first + self.period * periods })
    }
}
