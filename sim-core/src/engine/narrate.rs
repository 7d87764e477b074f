//! The run in words, for whoever listens: one line for each change that a Kubernetes engineer would look for.

use super::sim::Sim;
use crate::controllers::scheduler::Rejections;
use crate::ids::{Cause, ClaimId, NodeId, PodId, ServiceId, SetId, WorkloadId};
use crate::observers::names;
use crate::observers::timeline::Watch;
use crate::outcome::Actor;
use crate::spec::WorkloadKind;
use crate::world::api::{Attachment, Change, Deletion, NodeReady, Owner, PodPhase, Progress, ReadyBy};

impl<W: Watch> Sim<'_, W> {
    pub(super) fn narrate(&mut self, change: Change) {
        if W::LISTENS
            && let Some((actor, text)) = self.words_for(change)
        {
            self.watch.tell(self.now, actor, text);
            self.restart_is_told(change);
        }
    }

    pub(super) fn narrate_unschedulable(&mut self, pod: PodId, reasons: &Rejections) {
        self.tell(Actor::Scheduler, |sim| format!("finds no node for pod {}: {reasons}", sim.pod_name(pod)));
    }

    pub(super) fn narrate_programming(&mut self, actor: Actor) {
        if !W::LISTENS {
            return;
        }
        for service in self.unread.list.clone() {
            let flow = self.traffic.flow(service);
            let text = format!(
                "programs {} endpoint{} for service {}",
                flow.programmed(),
                if flow.programmed() == 1 { "" } else { "s" },
                self.model.service(service).name
            );
            self.watch.tell(self.now, actor, text);
        }
    }

    pub(super) fn narrate_rotation(&mut self, node: NodeId, service: Option<ServiceId>, joins: bool) {
        let does = if joins { "puts node" } else { "takes node" };
        let rest = if joins { "back in rotation" } else { "out of rotation" };
        self.tell(Actor::LoadBalancer, |sim| {
            let of =
                service.map_or(String::new(), |id| format!(" of service {}", sim.model.service(id).name));
            format!("{does} {} {rest}{of}", sim.node_name(node))
        });
    }

    fn words_for(&self, change: Change) -> Option<(Actor, String)> {
        Some(match change {
            Change::PodCreated(pod) => (
                self.owner_actor(pod),
                format!("creates pod {}{}", self.pod_name(pod), self.of_revision(pod)),
            ),
            Change::PodBound(pod, node) => (
                Actor::Scheduler,
                format!("binds pod {} to node {}", self.pod_name(pod), self.node_name(node)),
            ),
            Change::PodReady(pod, ready, by) => self.words_for_ready(pod, ready, by),
            Change::PodPhase(pod, phase @ (PodPhase::Failed | PodPhase::Succeeded)) => {
                (Actor::Kubelet, format!("reports pod {} {phase:?}", self.pod_name(pod)))
            }
            Change::PodPhase(..) | Change::NodeDeleted(_) | Change::PodUnschedulable(_) => return None,
            // As an operation, it was told of already.
            Change::PodDeleting(_, Deletion::User) => return None,
            Change::PodDeleting(pod, why) => {
                let actor = match why {
                    Deletion::TaintEviction => Actor::TaintEviction,
                    Deletion::ScaleDown | Deletion::Update => self.owner_actor(pod),
                    Deletion::User => Actor::User,
                    Deletion::Fault(_) => Actor::Fault,
                    Deletion::PodGc => Actor::PodGc,
                    Deletion::OwnerGone => Actor::GarbageCollector,
                    _ => return Some(self.words_for_disrupted(pod, why)),
                };
                (actor, format!("deletes pod {}{}", self.pod_name(pod), self.on_node(pod)))
            }
            Change::PodRemoved(pod) if self.kubelets.has(pod) => self.words_for_force(pod)?,
            // Without a kubelet to confirm, a deletion is all there is to tell.
            Change::PodRemoved(pod) if self.api.pods_slot(pod).node.is_none() => return None,
            Change::PodRemoved(pod) => (Actor::Kubelet, format!("lets go of pod {}", self.pod_name(pod))),
            Change::PodRestarted(pod) => {
                let does = if self.reports_late(pod) { "reports that it restarted" } else { "restarts" };
                (Actor::Kubelet, format!("{does} a container of pod {}", self.pod_name(pod)))
            }
            Change::NodeReady { node, is, .. } => self.words_for_node(node, is),
            Change::NodeRegistered(node) => {
                (Actor::Kubelet, format!("registers node {}", self.node_name(node)))
            }
            Change::NodeTaints(node) => self.words_for_taints(node),
            Change::SetCreated(set) => self.words_for_new_set(set)?,
            // What the user does to a set of his own is told as his operation.
            Change::SetScaled(set, _) if self.api.deployment(self.api.set(set).workload).is_none() => {
                return None;
            }
            Change::SetScaled(set, before) => {
                let now = self.api.set(set).replicas;
                (Actor::Deployment, format!("scales {} from {before} to {now}", self.set_name(set)))
            }
            Change::SetDeleted(set) => (Actor::Deployment, format!("deletes {}", self.set_name(set))),
            // As operations, they were told of already.
            Change::DeploymentSpec(_) | Change::WorkloadSpec(_) | Change::NodeOutOfService(_) => return None,
            Change::UpdateComplete(workload) => {
                (Actor::StatefulSet, format!("finds the update of {} complete", self.workload_name(workload)))
            }
            Change::Volume(claim) => self.words_for_volume(claim)?,
            Change::DeploymentProgress(workload, progress) => self.words_for_progress(workload, progress)?,
            Change::Endpoints { service, .. } => {
                let endpoints = &self.api.slice(service).endpoints;
                let ready = endpoints.iter().filter(|endpoint| endpoint.ready).count();
                let name = &self.model.service(service).name;
                (
                    Actor::EndpointSlice,
                    format!("lists {ready} ready of {} endpoints of service {name}", endpoints.len()),
                )
            }
            Change::Job(change) => return self.words_for_job(change),
            of_disruption => return self.words_for_disruption(of_disruption),
        })
    }

    /// Removed by force, it was told of when it was deleted, unless that was another's doing.
    fn words_for_force(&self, pod: PodId) -> Option<(Actor, String)> {
        let node = self.api.pods_slot(pod).node?;
        let is_out_of_service = self.api.node(node).out_of_service;
        let text = || format!("removes pod {}{}", self.pod_name(pod), self.on_node(pod));
        is_out_of_service.then(|| (Actor::PodGc, text()))
    }

    fn words_for_ready(&self, pod: PodId, ready: bool, by: ReadyBy) -> (Actor, String) {
        let state = if ready { "Ready" } else { "not Ready" };
        match by {
            ReadyBy::Kubelet => (Actor::Kubelet, format!("reports pod {} {state}", self.pod_name(pod))),
            ReadyBy::NodeController => {
                (Actor::NodeController, format!("marks pod {} {state}", self.pod_name(pod)))
            }
        }
    }

    fn words_for_node(&self, node: NodeId, is: NodeReady) -> (Actor, String) {
        let name = self.node_name(node);
        match is {
            NodeReady::True => (Actor::Kubelet, format!("reports node {name} Ready")),
            NodeReady::False => (Actor::Kubelet, format!("reports node {name} not Ready")),
            NodeReady::Unknown => (Actor::NodeController, format!("marks node {name} Unknown")),
        }
    }

    pub(super) fn words_for_taints(&self, node: NodeId) -> (Actor, String) {
        let (object, name) = (self.api.node(node), self.node_name(node));
        let taints = [
            (object.unschedulable, "unschedulable"),
            (object.no_schedule, "NoSchedule"),
            (object.no_execute, "NoExecute"),
        ];
        let effects: Vec<&str> = taints.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        let effects = if effects.is_empty() { String::from("none") } else { effects.join(", ") };
        (Actor::NodeController, format!("sets the taints of node {name}: {effects}"))
    }

    fn words_for_new_set(&self, set: SetId) -> Option<(Actor, String)> {
        let object = self.api.set(set);
        let of_deployment = matches!(self.model.workload(object.workload).kind, WorkloadKind::Deployment(_));
        let text = || format!("creates {} with {} replicas", self.set_name(set), object.replicas);
        of_deployment.then(|| (Actor::Deployment, text()))
    }

    fn words_for_progress(&self, workload: WorkloadId, progress: Progress) -> Option<(Actor, String)> {
        let name = self.workload_name(workload);
        let text = match progress {
            Progress::Updating => return None,
            Progress::Complete => format!("finds the rollout of {name} complete"),
            Progress::DeadlineExceeded => format!("finds that the rollout of {name} makes no progress"),
        };
        Some((Actor::Deployment, text))
    }

    /// Of a volume's way only the ends: and where it waits for a node to unmount it, that it does.
    fn words_for_volume(&self, claim: ClaimId) -> Option<(Actor, String)> {
        let object = self.api.claim(claim);
        let volume = names::claim(self.model, object);
        Some(match object.attachment {
            Attachment::Attached(node) if object.in_use == Some(node) => {
                (Actor::AttachDetach, format!("has {volume} attached to node {}", self.node_name(node)))
            }
            Attachment::Attached(node) => {
                (Actor::Kubelet, format!("has unmounted {volume} on node {}", self.node_name(node)))
            }
            Attachment::Detaching(node) if object.in_use == Some(node) => (
                Actor::AttachDetach,
                format!("detaches {volume} from node {} by force", self.node_name(node)),
            ),
            Attachment::Detached | Attachment::Attaching(_) | Attachment::Detaching(_) => return None,
        })
    }

    fn owner_actor(&self, pod: PodId) -> Actor {
        match self.model.workload(self.api.pods_slot(pod).workload).kind {
            WorkloadKind::ReplicationController => Actor::ReplicationController,
            WorkloadKind::StatefulSet(_) => Actor::StatefulSet,
            WorkloadKind::DaemonSet(_) => Actor::DaemonSet,
            WorkloadKind::Job(_) | WorkloadKind::CronJob(_) => Actor::Job,
            WorkloadKind::Pod => Actor::User,
            WorkloadKind::Deployment(_) | WorkloadKind::ReplicaSet => Actor::ReplicaSet,
        }
    }

    /// Only where the name does not say it and there has been more than one.
    fn of_revision(&self, pod: PodId) -> String {
        let pod = self.api.pods_slot(pod);
        let latest = match self.model.workload(pod.workload).kind {
            WorkloadKind::StatefulSet(_) => {
                self.api.stateful_set(pod.workload).map(|set| set.update_revision)
            }
            WorkloadKind::DaemonSet(_) => self.api.daemon_set(pod.workload).map(|set| set.revision),
            _ => None,
        };
        if latest > Some(1) { format!(" of revision {}", pod.revision) } else { String::new() }
    }

    pub(super) fn on_node(&self, pod: PodId) -> String {
        self.api
            .pods_slot(pod)
            .node
            .map_or(String::new(), |node| format!(" on node {}", self.node_name(node)))
    }

    pub(super) fn pod_name(&self, pod: PodId) -> String {
        let object = self.api.pods_slot(pod);
        match object.owner {
            Owner::Job { job, .. } => names::job_pod(self.model, self.api.job(job), object),
            _ => names::pod(self.model, object),
        }
    }

    fn set_name(&self, set: SetId) -> String {
        format!("ReplicaSet {}", names::set(self.model, self.api.set(set)))
    }

    pub(super) fn workload_name(&self, workload: WorkloadId) -> String {
        let spec = self.model.workload(workload);
        format!("{} {}", spec.kind.name(), spec.name)
    }

    pub(super) fn node_name(&self, node: NodeId) -> &str {
        &self.model.scenario().cluster.nodes[node.index()].name
    }

    pub(super) fn cause_name(&self, cause: Option<Cause>) -> String {
        cause.map_or("no fault".to_owned(), |cause| self.model.scenario().name_of(cause))
    }
}
