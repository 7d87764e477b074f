//! The clocks of faults ring: whom they strike, and whom they let go.

use super::sim::Sim;
use super::timers::Wake;
use crate::faults::aims::Target as Aimed;
use crate::faults::clocks::Stroke;
use crate::ids::{PodId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::rng::Purpose;
use crate::spec::FaultKind;
use crate::world::api::{Deletion, Request};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn ring(&mut self, clock: u32) {
        let aim = &self.model.aims()[clock as usize];
        let stroke = self.clocks[clock as usize].ring(aim, self.model, &self.luck, self.now);
        self.timers.arm(Wake::Clock(clock), self.clocks[clock as usize].next());
        match (stroke, &aim.target) {
            (Stroke::Strike, Aimed::Machines(machines)) => {
                self.count_fault(aim.fault);
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
                self.count_fault(aim.fault);
                for node in nodes {
                    self.physical.stop_kubelet(*node, aim.fault, &mut self.physical_changes);
                }
            }
            (Stroke::Heal, Aimed::Kubelets(nodes)) => {
                for node in nodes {
                    self.physical.start_kubelet(*node, aim.fault, &mut self.physical_changes);
                }
            }
            (stroke, Aimed::Etcd(members)) => self.stop_etcd(members, stroke, aim.fault),
            (stroke, Aimed::ApiServers) => self.cut_api_servers(stroke, aim.fault),
            (stroke, Aimed::Leader(component)) => self.strike_leader(*component, stroke, aim.fault),
            (Stroke::Strike, Aimed::Registry) => {
                self.count_fault(aim.fault);
                self.physical.cut_registry(aim.fault, &mut self.physical_changes);
            }
            (Stroke::Heal, Aimed::Registry) => {
                self.physical.heal_registry(aim.fault, &mut self.physical_changes);
            }
        }
    }

    pub(super) fn count_fault(&mut self, fault: crate::ids::FaultId) {
        self.cluster_meter.tally(|totals| totals.fault_counts[fault.index()] += 1);
    }

    /// A scheduled fault of containers strikes every running one of a workload.
    fn strike_workload(&mut self, fault: crate::ids::FaultId, workload: WorkloadId) {
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
}
