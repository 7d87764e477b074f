//! A new leader takes over: what its forerunner kept in memory is lost, and everything is looked at once.
//!
//! Lost are, as upstream: when each node was last heard of (silent ones get a whole grace period again), the timers
//! of taint eviction (their tolerations start again), the tokens of the zones, what autoscalers recommended before, the
//! scheduler's back-offs.

use super::sim::Sim;
use super::timers::Wake;
use crate::controllers::attach_detach::AttachDetach;
use crate::controllers::daemon_sets::DaemonSets;
use crate::controllers::jobs::Jobs;
use crate::controllers::node_lifecycle::NodeLifecycle;
use crate::controllers::pod_gc::PodGc;
use crate::controllers::refusals::Refusals;
use crate::controllers::scheduler::Queue;
use crate::controllers::taint_evictions::TaintEvictions;
use crate::ids::{ClaimId, NodeId, PodId, ServiceId, SetId, WorkloadId};
use crate::observers::timeline::Watch;
use crate::spec::{Component, WorkloadKind};
use crate::time::Instant;
use crate::world::api::{NodeReady, Request};

impl<W: Watch> Sim<'_, W> {
    /// The leader of a component has listed everything.
    pub(super) fn take_over(&mut self, component: Component) {
        if let Some(plane) = &mut self.control_plane {
            plane.gate.forget(component);
        }
        match component {
            Component::ControllerManager => self.start_controllers(),
            Component::Scheduler => self.start_scheduler(),
        }
    }

    fn start_controllers(&mut self) {
        self.node_lifecycle = NodeLifecycle::starting(self.model, self.now);
        self.taint_evictions = TaintEvictions::default();
        self.daemon_sets = DaemonSets::default();
        self.jobs = Jobs::default();
        self.refusals = Refusals::default();
        self.attach_detach = AttachDetach::default();
        self.pod_gc = PodGc::starting(self.model, self.now);
        for node in (0..self.api.nodes().len()).map(NodeId::from) {
            self.see_node(node);
        }
        self.timers.arm(Wake::Token, Instant::NEVER);
        let sets: Vec<SetId> = self.api.sets().map(|set| set.id).collect();
        sets.into_iter().for_each(|set| self.wake_set(set));
        self.restart_autoscaling();
        let scenario = self.model.scenario();
        (0..scenario.workloads.len()).map(WorkloadId::from).for_each(|id| {
            match self.model.workload(id).kind {
                WorkloadKind::StatefulSet(_) | WorkloadKind::DaemonSet(_) | WorkloadKind::CronJob(_) => {
                    self.wake_workload(id);
                }
                _ => self.wake_deployment(id),
            }
        });
        self.wake_all_jobs();
        (0..self.api.claims().len()).map(ClaimId::from).for_each(|claim| self.wake_volume(claim));
        let services: Vec<ServiceId> = (0..scenario.services.len()).map(ServiceId::from).collect();
        self.wake_endpoints(&services);
    }

    /// The controllers of nodes and of their pods see a node for the first time.
    fn see_node(&mut self, node: NodeId) {
        let object = self.api.node(node);
        let (exists, no_execute) = (object.exists, object.no_execute);
        let evicts = exists && (no_execute || object.out_of_service);
        if exists && object.ready != NodeReady::True {
            self.requests.push(Request::SetNodeTaints { node, no_schedule: true, no_execute });
        }
        if exists && !self.leases.runs(node) {
            self.node_lifecycle.first_seen_silent(node, self.now, self.model);
        }
        self.arm_health(node);
        self.timers.arm(Wake::Evictions(node), Instant::NEVER);
        if evicts {
            self.plan_evictions(node);
        }
        let collects = if exists { Instant::NEVER } else { self.pod_gc.due(self.now, self.model) };
        self.timers.arm(Wake::PodGc(node), collects);
        self.plan_removal_out_of_service(node);
    }

    fn start_scheduler(&mut self) {
        self.queue = Queue::new(&self.model.scenario().timing);
        let waits = |pod: &&crate::world::api::Pod| pod.node.is_none() && pod.deletion.is_none();
        let mut pods: Vec<(Instant, PodId, i32)> = self
            .api
            .pods()
            .filter(waits)
            .map(|pod| (pod.created, pod.id, self.model.template(pod.template).priority))
            .collect();
        pods.sort_unstable();
        for (_, pod, priority) in pods {
            self.queue.add(pod, priority, self.now);
        }
        self.arm_scheduler(self.now);
    }
}
