//! The node lifecycle controller: who is silent, what that means for pods, and how fast a zone may be emptied.
//!
//! Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go. Its passes every 5 s are computed: it
//! wakes only at a pass that finds something.

use std::collections::VecDeque;

use crate::controllers::zone_state::{Zone, ZoneState};
use crate::ids::{NodeId, ZoneId};
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::time::{Instant, Span};
use crate::world::api::{Api, NodeReady, ReadyBy, Request};

/// The controller's own memory.
#[derive(Clone, Debug)]
pub struct NodeLifecycle {
    /// Passes come at this phase of `--node-monitor-period`.
    phase: Span,
    /// By node: when its silence will have outlasted the grace period; never while it speaks.
    unknown_at: Vec<Instant>,
    zones: Vec<ZoneLimiter>,
    all_zones_down: bool,
    /// Silent nodes with a new grace period, until the caller has taken note.
    regraced: Vec<NodeId>,
}

/// Tainting in one zone: a queue, and a bucket with one token.
#[derive(Clone, Debug)]
struct ZoneLimiter {
    nodes: u32,
    ready: u32,
    state: ZoneState,
    queue: VecDeque<NodeId>,
    /// Gap between two nodes; `None` stops tainting.
    gap: Option<Span>,
    next_token: Instant,
}

impl NodeLifecycle {
    /// A controller that has seen every node Ready.
    pub fn new(model: &Model, luck: &Luck) -> NodeLifecycle {
        let scenario = model.scenario();
        let controller = EntityKey::new("kube-controller-manager");
        let phase = luck.draw(Purpose::NodeMonitorPhase, controller, 0).unit();
        let limiter = |zone: usize| {
            let nodes = scenario.cluster.nodes.iter().filter(|node| node.zone.index() == zone).count() as u32;
            ZoneLimiter {
                nodes,
                ready: nodes,
                state: ZoneState::Normal,
                queue: VecDeque::with_capacity(nodes as usize),
                gap: Some(scenario.timing.eviction_gap),
                next_token: Instant::ZERO,
            }
        };
        NodeLifecycle {
            phase: scenario.timing.node_monitor_period.part(phase),
            unknown_at: vec![Instant::NEVER; scenario.cluster.nodes.len()],
            zones: (0..scenario.cluster.zones.len()).map(limiter).collect(),
            all_zones_down: false,
            regraced: Vec::new(),
        }
    }

    /// A node fell silent after `last_renewal`. Returns the pass at which it turns Unknown: the first one a grace
    /// period after the pass that saw that renewal.
    ///
    /// The passes of the real controller come a little more than a period apart, so the pass exactly one grace
    /// period later does find it exceeded.
    pub fn silent(&mut self, node: NodeId, last_renewal: Instant, model: &Model) -> Instant {
        let timing = &model.scenario().timing;
        let seen = self.pass(last_renewal + timing.watch, model);
        let unknown = self.pass(seen + timing.node_monitor_grace_period, model);
        self.unknown_at[node.index()] = unknown;
        unknown
    }

    /// A node renews its lease again, first at `renewal`. Returns whether that comes in time: a pass looks at the
    /// lease before it judges.
    pub fn speaks(&mut self, node: NodeId, renewal: Instant, model: &Model) -> bool {
        let seen = self.pass(renewal + model.scenario().timing.watch, model);
        let in_time = seen <= self.unknown_at[node.index()];
        if in_time {
            self.unknown_at[node.index()] = Instant::NEVER;
        }
        in_time
    }

    /// The next pass from `at` on.
    pub fn pass(&self, at: Instant, model: &Model) -> Instant {
        let first = Instant::ZERO + self.phase;
        first.next_tick(model.scenario().timing.node_monitor_period, at)
    }

    /// A pass looks at a node about which something is new.
    pub fn examine(&mut self, node: NodeId, now: Instant, api: &Api, requests: &mut Vec<Request>) {
        if self.unknown_at[node.index()] <= now {
            self.unknown_at[node.index()] = Instant::NEVER;
            requests.push(Request::SetNodeReady(node, NodeReady::Unknown));
        } else if api.node(node).ready == NodeReady::True && api.node(node).no_execute {
            requests.push(Request::SetNodeTaints { node, no_schedule: false, no_execute: false });
        }
    }

    /// A node's Ready condition changed, by its own word or by ours: pods, taints and the zone follow.
    pub fn ready_changed(
        &mut self,
        node: NodeId,
        was: NodeReady,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) {
        let is = api.node(node).ready;
        let no_execute = api.node(node).no_execute;
        requests.push(Request::SetNodeTaints { node, no_schedule: is != NodeReady::True, no_execute });
        if was == NodeReady::True {
            let pods = api.node(node).pods.iter();
            requests.extend(pods.map(|pod| Request::SetPodReady {
                pod: *pod,
                ready: false,
                by: ReadyBy::NodeController,
            }));
        }
        if (was == NodeReady::True) != (is == NodeReady::True) {
            self.recount(node, is == NodeReady::True, now, model, api, requests);
        }
    }

    /// A node's object is gone: it counts in its zone no more.
    pub fn forget(
        &mut self,
        node: NodeId,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) {
        self.unknown_at[node.index()] = Instant::NEVER;
        let limiter = &mut self.zones[model.scenario().cluster.nodes[node.index()].zone.index()];
        limiter.nodes -= 1;
        limiter.ready -= u32::from(api.node(node).ready == NodeReady::True);
        limiter.queue.retain(|queued| *queued != node);
        self.update_zones(now, model, api, requests);
    }

    /// A node's object is there again, not ready yet.
    pub fn welcome(
        &mut self,
        node: NodeId,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) {
        let limiter = &mut self.zones[model.scenario().cluster.nodes[node.index()].zone.index()];
        limiter.nodes += 1;
        limiter.queue.push_back(node);
        self.update_zones(now, model, api, requests);
    }

    /// When a silent node turns Unknown; never for one that speaks.
    pub fn unknown_at(&self, node: NodeId) -> Instant {
        self.unknown_at[node.index()]
    }

    /// Silent nodes that turn Unknown later than was said, since all zones were down in between.
    pub fn take_regraced(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.regraced)
    }

    /// When the next node of a zone may get its taint.
    pub fn zone_wake(&self, zone: ZoneId, now: Instant) -> Instant {
        self.zones[zone.index()].wake(now)
    }

    /// The next node of a zone gets its `NoExecute` taint.
    pub fn taint_next(&mut self, zone: ZoneId, now: Instant, api: &Api, requests: &mut Vec<Request>) {
        let limiter = &mut self.zones[zone.index()];
        let Some(gap) = limiter.gap else { return };
        let Some(node) = limiter.queue.pop_front() else { return };
        limiter.next_token = now + gap;
        let no_schedule = api.node(node).no_schedule;
        requests.push(Request::SetNodeTaints { node, no_schedule, no_execute: true });
    }

    fn recount(
        &mut self,
        node: NodeId,
        ready: bool,
        now: Instant,
        model: &Model,
        api: &Api,
        requests: &mut Vec<Request>,
    ) {
        let limiter = &mut self.zones[model.scenario().cluster.nodes[node.index()].zone.index()];
        if ready {
            limiter.ready += 1;
            limiter.queue.retain(|queued| *queued != node);
        } else {
            limiter.ready -= 1;
            limiter.queue.push_back(node);
        }
        self.update_zones(now, model, api, requests);
    }

    /// Upstream's `handleDisruption`.
    fn update_zones(&mut self, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) {
        let timing = &model.scenario().timing;
        for limiter in &mut self.zones {
            limiter.state = limiter.zone().state(timing.unhealthy_zone_threshold_milli);
        }
        let down = |zone: &ZoneLimiter| zone.nodes == 0 || zone.state == ZoneState::FullDisruption;
        let all_down = self.zones.iter().all(down);
        if all_down && !self.all_zones_down {
            self.stop_everywhere(api, requests);
        } else if !all_down && self.all_zones_down {
            self.give_grace_again(now, model);
        }
        self.all_zones_down = all_down;
        for limiter in &mut self.zones {
            let gap = limiter.zone().taint_gap(limiter.state, all_down, timing);
            limiter.set_gap(gap, now);
        }
    }

    /// All zones down looks like our own isolation: nobody is to be evicted for that.
    fn stop_everywhere(&mut self, api: &Api, requests: &mut Vec<Request>) {
        for (id, node) in api.nodes().iter().enumerate().filter(|(_, node)| node.no_execute) {
            let no_schedule = node.no_schedule;
            requests.push(Request::SetNodeTaints { node: id.into(), no_schedule, no_execute: false });
        }
    }

    /// After the end of that, every silent node has a whole grace period again, and those that are not ready
    /// queue up anew.
    fn give_grace_again(&mut self, now: Instant, model: &Model) {
        let fresh = self.pass(now + model.scenario().timing.node_monitor_grace_period, model);
        for (node, unknown_at) in self.unknown_at.iter_mut().enumerate() {
            if *unknown_at != Instant::NEVER && *unknown_at < fresh {
                *unknown_at = fresh;
                self.regraced.push(NodeId::from(node));
            }
        }
    }
}

impl ZoneLimiter {
    fn zone(&self) -> Zone {
        Zone { ready: self.ready, not_ready: self.nodes - self.ready }
    }

    fn wake(&self, now: Instant) -> Instant {
        if self.queue.is_empty() || self.gap.is_none() { Instant::NEVER } else { self.next_token.max(now) }
    }

    /// A new rate comes with a full bucket, except that who had to wait has to wait again (upstream's `SwapLimiter`).
    fn set_gap(&mut self, gap: Option<Span>, now: Instant) {
        if self.gap == gap {
            return;
        }
        if let Some(gap) = gap {
            let waited = self.gap.is_none() || self.next_token > now;
            self.next_token = if waited && !self.queue.is_empty() { now + gap } else { now };
        }
        self.gap = gap;
    }
}
