//! Faults strike and end: what each of them does to machines, containers and pods.

use super::sim::Sim;
use super::timers::Wake;
use crate::faults::aims::{Machines, Target as Aimed};
use crate::faults::clocks::Stroke;
use crate::faults::containers::Victim;
use crate::faults::shocks;
use crate::ids::{FaultId, NodeId, PodId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::rng::Purpose;
use crate::spec::{FaultKind, WorkloadKind};
use crate::world::api::{Deletion, Request};

impl<W: Watch> Sim<'_, W> {
    /// A clock of faults rings.
    pub(super) fn ring(&mut self, clock: u32) {
        let aim = &self.model.aims()[clock as usize];
        let stroke = self.clocks[clock as usize].ring(aim, self.model, &self.luck, self.now);
        self.timers.arm(Wake::Clock(clock), self.clocks[clock as usize].next());
        let Some(stroke) = stroke else { return self.give_notice(clock) };
        match (stroke, &aim.target) {
            (Stroke::Strike, Aimed::Spot(nodes)) => {
                if !self.are_away(nodes) {
                    self.count_fault(aim.fault);
                }
                nodes.iter().for_each(|node| self.take_back(*node, aim.fault));
            }
            (Stroke::Heal, Aimed::Spot(nodes)) => {
                for node in nodes {
                    self.forget_disk(*node);
                    self.physical.restore(*node, aim.fault.into(), &mut self.physical_changes);
                }
            }
            (Stroke::Strike, Aimed::Machines(machines)) => {
                if !self.is_in_vain(machines) {
                    self.count_fault(aim.fault);
                }
                for machine in &machines.nodes {
                    self.physical.crash(*machine, aim.fault.into(), &mut self.physical_changes);
                }
                self.crash_members(&machines.members, aim.fault);
            }
            (Stroke::Heal, Aimed::Machines(machines)) => {
                for machine in &machines.nodes {
                    self.physical.restore(*machine, aim.fault.into(), &mut self.physical_changes);
                }
                self.restore_members(&machines.members, aim.fault);
            }
            (Stroke::Strike, Aimed::Containers(workloads)) => {
                self.count_fault(aim.fault);
                workloads.iter().for_each(|workload| self.strike_workload(aim.fault, *workload));
            }
            (Stroke::Heal, Aimed::Containers(_)) => {}
            (Stroke::Strike, Aimed::Pods(workloads)) => {
                self.count_fault(aim.fault);
                workloads.iter().for_each(|workload| self.kill_pod(clock, *workload));
            }
            (Stroke::Heal, Aimed::Pods(_)) => {}
            (Stroke::Strike, Aimed::Kubelets(nodes)) => {
                if !self.are_away(nodes) {
                    self.count_fault(aim.fault);
                }
                for node in nodes {
                    self.physical.stop_kubelet(*node, aim.fault, &mut self.physical_changes);
                }
            }
            (Stroke::Heal, Aimed::Kubelets(nodes)) => {
                for node in nodes {
                    self.physical.start_kubelet(*node, aim.fault, &mut self.physical_changes);
                }
            }
            (Stroke::Strike, Aimed::Registry) => {
                self.count_fault(aim.fault);
                self.physical.cut_registry(aim.fault, &mut self.physical_changes);
            }
            (Stroke::Heal, Aimed::Registry) => {
                self.physical.heal_registry(aim.fault, &mut self.physical_changes);
            }
            (stroke, Aimed::Etcd(members)) => self.stop_etcd(members, stroke, aim.fault),
            (stroke, Aimed::ApiServers) => self.cut_api_servers(stroke, aim.fault),
            (stroke, Aimed::Leader(component)) => self.strike_leader(*component, stroke, aim.fault),
            (_, Aimed::Clocks(clocks)) => self.shock(clock, clocks),
        }
    }

    /// The cloud says which machines it will take back. What listens for that cordons their nodes and deletes their pods,
    /// each with its grace period; those of DaemonSets stay.
    fn give_notice(&mut self, clock: u32) {
        let aim = &self.model.aims()[clock as usize];
        let Aimed::Spot(nodes) = &aim.target else { return };
        for node in nodes {
            if self.physical.is_up(*node) {
                self.narrate_notice(*node, aim.fault);
                self.requests.push(Request::SetUnschedulable(*node, true));
                self.delete_pods_on(*node, aim.fault);
            }
        }
    }

    fn delete_pods_on(&mut self, node: NodeId, fault: FaultId) {
        for pod in self.physical.pods_on(node) {
            let Some(object) = self.api.pod(*pod) else { continue };
            if !matches!(self.model.workload(object.workload).kind, WorkloadKind::DaemonSet(_)) {
                let why = Deletion::Fault(fault);
                self.requests.push(Request::Delete { pod: *pod, grace: None, why });
            }
        }
    }

    /// The machine is gone for good, and the cloud controller deletes its node.
    fn take_back(&mut self, node: NodeId, fault: FaultId) {
        self.physical.crash(node, fault.into(), &mut self.physical_changes);
        self.requests.push(Request::DeleteNode(node));
    }

    /// A common cause: clocks of another fault strike before their time.
    fn shock(&mut self, clock: u32, clocks: &[u32]) {
        let aim = &self.model.aims()[clock as usize];
        let FaultKind::Shock(shock) = &self.model.fault(aim.fault).kind else { return };
        self.count_fault(aim.fault);
        let index = self.clocks[clock as usize].strikes();
        let mut draw = self.luck.draw(Purpose::ShockVictims, aim.key, index);
        let notice = self.model.fault(shock.of).kind.notice();
        for (victim, delay) in shocks::victims(shock, clocks, &mut draw) {
            self.clocks[victim as usize].bring_forward(self.now + delay, notice);
            self.timers.arm(Wake::Clock(victim), self.clocks[victim as usize].next());
        }
    }

    /// Whether all machines that a fault would strike have been taken away.
    fn is_in_vain(&self, machines: &Machines) -> bool {
        machines.members.is_empty() && !machines.nodes.is_empty() && self.are_away(&machines.nodes)
    }

    fn are_away(&self, nodes: &[NodeId]) -> bool {
        nodes.iter().all(|node| !self.physical.is_there(*node))
    }

    pub(super) fn count_fault(&mut self, fault: FaultId) {
        self.cluster_meter.tally(|totals| totals.fault_counts[fault.index()] += 1);
    }

    /// A scheduled fault of containers strikes every running one of a workload.
    fn strike_workload(&mut self, fault: FaultId, workload: WorkloadId) {
        for pod in self.api.pods_of(workload) {
            let Some(victim) = self.victim(pod) else { continue };
            for container in 0..self.model.template(victim.template).containers.len() {
                if self.physical.is_running(pod, container) && !self.physical.is_hung(pod, container) {
                    let moment = self.moment();
                    let (physical, changes) = (&mut self.physical, &mut self.physical_changes);
                    self.container_faults.inflict(fault, victim, container, &moment, physical, changes);
                }
            }
            self.timers.arm(Wake::Fate(pod.slot), self.container_faults.next(pod));
        }
    }

    /// A random active pod of the workload is deleted.
    fn kill_pod(&mut self, clock: u32, workload: WorkloadId) {
        let aim = &self.model.aims()[clock as usize];
        let FaultKind::PodKill { grace, .. } = self.model.fault(aim.fault).kind else { return };
        let active = |pod: &PodId| self.api.expect_pod(*pod).is_active();
        let pods = &mut self.targets;
        pods.clear();
        pods.extend(self.api.pods_of(workload).filter(active));
        pods.sort_unstable_by_key(|pod| self.api.expect_pod(*pod).ordinal);
        if pods.is_empty() {
            return;
        }
        let key = aim.key.with(self.model.workload_key(workload));
        let mut draw = self.luck.draw(Purpose::Victim, key, self.clocks[clock as usize].strikes());
        let pod = pods[draw.below(pods.len() as u64) as usize];
        self.requests.push(Request::Delete { pod, grace, why: Deletion::Fault(aim.fault) });
    }

    /// A fault that a pod's containers were to meet is due.
    pub(super) fn strike_containers(&mut self, place: u32) {
        let Some(pod) = self.kubelets.in_slot(place) else { return };
        let Some(victim) = self.victim(pod) else { return };
        let moment = self.moment();
        let (physical, changes) = (&mut self.physical, &mut self.physical_changes);
        if let Some(fault) = self.container_faults.strike(victim, &moment, physical, changes) {
            self.count_fault(fault);
        }
        self.timers.arm(Wake::Fate(place), self.container_faults.next(pod));
    }

    /// Whose containers a pod's are; `None` if its kubelet has let go of it.
    pub(super) fn victim(&self, pod: PodId) -> Option<Victim> {
        self.kubelets.known(pod).map(|(template, key)| Victim { pod, template, key })
    }
}
