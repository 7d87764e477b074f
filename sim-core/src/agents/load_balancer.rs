//! A cloud load balancer in front of all nodes: it checks each node, and sends to nodes whose checks succeed. Checks
//! are computed, not simulated.
//!
//! What a check asks for is up to [`load_balancers`](super::load_balancers): the node's kube-proxy alone, or a ready
//! endpoint there as well. Upstream: the health check settings of the providers. If no node is in rotation it sends to
//! all of them.

use std::collections::VecDeque;

use crate::ids::NodeId;
use crate::model::Model;
use crate::rng::{EntityKey, Luck, Purpose};
use crate::spec::Timing;
use crate::time::{Instant, Span};

/// The load balancer's view of each node, and the truth beside it.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    used: bool,
    targets: Vec<Target>,
    in_rotation: u32,
    forwarding: u32,
    forwarding_in_rotation: u32,
}

#[derive(Clone, Debug)]
struct Target {
    phase: Span,
    /// The node's object exists.
    listed: bool,
    in_rotation: bool,
    /// The node's kube-proxy runs, or when it will again.
    is_up: bool,
    up_at: Instant,
    /// The node has what checks ask for besides.
    has_endpoint: bool,
    /// Checks succeed, which is both: since when they do, or do not.
    forwards: bool,
    since: Instant,
    /// What the last checks found, and how many in a row, up to `since`.
    found: bool,
    in_a_row: u64,
    /// What the load balancer thinks, and the check at which it changes its mind.
    healthy: bool,
    decides_at: Instant,
    /// Decisions on their way to the front ends.
    pending: VecDeque<(Instant, bool)>,
}

impl LoadBalancer {
    /// It checks for kube-proxies, and every node is in rotation. Where it is not used, it never does anything.
    pub fn new(model: &Model, luck: &Luck, used: bool) -> LoadBalancer {
        LoadBalancer::in_state(true, used, model, |node| {
            luck.draw(Purpose::HealthCheckPhase, model.node_key(node), 0).unit()
        })
    }

    /// It checks for endpoints of one service: there are none yet, and no node is in rotation.
    pub fn of_endpoints(model: &Model, luck: &Luck, service: EntityKey) -> LoadBalancer {
        LoadBalancer::in_state(false, true, model, |node| {
            luck.draw(Purpose::HealthCheckPhase, model.node_key(node).with(service), 0).unit()
        })
    }

    fn in_state(passing: bool, used: bool, model: &Model, phase: impl Fn(NodeId) -> f64) -> LoadBalancer {
        let nodes = model.scenario().cluster.nodes.len();
        let interval = model.scenario().timing.lb_interval;
        let target = |node| Target::new(interval.part(phase(NodeId::from(node))), passing);
        let in_rotation = if passing { nodes as u32 } else { 0 };
        LoadBalancer {
            used,
            targets: (0..nodes).map(target).collect(),
            in_rotation,
            forwarding: in_rotation,
            forwarding_in_rotation: in_rotation,
        }
    }

    /// Share of what it sends that arrives at a node that forwards, in [0, 1].
    pub fn share_forwarded(&self) -> f64 {
        match (self.in_rotation, self.targets.len()) {
            (_, 0) => 0.0,
            (0, all) => f64::from(self.forwarding) / all as f64,
            (targets, _) => f64::from(self.forwarding_in_rotation) / f64::from(targets),
        }
    }

    /// Share of what it sends that it sends to one node, in [0, 1].
    pub fn share_to(&self, node: NodeId) -> f64 {
        match self.in_rotation {
            0 => 1.0 / self.targets.len() as f64,
            targets if self.targets[node.index()].in_rotation => 1.0 / f64::from(targets),
            _ => 0.0,
        }
    }

    /// Whether the node's kube-proxy runs.
    pub fn is_up(&self, node: NodeId) -> bool {
        self.targets[node.index()].is_up
    }

    /// The node has a ready endpoint from now on, or has none.
    pub fn set_endpoint(&mut self, node: NodeId, has_endpoint: bool, model: &Model, now: Instant) {
        let target = &mut self.targets[node.index()];
        target.has_endpoint = has_endpoint;
        let forwards = target.is_up && has_endpoint;
        self.set_forwards(node, forwards, now, &model.scenario().timing);
    }

    /// A machine lost power: checks begin to fail.
    pub fn node_down(&mut self, node: NodeId, model: &Model, now: Instant) {
        let target = &mut self.targets[node.index()];
        (target.is_up, target.up_at) = (false, Instant::NEVER);
        self.set_forwards(node, false, now, &model.scenario().timing);
    }

    /// The node's kube-proxy will forward again from `at` on.
    pub fn node_up(&mut self, node: NodeId, at: Instant) {
        self.targets[node.index()].up_at = at;
    }

    /// The node's object is gone: it is taken out at once, and its checks with it.
    pub fn remove(&mut self, node: NodeId) {
        let target = &mut self.targets[node.index()];
        (target.listed, target.healthy) = (false, false);
        target.decides_at = Instant::NEVER;
        target.pending.clear();
        if target.in_rotation {
            self.set_rotation(node, false);
        }
    }

    /// The node's object is there again: it has to pass its checks first.
    pub fn add(&mut self, node: NodeId, model: &Model, now: Instant) {
        let target = &mut self.targets[node.index()];
        (target.listed, target.since, target.in_a_row) = (true, now, 0);
        target.plan(now, &model.scenario().timing);
    }

    /// When something about the node changes next; never if no service uses the load balancer.
    pub fn next_wake(&self, node: NodeId) -> Instant {
        let target = &self.targets[node.index()];
        let arrives = target.pending.front().map_or(Instant::NEVER, |(at, _)| *at);
        if self.used { target.up_at.min(target.decides_at).min(arrives) } else { Instant::NEVER }
    }

    /// Carries out what is due. Returns whether the node's place in rotation changed.
    pub fn wake(&mut self, node: NodeId, model: &Model, now: Instant) -> Option<bool> {
        let timing = &model.scenario().timing;
        let target = &mut self.targets[node.index()];
        if target.up_at <= now {
            (target.is_up, target.up_at) = (true, Instant::NEVER);
            let forwards = target.has_endpoint;
            self.set_forwards(node, forwards, now, timing);
        }
        let target = &mut self.targets[node.index()];
        if target.decides_at <= now {
            target.decide(timing);
        }
        let (_, joins) = *target.pending.front().filter(|(at, _)| *at <= now)?;
        target.pending.pop_front();
        self.set_rotation(node, joins);
        Some(joins)
    }

    fn set_forwards(&mut self, node: NodeId, forwards: bool, now: Instant, timing: &Timing) {
        let target = &mut self.targets[node.index()];
        if target.forwards == forwards {
            return;
        }
        target.turn(forwards, now, timing);
        let step = |count: &mut u32| *count = if forwards { *count + 1 } else { *count - 1 };
        step(&mut self.forwarding);
        if target.in_rotation {
            step(&mut self.forwarding_in_rotation);
        }
    }

    fn set_rotation(&mut self, node: NodeId, joins: bool) {
        let target = &mut self.targets[node.index()];
        target.in_rotation = joins;
        let forwards = u32::from(target.forwards);
        if joins {
            self.in_rotation += 1;
            self.forwarding_in_rotation += forwards;
        } else {
            self.in_rotation -= 1;
            self.forwarding_in_rotation -= forwards;
        }
    }
}

impl Target {
    /// A node that is up; its checks have always succeeded or always failed.
    fn new(phase: Span, passing: bool) -> Target {
        Target {
            phase,
            listed: true,
            in_rotation: passing,
            is_up: true,
            up_at: Instant::NEVER,
            has_endpoint: passing,
            forwards: passing,
            since: Instant::ZERO,
            found: passing,
            in_a_row: 0,
            healthy: passing,
            decides_at: Instant::NEVER,
            pending: VecDeque::with_capacity(2),
        }
    }

    /// Checks find something else from now on: when that changes the load balancer's mind.
    fn turn(&mut self, forwards: bool, now: Instant, timing: &Timing) {
        let checks = (self.check(now, timing) - self.check(self.since, timing)).0 / timing.lb_interval.0;
        if checks > 0 {
            let before = if self.found == self.forwards { self.in_a_row } else { 0 };
            (self.found, self.in_a_row) = (self.forwards, before + checks);
        }
        (self.forwards, self.since) = (forwards, now);
        self.plan(now, timing);
    }

    /// At which check from now on its mind changes.
    fn plan(&mut self, now: Instant, timing: &Timing) {
        let forwards = self.forwards;
        let threshold = if forwards { timing.lb_healthy_threshold } else { timing.lb_unhealthy_threshold };
        let counted = if self.found == forwards { self.in_a_row } else { 0 };
        let lacking = u64::from(threshold).saturating_sub(counted + 1);
        let decides = self.listed && forwards != self.healthy;
        let at = self.check(now, timing) + timing.lb_interval * lacking;
        self.decides_at = if decides { at } else { Instant::NEVER };
    }

    /// The check that is due is the last straw; one that fails is known to when it has timed out.
    fn decide(&mut self, timing: &Timing) {
        let check = std::mem::replace(&mut self.decides_at, Instant::NEVER);
        self.healthy = self.forwards;
        let known = if self.healthy { check } else { check + timing.lb_timeout };
        self.pending.push_back((known + timing.lb_propagation, self.healthy));
    }

    /// The first check at or after `at`.
    fn check(&self, at: Instant, timing: &Timing) -> Instant {
        (Instant::ZERO + self.phase).next_tick(timing.lb_interval, at)
    }
}
