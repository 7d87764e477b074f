//! Upgrades of node pools, as managed services make them: each lane takes one node after the other.
//!
//! In place a node is drained, rebooted and uncordoned. By surge a new node comes first; then an old one is drained and
//! its machine deleted, whose place in the pool is free for the next new one.

use crate::controllers::drain::{End, Ended};
use crate::ids::{NodeId, OperationId};
use crate::spec::{AfterTimeout, Drain, NodeUpgrade, Renewal};
use crate::time::Instant;
use crate::world::api::{Api, Request};

/// Upgrades under way, and who switched off which machine.
#[derive(Clone, Debug, Default)]
pub struct NodeUpgrades {
    active: Vec<Upgrade>,
    off: Vec<(NodeId, OperationId)>,
}

/// What an upgrade wants from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The machine is switched off.
    PowerOff {
        /// Which.
        node: NodeId,
        /// By which operation.
        by: OperationId,
        /// Whether it will not come back.
        is_last: bool,
    },
    /// The machine is switched on that this operation switched off.
    PowerOn {
        /// Which.
        node: NodeId,
        /// Which operation switched it off.
        off_by: OperationId,
        /// Whether it is a new one, with empty disks.
        is_new: bool,
    },
    /// The node is drained.
    Drain(OperationId, Drain),
    /// All nodes are upgraded, or the upgrade was given up.
    End(OperationId),
}

#[derive(Clone, Debug)]
struct Upgrade {
    operation: OperationId,
    spec: NodeUpgrade,
    /// Old nodes that are still to come, the last one first.
    waiting: Vec<NodeId>,
    lanes: Vec<Lane>,
}

/// One node at a time.
#[derive(Clone, Copy, Debug)]
struct Lane {
    /// A free place in the pool, where the new node comes before the old one goes; none in lanes that go without.
    free: Option<NodeId>,
    /// The old node.
    old: NodeId,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The machine is away until then.
    Away(NodeId, Instant),
    /// The machine is on, and its node not Ready yet.
    Joining(NodeId),
    /// The old node is drained.
    Draining(NodeId),
    /// No node is left to do.
    Idle,
}

impl NodeUpgrades {
    /// The machine is off from the start on, until this operation or a later one needs it.
    pub fn is_off(&mut self, node: NodeId, by: OperationId) {
        self.off.push((node, by));
    }

    /// An upgrade begins.
    pub fn begin(
        &mut self,
        operation: OperationId,
        spec: &NodeUpgrade,
        now: Instant,
        api: &Api,
        orders: &mut Vec<Order>,
    ) {
        let exists = |node: &&NodeId| api.node(**node).exists;
        let mut waiting: Vec<NodeId> = spec.nodes.iter().filter(exists).copied().collect();
        waiting.reverse();
        let is_off = |node: &NodeId| self.off.iter().any(|(off, _)| off == node);
        let is_free = |node: &&NodeId| !exists(node) && is_off(node);
        let places = spec.nodes.iter().filter(is_free).copied().map(Some);
        let comes_first = matches!(spec.how, Renewal::Replace(_));
        let surge = places.take(if comes_first { spec.max_surge as usize } else { 0 });
        let without = std::iter::repeat_n(None, spec.max_unavailable as usize);
        let lane = |free| Lane { free, old: NodeId(0), step: Step::Idle };
        let mut lanes: Vec<Lane> = surge.chain(without).map(lane).collect();
        if lanes.is_empty() {
            lanes.push(lane(None));
        }
        let mut upgrade = Upgrade { operation, spec: spec.clone(), waiting, lanes };
        for lane in 0..upgrade.lanes.len() {
            upgrade.take_next(lane, now, orders);
        }
        self.active.push(upgrade);
        self.forget_finished(orders);
    }

    /// Machines whose time has come are switched on.
    pub fn work(&mut self, now: Instant, orders: &mut Vec<Order>) {
        for upgrade in &mut self.active {
            let is_new = matches!(upgrade.spec.how, Renewal::Replace(_));
            for lane in &mut upgrade.lanes {
                let Step::Away(node, until) = lane.step else { continue };
                if until <= now {
                    let at = self.off.iter().position(|(off, _)| *off == node);
                    let (_, off_by) = self.off.remove(at.expect("a machine that is away is off"));
                    orders.push(Order::PowerOn { node, off_by, is_new });
                    lane.step = Step::Joining(node);
                }
            }
        }
    }

    /// A node is Ready.
    pub fn ready(
        &mut self,
        node: NodeId,
        now: Instant,
        requests: &mut Vec<Request>,
        orders: &mut Vec<Order>,
    ) {
        for upgrade in &mut self.active {
            let joining = upgrade.lanes.iter().position(|lane| lane.step == Step::Joining(node));
            if let Some(lane) = joining {
                upgrade.joined(lane, node, now, requests, orders);
            }
        }
        self.forget_finished(orders);
    }

    /// A drain has ended.
    pub fn drained(
        &mut self,
        ended: Ended,
        now: Instant,
        requests: &mut Vec<Request>,
        orders: &mut Vec<Order>,
    ) {
        for upgrade in self.active.iter_mut().filter(|upgrade| upgrade.operation == ended.operation) {
            let draining = upgrade.lanes.iter().position(|lane| lane.step == Step::Draining(ended.node));
            let Some(lane) = draining else { continue };
            if ended.end == End::Drained || upgrade.spec.after_timeout == AfterTimeout::Force {
                self.off.push((ended.node, ended.operation));
                upgrade.renew(lane, ended.node, now, requests, orders);
            } else {
                upgrade.waiting.clear();
                upgrade.lanes[lane].step = Step::Idle;
            }
        }
        self.forget_finished(orders);
    }

    /// Whether it was an upgrade that switched a machine on, whose node is yet to be Ready.
    pub fn awaits(&self, node: NodeId) -> bool {
        let mut lanes = self.active.iter().flat_map(|upgrade| &upgrade.lanes);
        lanes.any(|lane| lane.step == Step::Joining(node))
    }

    /// When something is due.
    pub fn next(&self) -> Instant {
        let lanes = self.active.iter().flat_map(|upgrade| &upgrade.lanes);
        let away =
            lanes.map(|lane| if let Step::Away(_, until) = lane.step { until } else { Instant::NEVER });
        away.min().unwrap_or(Instant::NEVER)
    }

    fn forget_finished(&mut self, orders: &mut Vec<Order>) {
        self.active.retain(|upgrade| {
            let finished = upgrade.lanes.iter().all(|lane| lane.step == Step::Idle);
            if finished {
                orders.push(Order::End(upgrade.operation));
            }
            !finished
        });
    }
}

impl Upgrade {
    /// The lane turns to the next old node: a new one comes first, if the lane has a place for it.
    fn take_next(&mut self, lane: usize, now: Instant, orders: &mut Vec<Order>) {
        let Some(old) = self.waiting.pop() else {
            self.lanes[lane].step = Step::Idle;
            return;
        };
        self.lanes[lane].old = old;
        let (Renewal::Reboot(takes) | Renewal::Replace(takes)) = self.spec.how;
        match self.lanes[lane].free {
            Some(place) => self.lanes[lane].step = Step::Away(place, now + takes),
            None => self.drain(lane, orders),
        }
    }

    fn drain(&mut self, lane: usize, orders: &mut Vec<Order>) {
        let node = self.lanes[lane].old;
        let timeout = self.spec.drain_timeout;
        let drain = Drain { node, timeout, force: true, disable_eviction: false };
        orders.push(Order::Drain(self.operation, drain));
        self.lanes[lane].step = Step::Draining(node);
    }

    fn joined(
        &mut self,
        lane: usize,
        node: NodeId,
        now: Instant,
        requests: &mut Vec<Request>,
        orders: &mut Vec<Order>,
    ) {
        if self.lanes[lane].free == Some(node) {
            return self.drain(lane, orders);
        }
        requests.push(Request::SetUnschedulable(node, false));
        self.take_next(lane, now, orders);
    }

    /// The drained machine goes, and comes back rebooted or as a new one; where a new one has come already, the place
    /// is free for the next.
    fn renew(
        &mut self,
        lane: usize,
        node: NodeId,
        now: Instant,
        requests: &mut Vec<Request>,
        orders: &mut Vec<Order>,
    ) {
        let (Renewal::Reboot(takes) | Renewal::Replace(takes)) = self.spec.how;
        let is_last = matches!(self.spec.how, Renewal::Replace(_));
        orders.push(Order::PowerOff { node, by: self.operation, is_last });
        if is_last {
            requests.push(Request::DeleteNode(node));
        }
        if self.lanes[lane].free.is_some() {
            self.lanes[lane].free = Some(node);
            return self.take_next(lane, now, orders);
        }
        self.lanes[lane].step = Step::Away(node, now + takes);
    }
}
