//! Tainting in one zone: a queue of nodes, and a bucket with one token.
//!
//! Upstream: pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go.

use std::collections::VecDeque;

use crate::controllers::node_lifecycle::Found;
use crate::controllers::zone_state::Zone;
use crate::ids::NodeId;
use crate::spec::Timing;
use crate::time::{Instant, Span};

/// Which nodes of a zone wait for their `NoExecute` taint, and when the next one gets it.
#[derive(Clone, Debug)]
pub struct ZoneLimiter {
    nodes: u32,
    ready: u32,
    /// Since when who waits: the real controller's workers race within a pass, here nodes come in their order.
    queue: VecDeque<(Instant, NodeId)>,
    /// Gap between two nodes; `None` stops tainting.
    gap: Option<Span>,
    next_token: Instant,
}

impl ZoneLimiter {
    /// A zone of so many nodes, all of them ready.
    pub fn new(nodes: u32, timing: &Timing) -> ZoneLimiter {
        ZoneLimiter {
            nodes,
            ready: nodes,
            queue: VecDeque::with_capacity(nodes as usize),
            gap: Some(timing.eviction_gap),
            next_token: Instant::ZERO,
        }
    }

    /// How many nodes are ready, and how many are not.
    pub fn zone(&self) -> Zone {
        Zone { ready: self.ready, not_ready: self.nodes - self.ready }
    }

    /// Whether the zone has no nodes at all.
    pub fn is_empty(&self) -> bool {
        self.nodes == 0
    }

    /// A node is found in another state than before.
    pub fn recount(&mut self, before: Found, now: Found) {
        let count = |found: Found, state: fn(Found) -> bool| u32::from(state(found));
        let (is_ready, exists) = (|found| found == Found::Ready, |found| found != Found::Nothing);
        self.ready = self.ready + count(now, is_ready) - count(before, is_ready);
        self.nodes = self.nodes + count(now, exists) - count(before, exists);
    }

    /// A node waits for its taint, if it does not wait already.
    pub fn add(&mut self, node: NodeId, now: Instant) {
        if self.queue.iter().all(|(_, queued)| *queued != node) {
            let place = self.queue.partition_point(|queued| *queued < (now, node));
            self.queue.insert(place, (now, node));
        }
    }

    /// A node is not to be tainted any more.
    pub fn remove(&mut self, node: NodeId) {
        self.queue.retain(|(_, queued)| *queued != node);
    }

    /// No node is to be tainted any more.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// The next node, if it has its token.
    pub fn take_due(&mut self, now: Instant) -> Option<NodeId> {
        let gap = self.gap.filter(|_| self.next_token <= now)?;
        let (_, node) = self.queue.pop_front()?;
        self.next_token = now + gap;
        Some(node)
    }

    /// When the next node gets its token.
    pub fn wake(&self, now: Instant) -> Instant {
        if self.queue.is_empty() || self.gap.is_none() { Instant::NEVER } else { self.next_token.max(now) }
    }

    /// A new rate comes with a full bucket, unless the old one is empty (upstream's `SwapLimiter`).
    pub fn set_gap(&mut self, gap: Option<Span>, now: Instant) {
        if self.gap == gap {
            return;
        }
        let empty = self.gap.is_none() || self.next_token > now;
        self.next_token = if empty { now + gap.unwrap_or(Span::ZERO) } else { now };
        self.gap = gap;
    }
}
