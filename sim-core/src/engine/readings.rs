//! Readings of the service meters, whenever something that requests meet has changed.

use super::sim::Sim;
use crate::ids::{Cause, PodId, ServiceId};
use crate::observers::service_meter::Reading;
use crate::observers::timeline::Watch;
use crate::outcome::{Loss, Sample};
use crate::world::api::NodeReady;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn mark_all_services(&mut self) {
        (0..self.traffic.len()).map(ServiceId::from).for_each(|service| self.unread.mark(service));
    }

    pub(super) fn mark_balanced_services(&mut self) {
        self.model.balanced_services().iter().for_each(|service| self.unread.mark(*service));
    }

    /// A change of a pod matters for why its services fail, where they have no endpoint at all. Elsewhere it only
    /// matters to a listener, who must not cause a reading: readings are part of the digest.
    pub(super) fn mark_bare_services(&mut self, pod: PodId) {
        for service in self.model.services_of(self.api.pods_slot(pod).template) {
            if self.traffic.flow(*service).programmed() == 0 {
                self.unread.mark(*service);
            } else if W::LISTENS {
                self.sample(*service, self.traffic.success(self.model, *service));
            }
        }
    }

    /// Reads the meters of all services marked, and of those that need them.
    pub(super) fn read_services(&mut self) {
        if !self.unread.list.is_empty() {
            self.read_marked_services();
        }
    }

    /// Apart from what nearly every event comes by.
    #[inline(never)]
    fn read_marked_services(&mut self) {
        let marked = self.unread.list.len();
        for at in 0..marked {
            let service = self.unread.list[at];
            self.spread_arrivals(service);
            self.traffic.settle(self.model, service);
            for needing in self.model.needed_by(service) {
                self.unread.mark(*needing);
            }
        }
        for at in 0..self.unread.list.len() {
            let service = self.unread.take(at);
            self.read_service(service);
        }
        self.unread.list.clear();
    }

    fn read_service(&mut self, service: ServiceId) {
        if self.model.is_autoscaled() {
            self.load_changed(service);
        }
        let success = self.traffic.success(self.model, service);
        if success == 1.0 {
            self.causes[service.index()] = None;
        }
        let flow = self.traffic.flow(service);
        let mut lost = [0.0; Loss::ALL.len()];
        if success < 1.0 {
            let (silent, booting) = flow.lost_at_endpoints();
            lost[Loss::Undetected as usize] = silent;
            lost[Loss::Starting as usize] = booting;
            lost[Loss::LoadBalancer as usize] = flow.lost_before_node();
            lost[Loss::Overload as usize] = flow.lost_to_overload();
            lost[Loss::NotHere as usize] = flow.stranded();
            lost[Loss::Dependency as usize] = flow.own_success() - success;
            if flow.programmed() == 0 {
                lost[self.why_no_endpoint(service) as usize] += 1.0 - flow.lost_before_node();
            }
        }
        let (rate, serving) = (flow.rate, flow.serving());
        let cause = if success < 1.0 { self.cause(service) } else { None };
        let reading = Reading { rate, serving, success, lost, cause };
        self.digest.add(success.to_bits());
        self.digest.add(u64::from(service.0) << 32 | u64::from(serving));
        self.service_meters[service.index()].read(self.model.service(service), &reading, self.now);
        if W::LISTENS {
            self.sample(service, success);
        }
    }

    /// What is behind failing requests: what silenced a pod of the service, or of one that it needs.
    fn cause(&self, service: ServiceId) -> Option<Cause> {
        let of_targets = |service: ServiceId| {
            let targets = self.traffic.flow(service).targets().iter();
            targets.filter_map(|target| self.physical.cause(target.pod)).next()
        };
        let direct = |service: ServiceId| self.causes[service.index()].or_else(|| of_targets(service));
        direct(service).or_else(|| self.model.needs(service).iter().find_map(|needed| direct(*needed)))
    }

    /// What the pod that is furthest on its way to serving waits for.
    fn why_no_endpoint(&self, service: ServiceId) -> Loss {
        let workloads = self.model.workloads_of(service).iter();
        let pods = workloads.flat_map(|workload| self.api.pods_of(*workload));
        let furthest = pods.filter_map(|pod| self.waits_for(pod)).max_by_key(|loss| match loss {
            Loss::Starting => 3,
            Loss::BackOff => 2,
            Loss::Pending => 1,
            _ => 0,
        });
        furthest.unwrap_or(Loss::Pending)
    }

    fn waits_for(&self, pod: PodId) -> Option<Loss> {
        let object = self.api.expect_pod(pod);
        if !object.is_active() {
            return None;
        }
        let Some(node) = object.node else { return Some(Loss::Pending) };
        if self.api.node(node).ready == NodeReady::Unknown {
            return Some(Loss::AwaitingEviction);
        }
        Some(if self.kubelets.backs_off(pod, self.now) { Loss::BackOff } else { Loss::Starting })
    }

    fn sample(&mut self, service: ServiceId, success: f64) {
        let workloads = self.model.workloads_of(service).iter();
        let pods = || workloads.clone().flat_map(|workload| self.api.pods_of(*workload));
        let flow = self.traffic.flow(service);
        self.watch.sample(Sample {
            at: self.now,
            service,
            pods: pods().count() as u32,
            ready: pods().filter(|pod| self.api.expect_pod(*pod).ready).count() as u32,
            programmed: flow.programmed(),
            serving: flow.serving(),
            success,
        });
    }
}
