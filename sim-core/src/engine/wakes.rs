//! Who is woken by a timer, and what is done about it.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::scheduler::{Candidate, Confines, Decision};
use crate::controllers::{deployments, replica_sets};
use crate::ids::{OperationId, PodId, ServiceId, SetId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::rng::Purpose;
use crate::spec::Action;
use crate::time::Instant;
use crate::world::api::{Owner, Request};

/// What a kubelet may look at and touch, out of the whole state.
macro_rules! desk {
    ($sim:ident) => {
        crate::agents::kubelet::Desk {
            now: $sim.now,
            model: $sim.model,
            api: &$sim.api,
            physical: &mut $sim.physical,
            luck: &$sim.luck,
            requests: &mut $sim.requests,
            changes: &mut $sim.physical_changes,
        }
    };
}
pub(super) use desk;

impl<W: Watch> Sim<'_, W> {
    pub(super) fn wake(&mut self, who: Wake) {
        match who {
            Wake::Horizon => unreachable!("the horizon ends the loop"),
            Wake::WarmUp => self.end_warm_up(),
            Wake::Operation => self.operate(),
            Wake::Rates => self.change_rates(),
            Wake::Scheduler => self.schedule(),
            Wake::Proxies => self.program_proxies(),
            Wake::Ingress => self.program_ingresses(),
            Wake::Clock(clock) => self.ring(clock),
            Wake::Boot(node) => self.boot(node),
            Wake::Balancer(node) => self.wake_balancer(node),
            Wake::Token => self.timers.arm(Wake::Tainting, self.now),
            Wake::Tainting => self.taint(),
            Wake::Health(node) => self.examine(node),
            Wake::Evictions(node) => {
                let next = self.taint_evictions.evict(node, self.now, &self.api, &mut self.requests);
                self.timers.arm(Wake::Evictions(node), next);
            }
            Wake::PodGc(node) => self.pod_gc.collect(node, &self.api, &mut self.requests),
            Wake::Deployment(workload) => self.sync_deployment(workload),
            Wake::StatefulSet(workload) => self.sync_stateful_set(workload),
            Wake::DaemonSet(workload) => self.sync_daemon_set(workload),
            Wake::Job(job) => self.sync_job(job),
            Wake::CronJob(workload) => self.sync_cron_job(workload),
            Wake::Volume(claim) => self.sync_volume(claim),
            Wake::Endpoints(service) => self.requests.push(Request::SyncEndpoints(service)),
            Wake::Scrape => self.scrape(),
            Wake::Autoscaler(autoscaler) => self.autoscale(autoscaler),
            Wake::Scan => self.scan(),
            Wake::Provision(node) => self.provision(node),
            Wake::Budget(budget) => self.sync_budget(budget),
            Wake::Drains => self.work_on_drains(),
            Wake::Upgrades => self.work_on_upgrades(),
            Wake::Set(set) => self.sync_set(set),
            Wake::Worker(place) => self.wake_worker(place),
            Wake::Fate(place) => self.strike_containers(place),
            Wake::EtcdElection => self.end_etcd_election(),
            Wake::Leadership(component) => self.wake_leadership(component),
            Wake::Member(member) => self.start_member(member),
            Wake::Report(node) => self.report(node),
        }
    }

    fn end_warm_up(&mut self) {
        for (meter, service) in self.service_meters.iter_mut().zip(&self.model.scenario().services) {
            meter.reset(service, self.now);
        }
        self.workload_meters.iter_mut().for_each(|meter| meter.reset(self.now));
        self.cluster_meter.reset(self.now);
        self.reset_control_plane_meter();
    }

    pub(super) fn arm_next_operation(&mut self) {
        let next = self.model.scenario().operations.get(self.next_operation);
        self.timers.arm(Wake::Operation, next.map_or(Instant::NEVER, |operation| operation.at.max(self.now)));
    }

    fn operate(&mut self) {
        let operation = OperationId::from(self.next_operation);
        let action = &self.model.scenario().operations[self.next_operation].action;
        self.narrate_operation(action);
        match action {
            Action::Rollout(workload) => self.requests.push(Request::Rollout(*workload)),
            Action::FaultyRollout(workload, defect) => {
                self.requests.push(Request::FaultyRollout(*workload, *defect));
            }
            Action::Undo(workload) => self.requests.push(Request::Undo(*workload)),
            Action::SetPaused(workload, paused) => {
                self.requests.push(Request::SetPaused(*workload, *paused));
            }
            Action::Scale(workload, replicas) => self.requests.push(Request::Scale(*workload, *replicas)),
            Action::SetOutOfService(node, is) => {
                self.requests.push(Request::SetOutOfService(*node, *is));
            }
            Action::DeletePod { workload, ordinal, force } => {
                self.delete_pod_of(*workload, *ordinal, *force);
            }
            Action::DeleteNode(node) => self.requests.push(Request::DeleteNode(*node)),
            Action::Cordon(node) => self.requests.push(Request::SetUnschedulable(*node, true)),
            Action::Uncordon(node) => self.requests.push(Request::SetUnschedulable(*node, false)),
            Action::Drain(drain) => self.begin_drain(operation, *drain),
            Action::Upgrade(upgrade) => self.begin_upgrade(operation, upgrade),
        }
        self.next_operation += 1;
        self.arm_next_operation();
    }

    fn change_rates(&mut self) {
        self.set_rates();
        self.mark_all_services();
    }

    /// One pod is placed; the next one takes as long again.
    fn schedule(&mut self) {
        while let Some(pod) = self.queue.pop(self.now) {
            if self.api.pod(pod).is_some_and(|pod| pod.node.is_none() && pod.deletion.is_none()) {
                self.place(pod);
                let busy_until = self.now + self.model.scenario().timing.scheduling;
                return self.arm_scheduler(busy_until);
            }
        }
        self.arm_scheduler(self.now);
    }

    /// Wakes the scheduler when its queue wants it, but not before `earliest`.
    pub(super) fn arm_scheduler(&mut self, earliest: Instant) {
        let next = self.queue.next_wake(self.now).map_or(Instant::NEVER, |wake| wake.max(earliest));
        self.timers.arm(Wake::Scheduler, next);
    }

    fn place(&mut self, pod: PodId) {
        let object = self.api.expect_pod(pod);
        let (template, revision) = (object.template, object.revision);
        let key = self.model.workload_key(object.workload).child(object.ordinal);
        let confines = Confines::of(object, self.model, &self.api);
        let candidate = Candidate { pod, template, revision, confines, nominated: object.nominated };
        let (luck, now) = (self.luck, self.now);
        let tie = |count| luck.draw(Purpose::SchedulerTie, key, now.0 & 0xff_ffff).below(count);
        match self.scheduler.place(&candidate, tie) {
            Decision::Bound(node) => {
                self.scheduler.assume(template, revision, node);
                self.requests.push(Request::Bind(pod, node));
            }
            Decision::Unschedulable(reasons) => {
                self.narrate_unschedulable(pod, &reasons);
                self.preempt(&candidate, key);
                let helped_by = self.scheduler.helped_by(template, &reasons);
                self.queue.park(pod, helped_by, self.now);
                if self.model.scenario().scaling.cluster.is_some() {
                    self.requests.push(Request::MarkUnschedulable(pod));
                }
            }
        }
    }

    fn sync_deployment(&mut self, workload: WorkloadId) {
        let again = deployments::reconcile(workload, &self.moment(), &self.api, &mut self.requests);
        self.timers.arm_earlier(Wake::Deployment(workload), again);
    }

    fn sync_set(&mut self, set: SetId) {
        self.note_sync(Owner::Set(set), self.api.set(set).workload);
        if replica_sets::reconcile(set, &self.moment(), &self.api, &mut self.requests) {
            self.timers.arm_earlier(Wake::Set(set), self.now + self.controller_delay());
        }
    }

    fn wake_worker(&mut self, place: u32) {
        if let Some(pod) = self.kubelets.in_slot(place) {
            self.kubelets.wake(pod, &mut desk!(self));
            self.arm_worker(pod);
        }
    }

    #[inline]
    pub(super) fn arm_worker(&mut self, pod: PodId) {
        self.timers.arm(Wake::Worker(pod.slot), self.kubelets.next_wake(pod));
    }

    pub(super) fn pod_uid(&self, workload: WorkloadId) -> u64 {
        let key = self.model.workload_key(workload);
        self.luck.draw(Purpose::PodUid, key, self.api.pods_created(workload)).bits()
    }

    pub(super) fn tell(&mut self, actor: Actor, text: impl FnOnce(&Self) -> String) {
        if W::LISTENS {
            let text = text(self);
            self.watch.tell(self.now, actor, text);
        }
    }

    pub(super) fn wake_endpoints(&mut self, services: &[ServiceId]) {
        let at = self.now + self.controller_delay();
        for service in services {
            self.timers.arm_earlier(Wake::Endpoints(*service), at);
        }
    }
}
