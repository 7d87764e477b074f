//! Machines that a fault strikes or lets go of, and reboots of which a kubelet is told before: it ends its pods first.

use super::sim::Sim;
use super::timers::Wake;
use super::wakes::desk;
use crate::agents::node_shutdown::{Next, Shutdown, Wave};
use crate::ids::{FaultId, NodeId, PodId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::FaultKind;
use crate::time::{Instant, Span};
use crate::world::api::{NodeReady, Request};

impl<W: Watch> Sim<'_, W> {
    /// A machine goes down: at once, or when its kubelet lets it.
    pub(super) fn strike_machine(&mut self, node: NodeId, fault: FaultId) {
        if self.will_hold_up(node, fault) {
            return self.announce_shutdown(node, fault);
        }
        self.physical.crash(node, fault.into(), &mut self.physical_changes);
    }

    /// The repair of a machine is over; that of one that went down later ends later.
    pub(super) fn heal_machine(&mut self, node: NodeId, fault: FaultId) {
        if self.shutdowns.put_off_repair(node, fault, self.now) {
            return self.work_on_shutdowns();
        }
        self.physical.restore(node, fault.into(), &mut self.physical_changes);
    }

    /// Reboots are announced, and to kubelets that run and are to delay them. A second order finds the first one under way,
    /// and is not delayed.
    fn will_hold_up(&self, node: NodeId, fault: FaultId) -> bool {
        self.model.scenario().timing.shutdown_grace_period > Span::ZERO
            && matches!(self.model.fault(fault).kind, FaultKind::MachineReboot(_))
            && self.physical.runs_kubelet(node)
            && self.leases.runs(node)
            && !self.shutdowns.hold_up(node)
    }

    /// The kubelet says at once that its node is not ready, takes no more pods, and begins to end those that it has.
    fn announce_shutdown(&mut self, node: NodeId, fault: FaultId) {
        let by = self.cause_name(Some(fault.into()));
        self.tell(Actor::Fault, |sim| format!("machine {} is told to reboot ({by})", sim.node_name(node)));
        self.timers.arm(Wake::Boot(node), Instant::NEVER);
        self.requests.push(Request::SetNodeReady(node, NodeReady::False));
        self.node_lifecycle.reports(node, self.now, self.model);
        self.arm_health(node);
        self.kubelets.begin_shutdown(node);
        self.shutdowns.0.push(Shutdown::ordered(node, fault, self.now));
        self.work_on_shutdowns();
    }

    pub(super) fn work_on_shutdowns(&mut self) {
        for at in 0..self.shutdowns.0.len() {
            self.go_on_with_shutdown(at);
        }
        self.shutdowns.forget_finished();
        self.timers.arm(Wake::Shutdowns, self.shutdowns.next());
    }

    fn go_on_with_shutdown(&mut self, at: usize) {
        let kubelets = &self.kubelets;
        let shutdown = &mut self.shutdowns.0[at];
        let (node, fault) = (shutdown.node, shutdown.fault);
        match shutdown.take_next(self.now, |pod| kubelets.has_ended(pod)) {
            Next::Wait => return,
            Next::End(wave) => self.begin_wave(at, wave),
            Next::PowerOff => self.physical.crash(node, fault.into(), &mut self.physical_changes),
            Next::PowerOn => self.physical.restore(node, fault.into(), &mut self.physical_changes),
        }
        self.go_on_with_shutdown(at);
    }

    /// A pod has its own grace period, if that is shorter than its wave's.
    fn begin_wave(&mut self, at: usize, wave: Wave) {
        let (node, fault) = (self.shutdowns.0[at].node, self.shutdowns.0[at].fault);
        let period = wave.period(&self.model.scenario().timing);
        let is_concerned = |pod: &PodId| {
            let lives = self.api.pod(*pod).is_some_and(|object| !object.is_terminal());
            let priority = self.model.template(self.kubelets.last_template(*pod)).priority;
            lives && Wave::of(priority) == wave && !self.kubelets.has_ended(*pod)
        };
        let pods: Vec<PodId> = self.physical.pods_on(node).iter().copied().filter(is_concerned).collect();
        for pod in &pods {
            self.end_for_shutdown(*pod, period, fault);
        }
        self.shutdowns.0[at].begin(wave, self.now + period, pods);
    }

    fn end_for_shutdown(&mut self, pod: PodId, period: Span, fault: FaultId) {
        let grace = self.model.template(self.kubelets.last_template(pod)).termination_grace.min(period);
        self.physical.blame(pod, fault.into());
        if self.kubelets.fail(pod, self.now + grace, &mut desk!(self)) {
            self.arm_worker(pod);
            self.losses[self.api.pods_slot(pod).workload.index()] = Some(fault.into());
            self.tell(Actor::Kubelet, |sim| format!("ends pod {}: its node shuts down", sim.pod_name(pod)));
        }
    }

    /// A pod's worker has done something: a wave may have waited for that.
    #[cold]
    pub(super) fn shutdowns_see(&mut self, pod: PodId) {
        if self.shutdowns.await_end_of(pod) && self.kubelets.has_ended(pod) {
            self.timers.arm(Wake::Shutdowns, self.now);
        }
    }

    /// The kubelet is gone, and its lock with it; or the machine has lost power already.
    pub(super) fn cut_shutdown_short(&mut self, node: NodeId) {
        let held_up = |shutdown: &&mut Shutdown| shutdown.node == node && shutdown.is_held_up();
        if let Some(shutdown) = self.shutdowns.0.iter_mut().find(held_up) {
            shutdown.cut_short(self.now);
            let cause = shutdown.fault.into();
            self.physical.crash(node, cause, &mut self.physical_changes);
            self.timers.arm(Wake::Shutdowns, self.shutdowns.next());
        }
    }
}
