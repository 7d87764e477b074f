//! What is done for a node when its timers fire: kubelet, node controller, load balancer.

use super::sim::Sim;
use super::timers::Wake;
use super::wakes::desk;
use crate::ids::{NodeId, PodId};
use crate::observers::timeline::Watch;
use crate::world::api::{NodeReady, Request};

impl<W: Watch> Sim<'_, W> {
    /// A kubelet is back: first it reports what is left, then, with the network up, that its node is ready.
    pub(super) fn boot(&mut self, node: NodeId) {
        if self.kubelets.back(node) {
            self.resume(node);
        } else if !self.leases.runs(node) {
            self.leases.start(node, self.now);
            self.requests.push(Request::RegisterNode(node));
            self.requests.push(Request::SetNodeReady(node, NodeReady::False));
            self.boot_pods(node);
            self.report(node);
            self.release_volumes(node);
            let network_up = self.now + self.model.scenario().timing.node_ready;
            self.timers.arm(Wake::Boot(node), network_up);
        } else {
            self.requests.push(Request::SetNodeReady(node, NodeReady::True));
        }
        self.node_lifecycle.reports(node, self.now, self.model);
        self.arm_health(node);
    }

    /// A kubelet whose containers ran on is back: its network is up, and its first report says that it is ready.
    fn resume(&mut self, node: NodeId) {
        self.leases.start(node, self.now);
        self.requests.push(Request::RegisterNode(node));
        self.requests.push(Request::SetNodeReady(node, NodeReady::True));
        self.for_pods_on(node, |sim, pod| sim.kubelets.resume(pod, &mut desk!(sim)));
        self.report(node);
        self.release_volumes(node);
    }

    fn boot_pods(&mut self, node: NodeId) {
        self.for_pods_on(node, |sim, pod| sim.kubelets.boot(pod, &mut desk!(sim)));
    }

    fn for_pods_on(&mut self, node: NodeId, mut look: impl FnMut(&mut Self, PodId)) {
        let mut at = 0;
        while let Some(pod) = self.physical.pods_on(node).get(at).copied() {
            look(self, pod);
            self.arm_worker(pod);
            // Where a pod was cleared away, the next one is in its place.
            at += usize::from(self.physical.pods_on(node).get(at) == Some(&pod));
        }
    }

    /// The node controller's pass comes to a node; when it is through with all of them, it looks at the zones.
    pub(super) fn examine(&mut self, node: NodeId) {
        self.node_lifecycle.examine(node, self.now, &self.api, &mut self.requests);
        self.arm_health(node);
        self.timers.arm(Wake::Tainting, self.now);
    }

    pub(super) fn arm_health(&mut self, node: NodeId) {
        // A look that nobody could take while the control plane was away is overdue.
        self.timers.arm(Wake::Health(node), self.node_lifecycle.next_look(node).max(self.now));
    }

    pub(super) fn wake_balancer(&mut self, node: NodeId) {
        let mut changes = std::mem::take(&mut self.rotations);
        self.balancers.wake(node, self.model, self.now, |service, joins| changes.push((service, joins)));
        for (service, joins) in changes.drain(..) {
            self.narrate_rotation(node, service, joins);
        }
        self.rotations = changes;
        self.arm_balancer(node);
    }

    pub(super) fn arm_balancer(&mut self, node: NodeId) {
        self.timers.arm(Wake::Balancer(node), self.balancers.next_wake(node));
        self.traffic.set_share_forwarded(self.balancers.shared().share_forwarded());
        self.mark_balanced_services();
    }

    pub(super) fn taint(&mut self) {
        self.node_lifecycle.taint(self.now, self.model, &self.api, &mut self.requests);
        while let Some(node) = self.node_lifecycle.take_regraced() {
            self.arm_health(node);
        }
        self.timers.arm(Wake::Token, self.node_lifecycle.next_taint(self.now));
    }
}
