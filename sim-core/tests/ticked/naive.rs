//! The node controller, played naively: it looks at every node at every pass. Upstream: `monitorNodeHealth` and
//! `handleDisruption` of pkg/controller/nodelifecycle/node_lifecycle_controller.go.

use std::collections::VecDeque;

use sim_core::Model;
use sim_core::ids::NodeId;
use sim_core::time::{Instant, Span};
use sim_core::world::api::NodeReady;

/// A tick of the real system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tick {
    /// The API server shows a lease renewal.
    Renewal(NodeId),
    /// A kubelet posts that its node is not ready, after a boot.
    NotReady(NodeId),
    /// A kubelet posts that its node is ready.
    Ready(NodeId),
    /// The node controller's pass over all nodes.
    Pass,
    /// The tainting pass: at the end of every pass, and when a token comes.
    Taint,
}

/// The node controller, played naively.
pub struct Naive<'m> {
    model: &'m Model,
    pub ready: Vec<NodeReady>,
    pub no_execute: Vec<bool>,
    /// Something was heard of the node since the last pass.
    heard: Vec<bool>,
    probed: Vec<Instant>,
    zones: Vec<NaiveZone>,
    all_down: bool,
}

struct NaiveZone {
    nodes: Vec<NodeId>,
    queue: VecDeque<NodeId>,
    /// `None`: no tainting.
    gap: Option<Span>,
    token_at: Instant,
}

impl Naive<'_> {
    /// A controller that has seen every node Ready.
    pub fn new(model: &Model) -> Naive<'_> {
        let cluster = &model.scenario().cluster;
        let zone = |zone: usize| NaiveZone {
            nodes: (0..cluster.nodes.len())
                .filter(|node| cluster.nodes[*node].zone.index() == zone)
                .map(NodeId::from)
                .collect(),
            queue: VecDeque::new(),
            gap: Some(model.scenario().timing.eviction_gap),
            token_at: Instant::ZERO,
        };
        let nodes = cluster.nodes.len();
        Naive {
            model,
            ready: vec![NodeReady::True; nodes],
            no_execute: vec![false; nodes],
            heard: vec![false; nodes],
            probed: vec![Instant::ZERO; nodes],
            zones: (0..cluster.zones.len()).map(zone).collect(),
            all_down: false,
        }
    }

    /// Something happens.
    pub fn tick(&mut self, tick: Tick, now: Instant) {
        match tick {
            Tick::Renewal(node) => self.heard[node.index()] = true,
            Tick::NotReady(node) => self.report(node, NodeReady::False),
            Tick::Ready(node) => self.report(node, NodeReady::True),
            Tick::Pass => self.pass(now),
            Tick::Taint => self.taint(now),
        }
    }

    fn report(&mut self, node: NodeId, ready: NodeReady) {
        self.heard[node.index()] = true;
        self.ready[node.index()] = ready;
    }

    fn pass(&mut self, now: Instant) {
        let grace = self.model.scenario().timing.node_monitor_grace_period;
        for zone in &mut self.zones {
            for id in zone.nodes.iter().copied() {
                let node = id.index();
                if std::mem::take(&mut self.heard[node]) {
                    self.probed[node] = now;
                }
                if now >= self.probed[node] + grace {
                    self.ready[node] = NodeReady::Unknown;
                }
                let queued = zone.queue.contains(&id);
                if self.ready[node] == NodeReady::True {
                    self.no_execute[node] = false;
                    zone.queue.retain(|other| *other != id);
                } else if !self.no_execute[node] && !queued {
                    zone.queue.push_back(id);
                }
            }
        }
        self.handle_disruption(now);
    }

    fn handle_disruption(&mut self, now: Instant) {
        let ready = &self.ready;
        let down = |zone: &NaiveZone| zone.nodes.iter().all(|node| ready[node.index()] != NodeReady::True);
        let all_down = self.zones.iter().all(down);
        if all_down && !self.all_down {
            self.no_execute.fill(false);
            self.zones.iter_mut().for_each(|zone| zone.queue.clear());
        }
        if !all_down && self.all_down {
            self.probed.fill(now);
        }
        self.all_down = all_down;
        for zone in 0..self.zones.len() {
            let gap = self.gap(&self.zones[zone]);
            self.zones[zone].swap_limiter(gap, now);
        }
    }

    /// Upstream's `ComputeZoneState` and `setLimiterInZone`.
    fn gap(&self, zone: &NaiveZone) -> Option<Span> {
        let timing = &self.model.scenario().timing;
        let size = zone.nodes.len();
        let down = zone.nodes.iter().filter(|node| self.ready[node.index()] != NodeReady::True).count();
        let normal = Some(timing.eviction_gap);
        if self.all_down {
            None
        } else if down == size || down <= 2 || (down as f64) < 0.55 * size as f64 {
            normal
        } else if size as u32 > timing.large_cluster_size_threshold {
            Some(timing.secondary_eviction_gap)
        } else {
            None
        }
    }

    fn taint(&mut self, now: Instant) {
        for zone in &mut self.zones {
            let Some(gap) = zone.gap else { continue };
            if zone.token_at <= now
                && let Some(node) = zone.queue.pop_front()
            {
                zone.token_at = now + gap;
                self.no_execute[node.index()] = self.ready[node.index()] != NodeReady::True;
            }
        }
    }

    /// When a node that waits for a token gets one.
    pub fn token_due(&self) -> Instant {
        let waiting = self.zones.iter().filter(|zone| zone.gap.is_some() && !zone.queue.is_empty());
        waiting.map(|zone| zone.token_at).min().unwrap_or(Instant::NEVER)
    }
}

impl NaiveZone {
    /// A new bucket is full, unless the old one is empty.
    fn swap_limiter(&mut self, gap: Option<Span>, now: Instant) {
        if self.gap != gap {
            let empty = self.gap.is_none() || self.token_at > now;
            self.gap = gap;
            self.token_at = if empty { now + gap.unwrap_or(Span::ZERO) } else { now };
        }
    }
}
