//! A cloud load balancer in front of all nodes: it checks each node's kube-proxy, and sends to nodes whose
//! checks succeed. Checks are computed, not simulated.
//!
//! `externalTrafficPolicy: Cluster`: any node forwards to any pod. Upstream: KEP-3836, and the health check
//! settings of the providers. If no node is in rotation it sends to all of them.

use crate::ids::NodeId;
use crate::model::Model;
use crate::rng::{Luck, Purpose};
use crate::spec::{Exposure, Timing};
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

#[derive(Clone, Copy, Debug)]
struct Target {
    phase: Span,
    /// The node's object exists.
    listed: bool,
    in_rotation: bool,
    /// The node really forwards what it is sent.
    forwards: bool,
    forwards_at: Instant,
    joins_at: Instant,
    leaves_at: Instant,
}

impl LoadBalancer {
    /// Every node is in rotation. Without a service that uses it, it never does anything.
    pub fn new(model: &Model, luck: &Luck) -> LoadBalancer {
        let nodes = model.scenario().cluster.nodes.len();
        let interval = model.scenario().timing.lb_interval;
        let target = |node| Target {
            phase: interval
                .part(luck.draw(Purpose::HealthCheckPhase, model.node_key(NodeId::from(node)), 0).unit()),
            listed: true,
            in_rotation: true,
            forwards: true,
            forwards_at: Instant::NEVER,
            joins_at: Instant::NEVER,
            leaves_at: Instant::NEVER,
        };
        let all = nodes as u32;
        LoadBalancer {
            used: model.scenario().services.iter().any(|s| s.exposure == Exposure::LoadBalancer),
            targets: (0..nodes).map(target).collect(),
            in_rotation: all,
            forwarding: all,
            forwarding_in_rotation: all,
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

    /// A machine lost power: checks begin to fail.
    pub fn node_down(&mut self, node: NodeId, model: &Model, now: Instant) {
        let timing = &model.scenario().timing;
        self.set_forwards(node, false);
        let target = &mut self.targets[node.index()];
        target.forwards_at = Instant::NEVER;
        target.joins_at = Instant::NEVER;
        if target.in_rotation && target.leaves_at == Instant::NEVER {
            let failures = timing.lb_interval * u64::from(timing.lb_unhealthy_threshold - 1);
            target.leaves_at =
                target.check(now, timing) + failures + timing.lb_timeout + timing.lb_propagation;
        }
    }

    /// The node's kube-proxy will forward again from `at` on.
    pub fn node_up(&mut self, node: NodeId, model: &Model, at: Instant) {
        let timing = &model.scenario().timing;
        let target = &mut self.targets[node.index()];
        target.forwards_at = at;
        // The check that would have been the last straw comes after the recovery: it succeeds.
        if target.leaves_at != Instant::NEVER
            && target.leaves_at >= at + timing.lb_timeout + timing.lb_propagation
        {
            target.leaves_at = Instant::NEVER;
        }
        if target.listed && (!target.in_rotation || target.leaves_at != Instant::NEVER) {
            target.joins_at = target.admission(at, timing);
        }
    }

    /// The node's object is gone: it is taken out at once, and its checks with it.
    pub fn remove(&mut self, node: NodeId) {
        let target = &mut self.targets[node.index()];
        target.joins_at = Instant::NEVER;
        target.leaves_at = Instant::NEVER;
        target.listed = false;
        if target.in_rotation {
            self.set_rotation(node, false);
        }
    }

    /// The node's object is there again: it has to pass its checks first.
    pub fn add(&mut self, node: NodeId, model: &Model, now: Instant) {
        let timing = &model.scenario().timing;
        let target = &mut self.targets[node.index()];
        target.listed = true;
        let forwards_from = if target.forwards { now } else { target.forwards_at };
        target.joins_at = target.admission(forwards_from, timing);
    }

    /// When something about the node changes next; never if no service uses the load balancer.
    pub fn next_wake(&self, node: NodeId) -> Instant {
        let target = &self.targets[node.index()];
        if self.used { target.forwards_at.min(target.joins_at).min(target.leaves_at) } else { Instant::NEVER }
    }

    /// Carries out what is due. Returns whether the node's place in rotation changed.
    pub fn wake(&mut self, node: NodeId, now: Instant) -> Option<bool> {
        let mut target = self.targets[node.index()];
        let due = |at: &mut Instant| *at <= now && std::mem::replace(at, Instant::NEVER) <= now;
        let forwards = due(&mut target.forwards_at);
        let leaves = due(&mut target.leaves_at);
        let joins = due(&mut target.joins_at);
        self.targets[node.index()] = target;
        if forwards {
            self.set_forwards(node, true);
        }
        let changes = (leaves || joins) && joins != target.in_rotation;
        if changes {
            self.set_rotation(node, joins);
        }
        changes.then_some(joins)
    }

    fn set_forwards(&mut self, node: NodeId, forwards: bool) {
        let target = &mut self.targets[node.index()];
        let before = std::mem::replace(&mut target.forwards, forwards);
        let step = |count: &mut u32| *count = *count + u32::from(forwards) - u32::from(before);
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
    /// When a node that forwards from `at` on has passed its checks.
    fn admission(&self, at: Instant, timing: &Timing) -> Instant {
        if at == Instant::NEVER {
            return at;
        }
        let successes = timing.lb_interval * u64::from(timing.lb_healthy_threshold - 1);
        self.check(at, timing) + successes + timing.lb_propagation
    }

    /// The first check at or after `at`.
    fn check(&self, at: Instant, timing: &Timing) -> Instant {
        (Instant::ZERO + self.phase).next_tick(timing.lb_interval, at)
    }
}
