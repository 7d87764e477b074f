//! The only place where API objects change.

use super::*;
use crate::controllers::progress::Counters;
use crate::ids::TemplateId;
use crate::model::Model;
use crate::spec::WorkloadKind;
use crate::time::Span;

impl Api {
    /// Applies a request and says what is different; a request that changes nothing says nothing.
    ///
    /// Requests about pods that are gone are dropped, as the API server answers them with 404.
    pub fn commit(&mut self, model: &Model, now: Instant, request: Request, changes: &mut Vec<Change>) {
        match request {
            Request::CreatePod { set, uid } => self.create_pod_of(set, uid, now, changes),
            Request::CreateBarePod { workload, uid } => {
                let template = model.scenario().workloads[workload.index()].template;
                let pod = self.create_pod(workload, None, template, 0, uid, now);
                self.bare_pods[workload.index()] = Some(pod);
                changes.push(Change::PodCreated(pod));
            }
            Request::Bind(pod, node) => self.bind(model, now, pod, node, changes),
            Request::Delete { pod, grace, why } => self.delete(model, pod, grace, why, now, changes),
            Request::Remove(pod) => self.remove(model, pod, changes),
            Request::SetPodReady { pod, ready, by } => {
                self.set_pod_ready(model, pod, ready, by, now, changes);
            }
            Request::SetPodPhase(pod, phase) => self.set_pod_phase(model, pod, phase, changes),
            Request::CountRestart(pod) => {
                if self.pod(pod).is_some() {
                    self.pods[pod.index()].restarts += 1;
                    changes.push(Change::PodRestarted(pod));
                }
            }
            Request::SetNodeReady(node, _) | Request::SetNodeTaints { node, .. }
                if !self.nodes[node.index()].exists => {}
            Request::SetNodeReady(node, ready) => {
                let was = std::mem::replace(&mut self.nodes[node.index()].ready, ready);
                if was != ready {
                    changes.push(Change::NodeReady { node, was, is: ready });
                }
            }
            Request::SetNodeTaints { node, no_schedule, no_execute } => {
                let object = &mut self.nodes[node.index()];
                if (object.no_schedule, object.no_execute) != (no_schedule, no_execute) {
                    (object.no_schedule, object.no_execute) = (no_schedule, no_execute);
                    changes.push(Change::NodeTaints(node));
                }
            }
            Request::DeleteNode(node) => {
                if std::mem::replace(&mut self.nodes[node.index()].exists, false) {
                    changes.push(Change::NodeDeleted(node));
                }
            }
            Request::RegisterNode(node) => self.register_node(node, changes),
            Request::CreateSet { workload, revision, replicas, desired, max } => {
                let set = self.create_set(model, workload, revision, replicas, now);
                self.annotate(set, desired, max);
                changes.push(Change::SetCreated(set));
            }
            Request::ScaleSet(set, replicas) => {
                let before = std::mem::replace(&mut self.sets[set.index()].replicas, replicas);
                if before != replicas {
                    changes.push(Change::SetScaled(set, before));
                }
            }
            Request::AnnotateSet { set, desired, max } => self.annotate(set, desired, max),
            Request::DeleteSet(set) => self.delete_set(set, changes),
            Request::CreateDeployment(workload) => self.create_deployment(model, workload, now, changes),
            Request::Rollout(workload) => {
                if let Some(deployment) = &mut self.deployments[workload.index()] {
                    deployment.revision += 1;
                    changes.push(Change::DeploymentSpec(workload));
                }
            }
            Request::Scale(workload, replicas) => self.scale(workload, replicas, changes),
            Request::SetDeploymentStatus { workload, status, progress, touch } => {
                self.set_deployment_status(workload, status, progress, touch, now, changes);
            }
            Request::SyncEndpoints(service) => self.sync_endpoints(model, service, changes),
            of_disruption => self.commit_disruption(model, now, of_disruption, changes),
        }
    }

    /// Gives the slot of a removed pod back, once nothing refers to it any more.
    pub fn recycle(&mut self, pod: PodId) {
        let slot = &self.pods[pod.index()];
        debug_assert!(slot.id == pod && !slot.exists, "only the slot of a removed pod is given back");
        self.free_pods.push(pod.slot);
    }

    fn create_pod_of(&mut self, set: SetId, uid: u64, now: Instant, changes: &mut Vec<Change>) {
        let owner = &self.sets[set.index()];
        let (workload, template, revision) = (owner.workload, owner.template, owner.revision);
        let pod = self.create_pod(workload, Some(set), template, revision, uid, now);
        let owner = &mut self.sets[set.index()];
        owner.pods.push(pod);
        owner.active += 1;
        changes.push(Change::PodCreated(pod));
    }

    fn create_pod(
        &mut self,
        workload: WorkloadId,
        owner: Option<SetId>,
        template: TemplateId,
        revision: u32,
        uid: u64,
        now: Instant,
    ) -> PodId {
        let id = match self.free_pods.pop() {
            Some(slot) => PodId { slot, generation: self.pods[slot as usize].id.generation + 1 },
            None => PodId { slot: self.pods.len() as u32, generation: 0 },
        };
        let ordinal = self.pods_created[workload.index()];
        self.pods_created[workload.index()] += 1;
        let pod = Pod {
            id,
            exists: true,
            workload,
            owner,
            template,
            revision,
            ordinal,
            uid,
            created: now,
            node: None,
            nominated: None,
            started: now,
            phase: PodPhase::Pending,
            ready: false,
            ready_since: now,
            restarts: 0,
            deletion: None,
            deleted_for: None,
        };
        match self.pods.get_mut(id.index()) {
            Some(slot) => *slot = pod,
            None => self.pods.push(pod),
        }
        id
    }

    fn bind(&mut self, model: &Model, now: Instant, pod: PodId, node: NodeId, changes: &mut Vec<Change>) {
        if self.pod(pod).is_none_or(|pod| pod.deletion.is_some()) {
            return;
        }
        let object = &mut self.pods[pod.index()];
        (object.node, object.started) = (Some(node), now);
        self.nodes[node.index()].pods.push(pod);
        self.mark_stale(model, pod);
        changes.push(Change::PodBound(pod, node));
    }

    pub(super) fn delete(
        &mut self,
        model: &Model,
        id: PodId,
        grace: Option<Span>,
        why: Deletion,
        now: Instant,
        changes: &mut Vec<Change>,
    ) {
        let Some(pod) = self.pod(id) else { return };
        let grace = grace.unwrap_or(model.template(pod.template).termination_grace);
        let deadline = now + grace;
        let first = pod.deletion.is_none();
        if first {
            self.uncount(id);
        }
        let pod = &mut self.pods[id.index()];
        pod.deleted_for.get_or_insert(why);
        // A later deletion can only shorten the grace period.
        pod.deletion = Some(pod.deletion.map_or(deadline, |earlier| earlier.min(deadline)));
        let unconfirmed = pod.node.is_none() || pod.is_terminal() || grace == Span::ZERO;
        if first {
            self.mark_stale(model, id);
            changes.push(Change::PodDeleting(id, why));
        }
        if unconfirmed {
            self.remove(model, id, changes);
        }
    }

    fn remove(&mut self, model: &Model, id: PodId, changes: &mut Vec<Change>) {
        let Some(pod) = self.pod(id) else { return };
        let (owner, node, workload) = (pod.owner, pod.node, pod.workload);
        self.uncount(id);
        match owner {
            Some(set) => self.sets[set.index()].pods.retain(|other| *other != id),
            None => self.bare_pods[workload.index()] = None,
        }
        if let Some(node) = node {
            self.nodes[node.index()].pods.retain(|other| *other != id);
        }
        self.pods[id.index()].exists = false;
        self.mark_stale(model, id);
        changes.push(Change::PodRemoved(id));
    }

    /// Takes a pod out of its set's counters, if it still counts.
    fn uncount(&mut self, id: PodId) {
        let pod = &self.pods[id.index()];
        if !pod.is_active() {
            return;
        }
        if let Some(set) = pod.owner {
            let set = &mut self.sets[set.index()];
            set.active -= 1;
            set.ready -= u32::from(pod.ready);
        }
    }

    fn set_pod_ready(
        &mut self,
        model: &Model,
        id: PodId,
        ready: bool,
        by: ReadyBy,
        now: Instant,
        changes: &mut Vec<Change>,
    ) {
        if self.pod(id).is_none_or(|pod| pod.ready == ready) {
            return;
        }
        let pod = &mut self.pods[id.index()];
        (pod.ready, pod.ready_since) = (ready, now);
        if let (Some(set), true) = (pod.owner, pod.is_active()) {
            let count = &mut self.sets[set.index()].ready;
            *count = if ready { *count + 1 } else { *count - 1 };
        }
        self.mark_stale(model, id);
        changes.push(Change::PodReady(id, ready, by));
    }

    fn set_pod_phase(&mut self, model: &Model, id: PodId, phase: PodPhase, changes: &mut Vec<Change>) {
        if self.pod(id).is_none_or(|pod| pod.phase == phase) {
            return;
        }
        if matches!(phase, PodPhase::Succeeded | PodPhase::Failed) {
            self.uncount(id);
        }
        self.pods[id.index()].phase = phase;
        self.mark_stale(model, id);
        changes.push(Change::PodPhase(id, phase));
    }

    /// The object is new: it has no taints but the one for not being ready.
    fn register_node(&mut self, node: NodeId, changes: &mut Vec<Change>) {
        let object = &mut self.nodes[node.index()];
        if !std::mem::replace(&mut object.exists, true) {
            (object.ready, object.unschedulable) = (NodeReady::False, false);
            (object.no_schedule, object.no_execute) = (true, false);
            changes.push(Change::NodeRegistered(node));
        }
    }

    fn create_set(
        &mut self,
        model: &Model,
        workload: WorkloadId,
        revision: u32,
        replicas: u32,
        now: Instant,
    ) -> SetId {
        let id = self.free_sets.pop().unwrap_or_else(|| SetId::from(self.sets.len()));
        let spec = &model.scenario().workloads[workload.index()];
        let set = ReplicaSet {
            id,
            exists: true,
            workload,
            template: spec.template,
            revision,
            created: now,
            replicas,
            min_ready: spec.min_ready,
            desired_annotation: 0,
            max_annotation: 0,
            pods: Vec::new(),
            active: 0,
            ready: 0,
        };
        match self.sets.get_mut(id.index()) {
            Some(slot) => *slot = set,
            None => self.sets.push(set),
        }
        self.sets_of[workload.index()].push(id);
        id
    }

    fn annotate(&mut self, set: SetId, desired: u32, max: u32) {
        let set = &mut self.sets[set.index()];
        (set.desired_annotation, set.max_annotation) = (desired, max);
    }

    fn delete_set(&mut self, id: SetId, changes: &mut Vec<Change>) {
        let set = &mut self.sets[id.index()];
        debug_assert!(set.exists && set.pods.is_empty(), "only empty sets are deleted");
        set.exists = false;
        self.sets_of[set.workload.index()].retain(|other| *other != id);
        self.free_sets.push(id);
        changes.push(Change::SetDeleted(id));
    }

    fn create_deployment(
        &mut self,
        model: &Model,
        workload: WorkloadId,
        now: Instant,
        changes: &mut Vec<Change>,
    ) {
        let spec = &model.scenario().workloads[workload.index()];
        let WorkloadKind::Deployment(deployment) = &spec.kind else {
            unreachable!("a Deployment is created for a workload that is one")
        };
        self.deployments[workload.index()] = Some(Deployment {
            replicas: spec.replicas,
            paused: deployment.paused,
            revision: 1,
            progress: Progress::Updating,
            progressed_at: now,
            status: Counters::default(),
        });
        changes.push(Change::DeploymentSpec(workload));
    }

    fn scale(&mut self, workload: WorkloadId, replicas: u32, changes: &mut Vec<Change>) {
        if let Some(deployment) = &mut self.deployments[workload.index()] {
            deployment.replicas = replicas;
            changes.push(Change::DeploymentSpec(workload));
        } else if let Some(set) = self.sets_of[workload.index()].first().copied() {
            let before = std::mem::replace(&mut self.sets[set.index()].replicas, replicas);
            changes.push(Change::SetScaled(set, before));
        }
    }

    fn set_deployment_status(
        &mut self,
        workload: WorkloadId,
        status: Counters,
        progress: Progress,
        touch: bool,
        now: Instant,
        changes: &mut Vec<Change>,
    ) {
        let Some(deployment) = &mut self.deployments[workload.index()] else { return };
        deployment.status = status;
        if touch {
            deployment.progressed_at = now;
        }
        if deployment.progress != progress {
            deployment.progress = progress;
            changes.push(Change::DeploymentProgress(workload, progress));
        }
    }

    /// Writes the endpoints of the pods that changed: those of all others would come out as they are.
    fn sync_endpoints(&mut self, model: &Model, service: ServiceId, changes: &mut Vec<Change>) {
        let publish = model.service(service).publish_not_ready;
        let mut stale = std::mem::take(&mut self.stale[service.index()]);
        let (mut changed, mut usable) = (false, false);
        for pod in stale.drain(..) {
            let endpoint = self.endpoint(pod, publish);
            let before = self.slices[service.index()].write(pod, endpoint);
            changed |= before != endpoint;
            usable |= before != endpoint
                && (before.is_some_and(|e| e.may_be_sent_to())
                    || endpoint.is_some_and(|e| e.may_be_sent_to()));
        }
        self.stale[service.index()] = stale;
        if changed {
            changes.push(Change::Endpoints { service, usable });
        }
    }

    fn mark_stale(&mut self, model: &Model, pod: PodId) {
        for service in model.services_of(self.pods[pod.index()].template) {
            let stale = &mut self.stale[service.index()];
            if stale.last() != Some(&pod) {
                stale.push(pod);
            }
        }
    }

    /// `ShouldPodBeInEndpoints`: staging/src/k8s.io/endpointslice/util/controller_utils.go.
    fn endpoint(&self, pod: PodId, publish_not_ready: bool) -> Option<Endpoint> {
        let pod = self.pod(pod)?;
        let included = pod.node.is_some() && !pod.is_terminal();
        included.then(|| Endpoint::new(pod.id, pod.ready, pod.deletion.is_some(), publish_not_ready))
    }
}
