//! Who notices what happens to machines and processes.

use super::sim::Sim;
use super::timers::Wake;
use super::wakes::desk;
use crate::ids::{NodeId, PodId};
use crate::observers::timeline::Watch;
use crate::time::Instant;
use crate::world::physical::{Answer, PhysicalChange};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn physical_changed(&mut self, change: PhysicalChange) {
        self.narrate_physical(change);
        if self.model.is_autoscaled() {
            self.metrics_see(change);
        }
        match change {
            PhysicalChange::MachineDown(node) | PhysicalChange::MachineWithdrawn(node) => {
                self.machine_down(node)
            }
            PhysicalChange::MachineUp(node) | PhysicalChange::MachineProvided(node) => self.machine_up(node),
            PhysicalChange::Answers(pod) => self.answers(pod),
            PhysicalChange::Started(pod, container) => {
                if let Some(victim) = self.victim(pod) {
                    self.container_faults.started(victim, container, &self.moment());
                    self.arm_fate(pod);
                }
            }
            PhysicalChange::Stopped(pod, container) => {
                self.container_faults.ended(pod, container);
                self.arm_fate(pod);
            }
            PhysicalChange::Exited(pod, container) => {
                self.container_faults.ended(pod, container);
                self.arm_fate(pod);
                self.kubelets.exited(pod, container, &mut desk!(self));
                self.arm_worker(pod);
            }
            PhysicalChange::Hung(pod, container) => {
                self.kubelets.hung(pod, container, self.now);
                self.arm_worker(pod);
            }
            PhysicalChange::Unhung(pod, container) => {
                self.kubelets.unhung(pod, container, &desk!(self));
                self.arm_worker(pod);
            }
            PhysicalChange::KubeletDown(node) => self.kubelet_down(node),
            PhysicalChange::KubeletUp(node) => self.arm_boot(node),
            PhysicalChange::Registry(_) | PhysicalChange::News(..) => {}
            PhysicalChange::Cleared(pod) => {
                self.timers.arm(Wake::Fate(pod.slot), Instant::NEVER);
                if self.api.pod(pod).is_none() {
                    self.api.recycle(pod);
                }
            }
        }
    }

    fn machine_down(&mut self, node: NodeId) {
        self.cluster_meter.change(self.now, |counts| counts.machines_up -= 1);
        self.kubelets.power_lost(node, &self.physical);
        self.cut_shutdown_short(node);
        for pod in self.physical.pods_on(node) {
            self.container_faults.power_lost(*pod);
            self.timers.arm(Wake::Worker(pod.slot), Instant::NEVER);
            self.timers.arm(Wake::Fate(pod.slot), Instant::NEVER);
        }
        self.silence(node);
        self.balancers.node_down(node, self.model, self.now);
        for service in self.model.balanced_services() {
            self.causes[service.index()] = self.physical.down_by(node);
        }
        self.mark_routed_services();
        self.arm_balancer(node);
    }

    /// Nobody renews the node's lease any more.
    fn silence(&mut self, node: NodeId) {
        self.timers.arm(Wake::Boot(node), Instant::NEVER);
        self.forget_status(node);
        if let Some(last_renewal) = self.leases.stop(node, self.now) {
            let last_renewal = self.heard(last_renewal);
            self.node_lifecycle.silent(node, last_renewal, self.now, self.model);
            self.arm_health(node);
        }
    }

    /// The containers run on; nobody looks after them.
    fn kubelet_down(&mut self, node: NodeId) {
        // One that was still booting will boot.
        if self.leases.runs(node) {
            self.kubelets.gone(node);
        }
        for at in 0..self.physical.pods_on(node).len() {
            self.arm_worker(self.physical.pods_on(node)[at]);
        }
        self.silence(node);
        self.cut_shutdown_short(node);
    }

    fn arm_boot(&mut self, node: NodeId) {
        if self.physical.runs_kubelet(node) {
            self.timers.arm(Wake::Boot(node), self.now + self.model.scenario().timing.kubelet_start);
        }
    }

    fn machine_up(&mut self, node: NodeId) {
        self.cluster_meter.change(self.now, |counts| counts.machines_up += 1);
        let timing = &self.model.scenario().timing;
        let kubelet_up = self.now + timing.kubelet_start;
        self.arm_boot(node);
        // kube-proxy is on the host's network: it need not wait for the pod network.
        self.balancers.node_up(node, kubelet_up + timing.container_start);
        self.mark_routed_services();
        self.arm_balancer(node);
    }

    /// A pod begins or ceases to answer: its services' flows change where proxies send to it.
    fn answers(&mut self, pod: PodId) {
        let answer = self.physical.answer(pod);
        let template = self.kubelets.last_template(pod);
        for service in self.model.services_of(template) {
            if self.traffic.answers(*service, pod, answer) {
                if answer != Answer::Serving {
                    self.causes[service.index()] = self.physical.cause(pod).or(self.causes[service.index()]);
                }
                self.unread.mark(*service);
            }
        }
    }

    fn arm_fate(&mut self, pod: PodId) {
        self.timers.arm(Wake::Fate(pod.slot), self.container_faults.next(pod));
    }
}
