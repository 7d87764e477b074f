//! The node lifecycle controller: who is silent, what that means for pods, and how fast a zone may be emptied.
//!
//! Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go. Its passes every 5 s are computed: it
//! wakes only at a pass that finds something. At the end of such a pass it looks at the zones and taints.

use crate::controllers::zone_limiter::ZoneLimiter;
use crate::controllers::zone_state::ZoneState;
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
    nodes: Vec<Health>,
    zones: Vec<ZoneLimiter>,
    all_zones_down: bool,
    /// Silent nodes with a new grace period, until the caller has taken note.
    regraced: Vec<NodeId>,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
struct Health {
    zone: ZoneId,
    /// What the last pass found.
    found: Found,
    /// When its kubelet last posted a status.
    reported: Instant,
    /// The pass that will see that; never once it has.
    seen_at: Instant,
    /// When its silence will have outlasted the grace period; never while it speaks.
    unknown_at: Instant,
}

/// What a pass finds of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is Ready.
    Ready,
    /// It is not, or nobody knows.
    NotReady,
    /// There is no such node any more.
    Nothing,
}

impl NodeLifecycle {
    /// A controller that has seen every node Ready.
    pub fn new(model: &Model, luck: &Luck) -> NodeLifecycle {
        let controller = EntityKey::new("kube-controller-manager");
        let phase = luck.draw(Purpose::NodeMonitorPhase, controller, 0).unit();
        NodeLifecycle::with_phase(model.scenario().timing.node_monitor_period.part(phase), model)
    }

    /// A controller that takes over at `now`: it has heard of nobody, and examines everybody in a first pass at once.
    pub fn starting(model: &Model, now: Instant) -> NodeLifecycle {
        let period = model.scenario().timing.node_monitor_period;
        let mut fresh = NodeLifecycle::with_phase(Span(now.0 % period.0), model);
        fresh.nodes.iter_mut().for_each(|health| health.seen_at = now);
        fresh
    }

    /// A silent node is seen for the first time, and has a whole grace period from now on.
    pub fn first_seen_silent(&mut self, node: NodeId, now: Instant, model: &Model) {
        let grace = model.scenario().timing.node_monitor_grace_period;
        self.nodes[node.index()].unknown_at = self.pass(now + grace, model);
    }

    fn with_phase(phase: Span, model: &Model) -> NodeLifecycle {
        let scenario = model.scenario();
        let health = |node: &crate::spec::Node| Health {
            zone: node.zone,
            found: Found::Ready,
            reported: Instant::ZERO,
            seen_at: Instant::NEVER,
            unknown_at: Instant::NEVER,
        };
        let limiter = |zone: usize| {
            let nodes = scenario.cluster.nodes.iter().filter(|node| node.zone.index() == zone);
            ZoneLimiter::new(nodes.count() as u32, &scenario.timing)
        };
        NodeLifecycle {
            phase,
            nodes: scenario.cluster.nodes.iter().map(health).collect(),
            zones: (0..scenario.cluster.zones.len()).map(limiter).collect(),
            all_zones_down: false,
            regraced: Vec::new(),
        }
    }

    /// A node fell silent at `now`, after `last_renewal`. It turns Unknown at the first pass that comes a grace period
    /// after the one that saw the last sign of life. A grace period shorter than the gap between renewals does not make
    /// a node Unknown that still speaks, as it would upstream.
    ///
    /// The passes of the real controller come a little more than a period apart, so the pass exactly one grace
    /// period later does find it exceeded.
    pub fn silent(&mut self, node: NodeId, last_renewal: Instant, now: Instant, model: &Model) {
        let timing = &model.scenario().timing;
        let last_sign = (last_renewal + timing.watch).max(self.nodes[node.index()].reported);
        let unknown = self.pass(last_sign, model) + timing.node_monitor_grace_period;
        self.nodes[node.index()].unknown_at = self.pass(unknown.max(now), model);
    }

    /// A node's kubelet posts a status, which is a sign of life: a pass looks for those before it judges.
    pub fn reports(&mut self, node: NodeId, now: Instant, model: &Model) {
        let pass = self.pass(now, model);
        let health = &mut self.nodes[node.index()];
        (health.reported, health.seen_at) = (now, pass);
        if pass <= health.unknown_at {
            health.unknown_at = Instant::NEVER;
        }
    }

    /// A node's object is deleted, which the next pass finds.
    pub fn deleted(&mut self, node: NodeId, now: Instant, model: &Model) {
        let pass = self.pass(now, model);
        let health = &mut self.nodes[node.index()];
        (health.seen_at, health.unknown_at) = (pass, Instant::NEVER);
    }

    /// The next pass that finds something new about the node.
    pub fn next_look(&self, node: NodeId) -> Instant {
        let health = &self.nodes[node.index()];
        health.unknown_at.min(health.seen_at)
    }

    /// A pass looks at a node about which something is new.
    pub fn examine(&mut self, node: NodeId, now: Instant, api: &Api, requests: &mut Vec<Request>) {
        let object = api.node(node);
        let health = &mut self.nodes[node.index()];
        let due = |at: &mut Instant| *at <= now && std::mem::replace(at, Instant::NEVER) <= now;
        due(&mut health.seen_at);
        let falls_silent = due(&mut health.unknown_at) && object.exists;
        if falls_silent {
            turn_unknown(node, api, requests);
        }
        let found = match object.exists {
            true if object.ready == NodeReady::True && !falls_silent => Found::Ready,
            true => Found::NotReady,
            false => Found::Nothing,
        };
        let limiter = &mut self.zones[health.zone.index()];
        limiter.recount(std::mem::replace(&mut health.found, found), found);
        if found == Found::NotReady && !object.no_execute {
            limiter.add(node, now);
        } else if found != Found::NotReady {
            limiter.remove(node);
            requests.push(Request::SetNodeTaints { node, no_schedule: false, no_execute: false });
        }
    }

    /// The end of a pass, or a moment at which a token is due: zones are judged, and nodes tainted.
    pub fn taint(&mut self, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) {
        self.handle_disruption(now, model, api, requests);
        for limiter in &mut self.zones {
            // A node that is ready again needs no taint; its token is spent.
            if let Some(node) = limiter.take_due(now).filter(|node| api.node(*node).ready != NodeReady::True)
            {
                requests.push(Request::SetNodeTaints { node, no_schedule: true, no_execute: true });
            }
        }
    }

    /// When the next node of any zone gets its taint.
    pub fn next_taint(&self, now: Instant) -> Instant {
        self.zones.iter().map(|zone| zone.wake(now)).min().unwrap_or(Instant::NEVER)
    }

    /// The next silent node that turns Unknown later than was said, since all zones were down in between.
    pub fn take_regraced(&mut self) -> Option<NodeId> {
        self.regraced.pop()
    }

    fn pass(&self, at: Instant, model: &Model) -> Instant {
        let first = Instant::ZERO + self.phase;
        first.next_tick(model.scenario().timing.node_monitor_period, at)
    }

    /// Upstream's `handleDisruption`.
    fn handle_disruption(&mut self, now: Instant, model: &Model, api: &Api, requests: &mut Vec<Request>) {
        let timing = &model.scenario().timing;
        let state = |limiter: &ZoneLimiter| limiter.zone().state(timing.unhealthy_zone_threshold_milli);
        let down = |limiter: &ZoneLimiter| limiter.is_empty() || state(limiter) == ZoneState::FullDisruption;
        let all_down = self.zones.iter().all(down);
        if all_down && !self.all_zones_down {
            self.stop_everywhere(api, requests);
        } else if !all_down && self.all_zones_down {
            self.give_grace_again(now, model);
            self.queue_again(now, api);
        }
        self.all_zones_down = all_down;
        for limiter in &mut self.zones {
            limiter.set_gap(limiter.zone().taint_gap(state(limiter), all_down, timing), now);
        }
    }

    /// All zones down looks like our own isolation: nobody is to be evicted for that.
    fn stop_everywhere(&mut self, api: &Api, requests: &mut Vec<Request>) {
        self.zones.iter_mut().for_each(ZoneLimiter::clear);
        for (id, node) in api.nodes().iter().enumerate().filter(|(_, node)| node.no_execute) {
            let no_schedule = node.no_schedule;
            requests.push(Request::SetNodeTaints { node: id.into(), no_schedule, no_execute: false });
        }
    }

    /// After the end of that, every silent node has a whole grace period again.
    fn give_grace_again(&mut self, now: Instant, model: &Model) {
        let fresh = self.pass(now + model.scenario().timing.node_monitor_grace_period, model);
        for (node, health) in self.nodes.iter_mut().enumerate() {
            if health.unknown_at != Instant::NEVER && health.unknown_at < fresh {
                health.unknown_at = fresh;
                self.regraced.push(NodeId::from(node));
            }
        }
    }

    /// The passes meanwhile have queued every node that is not ready.
    fn queue_again(&mut self, now: Instant, api: &Api) {
        self.zones.iter_mut().for_each(ZoneLimiter::clear);
        for (node, health) in self.nodes.iter().enumerate().map(|(id, health)| (NodeId::from(id), health)) {
            if health.found == Found::NotReady && !api.node(node).no_execute {
                self.zones[health.zone.index()].add(node, now);
            }
        }
    }
}

/// A node's silence has outlasted the grace period: its pods, if they were thought well until now, are not ready.
fn turn_unknown(node: NodeId, api: &Api, requests: &mut Vec<Request>) {
    requests.push(Request::SetNodeReady(node, NodeReady::Unknown));
    if api.node(node).ready == NodeReady::True {
        let not_ready =
            |pod: &_| Request::SetPodReady { pod: *pod, ready: false, by: ReadyBy::NodeController };
        requests.extend(api.node(node).pods.iter().map(not_ready));
    }
}
