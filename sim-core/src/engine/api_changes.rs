//! Who watches which change of the API: the wiring of the control plane.

use super::sim::Sim;
use super::timers::Wake;
use super::wakes::desk;
use crate::controllers::deployments;
use crate::controllers::scheduler::{Events, NodeTaints};
use crate::ids::{Cause, NodeId, PodId, ServiceId, SetId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::spec::Hinting;
use crate::time::Instant;
use crate::world::api::{Change, Deletion, NodeReady, Owner, Request};

impl<W: Watch> Sim<'_, W> {
    #[inline(always)] // it has one caller, and every change comes by
    pub(super) fn api_changed(&mut self, change: Change) {
        if !self.model.is_plain() {
            self.others_hear(change);
        }
        match change {
            Change::PodCreated(pod) => self.pod_created(pod),
            Change::PodBound(pod, node) => self.pod_bound(pod, node),
            Change::PodReady(pod, ready, _) => self.pod_ready(pod, ready),
            Change::PodPhase(pod, _) => self.pod_phase(pod),
            Change::PodDeleting(pod, why) => self.pod_deleting(pod, why),
            Change::PodRemoved(pod) => self.pod_removed(pod),
            Change::PodRestarted(pod) => {
                let workload = self.api.expect_pod(pod).workload;
                self.workload_meters[workload.index()].count_restart();
                if let Owner::Job { job, .. } = self.api.expect_pod(pod).owner {
                    self.wake_job_for_pods(job);
                }
            }
            Change::NodeReady { node, was, is } => self.node_ready(node, was, is),
            Change::NodeTaints(node) | Change::NodeOutOfService(node) | Change::NodeToBeRemoved(node) => {
                self.node_taints(node);
            }
            Change::NodeDeleted(node) => self.node_deleted(node),
            Change::NodeRegistered(node) => self.node_registered(node),
            Change::SetCreated(set) => {
                self.timers.room_for_set(set);
                self.set_scaled(set);
            }
            Change::SetScaled(set, _) => self.set_scaled(set),
            Change::SetDeleted(set) => self.timers.arm(Wake::Set(set), Instant::NEVER),
            Change::DeploymentSpec(workload) => {
                self.wake_deployment(workload);
                self.read_workload(workload);
            }
            Change::PodUnschedulable(_) => {}
            Change::WorkloadSpec(workload) => {
                self.wake_workload(workload);
                self.read_workload(workload);
            }
            Change::Job(change) => self.job_changed(change),
            Change::PodRefused { workload, owner, quota } => self.pod_refused(workload, owner, quota),
            Change::Volume(claim) => self.volume_changed(claim),
            Change::Endpoints { service, usable } => self.endpoints_changed(service, usable),
            _ => {} // heard above, or of no concern
        }
    }

    fn pod_created(&mut self, pod: PodId) {
        let object = self.api.expect_pod(pod);
        let (workload, template, revision) = (object.workload, object.template, object.revision);
        let spec = self.model.template(template);
        self.timers.room_for_pod(pod);
        self.container_faults.forget(pod, spec.containers.len());
        self.cluster_meter.change(self.now, |counts| counts.pods += 1);
        self.workload_meters[workload.index()].count_pod();
        self.read_workload(workload);
        self.mark_bare_services(pod);
        self.claim_entered(pod);
        match self.model.fixed_node(template) {
            Some(node) => {
                // Past the scheduler, but it counts what such pods take.
                self.scheduler.assume(template, revision, node);
                self.requests.push(Request::Bind(pod, node));
            }
            None => {
                self.queue.add(pod, spec.priority, self.now);
                self.arm_scheduler(self.now + self.watch_delay());
            }
        }
    }

    /// Whoever controls a pod; `of_set` is who hears of it where that is a set.
    pub(super) fn wake_owner(
        &mut self,
        owner: Owner,
        workload: WorkloadId,
        of_set: impl FnOnce(&mut Self, SetId),
    ) {
        match owner {
            Owner::Set(set) => of_set(self, set),
            Owner::Workload(_) => self.wake_workload(workload),
            Owner::Job { job, .. } => self.wake_job_for_pods(job),
            Owner::Nobody => {}
        }
    }

    fn pod_bound(&mut self, pod: PodId, node: NodeId) {
        let replaces = self.losses[self.api.expect_pod(pod).workload.index()];
        self.kubelets.admit(pod, node, replaces, &mut desk!(self));
        self.arm_worker(pod);
        self.note_pulls();
        self.wake_volume_of(pod);
        self.queue_event(Events::POD_ASSIGNED);
        if self.api.node(node).no_execute || self.api.node(node).out_of_service {
            self.plan_evictions(node);
        }
        let services = self.model.services_of(self.api.expect_pod(pod).template);
        self.wake_endpoints(services);
        self.mark_bare_services(pod);
    }

    fn pod_ready(&mut self, pod: PodId, ready: bool) {
        let object = self.api.expect_pod(pod);
        let (workload, owner, template) = (object.workload, object.owner, object.template);
        self.cluster_meter.change(self.now, |counts| {
            counts.pods_ready = counts.pods_ready + u32::from(ready) - u32::from(!ready);
        });
        self.read_workload(workload);
        self.wake_endpoints(self.model.services_of(template));
        self.mark_bare_services(pod);
        self.wake_owner(owner, workload, Self::wake_deployment_of);
    }

    fn pod_deleting(&mut self, pod: PodId, why: Deletion) {
        if why == Deletion::TaintEviction {
            self.cluster_meter.tally(|totals| totals.evictions += 1);
        }
        self.kubelets.terminate(pod, &mut desk!(self));
        if self.kubelets.has(pod) {
            self.arm_worker(pod);
        }
        let object = self.api.pods_slot(pod);
        let (workload, owner, template) = (object.workload, object.owner, object.template);
        self.losses[workload.index()] = match why {
            Deletion::Fault(fault) => Some(fault.into()),
            Deletion::TaintEviction => object.node.and_then(|node| self.physical.down_by(node)),
            Deletion::Eviction(by) | Deletion::Drain(by) => Some(Cause::Operation(by)),
            Deletion::ScaleDown
            | Deletion::Update
            | Deletion::User
            | Deletion::PodGc
            | Deletion::OwnerGone
            | Deletion::NodeRemoval
            | Deletion::Preemption(_) => None,
        };
        if let Some(node) = object.node {
            if !object.is_terminal() {
                self.scheduler.pod_terminating(template, object.revision, node);
            }
            self.plan_removal_out_of_service(node);
        }
        self.read_workload(workload);
        self.wake_endpoints(self.model.services_of(template));
        self.mark_bare_services(pod);
        self.wake_owner(owner, workload, Self::wake_set);
    }

    fn pod_removed(&mut self, pod: PodId) {
        self.charge_ended(pod);
        let object = self.api.pods_slot(pod);
        let (workload, owner, template, ready) =
            (object.workload, object.owner, object.template, object.ready);
        match object.node {
            Some(_) if object.is_terminal() => {} // its room was free before
            Some(_) => self.free_room(pod),
            None => self.queue.remove(pod),
        }
        self.cluster_meter.change(self.now, |counts| {
            counts.pods -= 1;
            counts.pods_ready -= u32::from(ready);
        });
        self.wake_volume_of(pod);
        self.wake_endpoints(self.model.services_of(template));
        self.wake_owner(owner, workload, Self::wake_deployment_of);
        if self.kubelets.has(pod) {
            self.kubelets.orphaned(pod, &mut desk!(self));
            self.arm_worker(pod);
        } else {
            self.api.recycle(pod);
        }
    }

    fn node_ready(&mut self, node: NodeId, was: NodeReady, is: NodeReady) {
        let count = |ready| u32::from(ready == NodeReady::True);
        self.cluster_meter.change(self.now, |counts| {
            counts.nodes_ready = counts.nodes_ready + count(is) - count(was);
        });
        if is == NodeReady::Unknown {
            self.cluster_meter.tally(|totals| totals.nodes_unknown += 1);
        }
        self.wake_proportional_endpoints();
        let no_schedule = is != NodeReady::True;
        let no_execute = self.api.node(node).no_execute;
        self.requests.push(Request::SetNodeTaints { node, no_schedule, no_execute });
        if was != NodeReady::True && no_schedule {
            self.node_taints(node); // they stay, but under another key
        } else {
            self.node_health_changed(node);
        }
    }

    pub(super) fn node_taints(&mut self, node: NodeId) {
        let object = self.api.node(node);
        let taints = NodeTaints::of(object);
        self.scheduler.set_taints(node, taints);
        self.queue_event(Events::NODE_TAINTS);
        self.plan_evictions(node);
        self.node_health_changed(node);
        self.wake_daemon_sets();
    }

    /// Hints that follow the CPU of the zones are worked out anew (`checkNodeTopologyDistribution`,
    /// endpointslice_controller.go).
    fn wake_proportional_endpoints(&mut self) {
        let model = self.model;
        let follows =
            |service: &&ServiceId| model.service(**service).routing.hinting == Hinting::InProportion;
        for service in model.routed_services().iter().filter(follows) {
            self.wake_endpoints(&[*service]);
        }
    }

    /// Nobody schedules there, judges its silence or sends to it any more; its pods wait for garbage collection, or for
    /// an eviction that was planned before.
    fn node_deleted(&mut self, node: NodeId) {
        let ready = u32::from(self.api.node(node).ready == NodeReady::True);
        self.cluster_meter.change(self.now, |counts| counts.nodes_ready -= ready);
        self.scheduler.set_taints(node, NodeTaints::ABSENT);
        self.node_lifecycle.deleted(node, self.now, self.model);
        self.arm_health(node);
        self.timers.arm(Wake::PodGc(node), self.pod_gc.due(self.now, self.model));
        self.balancers.remove(node);
        self.arm_balancer(node);
        self.node_health_changed(node);
        self.wake_daemon_sets();
    }

    fn node_registered(&mut self, node: NodeId) {
        self.balancers.add(node, self.model, self.now);
        self.arm_balancer(node);
        self.node_taints(node);
        // A sync of endpoints that missed the node is tried again.
        for at in 0..self.api.node(node).pods.len() {
            let pod = self.api.expect_pod(self.api.node(node).pods[at]);
            self.wake_endpoints(self.model.services_of(pod.template));
        }
    }

    pub(super) fn plan_evictions(&mut self, node: NodeId) {
        let seen = self.now + self.watch_delay();
        let next = self.taint_evictions.node_changed(node, seen, self.model, &self.api);
        self.timers.arm(Wake::Evictions(node), next.max(self.now));
    }

    fn set_scaled(&mut self, set: SetId) {
        let workload = self.api.set(set).workload;
        self.wake_set(set);
        self.wake_deployment_of(set);
        self.read_workload(workload);
    }

    /// Pods that may fit now are tried again after the scheduler has heard of it.
    pub(super) fn queue_event(&mut self, events: Events) {
        if self.queue.waits_for_events() {
            self.queue.on_event(events, self.now);
            self.arm_scheduler(self.now + self.watch_delay());
        }
    }

    pub(super) fn wake_set(&mut self, set: SetId) {
        self.timers.arm_earlier(Wake::Set(set), self.now + self.controller_delay());
    }

    pub(super) fn wake_deployment(&mut self, workload: WorkloadId) {
        self.timers.arm_earlier(Wake::Deployment(workload), self.now + self.controller_delay());
    }

    fn wake_deployment_of(&mut self, set: SetId) {
        let workload = self.api.set(set).workload;
        if deployments::is_busy(workload, &self.api) {
            self.wake_deployment(workload);
        }
    }

    fn watch_delay(&self) -> crate::time::Span {
        let timing = &self.model.scenario().timing;
        timing.api_write + timing.watch
    }
}
