//! Voluntary disruption wired up: budgets, drains and node upgrades, and who hears of what.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::disruption;
use crate::controllers::drain::Ended;
use crate::controllers::node_upgrades::Order;
use crate::controllers::scheduler::{Events, NodeTaints};
use crate::ids::{BudgetId, Cause, NodeId, OperationId, PodId};
use crate::observers::timeline::Watch;
use crate::spec::{Action, Drain, NodeUpgrade};
use crate::world::api::{Change, Deletion, NodeReady, Request};

impl<W: Watch> Sim<'_, W> {
    /// Budgets are seen by their controller, and machines that upgrades will bring are off.
    pub(super) fn begin_disruptions(&mut self) {
        self.wake_all_budgets();
        for (at, operation) in self.model.scenario().operations.iter().enumerate() {
            let Action::Upgrade(upgrade) = &operation.action else { continue };
            for node in &upgrade.nodes {
                let is_spare = self.model.scenario().cluster.nodes[node.index()].spare;
                if is_spare && self.physical.is_up(*node) {
                    self.switch_off(*node, at.into());
                    self.upgrades.is_off(*node, at.into());
                    self.requests.push(Request::DeleteNode(*node));
                }
            }
        }
    }

    /// Apart, for most scenarios have nothing of the kind ([`crate::Model::is_plain`]).
    #[inline(never)]
    pub(super) fn others_hear(&mut self, change: Change) {
        if self.model.is_autoscaled() {
            self.autoscalers_see(change);
            self.node_scaling_sees(change);
        }
        if self.model.is_disrupted() {
            self.hear_of_disruption(change);
        }
    }

    fn hear_of_disruption(&mut self, change: Change) {
        match change {
            Change::PodCreated(pod) | Change::PodReady(pod, ..) | Change::PodPhase(pod, _) => {
                self.wake_budgets_of(pod);
            }
            Change::PodBound(pod, _) => self.scheduler.nominate(pod, None),
            Change::PodDeleting(pod, why) => {
                self.scheduler.nominate(pod, None);
                self.wake_budgets_of(pod);
                if let Deletion::Eviction(by) | Deletion::Drain(by) = why {
                    self.physical.blame(pod, Cause::Operation(by));
                }
            }
            Change::PodRemoved(pod) => self.wake_budgets_of(pod),
            Change::NodeReady { node, is: NodeReady::True, .. } => {
                let mut orders = Vec::new();
                self.upgrades.ready(node, self.now, &mut self.requests, &mut orders);
                self.carry_out(orders);
            }
            Change::NodeUnschedulable(node) => {
                self.scheduler.set_taints(node, NodeTaints::of(self.api.node(node)));
                self.queue_event(Events::NODE_TAINTS);
            }
            Change::EvictionAnswered(pod, verdict) => {
                self.drains.answered(pod, verdict, self.now, self.model);
                self.timers.arm(Wake::Drains, self.drains.next());
            }
            Change::PodNominated(pod) => self.pod_nominated(pod),
            _ => {}
        }
    }

    pub(super) fn sync_budget(&mut self, budget: BudgetId) {
        let next = disruption::sync(budget, self.now, self.model, &self.api, &mut self.requests);
        self.timers.arm(Wake::Budget(budget), next);
    }

    fn wake_budgets_of(&mut self, pod: PodId) {
        for budget in self.model.budgets_of(self.api.pods_slot(pod).template) {
            self.wake_budget(*budget);
        }
    }

    /// Their controller has listed them: it begins, or a new leader does.
    pub(super) fn wake_all_budgets(&mut self) {
        for budget in (0..self.model.scenario().budgets.len()).map(BudgetId::from) {
            self.wake_budget(budget);
        }
    }

    fn wake_budget(&mut self, budget: BudgetId) {
        self.timers.arm_earlier(Wake::Budget(budget), self.now + self.controller_delay());
    }

    pub(super) fn begin_drain(&mut self, operation: OperationId, drain: Drain) {
        self.drains.begin(operation, drain, self.now, self.model, &mut self.requests);
        self.timers.arm(Wake::Drains, self.drains.next());
    }

    pub(super) fn work_on_drains(&mut self) {
        let ended = self.drains.work(self.now, self.model, &self.api, &mut self.requests);
        self.timers.arm(Wake::Drains, self.drains.next());
        for drain in ended {
            self.drain_ended(drain);
        }
    }

    fn drain_ended(&mut self, drain: Ended) {
        self.narrate_drained(drain);
        let mut orders = Vec::new();
        self.upgrades.drained(drain, self.now, &mut self.requests, &mut orders);
        self.carry_out(orders);
    }

    pub(super) fn begin_upgrade(&mut self, operation: OperationId, upgrade: &NodeUpgrade) {
        let mut orders = Vec::new();
        self.upgrades.begin(operation, upgrade, self.now, &self.api, &mut orders);
        self.carry_out(orders);
    }

    pub(super) fn work_on_upgrades(&mut self) {
        let mut orders = Vec::new();
        self.upgrades.work(self.now, &mut orders);
        self.carry_out(orders);
    }

    fn carry_out(&mut self, orders: Vec<Order>) {
        for order in orders {
            self.narrate_order(order);
            match order {
                Order::PowerOff { node, by, .. } => self.switch_off(node, by),
                Order::PowerOn { node, off_by, is_new } => self.switch_on(node, off_by, is_new),
                Order::Drain(operation, drain) => self.begin_drain(operation, drain),
                Order::End(_) => {}
            }
        }
        self.timers.arm(Wake::Upgrades, self.upgrades.next());
    }

    fn switch_off(&mut self, node: NodeId, by: OperationId) {
        self.physical.crash(node, Cause::Operation(by), &mut self.physical_changes);
    }

    fn switch_on(&mut self, node: NodeId, off_by: OperationId, is_new: bool) {
        if is_new {
            self.forget_disk(node);
        }
        self.physical.restore(node, Cause::Operation(off_by), &mut self.physical_changes);
    }
}
